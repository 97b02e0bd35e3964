"""Letters to many in an organiser's words: what may stand in them for each recipient, and how it is filled in."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from html import escape

from webapp.folding import clean_line
from webapp.models.events import Event, Mode
from webapp.models.mailings import Lane
from webapp.models.to_many import Mailing
from webapp.notices.addresses import Urls
from webapp.notices.letters import EventFacts, LetterFacts, MaterialFacts, Notice, Registered, WordsFacts, dump
from webapp.notices.wording import Block, Filled, Kind, Value, fill, greets, read
from webapp.templating import british_time, date_range, weekday_date

TEST = "Test: "


@dataclass(frozen=True, kw_only=True)
class Placeholder:
    """Something that is filled in for each recipient: its kind, and what organisers read about it."""

    name: str
    kind: Kind
    explanation: str


_W, _A, _B = Kind.WORDS, Kind.ADDRESS, Kind.BLOCK
PLACEHOLDERS = (
    Placeholder(name="name", kind=_W, explanation="The recipient’s name. The letter begins “Hello” with it anyway"),
    Placeholder(name="event", kind=_W, explanation="The title of the event"),
    Placeholder(name="dates", kind=_W, explanation="The dates of the event, like 14 and 15 June 2022"),
    Placeholder(name="starts", kind=_W, explanation="When it begins, like 9:30am on Tuesday 14 June 2022"),
    Placeholder(name="place", kind=_W, explanation="“Online”, or the venue for those who come in person"),
    Placeholder(name="organiser", kind=_W, explanation="The name of the organisers"),
    Placeholder(name="days", kind=_B, explanation="Every day with its hours, and where; in a paragraph of its own"),
    Placeholder(name="joining_page", kind=_A, explanation="The page that says how to join, for those with a place"),
    Placeholder(name="event_page", kind=_A, explanation="The page of the event; afterwards, its record"),
    Placeholder(
        name="registration_page", kind=_A, explanation="The recipient’s own page, to see and change what they said"
    ),
    Placeholder(name="sessions_page", kind=_A, explanation="The recipient’s own page of sessions to sign up for"),
    Placeholder(
        name="materials_page",
        kind=_A,
        explanation="The recipient’s own page, where the materials of the event that are for them stand",
    ),
    Placeholder(
        name="survey_page",
        kind=_A,
        explanation="The recipient’s own page of the survey that you choose below",
    ),
    Placeholder(name="cancel_link", kind=_A, explanation="Where the recipient gives up their place"),
    Placeholder(
        name="material", kind=_B, explanation="The files of this letter; without it they stand at the end of the letter"
    ),
)
KINDS: Mapping[str, Kind] = {one.name: one.kind for one in PLACEHOLDERS}


def check(subject: str, body: str) -> frozenset[str]:
    """The placeholders that stand in the words; raises WordingRefused for one that is none or cannot stand there."""
    return read(subject, body, KINDS).names


def words_of(mailing: Mailing, material: list[MaterialFacts], *, test: bool = False) -> WordsFacts:
    """What a letter to many says and where it leads, as it now stands; its survey, if any, must be loaded."""
    survey = mailing.survey.public_id if mailing.survey_id and mailing.survey else ""
    return WordsFacts(subject=mailing.subject, body=mailing.body, material=material, test=test, survey=survey)


def slips(body: str, *, has_material: bool) -> list[str]:
    """What can be sent as it is and is probably not meant so, in sentences."""
    found = []
    if greets(body):
        found.append("It begins with a greeting, and “Hello” with the name stands above every letter. Take yours out.")
    if "{material}" in body and not has_material:
        found.append("No file goes with it, so nothing stands where {material} is. Add a file, or take that out.")
    return found


def shared(event: Event, words: WordsFacts) -> LetterFacts:
    """What all letters of one mailing share; the event must have its days loaded."""
    return LetterFacts(event=EventFacts.of(event), words=words)


def whole(event: Event, words: WordsFacts, one: Registered) -> LetterFacts:
    """All that one recipient's letter says; the event must have its days loaded."""
    return LetterFacts(
        event=EventFacts.of(event),
        words=words,
        mode=one.mode,
        link_id=one.public_id,
        link_nonce=one.link_nonce,
        state=one.state.value,
    )


def to_each(mailing: Mailing, event: Event, recipients: Iterable[Registered], *, expires: datetime) -> Iterator[Notice]:
    """A letter to each: its own facts alone, since what all share lies with the letter to many."""
    for one in recipients:
        yield Notice(
            name="mailing",
            recipient_name=one.name,
            recipient_email=one.email,
            reply_to=event.organiser_email,
            # Put together by hand: there may be 60,000.
            facts={
                "mode": one.mode.value,
                "link_id": one.public_id,
                "link_nonce": one.link_nonce,
                "state": one.state.value,
            },
            lane=Lane.MAILING,
            kind=mailing.kind,
            person_id=one.person_id,
            event_id=event.id,
            mailing_id=mailing.id,
            expires_at=expires,
        )


