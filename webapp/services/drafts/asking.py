"""Asking for a release: done at once while few are told, by the worker when many are; all of it or nothing."""

from collections.abc import Callable
from datetime import datetime

from webapp import transaction
from webapp.extensions import db
from webapp.models.accounts import Actor, ActorKind
from webapp.models.drafts import AgendaDraft, AgendaRelease, ReleaseRequest, RequestState
from webapp.queries import drafts as queries
from webapp.services import leases
from webapp.services.drafts.changing import DraftRefused
from webapp.services.drafts.releasing import check, check_version, release, review

# Half a millisecond for each person told was measured: a good second of work, and two where the machine is slower.
AT_ONCE = 2_500
FAILED = "It could not be done, and nothing was released. Release it again; if that fails too, write to us."

_S = RequestState


class ReleaseUnderWay(DraftRefused):
    """Another release of the event is still to be done."""

    code = "release_under_way"
    message = "A release of this agenda is under way already. Wait until it is done, then read the summary again."


def ask(
    event_id: int, *, version: int, people: int, note: str, actor: Actor, now: datetime
) -> AgendaRelease | ReleaseRequest:
    """Release what was confirmed, or ask the worker to when many are told; asked for already, nothing more happens.

    Either is kept as the event's last request, so that what came of an older one is no longer told as news. Raises
    ReleaseUnderWay while somebody else's release, or that of another draft, is still to be done, and what release()
    raises. The actor must be a person.
    """
    draft = queries.lock_draft(event_id)
    before = queries.lock_request(event_id)

    if before is not None and _is_asked_again(before, draft, version, actor):
        return queries.get_release(event_id, before.number) if before.number and before.was_at_once else before
    if before is not None and before.state.is_under_way:
        raise ReleaseUnderWay
    if people > AT_ONCE:
        check_version(draft, version)
        request = _put(before, event_id, version=version, people=people, note=note, actor=actor, now=now)
        db.session.info["release_requested"] = True
        return request
    made = release(event_id, version=version, people=people, note=note, actor=actor, now=now)
    request = _put(before, event_id, version=version, people=made.people_told, note="", actor=actor, now=now)
    request.state, request.number = _S.RELEASED, made.number
    return made


def take_requested() -> bool:
    """Whether this unit asked for a release by the worker, asked for once after the commit."""
    return bool(db.session.info.pop("release_requested", False))


def release_requested(clock: Callable[[], datetime], *, stopping: Callable[[], bool] = lambda: False) -> int:
    """Do the releases that were asked for, one after the other, and give how many were done.

    One that is refused by then says why. One that breaks is tried three times; what broke it is raised. Several
    workers may do this at once.
    """

    def do(taken: leases.Taken) -> bool:
        _check(taken, clock())
        with transaction.long_unit():
            return _release(taken, clock())

    return leases.run(WORK, do, clock, stopping=stopping)


def _is_asked_again(before: ReleaseRequest, draft: AgendaDraft, version: int, actor: Actor) -> bool:
    """Whether the same person confirms the same summary a second time."""
    if (before.version, before.asked_by_id) != (version, actor.person_id):
        return False
    return before.state.is_under_way or (before.state is _S.RELEASED and draft.released_version == version)


def _put(
    before: ReleaseRequest | None, event_id: int, *, version: int, people: int, note: str, actor: Actor, now: datetime
) -> ReleaseRequest:
    """The event's one request, made or used again, as one that waits."""
    if actor.person_id is None:
        raise ValueError("a release is asked for by a person")
    request = before or ReleaseRequest(event_id=event_id)
    request.asked_by_id, request.asked_at = actor.person_id, now
    request.version, request.people, request.note = version, people, note
    request.state, request.problem, request.number = _S.WAITING, "", None
    request.attempts, request.taken_until = 0, None
    db.session.add(request)
    return request


def _check(taken: leases.Taken, now: datetime) -> None:
    """See by reading alone that it can be done, so that nobody waits for a lock while those to tell are found."""
    request = queries.get_request(taken.key)
    version, people = request.version, request.people
    check_version(queries.get_draft(taken.key), version)
    check(review(queries.get_event_of(taken.key), now=now), people=people)
    db.session.rollback()
    with transaction.unit():
        found = leases.find(WORK, taken)
        if found is not None:
            found.state = _S.WRITING


def _release(taken: leases.Taken, now: datetime) -> bool:
    # The draft first, as whoever asks does.
    queries.lock_draft(taken.key)
    request = leases.find(WORK, taken)
    if request is None:
        return False
    made = release(
        request.event_id,
        version=request.version,
        people=request.people,
        note=request.note,
        actor=Actor(ActorKind.PERSON, request.asked_by_id),
        now=now,
    )
    request.state, request.number, request.people = _S.RELEASED, made.number, made.people_told
    request.note, request.taken_until = "", None
    return True


def _begin(request: ReleaseRequest) -> None:
    request.state = _S.CHECKING


def _leave(request: ReleaseRequest) -> None:
    request.state = _S.WAITING


def _fail(request: ReleaseRequest, problem: str, _now: datetime) -> None:
    request.state, request.problem = _S.REFUSED, problem


WORK = leases.Work(
    next_row=queries.lock_next_request,
    row=queries.lock_request,
    key=lambda request: request.event_id,
    begin=_begin,
    leave=_leave,
    fail=_fail,
    failed=FAILED,
)
