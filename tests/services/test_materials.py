"""Materials: added once, put in order, replaced under their address, and gone with what a speaker takes back."""

import pytest
from sqlalchemy import select

from tests.ledger import Ledger
from tests.uploads import PDF
from webapp.errors import NotFound
from webapp.models.accounts import SYSTEM, ThingKind
from webapp.models.activity import Activity
from webapp.models.drafts import DraftSession
from webapp.models.files import Attachment, FileReach, StoredFile
from webapp.models.materials import Material
from webapp.queries import materials as queries
from webapp.services import files, materials
from webapp.services.events import shown_numbers


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def event(make):
    return make.event()


@pytest.fixture
def shelf(app, make):
    """Writes a file of this content, to be added under this title."""

    def written(title="Slides", content=PDF):
        folder = app.config["SETTINGS"].files_path
        kept = files.write(content, "application/pdf", folder=folder, now=make.now)
        return materials.Upload(written=kept, filename=f"{title}.pdf", title=title)

    return written


@pytest.fixture
def act(ledger, make):
    """Runs a verb as the service itself."""
    return lambda verb, *args, **more: ledger.act(verb, *args, **more, actor=SYSTEM, now=make.now)


def offer(title="", reach=FileReach.PUBLIC, session=""):
    return materials.Offer(title=title, reach=reach, session=session)


def titles(ledger, event):
    order = select(Material.title).where(Material.event_id == event.id).order_by(Material.position, Material.id)
    return ledger.all(order)


def verbs(ledger):
    return ledger.all(select(Activity.verb).where(Activity.thing_kind == ThingKind.MATERIAL).order_by(Activity.id))


def test_files_are_added_at_the_end_once_for_each_part(make, ledger, event, shelf, act):
    session = make.session(event)
    act(materials.add_files, event.id, [shelf("One", PDF), shelf("Two", PDF + b"2")], offer())
    assert act(materials.add_files, event.id, [shelf("One again", PDF)], offer()) == []
    act(materials.add_files, event.id, [shelf("Of the session", PDF)], offer(session=session.public_id))
    link = act(materials.add_link, event.id, "https://example.org/a", offer("A page"))
    assert act(materials.add_link, event.id, "https://example.org/a", offer("Again")).id == link.id
    assert titles(ledger, event) == ["One", "Two", "Of the session", "A page"]
    assert (ledger.count(StoredFile), verbs(ledger)) == (2, ["material_offered"] * 4)
    with pytest.raises(NotFound):
        act(materials.add_link, make.event().id, "https://example.org/b", offer("x", session=session.public_id))


