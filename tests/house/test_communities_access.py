"""Every door of programmes, areas and communities, tried by everybody who may stand before it.

A new door needs a line in DOORS: what it takes to come through. A new kind of thing in its address needs a line in
World.things, and a new way of belonging one in EVERYBODY, which says in plain words what they may do.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.making import Maker
from webapp import transaction
from webapp.access import Who
from webapp.blueprints.addresses import Ref
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, Actor, ActorKind, Person, Role, ThingKind
from webapp.models.areas import Area, AreaDocument, AreaReach, AreaVersion, Milestone
from webapp.models.belonging import MemberRole
from webapp.models.communities import Category, Community, MemberProfile, Openness
from webapp.models.imports import Import, ImportKind
from webapp.models.moderation import CaseReason, ModerationCase
from webapp.models.topics import PostFile, Topic, TopicKind
from webapp.models.transcripts import Turn
from webapp.queries.memberships import where_of
from webapp.services import files, memberships

R = MemberRole
FAMILIES = ("areas.", "communities.", "memberships.", "programmes.")
FAMILIES += tuple(
    f"manage.{noun}."
    for noun in ("areas", "communities", "member_imports", "memberships", "milestones", "themes", "waves")
)
FAMILIES += ("manage.programmes.",)


class Needs(StrEnum):
    """What it takes to come through a door."""

    NOTHING = "nothing"
    # Being signed in; what is found behind the door is one's own.
    ONESELF = "being signed in"
    LINK = "a personal link"
    # The link in the address was made for something else.
    OTHER_LINK = "another personal link"
    # Of the community in the address: a stranger to it finds nothing, a reader who may not is told so.
    READING = "reading the community"
    WRITING = "writing in the community"
    AUTHOR = "having written the post"
    MODERATING = "moderating the community"
    MODERATING_ANY = "moderating any community"
    SETTING_UP_COMMUNITY = "setting up the programme of the community"
    # Of the area.
    KEEPING = "keeping the area"
    LEADING = "leading the area"
    SETTING_UP_AREA = "setting up the programme, besides leading the area"
    ITS_DOCUMENTS = "being of the area"
    PUBLIC = "a public community"
    # It is of somebody who does not stand here.
    BEING_THEM = "being whose it is"
    # It is of somebody of an area of the programme.
    MEETING = "sharing a programme or community with them"
    # Of the programme.
    SETTING_UP = "setting up the programme"
    SEEING_RESULTS = "seeing results in the programme"
    SETTING_UP_ANY = "setting up any programme"
    SETTING_UP_ALL = "setting up everything"


N = Needs
DOORS: dict[str, Needs] = {
    **{f"areas.{one}": N.KEEPING for one in ("add_file", "add_link", "contacts", "describe", "document", "documents")},
    **{f"areas.{one}": N.KEEPING for one in ("erase", "history", "move_document", "remove_document", "strand")},
    "areas.download": N.ITS_DOCUMENTS,
    "areas.show": N.NOTHING,
    **{f"communities.{one}": N.WRITING for one in ("accept", "close_poll", "have_too", "remove_poll", "vote")},
    **{f"communities.{one}": N.MODERATING for one in ("close", "issue", "merge", "move", "pin", "split")},
    "communities.accept_rules": N.WRITING,
    "communities.acknowledge": N.MODERATING,
    "communities.add_poll": N.AUTHOR,
    "communities.begin": N.WRITING,
    "communities.case": N.MODERATING,
    "communities.choose_letters": N.READING,
    "communities.claim": N.MODERATING,
    "communities.delete": N.AUTHOR,
    "communities.dismiss_moderator": N.SETTING_UP_COMMUNITY,
    "communities.edit": N.AUTHOR,
    "communities.feed": N.PUBLIC,
    "communities.file": N.READING,
    "communities.follow": N.READING,
    "communities.history": N.READING,
    "communities.in_my_role": N.ONESELF,
    "communities.index": N.NOTHING,
    "communities.issues": N.READING,
    "communities.keep_reply": N.WRITING,
    "communities.keep_topic": N.WRITING,
    "communities.letters": N.ONESELF,
    "communities.meetings": N.READING,
    "communities.moderate": N.MODERATING,
    "communities.moderation": N.MODERATING,
    "communities.moderation_everywhere": N.MODERATING_ANY,
    "communities.moderators": N.SETTING_UP_COMMUNITY,
    "communities.mute": N.READING,
    **{f"communities.{one}": N.WRITING for one in ("people", "people_to_mention")},
    "communities.person": N.MEETING,
    "communities.open_calendar": N.READING,
    "communities.post": N.READING,
    "communities.profile": N.ONESELF,
    "communities.quote": N.ONESELF,
    "communities.read_all": N.READING,
    "communities.read_on": N.READING,
    "communities.received": N.MODERATING,
    "communities.release": N.MODERATING,
    "communities.reply": N.WRITING,
    "communities.report": N.READING,
    "communities.reported": N.BEING_THEM,
    "communities.rules": N.READING,
    "communities.show": N.READING,
    "communities.stop_letters": N.OTHER_LINK,
    "communities.topic": N.READING,
    "communities.unread": N.READING,
    "communities.want_letters": N.OTHER_LINK,
    **{f"manage.areas.{one}": N.SETTING_UP for one in ("edit", "new", "remove")},
    **{f"manage.communities.{one}": N.SETTING_UP for one in ("archive", "bring_back", "category", "edit", "rules")},
    **{f"manage.communities.{one}": N.SETTING_UP for one in ("meetings", "move_category", "new_category")},
    **{f"manage.communities.{one}": N.SEEING_RESULTS for one in ("download", "download_of_all", "figures")},
    "manage.communities.figures_of_all": N.SEEING_RESULTS,
    "manage.communities.index": N.SETTING_UP_ANY,
    "manage.communities.new": N.SETTING_UP_ANY,
    "manage.communities.remove_category": N.SETTING_UP,
    "manage.communities.show": N.SETTING_UP,
    **{f"manage.member_imports.{one}": N.SETTING_UP for one in ("confirm", "new", "show", "template")},
    **{f"manage.memberships.{one}": N.SETTING_UP for one in ("add", "download", "end", "invitations", "role")},
    **{f"manage.memberships.{one}": N.SETTING_UP for one in ("send", "show", "withdraw")},
    "manage.memberships.index": N.SETTING_UP_ANY,
    **{f"manage.milestones.{one}": N.SETTING_UP for one in ("edit", "new", "remove")},
    **{f"manage.programmes.{one}": N.SETTING_UP for one in ("add_part", "edit", "remove_part", "show")},
    "manage.programmes.index": N.SETTING_UP_ANY,
    "manage.programmes.new": N.SETTING_UP_ALL,
    **{f"manage.themes.{one}": N.SETTING_UP for one in ("edit", "move", "new", "remove")},
    **{f"manage.waves.{one}": N.SETTING_UP for one in ("edit", "move", "new", "remove")},
    "memberships.domains": N.SETTING_UP_AREA,
    "memberships.index": N.ONESELF,
    "memberships.invitation": N.LINK,
    "memberships.join": N.ONESELF,
    "memberships.leave": N.BEING_THEM,
    **{f"memberships.{one}": N.LEADING for one in ("end", "invite", "people", "role", "send", "withdraw")},
    **{f"programmes.{one}": N.NOTHING for one in ("compare", "download", "index", "show")},
}
# What is sent with a button whose form says which of several it is.
SENT = {
    "communities.choose_letters": {"pace": "daily"},
    "communities.follow": {"wants": "follows"},
    "communities.mute": {"mutes": "yes"},
}
# What stands behind the question mark.
ASKED = {"communities.quote": "turn"}
# All doors are tried at a wave's own community; one for each thing that they need, at those of the other sorts, too.
COMMUNITIES = ("wave", "programme", "public", "group")
EACH_SORT = {f"communities.{one}" for one in ("edit", "feed", "moderation", "moderators", "post", "reply", "topic")}


@dataclass(frozen=True, kw_only=True)
class Looking:
    """Somebody before the doors, and what they may do, as a person would say it: the names are of communities."""

    who: str
    # By what they belong: to which thing of the world, and by which role; and a grant.
    belongs: tuple[tuple[str, R], ...] = ()
    grant: tuple[Role, str] | None = None
    left: bool = False
    reads: str = "public"
    writes: str = ""
    moderates: str = ""
    keeps: bool = False
    leads: bool = False
    of_area: bool = False
    sees_results: bool = False
    sets_up: bool = False
    sets_up_another: bool = False
    sets_up_all: bool = False

    @property
    def organises(self) -> bool:
        """Whether there is an organisers' side for them at all."""
        return self.grant is not None and self.grant[0] is not Role.MODERATOR


