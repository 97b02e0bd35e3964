"""A speaker's own pages, behind the link of their own; and the public page of a speaker."""

import pytest
from sqlalchemy import select

from tests.browsing import Browser, text_of
from tests.counting import statements
from tests.ledger import Ledger
from tests.planning import name, plan
from tests.uploads import PDF, archive, picture, send, slides
from webapp.models.accounts import SYSTEM, ActorKind, Role, ThingKind
from webapp.models.activity import Activity
from webapp.models.agenda import Session
from webapp.models.drafts import DraftContribution, DraftSession, SpeakerAnswer
from webapp.models.events import EventState
from webapp.models.files import Attachment, FileReach, StoredFile
from webapp.models.materials import Material
from webapp.models.speakers import Speaker
from webapp.models.transcripts import Turn
from webapp.services import materials
from webapp.services import speakers as services
from webapp.services.transcripts import ProposalChanged


@pytest.fixture
def ledger(app):
    return Ledger(app)


class Speaking:
    """A speaker with a released session that moved in the plan, and one that is not placed, asked by letter."""

    def __init__(self, app, make, ledger):
        self.app, self.make, self.ledger = app, make, ledger
        self.event = make.event("Our event")
        self.speaker = ledger.act(services.add, services.Profile(name="Ann Lee"), actor=SYSTEM, now=make.now)
        released = make.session(self.event, "Released")
        make.contribution(released, speaker_id=self.speaker.id)
        self.session = plan(make, self.event, "Released", released=released)
        self.loose = plan(make, self.event, "Not placed", day=None, hours=(None, None))
        for session in (self.session, self.loose):
            name(make, session, self.speaker)
        self.link = self.invite(self.speaker, "ann@example.org")

    def invite(self, speaker, email):
        invitation = self.ledger.act(services.invite, self.event.id, speaker.id, email, actor=SYSTEM, now=self.make.now)
        with self.app.app_context():
            return f"/speaking/{services.personal_token(invitation)}"

    def at(self, session, *parts):
        return "/".join([self.link, "sessions", session.public_id, *parts])

    @property
    def answers(self):
        return self.ledger.all(select(DraftContribution.answer).order_by(DraftContribution.id))


@pytest.fixture
def speaking(app, make, ledger):
    return Speaking(app, make, ledger)


def test_page_tells_the_sessions_and_what_may_still_change(speaking, browser):
    page = browser.get(speaking.link)
    assert page.heading == "Speaking at Our event"
    assert "Presenter. Monday 14 June 2027, 10am to 11am I will speak" in page.text
    assert "Presenter. Not placed yet (may still change)" in page.text
    assert "Still missing: biography, photograph." in page.text
    assert page.response.headers["Cache-Control"] == "no-store"
    assert page.one("meta", name="robots").get("content") == "noindex"


def test_moved_session_may_still_change(speaking, browser, ledger):
    ledger.change(speaking.session, day_id=speaking.event.days[1].id)
    assert "Tuesday 15 June 2027, 10am to 11am (may still change)" in browser.get(speaking.link).text


@pytest.mark.parametrize("token", ["x", "z" * 34, "23456789bcdf" + "a" * 22])
def test_link_that_is_none_opens_nothing(browser, speaking, token):
    for tail in ("", "/profile", "/photo.jpg", "/slides/x"):
        assert browser.get(f"/speaking/{token}{tail}").status == 404


def test_link_of_a_registration_opens_nothing(browser, speaking, make, app, ledger):
    registration = make.registration(speaking.event)
    token = ledger.token(speaking.event, registration.email)
    assert browser.get(f"/speaking/{token}").status == 404


def test_reading_changes_nothing(speaking, browser, ledger):
    browser.get(speaking.link)
    for part in ("", "decline"):
        browser.get(speaking.at(speaking.session, part).rstrip("/"))
    browser.get(f"{speaking.link}/profile")
    assert browser.get(speaking.at(speaking.session, "confirm"), follow=False).status == 405
    assert speaking.answers == [SpeakerAnswer.ASKED, SpeakerAnswer.ASKED]
    assert [letter for letter, _ in ledger.letters()] == ["speaker_invited"]


