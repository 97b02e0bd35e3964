"""Each speaker's page."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.browsing import text_of
from tests.counting import statements
from tests.ledger import Ledger
from webapp import clock, kept
from webapp.extensions import db
from webapp.models.accounts import SYSTEM
from webapp.models.agenda import ContributionRole
from webapp.models.events import EventState
from webapp.models.library import Dating, Precision, ResourceAuthor, ResourceKind
from webapp.models.publications import Article, Author
from webapp.services import library, publications


def test_speaker_page_tells_who_and_in_which_sessions_latest_first(make, browser):
    trust = make.organisation("Hill Trust")
    ann = make.speaker("Ann Lee", job_title="Lead", biography="Works **here**.", organisation_id=trust.id)
    events = [make.event(f"Event {year}", starts_on=date(year, 6, 14)) for year in (2022, 2027)]
    for event in events:
        session = make.session(event, f"Talk {event.starts_on.year}")
        make.contribution(session, speaker_id=ann.id, organisation_id=trust.id, role=ContributionRole.CHAIR)
    page = browser.get(f"/speakers/ann-lee-{ann.public_id}")
    assert (page.heading, "Lead, Hill Trust" in page.text, "Works here" in page.text) == ("Ann Lee", True, True)
    assert [text_of(a) for a in page.all("a", class_="govuk-!-font-weight-bold")] == ["Talk 2027", "Talk 2022"]
    assert "Chair for Hill Trust, 14 June 2027, 10am" in page.text
    assert page.link("Event 2022") == f"/events/event-2022-{events[0].public_id}"


def test_speaker_of_a_draft_alone_is_not_there_and_a_draft_is_not_named(make, browser):
    draft, event = make.event("Secret", state=EventState.DRAFT), make.event()
    ann, bob = make.speaker("Ann Lee"), make.speaker("Bob Day")
    for speaker in (ann, bob):
        make.contribution(make.session(draft, "Secret session"), speaker_id=speaker.id)
    make.contribution(make.session(event), speaker_id=ann.id)
    assert browser.get(f"/speakers/bob-day-{bob.public_id}").status == 404
    page = browser.get(f"/speakers/ann-lee-{ann.public_id}")
    assert (page.status, "Secret" in page.body) == (200, False)


def test_speaker_page_lists_what_they_wrote_once_it_is_out(app, make, browser, now):
    ledger, act = Ledger(app), {"actor": SYSTEM, "now": now}
    ann = make.speaker("Ann Lee")
    make.contribution(make.session(make.event()), speaker_id=ann.id)
    path = f"/speakers/ann-lee-{ann.public_id}"
    issue = make.issue(make.publication("Journal"), "On herons", "On dunlins", number=4)
    for row in ledger.all(select(Article).where(Article.issue_id == issue.id).order_by(Article.id)):
        for author in ledger.all(select(Author).where(Author.article_id == row.id)):
            ledger.change(author, speaker_id=ann.id)
        at = now + timedelta(days=2) if row.title == "On dunlins" else None
        ledger.act(publications.approve, row.id, checked_by="Robin Vale", version=row.version, at=at, **act)
    ben, draft = make.speaker("Ann Lea", merged_into_id=ann.id), make.resource("Unready", published=False)
    guide = make.resource(
        "Eels", kind=ResourceKind.GUIDE, authors=["Ann Lea"], dated=Dating(date(2022, 1, 1), Precision.YEAR)
    )
    ledger.change(ledger.one(select(ResourceAuthor).where(ResourceAuthor.resource_id == guide.id)), speaker_id=ben.id)

    def written():
        page = browser.get(path)
        return [text_of(one) for one in page.all("li") if "Article in" in text_of(one) or "Guide," in text_of(one)]

    assert written() == ["Eels Guide, 2022"]
    ledger.act(publications.publish, issue.id, at=now, version=issue.version, **act)
    herons = "On herons Article in Journal, issue 4, 10 May 2027"
    assert written() == [herons, "Eels Guide, 2022"]
    assert browser.get(browser.get(path).link("On herons")).heading == "On herons"
    ledger.act(library.archive, guide.id, **act)
    assert (written(), draft.title in browser.get(path).text) == ([herons], False)
    with clock.fixed(now + timedelta(days=2)):
        assert written() == ["On dunlins Article in Journal, issue 4, 12 May 2027", herons]


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize("ref", ["2" * 12, "ann-lee-" + "2" * 12, "ann", "%00"])
def test_speaker_that_never_was_is_not_found(browser, now, ref):
    assert browser.get(f"/speakers/{ref}").status == 404


def test_speaker_renamed_is_led_to_and_shown_at_once(app, make, browser):
    ann = make.speaker("Ann Lee", biography="<script>alert(1)</script>")
    make.contribution(make.session(make.event()), speaker_id=ann.id)
    old = f"/speakers/ann-lee-{ann.public_id}"
    assert browser.get(old).heading == "Ann Lee"
    Ledger(app).change(ann, name="Ann Day", slug="ann-day")
    page = browser.get(old)
    assert (page.address, page.heading) == (f"/speakers/ann-day-{ann.public_id}", "Ann Day")
    assert len(page.all("script")) == 2


def test_speaker_page_asks_the_same_however_many_sessions(app, make, browser):
    asked = []
    for n in (1, 3):
        ann = make.speaker(f"Ann {n}")
        for _ in range(n):
            session = make.session(make.event())
            make.contribution(session, speaker_id=ann.id, organisation_id=make.organisation().id)
        kept.clear()
        with statements(app) as cold:
            browser.get(f"/speakers/ann-{n}-{ann.public_id}")
        with statements(app) as warm:
            browser.get(f"/speakers/ann-{n}-{ann.public_id}")
        asked.append((len(cold), len(warm)))
    assert asked == [(5, 1), (5, 1)]


def test_speaker_without_a_session_any_more_is_gone_at_once(app, make, browser):
    ann = make.speaker("Ann Lee")
    contribution = make.contribution(make.session(make.event()), speaker_id=ann.id)
    path = f"/speakers/ann-lee-{ann.public_id}"
    assert browser.get(path).status == 200
    Ledger(app).act(lambda: db.session.delete(db.session.merge(contribution)))
    assert browser.get(path).status == 404
