"""Makes things for tests through models and services, in units of their own."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from flask import Flask

from tests.media import wav
from webapp import transaction
from webapp.extensions import db
from webapp.folding import fold, fold_email, name_key, slug
from webapp.formats.media import read_media
from webapp.formats.transcripts import read_pasted
from webapp.formats.videos import read_address
from webapp.models.accounts import SYSTEM, Actor, ActorKind, Grant, Person, Role, ThingKind
from webapp.models.agenda import Contribution, Session, Stream
from webapp.models.areas import Area, AreaPartner, Wave
from webapp.models.belonging import MemberRole
from webapp.models.communities import Community
from webapp.models.drafts import AgendaRelease, DraftSession
from webapp.models.events import (
    Event,
    EventDay,
    EventQuestion,
    EventState,
    Format,
    Mode,
    Places,
    QuestionKind,
    moment,
)
from webapp.models.library import Collection, Resource, ResourceKind
from webapp.models.memberships import How, Membership
from webapp.models.organisations import Organisation, OrganisationAlias, Sector
from webapp.models.programmes import Programme, Theme, ThemeKind
from webapp.models.publications import Issue, Publication
from webapp.models.recordings import Recording
from webapp.models.reflections import Framework
from webapp.models.registrations import Registration
from webapp.models.speakers import Speaker
from webapp.models.surveys import Privacy, Survey, SurveyState, SurveyVersion
from webapp.models.surveys_asked import Asked, Choice, Kind, Question, Section
from webapp.models.topics import Post
from webapp.models.transcripts import Transcript
from webapp.queries.drafts import find_draft
from webapp.services import (
    accounts,
    drafts,
    files,
    library,
    publications,
    recordings,
    reflections,
    registrations,
    topics,
    transcripts,
)
from webapp.services.search import index_event, index_organisation

FIRST_DAY = date(2027, 6, 14)


class Maker:
    """Each method makes one thing and gives it, detached, with the values that were not given filled in."""

    def __init__(self, app: Flask, now: datetime) -> None:
        self.app = app
        self.now = now
        self._count = 0

    def _next(self) -> int:
        self._count += 1
        return self._count

    def _kept(self, *rows: Any) -> Any:
        with self.app.app_context(), transaction.unit():
            db.session.add_all(rows)
            db.session.flush()
        return rows[0]

    def programme(self, name: str = "", themes: Iterable[str] = ()) -> Programme:
        name = name or f"Programme {self._next()}"
        row = Programme(name=name, slug=slug(name), summary=f"About {name}.", created_at=self.now, updated_at=self.now)
        row.themes = [
            Theme(name=theme, slug=slug(theme), kind=ThemeKind.PRACTICE_MODEL, position=place)
            for place, theme in enumerate(themes)
        ]
        return self._kept(row)

    def wave(self, name: str = "", **values: Any) -> Wave:
        """A wave of a programme, without dates."""
        name = name or f"Wave {self._next()}"
        values.setdefault("programme_id", None)
        values["programme_id"] = values["programme_id"] or self.programme().id
        stamps = {"created_at": self.now, "updated_at": self.now}
        return self._kept(Wave(**({"name": name, "slug": slug(name), "position": self._next()} | stamps | values)))

    def area(self, name: str = "", *, wave: Wave | None = None, **values: Any) -> Area:
        """An area of a wave, with nothing said of it yet."""
        name, wave = name or f"Area {self._next()}", wave or self.wave()
        own = {"name": name, "slug": slug(name), "wave_id": wave.id, "programme_id": wave.programme_id}
        return self._kept(Area(**(own | {"created_at": self.now, "updated_at": self.now} | values)))

    def area_partner(self, area: Area, organisation: Organisation) -> AreaPartner:
        """An organisation beside the authority that leads an area."""
        return self._kept(AreaPartner(area_id=area.id, organisation_id=organisation.id))

    def member(
        self, person: Person | None = None, *, area: Area | None = None, role: MemberRole = MemberRole.MEMBER, **to: int
    ) -> Membership:
        """Somebody who belongs to an area, or by `programme_id`, `wave_id` or `community_id` elsewhere."""
        where: dict[str, int] = to
        if area is not None:
            where = {"programme_id": area.programme_id, "wave_id": area.wave_id, "area_id": area.id} | to
        person = person or self.person()
        row = Membership(person_id=person.id, role=role, how=How.ADDED, joined_at=self.now, **where)
        return self._kept(row)

    def community(self, name: str = "", **values: Any) -> Community:
        """A private community across the waves of a programme, unless `wave_id` or `is_group` says otherwise."""
        name = name or f"Community {self._next()}"
        values["programme_id"] = values.get("programme_id") or self.programme().id
        stamps = {"created_at": self.now, "updated_at": self.now}
        return self._kept(Community(**({"name": name, "slug": slug(name)} | stamps | values)))

    def topic(
        self, community: Community, author: Person | None = None, body: str = "What do you do?", **start: Any
    ) -> Post:
        """The first post of a new topic in a community, published unless it is held there."""
        author = author or self.person()
        with self.app.app_context(), transaction.unit():
            return topics.begin(
                db.session.merge(community, load=False),
                topics.Start(**({"title": f"Topic {self._next()}"} | start)),
                words=topics.Words(body=body),
                actor=Actor(ActorKind.PERSON, author.id),
                name=author.name,
                now=self.now,
            )

    def post(
        self, topic_id: int, community: Community, author: Person | None = None, body: str = "We do this."
    ) -> Post:
        """A post in a topic, published unless it is held there."""
        author = author or self.person()
        with self.app.app_context(), transaction.unit():
            return topics.reply(
                db.session.merge(community, load=False),
                topic_id,
                words=topics.Words(body=body),
                actor=Actor(ActorKind.PERSON, author.id),
                name=author.name,
                now=self.now,
            )

    def event(self, title: str = "", **values: Any) -> Event:
        """A published online event on 14 and 15 June 2027, 9:30 to 16:00, open now, with 100 places."""
        title = title or f"Event {self._next()}"
        first: date = values.pop("starts_on", FIRST_DAY)
        days: int = values.pop("days", 2)
        hours: list[tuple[time, time] | None] = values.pop("hours", [(time(9, 30), time(16, 0))] * days)
        capacity = values.pop("capacity", 100)
        programme_id = values.pop("programme_id", None) or self.programme().id
        themes = values.pop("themes", ())
        last = first + timedelta(days=days - 1)
        zone = values.get("zone", "Europe/London")
        starts, ends = hours[0], hours[-1]
        defaults: dict[str, Any] = {
            "slug": slug(title),
            "summary": f"About {title}.",
            "description": "",
            "state": EventState.PUBLISHED,
            "format": Format.ONLINE,
            "starts_on": first,
            "ends_on": last,
            "starts_at": moment(first, starts[0] if starts else None, zone),
            "ends_at": moment(last, ends[1] if ends else None, zone, end=True),
            "venue": "",
            "hashtag": "",
            "organiser_name": "Learning team",
            "organiser_email": "learning@example.org",
            "calendar_changed_at": self.now,
            "created_at": self.now,
            "updated_at": self.now,
            "registration_opens_at": None,
            "registration_closes_at": None,
        }
        row = Event(title=title, programme_id=programme_id, **(defaults | values))
        row.listed = values.get("listed", row.state is not EventState.DRAFT)
        row.days = [
            EventDay(date=first + timedelta(days=n), starts=h[0] if h else None, ends=h[1] if h else None)
            for n, h in enumerate(hours)
        ]
        row.places = [Places(mode=mode, capacity=capacity) for mode in row.modes]
        with self.app.app_context(), transaction.unit():
            row.themes = [db.session.get_one(Theme, theme.id) for theme in themes]
            db.session.add(row)
            db.session.flush()
            index_event(row)
        return row

    def question(
        self, event: Event, label: str, kind: QuestionKind = QuestionKind.SHORT_TEXT, **more: Any
    ) -> EventQuestion:
        return self._kept(EventQuestion(event_id=event.id, label=label, kind=kind, position=self._next(), **more))

    def stream(self, event: Event, name: str) -> Stream:
        return self._kept(Stream(event_id=event.id, name=name, position=self._next()))

    def session(self, event: Event, title: str = "", **values: Any) -> Session:
        """A session on the first day, 10:00 to 11:00, for everybody; `places` are how many may sign up, in each way.

        None is no limit, and where they are not given nobody can sign up.
        """
        places = values.pop("places", 0)
        values.setdefault("takes_sign_ups", places != 0)
        title = title or f"Session {self._next()}"
        day = event.days[values.pop("day", 0)]
        themes = values.pop("themes", ())
        starts, ends = values.pop("hours", (time(10), time(11)))
        row = Session(
            event_id=event.id,
            day_id=day.id,
            title=title,
            slug=slug(title),
            position=values.pop("position", self._next()),
            starts=starts,
            ends=ends,
            starts_at=moment(day.date, starts, event.zone) if starts else None,
            ends_at=moment(day.date, ends, event.zone) if ends else None,
            calendar_changed_at=self.now,
            created_at=self.now,
            updated_at=self.now,
            **values,
        )
        with self.app.app_context(), transaction.unit():
            row.themes = [db.session.get_one(Theme, theme.id) for theme in themes]
            db.session.add(row)
            db.session.flush()
            if row.takes_sign_ups:
                counters = [
                    Places(event_id=event.id, session_id=row.id, mode=one, capacity=places) for one in event.modes
                ]
                db.session.add_all(counters)
        return row

    def draft(self, event: Event) -> None:
        """Begin the draft agenda of the event, with what is released."""
        with self.app.app_context(), transaction.unit():
            drafts.open_draft(event.id, actor=SYSTEM, now=self.now)

    def planned(self, event: Event, title: str = "", **values: Any) -> DraftSession:
        """A session of the draft: on the first day, 10:00 to 11:00, for all streams; `day` None is not placed."""
        day = values.pop("day", 0)
        starts, ends = values.pop("hours", (time(10), time(11)))
        minutes = (ends.hour - starts.hour) * 60 + ends.minute - starts.minute if starts else 45
        to = drafts.Placement(
            date=None if day is None else event.days[day].date,
            starts=starts,
            minutes=minutes,
            stream=values.pop("stream", ""),
            room=values.pop("room", ""),
        )
        content = drafts.Content(title=title or f"Session {self._next()}", **values)
        with self.app.app_context(), transaction.unit():
            return drafts.add(event, content, to, actor=SYSTEM, now=self.now)

    def released(self, event: Event) -> AgendaRelease:
        """Release the draft of the event as it is."""
        with self.app.app_context(), transaction.unit():
            version = find_draft(event.id).version
            return drafts.release(event.id, version=version, note="", actor=SYSTEM, now=self.now)

    def survey(
        self, event: Event | None = None, *questions: Question, asked: Asked | None = None, **values: Any
    ) -> Survey:
        """A published, named survey about the event or on nothing, open now: one section of these questions.

        Without any it has a rating (1), one of three choices with other (2) and a long text (3). A survey that is
        to be a draft has no version; `session` hangs it on that session of the event.
        """
        questions = questions or (
            Question(no=1, kind=Kind.RATING, label="How useful was it?", required=True),
            Question(
                no=2,
                kind=Kind.ONE_CHOICE,
                label="Which part helped most?",
                choices=tuple(Choice(no=no, label=label) for no, label in enumerate(("Talks", "Groups", "Slides"), 1)),
                other=4,
                last=4,
            ),
            Question(no=3, kind=Kind.LONG_TEXT, label="What will you do differently?"),
        )
        top = max(question.no for question in questions) + 1
        asked = asked or Asked(sections=(Section(no=top, title="About it", questions=questions),), last=top)
        session: Session | None = values.pop("session", None)
        thing = (ThingKind.SESSION, session.id) if session else (ThingKind.EVENT, event.id) if event else (None, None)
        state = values.setdefault("state", SurveyState.PUBLISHED)
        programme_id = values.pop("programme_id", None) or (event.programme_id if event else self.programme().id)
        defaults: dict[str, Any] = {
            "title": f"Survey {self._next()}",
            "privacy": Privacy.NAMED,
            "opens_at": None,
            "closes_at": None,
            "number": int(state is not SurveyState.DRAFT),
            "created_at": self.now,
            "updated_at": self.now,
        }
        row = Survey(
            programme_id=programme_id,
            event_id=event.id if event else None,
            thing_kind=thing[0],
            thing_id=thing[1],
            draft=asked.plain(),
            **(defaults | values),
        )
        row.versions = [
            SurveyVersion(number=no, asked=asked.plain(), published_at=self.now) for no in range(1, row.number + 1)
        ]
        return self._kept(row)

    def framework(self, title: str = "", *, prompts: int = 2, **values: Any) -> Framework:
        """A reflective tool of one outcome (1) with so many prompts (2, 3 …), published once."""
        programme_id = values.pop("programme_id", None) or self.programme().id
        actor: dict[str, Any] = {"actor": SYSTEM, "now": self.now}
        asked = [(None, f"What about {number}?") for number in range(1, prompts + 1)]
        with self.app.app_context(), transaction.unit():
            row = reflections.create(programme_id, title=title or f"Tool {self._next()}", summary="To think", **actor)
            words = reflections.OutcomeWords(title="Families stay together", about="", prompts=asked)
            reflections.put_outcome(row.id, None, words, version=row.version, **actor)
            reflections.publish(row.id, **actor)
            return row

    def publication(self, title: str = "", **values: Any) -> Publication:
        programme_id = values.pop("programme_id", None) or self.programme().id
        words = publications.PublicationWords(title=title or f"Journal {self._next()}", **values)
        with self.app.app_context(), transaction.unit():
            return publications.create(programme_id, words, actor=SYSTEM, now=self.now)

    def issue(self, publication: Publication | None = None, *titles: str, **values: Any) -> Issue:
        """A draft issue with articles of these titles, each with a sentence of its own, by Ann Lee."""
        publication = publication or self.publication()
        articles = [
            publications.DraftArticle(
                words=publications.ArticleWords(title=title, body=f"What {title} says."),
                authors=[publications.AuthorWords(name="Ann Lee", role="Team manager", organisation="Alder Council")],
            )
            for title in titles
        ]
        words = publications.IssueWords(title=values.pop("title", f"Issue {self._next()}"), **values)
        with self.app.app_context(), transaction.unit():
            return publications.draft_issue(publication.id, words, articles, actor=SYSTEM, now=self.now)

    def resource(self, title: str = "", *, programme_id: int | None = None, **values: Any) -> Resource:
        """A published report at an address, or a draft; `now` is when it was added."""
        programme_id = programme_id or self.programme().id
        acting: dict[str, Any] = {"actor": SYSTEM, "now": values.pop("now", self.now)}
        published, sessions = values.pop("published", True), values.pop("sessions", ())
        words = {"kind": ResourceKind.REPORT, "summary": "To read.", "url": "https://example.org/report"} | values
        with self.app.app_context(), transaction.unit():
            row = library.create(
                programme_id, library.ResourceWords(title=title or f"Resource {self._next()}", **words), **acting
            )
            for session in sessions:
                library.relate(row.id, session.event_id, [session.public_id], **acting)
            if published:
                library.publish(row.id, **acting)
            return row

    def collection(self, title: str, *resources: Resource, published: bool = True, **values: Any) -> Collection:
        """A collection of these resources, published unless it is to be a draft."""
        programme_id = values.pop("programme_id", None) or self.programme().id
        acting: dict[str, Any] = {"actor": SYSTEM, "now": self.now}
        with self.app.app_context(), transaction.unit():
            row = library.create_collection(programme_id, title=title, introduction="Why.", **acting)
            for resource in resources:
                library.add(row.id, resource.id, **acting)
            if published:
                library.publish_collection(row.id, **acting)
            return row

    def transcript(self, session: Session, *said: str, published: bool = False, name: str = "said.txt") -> Transcript:
        """A transcript of the session, read from these lines; published, Robin Vale checked it, and all may read it."""
        text = "\n\n".join(said or ("Ann Lee: Good morning.", "Ben Ito: Good morning to you."))
        actor: dict[str, Any] = {"actor": SYSTEM, "now": self.now}
        with self.app.app_context():
            folder = self.app.config["SETTINGS"].files_path
            written = files.write(text.encode(), "text/plain", folder=folder, now=self.now)
            source = transcripts.Source(written=written, name=name)
            with transaction.unit():
                row = transcripts.take_in(session.id, read_pasted(text), source, **actor).transcript
                if published:
                    said_so = {"checked_by": "Robin Vale", "may_be_read_by_all": True}
                    transcripts.publish(row.id, version=row.version, **said_so, **actor)
                return row

    def recording(
        self, session: Session, content: bytes = b"", *, address: str = "", published: bool = True, **about: Any
    ) -> Recording:
        """A recording of the session: this content, or an address, or else a second of silence."""
        actor: dict[str, Any] = {"actor": SYSTEM, "now": self.now}
        with self.app.app_context():
            if address:
                with transaction.unit():
                    row = recordings.add_address(session.id, read_address(address), recordings.About(**about), **actor)
            else:
                content = content or wav()
                media = read_media(BytesIO(content))
                folder = self.app.config["SETTINGS"].files_path
                kept = files.write(content, media.kind.media_type, folder=folder, now=self.now)
                with transaction.unit():
                    row = recordings.add_file(session.id, kept, media, recordings.About(**about), **actor)
            if published:
                with transaction.unit():
                    row = recordings.publish(row, **actor)
            return row

    def speaker(self, name: str = "", **values: Any) -> Speaker:
        name = name or f"Speaker {self._next()}"
        row = Speaker(
            name=name, slug=slug(name), name_sort=name_key(name), created_at=self.now, updated_at=self.now, **values
        )
        return self._kept(row)

    def contribution(self, session: Session, **values: Any) -> Contribution:
        return self._kept(Contribution(session_id=session.id, position=self._next(), **values))

    def organisation(self, name: str = "", *aliases: str, sector: Sector = Sector.LOCAL_AUTHORITY) -> Organisation:
        name = name or f"Organisation {self._next()}"
        row = Organisation(
            name=name, name_folded=fold(name), slug=slug(name), sector=sector, created_at=self.now, updated_at=self.now
        )
        row.aliases = [OrganisationAlias(name=alias, name_folded=fold(alias)) for alias in aliases]
        with self.app.app_context(), transaction.unit():
            db.session.add(row)
            db.session.flush()
            index_organisation(row, aliases)
        return row

    def person(self, name: str = "", email: str = "", *, password: str = "") -> Person:
        number = self._next()
        name = name or f"Person {number}"
        email = email or f"person{number}@example.org"
        row = Person(name=name, email=email, email_folded=fold_email(email), created_at=self.now, updated_at=self.now)
        self._kept(row)
        if password:
            with self.app.app_context():
                hashed = accounts.hash_password(password, memory_kib=64)
                with transaction.unit():
                    accounts.set_password(row.id, hashed, keep="", actor=SYSTEM, now=self.now)
        return row

    def grant(self, person: Person, role: Role, kind: ThingKind, thing_id: int, until: datetime | None = None) -> Grant:
        return self._kept(
            Grant(person_id=person.id, role=role, thing_kind=kind, thing_id=thing_id, until=until, created_at=self.now)
        )

    def application(self, **values: Any) -> registrations.Application:
        number = self._next()
        defaults: dict[str, Any] = {
            "name": f"Person {number}",
            "email": f"person{number}@example.org",
            "organisation_name": "Marlbridge Council",
            "organisation_id": None,
            "sector": Sector.LOCAL_AUTHORITY,
            "role": "Social worker",
            "mode": Mode.ONLINE,
            "notice_version": "test",
        }
        return registrations.Application(**(defaults | values))

    def registration(self, event: Event, **values: Any) -> Registration:
        """A registration made by the service, as a visitor would."""
        at = values.pop("now", self.now)
        with self.app.app_context(), transaction.unit():
            outcome = registrations.register(event.id, self.application(**values), actor=SYSTEM, source=None, now=at)
        return outcome.registration

    def signed_in(self, person: Person) -> str:
        """The secret of a session in which the person is signed in."""
        with self.app.app_context(), transaction.unit():
            return accounts.open_session(person.id, now=self.now)
