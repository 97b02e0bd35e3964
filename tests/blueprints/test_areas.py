"""The profile of an area as everybody reads it, as its own people keep it, and what it shares with whom."""

import pytest
from sqlalchemy import select

from tests.browsing import Browser, text_of
from tests.counting import statements
from tests.ledger import Ledger
from tests.uploads import PDF, send
from webapp import transaction
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, Actor, ActorKind, Person, Role, ThingKind
from webapp.models.areas import Area, AreaContact, AreaDocument, AreaPartner, AreaReach, AreaStrand, AreaVersion
from webapp.models.belonging import MemberRole
from webapp.models.communities import Openness
from webapp.models.memberships import Membership
from webapp.models.programmes import Programme, Theme, ThemeKind
from webapp.services import area_documents, area_profiles, files, materials

STRANDS = ("Family help", "Child protection", "Family networks")
OF_A_CHILD = "Like that of Millie Harper, aged 7, of 12 Elm Road, BN1 4AB"


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def area(make):
    """Wave 1's Marlbridge, with three strands and nothing said."""
    programme = make.programme("Pathways", themes=STRANDS)
    council = make.organisation("Marlbridge Council")
    wave = make.wave("Wave 1", programme_id=programme.id)
    return make.area("Marlbridge", wave=wave, organisation_id=council.id)


@pytest.fixture
def themes(ledger, area):
    return {one.name: one for one in ledger.all(select(Theme).where(Theme.programme_id == area.programme_id))}


@pytest.fixture
def browser(app, make, area):
    """A browser of somebody: a visitor, or who belongs to the area, the wave's other area or nothing, by role."""

    def one(who):
        if who == "visitor":
            return Browser(app)
        person = make.person(who.title())
        if who == "neighbour":
            make.member(person, wave_id=area.wave_id, programme_id=area.programme_id)
        elif who == "organiser":
            make.grant(person, Role.ORGANISER, ThingKind.PROGRAMME, area.programme_id)
        elif who in list(MemberRole):
            make.member(person, area=area, role=MemberRole(who))
        return Browser(app).sign_in(make.signed_in(person))

    return one


@pytest.fixture
def share(app, ledger, make, area):
    """Adds a file to the area, of a content of its own."""

    def one(title, reach="public"):
        folder = app.config["SETTINGS"].files_path
        written = files.write(PDF + title.encode(), "application/pdf", folder=folder, now=make.now)
        upload = materials.Upload(written=written, filename=f"{title}.pdf", title=title)
        return ledger.act(area_documents.add_file, area.id, upload, AreaReach(reach), actor=SYSTEM, now=make.now)

    return one


def address(area, rest=""):
    return f"/areas/{area.slug}-{area.public_id}{rest}"


def fetched(browser, area, row):
    """The status and content of a document's file for somebody."""
    with browser.client.get(address(area, f"/documents/{row.public_id}")) as answer:
        return answer.status_code, answer.data, dict(answer.headers)


def strand_of(themes, name):
    return f"/strands/{themes[name].public_id}"


def test_profile_tells_what_is_said_and_what_is_missing(ledger, make, area, themes):
    words = area_profiles.StrandWords(model="# How\n\nA *lead*.", features=["One team"], challenges=["Recruiting"])
    acting = {"actor": SYSTEM, "now": make.now}
    help_ = themes["Family help"].public_id
    ledger.act(area_profiles.say_strand, area.id, help_, words, version=1, **acting)
    ledger.act(area_profiles.describe, area.id, summary="In short.", conditions="# Before", version=2, **acting)
    contact = area_profiles.ContactWords(name="Ann Lee", email="ann@example.org", job_title="Head of family help")
    ledger.act(area_profiles.name_contacts, area.id, [contact], version=3, **acting)
    event = make.event("Learning day", programme_id=area.programme_id)
    make.contribution(make.session(event), organisation_id=area.organisation_id)
    make.contribution(make.session(make.event("Elsewhere")), organisation_id=area.organisation_id)

    page = Browser(ledger.app).get(address(area))

    assert (page.heading, page.title.partition(" – ")[0]) == ("Marlbridge", "Marlbridge, Wave 1")
    assert [text_of(one) for one in page.all("h3")] == [*STRANDS, "Before"]
    assert [text_of(one) for one in page.all("h4")] == ["How", "Key features", "Key challenges"]
    missing = [text_of(one) for one in page.all("p", class_="wm-quiet")]
    assert missing == ["Marlbridge has not said anything on this strand yet."] * 2
    for said in ("In short.", "One team", "Recruiting", "Led by Marlbridge Council", "Ann Lee Head of family help"):
        assert said in page.text
    assert page.link("ann@example.org") == "mailto:ann@example.org"
    assert page.link("Learning day").startswith("/events/learning-day")
    assert not page.has_link("Elsewhere")
    # An authority of the area's own name leads it without a word.
    ledger.change(area, name="Marlbridge Council")
    assert "Led by" not in Browser(ledger.app).get(address(area)).text


