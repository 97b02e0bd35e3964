"""What happens to the list of organisations."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from webapp.extensions import db
from webapp.folding import clean_line, fold, slug
from webapp.models.organisations import Organisation, Sector
from webapp.queries.organisations import find_organisation
from webapp.services.search import index_organisation


def add_organisation(name: str, sector: Sector, *, now: datetime) -> int:
    """The id of the organisation of this name, put on the list unless it, or an alias like it, stands there."""
    known = find_organisation(name)
    if known is not None:
        return known.id
    row = Organisation(
        name=name, name_folded=fold(name)[:200], slug=slug(name), sector=sector, created_at=now, updated_at=now
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        known = find_organisation(name)
        if known is None:
            raise
        return known.id
    index_organisation(row)
    return row.id


def find_or_make_organisation(name: str, *, now: datetime) -> int:
    """The id of the organisation known under this name; one that nobody knew is added, of no sector in particular."""
    return add_organisation(clean_line(name), Sector.OTHER, now=now)
