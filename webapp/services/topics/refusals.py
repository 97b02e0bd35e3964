"""What is refused to those who write in communities."""

from webapp.errors import DomainError

WITHHELD = (
    "A moderator is looking at this post, and nobody else reads it. You can change or delete it once they have decided."
)


class PostRefused(DomainError):
    """What was written cannot be taken; the message says why."""

    code = "post_refused"
    status = 409

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class TopicClosed(DomainError):
    """The topic was closed, moved or merged while somebody wrote."""

    code = "topic_closed"
    status = 409
    message = "This topic was closed meanwhile. What you wrote is still here: you can copy it, or begin a new topic."


class PostChanged(DomainError):
    """The post was changed in another window since its form was opened."""

    code = "post_changed"
    status = 409
    message = "You changed this post meanwhile in another window. Look at how it stands, then send your change again."