_OF_WAVE = {"reads": "wave programme public", "writes": "wave programme public"}
_OF_PROGRAMME = {"reads": "programme public", "writes": "programme public"}
_ALL = "wave programme public group"
_OF_ALL = {"reads": _ALL, "writes": _ALL, "moderates": _ALL}
# Whoever belongs to all writes what others must not change.
AUTHOR = "member of the area and of the group"
EVERYBODY = (
    Looking(who="a visitor"),
    Looking(who="somebody who belongs to nothing"),
    Looking(who="of another programme", belongs=(("another programme", R.MEMBER),)),
    Looking(who="of the group alone", belongs=(("group", R.MEMBER),), reads="public group", writes="group"),
    Looking(who="of the whole programme", belongs=(("programme", R.EVALUATOR),), **_OF_PROGRAMME),
    Looking(who="lead of an area in another wave", belongs=(("area of another wave", R.LEAD),), **_OF_PROGRAMME),
    Looking(who="lead of another area of the wave", belongs=(("another area", R.LEAD),), **_OF_WAVE),
    Looking(who="of the wave", belongs=(("wave", R.DEPARTMENT),), **_OF_WAVE),
    Looking(who="coach of the area", belongs=(("area", R.COACH),), of_area=True, **_OF_WAVE),
    Looking(who="evaluator of the area", belongs=(("area", R.EVALUATOR),), of_area=True, **_OF_WAVE),
    Looking(who="department of the area", belongs=(("area", R.DEPARTMENT),), of_area=True, **_OF_WAVE),
    Looking(who="member", belongs=(("area", R.MEMBER),), of_area=True, keeps=True, **_OF_WAVE),
    Looking(who="lead", belongs=(("area", R.LEAD),), of_area=True, keeps=True, leads=True, **_OF_WAVE),
    Looking(
        who=AUTHOR,
        belongs=(("area", R.MEMBER), ("group", R.MEMBER)),
        of_area=True,
        keeps=True,
        reads=_ALL,
        writes=_ALL,
    ),
    Looking(who="who led the area and left", belongs=(("area", R.LEAD), ("group", R.MEMBER)), left=True),
    Looking(
        who="moderator of the wave's community",
        grant=(Role.MODERATOR, "community of the wave"),
        reads="wave public",
        writes="wave",
        moderates="wave",
    ),
    Looking(who="moderator of the programme", grant=(Role.MODERATOR, "programme"), **_OF_ALL),
    Looking(
        who="organiser of the programme",
        grant=(Role.ORGANISER, "programme"),
        of_area=True,
        keeps=True,
        leads=True,
        sees_results=True,
        sets_up=True,
        **_OF_ALL,
    ),
    Looking(who="organiser of another programme", grant=(Role.ORGANISER, "another programme"), sets_up_another=True),
    Looking(who="who reads of events in the programme", grant=(Role.READER, "programme"), sees_results=True),
    Looking(
        who="organiser of the whole site",
        grant=(Role.ORGANISER, "site"),
        of_area=True,
        keeps=True,
        leads=True,
        sees_results=True,
        sets_up=True,
        sets_up_all=True,
        **_OF_ALL,
    ),
)


