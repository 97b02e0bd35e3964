"""Reading programmes and their themes."""

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.folding import fold
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