@pytest.mark.memory
@pytest.mark.parametrize(
    "url",
    [
        *("javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "http://example.org", "//example.org/x"),
        *("https:///x", "https://localhost/x", "https://bank.example.org@evil.example.org/", "https://exa mple.org"),
        *("https://example.org\\@evil.example.org", "https://[::1", "https://example.org:port/", "https://ex.org/\x00"),
        "https://example.org/" + "a" * 500,
    ],
)
def test_address_that_is_not_plain_is_refused(url):
    assert not materials.is_plain_address(url)
    assert materials.is_plain_address("https://example.org/report?page=2#part")


def test_material_is_moved_among_those_of_its_part_alone(make, ledger, event, act):
    session = make.session(event)
    made = [act(materials.add_link, event.id, f"https://example.org/{n}", offer(f"Link {n}")) for n in range(3)]
    act(materials.add_link, event.id, "https://example.org/s", offer("Of the session", session=session.public_id))
    assert act(materials.move, event.id, made[2].public_id, 1) == 1
    assert act(materials.move, event.id, made[2].public_id, -9) == 1
    assert act(materials.move, event.id, made[0].public_id, 99) == 3
    assert [one for one in titles(ledger, event) if one != "Of the session"] == ["Link 2", "Link 1", "Link 0"]
    assert verbs(ledger)[4:] == ["material_moved"] * 2


def test_newer_version_takes_the_place_of_the_file_under_the_same_address(ledger, event, shelf, act, now):
    (row,) = act(materials.add_files, event.id, [shelf("Slides")], offer())
    said = offer("Slides", FileReach.REGISTERED)
    act(materials.change, event.id, row.public_id, said, upload=shelf("Newer", PDF + b"2"), version=1)
    changed = ledger.one(select(Material))
    assert (changed.public_id, changed.filename, changed.title) == (row.public_id, "Newer.pdf", "Slides")
    assert (changed.file_id != row.file_id, changed.replaced_at, changed.version) == (True, now, 2)
    assert changed.reach is FileReach.REGISTERED
    # The same again is no change, and an older page is told that something changed.
    act(materials.change, event.id, row.public_id, said, upload=shelf("Newer", PDF + b"2"), version=2)
    assert verbs(ledger) == ["material_offered", "material_replaced"]
    with pytest.raises(materials.MaterialChanged):
        act(materials.change, event.id, row.public_id, offer("Mine"), version=1)


def test_link_can_be_changed_only_to_another_plain_address(ledger, event, act):
    row = act(materials.add_link, event.id, "https://example.org/a", offer("A page"))
    with pytest.raises(materials.MaterialRefused):
        act(materials.change, event.id, row.public_id, offer("A page"), url="javascript:alert(1)", version=1)
    act(materials.change, event.id, row.public_id, offer("A page"), url="https://example.org/b", version=1)
    assert ledger.all(select(Material.url)) == ["https://example.org/b"]


def test_withdrawn_twice_is_withdrawn_once_and_its_file_is_swept_but_not_before(app, ledger, event, shelf, act, now):
    (row,) = act(materials.add_files, event.id, [shelf()], offer())
    assert ledger.act(files.forget_unused, now=now.replace(year=2028)) == 0
    for _ in range(2):
        act(materials.withdraw, event.id, row.public_id)
    assert verbs(ledger) == ["material_offered", "material_withdrawn"]
    assert ledger.act(files.forget_unused, now=now.replace(year=2028)) == 1


@pytest.fixture
def given(make, ledger, event, shelf, act, now):
    """A file that a speaker handed in, for a session that is released."""
    make.session(event, "Opening")
    make.draft(event)
    planned, speaker = ledger.one(select(DraftSession)), make.speaker("Ann Lee")
    kept = act(lambda actor, now: files.keep(shelf("Talk").written, now=now))
    row = Attachment(
        file_id=kept.id, event_id=event.id, speaker_id=speaker.id, thing_kind=ThingKind.DRAFT_SESSION,
        thing_id=planned.id, title="Talk.pdf", filename="Talk.pdf", added_at=now,
    )  # fmt: skip
    return make._kept(row)


def test_what_a_speaker_handed_in_is_made_available_once_and_goes_with_it(app, ledger, event, given, act):
    made = act(materials.offer_given, event.id, given.public_id, "Her talk", FileReach.PUBLIC)
    assert act(materials.offer_given, event.id, given.public_id, "Again", FileReach.PUBLIC).id == made.id
    with app.app_context():
        (told,) = queries.given_for(event.id)
        assert (told.material.id, told.speaker.name, told.session.title) == (made.id, "Ann Lee", "Opening")
        assert [one.title for one in queries.offered_of_session(told.session.id)] == ["Her talk"]
    act(materials.withdraw_given, given.id)
    assert (titles(ledger, event), ledger.count(Attachment)) == ([], 1)


def test_newer_version_of_what_a_speaker_handed_in_is_the_organisers_own(ledger, event, given, shelf, act):
    made = act(materials.offer_given, event.id, given.public_id, "Her talk", FileReach.PUBLIC)
    session = ledger.one(select(DraftSession)).public_id
    said = offer("Her talk", session=session)
    act(materials.change, event.id, made.public_id, said, upload=shelf("New", PDF + b"2"), version=1)
    act(materials.withdraw_given, given.id)
    assert titles(ledger, event) == ["Her talk"]


def test_session_that_is_in_no_released_agenda_offers_nothing_yet(ledger, event, given, act):
    ledger.change(ledger.one(select(DraftSession)), session_id=None)
    with pytest.raises(materials.MaterialRefused, match="released agenda"):
        act(materials.offer_given, event.id, given.public_id, "Her talk", FileReach.PUBLIC)


@pytest.mark.memory
@pytest.mark.parametrize(
    ("registered", "came", "shown"),
    [
        (40, 30, ["registered", "came", "organisations"]),
        # Two who did not come would be known by both numbers, and three of whom one came.
        (40, 38, ["registered", "organisations"]),
        (40, 2, ["registered", "organisations"]),
        (40, 40, ["registered", "came", "organisations"]),
        (40, 0, ["registered", "organisations"]),
        (4, 4, []),
        (0, 0, []),
    ],
)
def test_numbers_that_stand_for_few_are_not_shown(registered, came, shown):
    counted = {"registered": registered, "came": came, "organisations": 12, "authorities": 4}
    assert list(shown_numbers(counted)) == shown