def test_confirm_and_decline_are_seen_and_told(speaking, browser, ledger):
    page = browser.get(speaking.link)
    page = browser.send(page.form(f"{speaking.session.public_id}/confirm"))
    assert "The organisers see that you will speak." in page.text
    assert speaking.answers == [SpeakerAnswer.CONFIRMED, SpeakerAnswer.ASKED]
    page = browser.get(page.link("I cannot speak in Released"))
    page = browser.send(page.form(), message="I am on leave.")
    assert "The organisers know that you cannot speak in this session." in page.text
    assert speaking.answers == [SpeakerAnswer.DECLINED, SpeakerAnswer.ASKED]
    assert ledger.letters()[1:] == [("speaker_declined", "learning")]
    entry = ledger.one(select(Activity).where(Activity.verb == "speaker_declined"))
    assert (entry.actor_kind, entry.details["before"]) == (ActorKind.LINK, "confirmed")
    browser.send(page.form(f"{speaking.session.public_id}/confirm"))
    assert speaking.answers[0] is SpeakerAnswer.CONFIRMED


def test_session_of_others_is_not_found(speaking, browser, make):
    others = plan(make, speaking.event, "Others'")
    elsewhere = plan(make, make.event(), "Elsewhere")
    name(make, elsewhere, speaking.speaker)
    token = browser.get(speaking.link).form(f"{speaking.session.public_id}/confirm").values
    for session in (others, elsewhere):
        assert browser.get(speaking.at(session)).status == 404
        assert browser.get(speaking.at(session, "decline")).status == 404
        assert browser.post(speaking.at(session, "confirm"), token).status == 404


def test_button_without_its_token_is_refused(speaking, browser):
    page = browser.post(speaking.at(speaking.session, "confirm"), {})
    assert (page.status, len(page.errors)) == (422, 1)
    assert speaking.answers == [SpeakerAnswer.ASKED, SpeakerAnswer.ASKED]


def test_profile_is_changed_by_its_speaker(speaking, browser, ledger, app):
    page = browser.get(f"{speaking.link}/profile")
    page = send(browser, page.form(), "photo", picture("#7a3b69"), biography="I lead.", photo_alt="Ann")
    assert "Your profile was saved." in page.text
    (image,) = page.all("img")
    assert image.get("src") == f"{speaking.link}/photo.jpg"
    assert Browser(app).get(image.get("src")).response.headers["Cache-Control"] == "private, no-store"
    kept = ledger.one(select(Speaker))
    assert (kept.biography, kept.version) == ("I lead.", 2)
    entry = ledger.one(select(Activity).where(Activity.verb == "speaker_changed"))
    assert (entry.actor_kind, entry.event_id) == (ActorKind.LINK, speaking.event.id)


def test_photo_of_a_speaker_is_kept_while_the_rest_is_put_right(speaking, browser, ledger, app):
    page = browser.get(f"{speaking.link}/profile")
    page = send(browser, page.form(), "photo", picture("#7a3b69"), name="", photo_alt="Ann")
    assert page.errors == ["Enter the full name"]
    (image,) = page.all("img")
    shown = Browser(app).get(image.get("src")).response
    assert (shown.status_code, shown.headers["Cache-Control"]) == (200, "private, no-store")
    assert browser.get(image.get("src").replace(".jpg", "x.jpg")).status == 404
    done = browser.send(page.form(), name="Ann Lee")
    assert "Your profile was saved." in done.text
    assert Browser(app).get(f"{speaking.link}/photo.jpg").response.data == shown.data


def test_profile_changed_on_both_sides_loses_nothing(speaking, browser, ledger, make):
    page = browser.get(f"{speaking.link}/profile")
    changed = services.Profile(name="Ann Lee", job_title="Head")
    ledger.act(services.change, speaking.speaker.id, changed, version=1, actor=SYSTEM, now=make.now)
    page = browser.send(page.form(), biography="Mine")
    assert page.status == 409
    told = [(text_of(dt), text_of(dd)) for dt, dd in zip(page.all("dt"), page.all("dd"), strict=True)]
    assert told[1:] == [
        ("It is now", "Head"),
        ("You left it as it was", "So the field below now holds what stands now."),
    ]
    browser.send(page.form())
    kept = ledger.one(select(Speaker))
    assert (kept.job_title, kept.biography) == ("Head", "Mine")


