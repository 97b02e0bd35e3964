"""Reading programmes and their themes."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, literal, select, true, union_all
from sqlalchemy.orm import joinedload, selectinload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.folding import fold
from webapp.models.agenda import session_themes
from webapp.models.areas import AreaStrand
from webapp.models.communities import Community
from webapp.models.drafts import draft_session_themes
from webapp.models.events import Admission, Event, event_themes
from webapp.models.library import resource_themes
from webapp.models.programmes import Programme, ProgrammePart, Theme
from webapp.models.publications import article_themes
from webapp.models.topics import Topic

NEAREST = 100
# All that refers to themes, in words.
THEME_HOLDERS: tuple[tuple[str, ColumnElement[int | None]], ...] = (
    ("organisations that play a part", ProgrammePart.__table__.c.theme_id),
    ("areas", AreaStrand.__table__.c.theme_id),
    ("communities", Community.__table__.c.theme_id),
    ("topics of communities", Topic.__table__.c.theme_id),
    ("events", event_themes.c.theme_id),
    ("sessions", session_themes.c.theme_id),
    ("sessions", draft_session_themes.c.theme_id),
    ("resources", resource_themes.c.theme_id),
    ("articles", article_themes.c.theme_id),
)


def programmes() -> list[Programme]:
    """All programmes by name."""
    return _by_name(select(Programme))


def programmes_with_themes() -> list[Programme]:
    """All programmes by name, each with its themes in order."""
    return _by_name(select(Programme).options(selectinload(Programme.themes)))


def _by_name(statement: Select[Programme]) -> list[Programme]:
    # Databases collate differently; programmes are few.
    return sorted(db.session.scalars(statement), key=lambda row: (fold(row.name), row.id))


def themes_of(programme_id: int) -> list[Theme]:
    """The themes of a programme in their order."""
    statement = select(Theme).where(Theme.programme_id == programme_id)
    return list(db.session.scalars(statement.order_by(Theme.position, Theme.id)))


def get_theme_of(programme_id: int, public_id: str) -> Theme:
    """The theme of a programme; raises NotFound."""
    statement = select(Theme).where(Theme.programme_id == programme_id, Theme.public_id == public_id)
    theme = db.session.scalars(statement).one_or_none()
    if theme is None:
        raise NotFound
    return theme


def lock_theme(theme_id: int) -> Theme:
    """The theme as it is now, locked until the unit ends; raises NotFound."""
    statement = select(Theme).where(Theme.id == theme_id).with_for_update()
    theme = db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if theme is None:
        raise NotFound
    return theme


def areas_tell_of(theme_id: int) -> bool:
    """Whether an area says something of its work by a theme."""
    return db.session.scalar(select(AreaStrand.id).where(AreaStrand.theme_id == theme_id).limit(1)) is not None


def what_holds_theme(theme_id: int) -> list[str]:
    """What refers to a theme, in words, so that it cannot be removed."""
    # What is planned and what is released of an agenda are both sessions to people.
    found = [
        name
        for name, column in THEME_HOLDERS
        if db.session.scalar(select(column).where(column == theme_id).limit(1)) is not None
    ]
    return list(dict.fromkeys(found))


def get_programme(public_id: str) -> Programme:
    """The programme with its themes and the parts that organisations play; raises NotFound."""
    statement = (
        select(Programme)
        .where(Programme.public_id == public_id)
        .options(
            selectinload(Programme.themes),
            selectinload(Programme.parts).options(
                joinedload(ProgrammePart.organisation), joinedload(ProgrammePart.theme)
            ),
        )
    )
    programme = db.session.scalars(statement).one_or_none()
    if programme is None:
        raise NotFound
    return programme


def themes_with_events(programme_id: int, *, now: datetime) -> dict[bool, set[int]]:
    """The ids of themes that events of a programme are about: under True those to come, under False past ones.

    Of the listed events the nearest 100 on either side of `now` are looked at.
    """
    listed = select(Event.id, Event.ends_at).where(Event.programme_id == programme_id, Event.listed == true())
    coming = listed.where(Event.ends_at > now).order_by(Event.ends_at, Event.id).limit(NEAREST).subquery()
    past = listed.where(Event.ends_at <= now).order_by(Event.ends_at.desc(), Event.id.desc()).limit(NEAREST).subquery()
    of_themes = [
        select(literal(is_to_come), event_themes.c.theme_id)
        .join(events, events.c.id == event_themes.c.event_id)
        .distinct()
        for is_to_come, events in ((1, coming), (0, past))
    ]
    found = list(db.session.execute(union_all(*of_themes)))
    return {wanted: {theme_id for is_to_come, theme_id in found if is_to_come == wanted} for wanted in (True, False)}


def parts_of(programme_id: int) -> list[ProgrammePart]:
    """The parts that organisations play in a programme, in the order in which they were added."""
    statement = select(ProgrammePart).where(ProgrammePart.programme_id == programme_id)
    statement = statement.options(joinedload(ProgrammePart.organisation), joinedload(ProgrammePart.theme))
    return list(db.session.scalars(statement.order_by(ProgrammePart.id)))


def get_email_domains(programme_id: int) -> list[str]:
    """The domains whose addresses count as the programme's own; the id must be of a row that exists."""
    return db.session.execute(select(Programme.email_domains).where(Programme.id == programme_id)).scalar_one()


def lock_programme(programme_id: int) -> Programme:
    """The programme as it is now, locked until the unit ends; the id must be of a row that exists."""
    statement = select(Programme).where(Programme.id == programme_id).with_for_update()
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


def count_events_admitting_by_programme(programme_id: int) -> int:
    """How many events of the programme let those register who belong to it."""
    statement = select(func.count()).where(Event.programme_id == programme_id, Event.admission == Admission.PROGRAMME)
    return db.session.scalar(statement) or 0
