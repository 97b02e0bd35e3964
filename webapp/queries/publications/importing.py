"""What the import of issues asks."""

from sqlalchemy import select

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.files import StoredFile
from webapp.models.publications import Issue, Publication


def get_publication_to_read_into(public_id: str) -> Publication:
    """The publication of this public id, for whoever runs the service; raises NotFound."""
    found = db.session.scalars(select(Publication).where(Publication.public_id == public_id)).one_or_none()
    if found is None:
        raise NotFound("No publication has this address.")
    return found


def find_read_from(publication_id: int, digest: str) -> Issue | None:
    """The first issue of a publication that was read from the document of this hash."""
    statement = select(Issue).join(StoredFile, Issue.source_id == StoredFile.id)
    statement = statement.where(Issue.publication_id == publication_id, StoredFile.digest == digest)
    return db.session.scalars(statement.order_by(Issue.id).limit(1)).one_or_none()