def test_kept_page_of_visitors_follows_what_is_changed(browser, make, area, share):
    visitor, member = browser("visitor"), browser("member")
    before = visitor.get(address(area))
    assert "Nobody is named yet." in before.text
    assert visitor.client.get(address(area), headers={"If-None-Match": before.response.headers["ETag"]}).status == (
        "304 NOT MODIFIED"
    )
    page = member.send(member.get(address(area, "/describe")).form(), summary="We begin with the family.")
    assert (page.address, "We begin with the family." in page.text) == (address(area), True)
    assert "We begin with the family." in visitor.get(address(area)).text
    share("A pathway")
    assert visitor.get(address(area)).has_link("A pathway")


MAY = {
    "visitor": [True, False, False],
    "stranger": [True, False, False],
    "neighbour": [True, True, False],
    "evaluator": [True, True, True],
    "member": [True, True, True],
    "organiser": [True, True, True],
}


def test_documents_go_to_those_whom_they_are_for_and_are_not_there_for_others(browser, area, share):
    rows = [share(f"For {reach}", reach) for reach in AreaReach]
    for who, may in MAY.items():
        one = browser(who)
        page = one.get(address(area))
        told = "For programme" in page.text, "For area" in page.text
        assert (who, [page.has_link(row.title) for row in rows], told) == (who, may, (True, may[2]))
        for row, granted in zip(rows, may, strict=True):
            status, content, headers = fetched(one, area, row)
            if granted:
                assert content == PDF + row.title.encode()
                assert headers["Content-Disposition"] == f'attachment; filename="{row.title}.pdf"'
                kept = "no-cache" if row.reach is AreaReach.PUBLIC else "private, no-store"
                assert headers["Cache-Control"] == kept
            else:
                assert (who, row.title, status, b"%PDF" in content) == (who, row.title, 404, False)
    assert "sign in" in browser("visitor").get(address(area)).text


def test_document_is_of_its_own_area_and_a_leaver_loses_it_at_once(app, ledger, make, browser, area, share):
    row, member = share("For us", "area"), make.person("Mel")
    membership = make.member(member, area=area)
    hers = Browser(app).sign_in(make.signed_in(member))
    other = make.area("Eastmere")
    assert fetched(hers, area, row)[0] == 200
    assert fetched(hers, other, row)[0] == 404
    with app.app_context(), transaction.unit():
        db.session.get_one(Membership, membership.id).ended_at = make.now
    assert fetched(hers, area, row)[0] == 404
    refused = hers.get(address(area, "/describe"))
    assert (refused.status, "is kept by its own people" in refused.text) == (403, True)
    assert "You keep this profile" not in hers.get(address(area)).text


