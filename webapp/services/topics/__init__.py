"""Topics and posts: begun and answered, published at once or held for a moderator."""

from webapp.services.topics.publishing import publish
from webapp.services.topics.refusals import PostRefused, TopicClosed
from webapp.services.topics.writing import Start, Words, begin, reply

__all__ = ["PostRefused", "Start", "TopicClosed", "Words", "begin", "publish", "reply"]