def test_needs_are_saved_and_a_conflict_shows_what_stands(speaking, browser, ledger):
    address = speaking.at(speaking.session)
    form = browser.get(address).form(speaking.session.public_id)
    page = browser.send(form, needs="A flip chart")
    assert "What you need was saved." in page.text
    page = browser.send(form, needs="A screen")
    assert page.status == 409
    assert "What stands now: A flip chart" in page.text
    form = page.form(speaking.session.public_id)
    assert form.values["needs"] == ["A screen"]
    browser.send(form, needs="A flip chart and a screen")
    row = ledger.one(select(DraftSession).where(DraftSession.id == speaking.session.id))
    assert (row.technical_needs, row.version) == ("A flip chart and a screen", 3)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_needs_that_name_a_child_are_asked_about_and_not_again_once_they_stand(speaking, browser, ledger):
    address = speaking.at(speaking.session)
    needs = "A seat for Aisha (9), who speaks with me. Ring me on 07700 900123."
    page = browser.send(browser.get(address).form(speaking.session.public_id), needs=needs)
    assert (page.status, len(page.errors)) == (422, 1)
    form = page.form(speaking.session.public_id)
    page = browser.send(form, guard_choice="keep", guard_reason="Her parents agreed")
    assert "What you need was saved." in page.text
    [entry] = ledger.rows(select(Activity.thing_id, Activity.details).where(Activity.verb == "text_kept"))
    assert entry == (speaking.speaker.id, {"kinds": ["name_and_age"], "reason": "Her parents agreed"})
    page = browser.send(browser.get(address).form(speaking.session.public_id))
    assert "What you need was saved." in page.text
    page = browser.send(browser.get(address).form(speaking.session.public_id), needs=f"{needs} And for Leo, 7.")
    assert page.status == 422


def test_slides_that_organisers_made_available_go_when_their_speaker_takes_them_back(speaking, browser, ledger, now):
    page = send(browser, browser.get(speaking.at(speaking.session)).form("/slides"), "slides", slides(), "talk.pptx")
    given = ledger.one(select(Attachment.public_id))
    doing = {"actor": SYSTEM, "now": now}
    ledger.act(materials.offer_given, speaking.event.id, given, "Her talk", FileReach.PUBLIC, **doing)
    assert ledger.all(select(Material.title)) == ["Her talk"]
    browser.send(page.form("/remove"))
    assert ledger.count(Material) == 0


def test_slides_are_given_fetched_and_taken_back(speaking, browser, ledger):
    address, talk = speaking.at(speaking.session), slides()
    page = send(browser, browser.get(address).form("/slides"), "slides", talk, "My talk.exe")
    assert "We have My talk.exe.pptx. The organisers can fetch it." in page.text
    row = ledger.one(select(Attachment))
    assert (row.reach, row.speaker_id, row.thing_id) == (
        FileReach.ORGANISERS, speaking.speaker.id, speaking.session.id
    )  # fmt: skip
    assert row.filename.endswith(".pptx")
    answer = browser.get(page.link(row.title)).response
    assert answer.data == talk
    assert answer.headers["Content-Disposition"].startswith("attachment")
    answer.close()
    page = browser.send(page.form("/remove"))
    assert "You have given no file yet." in page.text
    assert ledger.count(Attachment) == 0


@pytest.mark.parametrize(
    ("content", "filename", "says"),
    [
        (b"", "empty.pdf", "This file is empty"),
        (b"MZ" + b"\x00" * 100, "slides.pdf", "a program"),
        (b"<html><script>alert(1)</script>", "slides.pdf", "a web page"),
        (PDF, "../../../etc/cron.d/x.pdf", "has folders in it"),
        (archive(("x.txt", b"hello")), "slides.pptx", "none that we can take"),
        (archive(("[Content_Types].xml", b"0" * 200_000_000)), "bomb.pptx", "unpack to far more"),
        (slides(**{"ppt/vbaProject.bin": b"x"}), "slides.pptx", "macros"),
    ],
    ids=["empty", "program", "page", "path", "archive", "bomb", "macros"],
)
def test_file_that_is_no_document_is_refused_in_words(speaking, browser, ledger, content, filename, says):
    page = send(browser, browser.get(speaking.at(speaking.session)).form("/slides"), "slides", content, filename)
    assert page.status == 422
    assert len(page.errors) == 1
    assert says in page.errors[0]
    assert (ledger.count(Attachment), ledger.count(StoredFile)) == (0, 0)


def test_slides_without_a_file_are_refused_in_words(speaking, browser):
    page = browser.send(browser.get(speaking.at(speaking.session)).form("/slides"))
    assert page.errors == ["Choose a file"]


def test_slides_over_the_limit_are_refused_in_words(speaking, browser, ledger):
    form = browser.get(speaking.at(speaking.session)).form("/slides")
    page = send(browser, form, "slides", PDF + b"0" * (50 * 1024 * 1024), "slides.pdf")
    assert (page.status, page.errors) == (422, ["The file must be 50 MB or smaller"])
    page = send(browser, form, "slides", PDF + b"0" * (51 * 1024 * 1024), "slides.pdf")
    assert page.status == 413
    assert "A file may have up to 50 MB. Nothing was saved." in page.text
    assert ledger.count(StoredFile) == 0