def test_profile_is_kept_by_its_leads_its_members_and_the_organisers_alone(browser, area, themes, share):
    row = share("A pathway")
    doors = ["/describe", strand_of(themes, "Family help"), "/contacts", "/documents", "/history"]
    doors += ["/documents/new-file", "/documents/new-link"]
    doors += [f"/documents/{row.public_id}/change", f"/documents/{row.public_id}/remove", "/history/1/erase"]
    for who in ("lead", "member", "organiser", "coach", "evaluator", "department", "neighbour", "stranger"):
        one, keeps = browser(who), who in {"lead", "member", "organiser"}
        assert (who, "You keep this profile" in one.get(address(area)).text) == (who, keeps)
        for door in doors:
            page = one.get(address(area, door))
            seen = (who, door, page.status, "is kept by its own people" in page.text)
            assert seen == (who, door, *((200, False) if keeps else (403, True)))
        if not keeps:
            page = one.post(address(area, f"/documents/{row.public_id}/move"), {"place": "1"})
            assert "is kept by its own people" in page.text
    assert browser("visitor").get(address(area, "/describe")).heading == "Sign in"
    assert browser("lead").get(address(area, "/strands/nosuchtheme2")).status == 404


def test_profile_leads_to_the_areas_beside_it_and_to_communities_that_its_reader_reads(browser, make, area):
    of_wave = make.community("Wave 1 talks", programme_id=area.programme_id, wave_id=area.wave_id)
    other = make.wave("Wave 2", programme_id=area.programme_id)
    make.community("Wave 2 talks", programme_id=area.programme_id, wave_id=other.id)
    make.community("Open talks", programme_id=area.programme_id, openness=Openness.PUBLIC)
    for who, talks in (("visitor", {"Open talks"}), ("neighbour", {"Open talks", "Wave 1 talks"})):
        page = browser(who).get(address(area))
        shown = {name for name in ("Open talks", "Wave 1 talks", "Wave 2 talks") if page.has_link(name)}
        assert (who, shown, page.has_link("People")) == (who, talks, False)
    assert page.link("Wave 1 talks").endswith(of_wave.public_id)
    beside = browser("visitor").get(page.link("Compare the areas of Wave 1, strand by strand"))
    assert beside.heading == "The areas of Wave 1, strand by strand"
    led = browser("lead").get(address(area))
    assert "Lead" in browser("lead").get(led.link("People")).text


def test_leads_are_named_to_the_people_of_the_programme_and_to_nobody_else(browser, make, area):
    make.member(make.person("Lena Stone"), area=area, role=MemberRole.LEAD)
    make.member(make.person("Milo Reed"), area=area)
    named = {who: "Lena Stone" in browser(who).get(address(area)).text for who in ("visitor", "stranger", "neighbour")}
    assert named == {"visitor": False, "stranger": False, "neighbour": True}
    assert "Milo Reed" not in browser("organiser").get(address(area)).text


def test_two_who_change_a_strand_lose_nothing(browser, ledger, area, themes):
    door = address(area, strand_of(themes, "Family help"))
    first, second = browser("member"), browser("lead")
    one, two, three = (each.get(door).form() for each in (first, second, second))
    first.send(one, model="How we do it", features="One team")

    # What only one of them changed stands.
    page = second.send(two, challenges="- Recruiting\n* Housing")
    assert (page.response.status_code, page.address) == (200, address(area))
    strand = ledger.one(select(AreaStrand))
    assert (strand.model, strand.features, strand.challenges) == (
        "How we do it",
        ["One team"],
        ["Recruiting", "Housing"],
    )

    # What both changed is put beside each other, under the name of who did.
    page = second.send(three, model="How they do it", challenges="Trust")
    assert page.status == 409
    assert "The local model, changed by Member" in page.text
    assert "It is now How we do it You typed How they do it" in page.text
    assert page.form().values["model"] == ["How they do it"]
    assert page.form().values["features"] == ["One team"]
    assert page.errors[0] == "Member changed this too. Choose which is to stand, and save"
    # Either may be chosen; with theirs, nothing is left to save of it.
    assert page.form().values["stands_model"] == ["mine"]
    second.send(page.form(), stands_model="theirs")
    strand = ledger.one(select(AreaStrand))
    assert (strand.model, strand.challenges) == ("How we do it", ["Trust"])
    second.send(second.get(door).form(), challenges="Recruiting\nHousing")
    three = second.get(door).form()
    second.send(second.get(door).form(), challenges="Staff")
    page = second.send(three, model="How they do it", challenges="Trust")
    # Nobody is told that somebody else did what they did themselves.
    assert page.errors[0] == "You, in another window, changed this too. Choose which is to stand, and save"
    second.send(page.form())
    strand = ledger.one(select(AreaStrand))
    assert (strand.model, strand.features, strand.challenges) == ("How they do it", ["One team"], ["Trust"])

    # Who was taken out meanwhile still has what they typed.
    open_page = first.get(door).form()
    row = ledger.one(select(Membership).join(Person, Person.id == Membership.person_id).where(Person.name == "Member"))
    ledger.change(row, ended_at=row.joined_at)
    page = first.send(open_page, model="Written for an hour")
    assert (page.status, "is kept by its own people" in page.text) == (403, True)
    assert "What you typed It is kept nowhere else: copy what you still need. Model Written for an hour" in page.text

    # Emptied, it is missing again.
    second.send(second.get(door).form(), model="", features=" \n", challenges="")
    assert ledger.all(select(AreaStrand)) == []


