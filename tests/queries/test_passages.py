"""The search finds the same in the same order on both databases, and to each what they may see."""

from datetime import date

import pytest

from tests.counting import statements
from webapp import transaction
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, Role, ThingKind, Viewer, Visitor
from webapp.models.areas import AreaReach, Wave
from webapp.models.events import EventState
from webapp.models.passages import PassageKind
from webapp.models.programmes import Theme
from webapp.queries import passages as queries
from webapp.queries.passages import Narrowing, did_you_mean
from webapp.searching import Abbreviation, ask
from webapp.services import area_documents, area_profiles
from webapp.services.area_profiles import StrandWords

FIELD = [Abbreviation("MACPT", "multi-agency child protection team")]


def look(text, viewer=None, page=1, **narrowing):
    found = queries.find_passages(ask(text, FIELD), Narrowing(**narrowing), viewer=viewer or Visitor(), page=page)
    db.session.rollback()
    return found


def titles(text, viewer=None, **narrowing):
    return [hit.title for hit in look(text, viewer, **narrowing).rows]


def organiser(*grants):
    return Viewer(id=1, public_id="b", name="Ann", email="a@example.org", session_token="s", grants=frozenset(grants))


@pytest.fixture
def shelf(make, context):
    """Events and sessions with like words in different places, on different days."""
    birds, fish = make.programme("Birds", themes=["Waders"]), make.programme("Fish")
    early = make.event(
        "Terns over sand", programme_id=birds.id, starts_on=date(2027, 3, 1), description="A colony of little terns."
    )
    late = make.event(
        "Sand and terns",
        programme_id=birds.id,
        starts_on=date(2027, 9, 1),
        themes=birds.themes,
        summary="Café at noon.",
    )
    other = make.event("Eels", programme_id=fish.id, starts_on=date(2027, 12, 1), summary="Terns eat sand eels.")
    make.session(early, "The MACPT of the coast", summary="Working as a team to protect each child.")
    make.session(late, "A multi agency child protection team")
    make.session(late, "Pipit", day=1, summary="The child and the team.")
    hidden = make.event("Terns in draft", programme_id=fish.id, state=EventState.DRAFT, summary="sand")
    return {"birds": birds, "fish": fish, "early": early, "late": late, "other": other, "hidden": hidden}


def test_titles_come_first_then_the_newest(shelf):
    assert titles("tern sand") == ["Sand and terns", "Terns over sand", "Eels"]
    assert titles("TERNS, sand!") == titles("the sand of a tern") == titles("tern sand")
    assert titles("terns gone") == []
    assert titles("cafe") == titles("CAFÉ") == ["Sand and terns"]


def test_phrases_must_stand_together(shelf):
    assert titles('"little terns"') == titles('"of little tern"') == ["Terns over sand"]
    assert titles('"terns little"') == []
    # Not from the end of the title into the text.
    assert titles('"sand about"') == titles('"terns about"') == []


def test_abbreviations_find_what_they_stand_for_and_are_found_by_it(shelf):
    both = ["A multi agency child protection team", "The MACPT of the coast"]
    assert titles("macpts") == titles("MACPT") == both
    assert titles('"multi-agency child protection team"') == both
    # Not those where the words stand apart in a text that does not hold them all.
    assert titles("multi-agency child protection teams") == both
    assert titles("team child") == [both[0], "Pipit", both[1]]


def test_search_is_narrowed_by_kind_programme_theme_and_days(shelf):
    assert titles("tern", programme_id=shelf["fish"].id) == ["Eels"]
    assert titles("tern", theme_id=shelf["birds"].themes[0].id) == ["Sand and terns"]
    assert titles("team", kind=PassageKind.SESSION, from_on=date(2027, 9, 1)) == [
        "A multi agency child protection team",
        "Pipit",
    ]
    assert titles("tern", kind=PassageKind.SESSION) == []
    assert titles("tern", from_on=date(2027, 3, 2)) == ["Sand and terns", "Eels"]
    assert titles("tern", to_on=date(2027, 3, 1)) == ["Terns over sand"]
    assert titles("tern", from_on=date(2027, 3, 1), to_on=date(2027, 3, 1)) == ["Terns over sand"]
    public_id = shelf["fish"].public_id
    assert queries.find_narrowing(public_id, "") == (shelf["fish"].id, None)
    assert queries.find_narrowing("", public_id) == (None, 0)
    assert titles("tern", theme_id=0) == []