def test_other_forms_keep_their_small_limit(speaking, browser):
    form = browser.get(speaking.at(speaking.session, "decline")).form()
    assert browser.send(form, message="x" * 600_000).status == 413


def test_files_of_another_speaker_of_the_session_are_theirs(app, speaking, browser, ledger, make):
    other = ledger.act(services.add, services.Profile(name="Ben Ode"), actor=SYSTEM, now=make.now)
    name(make, speaking.session, other)
    theirs = speaking.invite(other, "ben@example.org")
    page = send(browser, browser.get(speaking.at(speaking.session)).form("/slides"), "slides", PDF, "ann.pdf")
    address = page.link("ann.pdf")
    remove = page.form("/remove")
    stranger = Browser(app)
    page = stranger.get(f"{theirs}/sessions/{speaking.session.public_id}")
    assert "ann.pdf" not in page.text
    assert stranger.get(f"{theirs}/slides/{address.rpartition('/')[2]}").status == 404
    token = page.form("/slides").values["csrf_token"]
    stranger.post(remove.action.replace(speaking.link, theirs), {"csrf_token": token})
    assert ledger.count(Attachment) == 1


@pytest.mark.parametrize("ended", [True, False])
def test_event_that_is_over_can_be_read_only(speaking, browser, ledger, make, ended):
    page = browser.get(speaking.at(speaking.session))
    forms = {part: page.form(part) for part in (speaking.session.public_id, "/slides")}
    confirm = browser.get(speaking.link).form(f"{speaking.session.public_id}/confirm")
    decline = browser.get(speaking.at(speaking.session, "decline")).form()
    profile = browser.get(f"{speaking.link}/profile").form()
    ledger.change(speaking.event, **({"ends_at": make.now} if ended else {"state": EventState.CANCELLED}))
    says = "has ended" if ended else "was cancelled"
    for address in (speaking.link, speaking.at(speaking.session), f"{speaking.link}/profile"):
        page = browser.get(address)
        assert f"The event {says}, so nothing can be changed here any more." in page.text
        assert [form for form in page.one("main").iter() if str(form.tag).endswith("form")] == []
    answers = [
        browser.send(confirm),
        browser.send(decline),
        browser.send(profile, biography="Late"),
        browser.send(forms[speaking.session.public_id], needs="Late"),
        send(browser, forms["/slides"], "slides", PDF, "late.pdf"),
    ]
    assert [(page.status, says in page.text) for page in answers] == [(409, True)] * 5
    assert ledger.one(select(Speaker)).biography == ""
    assert (ledger.count(Attachment), speaking.answers[0]) == (0, SpeakerAnswer.ASKED)


def test_page_asks_as_many_queries_for_many_sessions_as_for_one(app, speaking, browser, make):
    counts = []
    for more in (0, 5):
        for _ in range(more):
            name(make, plan(make, speaking.event), speaking.speaker)
        with statements(app) as asked:
            browser.get(speaking.link)
        counts.append(len(asked))
    assert counts[0] == counts[1], counts


# ---------------------------------------------------------------- the public page


def test_speaker_of_nothing_public_is_not_found(browser, make, ledger):
    event = make.event(state=EventState.DRAFT)
    speaker = make.speaker("Ann Lee")
    make.contribution(make.session(event), speaker_id=speaker.id)
    name(make, plan(make, make.event()), speaker)
    assert browser.get(f"/speakers/ann-lee-{speaker.public_id}").status == 404


def test_speaker_tells_sessions_by_event_with_what_was_said_of_them_then(browser, make):
    speaker = make.speaker("Ann Lee", job_title="Director", organisation_id=make.organisation("Now Council").id)
    past, later = make.event("Past"), make.event("Later")
    then = make.organisation("Then Council")
    for event, title in ((past, "One"), (later, "Two"), (past, "Three")):
        make.contribution(
            make.session(event, title), speaker_id=speaker.id, organisation_id=then.id, job_title="Trainee"
        )
    page = browser.get(f"/speakers/ann-lee-{speaker.public_id}")
    assert [text_of(one).split(" 1")[0] for one in page.all("h3")] == ["Past", "Later"]
    assert page.text.count("Presenter for Then Council, then Trainee, 14 June 2027") == 3
    assert "Director, Now Council" in page.text


