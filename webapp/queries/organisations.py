"""Finding organisations by the names people know them under."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from webapp.extensions import db
from webapp.folding import fold
from webapp.models.organisations import Organisation, OrganisationAlias, Sector
from webapp.models.search import SearchKind
from webapp.queries.batches import batched
from webapp.queries.direct import Direct
from webapp.queries.search import matching_ids

SUGGESTED = 8


@dataclass(frozen=True)
class Known:
    """An organisation on the list, as far as a registration writes it down."""

    id: int
    name: str


_Present = aliased(Organisation)
_LED_ON = (func.coalesce(_Present.id, Organisation.id), func.coalesce(_Present.name, Organisation.name))
_BY_NAME = Direct(
    select(*_LED_ON)
    .select_from(Organisation)
    .outerjoin(_Present, _Present.id == Organisation.merged_into_id)
    .where(Organisation.name_folded == bindparam("name"))
)
_BY_ALIAS = Direct(
    select(*_LED_ON)
    .select_from(OrganisationAlias)
    .join(OrganisationAlias.organisation)
    .outerjoin(_Present, _Present.id == Organisation.merged_into_id)
    .where(OrganisationAlias.name_folded == bindparam("name"))
    .limit(2)
)


def find_organisation(name: str) -> Known | None:
    """The organisation known by exactly this name or alias, case and accents aside; merged ones lead on."""
    folded = fold(name)
    if not folded:
        return None
    rows = _BY_NAME.rows(name=folded) or _BY_ALIAS.rows(name=folded)
    # An alias that two organisations share decides nothing.
    return Known(*rows[0]) if len(rows) == 1 else None


@dataclass(frozen=True)
class Listed(Known):
    """The same with the sector that it belongs to."""

    sector: Sector


def organisations_by_name(names: Iterable[str]) -> dict[str, Listed]:
    """What find_organisation finds for each of many names, by the folded name; unknown names are left out."""
    folded = sorted({plain for name in names if (plain := fold(name))})
    led_on = (*_LED_ON, func.coalesce(_Present.sector, Organisation.sector))
    joined = select(*led_on).select_from(Organisation).outerjoin(_Present, _Present.id == Organisation.merged_into_id)
    by_name = joined.add_columns(Organisation.name_folded)
    by_alias = joined.join(OrganisationAlias, OrganisationAlias.organisation_id == Organisation.id)
    by_alias = by_alias.add_columns(OrganisationAlias.name_folded)
    found: dict[str, Listed] = {}
    shared: dict[str, set[Listed]] = defaultdict(set)
    for some in batched(folded):
        for *known, plain in db.session.execute(by_name.where(Organisation.name_folded.in_(some))):
            found[plain] = Listed(*known)
        for *known, plain in db.session.execute(by_alias.where(OrganisationAlias.name_folded.in_(some))):
            shared[plain] |= {Listed(*known)}
    # An alias that two organisations share decides nothing.
    return {plain: next(iter(those)) for plain, those in shared.items() if len(those) == 1} | found


def suggest_organisations(text: str) -> list[Organisation]:
    """Up to 8 organisations that have a word beginning with each word typed, by name."""
    ids = matching_ids(SearchKind.ORGANISATION, 0, text)
    if ids is None or not ids:
        return []
    statement = select(Organisation).where(Organisation.id.in_(ids), Organisation.merged_into_id.is_(None))
    return list(db.session.scalars(statement.order_by(Organisation.name_folded).limit(SUGGESTED)))
