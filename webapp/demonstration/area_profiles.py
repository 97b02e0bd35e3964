"""Profiles of invented areas: written by their people over the past weeks, with documents and a history.

It comes after what puts the areas, their people and partners and a first model of theirs into the invented programme.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import select

from webapp.demonstration.area_words import AREAS, AreaFacts, SharedFacts, StrandFacts
from webapp.demonstration.communities_facts import EASTMERE
from webapp.demonstration.invented_programme import PATHWAYS
from webapp.demonstration.leaflets import SHEET, as_pdf
from webapp.demonstration.loading import Loaded
from webapp.extensions import db
from webapp.models.accounts import Actor, ActorKind, Person
from webapp.models.areas import Area
from webapp.models.belonging import MemberRole
from webapp.models.memberships import How, Membership
from webapp.queries.area_profiles import strands_of
from webapp.services import area_documents, area_profiles, files
from webapp.services.materials import Upload

_SINCE = timedelta(days=60)


@dataclass
class _Writing:
    """An area that is being written about, by whom, and where its files lie."""

    area: Area
    people: list[Person]
    folder: Path | None
    now: datetime
    turns: int = 0

    def next(self) -> Actor:
        """Whose turn it is to write."""
        self.turns += 1
        return Actor(ActorKind.PERSON, self.people[self.turns % len(self.people)].id)


def write_profiles(
    loaded: Loaded, *, organiser: Person, practitioner: Person, folder: Path | None, now: datetime
) -> None:
    """Let the areas say what they do, files only where there is a `folder`; one that said anything is left as it is."""
    programme = loaded.programmes[PATHWAYS]
    statement = select(Area).where(Area.programme_id == programme.id, Area.demonstration, Area.version == 1)
    areas = {area.name: area for area in db.session.scalars(statement.order_by(Area.id))}
    for facts in AREAS:
        if area := areas.get(facts.name):
            if facts.name == EASTMERE:
                _let_join(practitioner, area, now - _SINCE)
            _write(facts, _Writing(area, _people_of(area) or [organiser], folder, now))


def _let_join(person: Person, area: Area, at: datetime) -> None:
    belongs = select(Membership.id).where(Membership.person_id == person.id, Membership.area_id == area.id)
    if db.session.scalar(belongs.limit(1)) is None:
        place = {"programme_id": area.programme_id, "wave_id": area.wave_id, "area_id": area.id}
        row = Membership(person_id=person.id, role=MemberRole.MEMBER, how=How.ADDED, joined_at=at, **place)
        db.session.add(row)
        db.session.flush()


def _people_of(area: Area) -> list[Person]:
    keeping = (MemberRole.LEAD, MemberRole.MEMBER)
    statement = select(Person).join(Membership, Membership.person_id == Person.id)
    of_area = statement.where(Membership.area_id == area.id, Membership.role.in_(keeping))
    return list(db.session.scalars(of_area.order_by(Membership.id)))


def _write(facts: AreaFacts, writing: _Writing) -> None:
    """Let the area's people say all of it, each of them in turn, in the order of the days."""
    themes = {one.slug: one.public_id for one in strands_of(writing.area.programme_id)}
    steps: list[tuple[int, Callable[[Actor, datetime], object]]] = [(58, partial(_describe, facts, writing.area))]
    steps += [(one.days, partial(_say, one, themes[one.strand], writing.area)) for one in facts.strands]
    steps += [(one.days, partial(_share, one, writing)) for one in facts.shares]
    steps += [(5, partial(_name, facts, writing.area))] if facts.contacts else []
    for days, step in sorted(steps, key=lambda one: -one[0]):
        step(writing.next(), (writing.now - timedelta(days=days)).replace(hour=9 + days % 7))


def _describe(facts: AreaFacts, area: Area, actor: Actor, then: datetime) -> None:
    said = {"summary": facts.summary, "conditions": facts.conditions}
    area_profiles.describe(area.id, **said, version=area.version, actor=actor, now=then)


def _say(facts: StrandFacts, theme: str, area: Area, actor: Actor, then: datetime) -> None:
    words = area_profiles.StrandWords(model=facts.model, features=facts.features, challenges=facts.challenges)
    area_profiles.say_strand(area.id, theme, words, version=area.version, actor=actor, now=then)


def _name(facts: AreaFacts, area: Area, actor: Actor, then: datetime) -> None:
    contacts = [
        area_profiles.ContactWords(name=name, job_title=job_title, email=email, telephone=telephone)
        for name, job_title, email, telephone in facts.contacts
    ]
    area_profiles.name_contacts(area.id, contacts, version=area.version, actor=actor, now=then)


def _share(facts: SharedFacts, writing: _Writing, actor: Actor, then: datetime) -> None:
    area = writing.area
    if facts.url:
        area_documents.add_link(area.id, facts.url, facts.title, facts.reach, actor=actor, now=then)
        return
    if writing.folder is None:
        return
    content = as_pdf(facts.title, facts.pages, SHEET)
    written = files.write(content, "application/pdf", folder=writing.folder, now=writing.now)
    upload = Upload(written=written, filename=facts.filename, title=facts.title)
    stands = next((one for one in area.documents if one.title == facts.title), None)
    if stands is None:
        area_documents.add_file(area.id, upload, facts.reach, actor=actor, now=then)
    else:
        newer = area_documents.Sharing(title=facts.title, reach=facts.reach, upload=upload)
        area_documents.change(area.id, stands.public_id, newer, version=area.version, actor=actor, now=then)
