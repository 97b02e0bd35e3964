"""What happens to organisations."""

from datetime import datetime

from webapp.extensions import db
from webapp.folding import clean_line, fold, slug
from webapp.models.organisations import Organisation, Sector
from webapp.queries import organisations as queries
from webapp.services.search import index_organisation


def find_or_make_organisation(name: str, *, now: datetime) -> int:
    """The id of the organisation known under this name; one that nobody knew is added, of no sector in particular."""
    known = queries.find_organisation(name)
    if known is not None:
        return known.id
    name = clean_line(name)
    row = Organisation(
        name=name, name_folded=fold(name), slug=slug(name), sector=Sector.OTHER, created_at=now, updated_at=now
    )
    db.session.add(row)
    db.session.flush()
    index_organisation(row)
    return row.id
