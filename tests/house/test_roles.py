"""Every door of the organisers' side, tried with every role: at the event that the role is for, and at another.

A new door needs a line in POWERS: what it takes to open it. Where its address names a thing of a new kind, OBJECTS
says how to make one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.answered import answer
from tests.making import Maker
from tests.notices.examples import notice
from webapp import transaction
from webapp.access import Who
from webapp.blueprints.addresses import Ref, RefConverter
from webapp.extensions import db
from webapp.models.accounts import ROLES, SYSTEM, Actor, ActorKind, Person, Power, Role, ThingKind
from webapp.models.areas import Milestone
from webapp.models.attendance import AttendanceRecord, AttendanceReport, Match, ReportSource
from webapp.models.communities import Community
from webapp.models.drafts import DraftSession, DraftStream, Room
from webapp.models.events import Event
from webapp.models.files import Attachment, FileReach
from webapp.models.imports import Fate, Import, ImportKind
from webapp.models.mailings import MailKind
from webapp.models.operations import Export, FileType
from webapp.models.programmes import Programme
from webapp.models.publications import Article, Issue
from webapp.models.registrations import Invitee, Registration, RegistrationNote
from webapp.models.series import Repeat, Series, SeriesMember
from webapp.models.speakers import Speaker
from webapp.models.surveys import Survey
from webapp.models.to_many import Mailing
from webapp.models.transcripts import Transcript, Turn, TurnProposal
from webapp.notices.rendering import render
from webapp.outbox import post
from webapp.queries.surveys import texts
from webapp.services import communities, files, materials, to_many
from webapp.services.drafts import Part
from webapp.services.surveys import themes

POWERS = {
    "manage.activity.download": Power.SET_UP,
    "manage.activity.index": Power.SET_UP,
    "manage.activity.person": Power.SET_UP,
    "manage.admission.change": Power.SET_UP,
    "manage.admission.programme": Power.SET_UP,
    "manage.admission.show": Power.SET_UP,
    "manage.agenda.nudge": Power.EDIT_AGENDA,
    "manage.agenda.open_draft": Power.EDIT_AGENDA,
    "manage.agenda.place": Power.EDIT_AGENDA,
    "manage.agenda.run_sheet": Power.LOOK,
    "manage.agenda.show": Power.LOOK,
    "manage.agenda_files.download": Power.LOOK,
    "manage.agenda_files.index": Power.LOOK,
    "manage.attendance.download": Power.SEE_REGISTRATIONS,
    "manage.attendance.index": Power.SEE_REGISTRATIONS,
    "manage.attendance.record": Power.DECIDE,
    "manage.attendance.remove": Power.DECIDE,
    "manage.attendance.report": Power.SEE_REGISTRATIONS,
    "manage.attendance.upload": Power.DECIDE,
    "manage.check_in.add": Power.CHECK_IN,
    "manage.check_in.index": Power.CHECK_IN,
    "manage.check_in.new_code": Power.CHECK_IN,
    "manage.check_in.remove": Power.CHECK_IN,
    "manage.check_in.scan": Power.CHECK_IN,
    "manage.check_in.screen": Power.CHECK_IN,
    "manage.dashboard.download": Power.SEE_REGISTRATIONS,
    "manage.dashboard.organisations": Power.SEE_REGISTRATIONS,
    "manage.events.copy": Power.SET_UP,
    "manage.events.show": Power.LOOK,
    "manage.exports.create": Power.SEE_REGISTRATIONS,
    "manage.exports.download": Power.SEE_REGISTRATIONS,
    "manage.exports.index": Power.SEE_REGISTRATIONS,
    "manage.exports.show": Power.SEE_REGISTRATIONS,
    "manage.imports.confirm": Power.EDIT_AGENDA,
    "manage.imports.new": Power.EDIT_AGENDA,
    "manage.imports.show": Power.EDIT_AGENDA,
    "manage.imports.template": Power.EDIT_AGENDA,
    "manage.invitees.index": Power.DECIDE,
    "manage.invitees.new": Power.DECIDE,
    "manage.invitees.restore": Power.DECIDE,
    "manage.invitees.revoke": Power.DECIDE,
    "manage.invitees.send": Power.DECIDE,
    "manage.invitees.send_all": Power.DECIDE,
    "manage.letters.act": Power.DECIDE,
    "manage.letters.calendar": Power.DECIDE,
    "manage.letters.html": Power.SEE_REGISTRATIONS,
    "manage.letters.index": Power.SEE_REGISTRATIONS,
    "manage.letters.person": Power.SEE_REGISTRATIONS,
    "manage.letters.show": Power.SEE_REGISTRATIONS,
    "manage.letters.source": Power.DECIDE,
    "manage.life.archive": Power.SET_UP,
    "manage.life.bring_back": Power.SET_UP,
    "manage.life.cancel": Power.SET_UP,
    "manage.life.publish": Power.SET_UP,
    "manage.life.show": Power.SET_UP,
    "manage.life.withdraw": Power.SET_UP,
    "manage.mailings.audience": Power.DECIDE,
    "manage.mailings.cancel": Power.DECIDE,
    "manage.mailings.confirm": Power.DECIDE,
    "manage.mailings.edit": Power.DECIDE,
    "manage.mailings.index": Power.SEE_REGISTRATIONS,
    "manage.mailings.material": Power.DECIDE,
    "manage.mailings.new": Power.DECIDE,
    "manage.mailings.preview": Power.DECIDE,
    "manage.mailings.preview_html": Power.DECIDE,
    "manage.mailings.rehearsal": Power.SEE_REGISTRATIONS,
    "manage.mailings.rehearsed": Power.SEE_REGISTRATIONS,
    "manage.mailings.rehearsed_html": Power.SEE_REGISTRATIONS,
    "manage.mailings.remove": Power.DECIDE,
    "manage.mailings.remove_material": Power.DECIDE,
    "manage.mailings.rule": Power.DECIDE,
    "manage.mailings.show": Power.SEE_REGISTRATIONS,
    "manage.mailings.stop": Power.DECIDE,
    "manage.mailings.test": Power.DECIDE,
    "manage.mailings.when": Power.DECIDE,
    "manage.materials.add_files": Power.EDIT_AGENDA,
    "manage.materials.add_link": Power.EDIT_AGENDA,
    "manage.materials.edit": Power.EDIT_AGENDA,
    "manage.materials.fetch": Power.EDIT_AGENDA,
    "manage.materials.index": Power.EDIT_AGENDA,
    "manage.materials.move": Power.EDIT_AGENDA,
    "manage.materials.offer_given": Power.EDIT_AGENDA,
    "manage.materials.remove": Power.EDIT_AGENDA,
    "manage.people.change": Power.CHOOSE_PEOPLE,
    "manage.people.index": Power.LOOK,
    "manage.people.invite": Power.CHOOSE_PEOPLE,
    "manage.people.leave": Power.LOOK,
    "manage.people.letter": Power.CHOOSE_PEOPLE,
    "manage.people.remove": Power.CHOOSE_PEOPLE,
    "manage.questions.answer": Power.DECIDE,
    "manage.questions.delete": Power.SET_UP,
    "manage.questions.edit": Power.SET_UP,
    "manage.questions.index": Power.SET_UP,
    "manage.questions.move": Power.SET_UP,
    "manage.questions.new": Power.SET_UP,
    "manage.questions.restore": Power.SET_UP,
    "manage.questions.retire": Power.SET_UP,
    "manage.recordings.add": Power.EDIT_AGENDA,
    "manage.recordings.edit": Power.EDIT_AGENDA,
    "manage.recordings.index": Power.EDIT_AGENDA,
    "manage.recordings.move": Power.EDIT_AGENDA,
    "manage.recordings.none": Power.EDIT_AGENDA,
    "manage.recordings.publish": Power.EDIT_AGENDA,
    "manage.recordings.recorded": Power.EDIT_AGENDA,
    "manage.recordings.remove": Power.EDIT_AGENDA,
    "manage.recordings.show": Power.EDIT_AGENDA,
    "manage.recordings.take_back": Power.EDIT_AGENDA,
    "manage.recordings.upload": Power.EDIT_AGENDA,
    "manage.registrations.add": Power.DECIDE,
    "manage.registrations.add_note": Power.DECIDE,
    "manage.registrations.add_tag": Power.DECIDE,
    "manage.registrations.approve": Power.DECIDE,
    "manage.registrations.cancel": Power.DECIDE,
    "manage.registrations.decline": Power.DECIDE,
    "manage.registrations.delete_note": Power.DECIDE,
    "manage.registrations.edit": Power.DECIDE,
    "manage.registrations.index": Power.SEE_REGISTRATIONS,
    "manage.registrations.remove_tag": Power.DECIDE,
    "manage.registrations.send_again": Power.DECIDE,
    "manage.registrations.several": Power.DECIDE,
    "manage.registrations.show": Power.SEE_REGISTRATIONS,
    "manage.registrations.swap": Power.DECIDE,
    "manage.releases.index": Power.LOOK,
    "manage.releases.new": Power.EDIT_AGENDA,
    "manage.releases.under_way": Power.EDIT_AGENDA,
    "manage.sessions.cancel": Power.EDIT_AGENDA,
    "manage.sessions.edit": Power.EDIT_AGENDA,
    "manage.sessions.move": Power.EDIT_AGENDA,
    "manage.sessions.new": Power.EDIT_AGENDA,
    "manage.sessions.restore": Power.EDIT_AGENDA,
    "manage.sessions.shift": Power.EDIT_AGENDA,
    "manage.sessions.swap": Power.EDIT_AGENDA,
    "manage.setup.about": Power.SET_UP,
    "manage.setup.afterwards": Power.SET_UP,
    "manage.setup.contact": Power.SET_UP,
    "manage.setup.days": Power.SET_UP,
    "manage.setup.joining": Power.SET_UP,
    "manage.setup.place": Power.SET_UP,
    "manage.setup.preview": Power.SET_UP,
    "manage.setup.registration": Power.SET_UP,
    "manage.setup.show": Power.SET_UP,
    "manage.sign_ups.add": Power.DECIDE,
    "manage.sign_ups.door": Power.CHECK_IN,
    "manage.sign_ups.download": Power.SEE_REGISTRATIONS,
    "manage.sign_ups.download_all": Power.SEE_REGISTRATIONS,
    "manage.sign_ups.index": Power.SEE_REGISTRATIONS,
    "manage.sign_ups.remove": Power.DECIDE,
    "manage.sign_ups.show": Power.SEE_REGISTRATIONS,
    "manage.speakers.choose": Power.EDIT_AGENDA,
    "manage.speakers.edit": Power.EDIT_AGENDA,
    "manage.speakers.index": Power.EDIT_AGENDA,
    "manage.speakers.invite": Power.EDIT_AGENDA,
    "manage.speakers.kept_photo": Power.EDIT_AGENDA,
    "manage.speakers.merge": Power.EDIT_AGENDA,
    "manage.speakers.new": Power.EDIT_AGENDA,
    "manage.speakers.revoke": Power.EDIT_AGENDA,
    "manage.speakers.show": Power.EDIT_AGENDA,
    "manage.speakers.slides": Power.EDIT_AGENDA,
    "manage.streams.index": Power.EDIT_AGENDA,
    "manage.streams.move": Power.EDIT_AGENDA,
    "manage.streams.remove": Power.EDIT_AGENDA,
    "manage.streams.room": Power.EDIT_AGENDA,
    "manage.streams.stream": Power.EDIT_AGENDA,
    "manage.survey_results.add_theme": Power.READ_ANSWERS,
    "manage.survey_results.answers": Power.READ_ANSWERS,
    "manage.survey_results.compare": Power.SEE_RESULTS,
    "manage.survey_results.numbers": Power.SEE_RESULTS,
    "manage.survey_results.printed": Power.SEE_RESULTS,
    "manage.survey_results.public": Power.SET_UP,
    "manage.survey_results.put_themes": Power.READ_ANSWERS,
    "manage.survey_results.remove_text": Power.READ_ANSWERS,
    "manage.survey_results.remove_theme": Power.READ_ANSWERS,
    "manage.survey_results.responses": Power.READ_ANSWERS,
    "manage.survey_results.show": Power.SEE_RESULTS,
    "manage.survey_results.texts": Power.READ_ANSWERS,
    "manage.survey_results.written": Power.READ_ANSWERS,
    "manage.surveys.add_about_you": Power.SET_UP,
    "manage.surveys.address_code": Power.SEE_RESULTS,
    "manage.surveys.become": Power.SET_UP,
    "manage.surveys.copy": Power.SET_UP,
    "manage.surveys.delete": Power.SET_UP,
    "manage.surveys.delete_question": Power.SET_UP,
    "manage.surveys.delete_section": Power.SET_UP,
    "manage.surveys.move_question": Power.SET_UP,
    "manage.surveys.move_section": Power.SET_UP,
    "manage.surveys.new_for_event": Power.SET_UP,
    "manage.surveys.new_question": Power.SET_UP,
    "manage.surveys.new_section": Power.SET_UP,
    "manage.surveys.of_event": Power.SEE_RESULTS,
    "manage.surveys.preview": Power.SEE_RESULTS,
    "manage.surveys.publish": Power.SET_UP,
    "manage.surveys.question": Power.SET_UP,
    "manage.surveys.questions": Power.SET_UP,
    "manage.surveys.section": Power.SET_UP,
    "manage.surveys.settings": Power.SET_UP,
    "manage.surveys.show": Power.SEE_RESULTS,
    "manage.surveys.texts": Power.SET_UP,
    "manage.surveys.version": Power.SEE_RESULTS,
    "manage.surveys.write": Power.DECIDE,
    "manage.transcripts.about": Power.EDIT_AGENDA,
    "manage.transcripts.accept": Power.EDIT_AGENDA,
    "manage.transcripts.ask_to_check": Power.EDIT_AGENDA,
    "manage.transcripts.decline": Power.EDIT_AGENDA,
    "manage.transcripts.delete_source": Power.EDIT_AGENDA,
    "manage.transcripts.doubts": Power.EDIT_AGENDA,
    "manage.transcripts.erase": Power.EDIT_AGENDA,
    "manage.transcripts.erase_words": Power.EDIT_AGENDA,
    "manage.transcripts.history": Power.EDIT_AGENDA,
    "manage.transcripts.index": Power.EDIT_AGENDA,
    "manage.transcripts.join": Power.EDIT_AGENDA,
    "manage.transcripts.labels": Power.EDIT_AGENDA,
    "manage.transcripts.proposals": Power.EDIT_AGENDA,
    "manage.transcripts.publish": Power.EDIT_AGENDA,
    "manage.transcripts.put_back": Power.EDIT_AGENDA,
    "manage.transcripts.read_in": Power.EDIT_AGENDA,
    "manage.transcripts.remove": Power.EDIT_AGENDA,
    "manage.transcripts.show": Power.EDIT_AGENDA,
    "manage.transcripts.source": Power.EDIT_AGENDA,
    "manage.transcripts.split": Power.EDIT_AGENDA,
    "manage.transcripts.take_back": Power.EDIT_AGENDA,
    "manage.transcripts.turn": Power.EDIT_AGENDA,
    "manage.wordings.edit": Power.SET_UP,
    "manage.wordings.html": Power.SET_UP,
    "manage.wordings.index": Power.SET_UP,
    "manage.wordings.original": Power.SET_UP,
}
# Doors that are of no single event: they open to whoever has any role, and show what that role reaches.
# Doors of a series, which are for who sets up events in its programme: to others there is no such series.
OF_SERIES = {
    "manage.series.add",
    "manage.series.publish",
    "manage.series.remove",
    "manage.series.show",
    # So are those of a reflective tool.
    "manage.frameworks.about",
    "manage.frameworks.move",
    "manage.frameworks.new_outcome",
    "manage.frameworks.offer",
    "manage.frameworks.outcome",
    "manage.frameworks.publish",
    "manage.frameworks.remove_outcome",
    "manage.frameworks.send",
    "manage.frameworks.show",
    "manage.frameworks.version",
}
OF_LIBRARY = {
    f"manage.library.{one}"
    for one in ("archive", "author", "bring_back", "edit", "file", "publish", "remove_file", "sessions", "show")
}
OF_LIBRARY |= {
    f"manage.collections.{one}" for one in ("add", "archive", "bring_back", "edit", "move", "publish", "show")
}
# So are those of the library.
OF_SERIES |= OF_LIBRARY
# And those of a programme, its waves, its areas and its timeline.
OF_SERIES |= {f"manage.programmes.{one}" for one in ("add_part", "edit", "remove_part", "show")}
OF_SERIES |= {f"manage.{noun}.{one}" for noun in ("areas", "milestones", "waves") for one in ("edit", "new", "remove")}
OF_SERIES |= {"manage.waves.move"} | {f"manage.themes.{one}" for one in ("edit", "move", "new", "remove")}
# And those of its communities.
OF_SERIES |= {
    f"manage.communities.{one}"
    for one in (
        "archive",
        "bring_back",
        "category",
        "download",
        "download_of_all",
        "edit",
        "figures",
        "figures_of_all",
        "meetings",
        "move_category",
        "new_category",
        "remove_category",
        "rules",
        "show",
    )
}
OF_NO_EVENT = {"manage.events.index", "manage.events.new", "manage.series.index", "manage.series.new"} | OF_SERIES
OF_NO_EVENT |= {"manage.surveys.index", "manage.surveys.new"}
OF_NO_EVENT |= {"manage.frameworks.index", "manage.frameworks.new"}
OF_SERIES |= {
    # And those of a publication, its issues and its articles.
    "manage.publications.about",
    "manage.publications.about_issue",
    "manage.publications.approve",
    "manage.publications.article",
    "manage.publications.authors",
    "manage.publications.bring_back",
    "manage.publications.cover",
    "manage.publications.erase_versions",
    "manage.publications.figure",
    "manage.publications.found",
    "manage.publications.history",
    "manage.publications.issue",
    "manage.publications.kept_picture",
    "manage.publications.move",
    "manage.publications.new_article",
    "manage.publications.new_figure",
    "manage.publications.new_issue",
    "manage.publications.publish",
    "manage.publications.read_in",
    "manage.publications.remove",
    "manage.publications.remove_figure",
    "manage.publications.review",
    "manage.publications.review_issue",
    "manage.publications.show",
    "manage.publications.take_article_back",
    "manage.publications.take_back",
    "manage.publications.tick_off",
    "manage.publications.version",
    "manage.publications.write",
}
OF_NO_EVENT |= {"manage.publications.index", "manage.publications.new"} | OF_SERIES
LIBRARY = {f"manage.{noun}.{one}" for noun in ("collections", "library") for one in ("index", "new")}
LIBRARY |= {"manage.programmes.index", "manage.programmes.new", "manage.communities.index", "manage.communities.new"}
OF_NO_EVENT |= LIBRARY
ABBREVIATIONS = {f"manage.abbreviations.{one}" for one in ("edit", "index", "new", "remove")}
OF_NO_EVENT |= ABBREVIATIONS

# And those to the people of a programme.
OF_MEMBERS = {
    f"manage.memberships.{one}" for one in ("add", "download", "end", "invitations", "role", "send", "show", "withdraw")
} | {f"manage.member_imports.{one}" for one in ("confirm", "new", "show", "template")}
OF_SERIES |= OF_MEMBERS
OF_NO_EVENT |= {"manage.memberships.index"} | OF_MEMBERS

# Doors to what is of the whole programme: a role at a single event is not enough.
OF_PROGRAMME = {
    "manage.admission.programme",
    "manage.events.copy",
    "manage.events.new",
    "manage.frameworks.index",
    "manage.frameworks.new",
    "manage.memberships.index",
    "manage.publications.index",
    "manage.publications.new",
    "manage.series.index",
    "manage.series.new",
    "manage.surveys.new",
} | ABBREVIATIONS
OF_PROGRAMME |= LIBRARY

# Doors that are of no event, and open to whoever has the power at any.
ANYWHERE = {"manage.speakers.suggest": Power.EDIT_AGENDA}


@dataclass(frozen=True)
class Looking:
    """Somebody who tries the doors: a visitor without a person, and no organiser without a role."""

    who: str
    person: Person | None = None
    role: Role | None = None


@dataclass
class World:
    """Two events of two programmes, and things at them, made when an address first names one."""

    make: Maker
    things: dict[tuple[str, int, int], str] = field(default_factory=dict)

    def thing(self, name: str, event: Event, viewer: Person) -> str:
        """What stands for an argument of an address; a thing that belongs to one person is made for each viewer."""
        key = (name, event.id, viewer.id if name in OF_ONE_PERSON else 0)
        if key not in self.things:
            self.things[key] = OBJECTS[name](self, event, viewer)
        return self.things[key]

    def address(self, rule: Rule, event: Event, viewer: Person) -> str:
        """Where a door is, for things at this event."""
        values: dict[str, Any] = {name: self.thing(name, event, viewer) for name in rule.arguments - {"event"}}
        for name, value in values.items():
            if isinstance(rule._converters[name], RefConverter):
                values[name] = Ref("thing", value)
        if "event" in rule.arguments:
            values["event"] = event
        return self.make.app.url_map.bind("localhost").build(rule.endpoint, values)

    def kept(self, row: db.Model) -> str:
        """The public id of a row that is now in the database."""
        with self.make.app.app_context(), transaction.unit():
            db.session.add(row)
            db.session.flush()
            return str(row.public_id)


def _registration(world: World, event: Event, _viewer: Person) -> str:
    return str(world.make.registration(event).public_id)


def _helper(world: World, event: Event, _viewer: Person) -> str:
    person = world.make.person()
    world.make.grant(person, Role.READER, ThingKind.EVENT, event.id)
    return str(person.public_id)


def _export(world: World, event: Event, viewer: Person) -> str:
    now = world.make.now
    times = {"requested_at": now, "finished_at": now, "expires_at": now + timedelta(days=1)}
    return world.kept(
        Export(event_id=event.id, person_id=viewer.id, filetype=FileType.CSV, filters={}, with_needs=False, **times)
    )


def _session(world: World, event: Event, _viewer: Person) -> str:
    # Released, with places of its own: doors to planned and to released sessions name it alike.
    world.make.draft(event)
    session = world.make.planned(event, takes_sign_ups=True)
    world.make.released(event)
    return str(session.public_id)


def _stream(world: World, event: Event, _viewer: Person) -> str:
    return world.kept(DraftStream(event_id=event.id, name="Practice", position=1))


def _room(world: World, event: Event, _viewer: Person) -> str:
    return world.kept(Room(event_id=event.id, name="Hall", position=1))


def _speaker(world: World, event: Event, _viewer: Person) -> str:
    world.make.draft(event)
    speaker = world.make.speaker()
    world.make.planned(event, parts=[Part(speaker=speaker.name)], day=None)
    return str(speaker.public_id)


def _receipt(world: World, event: Event, viewer: Person) -> str:
    public_id = world.thing("speaker", event, viewer)
    with world.make.app.app_context():
        folder, now = world.make.app.config["SETTINGS"].files_path, world.make.now
        written = files.write(b"a picture", "image/jpeg", folder=folder, now=now)
        return files.receipt(written, public_id, f"person {viewer.id}")


def _item(world: World, event: Event, viewer: Person) -> str:
    with world.make.app.app_context():
        folder, now = world.make.app.config["SETTINGS"].files_path, world.make.now
        content = b"%PDF-1.7 " + f"{event.id} {viewer.id}".encode()
        written = files.write(content, "application/pdf", folder=folder, now=now)
        upload = materials.Upload(written=written, filename="slides.pdf", title="Slides")
        offer = materials.Offer(title="", reach=FileReach.ORGANISERS)
        with transaction.unit():
            (row,) = materials.add_files(event.id, [upload], offer, actor=SYSTEM, now=now)
            return str(row.public_id)


def _attachment(world: World, event: Event, viewer: Person) -> str:
    public_id = world.thing("speaker", event, viewer)
    with world.make.app.app_context():
        speaker = db.session.scalars(select(Speaker).where(Speaker.public_id == public_id)).one()
        session = db.session.scalars(select(DraftSession).where(DraftSession.event_id == event.id).limit(1)).one()
    with world.make.app.app_context():
        folder, now = world.make.app.config["SETTINGS"].files_path, world.make.now
        written = files.write(b"%PDF-1.7 " + public_id.encode(), "application/pdf", folder=folder, now=now)
        with transaction.unit():
            kept = files.keep(written, now=now)
            row = Attachment(
                file_id=kept.id,
                speaker_id=speaker.id,
                event_id=event.id,
                thing_kind=ThingKind.DRAFT_SESSION,
                thing_id=session.id,
                title="Slides",
                filename="slides.pdf",
                added_at=world.make.now,
            )
            db.session.add(row)
            db.session.flush()
            return str(row.public_id)


def _question(world: World, event: Event, _viewer: Person) -> str:
    return str(world.make.question(event, "What brings you?").public_id)


def _invitee(world: World, event: Event, _viewer: Person) -> str:
    now, email = world.make.now, f"invited{event.id}@example.org"
    return world.kept(
        Invitee(event_id=event.id, name="", email=email, email_folded=email, nonce="5eed", created_at=now, sent_at=now)
    )


def _letter(world: World, event: Event, _viewer: Person) -> str:
    with world.make.app.app_context(), transaction.unit():
        letter = post(notice("registration_confirmed", event_id=event.id), now=world.make.now)
        db.session.flush()
        letter.message = render(letter, world.make.app.config["SETTINGS"])
        return str(letter.public_id)


def _report(world: World, event: Event, _viewer: Person) -> str:
    return world.kept(
        AttendanceReport(
            event_id=event.id,
            day_id=event.days[0].id,
            source=ReportSource.TEAMS,
            filename="report.csv",
            digest="0" * 64,
            imported_at=world.make.now,
        )
    )


def _record(world: World, event: Event, viewer: Person) -> str:
    public_id = world.thing("report", event, viewer)
    with world.make.app.app_context():
        report = db.session.scalars(select(AttendanceReport).where(AttendanceReport.public_id == public_id)).one()
    return world.kept(AttendanceRecord(report_id=report.id, match=Match.UNSURE, name="Ada Wren", minutes=10))


def _note(world: World, event: Event, viewer: Person) -> str:
    public_id = world.thing("registration", event, viewer)
    with world.make.app.app_context():
        row = db.session.scalars(select(Registration).where(Registration.public_id == public_id)).one()
    return world.kept(
        RegistrationNote(registration_id=row.id, author_id=viewer.id, text="Mind the gap", created_at=world.make.now)
    )


def _mailing(world: World, event: Event, viewer: Person) -> str:
    words = to_many.Words(name="News", kind=MailKind.NEWS, subject="News", body="News")
    with world.make.app.app_context(), transaction.unit():
        row = to_many.begin(event.id, words, actor=Actor(ActorKind.PERSON, viewer.id), now=world.make.now)
        return str(row.public_id)


def _material(world: World, event: Event, viewer: Person) -> str:
    public_id = world.thing("mailing", event, viewer)
    with world.make.app.app_context():
        row = db.session.scalars(select(Mailing).where(Mailing.public_id == public_id)).one()
        folder, now = world.make.app.config["SETTINGS"].files_path, world.make.now
        written = files.write(b"%PDF-1.7 " + public_id.encode(), "application/pdf", folder=folder, now=now)
        with transaction.unit():
            added = to_many.add_material(row.id, written, "a.pdf", "", enclosed=False, actor=SYSTEM, now=now)
            return str(added.public_id)


def _file(world: World, event: Event, viewer: Person) -> str:
    now = world.make.now
    return world.kept(
        Import(
            kind=ImportKind.AGENDA,
            event_id=event.id,
            person_id=viewer.id,
            filename="agenda.csv",
            counts=dict.fromkeys(Fate, 0),
            created_at=now,
            expires_at=now + timedelta(days=7),
        )
    )


def _series(world: World, event: Event, _viewer: Person) -> str:
    return world.kept(
        Series(
            title="Group",
            slug="group",
            programme_id=event.programme_id,
            first_on=event.starts_on,
            starts=time(10),
            ends=time(11),
            zone=event.zone,
            repeat=Repeat.WEEKS,
            every=1,
            number=1,
            organiser_name="Learning team",
            organiser_email="learning@example.org",
            created_at=world.make.now,
        )
    )


def _member(world: World, event: Event, viewer: Person) -> str:
    public_id = world.thing("series", event, viewer)
    with world.make.app.app_context():
        series = db.session.scalars(select(Series).where(Series.public_id == public_id)).one()
    person = world.make.person()
    return world.kept(
        SeriesMember(
            series_id=series.id,
            person_id=person.id,
            name="Ann Lee",
            email="ann@example.org",
            nonce="5eed",
            joined_at=world.make.now,
        )
    )


def _survey(world: World, event: Event, _viewer: Person) -> str:
    return str(world.make.survey(event).public_id)


def _theme(world: World, event: Event, viewer: Person) -> str:
    public_id = world.thing("survey", event, viewer)
    with world.make.app.app_context():
        survey_id = db.session.scalars(select(Survey.id).where(Survey.public_id == public_id)).one()
        with transaction.unit():
            return str(themes.add_theme(survey_id, 3, f"Theme of {viewer.id}").public_id)


def _written(world: World, event: Event, viewer: Person) -> str:
    public_id = world.thing("survey", event, viewer)
    with world.make.app.app_context():
        survey = db.session.scalars(select(Survey).where(Survey.public_id == public_id)).one()
        (key,) = answer(survey, {3: "In my own words"})
        return texts.name_of(survey, 3, key)


def _transcript(world: World, event: Event, _viewer: Person) -> str:
    return str(world.make.transcript(world.make.session(event), "Ann: One.", "Ben: Two.").public_id)


def _turn(world: World, event: Event, viewer: Person) -> str:
    public_id = world.thing("transcript", event, viewer)
    with world.make.app.app_context():
        of_it = select(Turn).join(Transcript, Transcript.id == Turn.transcript_id)
        return str(db.session.scalars(of_it.where(Transcript.public_id == public_id).limit(1)).one().public_id)


def _recording(world: World, event: Event, _viewer: Person) -> str:
    row = world.make.recording(world.make.session(event), address="https://example.org/film", published=False)
    return str(row.public_id)


def _issue(world: World, event: Event, _viewer: Person) -> str:
    journal = world.make.publication(programme_id=event.programme_id)
    return str(world.make.issue(journal, "One").public_id)


def _article(world: World, event: Event, viewer: Person) -> str:
    public_id = world.thing("issue", event, viewer)
    with world.make.app.app_context():
        of_it = select(Article.public_id).join(Article.issue)
        return str(db.session.scalars(of_it.where(Issue.public_id == public_id)).one())


def _proposal(world: World, event: Event, viewer: Person) -> str:
    public_id, now = world.thing("turn", event, viewer), world.make.now
    with world.make.app.app_context(), transaction.unit():
        turn = db.session.scalars(select(Turn).where(Turn.public_id == public_id)).one()
        row = TurnProposal(
            transcript_id=turn.transcript_id,
            turn_id=turn.id,
            turn_version=1,
            words="Else.",
            created_at=now,
            updated_at=now,
        )
        db.session.add(row)
        db.session.flush()
        return str(row.public_id)


def _area(world: World, event: Event, _viewer: Person) -> str:
    return str(world.make.area(wave=world.make.wave(programme_id=event.programme_id)).public_id)


def _category(world: World, event: Event, viewer: Person) -> str:
    public_id = world.thing("community", event, viewer)
    with world.make.app.app_context():
        community = db.session.scalars(select(Community).where(Community.public_id == public_id)).one()
        words, now = communities.CategoryWords(name=f"Category of {viewer.id}"), world.make.now
        with transaction.unit():
            return str(communities.put_category(community.id, words, actor=SYSTEM, now=now).public_id)


def _milestone(world: World, event: Event, _viewer: Person) -> str:
    row = Milestone(programme_id=event.programme_id, title="Start", starts_on=event.starts_on)
    with world.make.app.app_context(), transaction.unit():
        db.session.add(row)
        db.session.flush()
        return str(row.public_id)


def _programme(world: World, event: Event, _viewer: Person) -> str:
    # Nothing can be added to a programme's waves where there is none.
    world.make.wave(programme_id=event.programme_id)
    with world.make.app.app_context():
        return str(db.session.get_one(Programme, event.programme_id).public_id)


# How to make what an address names, by the name of the argument; gives what stands in the address.
OBJECTS: dict[str, Callable[[World, Event, Person], str]] = {
    "area": _area,
    "article": _article,
    "attachment": _attachment,
    "category": _category,
    "collection": lambda world, event, _viewer: str(
        world.make.collection("Shelf", programme_id=event.programme_id, published=False).public_id
    ),
    "community": lambda world, event, _viewer: str(world.make.community(programme_id=event.programme_id).public_id),
    "day": lambda _world, event, _viewer: event.days[0].date.isoformat(),
    "export": _export,
    "file": _file,
    "framework": lambda world, event, _viewer: str(world.make.framework(programme_id=event.programme_id).public_id),
    # Lists of people are read in by others: their own tests try that.
    "kind": lambda _world, _event, _viewer: "agenda",
    "filetype": lambda _world, _event, _viewer: "csv",
    "invitee": _invitee,
    "item": _item,
    "issue": _issue,
    "letter": _letter,
    "mailing": _mailing,
    "material": _material,
    "milestone": _milestone,
    "no": lambda _world, _event, _viewer: 1,
    "note": _note,
    "number": lambda _world, _event, _viewer: 1,
    "other": _speaker,
    "person": _helper,
    "programme": _programme,
    "proposal": _proposal,
    "publication": lambda world, event, _viewer: str(world.make.publication(programme_id=event.programme_id).public_id),
    "question": _question,
    "record": _record,
    "recording": _recording,
    "report": _report,
    "registration": _registration,
    "resource": lambda world, event, _viewer: str(world.make.resource(programme_id=event.programme_id).public_id),
    "room": _room,
    "receipt": _receipt,
    "member": _member,
    "membership": lambda _world, _event, _viewer: "bcdfghjkmnpq",
    "invitation": lambda _world, _event, _viewer: "bcdfghjkmnpq",
    "series": _series,
    "ready": lambda _world, _event, _viewer: "invitation",
    "rule": lambda _world, _event, _viewer: "thanks",
    # The number of the one section of the survey that is made here.
    "section": lambda _world, _event, _viewer: 4,
    "session": _session,
    "abbreviation": lambda _world, _event, _viewer: "bbbbbbbbbbbb",
    "step": lambda _world, _event, _viewer: "close",
    "survey": _survey,
    "speaker": _speaker,
    # The question of the survey that is answered in one's own words.
    "text": lambda _world, _event, _viewer: 3,
    "theme": _theme,
    "stream": _stream,
    "transcript": _transcript,
    "turn": _turn,
    "version": lambda _world, _event, _viewer: 1,
    "notice": lambda _world, _event, _viewer: "registration_confirmed",
    "written": _written,
    # Those of the programme have a test of their own.
    "whose": lambda _world, _event, _viewer: "event",
    "wave": lambda world, event, _viewer: str(world.make.wave(programme_id=event.programme_id).public_id),
}
# Those that only one person may open, or that go when one does, so that each viewer needs one.
OF_ONE_PERSON = {"export", "file", "item", "mailing", "material", "note", "receipt", "recording", "theme"}


def doors(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every door of the organisers' side with each method by which it opens."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule)):
        if rule.endpoint.startswith("manage."):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method


def _names_an_event(rule: Rule) -> bool:
    """Whether what is behind a door is of one event, by its own address or by that of a survey about it."""
    return not rule.arguments.isdisjoint({"event", "survey"})


def _is_right(rule: Rule, looking: Looking, answer: TestResponse, *, here: bool) -> bool:
    """Whether a door did what is due: opened, refused, said nothing of what is behind it, or asked to sign in."""
    status, leads_to = answer.status_code, answer.location or ""
    if looking.person is None:
        return status == 302 and leads_to.startswith("/sign-in")
    if looking.role is None or not (here or rule.endpoint in OF_NO_EVENT):
        return status == 404
    if rule.endpoint in ANYWHERE and looking.role not in ROLES[ANYWHERE[rule.endpoint]]:
        return status == 403
    if rule.endpoint in OF_SERIES:
        return status == 404
    if rule.endpoint in OF_PROGRAMME:
        return status == 403
    if rule.endpoint in POWERS and looking.role not in ROLES[POWERS[rule.endpoint]]:
        return status == 403
    # A form that is sent empty is refused with 422: by then the door is open.
    return status < 500 and status not in {401, 403, 404, 405} and not leads_to.startswith("/sign-in")


@pytest.mark.memory
def test_every_door_has_its_power(house: Flask) -> None:
    found = {rule.endpoint for rule, _ in doors(house)}
    assert found == set(POWERS) | OF_NO_EVENT | set(ANYWHERE)
    assert set(POWERS) & OF_NO_EVENT == set()
    arguments = {name for rule, _ in doors(house) for name in rule.arguments}
    assert arguments - {"event"} == set(OBJECTS)
    assert {rule.endpoint for rule, _ in doors(house) if not _names_an_event(rule)} == OF_NO_EVENT | set(ANYWHERE)
    assert {house.view_functions[endpoint].who for endpoint in found} == {Who.ORGANISER}


# What a role opens is told by the models, alike on every database.
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_every_door_opens_to_the_roles_that_reach_it_and_to_no_other(app: Flask, make: Maker) -> None:
    world, anybody = World(make), make.person()
    here, there = make.event("Here", needs_approval=True), make.event("There", needs_approval=True)
    lookers = [Looking("visitor"), Looking("nobody's organiser", make.person())]
    for role in Role:
        # Who moderates communities is nobody to events.
        lookers.append(Looking(role.value, make.person(), None if role is Role.MODERATOR else role))
        make.grant(lookers[-1].person, role, ThingKind.EVENT, here.id)

    wrong, tried = [], 0
    for looking in lookers:
        client = app.test_client()
        if looking.person is not None:
            with client.session_transaction() as session:
                session.update(_user_id=make.signed_in(looking.person), _fresh=True)
        for rule, method in doors(app):
            for event in (here, there) if _names_an_event(rule) else (here,):
                address = world.address(rule, event, looking.person or anybody)
                with client.open(address, method=method) as answer:
                    tried += 1
                    if not _is_right(rule, looking, answer, here=event is here):
                        wrong.append(f"{method} {address} ({rule.endpoint}) as {looking.who}: {answer.status_code}")
    assert wrong == []
    assert tried == len(lookers) * sum(1 + _names_an_event(rule) for rule, _ in doors(app))
