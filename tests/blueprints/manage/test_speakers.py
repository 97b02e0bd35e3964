"""Organisers look after speakers."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.browsing import Browser, text_of
from tests.counting import statements
from tests.ledger import Ledger
from tests.planning import name, plan
from tests.tables import cells
from tests.uploads import PDF, archive, picture, send
from webapp.models.accounts import SYSTEM, Role, ThingKind
from webapp.models.agenda import Contribution
from webapp.models.drafts import SpeakerAnswer
from webapp.models.events import EventState
from webapp.models.files import StoredFile
from webapp.models.organisations import Organisation
from webapp.models.speakers import Speaker, SpeakerAlias
from webapp.services import files
from webapp.services import speakers as services


@pytest.fixture
def ledger(app):
    return Ledger(app)


def at(event, *parts):
    return "/".join([f"/manage/events/{event.slug}-{event.public_id}/speakers", *parts])


def speaker_of(ledger, speaker):
    return ledger.one(select(Speaker).where(Speaker.id == speaker.id))


@pytest.fixture
def added(ledger, now):
    return lambda full, **more: ledger.act(services.add, services.Profile(name=full, **more), actor=SYSTEM, now=now)


# ---------------------------------------------------------------- who is named


def test_index_says_who_is_named_what_they_answered_and_what_is_missing(organiser, make, added):
    event = make.event()
    ann, ben, released = added("Ann Lee", biography="She leads."), added("Ben Ode"), added("Cat Aye")
    first, second = plan(make, event, "First"), plan(make, event, "Second")
    name(make, second, ann, answer=SpeakerAnswer.CONFIRMED)
    name(make, first, ann, answer=SpeakerAnswer.DECLINED)
    name(make, first, ben)
    make.contribution(make.session(event, "Released alone"), speaker_id=released.id)
    shown = make.session(event, "Shown")
    plan(make, event, "Shown, planned", released=shown)
    make.contribution(shown, speaker_id=added("Taken off the plan").id)
    added("Of nowhere")
    page = organiser(event).get(at(event))
    assert [" ".join(row) for row in cells(page)] == [
        "C Cat Aye Released alone Presenter Biography, photograph",
        "A Ann Lee First Presenter Declined Second Presenter Confirmed Photograph",
        "B Ben Ode First Presenter Not asked Biography, photograph",
    ]
    assert "3 speakers on the agenda. Sessions: 1 not asked, 1 confirmed, 1 declined." in page.text


def test_index_of_nobody_says_what_to_do(organiser, make):
    event = make.event()
    page = organiser(event).get(at(event))
    assert "Nobody is named on the agenda yet" in page.text
    assert page.link("Add a speaker") == at(event, "new")


def test_index_asks_as_many_queries_for_many_speakers_as_for_one(app, organiser, make, added):
    event = make.event()
    browser = organiser(event)
    counts = []
    for more in (1, 6):
        for number in range(more):
            speaker = added(f"Ann {more}{number}")
            name(make, plan(make, event), speaker)
            make.contribution(make.session(event), speaker_id=speaker.id)
        with statements(app) as asked:
            browser.get(at(event))
        counts.append(len(asked))
    assert counts == [6, 6]


@pytest.mark.parametrize("role", [Role.REGISTRATIONS, Role.ACCESS_LEAD, Role.CHECK_IN, Role.READER])
def test_roles_that_do_not_edit_agendas_see_none_of_it(app, make, added, role):
    event, person, speaker = make.event(), make.person(), added("Ann Lee")
    make.grant(person, role, ThingKind.EVENT, event.id)
    browser = Browser(app).sign_in(make.signed_in(person))
    for address in (at(event), at(event, "new"), at(event, speaker.public_id), at(event, speaker.public_id, "edit")):
        assert (browser.get(address).status, address) == (403, address)
    assert browser.get("/manage/speakers/suggest?q=ann").status == 403
    assert not browser.get(f"/manage/events/{event.public_id}").has_link("Speakers")


def test_profile_of_other_teams_is_theirs(organiser, make, added):
    ours, theirs = make.event(), make.event()
    free, taken, both = added("Free"), added("Taken"), added("Both")
    make.contribution(make.session(theirs), speaker_id=taken.id)
    name(make, plan(make, theirs), both)
    make.contribution(make.session(ours), speaker_id=both.id)
    browser = organiser(ours)
    assert [browser.get(at(ours, one.public_id, "edit")).status for one in (free, taken, both)] == [200, 403, 200]
    assert "This speaker is named at other teams’ events only" in browser.get(at(ours, taken.public_id)).text
    assert browser.get(at(ours, "zzzzzzzzzzzz")).status == 404
    assert browser.get(at(theirs, free.public_id)).status == 404


def test_profile_named_at_public_events_of_others_is_shown_and_not_changed(organiser, make, added, ledger):
    ours, theirs = make.event(state=EventState.DRAFT), make.event()
    speaker = added("Ann Lee")
    make.contribution(make.session(theirs), speaker_id=speaker.id)
    make.contribution(make.session(make.event()), speaker_id=added("Ann Leigh").id)
    name(make, plan(make, ours, "In private"), speaker)
    browser = organiser(ours)
    page = browser.get(at(ours, speaker.public_id))
    assert "This profile also belongs to events of other teams" in page.text
    assert page.link("its public page") == f"/speakers/{speaker.slug}-{speaker.public_id}"
    for text in ("Change the profile", "Ask by e-mail", "Merge with another profile of the same person"):
        assert not page.has_link(text)
    free = added("Ann Lea")
    for parts in (("edit",), ("invite",), ("merge",), ("merge", free.public_id)):
        refused = browser.get(at(ours, speaker.public_id, *parts))
        assert (refused.status, parts) == (403, parts)
        assert "This profile also belongs to events of other teams." in refused.text
    assert browser.get(at(ours, free.public_id, "merge", speaker.public_id)).status == 403
    form = browser.get(at(ours, free.public_id, "edit")).form()
    form.action = at(ours, speaker.public_id, "edit")
    assert browser.send(form, name="Somebody Else").status == 403
    assert speaker_of(ledger, speaker).name == "Ann Lee"
    page = browser.get(at(ours, free.public_id, "merge?q=ann"))
    assert "Ask their organisers to merge it." in page.text
    assert not page.has_link("Ann Lee")


def test_profile_is_changed_by_who_reaches_every_public_event_or_a_draft_where_there_is_none(organiser, make, added):
    ours, theirs = make.event(state=EventState.DRAFT), make.event()
    hidden = make.event(state=EventState.DRAFT)
    drafted, shared = added("Drafted"), added("Shared")
    name(make, plan(make, ours), drafted)
    make.contribution(make.session(hidden), speaker_id=drafted.id)
    name(make, plan(make, ours), shared)
    make.contribution(make.session(theirs), speaker_id=shared.id)
    make.contribution(make.session(make.event(programme_id=theirs.programme_id)), speaker_id=shared.id)
    assert organiser(ours).get(at(ours, drafted.public_id, "edit")).status == 200
    assert organiser(theirs).get(at(theirs, shared.public_id, "edit")).status == 200
    assert organiser(theirs).get(at(theirs, drafted.public_id)).status == 403


def test_suggest_gives_who_to_choose_from(organiser, make, added):
    council = make.organisation("Council")
    ann = added("Ann Lee", organisation="Council", job_title="Lead", other_names=("Annie",))
    added("Ben Ode")
    browser = organiser(make.event())
    assert council.name == "Council"
    for text in ("ann", "annie", "LEE"):
        answer = browser.get(f"/manage/speakers/suggest?q={text}")
        assert json.loads(answer.body) == [
            {"id": ann.public_id, "name": "Ann Lee", "job_title": "Lead", "organisation": "Council"}
        ]
    assert json.loads(browser.get("/manage/speakers/suggest?q=a").body) == []
    assert json.loads(browser.get("/manage/speakers/suggest").body) == []


# ---------------------------------------------------------------- adding and changing


def test_new_speaker_is_added_after_a_look_at_those_alike(organiser, make, added, ledger):
    event, known = make.event(), added("Josh MacAlister", other_names=("Josh McAllister",))
    browser = organiser(event)
    page = browser.send(browser.get(at(event, "new")).form(), name="  josh   mcallister ")
    assert "Is it one of these?" in page.text
    assert page.link("Josh MacAlister") == at(event, known.public_id)
    assert ledger.count(Speaker) == 1
    page = browser.send(page.form())
    assert page.heading == "Change the profile of josh mcallister"
    assert ledger.count(Speaker) == 2


def test_new_speaker_without_a_name_is_refused_in_words(organiser, make):
    event = make.event()
    browser = organiser(event)
    page = browser.send(browser.get(at(event, "new")).form(), name=" ")
    assert (page.status, page.errors) == (422, ["Enter the speaker’s full name"])


def test_edit_keeps_everything_typed_and_shows_it_to_everybody(app, organiser, make, added, ledger, browser):
    make.organisation("Marlbridge Council")
    event, speaker = make.event(), added("Ann Lee")
    make.contribution(make.session(event, "On families"), speaker_id=speaker.id, job_title="Then a trainee")
    organisers = organiser(event)
    form = organisers.get(at(event, speaker.public_id, "edit")).form()
    page = send(
        organisers, form, "photo", picture(),
        name="Anna Lee", other_names="A. Lee\n\nAnnie Lee", job_title="Lead", organisation="marlbridge council",
        biography="She *leads*.\n\n<script>alert(1)</script>", photo_alt="Anna, smiling", focus="top",
        link_1_label="Work", link_1_url="https://www.example.org/ann", link_2_url="https://blog.example.org",
    )  # fmt: skip
    assert page.heading == "Anna Lee"
    assert "The profile was saved." in page.text
    assert "Also spelt A. Lee, Annie Lee" in page.text
    public = browser.get(f"/speakers/ann-lee-{speaker.public_id}")
    assert (public.address, public.heading) == (f"/speakers/anna-lee-{speaker.public_id}", "Anna Lee")
    assert "Lead, Marlbridge Council" in public.text
    assert "then Then a trainee" in public.text
    assert public.link("Work") == "https://www.example.org/ann"
    assert public.has_link("blog.example.org")
    assert "<script>alert" not in public.body
    (image,) = public.all("img")
    assert image.get("alt") == "Anna, smiling"
    photo = browser.get(image.get("src"))
    assert photo.response.mimetype == "image/jpeg"
    assert photo.response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert photo.response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in photo.response.headers
    assert photo.response.data.startswith(b"\xff\xd8")
    session = browser.get(f"/events/{event.slug}-{event.public_id}/sessions/on-families-{session_id(ledger)}")
    assert [one.get("src") for one in session.all("img")] == [image.get("src")]


def session_id(ledger):
    from webapp.models.agenda import Session  # noqa: PLC0415 -- the name is a form's elsewhere here

    return ledger.one(select(Session.public_id))


def test_photo_of_somebody_not_public_is_for_organisers(app, organiser, make, added, browser, now):
    event = make.event(state=EventState.DRAFT)
    written = files.write(picture(kind="JPEG"), "image/jpeg", folder=app.config["SETTINGS"].files_path, now=now)
    speaker = added("Ann Lee", photo=written, photo_alt="Ann")
    make.contribution(make.session(event), speaker_id=speaker.id)
    address = f"/photos/{written.digest}.jpg"
    seen = organiser(event).get(address)
    assert (seen.status, seen.response.headers["Cache-Control"]) == (200, "private, no-store")
    assert browser.get(address).status == 404
    assert organiser().get(address).status == 404
    for other in ("0" * 64, "..%2f..%2fetc", "x"):
        assert browser.get(f"/photos/{other}.jpg").status == 404


def test_slides_are_no_photo_whoever_asks(app, organiser, make, ledger, now):
    written = files.write(PDF, "application/pdf", folder=app.config["SETTINGS"].files_path, now=now)
    ledger.act(files.keep, written, now=now)
    assert organiser(make.event()).get(f"/photos/{written.digest}.jpg").status == 404


@pytest.mark.parametrize(
    ("content", "filename", "says"),
    [
        (PDF, "me.jpg", "This is a PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "me.png", "This is an SVG drawing"),
        (picture(kind="GIF"), "me.gif", "GIF is for drawings"),
        (picture()[:60], "me.png", "damaged"),
        (picture(size=(50, 50)), "me.png", "too small"),
        (picture(size=(5000, 5000)), "me.png", "16 megapixels"),
        (b"not a picture", "../../etc/passwd", "This is not a photo"),
        (archive(("a", b"0" * 10**6)), "me.jpg", "This is not a photo"),
    ],
)
def test_file_that_is_no_photo_is_refused_in_words(organiser, make, added, ledger, content, filename, says):
    event, speaker = make.event(), added("Ann Lee")
    browser = organiser(event)
    form = browser.get(at(event, speaker.public_id, "edit")).form()
    page = send(browser, form, "photo", content, filename, name="Ann Lea", photo_alt="Ann", biography="Typed")
    assert page.status == 422
    assert any(says in error for error in page.errors), page.errors
    assert page.form().values["biography"] == ["Typed"]
    assert page.form().values["name"] == ["Ann Lea"]
    assert page.form().values["receipt"] == [""]
    assert (ledger.count(StoredFile), speaker_of(ledger, speaker).name) == (0, "Ann Lee")


def test_photo_without_words_is_refused_and_goes_when_it_is_removed(organiser, make, added, ledger):
    event, speaker = make.event(), added("Ann Lee")
    browser, edit = organiser(event), at(event, speaker.public_id, "edit")
    page = send(browser, browser.get(edit).form(), "photo", picture(), photo_alt=" ")
    assert page.errors == ["Enter what the photograph shows"]
    send(browser, browser.get(edit).form(), "photo", picture(), photo_alt="Ann")
    page = browser.send(browser.get(edit).form(), photo_alt="")
    assert page.errors == ["Enter what the photograph shows"]
    browser.send(browser.get(edit).form(), photo_alt="", removes_photo="y")
    assert speaker_of(ledger, speaker).photo_id is None


def test_words_without_a_photo_are_refused(organiser, make, added, ledger):
    event, speaker = make.event(), added("Ann Lee")
    browser, edit = organiser(event), at(event, speaker.public_id, "edit")
    page = browser.send(browser.get(edit).form(), photo_alt="Ann, smiling", name="Ann Lea")
    assert page.errors == ["Choose the photograph, or empty what it shows"]
    assert speaker_of(ledger, speaker).name == "Ann Lee"
    browser.send(page.form(), photo_alt="")
    assert speaker_of(ledger, speaker).name == "Ann Lea"


def test_photo_is_kept_while_the_rest_is_put_right(organiser, make, added, ledger):
    event, speaker = make.event(), added("Ann Lee")
    browser, edit = organiser(event), at(event, speaker.public_id, "edit")
    page = send(browser, browser.get(edit).form(), "photo", picture(), photo_alt="Ann, smiling", name="")
    assert page.errors == ["Enter the full name"]
    assert "We keep the photograph you chose" in page.text
    (image,) = page.all("img")
    shown = browser.get(image.get("src")).response
    assert (shown.status_code, shown.mimetype, shown.headers["Cache-Control"]) == (
        200, "image/jpeg", "private, no-store"
    )  # fmt: skip
    # Nothing is saved yet, and it stays through a second refusal.
    assert (ledger.count(StoredFile), speaker_of(ledger, speaker).photo_id) == (0, None)
    page = browser.send(page.form(), name="Ann Lea", photo_alt="")
    assert page.errors == ["Enter what the photograph shows"]
    browser.send(page.form(), photo_alt="Ann, smiling")
    saved = speaker_of(ledger, speaker)
    assert (saved.name, saved.photo_alt) == ("Ann Lea", "Ann, smiling")
    assert browser.get(f"/photos/{ledger.one(select(StoredFile.digest))}.jpg").response.data == shown.data


def test_choice_of_what_to_keep_is_of_the_photo_still_to_be_chosen(organiser, make, added, ledger):
    event, speaker = make.event(), added("Ann Lee")
    browser, edit = organiser(event), at(event, speaker.public_id, "edit")
    page = browser.get(edit)
    assert ("If it is not square, keep" in page.text, "If another one" in page.text) == (True, False)
    page = send(browser, page.form(), "photo", picture(), photo_alt="Ann", name="")
    # It was cut when it was taken: a choice that would not change it is not offered for it.
    assert ("If it is not square, keep" in page.text, "If another one is not square, keep" in page.text) == (
        False,
        True,
    )
    assert "To keep another part of it, choose the photograph again." in page.text


def test_kept_photo_gives_way_to_a_newer_one_and_to_none(organiser, make, added, ledger):
    event, speaker = make.event(), added("Ann Lee")
    browser, edit = organiser(event), at(event, speaker.public_id, "edit")
    first = send(browser, browser.get(edit).form(), "photo", picture(), photo_alt="Ann", name="")
    newer = send(browser, first.form(), "photo", picture("#7a3b69"), name="")
    assert newer.form().values["receipt"] != first.form().values["receipt"]
    wrong = send(browser, first.form(), "photo", PDF, "me.pdf")
    assert wrong.form().values["receipt"] == first.form().values["receipt"]
    browser.send(first.form(), name="Ann Lea", drops_kept="y", photo_alt="")
    assert (speaker_of(ledger, speaker).name, speaker_of(ledger, speaker).photo_id) == ("Ann Lea", None)


def test_photo_chosen_by_another_or_for_another_is_not_taken_up(app, organiser, make, added, ledger, now):
    event, ann, ben = make.event(), added("Ann Lee"), added("Ben Ash")
    browser, other = organiser(event), organiser(event)
    page = send(browser, browser.get(at(event, ann.public_id, "edit")).form(), "photo", picture(), name="")
    receipt, address = page.form().values["receipt"][0], page.one("img").get("src")
    for who, whose in ((other, ann), (browser, ben)):
        refused = who.send(who.get(at(event, whose.public_id, "edit")).form(), receipt=receipt, photo_alt="Ann")
        assert refused.errors == ["The photograph is no longer kept: choose it again"]
        assert refused.form().values["receipt"] == [""]
    assert other.get(address).status == 404
    for forged in ("x", "0" * 98, receipt[:-1] + ("b" if receipt[-1] == "c" else "c"), "../" + receipt):
        refused = browser.send(browser.get(at(event, ann.public_id, "edit")).form(), receipt=forged, photo_alt="Ann")
        assert refused.errors == ["The photograph is no longer kept: choose it again"]
    # Swept after a day.
    with app.app_context():
        files.discard_unknown(app.config["SETTINGS"].files_path, now=now + timedelta(days=2))
    refused = browser.send(page.form(), name="Ann Lea", photo_alt="Ann")
    assert refused.errors == ["The photograph is no longer kept: choose it again"]
    assert browser.get(address).status == 404
    assert (ledger.count(StoredFile), speaker_of(ledger, ann).photo_id) == (0, None)


def test_photo_that_is_far_too_large_is_answered_with_the_limit(organiser, make, added, ledger):
    event, speaker = make.event(), added("Ann Lee")
    browser = organiser(event)
    form = browser.get(at(event, speaker.public_id, "edit")).form()
    page = send(browser, form, "photo", b"\xff\xd8" + b"0" * (11 * 1024 * 1024), photo_alt="Ann", name="Else")
    assert page.status == 413
    assert "A photograph may have up to 10 MB. Nothing was saved." in page.text
    assert speaker_of(ledger, speaker).name == "Ann Lee"


def test_request_without_a_length_is_held_to_the_limit_too(app, organiser, make, added):
    event, speaker = make.event(), added("Ann Lee")
    browser = organiser(event)
    answer = browser.client.post(
        at(event, speaker.public_id, "edit"),
        headers={"Content-Type": "multipart/form-data; boundary=x", "Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input": _Endless(), "wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
    )
    assert answer.status_code == 413


class _Endless:
    def read(self, size=-1):
        return b"0" * (size if size > 0 else 65536)

    def readline(self, size=-1):
        return self.read(size)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "http://www.example.org", "https://", "https://user@example.org", "https://nowhere",
        "https://www.example.org/a b", "data:text/html,x", "https://[", "https://www.example.org:99999",
        "//example.org", 'https://example.org/"><script>', "https:\\\\example.org",
    ],
)  # fmt: skip
def test_link_that_is_no_https_address_is_refused(organiser, make, added, ledger, address):
    event, speaker = make.event(), added("Ann Lee")
    browser = organiser(event)
    page = browser.send(browser.get(at(event, speaker.public_id, "edit")).form(), link_1_url=address)
    assert (page.status, len(page.errors)) == (422, 1)
    assert page.errors[0].startswith("Enter an address that begins with https://")
    assert page.form().values["link_1_url"] == [" ".join(address.split())]
    assert speaker_of(ledger, speaker).links == []


def test_link_name_without_an_address_is_refused(organiser, make, added):
    event, speaker = make.event(), added("Ann Lee")
    browser = organiser(event)
    page = browser.send(browser.get(at(event, speaker.public_id, "edit")).form(), link_3_label="Work")
    assert page.errors == ["Enter the address of this link, or empty its name"]


def test_unknown_organisation_asks_for_its_sector_and_is_then_added(organiser, make, added, ledger):
    event, speaker = make.event(), added("Ann Lee")
    browser = organiser(event)
    page = browser.send(browser.get(at(event, speaker.public_id, "edit")).form(), organisation="Paper Kite")
    assert (page.status, len(page.errors)) == (422, 1)
    assert page.errors[0].startswith("This organisation is not on our list yet.")
    assert "Sector of this organisation" in page.text
    browser.send(page.form(), sector="vcse")
    organisation = ledger.one(select(Organisation))
    assert speaker_of(ledger, speaker).organisation_id == organisation.id


def test_second_of_two_organisers_sees_what_changed_and_loses_nothing(organiser, make, added, ledger):
    event, speaker = make.event(), added("Ann Lee", job_title="Lead")
    first, second = organiser(event), organiser(event, name="Sam Okafor")
    address = at(event, speaker.public_id, "edit")
    forms = [browser.get(address).form() for browser in (first, second)]
    first.send(forms[0], job_title="Head")
    page = second.send(forms[1], job_title="Director", biography="Mine")
    assert page.status == 409
    assert "Somebody changed this profile while you were writing." in page.errors[0]
    told = [(text_of(dt), text_of(dd)) for dt, dd in zip(page.all("dt"), page.all("dd"), strict=True)]
    assert told == [("It was", "Lead"), ("It is now", "Head"), ("You typed", "Director")]
    assert page.form().values["job_title"] == ["Director"]
    second.send(page.form())
    both = speaker_of(ledger, speaker)
    assert (both.job_title, both.biography, both.version) == ("Director", "Mine", 3)


# ---------------------------------------------------------------- merging


@pytest.fixture
def pair(make, added):
    """Two profiles of one person at a public event, and the event."""
    event = make.event()
    first, second = added("Josh MacAlister", job_title="Chair"), added("Josh McAllister", biography="He chairs.")
    make.contribution(make.session(event, "One"), speaker_id=first.id)
    make.contribution(make.session(event, "Two"), speaker_id=second.id)
    name(make, plan(make, event), second)
    return event, first, second


def test_merge_is_found_shown_and_done_and_the_old_address_leads_on(organiser, pair, browser, ledger):
    event, first, second = pair
    public = [f"/speakers/{one.slug}-{one.public_id}" for one in (first, second)]
    assert [browser.get(address).heading for address in public] == ["Josh MacAlister", "Josh McAllister"]
    organisers = organiser(event)
    page = organisers.get(at(event, first.public_id))
    page = organisers.get(page.link("Merge with another profile of the same person"))
    page = organisers.get(page.link("Josh McAllister"))
    assert page.heading == "Make one profile of two"
    assert "1 session at 1 event, 0 letters with links and 0 files of the first; 2 sessions at 1 event" in page.text
    assert "This cannot be undone." in page.text
    form = page.form()
    assert {name: form.values[name] for name in ("stays", "name", "job_title", "biography")} == {
        "stays": ["first"], "name": ["first"], "job_title": ["first"], "biography": ["second"]
    }  # fmt: skip
    page = organisers.send(form)
    assert "There is one profile of Josh MacAlister now" in page.text
    for address in public:
        there = browser.get(address)
        assert (there.address, there.heading) == (public[0], "Josh MacAlister")
        assert "He chairs." in there.text
        assert there.has_link("One")
        assert there.has_link("Two")
    assert browser.get(public[1], follow=False).status == 301
    moved = organisers.get(at(event, second.public_id, "edit"))
    assert moved.address == at(event, first.public_id, "edit")
    assert organisers.send(form).status == 200
    assert ledger.all(select(SpeakerAlias.name)) == ["Josh McAllister"]


def test_merge_can_let_the_other_one_stay(organiser, pair, browser, ledger):
    event, first, second = pair
    organisers = organiser(event)
    form = organisers.get(at(event, first.public_id, "merge", second.public_id)).form()
    organisers.send(form, stays="second", name="first", job_title="first", biography="first")
    one = speaker_of(ledger, second)
    assert (one.name, one.job_title, one.biography, one.merged_into_id) == ("Josh MacAlister", "Chair", "", None)
    assert browser.get(f"/speakers/x-{first.public_id}").address == f"/speakers/josh-macalister-{second.public_id}"


def test_merge_search_finds_other_spellings_and_leaves_out_the_one_itself(organiser, pair, added, make):
    event, first, _ = pair
    added("Mac the Other")
    page = organiser(event).get(at(event, first.public_id, "merge?q=mac"))
    assert page.has_link("Mac the Other")
    assert page.text.count("Josh MacAlister") == 1
    assert "No profile has these words" in organiser(event).get(at(event, first.public_id, "merge?q=zzz")).text


def test_merge_with_a_profile_of_other_teams_is_theirs(organiser, pair, make, added):
    event, first, _ = pair
    taken = added("Josh MacAlister")
    make.contribution(make.session(make.event()), speaker_id=taken.id)
    assert organiser(event).get(at(event, first.public_id, "merge", taken.public_id)).status == 403


def test_merge_of_what_changed_meanwhile_is_refused(organiser, pair, ledger, now):
    event, first, second = pair
    browser = organiser(event)
    form = browser.get(at(event, first.public_id, "merge", second.public_id)).form()
    ledger.act(services.change, second.id, services.Profile(name="Josh Mac"), version=1, actor=SYSTEM, now=now)
    page = browser.send(form)
    assert page.status == 409
    assert "was changed since you opened the page" in page.errors[0]
    assert ledger.all(select(Contribution.speaker_id).order_by(Contribution.id)) == [first.id, second.id]


# ---------------------------------------------------------------- asking


def test_speaker_is_asked_asked_again_and_the_link_taken_back(organiser, make, added, ledger, app, now):
    event, speaker = make.event(), added("Ann Lee")
    name(make, plan(make, event, "On families"), speaker)
    browser = organiser(event)
    page = browser.get(browser.get(at(event, speaker.public_id)).link("Ask by e-mail"))
    assert "On families" in page.text
    assert browser.send(page.form(), email="nobody").errors == [
        "Enter an e-mail address in the correct format, like name@example.org"
    ]
    page = browser.send(page.form(), email="Ann@Example.org")
    assert "Sent to Ann@example.org" in page.text
    assert ledger.letters() == [("speaker_invited", "Ann")]
    page = browser.get(page.link("Send the link again"))
    assert page.form().values["email"] == ["Ann@example.org"]
    link = f"/speaking/{token(app, ledger)}"
    assert Browser(app).get(link).status == 200
    page = browser.get(at(event, speaker.public_id))
    page = browser.send(page.form("/revoke"))
    assert "was taken back" in page.text
    gone = Browser(app).get(link)
    assert (gone.status, gone.heading) == (410, "This link no longer works")
    assert "The organiser took this link back." in gone.text


def token(app, ledger):
    from webapp.models.speakers import SpeakerInvitation  # noqa: PLC0415 -- used here alone

    with app.app_context():
        return services.personal_token(ledger.one(select(SpeakerInvitation)))


def test_speaker_of_no_session_cannot_be_asked(organiser, make, added):
    event, speaker = make.event(), added("Ann Lee")
    browser = organiser(event)
    assert not browser.get(at(event, speaker.public_id)).has_link("Ask by e-mail")
    page = browser.send(browser.get(at(event, speaker.public_id, "invite")).form(), email="ann@example.org")
    assert (page.status, page.errors[0][:38]) == (409, "This speaker is on no session of the a")


def test_slides_are_for_those_who_edit_this_agenda(app, organiser, make, added, ledger, now):
    event, other, speaker = make.event(), make.event(), added("Ann Lee")
    session = plan(make, event)
    name(make, session, speaker)
    invitation = ledger.act(services.invite, event.id, speaker.id, "ann@example.org", actor=SYSTEM, now=now)
    written = files.write(PDF, "application/pdf", folder=app.config["SETTINGS"].files_path, now=now)
    given = ledger.act(
        services.add_slides, invitation, session.public_id, written, "Ann’s slides.pdf", actor=SYSTEM, now=now
    )
    page = organiser(event).get(at(event, speaker.public_id))
    address = page.link("Ann’s slides.pdf")
    answer = organiser(event).get(address).response
    assert (answer.data, answer.mimetype) == (PDF, "application/pdf")
    answer.close()
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["Cache-Control"] == "private, no-store"
    elsewhere = f"/manage/events/{other.slug}-{other.public_id}/slides/{given.public_id}"
    assert organiser(other).get(elsewhere).status == 404
    assert organiser(other).get(address).status == 404
    assert Browser(app).get(address).heading == "Sign in"


def test_event_that_is_over_is_not_asked_about(organiser, make, added, ledger, now):
    event, speaker = make.event(), added("Ann Lee")
    name(make, plan(make, event), speaker)
    ledger.change(event, ends_at=now - timedelta(days=1))
    assert not organiser(event).get(at(event, speaker.public_id)).has_link("Ask by e-mail")