def test_text_that_may_identify_a_child_is_not_saved_until_it_is_changed(browser, ledger, area, themes):
    member, door = browser("member"), address(area, strand_of(themes, "Child protection"))
    page = member.send(member.get(door).form(), challenges=OF_A_CHILD)
    assert page.status == 422
    assert page.errors[0].startswith("This may identify somebody")
    assert "Nobody can let it through here" in page.text
    assert not page.all("input", id="guard_keep")
    # To ask for it to stay is no way round, whatever the page offered.
    page = member.send(page.form(), guard_choice="keep", guard_reason="It has to stay")
    assert (page.status, page.form().values["challenges"]) == (422, [OF_A_CHILD])
    assert page.errors[0].startswith("This may identify somebody")
    assert (ledger.all(select(AreaStrand)), ledger.all(select(AreaVersion))) == ([], [])
    member.send(page.form(), guard_choice="change", challenges="Rents")
    assert ledger.one(select(AreaStrand)).challenges == ["Rents"]
    page = member.send(
        member.get(address(area, "/documents/new-link")).form(), url="https://example.org/a", title=OF_A_CHILD
    )
    assert (page.status, ledger.all(select(AreaDocument))) == (422, [])


def test_bad_input_is_refused_or_shown_as_the_text_that_it_is(browser, ledger, area, themes):
    member, door = browser("member"), address(area, strand_of(themes, "Family networks"))
    for typed, error in (
        ({"model": "x" * 10_001}, "The local model must be 10000 characters or fewer; it has 10001"),
        ({"features": "\n".join("abcdefghijklmnopqrstu")}, "Enter 20 points or fewer; there are 21"),
        ({"challenges": "y\n" + "x" * 301}, "Point 2 must be 300 characters or fewer; it has 301"),
    ):
        page = member.send(member.get(door).form(), **typed)
        assert (page.status, page.errors) == (422, [error])
    page = member.send(member.get(door).form(), model="x" * 1_000_000)
    assert (page.status, ledger.all(select(AreaStrand))) == (413, [])
    markup = "<script>alert(1)</script> ![x](https://example.org/x.png) [y](javascript:alert(1))"
    page = member.send(member.get(door).form(), model=markup, features="<b>bold</b>\na\u202eb\u200bc")
    assert (page.all("img"), [one for one in page.all("a") if "javascript" in one.get("href", "")]) == ([], [])
    assert "<script>alert(1)</script>" in page.text
    assert ledger.one(select(AreaStrand)).features == ["<b>bold</b>", "abc"]


