"""What stands beside a topic as its page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_login import current_user

from webapp.blueprints.search.results import Result, shown
from webapp.models.topics import Topic
from webapp.queries import related
from webapp.queries.related import Like


@dataclass(frozen=True)
class Beside:
    """Topics like one, and passages of articles and transcripts on its theme."""

    topics: Sequence[Like] = ()
    elsewhere: Sequence[Result] = ()


def beside(topic: Topic) -> Beside:
    """What else there is for who reads this topic."""
    hits = related.passages_beside(topic, viewer=current_user)
    question = related.like(topic.title)
    return Beside(related.related_topics(topic, viewer=current_user), [shown(hit, question) for hit in hits])
