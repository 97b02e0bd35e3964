"""Reading programmes and their themes."""

from datetime import datetime

from sqlalchemy import Select, select, true
from sqlalchemy.orm import joinedload, selectinload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.folding import fold
from webapp.models.events import Event, event_themes
from webapp.models.programmes import Programme, ProgrammePart


def programmes() -> list[Programme]:
    """All programmes by name."""
    return _by_name(select(Programme))


def programmes_with_themes() -> list[Programme]:
    """All programmes by name, each with its themes in order."""
    return _by_name(select(Programme).options(selectinload(Programme.themes)))


def _by_name(statement: Select[Programme]) -> list[Programme]:
    # Databases collate differently; programmes are few.
    return sorted(db.session.scalars(statement), key=lambda row: (fold(row.name), row.id))


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
    """The ids of a programme's themes that listed events are about: under True those to come, under False past ones."""
    to_come = (Event.ends_at > now).label("to_come")
    statement = (
        select(to_come, event_themes.c.theme_id)
        .join(Event, Event.id == event_themes.c.event_id)
        .where(Event.programme_id == programme_id, Event.listed == true())
        .distinct()
    )
    found = [(bool(is_to_come), theme_id) for is_to_come, theme_id in db.session.execute(statement)]
    return {wanted: {theme_id for is_to_come, theme_id in found if is_to_come is wanted} for wanted in (True, False)}
