"""Reading areas: their profiles, what they share, how a profile came to say what it does, and who leads them."""

from collections.abc import Sequence

from sqlalchemy import func, select, true
from sqlalchemy.orm import joinedload, selectinload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.accounts import Person
from webapp.models.agenda import Contribution, Session
from webapp.models.areas import Area, AreaDocument, AreaPartner, AreaStrand, AreaVersion
from webapp.models.belonging import MemberRole
from webapp.models.events import Event
from webapp.models.memberships import Membership
from webapp.models.programmes import Theme
from webapp.queries.paging import Page, nearest
from webapp.queries.programmes import themes_of

MOST_EVENTS = 20
CHANGES_ON_PAGE = 20
# No database has a larger number to compare.
_MOST_VERSIONS = 2**31 - 1


def get_area(public_id: str) -> Area:
    """The area with all that its profile says; raises NotFound."""
    statement = (
        select(Area)
        .where(Area.public_id == public_id)
        .options(
            joinedload(Area.programme),
            joinedload(Area.wave),
            joinedload(Area.organisation),
            selectinload(Area.partners).joinedload(AreaPartner.organisation),
            selectinload(Area.strands).joinedload(AreaStrand.theme),
            selectinload(Area.contacts),
            selectinload(Area.documents).joinedload(AreaDocument.file),
        )
    )
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def lock_area(area_id: int) -> Area:
    """The area as it is now with its strands, contacts and documents, locked; the id must be of a row that exists."""
    statement = select(Area).where(Area.id == area_id).with_for_update(of=Area)
    loaded = statement.options(
        selectinload(Area.strands).joinedload(AreaStrand.theme),
        selectinload(Area.contacts),
        selectinload(Area.documents),
    )
    return db.session.scalars(loaded.execution_options(populate_existing=True)).one()


def get_document(area_id: int, public_id: str) -> AreaDocument:
    """A document of the area, with its file, whomever it is for; raises NotFound."""
    statement = select(AreaDocument).where(AreaDocument.area_id == area_id, AreaDocument.public_id == public_id)
    found = db.session.scalars(statement.options(joinedload(AreaDocument.file))).one_or_none()
    if found is None:
        raise NotFound
    return found


def strands_of(programme_id: int) -> list[Theme]:
    """The strands or practice models of a programme in their order: what its areas tell their local models by."""
    return [theme for theme in themes_of(programme_id) if theme.kind.is_strand]


def events_with(organisation_id: int, *, programme_id: int) -> list[Event]:
    """The listed events of a programme in whose sessions the organisation took part, latest first, up to 20."""
    took_part = (
        select(Session.event_id)
        .join(Contribution, Contribution.session_id == Session.id)
        .where(Contribution.organisation_id == organisation_id)
    )
    statement = select(Event).where(Event.id.in_(took_part), Event.programme_id == programme_id, Event.listed == true())
    return list(db.session.scalars(statement.order_by(Event.starts_on.desc(), Event.id.desc()).limit(MOST_EVENTS)))


def leads_of(area_id: int) -> list[Person]:
    """Those who lead the area, in the order in which they came."""
    statement = (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.area_id == area_id, Membership.role == MemberRole.LEAD, Membership.ended_at.is_(None))
        .order_by(Membership.joined_at, Membership.id)
    )
    return list(db.session.scalars(statement))


def find_versions(area_id: int, *, page: int) -> Page[AreaVersion]:
    """The changes of a profile, latest first, 20 a page, each with who made it."""
    total = db.session.scalar(select(func.count()).where(AreaVersion.area_id == area_id)) or 0
    number = nearest(page, total, CHANGES_ON_PAGE)
    statement = select(AreaVersion).where(AreaVersion.area_id == area_id).options(joinedload(AreaVersion.changed_by))
    ordered = statement.order_by(AreaVersion.number.desc(), AreaVersion.id.desc())
    rows = db.session.scalars(ordered.offset((number - 1) * CHANGES_ON_PAGE).limit(CHANGES_ON_PAGE)).all()
    return Page(rows, number, CHANGES_ON_PAGE, total)


def versions_since(area_id: int, number: int) -> Sequence[AreaVersion]:
    """The changes of a profile from the version with this number on, latest first, each with who made it."""
    statement = select(AreaVersion).where(AreaVersion.area_id == area_id, AreaVersion.number >= number)
    statement = statement.options(joinedload(AreaVersion.changed_by)).order_by(
        AreaVersion.number.desc(), AreaVersion.id.desc()
    )
    return db.session.scalars(statement).all()


def get_version(area_id: int, number: int) -> AreaVersion:
    """One change of a profile, with who made it; raises NotFound."""
    if number > _MOST_VERSIONS:
        raise NotFound
    statement = select(AreaVersion).where(AreaVersion.area_id == area_id, AreaVersion.number == number)
    found = db.session.scalars(statement.options(joinedload(AreaVersion.changed_by))).one_or_none()
    if found is None:
        raise NotFound
    return found
