"""Facts made into rows. Every thing is found by its natural key first, so that loading again adds nothing."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from webapp.demonstration.shapes import (
    ContributionFacts,
    DayFacts,
    EventFacts,
    Facts,
    OrganisationFacts,
    ProgrammeFacts,
    QuestionFacts,
    SessionFacts,
    SpeakerFacts,
)
from webapp.extensions import db
from webapp.folding import fold, name_key, slug
from webapp.models.agenda import Contribution, Session, Stream
from webapp.models.events import Event, EventDay, EventQuestion, EventState, Places, moment
from webapp.models.organisations import Organisation, OrganisationAlias
from webapp.models.programmes import Programme, ProgrammePart, Theme
from webapp.models.speakers import Speaker

__all__ = ["Loaded", "load_facts"]


@dataclass
class Loaded:
    """What the facts became, by name; of events, speakers and organisations also which were not there before."""

    organisations: dict[str, Organisation] = field(default_factory=dict)
    programmes: dict[str, Programme] = field(default_factory=dict)
    themes: dict[tuple[str, str], Theme] = field(default_factory=dict)
    speakers: dict[str, Speaker] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    new_speakers: list[Speaker] = field(default_factory=list)
    new_organisations: list[Organisation] = field(default_factory=list)
    new_events: dict[str, Event] = field(default_factory=dict)


def load_facts(facts: Facts, *, now: datetime) -> Loaded:
    """Rows for all facts, in the open unit; what exists already is left as it is, dates included."""
    loaded = Loaded()
    for organisation in facts.organisations:
        _load_organisation(organisation, loaded, demonstration=facts.demonstration, now=now)
    for programme in facts.programmes:
        _load_programme(programme, loaded, demonstration=facts.demonstration, now=now)
    for speaker in facts.speakers:
        _load_speaker(speaker, loaded, demonstration=facts.demonstration, now=now)
    for event in facts.events:
        _load_event(event, loaded, demonstration=facts.demonstration, now=now)
    db.session.flush()
    return loaded


def _load_organisation(facts: OrganisationFacts, loaded: Loaded, *, demonstration: bool, now: datetime) -> None:
    row = db.session.scalar(select(Organisation).where(Organisation.name_folded == fold(facts.name)))
    if row is None:
        row = Organisation(
            slug=slug(facts.name),
            name=facts.name,
            name_folded=fold(facts.name),
            sector=facts.sector,
            demonstration=demonstration,
            created_at=now,
            updated_at=now,
            aliases=[OrganisationAlias(name=alias, name_folded=fold(alias)) for alias in facts.aliases],
        )
        db.session.add(row)
        loaded.new_organisations.append(row)
    loaded.organisations[facts.name] = row


def _load_programme(facts: ProgrammeFacts, loaded: Loaded, *, demonstration: bool, now: datetime) -> None:
    row = db.session.scalar(select(Programme).where(Programme.name == facts.name))
    if row is None:
        row = Programme(
            slug=slug(facts.name),
            name=facts.name,
            summary=facts.summary,
            description=facts.description,
            demonstration=demonstration,
            created_at=now,
            updated_at=now,
            themes=[
                Theme(slug=theme.slug, name=theme.name, kind=theme.kind, summary=theme.summary, position=position)
                for position, theme in enumerate(facts.themes, start=1)
            ],
        )
        db.session.add(row)
        themes = {theme.slug: theme for theme in row.themes}
        for part in facts.parts:
            for name in part.organisations:
                db.session.add(
                    ProgrammePart(
                        programme=row,
                        organisation=loaded.organisations[name],
                        theme=themes[part.theme] if part.theme else None,
                        part=part.part,
                        task=part.task,
                    )
                )
        db.session.flush()
    loaded.programmes[facts.name] = row
    for theme in db.session.scalars(select(Theme).where(Theme.programme_id == row.id)):
        loaded.themes[facts.name, theme.slug] = theme


def _load_speaker(facts: SpeakerFacts, loaded: Loaded, *, demonstration: bool, now: datetime) -> None:
    row = db.session.scalar(
        select(Speaker).where(Speaker.name == facts.name, Speaker.demonstration == demonstration).order_by(Speaker.id)
    )
    if row is None:
        row = Speaker(
            slug=slug(facts.name),
            name=facts.name,
            name_sort=name_key(facts.name),
            job_title=facts.job_title,
            organisation=loaded.organisations[facts.organisation] if facts.organisation else None,
            biography=facts.biography,
            demonstration=demonstration,
            created_at=now,
            updated_at=now,
        )
        db.session.add(row)
        loaded.new_speakers.append(row)
    loaded.speakers[facts.name] = row


def _load_event(facts: EventFacts, loaded: Loaded, *, demonstration: bool, now: datetime) -> None:
    programme = loaded.programmes[facts.programme]
    row = db.session.scalar(select(Event).where(Event.programme_id == programme.id, Event.title == facts.title))
    if row is None:
        row = _event(facts, programme, loaded, demonstration=demonstration, now=now)
        db.session.add(row)
        db.session.flush()
        _load_agenda(facts, row, loaded, now=now)
        db.session.flush()
        loaded.new_events[facts.title] = row
    loaded.events[facts.title] = row


def _event(facts: EventFacts, programme: Programme, loaded: Loaded, *, demonstration: bool, now: datetime) -> Event:
    first, last = facts.days[0], facts.days[-1]
    zone = "Europe/London"
    # An event that people have registered for in past weeks was there in past weeks.
    made = min(now, facts.registration_opens_at or now)
    event = Event(
        programme=programme,
        slug=slug(facts.title),
        title=facts.title,
        summary=facts.summary,
        description=facts.description,
        state=facts.state,
        listed=facts.state is not EventState.DRAFT,
        demonstration=demonstration,
        format=facts.format,
        zone=zone,
        starts_on=first.date,
        ends_on=last.date,
        starts_at=moment(first.date, first.times[0] if first.times else None, zone),
        ends_at=moment(last.date, last.times[1] if last.times else None, zone, end=True),
        venue=facts.venue,
        hashtag=facts.hashtag,
        reach=facts.reach,
        thanks=facts.thanks,
        joining_instructions=facts.joining_instructions,
        organiser_name=facts.organiser_name,
        organiser_email=facts.organiser_email,
        takes_registrations=facts.takes_registrations,
        registration_opens_at=facts.registration_opens_at,
        registration_closes_at=facts.registration_closes_at,
        needs_approval=facts.needs_approval,
        offer_hours=facts.offer_hours,
        cancelled_reason=facts.cancelled_reason,
        calendar_changed_at=made,
        created_at=made,
        updated_at=made,
        days=[_day(day) for day in facts.days],
        questions=[_question(question, position) for position, question in enumerate(facts.questions, start=1)],
        themes=[loaded.themes[facts.programme, theme] for theme in facts.themes],
    )
    event.places = [Places(mode=mode, capacity=facts.capacities.get(mode)) for mode in event.modes]
    return event


def _day(facts: DayFacts) -> EventDay:
    starts, ends = facts.times or (None, None)
    return EventDay(date=facts.date, starts=starts, ends=ends)


def _question(facts: QuestionFacts, position: int) -> EventQuestion:
    return EventQuestion(
        position=position,
        kind=facts.kind,
        label=facts.label,
        help=facts.help,
        required=facts.required,
        choices=list(facts.choices),
    )


def _load_agenda(facts: EventFacts, event: Event, loaded: Loaded, *, now: datetime) -> None:
    streams = {
        name: Stream(event_id=event.id, name=name, position=position)
        for position, name in enumerate(facts.streams, start=1)
    }
    db.session.add_all(streams.values())
    positions = dict.fromkeys(range(len(event.days)), 0)
    for session in facts.sessions:
        positions[session.day] += 1
        row = _session(session, event, loaded, position=positions[session.day], now=now)
        row.stream = streams[session.stream] if session.stream else None
        row.themes = [loaded.themes[facts.programme, theme] for theme in session.themes]
        db.session.add(row)


def _session(facts: SessionFacts, event: Event, loaded: Loaded, *, position: int, now: datetime) -> Session:
    day = event.days[facts.day]
    starts, ends = facts.times or (None, None)
    return Session(
        event=event,
        day=day,
        slug=slug(facts.title),
        position=position,
        kind=facts.kind,
        title=facts.title,
        summary=facts.summary,
        description=facts.description,
        starts=starts,
        ends=ends,
        starts_at=moment(day.date, starts, event.zone) if starts else None,
        ends_at=moment(day.date, ends, event.zone) if ends else None,
        room=facts.room,
        calendar_changed_at=now,
        created_at=now,
        updated_at=now,
        contributions=[
            _contribution(contribution, loaded, position=place)
            for place, contribution in enumerate(facts.contributions, start=1)
        ],
    )


def _contribution(facts: ContributionFacts, loaded: Loaded, *, position: int) -> Contribution:
    speaker = loaded.speakers[facts.speaker] if facts.speaker else None
    organisation = loaded.organisations[facts.organisation] if facts.organisation else None
    return Contribution(
        speaker=speaker,
        organisation=speaker.organisation if speaker else organisation,
        role=facts.role,
        position=position,
    )
