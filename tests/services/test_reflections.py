"""Reflective tools: versions that stay, entries that two write at once, sharing that ends at once, documents."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from tests.counting import statements
from tests.ledger import Ledger
from webapp.errors import Forbidden, NotFound, TooMany
from webapp.extensions import db
from webapp.formats import papers
from webapp.models.accounts import SYSTEM, Role, ThingKind
from webapp.models.activity import Activity
from webapp.models.reflections import (
    Framework,
    Reflection,
    ReflectionAnswer,
    ReflectionChange,
    ReflectionDocument,
    ReflectionEntry,
    ReflectionShare,
    Standing,
    Team,
    TeamMember,
)
from webapp.queries import accounts
from webapp.queries import reflections as queries
from webapp.services import housekeeping
from webapp.services import reflections as services
from webapp.services.reflections import EntryWords, OutcomeWords, sharing

DAY = date(2027, 5, 10)
TABLES = (
    Reflection,
    ReflectionEntry,
    ReflectionAnswer,
    ReflectionChange,
    ReflectionShare,
    ReflectionDocument,
)


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def viewer(app, make, now):
    """Gives the viewer that a person of this name is, with an address of that name."""

    def signed_in(name):
        secret = make.signed_in(make.person(name.capitalize(), f"{name}@example.org"))
        with app.app_context():
            return accounts.find_viewer(secret, now=now)

    return signed_in


@pytest.fixture
def ann(viewer):
    return viewer("ann")


@pytest.fixture
def ben(viewer):
    return viewer("ben")


@pytest.fixture
def entry(ledger, make, ann, now):
    """The first entry of a reflection of Ann's, on a tool with the prompts 2 and 3."""
    tool = make.framework("A tool")
    return ledger.act(services.begin, tool.id, title="Mine", team_id=None, held_on=DAY, viewer=ann, now=now)


@pytest.fixture
def write(ledger, entry, ann, now):
    """Saves answers in that entry as it stands, or as somebody has it open."""

    def save(texts, *, by=ann, version=None, at=now, checked=True):
        if version is None:
            version = ledger.one(select(ReflectionEntry.version))
        words = EntryWords(held_on=DAY, title="", texts=texts)
        return ledger.act(
            services.save, entry.reflection_id, entry.public_id, words, version=version, checked=checked,
            viewer=by, now=at,
        )  # fmt: skip

    return save


@pytest.fixture
def without_pango(monkeypatch):
    """Takes Pango away from this machine."""

    def take_away():
        monkeypatch.setattr(papers, "_PANGO", ())
        papers.can_make_pdf.cache_clear()

    yield take_away
    papers.can_make_pdf.cache_clear()


def answers(ledger):
    return dict(ledger.rows(select(ReflectionAnswer.prompt, ReflectionAnswer.text)))


def history(ledger):
    statement = select(ReflectionChange.prompt, ReflectionChange.text).order_by(ReflectionChange.id)
    return [tuple(row) for row in ledger.rows(statement)]


def public_id(ledger):
    return ledger.one(select(Reflection.public_id))


def standing(app, ledger, viewer):
    """What somebody may do with the only reflection; None where they find none."""
    wanted = public_id(ledger)
    with app.app_context():
        try:
            found = queries.get_reflection(wanted, viewer=viewer)
        except NotFound:
            assert queries.reflections_of(viewer) == []
            return None
        assert [one.standing for one in queries.reflections_of(viewer)] == [found.standing]
        return found.standing


def test_published_version_stays_when_the_tool_is_edited_and_numbers_are_never_given_again(ledger, make, now):
    tool = make.framework()
    edit = partial(ledger.act, services.put_outcome, tool.id, actor=SYSTEM, now=now)
    words = OutcomeWords(title="Families stay together", about="", prompts=[(2, ""), (3, "What of it?"), (None, "New")])
    row = edit(1, words, version=ledger.one(select(Framework.version)))
    assert [(one.no, one.text) for one in row.drafted.prompts] == [(3, "What of it?"), (4, "New")]

    second = ledger.act(services.publish, tool.id, actor=SYSTEM, now=now)
    again = ledger.act(services.publish, tool.id, actor=SYSTEM, now=now)

    assert (second.number, again.number) == (2, 2)
    with ledger.app.app_context():
        asked = queries.asked_in(tool.id, {1, 2})
    assert [one.text for one in asked[1].prompts] == ["What about 1?", "What about 2?"]
    assert [one.text for one in asked[2].prompts] == ["What of it?", "New"]
    with pytest.raises(services.FrameworkChanged):
        edit(1, replace(words, title="Other"), version=1)