def to_writer(event: Event, facts: LetterFacts, *, name: str, email: str, person_id: int) -> Notice:
    """The letter as one recipient would get it, sent to its writer and marked as a test."""
    return Notice(
        name="mailing",
        recipient_name=name,
        recipient_email=email,
        reply_to=event.organiser_email,
        facts=dump(facts),
        lane=Lane.ORDINARY,
        person_id=person_id,
        event_id=event.id,
    )


def filled(facts: LetterFacts, name: str, urls: Urls) -> Filled:
    """The words of a letter to many for one recipient; raises ValueError where the facts hold none."""
    given = facts.words
    if given is None or facts.event is None:
        raise ValueError("A letter to many without words or event.")
    wording = read(given.subject, given.body, KINDS)
    made = _values(facts, facts.event, name, urls)
    found = fill(wording, {one: made[one]() for one in wording.names})
    material = _material(given.material, urls) if "material" not in wording.names else Block(text="", html="")
    return Filled(
        subject=f"{TEST if given.test else ''}{found.subject}",
        text=f"{found.text}\n{material.text}" if material.text else found.text,
        html=found.html + material.html,
    )


def _values(facts: LetterFacts, event: EventFacts, name: str, urls: Urls) -> Mapping[str, Callable[[], Value]]:
    mode = facts.mode or Mode.ONLINE
    return {
        "name": partial(clean_line, name),
        "event": lambda: event.title,
        "dates": lambda: date_range(event.days[0].date, event.days[-1].date) if event.days else "",
        "starts": partial(_starts, event),
        "place": lambda: event.venue if mode is Mode.IN_PERSON and event.venue else mode.label,
        "organiser": lambda: event.organiser_name,
        "days": partial(_days, event, mode),
        "joining_page": lambda: urls.join,
        "event_page": lambda: urls.event,
        "registration_page": lambda: urls.registration,
        "sessions_page": lambda: urls.sessions,
        "materials_page": lambda: urls.materials,
        "cancel_link": lambda: urls.cancel,
        "survey_page": lambda: urls.survey,
        "material": lambda: _material(facts.words.material if facts.words else [], urls),
    }


def _starts(event: EventFacts) -> str:
    day = event.days[0]
    zone = "" if event.zone == "Europe/London" else f" ({event.zone.replace('_', ' ')} time)"
    return f"{british_time(day.starts)} on {weekday_date(day.date)}{zone}" if day.starts else weekday_date(day.date)


def _days(event: EventFacts, mode: Mode) -> Block:
    zone = "" if event.zone == "Europe/London" else f" ({event.zone.replace('_', ' ')} time)"
    lines = []
    for day in event.days:
        hours = f", {british_time(day.starts)}" if day.starts else ""
        hours += f" to {british_time(day.ends)}" if day.starts and day.ends else ""
        lines.append(f"{weekday_date(day.date)}{hours}{zone if hours else ''}")
    lines.append(f"In person: {event.venue}" if mode is Mode.IN_PERSON and event.venue else mode.label)
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return Block(
        text="\n".join(f"- {line}" for line in lines),
        html=f'<ul style="margin:16px 0;padding:0 0 0 20px">{items}</ul>',
    )


def _material(material: list[MaterialFacts], urls: Urls) -> Block:
    if not material:
        return Block(text="", html="")
    text, html = [], []
    for one in material:
        size = _size(one.size)
        if one.digest:
            text.append(f"- {one.title} ({one.filename}, {size}), attached to this letter")
            html.append(f"<li>{escape(one.title)} ({escape(one.filename)}, {size}), attached to this letter</li>")
        else:
            address = urls.material(one.public_id)
            text.append(f"- {one.title} ({size}): {address}")
            html.append(f'<li><a href="{escape(address)}" style="color:#0b4f5c">{escape(one.title)}</a> ({size})</li>')
    heading = "Material"
    return Block(
        text="\n".join([f"{heading}:", *text]) + "\n",
        html=f'<h2 style="margin:24px 0 8px;font-size:18px;line-height:1.25">{heading}</h2>'
        f'<ul style="margin:16px 0;padding:0 0 0 20px">{"".join(html)}</ul>',
    )


def _size(number: int) -> str:
    return f"{max(1, round(number / 1024)):,} KB" if number < 1024 * 1024 else f"{number / 1024 / 1024:.1f} MB"