def test_private_things_are_found_and_counted_for_those_who_look_after_them(shelf):
    public = ["Sand and terns", "Terns over sand", "Eels"]
    seeing = {
        "site": (Role.OWNER, ThingKind.SITE, 0),
        "programme": (Role.READER, ThingKind.PROGRAMME, shelf["fish"].id),
        "event": (Role.CHECK_IN, ThingKind.EVENT, shelf["hidden"].id),
    }
    for grant in seeing.values():
        found = look("tern", organiser(grant))
        assert {hit.title for hit in found.rows} == {*public, "Terns in draft"}
        assert found.total == 4
        assert [hit.title for hit in found.rows if hit.is_private] == ["Terns in draft"]
    blind = organiser(
        (Role.OWNER, ThingKind.PROGRAMME, shelf["birds"].id),
        (Role.OWNER, ThingKind.EVENT, shelf["early"].id),
        (Role.OWNER, ThingKind.SESSION, shelf["hidden"].id),
    )
    for viewer in (Visitor(), organiser(), blind):
        found = look("tern", viewer)
        assert [hit.title for hit in found.rows] == ["Sand and terns", "Terns over sand", "Eels"]
        assert found.total == 3


@pytest.mark.parametrize(
    "typed",
    ['"', "*", "NEAR(", "%", "😀", "x" * 10_000, "o'neill", "a\\b", "c++", "'' OR 1", ":*", "!", "·x", "·kevent"],
)
def test_nothing_that_is_typed_breaks_the_search(shelf, typed):
    assert titles(typed) == []
    assert titles(f"{typed[:50]} terns")[-1:] in ([], ["Eels"])


def test_what_was_meant_is_what_would_be_found(shelf, make):
    def meant(text, viewer=None, **narrowing):
        found = did_you_mean(ask(text, FIELD), Narrowing(**narrowing), FIELD, viewer=viewer or Visitor())
        db.session.rollback()
        return found

    assert meant("littel Tarns") == "little terns"
    assert meant('"litle tern"') == '"little tern"'
    assert meant("MACTP") == "macpt"
    assert meant("pipti eels") is None  # each stands somewhere, and never both
    assert meant("zzzzzz") is None
    assert meant("eel tern") is None
    # A word that stands only where somebody may not look is never suggested to them.
    assert meant("drfat") is None
    assert meant("drfat", organiser((Role.OWNER, ThingKind.SITE, 0))) == "draft"
    assert meant("pipitt", kind=PassageKind.EVENT) is None
    assert meant("pipitt") == "pipit"
    # "metting" finds "met" by its stem, and stands nowhere as it is.
    make.event("Family meetings", summary="Who met whom, and a family meeting.")
    make.event("Metals")
    assert meant("familly metting") == "family meeting"
    assert meant("metting family") == "meeting family"
    assert meant("family meets pipitt") is None
    assert meant("tern metals") is None


