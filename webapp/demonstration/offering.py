"""What the invented events that are over offer since: slides, sheets and links, of each reach; and their numbers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from webapp.demonstration.invented import BEFORE_THE_DOORBELL, EARLIER, ENDED, WRITTEN_TOGETHER
from webapp.demonstration.invented_agenda import GOSIA
from webapp.demonstration.leaflets import SHEET, SLIDE, as_pdf
from webapp.demonstration.loading import Loaded
from webapp.extensions import db
from webapp.models.accounts import Actor, ActorKind, Person, ThingKind
from webapp.models.agenda import Session
from webapp.models.drafts import DraftSession
from webapp.models.events import Event
from webapp.models.files import Attachment, FileReach
from webapp.services import events, files, materials

Pages = tuple[tuple[str, str], ...]
_PUBLIC, _REGISTERED, _ATTENDED, _ORGANISERS = FileReach


@dataclass(frozen=True)
class _File:
    title: str
    filename: str
    pages: Pages
    session: str = ""
    reach: FileReach = _PUBLIC
    size: tuple[int, int] = SLIDE


@dataclass(frozen=True)
class _Link:
    title: str
    url: str
    session: str = ""
    reach: FileReach = _PUBLIC


_WORDS = _File(
    "Slides: three plans, read by the children",
    "in-their-own-words.pdf",
    (
        ("In their own words", "Three plans, read aloud by the children they are about\nAn invented day, 2 of 4"),
        ("What we tried", "One sentence of the child's at the top of each plan\nThe child chooses which\nTen minutes"),
        ("What we learnt", "Awkward sentences are the useful ones\nRead it to the parents the evening before"),
    ),
    "In their own words",
)
_DRAWING = _File(
    "Worksheet: drawing, walking, waiting",
    "drawing-walking-waiting.pdf",
    (
        (
            "Before any questions",
            "Draw the way to school, and who is on it\nWalk it together, in silence at first\nWait. Count to ten",
        ),
        ("Afterwards", "Write down what you saw, not what you think it means"),
    ),
    "Drawing, walking, waiting",
    size=SHEET,
)
_NOTES = _File(
    "Notes from the groups, as they were written",
    "notes-from-the-groups.pdf",
    (
        (
            "What the groups said",
            "Who wrote the words down?\nWho has read them since?\nWhat would the child say is missing?",
        ),
    ),
    "Drawing, walking, waiting",
    _ATTENDED,
    SHEET,
)
_LETTER = _File(
    "A letter to a child after a meeting: an example to change",
    "letter-after-a-meeting.pdf",
    (
        (
            "Dear",
            "This is what we heard you say\nThis is what we will do, and by when\nThis is what we will not do, and why",
        ),
    ),
    "From words to plans",
    _REGISTERED,
    SHEET,
)
_DAY = _File(
    "The day on one page",
    "the-day-on-one-page.pdf",
    (("Listening to children", "Draw, walk, wait\nWrite the sentence down\nGive it back the evening before"),),
    size=SHEET,
)
_TEAM = _File(
    "What we would do otherwise next time",
    "next-time.pdf",
    (("For the team", "Start with the children's plans\nA longer lunch\nAsk the school earlier"),),
    reach=_ORGANISERS,
    size=SHEET,
)
_DOORBELL = _File(
    "Slides: before the doorbell",
    "before-the-doorbell.pdf",
    (
        ("Before the doorbell", "What the call decides"),
        ("The call", "Say why you come\nAsk when\nAsk who should be there"),
    ),
    BEFORE_THE_DOORBELL,
)
_TOGETHER = _File(
    "A note that a family reads: template",
    "a-note-that-a-family-reads.pdf",
    (("Written together", "What we talked about\nWhat each of us will do\nWhat the family wants to add"),),
    WRITTEN_TOGETHER,
    _REGISTERED,
    SHEET,
)
_OFFERED: dict[str, tuple[_File | _Link, ...]] = {
    ENDED: (
        _DAY,
        _WORDS,
        _DRAWING,
        _NOTES,
        _Link("A school’s own page about its listening post", "https://school.example.org/listening-post",
              "The school as a witness"),
        _LETTER,
        _TEAM,
    ),
    EARLIER: (_DOORBELL, _TOGETHER, _Link("The film of the first visit", "https://films.example.org/first-visit")),
}  # fmt: skip
# What a speaker handed in, and the organisers have still to make available.
_HANDED_IN = _File(
    "waiting-cards.pdf", "waiting-cards.pdf", (("Waiting cards", "Ten seconds\nTwenty seconds\nA minute"),), size=SHEET
)


def offer_materials(loaded: Loaded, organiser: Person, *, folder: Path | None, now: datetime) -> None:
    """Add them to the events that are new, files only where there is a `folder`; and decide that numbers are shown."""
    actor = Actor(ActorKind.PERSON, organiser.id)
    for title, offered in _OFFERED.items():
        event = loaded.new_events.get(title)
        if event is None:
            continue
        then = min(now, event.ends_at + timedelta(days=1))
        sessions = {row.title: row for row in db.session.scalars(select(Session).where(Session.event_id == event.id))}
        for one in offered:
            offer = materials.Offer(
                title=one.title, reach=one.reach, session=sessions[one.session].public_id if one.session else ""
            )
            if isinstance(one, _Link):
                materials.add_link(event.id, one.url, offer, actor=actor, now=then)
            elif folder is not None:
                written = _write(one, folder, now)
                upload = materials.Upload(written=written, filename=one.filename, title=one.title)
                materials.add_files(event.id, [upload], offer, actor=actor, now=then)
        if title == ENDED and folder is not None:
            _hand_in(event, sessions["Drawing, walking, waiting"], loaded, folder, now=then)
        _show_numbers(event, actor, then)


def _write(file: _File, folder: Path, now: datetime) -> files.Written:
    return files.write(as_pdf(file.title, file.pages, file.size), "application/pdf", folder=folder, now=now)


def _show_numbers(event: Event, actor: Actor, now: datetime) -> None:
    wanted = events.Afterwards(thanks=event.thanks, reach=event.reach, hashtag=event.hashtag, shows_numbers=True)
    events.edit_record(event.id, wanted, version=event.version, actor=actor, now=now)


def _hand_in(event: Event, session: Session, loaded: Loaded, folder: Path, *, now: datetime) -> None:
    planned = db.session.scalars(select(DraftSession).where(DraftSession.session_id == session.id)).one()
    db.session.add(
        Attachment(
            file_id=files.keep(_write(_HANDED_IN, folder, now), now=now).id,
            event_id=event.id,
            speaker_id=loaded.speakers[GOSIA].id,
            thing_kind=ThingKind.DRAFT_SESSION,
            thing_id=planned.id,
            title=_HANDED_IN.title,
            filename=_HANDED_IN.filename,
            reach=FileReach.ORGANISERS,
            added_at=now,
        )
    )
    db.session.flush()
