"""The library of the demonstration made into rows, with what the demonstration practitioner saved."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from webapp.demonstration.accounts import PRACTITIONER
from webapp.demonstration.invented_programme import PATHWAYS
from webapp.demonstration.loading import Loaded
from webapp.demonstration.shelf import COLLECTIONS, NOTES, RESOURCES, ResourceFacts
from webapp.extensions import db
from webapp.folding import slug
from webapp.formats.documents import DocumentType
from webapp.formats.papers import Paper, Section, to_word
from webapp.models.accounts import Actor, ActorKind, Person, ThingKind
from webapp.models.agenda import Session
from webapp.models.events import Event
from webapp.models.library import Dating, Precision, Resource
from webapp.models.programmes import Programme
from webapp.services import files, library, saved
from webapp.services.library import ResourceWords

# An address that nobody can own, for what would be a file.
NOWHERE = "https://library.example.org/papers"


def load_library(
    loaded: Loaded, people: dict[str, Person], *, organiser: Person, folder: Path | None, today: date, now: datetime
) -> None:
    """Fill the library of the invented programme; where it has a resource already, nothing happens.

    Without a `folder` no resource has a file.
    """
    programme = loaded.programmes[PATHWAYS]
    if db.session.scalar(select(Resource.id).where(Resource.programme_id == programme.id).limit(1)) is not None:
        return
    actor = Actor(ActorKind.PERSON, organiser.id)
    made = {
        facts.title: _resource(facts, programme, loaded, folder=folder, today=today, actor=actor, now=now)
        for facts in RESOURCES
    }
    for title, introduction, titles in COLLECTIONS:
        acting: dict[str, Any] = {"actor": actor, "now": now - timedelta(days=9)}
        row = library.create_collection(programme.id, title=title, introduction=introduction, **acting)
        row.demonstration = True
        for inside in titles:
            library.add(row.id, made[inside].id, **acting)
        library.publish_collection(row.id, **acting)
    reader = people[PRACTITIONER.email]
    for days, (title, note) in enumerate(NOTES.items(), start=1):
        saved.save(reader.id, ThingKind.RESOURCE, made[title].id, note=note, now=now - timedelta(days=days))
    db.session.flush()


def _resource(
    facts: ResourceFacts,
    programme: Programme,
    loaded: Loaded,
    *,
    folder: Path | None,
    today: date,
    actor: Actor,
    now: datetime,
) -> Resource:
    acting: dict[str, Any] = {"actor": actor, "now": now - timedelta(days=facts.added)}
    row = library.create(programme.id, _words(facts, loaded, today, has_file=bool(facts.paper and folder)), **acting)
    row.demonstration = True
    for name in facts.authors:
        if name in loaded.speakers:
            library.link_author(row.id, name, loaded.speakers[name].public_id, **acting)
    if facts.session is not None:
        event, title = facts.session
        _relate(row, loaded.events[event], title, **acting)
    if facts.paper and folder is not None:
        kind = DocumentType.DOCX
        paper = Paper(title=facts.title, sections=[Section(title="Pages", about=facts.paper)], made_at=acting["now"])
        written = files.write(to_word(paper), kind.media_type, folder=folder, now=now)
        library.attach_file(row.id, written, f"{slug(facts.title)}.{kind.extension}", **acting)
    if facts.state != "draft":
        library.publish(row.id, **acting)
    if facts.state == "archived":
        library.archive(row.id, actor=actor, now=now - timedelta(days=5))
    return row


def _words(facts: ResourceFacts, loaded: Loaded, today: date, *, has_file: bool) -> ResourceWords:
    dated = None
    if facts.made is not None:
        on = today - timedelta(days=facts.made)
        on = on.replace(day=1) if facts.known is not Precision.DAY else on
        dated = Dating(on.replace(month=1) if facts.known is Precision.YEAR else on, facts.known)
    return ResourceWords(
        kind=facts.kind,
        title=facts.title,
        summary=facts.summary,
        description=facts.description,
        url=facts.url or ("" if has_file else NOWHERE),
        dated=dated,
        review_on=None if facts.review is None else today + timedelta(days=facts.review),
        authors=facts.authors,
        organisations=facts.organisations,
        themes=[loaded.themes[PATHWAYS, theme].public_id for theme in facts.themes],
    )


def _relate(row: Resource, event: Event, title: str, **acting: Any) -> None:
    wanted = select(Session.public_id).where(Session.event_id == event.id, Session.title == title)
    library.relate(row.id, event.id, [db.session.scalars(wanted).one()], **acting)