def test_tool_without_prompts_is_not_published_and_rows_move_within_their_own(ledger, make, now):
    actor = {"actor": SYSTEM, "now": now}
    row = ledger.act(services.create, make.programme().id, title="T", summary="S", **actor)
    with pytest.raises(services.FrameworkRefused, match="at least one prompt"):
        ledger.act(services.publish, row.id, **actor)
    for title in ("One", "Two"):
        words = OutcomeWords(title=title, about="", prompts=[(None, f"{title} a"), (None, f"{title} b")])
        version = ledger.one(select(Framework.version))
        ledger.act(services.put_outcome, row.id, None, words, version=version, **actor)

    for no, up in ((4, True), (3, False), (6, True), (99, True)):
        ledger.act(services.move, row.id, no, up=up, **actor)

    asked = ledger.one(select(Framework)).drafted
    assert [(one.title, [prompt.text for prompt in one.prompts]) for one in asked.outcomes] == [
        ("Two", ["Two b", "Two a"]),
        ("One", ["One a", "One b"]),
    ]


def test_answers_stay_with_what_was_asked_when_they_were_given(ledger, make, write, entry, ann, now):
    write({2: "As it was", 3: "Stays"})
    tool = ledger.one(select(Framework))
    words = OutcomeWords(title="Families stay together", about="", prompts=[(3, "Worded anew"), (None, "New")])
    ledger.act(services.put_outcome, tool.id, 1, words, version=tool.version, actor=SYSTEM, now=now)
    ledger.act(services.publish, tool.id, actor=SYSTEM, now=now)

    second = ledger.act(services.add_entry, entry.reflection_id, held_on=DAY, title="Later", viewer=ann, now=now)

    assert (entry.asked_number, second.asked_number) == (1, 2)
    with ledger.app.app_context():
        asked = queries.asked_in(tool.id, {1, 2})
    (outcome,) = services.outcomes_of(asked)
    assert [one.text for one in outcome.prompts] == ["Worded anew", "New", "What about 1?"]
    assert services.wording_of(asked[1], 3) == "What about 2?"
    words = EntryWords(held_on=DAY, title="Later", texts={2: "not asked any more", 4: "Asked"})
    args = {"version": 1, "checked": True, "viewer": ann, "now": now}
    ledger.act(services.save, entry.reflection_id, second.public_id, words, **args)
    assert answers(ledger) == {2: "As it was", 3: "Stays", 4: "Asked"}


def test_second_click_begins_nothing_twice(ledger, make, entry, ann, now):
    tool = ledger.one(select(Framework.id))
    again = ledger.act(
        services.begin, tool, title="Mine", team_id=None, held_on=DAY, viewer=ann, now=now + timedelta(seconds=2)
    )
    assert again.id == entry.id
    assert ledger.count(Reflection) == 1


def test_history_keeps_what_stood_and_joins_what_one_writes_in_a_few_minutes(ledger, write, ben, now):
    write({2: "We listen"})
    write({2: "We listen more"}, at=now + timedelta(minutes=5))
    write({2: ""}, at=now + timedelta(minutes=6))
    write({2: "Afresh"}, at=now + timedelta(minutes=30))
    write({2: "Afresh"}, at=now + timedelta(minutes=31))

    assert history(ledger) == [(2, "We listen more"), (2, ""), (2, "Afresh")]
    first = ledger.all(select(ReflectionChange).order_by(ReflectionChange.id))[0]
    row = ledger.one(select(ReflectionEntry))
    assert (first.began_at, first.at) == (now, now + timedelta(minutes=5))
    assert row.version == 5


def test_earlier_words_stand_again_and_those_that_stood_stay_in_the_history(ledger, write, entry, ann, now):
    write({2: "First thought"})
    write({2: "Second thought"}, at=now + timedelta(hours=1))
    change = ledger.all(select(ReflectionChange.public_id).order_by(ReflectionChange.id))[0]

    for _ in range(2):
        later = now + timedelta(hours=1, minutes=1)
        ledger.act(services.put_back, entry.reflection_id, entry.public_id, change, viewer=ann, now=later)

    assert answers(ledger) == {2: "First thought"}
    assert history(ledger) == [(2, "First thought"), (2, "Second thought"), (2, "First thought")]


def test_who_saves_on_top_of_another_is_refused_and_nothing_changes(ledger, write):
    write({2: "Theirs"}, version=1)
    with pytest.raises(services.EntryChanged):
        write({2: "Mine", 3: "Also mine"}, version=1)
    assert answers(ledger) == {2: "Theirs"}
    # What stands already is no change, whatever was open.
    write({2: "Theirs"}, version=1)