def test_contacts_agreed_and_nothing_of_them_stays_once_they_go(browser, ledger, area):
    member, lead = browser("member"), browser("lead")
    door = address(area, "/contacts")
    page = member.send(member.get(door).form(), new1_name="Ann Lee", new1_email="ann at example.org")
    assert page.errors == [
        "Enter an e-mail address in the correct format, like name@example.org",
        "Ask everybody whom you name, then say that they agreed",
    ]
    member.send(page.form(), new1_email="ann@example.org", new2_name="Ben Ito", agreed="y")
    ann, ben = ledger.all(select(AreaContact).order_by(AreaContact.position))
    # One takes Ann out while another gives Ben a number: both are done.
    mine, theirs = member.get(door).form(), lead.get(door).form()
    member.send(mine, **{f"c{ann.id}_name": "", f"c{ann.id}_email": ""})
    lead.send(theirs, **{f"c{ben.id}_telephone": "01632 960001"})
    stand = ledger.all(select(AreaContact))
    assert [(one.id, one.name, one.telephone) for one in stand] == [(ben.id, "Ben Ito", "01632 960001")]
    assert "Ann Lee" not in lead.get(address(area, "/history")).text
    assert "ann@example.org" not in str([one.content for one in ledger.all(select(AreaVersion))])
    # And one changes whom another takes out: that is for people to settle, and typed again they are there again.
    mine, theirs = member.get(door).form(), lead.get(door).form()
    member.send(mine, **{f"c{ben.id}_{part}": "" for part in ("name", "telephone")})
    page = lead.send(theirs, **{f"c{ben.id}_name": "Benjamin Ito"})
    assert (page.status, page.form().values[f"c{ben.id}_name"]) == (409, ["Benjamin Ito"])
    lead.send(page.form())
    assert ledger.one(select(AreaContact)).name == "Benjamin Ito"


def test_documents_are_added_changed_replaced_moved_and_taken_away(browser, ledger, area):
    member = browser("member")
    new = address(area, "/documents/new-file")
    page = send(member, member.get(new).form(), "file", b"MZ", "tool.pdf", title="A pathway", reach="programme")
    assert (page.status, len(page.errors), ledger.all(select(AreaDocument))) == (422, 1, [])
    page = send(member, page.form(), "file", PDF, "path way.pdf")
    assert "“A pathway” is added." in page.text
    row = ledger.one(select(AreaDocument))
    assert (row.title, row.reach, row.filename) == ("A pathway", AreaReach.PROGRAMME, "path way.pdf")
    # Sent twice, it is there once.
    send(member, member.get(new).form(), "file", PDF, "again.pdf")
    page = member.send(member.get(address(area, "/documents/new-link")).form(), url="http://example.org", title="Film")
    assert page.errors == ["Enter an address that begins with https://, such as https://example.org/report"]
    member.send(page.form(), url="https://example.org/film")
    page = member.get(address(area, "/documents"))
    assert [text_of(one) for one in page.all("h2", class_="wm-question__title")] == ["A pathway", "Film"]

    link = ledger.one(select(AreaDocument).where(AreaDocument.url != ""))
    page = member.send(page.form(f"/documents/{link.public_id}/move"), place="1")
    assert [text_of(one) for one in page.all("h2", class_="wm-question__title")] == ["Film", "A pathway"]
    change = address(area, f"/documents/{row.public_id}/change")
    opened = member.get(change).form()
    send(member, member.get(change).form(), "newer", PDF + b"2", "newer.pdf", title="Our pathway")
    # Opened before that, and only whom it is for was changed: the newer title stays.
    member.send(opened, reach="area")
    row = ledger.one(select(AreaDocument).where(AreaDocument.url == ""))
    assert (row.title, row.reach, row.filename) == ("Our pathway", AreaReach.AREA, "newer.pdf")
    assert fetched(member, area, row)[1] == PDF + b"2"
    remove = member.get(address(area, f"/documents/{row.public_id}/remove"))
    member.send(remove.form())
    assert [one.title for one in ledger.all(select(AreaDocument))] == ["Film"]
    assert member.get(address(area, f"/documents/{row.public_id}")).status == 404


