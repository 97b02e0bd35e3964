"""What is refused to those who report posts, and to those who decide about them."""

from webapp.errors import DomainError
from webapp.models.moderation import Decision

_DONE = {
    Decision.PUBLISHED: "let it be read",
    Decision.KEPT: "let it stand",
    Decision.REFUSED: "refused it",
    Decision.REDACTED: "redacted it",
}


class NothingToReport(DomainError):
    """The post is no longer there for anybody to read."""

    code = "nothing_to_report"
    message = "This post has been taken away already, so nobody reads it. Nothing was reported."


class CaseDecided(DomainError):
    """Another moderator decided meanwhile."""

    code = "case_decided"

    def __init__(self, by: str, decision: Decision | None) -> None:
        done = _DONE[decision] if decision else "decided about it"
        super().__init__(f"{by or 'Another moderator'} {done} meanwhile, so nothing more was done.")


class CaseClaimed(DomainError):
    """Another moderator is looking at it."""

    code = "case_claimed"

    def __init__(self, by: str) -> None:
        super().__init__(f"{by} is looking at this post. Nothing was done. You can take it over if that is agreed.")


class PostChanged(DomainError):
    """Its writer changed the post since the moderator read it."""

    code = "changed_meanwhile"
    message = "The post was changed since you opened this page. Read it as it is now, then decide."


class OwnPost(DomainError):
    """Nobody decides about a post of their own."""

    code = "own_post"
    message = "You wrote this post, so somebody else has to decide about it."


class CannotDecideSo(DomainError):
    """The decision does not fit how the post stands; the message says why."""

    code = "cannot_decide_so"