def test_reflection_is_private_and_organisers_find_nothing(app, ledger, make, entry, ann, ben):
    person = make.person("Owner", "owner@example.org")
    make.grant(person, Role.OWNER, ThingKind.SITE, 0)
    with app.app_context():
        owner = accounts.find_viewer(make.signed_in(person), now=make.now)

    assert owner.is_organiser
    assert [standing(app, ledger, one) for one in (ann, ben, owner)] == [Standing.OWNER, None, None]


def test_sharing_opens_it_at_once_and_taking_back_closes_it_at_once(app, ledger, write, entry, ann, ben, viewer, now):
    cat = viewer("cat")
    share = partial(ledger.act, services.share_with_person, entry.reflection_id, viewer=ann, now=now)

    share("BEN@example.org", may_write=False)
    assert standing(app, ledger, ben) is Standing.READER
    with pytest.raises(NotFound):
        write({2: "Ben’s"}, by=ben)
    share("ben@example.org", may_write=True)
    write({2: "Ben’s"}, by=ben)
    assert (standing(app, ledger, ben), standing(app, ledger, cat)) == (Standing.WRITER, None)
    assert ledger.letters() == [("reflection_shared", "ben")]

    row = ledger.one(select(ReflectionShare))
    with pytest.raises(Forbidden):
        ledger.act(services.stop_sharing, entry.reflection_id, row.public_id, viewer=ben, now=now)
    for _ in range(2):
        ledger.act(services.stop_sharing, entry.reflection_id, row.public_id, viewer=ann, now=now)

    assert standing(app, ledger, ben) is None
    with pytest.raises(NotFound):
        write({2: "Ben’s again"}, by=ben)
    assert answers(ledger) == {2: "Ben’s"}


def test_address_that_nobody_has_is_shared_with_alike_and_opens_to_who_comes_later(
    app, ledger, entry, ann, viewer, now
):
    ledger.act(services.share_with_person, entry.reflection_id, "dan@example.org", may_write=False, viewer=ann, now=now)
    assert ledger.letters() == []
    assert standing(app, ledger, viewer("dan")) is Standing.READER


def test_nobody_causes_letters_without_end(ledger, entry, ann, now, monkeypatch):
    monkeypatch.setattr(sharing, "MOST_LETTERS", 2)
    share = partial(ledger.act, services.share_with_person, entry.reflection_id, may_write=False, viewer=ann, now=now)
    share("b@example.org")
    share("c@example.org")
    with pytest.raises(TooMany):
        share("d@example.org")
    assert ledger.count(ReflectionShare) == 2


def test_words_that_were_saved_as_they_were_typed_are_looked_through_before_they_are_shared(
    ledger, write, entry, ann, now
):
    share = partial(
        ledger.act,
        services.share_with_person,
        entry.reflection_id,
        "b@example.org",
        may_write=False,
        viewer=ann,
        now=now,
    )
    write({2: "Being typed"}, checked=False)
    with pytest.raises(services.SharingRefused, match="not yet looked through"):
        share()
    write({2: "Being typed"}, checked=True)
    share()
    assert ledger.count(ReflectionShare) == 1


def test_team_writes_together_until_somebody_leaves_or_it_ends(app, ledger, make, ann, ben, viewer, now):
    cat = viewer("cat")
    team = ledger.act(services.make_team, "North", viewer=ann, now=now)
    assert ledger.act(services.make_team, "North", viewer=ann, now=now).id == team.id
    for email in ("ben@example.org", "cat@example.org", "ben@example.org"):
        ledger.act(services.add_member, team.id, email, viewer=ann, now=now)
    with pytest.raises(Forbidden):
        ledger.act(services.add_member, team.id, "dan@example.org", viewer=ben, now=now)
    tool = make.framework()
    with pytest.raises(NotFound):
        ledger.act(services.begin, tool.id, title="Ours", team_id=team.id, held_on=DAY, viewer=viewer("eve"), now=now)
    ledger.act(services.begin, tool.id, title="Ours", team_id=team.id, held_on=DAY, viewer=ann, now=now)
    assert [standing(app, ledger, one) for one in (ann, ben, cat)] == [Standing.OWNER, Standing.WRITER, Standing.WRITER]
    assert ledger.letters() == [("team_joined", "ben"), ("team_joined", "cat")]

    ids = dict(ledger.rows(select(TeamMember.email, TeamMember.public_id)))
    with pytest.raises(Forbidden):
        ledger.act(services.remove_member, team.id, ids["cat@example.org"], viewer=ben, now=now)
    ledger.act(services.remove_member, team.id, ids["ben@example.org"], viewer=ben, now=now)
    assert [standing(app, ledger, one) for one in (ben, cat)] == [None, Standing.WRITER]

    ledger.act(services.delete_team, team.id, viewer=ann, now=now)
    assert [standing(app, ledger, one) for one in (ann, cat)] == [Standing.OWNER, None]
    assert (ledger.count(Team), ledger.count(TeamMember)) == (0, 0)