def test_history_tells_what_was_changed_by_whom_and_what_was_wrong_is_erased(browser, ledger, area, themes):
    member, lead, door = browser("member"), browser("lead"), address(area, "/describe")
    member.send(member.get(door).form(), summary="We meet on Mondays")
    lead.send(lead.get(door).form(), summary="We meet on Tuesdays", conditions="A shared office")
    member.send(member.get(address(area, strand_of(themes, "Family help"))).form(), features="One team\nOne plan")
    member.send(member.get(address(area, strand_of(themes, "Family help"))).form(), features="One plan\nTwo doors")
    # Saved as it stands already, nothing was changed.
    lead.send(lead.get(door).form())

    page = lead.get(address(area, "/history"))
    marked = [(text_of(one), one.tag.rpartition("}")[2]) for one in page.tree.iter() if one.get("class") in MARKED]
    assert marked[2:] == [
        ("One team", "del"), ("Two doors", "ins"), ("One team", "ins"), ("One plan", "ins"),
        ("Mondays", "del"), ("Tuesdays", "ins"), ("A shared office", "ins"),
        ("We meet on Mondays", "ins"),
    ]  # fmt: skip
    who = [text_of(one) for section in page.all("section", class_="wm-area-strand") for one in section[1:2]]
    assert who == ["Member", "Member", "Lead", "Member"]

    page = lead.get(address(area, "/history/2/erase"))
    assert "Mondays" in page.text
    lead.send(page.form())
    page = lead.get(address(area, "/history"))
    assert "Mondays" not in page.text
    assert "What stood before this change was erased." in page.text
    assert [one.content["said"] for one in ledger.all(select(AreaVersion).order_by(AreaVersion.number))][1] == {
        "summary": None, "conditions": None,
    }  # fmt: skip
    assert lead.get(address(area, "/history/99/erase")).status == 404
    assert lead.get(address(area, f"/history/{10**20}/erase")).status == 404


MARKED = {"wm-added", "wm-removed"}


def test_history_comes_in_pages(browser, ledger, make, area):
    for number in range(1, 24):
        words = {"summary": f"Version {number}", "conditions": ""}
        ledger.act(area_profiles.describe, area.id, **words, version=number, actor=SYSTEM, now=make.now)
    page = browser("member").get(address(area, "/history?page=2"))
    changed = [text_of(one) for one in page.all("p", class_="wm-lines")]
    assert changed == ["Version 23", "Version 12", "Version 1"]


def test_profile_takes_as_many_queries_however_much_it_says(app, ledger, make, browser, area, themes, share):
    member = browser("member")

    def number():
        with statements(app) as seen:
            assert member.get(address(area)).status == 200
        return len(seen)

    def say(*names):
        for name in names:
            version = ledger.one(select(Area)).version
            words = area_profiles.StrandWords(features=[name])
            ledger.act(
                area_profiles.say_strand, area.id, themes[name].public_id, words, version=version,
                actor=SYSTEM, now=make.now,
            )  # fmt: skip
        partner = make.organisation()
        with app.app_context(), transaction.unit():
            db.session.add(AreaPartner(area_id=area.id, organisation_id=partner.id))
        event = make.event(programme_id=area.programme_id)
        make.contribution(make.session(event), organisation_id=area.organisation_id)
        share(f"About {names[0]}")

    say("Family help")
    one = number()
    say("Child protection", "Family networks")
    assert (one, number()) == (10, 10)


def test_themes_that_are_no_strands_are_not_asked_for(ledger, make, browser):
    programme = make.programme(themes=["Help"])
    with ledger.app.app_context(), transaction.unit():
        kinds = [("Voices", ThemeKind.TOPIC), ("Safety", ThemeKind.STRAND)]
        for place, (name, kind) in enumerate(kinds, start=5):
            db.session.add(Theme(programme_id=programme.id, name=name, slug=name.lower(), kind=kind, position=place))
        assert db.session.get_one(Programme, programme.id).name == programme.name
    area = make.area(wave=make.wave(programme_id=programme.id))
    page = browser("visitor").get(address(area))
    assert [text_of(one) for one in page.all("h3")] == ["Help", "Safety"]


def test_change_is_in_the_record_of_what_was_done(ledger, make, area, share):
    person = make.person("Mel")
    ledger.act(
        area_profiles.describe, area.id, summary="New", conditions="", version=1,
        actor=Actor(ActorKind.PERSON, person.id), now=make.now,
    )  # fmt: skip
    version = ledger.one(select(AreaVersion))
    assert (version.number, version.changed_by_id, version.at) == (1, person.id, make.now)
    assert version.content["said"] == {"summary": ""}
    with pytest.raises(area_profiles.AreaChanged):
        ledger.act(area_profiles.describe, area.id, summary="X", conditions="", version=1, actor=SYSTEM, now=make.now)
    assert ledger.one(select(Area)).summary == "New"
