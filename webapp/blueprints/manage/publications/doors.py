"""What the doors of publications share: the thing that an address names, for who looks after it."""

from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.blueprints.addresses import Ref
from webapp.models.publications import Article, Issue, Publication
from webapp.queries import publications as queries

Answer = str | Response | tuple[str, int]


def managed(ref: Ref) -> Publication:
    """The publication; raises NotFound for who does not look after it."""
    return queries.get_managed_publication(ref.public_id, viewer=current_user)


def managed_issue(ref: Ref) -> Issue:
    """The issue, in the same way."""
    return queries.get_managed_issue(ref.public_id, viewer=current_user)


def managed_article(ref: Ref) -> Article:
    """The article with all that belongs to it, in the same way."""
    return queries.get_managed_article(ref.public_id, viewer=current_user)


def in_review_again(before: Article) -> str:
    """What to say besides once an article is saved, which was read before that, if it has to be checked anew."""
    stands = queries.get_managed_article(before.public_id, viewer=current_user)
    if before.state is stands.state:
        return ""
    return " The article had been approved before this change, so it is in review again."


def holder() -> str:
    """Whose a picture is that waits for the rest of its form."""
    return f"person {current_user.id}"
