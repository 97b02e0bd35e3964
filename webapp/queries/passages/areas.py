"""What passages of areas there are to be: of each one, with its local model strand by strand.

Whom to ask is not found by the search, and of documents only the titles of those that everybody may have.
"""

from collections.abc import Collection, Iterator

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from webapp.extensions import db
from webapp.models.areas import Area, AreaPartner, AreaReach, AreaStrand
from webapp.models.organisations import Organisation
from webapp.models.passages import PassageKind
from webapp.queries.batches import batched
from webapp.queries.passages.building import Entry
from webapp.searching import joined, plain


def entries_of_areas(ids: Collection[int]) -> list[Entry]:
    """What is to be found of the areas with these ids; nothing of those that are no more."""
    statement = select(Area).options(
        joinedload(Area.wave),
        joinedload(Area.organisation).selectinload(Organisation.aliases),
        selectinload(Area.partners).joinedload(AreaPartner.organisation),
        selectinload(Area.strands).joinedload(AreaStrand.theme),
        selectinload(Area.documents),
    )
    return [
        _area(one)
        for some in batched(sorted(ids))
        for one in db.session.scalars(statement.where(Area.id.in_(some)).order_by(Area.id))
    ]


def _area(area: Area) -> Entry:
    strands = sorted(area.strands, key=lambda one: (one.theme.position, one.theme_id))
    partners = "; ".join(one.organisation.name for one in area.partners)
    return Entry(
        kind=PassageKind.AREA,
        source_id=area.id,
        thing_id=area.id,
        public_id=area.public_id,
        slug=area.slug,
        # The same place may be in two waves.
        title=f"{area.name}, {area.wave.name}",
        text=joined(area.summary, *(text for one in strands for text in _said(one)), plain(area.conditions), partners),
        also=joined(*_names(area)),
        programme_id=area.programme_id,
        day=area.updated_at.date(),
        themes=frozenset(one.theme_id for one in strands),
    )


def _said(strand: AreaStrand) -> Iterator[str]:
    yield strand.theme.name
    yield plain(strand.model)
    yield from strand.features
    yield from strand.challenges


def _names(area: Area) -> Iterator[str]:
    if area.organisation is not None:
        yield area.organisation.name
        yield from (alias.name for alias in area.organisation.aliases)
    yield from (one.title for one in area.documents if one.reach is AreaReach.PUBLIC)
