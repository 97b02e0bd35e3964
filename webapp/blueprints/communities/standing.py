"""How a topic stands beside its posts: what answers it, who has it too, how an issue goes on, and its poll."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_login import current_user

from webapp import clock
from webapp.models.topics import Poll, PollOption, Topic, TopicKind
from webapp.queries import topics as queries
from webapp.queries.topics import IssueMove, OwnPart
from webapp.services.topics import may_accept
from webapp.templating import local


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One choice of a poll, and how often it was taken."""

    option: PollOption
    votes: int
    is_own: bool


@dataclass(frozen=True, kw_only=True)
class PollShown:
    """A poll as one viewer sees it: the result once they voted, or it is closed."""

    poll: Poll
    choices: Sequence[Choice]
    voters: int
    is_open: bool
    has_voted: bool
    may_vote: bool

    @property
    def shows_result(self) -> bool:
        """Whether the viewer sees how others chose."""
        return self.has_voted or not self.is_open


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a topic stands for one viewer, and what they may do about it."""

    may_accept: bool = False
    may_have_too: bool = False
    has_too: bool = False
    may_move: bool = False
    is_overdue: bool = False
    # How an issue was moved on, the last first.
    moves: Sequence[IssueMove] = ()
    poll: PollShown | None = None
    may_add_poll: bool = False
    may_end_poll: bool = False


def standing(topic: Topic, own: OwnPart, *, moderates: bool, may_write: bool) -> Standing:
    """How a topic stands for who is looking; asked of the database only where there is something to ask."""
    asked = topic.kind in {TopicKind.QUESTION, TopicKind.ISSUE}
    is_issue = topic.kind is TopicKind.ISSUE
    viewer = current_user.id
    is_author = may_write and viewer == topic.author_id
    return Standing(
        may_accept=asked and (moderates or (may_write and viewer in may_accept(topic))),
        may_have_too=asked and may_write and not is_author and not topic.is_closed,
        has_too=own.same is not None,
        may_move=is_issue and (moderates or (may_write and viewer is not None and viewer == topic.owner_id)),
        is_overdue=topic.is_overdue(local(clock.now()).date()),
        moves=queries.moves_of(topic.id) if is_issue else (),
        poll=_poll(topic, may_write=may_write),
        may_add_poll=is_author and topic.poll is None and topic.is_seen and not topic.is_closed,
        may_end_poll=topic.poll is not None and (moderates or is_author),
    )


def _poll(topic: Topic, *, may_write: bool) -> PollShown | None:
    poll = topic.poll
    if poll is None:
        return None
    votes = queries.votes_of(poll.id, current_user.id)
    is_open = poll.is_open(clock.now()) and not topic.is_closed
    return PollShown(
        poll=poll,
        choices=[
            Choice(option=one, votes=votes.counts.get(one.id, 0), is_own=one.id in votes.own) for one in poll.options
        ],
        voters=votes.voters,
        is_open=is_open,
        has_voted=bool(votes.own),
        may_vote=is_open and may_write,
    )