def test_speaker_hears_the_recording_beside_the_draft_unless_it_is_for_organisers(speaking, browser, make, ledger):
    session = ledger.one(select(Session).where(Session.title == "Released"))
    make.transcript(session, "Ann Lee: We met.")
    make.recording(session, address="https://example.org/kept", reach=FileReach.ORGANISERS)
    page = browser.get(browser.get(speaking.link).link("Transcript of Released"))
    assert "example.org/kept" not in page.body
    make.recording(session)
    page = browser.get(page.address)
    assert len(page.all("audio")) == 1
    assert len(browser.get(page.link("Correct this: what you say, 1")).all("audio")) == 1


def test_speaker_checks_the_draft_of_a_transcript_and_an_editor_decides(app, speaking, browser, make, ledger):
    session = ledger.one(select(Session).where(Session.title == "Released"))
    transcript = make.transcript(session, "Ann Lee: We met the bored.", "Guest: Yes.", "Ann Lee: They agreed.")
    page = browser.get(browser.get(speaking.link).link("Transcript of Released"))
    assert "It is a draft that only its editors and the speakers see." in page.text
    assert [text_of(one) for one in page.all("p", class_="wm-turn__who")] == ["Ann Lee You", "Guest", "Ann Lee You"]
    assert len(browser.get(page.link("Show only what you say")).all("li", class_="wm-turn")) == 2
    correcting = browser.get(page.link("Correct this: what you say, 1"))
    assert browser.send(correcting.form(), words=" ").errors == [
        "A turn says something. To have it taken out, write to the organisers"
    ]
    late = browser.get(correcting.address)
    page = browser.send(correcting.form(), words="We met the board.")
    assert "The editor will look at your correction." in page.text
    assert [text_of(one) for one in page.all("ins")] == ["board."]
    # Another turn, another session and another speaker are not this link's.
    other = ledger.one(select(Turn.public_id).where(Turn.label == "Guest"))
    there = f"{speaking.link}/transcripts/{session.public_id}"
    make.transcript(make.session(speaking.event, "Elsewhere"), "Guest: No.")
    elsewhere = ledger.one(select(Session.public_id).where(Session.title == "Elsewhere"))
    for address in (f"{there}/turns/{other}", f"{speaking.link}/transcripts/{elsewhere}"):
        assert browser.get(address).status == 404

    make.contribution(session, speaker_id=make.speaker("Cy Doe").id)
    person = make.person()
    make.grant(person, Role.ORGANISER, ThingKind.PROGRAMME, speaking.event.programme_id)
    editor = Browser(app).sign_in(make.signed_in(person))
    manage = f"/manage/events/{speaking.event.public_id}/transcripts/{transcript.public_id}"
    assert "1 correction is proposed by speakers." in editor.get(manage).text
    page = editor.get(editor.get(manage).link("Accept or decline"))
    assert [text_of(one) for one in page.all("del")[1:]] == ["bored."]
    assert "Not asked, because they have no link of their own yet: Cy Doe." in page.text
    asked = editor.send(page.form("/ask-to-check"))
    assert "A letter goes to 1 speaker." in asked.text
    assert ledger.letters()[-1] == ("transcript_to_check", "ann")
    log = editor.get(f"/manage/events/{speaking.event.public_id}/activity").text
    assert ("Somebody (by their personal link) proposed" in log, "Turn" in log) == (True, False)
    accepting = page.form("/accept")
    changing = editor.get(page.link("Change the turn of Ann Lee, 1"))
    editor.send(changing.form(changing.address), words="We met the bored twice.")
    page = editor.send(accepting)
    assert (page.status, [text_of(one) for one in page.all("del")[1:]]) == (409, ["bored twice."])
    # What is proposed in its place meanwhile is shown before it can be decided.
    again = browser.get(browser.get(there).link("Change your correction: what you say, 1"))
    browser.send(again.form(again.address), words="We met nobody.")
    for verb in ("/accept", "/decline"):
        refused = editor.send(page.form(verb))
        assert (refused.status, refused.errors) == (409, [ProposalChanged.message])
        assert [text_of(one) for one in refused.all("ins")[1:]] == ["nobody."]
    assert "The correction is taken over." in editor.send(refused.form("/accept")).text
    assert "proposed by Ann Lee" in editor.get(f"{manage}/history").text
    assert "Your correction was taken over." in browser.get(there).text
    # What was typed before the turn was changed is compared with how it stands.
    page = browser.send(late.form(), words="We met the boards.")
    assert page.status == 409
    assert "It is nowWe met nobody." in text_of(page.one("section", class_="wm-meanwhile"))
    page = browser.send(page.form(), words="We met all boards.")
    page = browser.get(page.link("Change your correction: what you say, 1"))
    assert "Nothing is proposed for this turn now." in browser.send(page.form("/take-back")).text
