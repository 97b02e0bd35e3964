"""Sessions of the draft: added, edited, cancelled and taken out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from webapp.extensions import db
from webapp.models.accounts import Actor, ThingKind
from webapp.models.agenda import SessionKind, SessionState
from webapp.models.drafts import DraftContribution, DraftSession
from webapp.models.events import Event
from webapp.models.programmes import Theme
from webapp.queries import drafts as queries
from webapp.queries import files as file_queries
from webapp.queries.programmes import themes_of
from webapp.services.activity import record
from webapp.services.drafts.changing import changing, check_version, touch
from webapp.services.drafts.people import Part, write_parts
from webapp.services.drafts.placing import Placement, place, where

_S = SessionState
LONGEST_SHOWN = 200


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a session is, wherever it stands. Themes go by their public ids; no capacity is no limit."""

    title: str
    kind: SessionKind = SessionKind.SESSION
    summary: str = ""
    description: str = ""
    themes: Sequence[str] = ()
    takes_sign_ups: bool = False
    capacity_online: int | None = None
    capacity_in_person: int | None = None
    joining_url: str = ""
    joining_instructions: str = ""
    is_not_recorded: bool = False
    notes: str = ""
    technical_needs: str = ""
    parts: Sequence[Part] = field(default_factory=tuple)


PLAIN = (
    "title",
    "kind",
    "summary",
    "description",
    "takes_sign_ups",
    "capacity_online",
    "capacity_in_person",
    "joining_url",
    "joining_instructions",
    "is_not_recorded",
    "notes",
    "technical_needs",
)


def add(event: Event, content: Content, to: Placement, *, actor: Actor, now: datetime) -> DraftSession:
    """Add a session to the draft, placed or not. Raises DraftRefused."""
    with changing(event.id, now):
        session = DraftSession(
            event_id=event.id, title=content.title, position=0, created_at=now, updated_at=now, minutes=to.minutes
        )
        session.themes, session.contributions = [], []
        place(session, to, event)
        _write(session, content, event, now=now)
        db.session.add(session)
        db.session.flush()
        record(
            "session_added",
            ThingKind.DRAFT_SESSION,
            session.id,
            actor=actor,
            now=now,
            event_id=event.id,
            title=session.title,
            place=where(session),
        )
    return session


def edit(
    event: Event,
    public_id: str,
    content: Content,
    to: Placement,
    *,
    version: int | None,
    actor: Actor,
    now: datetime,
) -> DraftSession:
    """Change a session and where it stands; what is the same already is no change.

    Raises DraftRefused, ChangedMeanwhile and NotFound.
    """
    with changing(event.id, now):
        session = queries.lock_draft_session(event.id, public_id)
        check_version(session, version)
        before = said(session)
        place(session, to, event)
        _write(session, content, event, now=now)
        db.session.flush()
        after = said(queries.lock_draft_session(event.id, public_id))
        changes = {name: [_short(before[name]), _short(after[name])] for name in after if before[name] != after[name]}
        if changes:
            touch(session, now)
            record(
                "session_changed",
                ThingKind.DRAFT_SESSION,
                session.id,
                actor=actor,
                now=now,
                event_id=event.id,
                title=session.title,
                changes=changes,
            )
    return session


def cancel(event: Event, public_id: str, *, actor: Actor, now: datetime) -> DraftSession | None:
    """Cancel a session that was released, or take out one that never was; then None is given.

    Nobody outside hears of it before the next release. Cancelled already, it stays so. Raises NotFound.
    """
    with changing(event.id, now):
        session = queries.lock_draft_session(event.id, public_id)
        if session.state is _S.CANCELLED:
            return session
        record(
            "session_cancelled" if session.session_id else "session_removed",
            ThingKind.DRAFT_SESSION,
            session.id,
            actor=actor,
            now=now,
            event_id=event.id,
            title=session.title,
            place=where(session),
        )
        if session.session_id is None:
            # Nothing would lead to these files any more, and so nobody could take them away.
            for given in file_queries.attachments_of([session.id], event_id=event.id):
                db.session.delete(given)
            db.session.delete(session)
            return None
        session.state = _S.CANCELLED
        touch(session, now)
    return session


def restore(event: Event, public_id: str, *, actor: Actor, now: datetime) -> DraftSession:
    """Let a cancelled session take place after all; as it is already, nothing happens. Raises NotFound."""
    with changing(event.id, now):
        session = queries.lock_draft_session(event.id, public_id)
        if session.state is _S.CANCELLED:
            session.state = _S.SCHEDULED
            touch(session, now)
            record(
                "session_restored",
                ThingKind.DRAFT_SESSION,
                session.id,
                actor=actor,
                now=now,
                event_id=event.id,
                title=session.title,
            )
    return session


def said(session: DraftSession) -> dict[str, Any]:
    """What a session says of itself, plainly, by the name of each field; for comparing and for the record."""
    plain = {name: getattr(session, name) for name in PLAIN}
    plain["kind"] = session.kind.value
    plain["place"] = where(session)
    plain["themes"] = ", ".join(sorted(theme.name for theme in session.themes))
    plain["speakers"] = "; ".join(
        " ".join(filter(None, (_name(one), f"({one.role.value})"))) for one in session.contributions
    )
    return plain


def content_of(session: DraftSession) -> Content:
    """What a session is, as it may be given back."""
    parts = [
        Part(
            speaker=one.speaker.name if one.speaker else "",
            speaker_id=one.speaker.public_id if one.speaker else "",
            organisation=one.organisation.name if one.organisation else "",
            role=one.role,
        )
        for one in session.contributions
    ]
    plain = {name: getattr(session, name) for name in PLAIN}
    return Content(**plain, themes=[theme.public_id for theme in session.themes], parts=parts)


def _name(one: DraftContribution) -> str:
    speaker = one.speaker.name if one.speaker else ""
    return ", ".join(filter(None, (speaker, one.organisation.name if one.organisation else "")))


def _short(value: Any) -> Any:
    return value[: LONGEST_SHOWN - 1] + "…" if isinstance(value, str) and len(value) > LONGEST_SHOWN else value


def _write(session: DraftSession, content: Content, event: Event, *, now: datetime) -> None:
    for name in PLAIN:
        setattr(session, name, getattr(content, name))
    session.themes = _themes(event, content.themes)
    write_parts(session, content.parts, now=now)


def _themes(event: Event, wanted: Sequence[str]) -> list[Theme]:
    return [theme for theme in themes_of(event.programme_id) if theme.public_id in wanted]
