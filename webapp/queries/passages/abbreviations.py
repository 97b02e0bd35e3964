"""Abbreviations of the field, as the search knows them."""

from sqlalchemy import select

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.passages import SearchAbbreviation
from webapp.searching import Abbreviation


def abbreviations() -> list[SearchAbbreviation]:
    """All abbreviations by their letters."""
    statement = select(SearchAbbreviation).order_by(
        SearchAbbreviation.short_folded, SearchAbbreviation.long_folded, SearchAbbreviation.id
    )
    return list(db.session.scalars(statement))


def known_abbreviations() -> list[Abbreviation]:
    """All abbreviations, as questions are read by them."""
    statement = select(SearchAbbreviation.short, SearchAbbreviation.long).order_by(SearchAbbreviation.id)
    return [Abbreviation(short, long) for short, long in db.session.execute(statement)]


def get_abbreviation(public_id: str) -> SearchAbbreviation:
    """The abbreviation; raises NotFound."""
    row = db.session.scalars(select(SearchAbbreviation).where(SearchAbbreviation.public_id == public_id)).one_or_none()
    if row is None:
        raise NotFound
    return row


def lock_abbreviation(abbreviation_id: int) -> SearchAbbreviation | None:
    """The abbreviation, locked until the unit ends; None when it was taken away."""
    statement = select(SearchAbbreviation).where(SearchAbbreviation.id == abbreviation_id)
    return db.session.scalars(statement.with_for_update().execution_options(populate_existing=True)).one_or_none()


def abbreviation_exists(short_folded: str, long_folded: str, *, but: int | None = None) -> bool:
    """Whether this is on the list already, in another row than the one with the id `but`."""
    statement = select(SearchAbbreviation.id).where(
        SearchAbbreviation.short_folded == short_folded, SearchAbbreviation.long_folded == long_folded
    )
    return db.session.scalar(statement) not in {None, but}
