"""Topics and posts: begun and answered, changed and taken away, published at once or held for a moderator."""

from webapp.services.topics.attaching import Enclosure, Enclosures
from webapp.services.topics.drafting import drop_draft, keep_draft
from webapp.services.topics.editing import edit
from webapp.services.topics.pacing import count_post
from webapp.services.topics.publishing import publish
from webapp.services.topics.reading import mark_read, read_everything, take_note
from webapp.services.topics.refusals import PostChanged, PostRefused, TopicClosed
from webapp.services.topics.taking_away import delete
from webapp.services.topics.writing import Start, Words, begin, reply

__all__ = [
    "Enclosure",
    "Enclosures",
    "PostChanged",
    "PostRefused",
    "Start",
    "TopicClosed",
    "Words",
    "begin",
    "count_post",
    "delete",
    "drop_draft",
    "edit",
    "keep_draft",
    "mark_read",
    "publish",
    "read_everything",
    "reply",
    "take_note",
]
