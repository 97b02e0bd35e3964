"""What a release would change: each session that is new, moved, changed, cancelled, or takes place after all."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from webapp.models.agenda import Session
from webapp.models.drafts import DraftSession
from webapp.models.events import Mode, Places

TEXTS = (
    ("title", "the title"),
    ("summary", "the summary"),
    ("description", "the description"),
    ("kind", "what kind of session it is"),
    ("takes_sign_ups", "whether people sign up for it"),
    ("joining_url", "the link to join"),
    ("joining_instructions", "the joining instructions"),
    ("is_not_recorded", "whether it is recorded"),
)


NONE_YET = -1


@dataclass(frozen=True)
class Limits:
    """The ways of taking part in the event, and the places of each of its sessions in each of them."""

    modes: Sequence[Mode]
    of: Mapping[tuple[int | None, Mode], int | None]


class ChangeKind(StrEnum):
    """What becomes of a session by a release."""

    NEW = "new"
    MOVED = "moved"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    RESTORED = "restored"

    @property
    def label(self) -> str:
        return "Takes place after all" if self is ChangeKind.RESTORED else self.capitalize()


@dataclass(frozen=True, kw_only=True)
class Stand:
    """Where a session stands, as plain values for a JSON column: ISO dates and times, names."""

    date: str
    starts: str
    ends: str
    stream: str
    room: str

    def plain(self) -> dict[str, str]:
        return dict(vars(self))

    @property
    def place(self) -> tuple[str, str, str, str]:
        """What moves whoever plans to be there: a stream's name alone does not."""
        return self.date, self.starts, self.ends, self.room


@dataclass(frozen=True, kw_only=True)
class Change:
    """One session of a release; `fields` names in words what else changed, `released` is None for a new one."""

    kind: ChangeKind
    draft: DraftSession
    released: Session | None
    before: Stand | None
    after: Stand | None
    fields: Sequence[str] = ()
    # Whether a link that it had is another now, or gone.
    is_relinked: bool = False

    @property
    def title(self) -> str:
        return self.draft.title

    @property
    def is_to_be_told(self) -> bool:
        """Whether those who planned to be there must hear of it: a new text moves nobody."""
        return self.kind in {ChangeKind.MOVED, ChangeKind.CANCELLED, ChangeKind.RESTORED}

    def plain(self) -> dict[str, Any]:
        """The change as plain values for a JSON column."""
        return {
            "kind": self.kind.value,
            "session": self.draft.public_id,
            "title": self.title,
            "before": self.before.plain() if self.before else None,
            "after": self.after.plain() if self.after else None,
            "fields": list(self.fields),
        }


def differences(
    drafts: Sequence[DraftSession], released: Sequence[Session], places: Iterable[Places], modes: Sequence[Mode]
) -> list[Change]:
    """What a release of these drafts would change of what is released, in the order of the drafts.

    Both must have day, stream, themes and contributions loaded, drafts the room too; `places` are the counters of the
    sessions that take sign-ups, `modes` the ways of taking part in the event.
    """
    known = {session.id: session for session in released}
    limits = Limits(modes, {(row.session_id, row.mode): row.capacity for row in places})
    return [change for draft in drafts for change in _change(draft, known.get(draft.session_id or 0), limits)]


def stand(session: Session) -> Stand:
    """Where a released session stands."""
    return Stand(
        date=session.day.date.isoformat(),
        starts=session.starts.isoformat("minutes") if session.starts else "",
        ends=session.ends.isoformat("minutes") if session.ends else "",
        stream=session.stream.name if session.stream else "",
        room=session.room,
    )


def planned(draft: DraftSession) -> Stand | None:
    """Where a session of the draft stands; None while it is not placed."""
    if draft.day is None:
        return None
    return Stand(
        date=draft.day.date.isoformat(),
        starts=draft.starts.isoformat("minutes") if draft.starts else "",
        ends=draft.ends.isoformat("minutes") if draft.ends else "",
        stream=draft.stream.name if draft.stream else "",
        room=draft.room.name if draft.room else "",
    )


def _change(draft: DraftSession, released: Session | None, limits: Limits) -> Iterator[Change]:
    after = planned(draft)
    if released is None:
        if not draft.is_cancelled and after is not None:
            yield Change(kind=ChangeKind.NEW, draft=draft, released=None, before=None, after=after)
        return
    before = stand(released)
    if draft.is_cancelled:
        if not released.is_cancelled:
            yield Change(kind=ChangeKind.CANCELLED, draft=draft, released=released, before=before, after=None)
        return
    fields = list(_fields(draft, released, limits))
    if released.is_cancelled:
        kind = ChangeKind.RESTORED
    elif after is None or after.place != before.place:
        kind = ChangeKind.MOVED
    elif fields:
        kind = ChangeKind.CHANGED
    else:
        return
    relinked = bool(released.joining_url) and draft.joining_url != released.joining_url
    yield Change(
        kind=kind, draft=draft, released=released, before=before, after=after, fields=fields, is_relinked=relinked
    )


def _fields(draft: DraftSession, released: Session, limits: Limits) -> Iterator[str]:
    for name, words in TEXTS:
        if getattr(draft, name) != getattr(released, name):
            yield words
    if {theme.id for theme in draft.themes} != {theme.id for theme in released.themes}:
        yield "the themes"
    if _people(draft) != _people(released):
        yield "who contributes"
    if (draft.stream.name if draft.stream else "") != (released.stream.name if released.stream else ""):
        yield "the stream"
    # A way of taking part that the event has only now has no counter yet.
    wanted = {mode: draft.capacity(mode) for mode in limits.modes} if draft.takes_sign_ups else {}
    if any(limits.of.get((released.id, mode), NONE_YET) != limit for mode, limit in wanted.items()):
        yield "how many may sign up"
    if draft.starts is None and released.starts is None and draft.position != released.position:
        yield "its place in the order"


def _people(session: DraftSession | Session) -> list[tuple[int | None, int | None, str]]:
    return [(one.speaker_id, one.organisation_id, one.role.value) for one in session.contributions]
