"""Registrations for the invented events, made through the service as if those people had come in past weeks."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select

from webapp.demonstration import invented
from webapp.demonstration.accounts import ORGANISER, PRACTITIONER
from webapp.demonstration.loading import Loaded
from webapp.demonstration.people import Attendee, attendees
from webapp.extensions import db
from webapp.folding import fold_email
from webapp.formats.spreadsheets import Cell, csv_bytes
from webapp.models.accounts import VISITOR, Actor, ActorKind, Person
from webapp.models.agenda import Session, Star
from webapp.models.events import Event, EventQuestion, Mode, QuestionKind
from webapp.models.imports import ImportKind
from webapp.models.organisations import Sector
from webapp.models.registrations import Registration, RegistrationState
from webapp.queries.events import get_fresh_event
from webapp.services import imports, registrations

__all__ = ["load_crowd"]

NOTICE_VERSION = "demonstration"
AT_THE_OPEN, AT_THE_FULL, AT_THE_ENDED, ASKING = 209, 86, 24, 17
# Whom organisers read in from a list to events that are over: some of the crowd to one, and to the one before it the
# members of a network, so many of each sector and under one of these roles.
READ_IN = slice(64, 150)
NETWORK = {
    Sector.LOCAL_AUTHORITY: (76, ("Social worker", "Family help practitioner", "Social worker")),
    Sector.HEALTH: (46, ("Health visitor", "School nurse")),
    Sector.VCSE: (40, ("Family support worker",)),
}
GIVEN_UP_BEFORE_NOW = (timedelta(hours=20), timedelta(hours=3))
APPROVED = 8
ONLINE_SHARE = 0.6
WRITING_SHARE = 0.12
STARRED = (
    "What did you hope for when you rang us?",
    "Family meetings around a kitchen table",
    "Late buses: youth work in the hours when offices are closed",
    "Harm outside the home: mapping a street together",
    "When a child says nothing",
)
# Where the person of the practitioner's account stands among the others.
PRACTITIONER_AT_THE_OPEN, PRACTITIONER_AT_THE_FULL = 150, 69

_QUESTIONS_TO_SPEAKERS = (
    "How do you keep going when a family has moved three times?",
    "What did you stop doing to make room for this?",
    "Do you have an example of a plan that a teenager wrote?",
    "How long did it take until schools joined in?",
    "I would like to hear how the night rota is paid for.",
    "What do you write in the record while trust is still being built?",
)
_WHAT_THEY_LEAD = (
    "A team of eleven with two health visitors in it. I would bring our first year’s mistakes.",
    "Early help across four towns; I am looking for ways to share supervision.",
    "A police team that works from the council’s office three days a week.",
    "I took over a family hub in spring and would like to learn how others set priorities.",
)

_PRACTITIONER = Attendee(
    name=PRACTITIONER.name,
    email=PRACTITIONER.email,
    organisation="Marlbridge Council",
    sector=Sector.LOCAL_AUTHORITY,
    role="Family help practitioner",
    access="",
    dietary="Vegetarian",
)


def load_crowd(loaded: Loaded, people: dict[str, Person], *, now: datetime) -> int:
    """Fill the new invented events with registrations, and give how many there are."""
    if not loaded.new_events:
        return 0
    crowd = attendees(AT_THE_OPEN + AT_THE_FULL)
    _make_people(crowd, now)
    random = Random(20240430)  # noqa: S311 - the same story every time, and nothing to guard
    before, after = crowd[:AT_THE_OPEN], crowd[AT_THE_OPEN:]
    before.insert(PRACTITIONER_AT_THE_OPEN, _PRACTITIONER)
    after.insert(PRACTITIONER_AT_THE_FULL, _PRACTITIONER)
    made = 0
    if event := loaded.new_events.get(invented.ENDED):
        # What people needed for a day that is over has been deleted by now.
        then = [replace(one, access="", dietary="") for one in (*crowd[40 : 40 + AT_THE_ENDED], _PRACTITIONER)]
        made += len(_arrive(event, then, loaded, random, now=now))
    for title, names in ((invented.ENDED, crowd[READ_IN]), (invented.EARLIER, _network(crowd))):
        if event := loaded.new_events.get(title):
            made += _read_in(event, names, people[ORGANISER.email], now=now)
    if event := loaded.new_events.get(invented.FULL):
        made += len(_fill(event, after, loaded, random, now=now))
    if event := loaded.new_events.get(invented.BY_APPROVAL):
        made += len(_ask(event, crowd[100 : 100 + ASKING], loaded, people[ORGANISER.email], random, now=now))
    if event := loaded.new_events.get(invented.OPEN):
        made += len(_arrive(event, before, loaded, random, now=now))
        _star(event, people[PRACTITIONER.email], now)
    db.session.flush()
    return made


def _fill(event: Event, crowd: list[Attendee], loaded: Loaded, random: Random, *, now: datetime) -> list[Registration]:
    """More people than places; then two give theirs up, and the first two who wait are offered them."""
    rows = _arrive(event, crowd, loaded, random, now=now - timedelta(days=2))
    confirmed = [row for row in rows if row.state is RegistrationState.CONFIRMED]
    for row, before in zip(random.sample(confirmed, len(GIVEN_UP_BEFORE_NOW)), GIVEN_UP_BEFORE_NOW, strict=True):
        registrations.cancel(row.id, actor=Actor(ActorKind.LINK, row.person_id), now=now - before)
    return rows


def _ask(
    event: Event, crowd: list[Attendee], loaded: Loaded, organiser: Person, random: Random, *, now: datetime
) -> list[Registration]:
    """People who ask for a place; some were approved, one was declined, the others wait for a decision."""
    rows = _arrive(event, crowd, loaded, random, now=now - timedelta(days=1))
    actor = Actor(ActorKind.PERSON, organiser.id)
    for row in rows[:APPROVED]:
        registrations.approve(row.id, actor=actor, now=now - timedelta(hours=9))
    reason = "Eastmere has four places already. Please come to the next seminar."
    registrations.decline(rows[APPROVED].id, reason=reason, actor=actor, now=now - timedelta(hours=8))
    return rows


def _network(crowd: list[Attendee]) -> list[Attendee]:
    """Members of a network as they stand on its list, where a role is one of few words."""
    return [
        replace(one, role=roles[number % len(roles)])
        for sector, (count, roles) in NETWORK.items()
        for number, one in enumerate([one for one in crowd if one.sector is sector][-count:])
    ]


def _read_in(event: Event, crowd: list[Attendee], organiser: Person, *, now: datetime) -> int:
    """Register all of them at once from a list, as registration closes; nobody is written to. Gives how many."""
    at = min(now, event.registration_closes_at or now)
    rows: list[list[Cell]] = [[one.name, one.email, one.organisation, one.sector.label, one.role] for one in crowd]
    file = csv_bytes(["Name", "Email address", "Organisation", "Sector", "Role"], rows)
    actor = Actor(ActorKind.PERSON, organiser.id)
    reading = imports.read(ImportKind.REGISTRATIONS, get_fresh_event(event.id), file, filename="network-members.csv")
    options = imports.Options(letters=False)
    staged = imports.stage(event, reading, options, person_id=organiser.id, actor=actor, now=at)
    imports.confirm(staged.id, leaving_out=False, actor=actor, now=at)
    return len(crowd)


def _arrive(
    event: Event, crowd: list[Attendee], loaded: Loaded, random: Random, *, now: datetime
) -> list[Registration]:
    """Register all of them in their order, at moments between the opening and `now` or the closing."""
    rows = []
    for at, attendee in zip(_moments(event, len(crowd), random, now=now), crowd, strict=True):
        application = _application(attendee, event, loaded, random)
        outcome = registrations.register(event.id, application, actor=VISITOR, source=None, now=at)
        rows.append(outcome.registration)
    return rows


def _moments(event: Event, count: int, random: Random, *, now: datetime) -> list[datetime]:
    begin = event.registration_opens_at or now - timedelta(days=28)
    end = min(now, event.registration_closes_at or now)
    # Most come soon after the opening, as they do when the mail has gone out.
    return sorted(begin + (end - begin) * random.random() ** 2 for _ in range(count))


def _application(attendee: Attendee, event: Event, loaded: Loaded, random: Random) -> registrations.Application:
    organisation = loaded.organisations.get(attendee.organisation)
    mode = Mode.ONLINE if len(event.modes) > 1 and random.random() < ONLINE_SHARE else event.modes[-1]
    answers = {question.public_id: _answer(question, random) for question in event.questions}
    return registrations.Application(
        name=attendee.name,
        email=attendee.email,
        organisation_name=attendee.organisation,
        organisation_id=organisation.id if organisation else None,
        sector=attendee.sector,
        role=attendee.role,
        mode=mode,
        access=attendee.access,
        dietary=attendee.dietary if mode is Mode.IN_PERSON else "",
        answers={public_id: answer for public_id, answer in answers.items() if answer},
        notice_version=NOTICE_VERSION,
        language="en-GB",
    )


def _answer(question: EventQuestion, random: Random) -> list[str]:
    if question.kind is QuestionKind.ONE_CHOICE:
        return [random.choice(question.choices)]
    if question.kind is QuestionKind.SEVERAL_CHOICES:
        chosen = random.sample(question.choices, random.randrange(len(question.choices)))
        return [choice for choice in question.choices if choice in chosen]
    if question.required:
        return [random.choice(_WHAT_THEY_LEAD)]
    return [random.choice(_QUESTIONS_TO_SPEAKERS)] if random.random() < WRITING_SHARE else []


def _make_people(crowd: list[Attendee], now: datetime) -> None:
    """The people themselves, marked as demonstration, before the service would make them without the mark."""
    known = set(
        db.session.scalars(
            select(Person.email_folded).where(
                Person.email_folded.in_([fold_email(attendee.email) for attendee in crowd])
            )
        )
    )
    db.session.add_all(
        Person(
            name=attendee.name,
            email=attendee.email,
            email_folded=fold_email(attendee.email),
            demonstration=True,
            created_at=now,
            updated_at=now,
        )
        for attendee in crowd
        if fold_email(attendee.email) not in known
    )
    db.session.flush()


def _star(event: Event, person: Person, now: datetime) -> None:
    wanted = select(Session).where(Session.event_id == event.id, Session.title.in_(STARRED))
    db.session.add_all(
        Star(person_id=person.id, session_id=session.id, created_at=now) for session in db.session.scalars(wanted)
    )
