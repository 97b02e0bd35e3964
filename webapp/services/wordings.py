"""Letters in the words of organisers: written for one event or for a programme, and given up again."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

from sqlalchemy import delete

from config import Settings
from webapp.database import new_public_id
from webapp.errors import DomainError, NotFound
from webapp.extensions import db
from webapp.models.accounts import Actor, ThingKind
from webapp.models.events import Event
from webapp.models.mailings import Lane, Letter, MailKind
from webapp.models.wordings import LetterWording
from webapp.notices import samples
from webapp.notices.letters import EventFacts, dump
from webapp.notices.originals import LETTERS, TITLES, Known, Words, check, kinds, original
from webapp.notices.placeholders import PLACEHOLDERS
from webapp.notices.rendering import render
from webapp.queries import programmes as programme_queries
from webapp.queries import setting_up
from webapp.queries import wordings as queries
from webapp.services.activity import record

__all__ = [
    "GROUPS",
    "Explained",
    "Listed",
    "Preview",
    "WordingChanged",
    "Words",
    "explained",
    "known_letter",
    "listed",
    "original",
    "preview",
    "problem_of",
    "restore",
    "reword",
    "title_of",
]

GROUPS = tuple(dict.fromkeys(letter.group for letter in LETTERS.values()))


def title_of(notice: str) -> str:
    """What letters of a notice are about, for lists; of one that is posted no more, its name."""
    return TITLES.get(notice, notice.replace("_", " ").capitalize())


class WordingChanged(DomainError):
    """Somebody else changed these words since the page was opened."""

    code = "changed_meanwhile"
    message = (
        "Somebody else changed this letter since you opened the page, so nothing was saved. What you typed still stands"
        " below, and what stands now above it. Save again to replace it."
    )


@dataclass(frozen=True, kw_only=True)
class Explained:
    """A placeholder for those who write: its name in braces, what will stand there, and whether it must."""

    name: str
    explained: str
    is_required: bool
    is_block: bool


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One letter on the list: the words written for it, if there are any, and what is wrong with them."""

    notice: str
    letter: Known
    wording: LetterWording | None
    problem: str


@dataclass(frozen=True, kw_only=True)
class Preview:
    """A letter as somebody would read it."""

    subject: str
    text: str
    html: str


def known_letter(notice: str) -> Known:
    """The letter as organisers know it; raises NotFound where there is none of that name that can be reworded."""
    if notice not in LETTERS:
        raise NotFound
    return LETTERS[notice]


def explained(notice: str) -> list[Explained]:
    """The placeholders of a letter, in the order of its original words."""
    required = LETTERS[notice].required
    return [
        Explained(
            name=f"{{{name}}}",
            explained=PLACEHOLDERS[name].explained,
            is_required=name in required,
            is_block=kind.value == "block",
        )
        for name, kind in kinds(notice).items()
    ]


def listed(found: dict[str, LetterWording]) -> list[Listed]:
    """Every letter that can be reworded, in groups, with the words that hold for it."""
    return [
        Listed(notice=notice, letter=letter, wording=found.get(notice), problem=problem_of(found.get(notice)))
        for notice, letter in LETTERS.items()
    ]


def problem_of(wording: LetterWording | None) -> str:
    """Why these words cannot be filled any more, so that the original ones go; empty where they can."""
    if wording is None:
        return ""
    try:
        check(wording.notice, Words(wording.subject, wording.body))
    except DomainError as refused:
        return refused.message
    return ""


def reword(
    event: Event, notice: str, words: Words, *, for_programme: bool, version: int, actor: Actor, now: datetime
) -> None:
    """Let a letter go out in these words, for the event or for all events of its programme.

    `version` is that of the words that were read, 0 where there were none. Raises WordingRefused, and WordingChanged.
    """
    check(notice, words)
    _lock(event, for_programme=for_programme)
    place = _place(event, for_programme=for_programme)
    row = queries.lock_wording(notice, **place)
    if (row.version if row else 0) != version:
        raise WordingChanged
    before = Words(row.subject, row.body) if row else original(notice)
    if before == words:
        return
    if row is None:
        row = LetterWording(**place, notice=notice, version=0, created_at=now)
        db.session.add(row)
    row.subject, row.body = words.subject, words.body
    row.version += 1
    row.updated_at, row.changed_by_id = now, actor.person_id
    kind, thing_id = _thing(event, for_programme=for_programme)
    changes = _changes(before, words)
    record("letter_reworded", kind, thing_id, actor=actor, now=now, event_id=event.id, changes=changes)


def copy_wordings(source_id: int, event: Event, *, actor: Actor, now: datetime) -> None:
    """Let letters about a new event go out in the words that were written for another; its programme's stay its own."""
    for row in queries.own_wordings(source_id):
        copied = LetterWording(event_id=event.id, notice=row.notice, subject=row.subject, body=row.body)
        copied.created_at = copied.updated_at = now
        copied.changed_by_id = actor.person_id
        db.session.add(copied)


def restore(event: Event, notice: str, *, for_programme: bool, actor: Actor, now: datetime) -> None:
    """Give up the words of the event or the programme; where there are none, nothing happens."""
    _lock(event, for_programme=for_programme)
    row = queries.lock_wording(notice, **_place(event, for_programme=for_programme))
    if row is None:
        return
    before = Words(row.subject, row.body)
    db.session.execute(delete(LetterWording).where(LetterWording.id == row.id))
    kind, thing_id = _thing(event, for_programme=for_programme)
    changes = _changes(before, original(notice))
    record("letter_restored", kind, thing_id, actor=actor, now=now, event_id=event.id, changes=changes)


def preview(event: Event, notice: str, words: Words, settings: Settings, *, now: datetime) -> Preview:
    """The letter as an invented person would get it about this event. Raises WordingRefused."""
    check(notice, words)
    facts = samples.sample(notice, EventFacts.of(event), now=now)
    letter = Letter(
        public_id=new_public_id(),
        notice=notice,
        lane=Lane.ORDINARY,
        kind=MailKind.PLACE,
        recipient_name=samples.RECIPIENT,
        recipient_email=samples.ADDRESS,
        reply_to=event.organiser_email,
        facts=dump(facts),
        created_at=now,
    )
    message = message_from_bytes(render(letter, settings, words), policy=policy.default)
    text, html = (_part(message, kind) for kind in ("plain", "html"))
    return Preview(subject=str(message["Subject"]), text=text, html=html)


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return str(body.get_content()).replace("\r\n", "\n") if body else ""


def _lock(event: Event, *, for_programme: bool) -> None:
    # Two who write the same letter for the first time come one after the other.
    if for_programme:
        programme_queries.lock_programme(event.programme_id)
    else:
        setting_up.lock_event(event.id)


def _place(event: Event, *, for_programme: bool) -> dict[str, int | None]:
    if for_programme:
        return {"event_id": None, "programme_id": event.programme_id}
    return {"event_id": event.id, "programme_id": None}


def _thing(event: Event, *, for_programme: bool) -> tuple[ThingKind, int]:
    return (ThingKind.PROGRAMME, event.programme_id) if for_programme else (ThingKind.EVENT, event.id)


def _changes(before: Words, after: Words) -> dict[str, list[str]]:
    pairs = (("subject", before.subject, after.subject), ("letter", before.body, after.body))
    return {name: [old, new] for name, old, new in pairs if old != new}
