"""Finding organisations by the names people know them under."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from webapp.extensions import db
from webapp.folding import fold
from webapp.models.organisations import Organisation, OrganisationAlias
from webapp.models.search import SearchKind
from webapp.queries.search import matching_ids

SUGGESTED = 8


def find_organisation(name: str) -> Organisation | None:
    """The organisation known by exactly this name or alias, case and accents aside; merged ones lead on."""
    folded = fold(name)
    if not folded:
        return None
    found = db.session.scalars(select(Organisation).where(Organisation.name_folded == folded)).one_or_none()
    if found is None:
        by_alias = select(OrganisationAlias).where(OrganisationAlias.name_folded == folded)
        aliases = db.session.scalars(by_alias.options(joinedload(OrganisationAlias.organisation)).limit(2)).all()
        # An alias that two organisations share decides nothing.
        found = aliases[0].organisation if len(aliases) == 1 else None
    if found is not None and found.merged_into_id is not None:
        return db.session.get(Organisation, found.merged_into_id)
    return found


def suggest_organisations(text: str) -> list[Organisation]:
    """Up to 8 organisations that have a word beginning with each word typed, by name."""
    ids = matching_ids(SearchKind.ORGANISATION, 0, text)
    if ids is None or not ids:
        return []
    statement = select(Organisation).where(Organisation.id.in_(ids), Organisation.merged_into_id.is_(None))
    return list(db.session.scalars(statement.order_by(Organisation.name_folded).limit(SUGGESTED)))
