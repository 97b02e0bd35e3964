"""Topics and posts: begun and answered, changed and taken away, published at once or held for a moderator."""

from webapp.services.topics.answering import accept, have_too, may_accept, take_back
from webapp.services.topics.attaching import Enclosure, Enclosures
from webapp.services.topics.drafting import drop_draft, keep_draft
from webapp.services.topics.editing import edit
from webapp.services.topics.issues import IssueChanged, IssueState, move_issue
from webapp.services.topics.keeping import close, move, pin
from webapp.services.topics.merging import merge, split
from webapp.services.topics.pacing import count_post
from webapp.services.topics.polling import (
    FEWEST_CHOICES,
    MOST_CHOICES,
    PollWords,
    add_poll,
    close_poll,
    remove_poll,
    vote,
)
from webapp.services.topics.publishing import publish
from webapp.services.topics.reading import mark_read, read_everything, take_note
from webapp.services.topics.refusals import PostChanged, PostRefused, TopicClosed
from webapp.services.topics.taking_away import delete
from webapp.services.topics.writing import Start, Words, begin, reply

__all__ = [
    "FEWEST_CHOICES",
    "MOST_CHOICES",
    "Enclosure",
    "Enclosures",
    "IssueChanged",
    "IssueState",
    "PollWords",
    "PostChanged",
    "PostRefused",
    "Start",
    "TopicClosed",
    "Words",
    "accept",
    "add_poll",
    "begin",
    "close",
    "close_poll",
    "count_post",
    "delete",
    "drop_draft",
    "edit",
    "have_too",
    "keep_draft",
    "mark_read",
    "may_accept",
    "merge",
    "move",
    "move_issue",
    "pin",
    "publish",
    "read_everything",
    "remove_poll",
    "reply",
    "split",
    "take_back",
    "take_note",
    "vote",
]