def test_turns_of_one_transcript_leave_room_for_others(shelf, make):
    long = make.session(shelf["late"], "Long", day=1)
    make.transcript(long, *(f"{who}: Terns again, {n}." for n in range(5) for who in ("Ann", "Bo")), published=True)
    make.transcript(make.session(shelf["late"], "Short"), "Cy: A tern.", "Di: Terns, four.", published=True)
    make.transcript(make.session(shelf["late"], "Not yet"), "Ed: Terns.")
    found = look("tern")
    assert [(hit.title, hit.session_title, hit.others) for hit in found.rows] == [
        ("Sand and terns", None, 0),
        ("Terns over sand", None, 0),
        ("Eels", None, 0),
        ("Ann", "Long", 0),
        ("Bo", "Long", 0),
        ("Ann", "Long", 7),
        ("Cy", "Short", 0),
        ("Di", "Short", 0),
    ]
    assert (found.total, found.more) == (8, False)
    one = look("tern", within=queries.find_places_said(long.public_id))
    assert [hit.text for hit in one.rows] == [f"Terns again, {n}." for n in range(5) for _ in "ab"]
    assert look("tern four", kind=PassageKind.TURN).total == 1
    assert look("tern", kind=PassageKind.TURN, to_on=date(2027, 8, 31)).total == 0
    assert look("tern", within=queries.find_places_said("nothing")).total == 0


def test_pages_cost_the_same_with_few_and_many(make, context, app):
    event = make.event("Gannets")

    def cost():
        with statements(app) as asked:
            found = look("gannet")
        return found, len(asked)

    one, few = cost()
    for number in range(24):
        make.session(event, f"Gannets {number}")
    many, more = cost()
    assert (one.total, many.total, many.last, len(many.rows)) == (1, 25, 2, 20)
    # Which communities one reads, and the search; PostgreSQL is told before that each needs a plan of its own.
    assert few == more == (3 if db.engine.dialect.name == "postgresql" else 2)
    second = look("gannet", page=2)
    assert [hit.title for hit in [*many.rows, *second.rows]] == ["Gannets", *(f"Gannets {n}" for n in range(24))]
    assert look("gannet", page=99).number == 2


def test_area_is_found_by_its_strands_and_follows_what_it_is_called_and_says(make, context):
    programme = make.programme(themes=["Family help", "Safety"])
    theme = programme.themes[0]
    council = make.organisation("Marlbridge Council", "MBC")
    wave = make.wave("Wave 1", programme_id=programme.id)
    area = make.area("Marlbridge", wave=wave, organisation_id=council.id)
    acting = {"actor": SYSTEM, "now": make.now}
    words = StrandWords(model="A *lead* practitioner.", features=["Kettles in reception"], challenges=["Rents"])
    with transaction.unit():
        area_profiles.say_strand(area.id, theme.public_id, words, version=1, **acting)
        contact = area_profiles.ContactWords(name="Philippa Quennell", email="pippa@example.org")
        area_profiles.name_contacts(area.id, [contact], version=2, **acting)
        for reach, title in ((AreaReach.PUBLIC, "Handbook"), (AreaReach.PROGRAMME, "Timetable")):
            area_documents.add_link(area.id, f"https://example.org/{title}", title, reach, **acting)

    for asked in ("kettle", "lead practitioner", "rents", "family help", "MBC", "handbook", "marlbridge wave 1"):
        assert (asked, titles(asked, kind=PassageKind.AREA)) == (asked, ["Marlbridge, Wave 1"])
    assert titles("kettle", theme_id=theme.id, programme_id=programme.id) == ["Marlbridge, Wave 1"]
    assert titles("kettle", theme_id=programme.themes[1].id) == []
    # Whom to ask, and what only the programme's people may have, nobody finds by searching.
    assert (titles("Quennell"), titles("timetable")) == ([], [])
    with transaction.unit():
        db.session.get_one(Wave, wave.id).name = "Wave one"
        db.session.get_one(Theme, theme.id).name = "Help for families"
        area_profiles.say_strand(area.id, programme.themes[1].public_id, StrandWords(model="x"), version=5, **acting)
    assert titles("help for families") == ["Marlbridge, Wave one"]
    with transaction.unit():
        area_profiles.say_strand(area.id, theme.public_id, StrandWords(), version=6, **acting)
    assert (titles("kettle"), titles("marlbridge")) == ([], ["Marlbridge, Wave one"])