@dataclass
class World:
    """A programme with its waves, areas and communities, and one of each thing that an address names."""

    make: Maker
    places: dict[str, dict[str, int]] = field(default_factory=dict)
    things: dict[str, str | Ref] = field(default_factory=dict)
    # Those of a community, by its name.
    in_community: dict[str, dict[str, str | Ref]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        make = self.make
        programme = make.programme("Programme", ["Strand"])
        wave, other = (make.wave(programme_id=programme.id) for _ in range(2))
        area = make.area(wave=wave)
        communities = {
            "wave": make.community(programme_id=programme.id, wave_id=wave.id),
            "programme": make.community(programme_id=programme.id, openness=Openness.PROGRAMME),
            "public": make.community(programme_id=programme.id, openness=Openness.PUBLIC),
            "group": make.community(programme_id=programme.id, is_group=True),
        }
        in_area = {"programme_id": programme.id, "wave_id": wave.id}
        self.places = {
            "site": {},
            "programme": {"programme_id": programme.id},
            "another programme": {"programme_id": make.programme().id},
            "wave": in_area,
            "area": {**in_area, "area_id": area.id},
            "another area": {**in_area, "area_id": make.area(wave=wave).id},
            "area of another wave": {
                "programme_id": programme.id,
                "wave_id": other.id,
                "area_id": make.area(wave=other).id,
            },
            "group": {"programme_id": programme.id, "community_id": communities["group"].id},
            "community of the wave": {"community_id": communities["wave"].id},
        }
        theme = programme.themes[0].public_id
        self.things = {"programme": _ref(programme), "wave": _ref(wave), "area": _ref(area), "theme": theme}
        self.things |= {"filetype": "csv", "number": "1", "person": make.person().public_id} | self._of_area(area)
        said = make.transcript(make.session(make.event(programme_id=programme.id)), "Ann: One.", published=True)
        with make.app.app_context():
            turn = select(Turn.public_id).where(Turn.transcript_id == said.id)
            self.things["turn"] = db.session.scalars(turn).one()
        for name, community in communities.items():
            self.in_community[name] = {"community": _ref(community)} | self._of_community(community)

    def _of_area(self, area: Area) -> dict[str, str]:
        make, now = self.make, self.make.now
        document = self._kept(
            AreaDocument(
                area_id=area.id,
                position=1,
                title="Plan",
                url="https://example.org/plan",
                reach=AreaReach.AREA,
                created_at=now,
                updated_at=now,
            )
        )
        milestone = self._kept(Milestone(programme_id=area.programme_id, title="Start", starts_on=now.date()))
        self._kept(AreaVersion(area_id=area.id, number=1, at=now, content={"said": {"summary": "As it was."}}))
        reader = make.person()
        values = {"created_at": now, "expires_at": now.replace(year=now.year + 1)}
        counts = dict.fromkeys(("new", "changed", "same", "refused"), 0)
        kind = ImportKind.MEMBERS
        held = Import(
            kind=kind, programme_id=area.programme_id, person_id=reader.id, filename="a", counts=counts, **values
        )
        where = where_of(area)
        with make.app.app_context(), transaction.unit():
            invited: dict[str, Any] = {"name": "Ann", "email": "ann@example.net", "role": R.MEMBER}
            invitation = memberships.invite(where, **invited, actor=SYSTEM, now=now)
            ids = {"invitation": str(invitation.public_id), "token": memberships.invitation_token(invitation)}
        member = make.member(area=area)
        stamps = {"created_at": now, "updated_at": now}
        ids |= {"profile": self._kept(MemberProfile(person_id=member.person_id, handle="ann", **stamps))}
        ids |= {"membership": str(member.public_id), "file": self._kept(held)}
        return ids | {"item": document, "milestone": milestone}

    def _of_community(self, community: Community) -> dict[str, str | Ref]:
        make, now = self.make, self.make.now
        # By somebody who takes part in all of them.
        self.author = getattr(self, "author", None) or make.person("Author")
        first = make.topic(community, self.author, kind=TopicKind.ISSUE)
        case = self._kept(
            ModerationCase(community_id=community.id, post_id=first.id, reason=CaseReason.OTHER, opened_at=now)
        )
        with make.app.app_context():
            folder = make.app.config["SETTINGS"].files_path
            written = files.write(b"As we do it.", "text/plain", folder=folder, now=now)
            with transaction.unit():
                kept = files.keep(written, now=now)
                row = PostFile(post_id=first.id, position=1, file_id=kept.id, title="Plan", filename="plan.txt")
                db.session.add(row)
                db.session.flush()
                file, topic = str(row.public_id), _ref(db.session.get_one(Topic, first.topic_id))
        category = self._kept(Category(community_id=community.id, slug="news", name="News", position=1))
        return {"topic": topic, "post": str(first.public_id), "case": case, "file": file, "category": category}

    def _kept(self, row: Any) -> str:
        with self.make.app.app_context(), transaction.unit():
            db.session.add(row)
            db.session.flush()
            return str(getattr(row, "public_id", ""))

    def person_of(self, looking: Looking) -> Person:
        """The person of who looks, with what they belong to and look after."""
        make = self.make
        person = self.author if looking.who == AUTHOR else make.person()
        for place, role in looking.belongs:
            row = make.member(person, role=role, **self.places[place])
            if looking.left:
                with make.app.app_context(), transaction.unit():
                    memberships.end(row.id, actor=Actor(ActorKind.PERSON, person.id), now=make.now)
        if looking.grant is not None:
            given, place = looking.grant
            named = self.places[place]
            kind = ThingKind.COMMUNITY if "community_id" in named else ThingKind.PROGRAMME
            kind = kind if named else ThingKind.SITE
            make.grant(person, given, kind, named.get("community_id") or named.get("programme_id", 0))
        return person

    def address(self, rule: Rule, community: str) -> str:
        """Where a door is, to that community where it is one's."""
        known = self.things | self.in_community.get(community, {})
        values = {name: known[name] for name in rule.arguments}
        address = self.make.app.url_map.bind("localhost").build(rule.endpoint, values)
        asked = ASKED.get(rule.endpoint)
        return f"{address}?{asked}={known[asked]}" if asked else address


def _ref(thing: Any) -> Ref:
    return Ref(thing.slug, thing.public_id)


def doors(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every door of programmes, areas and communities with each method by which it opens."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule)):
        if rule.endpoint.startswith(FAMILIES):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method


def _is_open(needs: Needs, looking: Looking, community: str) -> bool:
    return {
        N.NOTHING: True,
        N.LINK: True,
        N.OTHER_LINK: False,
        N.ONESELF: True,
        N.BEING_THEM: False,
        N.READING: community in looking.reads.split(),
        N.PUBLIC: community == "public",
        N.WRITING: community in looking.writes.split(),
        N.MEETING: bool({"wave", "programme"} & set(looking.writes.split())),
        N.AUTHOR: looking.who == AUTHOR,
        N.MODERATING: community in looking.moderates.split(),
        N.MODERATING_ANY: bool(looking.moderates),
        N.KEEPING: looking.keeps,
        N.LEADING: looking.leads,
        N.ITS_DOCUMENTS: looking.of_area,
        N.SETTING_UP: looking.sets_up,
        N.SEEING_RESULTS: looking.sees_results,
        N.SETTING_UP_AREA: looking.sets_up,
        N.SETTING_UP_COMMUNITY: looking.sets_up,
        N.SETTING_UP_ANY: looking.sets_up or looking.sets_up_another,
        N.SETTING_UP_ALL: looking.sets_up_all,
    }[needs]


def _refusal(needs: Needs, looking: Looking, community: str) -> int:
    """How somebody is turned away: by 403 who knows of the thing anyway, or else there is nothing here."""
    reads = community in looking.reads.split()
    if needs is N.KEEPING or (needs is N.SETTING_UP_AREA and looking.leads):
        return 403
    if needs is N.WRITING or (needs is N.AUTHOR and community not in looking.writes.split()):
        return 403 if reads else 404
    return 403 if needs in {N.SETTING_UP_ANY, N.SETTING_UP_ALL} and looking.organises else 404


def _due(needs: Needs, who: Who, looking: Looking, community: str) -> str:
    if looking.who == "a visitor" and who in {Who.SIGNED_IN, Who.ORGANISER}:
        return "sign in"
    return "open" if _is_open(needs, looking, community) else str(_refusal(needs, looking, community))


def _done(answer: TestResponse, who: Who, looking: Looking) -> str:
    """What a door did: opened, or as what it turned somebody away."""
    if answer.status_code == 302 and (answer.location or "").startswith("/sign-in"):
        # The holder of a link is asked who they are when they press the button.
        return "open" if who is Who.LINK_HOLDER and looking.who == "a visitor" else "sign in"
    # A form that is sent empty is refused with 422: by then the door is open. To be led on for good proves nothing.
    is_open = answer.status_code in {200, 302, 303, 410, 422}
    return "open" if is_open else str(answer.status_code)


def _sorts(rule: Rule) -> tuple[str, ...]:
    """The communities at which a door is tried; one that is of no community, once."""
    if not {"community", "post"} & rule.arguments:
        return ("",)
    return COMMUNITIES if rule.endpoint in EACH_SORT else COMMUNITIES[:1]


def _client(app: Flask, world: World, looking: Looking) -> FlaskClient:
    client = app.test_client()
    if looking.who != "a visitor":
        secret = world.make.signed_in(world.person_of(looking))
        with client.session_transaction() as session:
            session.update(_user_id=secret, _fresh=True)
    return client


@pytest.mark.memory
def test_every_door_of_programmes_areas_and_communities_says_what_it_needs(house: Flask) -> None:
    assert {rule.endpoint for rule, _ in doors(house)} == set(DOORS)


# Who belongs where is told by the models, alike on every database.
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_every_door_opens_to_those_who_belong_there_and_to_nobody_else(app: Flask, make: Maker) -> None:
    world = World(make)
    wrong = []
    for looking in EVERYBODY:
        client = _client(app, world, looking)
        for rule, method in doors(app):
            who, needs = app.view_functions[rule.endpoint].who, DOORS[rule.endpoint]
            for community in _sorts(rule):
                address = world.address(rule, community)
                with client.open(address, method=method, data=SENT.get(rule.endpoint)) as answer:
                    due, done = _due(needs, who, looking, community), _done(answer, who, looking)
                if done != due:
                    wrong.append(f"{looking.who}: {method} {rule.endpoint} {community}: {done}, not {due}")
    assert wrong == []