def test_reflection_shared_with_a_team_opens_to_its_members_alone(app, ledger, entry, ann, ben, now):
    team = ledger.act(services.make_team, "North", viewer=ann, now=now)
    share = partial(ledger.act, services.share_with_team, entry.reflection_id, team.id, now=now)
    share(may_write=False, viewer=ann)
    assert standing(app, ledger, ben) is None
    ledger.act(services.add_member, team.id, "ben@example.org", viewer=ann, now=now)
    assert standing(app, ledger, ben) is Standing.READER
    share(may_write=True, viewer=ann)
    assert standing(app, ledger, ben) is Standing.WRITER
    ledger.act(services.delete_team, team.id, viewer=ann, now=now)
    assert standing(app, ledger, ben) is None


def test_delete_leaves_nothing_of_it_and_only_the_owner_can(ledger, write, entry, ann, ben, now):
    write({2: "Thoughts"})
    ledger.act(services.share_with_person, entry.reflection_id, "ben@example.org", may_write=True, viewer=ann, now=now)
    ledger.act(services.request_pdf, entry.reflection_id, person_id=ben.id, now=now)
    assert [ledger.count(table) for table in TABLES] == [1] * len(TABLES)
    with pytest.raises(Forbidden):
        ledger.act(services.delete, entry.reflection_id, viewer=ben, now=now)
    with pytest.raises(Forbidden):
        ledger.act(services.delete_entry, entry.reflection_id, entry.public_id, viewer=ben, now=now)

    ledger.act(services.delete, entry.reflection_id, viewer=ann, now=now)

    assert [ledger.count(table) for table in TABLES] == [0] * len(TABLES)
    assert [one for one in ledger.all(select(Activity.details)) if one] == [{"version": 1}], "no words in the record"


def test_entry_goes_with_its_history_and_the_others_stay(ledger, write, entry, ann, now):
    write({2: "Thoughts"})
    add = partial(ledger.act, services.add_entry, entry.reflection_id, held_on=DAY, title="Next", viewer=ann)
    kept = add(now=now)
    assert add(now=now + timedelta(seconds=1)).id == kept.id

    ledger.act(services.delete_entry, entry.reflection_id, entry.public_id, viewer=ann, now=now)

    assert ledger.all(select(ReflectionEntry.id)) == [kept.id]
    assert (ledger.count(ReflectionAnswer), ledger.count(ReflectionChange)) == (0, 0)


def test_pdf_is_made_by_the_worker_and_goes_after_a_day(app, ledger, write, entry, ann, ben, now):
    write({2: "We <b>listen</b> & learn"})
    ask = partial(ledger.act, services.request_pdf, entry.reflection_id, person_id=ann.id)
    asked = ask(now=now)
    assert ask(now=now).id == asked.id
    with app.app_context():
        assert services.make_pending(lambda: now) == 1
        assert services.make_pending(lambda: now) == 0
        made = queries.get_document(entry.reflection_id, asked.public_id, person_id=ann.id, now=now, with_content=True)
        assert made.content.startswith(b"%PDF-")
        db.session.rollback()
        with pytest.raises(NotFound):
            queries.get_document(entry.reflection_id, asked.public_id, person_id=ben.id, now=now)
        with pytest.raises(NotFound):
            queries.get_document(entry.reflection_id, asked.public_id, person_id=ann.id, now=now + timedelta(days=1))
    ledger.act(housekeeping.forget, now=now + timedelta(days=1, seconds=1))
    assert ledger.count(ReflectionDocument) == 0


def test_pdf_where_it_cannot_be_made_says_so_and_offers_word(app, ledger, entry, ann, now, without_pango):
    asked = ledger.act(services.request_pdf, entry.reflection_id, person_id=ann.id, now=now)
    without_pango()
    with pytest.raises(services.PdfUnavailable):
        ledger.act(services.request_pdf, entry.reflection_id, person_id=ann.id, now=now)

    with app.app_context():
        assert services.make_pending(lambda: now) == 0
        row = db.session.get_one(ReflectionDocument, asked.id)
        assert (row.failed_at, row.problem) == (now, services.NO_PDF)
        db.session.rollback()


def test_reflections_of_somebody_with_many_take_as_many_queries(app, ledger, make, entry, ann, now):
    def read():
        with statements(app) as asked, app.app_context():
            found = queries.reflections_of(ann)
            assert {one.reflection.framework.title for one in found} == {"A tool"}
        return len(found), len(asked)

    assert read() == (1, 1)
    tool = ledger.one(select(Framework.id))
    for number in range(2):
        ledger.act(services.begin, tool, title=f"R{number}", team_id=None, held_on=DAY, viewer=ann, now=now)
    assert read() == (3, 1)
