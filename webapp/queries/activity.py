"""Reading the record of what happened."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, false, func, literal, or_, select, union_all

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.folding import words
from webapp.models import library
from webapp.models.accounts import ActorKind, Grant, Person, ThingKind
from webapp.models.activity import Activity
from webapp.models.agenda import Session
from webapp.models.areas import Area, AreaDocument, Milestone, Wave
from webapp.models.attendance import AttendanceReport
from webapp.models.communities import Category, Community
from webapp.models.drafts import AgendaRelease, DraftSession, DraftStream, Room
from webapp.models.events import Event, EventQuestion
from webapp.models.imports import Import
from webapp.models.mailings import Letter
from webapp.models.materials import Material
from webapp.models.memberships import MembershipInvitation
from webapp.models.programmes import Programme
from webapp.models.publications import Article, Issue, Publication
from webapp.models.reflections import Framework
from webapp.models.registrations import Invitee, Registration
from webapp.models.search import SearchKind
from webapp.models.series import Series
from webapp.models.speakers import Speaker
from webapp.models.surveys import Survey
from webapp.models.to_many import Mailing
from webapp.models.topics import Topic
from webapp.queries.paging import Page, nearest
from webapp.queries.search import condition, matching_ids

SHOWN = 200
PAGE_SIZE = 50
COUNTED = 10_000
_CHUNK = 1_000

# By what each kind of thing is known to people. All have an id and a public id.
NAMES: Mapping[ThingKind, tuple[Any, ColumnElement[str]]] = {
    ThingKind.PROGRAMME: (Programme, Programme.__table__.c.name),
    ThingKind.EVENT: (Event, Event.__table__.c.title),
    ThingKind.SESSION: (Session, Session.__table__.c.title),
    ThingKind.PERSON: (Person, Person.__table__.c.name),
    ThingKind.REGISTRATION: (Registration, Registration.__table__.c.name),
    ThingKind.SPEAKER: (Speaker, Speaker.__table__.c.name),
    ThingKind.DRAFT_SESSION: (DraftSession, DraftSession.__table__.c.title),
    ThingKind.STREAM: (DraftStream, DraftStream.__table__.c.name),
    ThingKind.ROOM: (Room, Room.__table__.c.name),
    ThingKind.QUESTION: (EventQuestion, EventQuestion.__table__.c.label),
    ThingKind.INVITEE: (Invitee, Invitee.__table__.c.name),
    ThingKind.RELEASE: (AgendaRelease, cast(AgendaRelease.__table__.c.number, String)),
    ThingKind.IMPORT: (Import, Import.__table__.c.filename),
    ThingKind.ATTENDANCE_REPORT: (AttendanceReport, AttendanceReport.__table__.c.filename),
    ThingKind.LETTER: (Letter, Letter.__table__.c.recipient_name),
    ThingKind.SERIES: (Series, Series.__table__.c.title),
    ThingKind.MAILING: (Mailing, Mailing.__table__.c.name),
    ThingKind.SURVEY: (Survey, Survey.__table__.c.title),
    ThingKind.FRAMEWORK: (Framework, Framework.__table__.c.title),
    ThingKind.MATERIAL: (Material, Material.__table__.c.title),
    ThingKind.PUBLICATION: (Publication, Publication.__table__.c.title),
    ThingKind.ISSUE: (Issue, Issue.__table__.c.title),
    ThingKind.ARTICLE: (Article, Article.__table__.c.title),
    ThingKind.RESOURCE: (library.Resource, library.Resource.__table__.c.title),
    ThingKind.COLLECTION: (library.Collection, library.Collection.__table__.c.title),
    ThingKind.WAVE: (Wave, Wave.__table__.c.name),
    ThingKind.AREA: (Area, Area.__table__.c.name),
    ThingKind.AREA_DOCUMENT: (AreaDocument, AreaDocument.__table__.c.title),
    ThingKind.MILESTONE: (Milestone, Milestone.__table__.c.title),
    ThingKind.MEMBERSHIP_INVITATION: (MembershipInvitation, MembershipInvitation.__table__.c.name),
    ThingKind.COMMUNITY: (Community, Community.__table__.c.name),
    ThingKind.CATEGORY: (Category, Category.__table__.c.name),
    ThingKind.TOPIC: (Topic, Topic.__table__.c.title),
}


@dataclass(frozen=True)
class Thing:
    """What something was done to; name and public id are empty when it is no longer there."""

    kind: ThingKind
    id: int
    name: str = ""
    public_id: str = ""


@dataclass(frozen=True)
class Entry:
    """One thing that happened: what, when, to what, and who did it; the name is empty when no person acted."""

    verb: str
    at: datetime
    actor_kind: ActorKind
    actor_id: int | None
    actor_name: str
    details: dict[str, Any]
    actor_public_id: str = ""
    thing: Thing | None = None
    redacted: bool = False


@dataclass(frozen=True)
class Word:
    """A word looked for, and whatever it stands in besides names: sentences of verbs, names of kinds and of actors."""

    text: str
    verbs: Collection[str] = ()
    kinds: Collection[ThingKind] = ()
    actors: Collection[ActorKind] = ()


@dataclass(frozen=True, kw_only=True)
class ActivityFilter:
    """Which of the entries of an event; empty finds all. Without a letter or digit, `text` finds nothing."""

    text: str = ""
    looked_for: Sequence[Word] = field(default=())
    kind: ThingKind | None = None
    actor: str = ""
    actor_kinds: Collection[ActorKind] = ()
    since: datetime | None = None
    before: datetime | None = None


def history_of(kind: ThingKind, thing_id: int) -> list[Entry]:
    """What happened to a thing, latest first, up to 200 entries."""
    statement = (
        select(Activity)
        .where(Activity.thing_kind == kind, Activity.thing_id == thing_id)
        .order_by(Activity.id.desc())
        .limit(SHOWN)
    )
    return _entries(db.session.scalars(statement).all())


def find_activity(event: Event, wanted: ActivityFilter, *, page: int) -> Page[Entry]:
    """What happened at an event, latest first, 50 a page, counted up to 10,000."""
    if wanted == ActivityFilter():
        total = count_activity(event, wanted)
        number = nearest(page, min(total, COUNTED), PAGE_SIZE)
        first = _ids(event, wanted).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
        shown = db.session.scalars(first).all()
    else:
        # A search looks at every entry there is: what it found is counted and shown without a second look.
        ids = db.session.scalars(_ids(event, wanted).limit(COUNTED + 1)).all()
        total = len(ids)
        number = nearest(page, min(total, COUNTED), PAGE_SIZE)
        shown = ids[(number - 1) * PAGE_SIZE : min(number * PAGE_SIZE, COUNTED)]
    more, total = total > COUNTED, min(total, COUNTED)
    if not shown:
        return Page([], number, PAGE_SIZE, total)
    statement = select(Activity).where(Activity.id.in_(shown)).order_by(Activity.at.desc(), Activity.id.desc())
    return Page(_entries(db.session.scalars(statement).all()), number, PAGE_SIZE, total, more)


def count_activity(event: Event, wanted: ActivityFilter) -> int:
    """How many entries a filter finds; one more than 10,000 where there are more."""
    found = _ids(event, wanted).limit(COUNTED + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def each_entry(event: Event, wanted: ActivityFilter) -> Iterator[Entry]:
    """The same entries, latest first, up to 10,000, a thousand read at a time."""
    ids = db.session.scalars(_ids(event, wanted).limit(COUNTED)).all()
    for start in range(0, len(ids), _CHUNK):
        statement = select(Activity).where(Activity.id.in_(ids[start : start + _CHUNK]))
        rows = db.session.scalars(statement.order_by(Activity.at.desc(), Activity.id.desc())).all()
        yield from _entries(rows)
        db.session.expunge_all()


def get_actor(event: Event, public_id: str) -> Person:
    """Somebody who did something at the event or has, or had, a role there; raises NotFound for anybody else."""
    person = db.session.scalars(select(Person).where(Person.public_id == public_id)).one_or_none()
    if person is None:
        raise NotFound
    acted = select(Activity.id).where(Activity.event_id == event.id, Activity.actor_id == person.id)
    known = select(Activity.id).where(
        Activity.thing_kind == ThingKind.PERSON, Activity.thing_id == person.id, Activity.event_id == event.id
    )
    helps = select(Grant.id).where(Grant.person_id == person.id, _grants_reach(event))
    if not any(db.session.scalar(one.limit(1)) for one in (acted, known, helps)):
        raise NotFound
    return person


def last_time(verb: str, kind: ThingKind, thing_id: int, *, event_id: int) -> datetime | None:
    """When this was last done to a thing at an event; None when it never was."""
    statement = (
        select(Activity.at)
        .where(Activity.thing_kind == kind, Activity.thing_id == thing_id)
        .where(Activity.verb == verb, Activity.event_id == event_id)
        .order_by(Activity.id.desc())
        .limit(1)
    )
    return db.session.scalar(statement)


def _ids(event: Event, wanted: ActivityFilter) -> Select[int]:
    statement = select(Activity.id).where(Activity.event_id == event.id)
    statement = statement.order_by(Activity.at.desc(), Activity.id.desc())
    if wanted.kind:
        statement = statement.where(Activity.thing_kind == wanted.kind)
    if wanted.actor:
        person = select(Person.id).where(Person.public_id == wanted.actor).scalar_subquery()
        statement = statement.where(Activity.actor_id == person)
    if wanted.actor_kinds:
        statement = statement.where(Activity.actor_kind.in_(wanted.actor_kinds))
    if wanted.since:
        statement = statement.where(Activity.at >= wanted.since)
    if wanted.before:
        statement = statement.where(Activity.at < wanted.before)
    if wanted.text and not wanted.looked_for:
        return statement.where(false())
    if wanted.looked_for:
        named = _named_things(event)
        statement = statement.where(*(_holds(event, word, named) for word in wanted.looked_for))
    return statement


def _holds(event: Event, word: Word, named: Sequence[Thing]) -> ColumnElement[bool]:
    """Whether an entry shows the word: in its sentence, in who acted, or in what was acted upon."""
    met = [thing for thing in named if any(one.startswith(word.text) for one in words(thing.name))]
    people = [thing.id for thing in met if thing.kind is ThingKind.PERSON]
    found: list[ColumnElement[bool]] = [
        Activity.verb.in_(word.verbs),
        Activity.thing_kind.in_(word.kinds),
        Activity.actor_kind.in_(word.actors),
        and_(Activity.actor_kind == ActorKind.PERSON, Activity.actor_id.in_(people)),
    ]
    for kind in {thing.kind for thing in met}:
        ids = [thing.id for thing in met if thing.kind is kind]
        found.append(and_(Activity.thing_kind == kind, Activity.thing_id.in_(ids)))
    registered = matching_ids(SearchKind.REGISTRATION, event.id, word.text)
    thing_id = Activity.__table__.c.thing_id
    of_words = (
        condition(SearchKind.REGISTRATION, event.id, word.text, thing_id)
        if registered is None
        else thing_id.in_(registered)
    )
    return or_(*found, and_(Activity.thing_kind == ThingKind.REGISTRATION, of_words))


def _named_things(event: Event) -> list[Thing]:
    """Everything that was acted upon at the event but its registrations, and everybody who has a role there."""
    others = select(Activity.thing_kind, Activity.thing_id).distinct()
    kinds = [kind for kind in NAMES if kind is not ThingKind.REGISTRATION]
    rows = db.session.execute(others.where(Activity.event_id == event.id, Activity.thing_kind.in_(kinds)))
    wanted = {(kind, thing_id) for kind, thing_id in rows}
    helpers = select(Grant.person_id).where(_grants_reach(event)).distinct()
    wanted |= {(ThingKind.PERSON, person_id) for person_id in db.session.scalars(helpers)}
    return list(_things(wanted).values())


def _grants_reach(event: Event) -> ColumnElement[bool]:
    return or_(
        and_(Grant.thing_kind == ThingKind.EVENT, Grant.thing_id == event.id),
        and_(Grant.thing_kind == ThingKind.PROGRAMME, Grant.thing_id == event.programme_id),
        Grant.thing_kind == ThingKind.SITE,
    )


def _entries(rows: Sequence[Activity]) -> list[Entry]:
    """The rows with the names of those who acted and of what was acted upon, by one more query for all."""
    actors = {(ThingKind.PERSON, row.actor_id) for row in rows if row.actor_id is not None}
    things = _things(actors | {(row.thing_kind, row.thing_id) for row in rows})
    return [_entry(row, things) for row in rows]


def _entry(row: Activity, things: Mapping[tuple[ThingKind, int], Thing]) -> Entry:
    actor = things.get((ThingKind.PERSON, row.actor_id)) if row.actor_id is not None else None
    return Entry(
        verb=row.verb,
        at=row.at,
        actor_kind=row.actor_kind,
        actor_id=row.actor_id,
        actor_name=actor.name if actor else "",
        details=row.details,
        actor_public_id=actor.public_id if actor else "",
        thing=things.get((row.thing_kind, row.thing_id), Thing(row.thing_kind, row.thing_id)),
        redacted=row.redacted_at is not None,
    )


def _things(wanted: Iterable[tuple[ThingKind, int]]) -> dict[tuple[ThingKind, int], Thing]:
    """Those of the things that are still there, by kind and id."""
    ids: dict[ThingKind, list[int]] = {}
    for kind, thing_id in sorted(set(wanted)):
        ids.setdefault(kind, []).append(thing_id)
    parts = []
    for kind in sorted(set(ids) & set(NAMES)):
        model, name = NAMES[kind]
        columns = (literal(kind.value).label("kind"), model.id, name.label("name"), model.public_id)
        parts.append(select(*columns).where(model.id.in_(ids[kind])))
    if not parts:
        return {}
    rows = db.session.execute(union_all(*parts))
    found = [Thing(ThingKind(kind), thing_id, name, public_id) for kind, thing_id, name, public_id in rows]
    return {(thing.kind, thing.id): thing for thing in found}
