"""The organisers' pages of an event's letters, each letter's own page, and what is done about them."""

import re
from collections import Counter
from datetime import timedelta
from email import message_from_bytes
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.event import listen, remove

from tests.browsing import Browser, text_of
from tests.counting import statements
from tests.mail import Act, MailServer
from tests.notices.examples import notice
from tests.tables import words
from tests.test_outbox import Post
from webapp import tokens, transaction
from webapp.extensions import db
from webapp.models.accounts import Actor, ActorKind, Role, ThingKind
from webapp.models.activity import Activity
from webapp.models.mailings import Lane, Letter, LetterState
from webapp.services import registrations

S = LetterState
MINUTE = timedelta(minutes=1)


@pytest.fixture
def box(app, now):
    return Post(app, now)


@pytest.fixture
def server():
    with MailServer() as mail:
        yield mail


@pytest.fixture
def event(make):
    return make.event("Ours")


@pytest.fixture
def as_role(app, make, event):
    """Opens a browser for somebody with that role at the event."""

    def open_browser(role):
        person = make.person()
        make.grant(person, role, ThingKind.EVENT, event.id)
        return Browser(app).sign_in(make.signed_in(person))

    return open_browser


@pytest.fixture
def browser(as_role):
    return as_role(Role.OWNER)


@pytest.fixture
def page(event):
    return f"/manage/events/ours-{event.public_id}/letters"


@pytest.fixture
def letters(box, event, server):
    """One letter in each state, the recipients numbered in the order of the states."""
    for number, _ in enumerate(S):
        box.post(notice("registration_confirmed", number, event_id=event.id))
    sent = {S.SENT: {"sent_at": box.now}, S.DEFERRED: {"attempts": 2, "last_error": "450 4.2.0 Greylisted"}}
    sent[S.FAILED] = {"attempts": 1, "last_error": "550 5.1.1 No such user here"}
    with box.app.app_context(), transaction.unit():
        for number, state in enumerate(S):
            one = update(Letter).where(Letter.recipient_email == f"person{number}@example.org")
            db.session.execute(one.values(state=state, **sent.get(state, {})))
    return list(S)


def rows(shown):
    """Each row of the list: its cells."""
    return [[words(cell) for cell in row if cell.tag.endswith(("td", "th"))] for row in shown.all("tr")[1:]]


# ---------------------------------------------------------------- the list


def test_index_tells_where_each_letter_is_and_why(browser, letters, page):
    shown = browser.get(page)
    assert shown.heading == "Letters"
    told = {row[2]: row[3] for row in rows(shown)}
    assert list(told) == [state.label for state in reversed(letters)]
    assert told["Sent"] == "10am on Monday 10 May 2027"
    assert told["Deferred"] == (
        "Try 3 of 9 at 10am on Monday 10 May 2027 The mail server asks newcomers to try again later, and we do."
        " 450 4.2.0 Greylisted"
    )
    assert told["Failed"] == "There is no such address. 550 5.1.1 No such user here"
    assert told["Held"] == "Goes out only when an organiser says so"
    subject = "You have a place: Working with fathers: what helps & what hinders"
    assert rows(shown)[0][:2] == ["Person 6 person6@example.org", f"{subject} to Person 6 A place"]


def test_each_number_leads_to_its_letters(browser, letters, page, box, event):
    box.post(notice("registration_confirmed", 9, event_id=event.id))
    box.set(uncertain=0)
    with box.app.app_context(), transaction.unit():
        db.session.execute(update(Letter).where(Letter.state == S.HELD).values(uncertain=1))
    shown = browser.get(page)
    chips = {text_of(one): one.get("href") for one in shown.all("a", class_="wm-chip")}
    parts = {"Each letter", "Letters to many", "Rehearsal", "Words of letters"}
    assert parts <= set(chips)
    chips = {name: address for name, address in chips.items() if name not in parts}
    counted = Counter({state.label: 1 for state in S}) + Counter({"Waiting": 1})
    assert set(chips) == {f"{name} {number}" for name, number in counted.items()} | {"All 8", "Uncertain 1"}
    for name, address in chips.items():
        assert len(rows(browser.get(page + address))) == int(name.split()[-1])
    assert [row[2] for row in rows(browser.get(page + chips["Uncertain 1"]))] == ["Held Uncertain"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=person3", [3]),
        ("q=example+person3", [3]),
        ("q=erson3", []),
        ("q=%25", []),
        ("q=Person&state=failed", [4]),
        ("notice=signed_up", [20]),
        ("notice=signed_up&q=person3", []),
    ],
)
def test_index_is_searched_by_person_notice_and_state(browser, letters, page, box, event, query, found):
    box.post(notice("signed_up", 20, event_id=event.id))
    shown = browser.get(f"{page}?{query}")
    assert [row[0] for row in rows(shown)] == [f"Person {number} person{number}@example.org" for number in found]


def test_index_shows_no_letters_of_another_event(browser, box, make, page):
    box.post(notice("registration_confirmed", event_id=make.event("Theirs").id), notice("sign_in_link", 2))
    assert "No letter has been written yet" in browser.get(page).text


def test_index_offers_only_what_can_be_done_to_some_of_its_letters(browser, box, server, event, page):
    def offered():
        shown = browser.get(page)
        return [text for text in ("Hold", "Let go out", "Cancel", "Send again") if shown.has_link(text)]

    box.post(notice("registration_confirmed", 1, event_id=event.id))
    assert offered() == ["Hold", "Cancel"]
    box.deliver(server)
    assert offered() == []


def test_index_asks_the_same_for_one_letter_and_for_many(app, browser, box, event, page):
    def asked():
        with statements(app) as found:
            browser.get(page)
        return len(found)

    box.post(notice("registration_confirmed", event_id=event.id))
    one = asked()
    box.post(*[notice("registration_confirmed", number, event_id=event.id) for number in range(120)])
    assert asked() == one == 8
    assert "1 to 50 of 121 letters" in browser.get(page).text
    assert "101 to 121 of 121 letters" in browser.get(f"{page}?page=3").text


# ---------------------------------------------------------------- acts


def confirm(browser, page, query):
    """Confirm an act as its page asks for it; gives the question and the answer."""
    asked = browser.get(f"{page}/act?{query}")
    return asked, browser.send(asked.form())


def states(box):
    return [letter.state for letter in box.letters]


@pytest.mark.parametrize(
    ("what", "heading", "after"),
    [
        ("hold", "Hold: 2 letters", {S.WAITING: S.HELD, S.DEFERRED: S.HELD}),
        ("release", "Let go out: 1 letter", {S.HELD: S.WAITING}),
        (
            "cancel",
            "Cancel: 3 letters",
            {S.WAITING: S.CANCELLED, S.DEFERRED: S.CANCELLED, S.HELD: S.CANCELLED},
        ),
        ("send_again", "Send again: 1 letter", {S.FAILED: S.WAITING}),
    ],
)
def test_act_is_confirmed_with_the_number_and_recorded(browser, letters, box, page, event, what, heading, after):
    asked, done = confirm(browser, page, f"do={what}")
    assert asked.heading == heading
    assert states(box) == [after.get(state, state) for state in S]
    assert done.heading == "Letters"
    with box.app.app_context():
        entry = db.session.scalars(select(Activity).where(Activity.verb.startswith("letter"))).one()
    assert (entry.thing_kind, entry.thing_id, entry.event_id) == (ThingKind.EVENT, event.id, event.id)
    assert (entry.actor_kind, entry.details) == (ActorKind.PERSON, {"letters": len(after)})
    # Once more there is nothing to do, and no button for it.
    again = browser.get(f"{page}/act?do={what}")
    assert again.heading == "Nothing to do"
    assert [form for form in again.forms() if form.action.endswith("/act")] == []


def test_act_on_one_letter_leaves_the_others_and_is_recorded_with_its_name(browser, box, event, page, now):
    box.post(*[notice("registration_confirmed", number, event_id=event.id) for number in range(3)])
    one = box.letters[1]
    shown = browser.get(f"{page}/{one.public_id}")
    asked = browser.get(shown.link("Hold this letter"))
    assert asked.heading == "Hold: 1 letter"
    done = browser.send(asked.form())
    assert states(box) == [S.WAITING, S.HELD, S.WAITING]
    assert "1 letter is held." in done.text
    assert done.link("Let this letter go out")
    activity = browser.get(f"/manage/events/ours-{event.public_id}/activity")
    assert "held the letter to Person 1" in activity.text
    assert activity.link("Person 1") == f"{page}/{one.public_id}"


def test_act_on_a_search_touches_only_what_was_found(browser, letters, box, page):
    _, done = confirm(browser, page, "do=cancel&q=person0")
    assert states(box)[0] is S.CANCELLED
    assert Counter(states(box))[S.CANCELLED] == 2
    assert urlsplit(done.address).query == "q=person0"


def test_act_refuses_when_there_are_more_than_were_confirmed(browser, box, event, page):
    box.post(notice("registration_confirmed", event_id=event.id))
    asked = browser.get(f"{page}/act?do=hold")
    box.post(notice("registration_confirmed", 2, event_id=event.id))
    refused = browser.send(asked.form())
    assert refused.status == 409
    assert refused.errors == ["There are 2 letters now, not 1. Look at the new number, then confirm it."]
    assert refused.heading == "Hold: 2 letters"
    assert states(box) == [S.WAITING, S.WAITING]
    browser.send(refused.form())
    assert states(box) == [S.HELD, S.HELD]


def test_act_without_a_token_does_nothing(browser, box, event, page):
    box.post(notice("registration_confirmed", event_id=event.id))
    form = browser.get(f"{page}/act?do=cancel").form()
    refused = browser.send(form, csrf_token="stale")
    assert refused.status == 422
    assert states(box) == [S.WAITING]


def test_released_letter_goes_out_and_a_held_one_does_not(browser, box, event, page, server):
    box.post(*[notice("registration_confirmed", number, event_id=event.id) for number in (1, 2)])
    confirm(browser, page, "do=hold&q=person1")
    assert box.deliver(server) == 1
    confirm(browser, page, "do=release")
    assert box.deliver(server) == 1
    assert server.addresses == ["person2@example.org", "person1@example.org"]


def test_act_of_release_wakes_the_worker(app, browser, box, event, page):
    box.post(notice("registration_confirmed", event_id=event.id))
    confirm(browser, page, "do=hold")
    for queue in app.extensions["jobs"].values():
        queue.flush()
    confirm(browser, page, "do=release")
    assert {str(lane): queue.pending_count() for lane, queue in app.extensions["jobs"].items()}["ordinary"] == 1


def test_uncertain_letter_that_was_held_goes_again_as_the_same_bytes(browser, box, event, page, server):
    box.post(notice("registration_confirmed", event_id=event.id))
    server.script.append(Act.DROP_AFTER_DATA)
    box.deliver(server.settings | {"uncertain_letters": "hold"})
    shown = browser.get(f"{page}/{box.letter.public_id}")
    assert "It may have arrived already." in shown.text
    box.set(recipient_name="Somebody Else")
    browser.send(browser.get(shown.link("Send this letter again")).form())
    assert box.deliver(server) == 1
    first, second = server.letters
    assert first.content == second.content
    assert "It may have arrived twice." in browser.get(f"{page}/{box.letter.public_id}").text


def test_failed_letter_is_given_all_its_tries_anew(browser, box, event, page, server):
    box.post(notice("registration_confirmed", event_id=event.id))
    server.script.extend(["550 5.2.1 Mailbox disabled", "450 4.2.0 Busy", None])
    box.deliver(server)
    shown = browser.get(f"{page}/{box.letter.public_id}")
    assert "The mailbox is closed." in shown.text
    browser.send(browser.get(shown.link("Send this letter again")).form())
    assert box.deliver(server) == 0
    assert box.letter.state is S.DEFERRED
    box.now += MINUTE
    assert box.deliver(server) == 1
    assert [one.said for one in box.letter.all_tries] == ["550 5.2.1 Mailbox disabled", "450 4.2.0 Busy", "250 Taken"]


@pytest.mark.parametrize("role", [Role.READER, Role.ACCESS_LEAD])
def test_who_may_only_look_is_offered_no_act(as_role, letters, box, page, role):
    browser = as_role(role)
    assert not browser.get(page).has_link("Hold")
    assert not browser.get(f"{page}/{box.letters[0].public_id}").has_link("Hold this letter")
    assert browser.get(f"{page}/act?do=hold").status == 403


# ---------------------------------------------------------------- one letter


@pytest.fixture
def sent(app, make, event, box, server, now):
    """The confirmation of a registration, sent; with what its personal link opens by."""
    make.registration(event, name="Dina Okafor", email="dina@example.org")
    assert box.deliver(server) == 1
    letter = box.letter
    with app.app_context():
        secret = tokens.make("registration", letter.facts["link_id"], letter.facts["link_nonce"])
    assert secret in server.letters[0].message.get_body(("plain",)).get_content()
    return letter, secret


def test_letter_is_shown_as_it_was_sent(browser, sent, server, page):
    letter, secret = sent
    shown = browser.get(f"{page}/{letter.public_id}")
    assert shown.heading == "You have a place: Ours"
    plain = server.letters[0].message.get_body(("plain",)).get_content()
    assert (
        "".join(shown.one("pre").itertext()).strip() == plain.replace("\r\n", "\n").replace(secret, "(hidden)").strip()
    )
    assert "Taken by the mail server. 250 Taken" in shown.text
    told = {text_of(row[0]): text_of(row[1]) for one in shown.all("dl") for row in one}
    assert told["What it does"] == "Puts this into the calendar, or changes it there"
    assert (told["UID"], told["Sequence"]) == (letter.facts["invitation"]["uid"], "0")
    assert told["Starts"] == "9:30am on Monday 14 June 2027"
    assert shown.one("iframe").get("sandbox") == ""
    assert "frame-src 'self'" in shown.response.headers["Content-Security-Policy"]


def test_html_of_a_letter_runs_nothing_and_leads_nowhere(browser, sent, page):
    letter, _ = sent
    with browser.client.get(f"{page}/{letter.public_id}/html") as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert policy.endswith("; sandbox")
        assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
        assert answer.get_data(as_text=True).startswith("<!DOCTYPE html>")


def test_bytes_are_downloaded_by_who_decides_but_for_personal_links(browser, sent, server, page):
    letter, secret = sent
    content = server.letters[0].content
    with browser.client.get(f"{page}/{letter.public_id}/letter.eml") as answer:
        got = answer.get_data()
        assert answer.mimetype == "message/rfc822"
        assert answer.headers["Content-Disposition"] == f"attachment; filename={letter.public_id}.eml"
    assert len(got) == len(content)
    parts = [
        (sent_part.get_payload(decode=True), part.get_payload(decode=True))
        for sent_part, part in zip(server.letters[0].message.walk(), message_from_bytes(got).walk(), strict=True)
        if not part.is_multipart()
    ]
    assert [secret.encode() in before for before, _ in parts].count(True) == 2
    assert [secret.encode() in after for _, after in parts].count(True) == 0
    with browser.client.get(f"{page}/{letter.public_id}/calendar.ics") as answer:
        (part,) = [p for p in server.letters[0].message.walk() if p.get_filename() == "invitation.ics"]
        assert answer.get_data() == part.get_payload(decode=True)  # it holds no personal link


@pytest.mark.parametrize("role", [Role.OWNER, Role.READER])
def test_personal_links_are_hidden_from_organisers(as_role, sent, page, role):
    letter, secret = sent
    browser = as_role(role)
    for part in ("", "/html"):
        with browser.client.get(f"{page}/{letter.public_id}{part}") as answer:
            text = answer.get_data(as_text=True)
        assert secret not in text
        assert letter.facts["link_nonce"] not in text
        assert "/registrations/(hidden)" in text
    shown = browser.get(f"{page}/{letter.public_id}")
    assert "Personal links in this letter are hidden" in shown.text
    assert shown.has_link("Download the letter byte for byte but for its personal links (.eml)") == (role is Role.OWNER)


def test_bytes_are_refused_to_who_may_only_look(as_role, sent, page):
    letter, _ = sent
    for part in ("letter.eml", "calendar.ics"):
        assert as_role(Role.READER).get(f"{page}/{letter.public_id}/{part}").status == 403


def test_letter_on_its_way_is_shown_as_it_would_leave(browser, box, event, page):
    box.post(notice("registration_confirmed", event_id=event.id))
    shown = browser.get(f"{page}/{box.letter.public_id}")
    assert "This is how it would leave now." in shown.text
    assert browser.get(f"{page}/{box.letter.public_id}/letter.eml").status == 404
    assert box.letter.message is None


def test_letter_whose_bytes_are_gone_says_so(browser, box, sent, page):
    box.set(message=None, message_until=None)
    letter, _ = sent
    assert "What it said is no longer kept" in browser.get(f"{page}/{letter.public_id}").text
    assert browser.get(f"{page}/{letter.public_id}/html").status == 404


def test_letter_of_another_event_is_not_found(browser, box, make, page):
    box.post(notice("registration_confirmed", event_id=make.event("Theirs").id))
    for part in ("", "/html", "/letter.eml", "/calendar.ics"):
        assert browser.get(f"{page}/{box.letter.public_id}{part}").status == 404


# ---------------------------------------------------------------- what one person was sent


def test_timeline_tells_each_letter_and_version_latest_first(app, browser, make, event, box, server, page, now):
    person = make.registration(event, name="Dina Okafor", email="dina@example.org")
    box.deliver(server)
    actor = Actor(ActorKind.LINK, person.person_id)
    with app.app_context(), transaction.unit():
        registrations.cancel(person.id, actor=actor, now=now + MINUTE)
    registered = browser.get(f"/manage/events/ours-{event.public_id}/registrations/{person.public_id}")
    shown = browser.get(registered.link("Letters to Dina Okafor, and the calendar entries in them"))
    assert shown.heading == "Letters to Dina Okafor"
    cancelled, confirmed = [words(one) for one in shown.all("li", class_="wm-log__entry")]
    assert ("You have a place: Ours" in confirmed, "Your registration is cancelled: Ours" in cancelled) == (True, True)
    assert confirmed.endswith("Sent Calendar invitation What is new The first version that we know of")
    assert cancelled.endswith("Waiting Calendar cancellation What is new Taken out of the calendar")
    links = [one.get("href") for one in shown.all("a") if f"{page}/" in (one.get("href") or "")]
    assert links[-2:] == [f"{page}/{letter.public_id}" for letter in reversed(box.letters)]


# ---------------------------------------------------------------- many


def test_index_and_acts_are_quick_at_100_000_letters(app, browser, box, event, page):
    box.post(notice("registration_confirmed", event_id=event.id))
    template = {
        column.name: getattr(box.letter, column.name)
        for column in Letter.__table__.columns
        if column.name not in {"id", "public_id", "message"}
    }
    with app.app_context(), transaction.unit():
        for start in range(0, 100_000, 10_000):
            some = [
                template
                | {
                    "lane": Lane.MAILING,
                    "state": S.FAILED if number % 1_000 == 0 else S.SENT,
                    "sent_at": box.now,
                    "recipient_words": f" person {number} person{number} example org",
                }
                for number in range(start, start + 10_000)
            ]
            db.session.execute(insert(Letter), some)
    asked = [browser.get(page), browser.get(f"{page}/act?do=send_again&state=failed")]
    assert asked[0].title == "Letters: Ours (page 1 of 2001) – Waymark"
    assert asked[1].heading == "Send again: 100 letters"
    for query in ("", "?state=failed", "?q=person77777", "?page=2000", "?notice=registration_confirmed&state=sent"):
        assert reads_of_the_table(app, lambda query=query: browser.get(page + query)) == []
    assert reads_of_the_table(app, lambda: browser.send(asked[1].form())) == []
    assert Counter(dict(db_states(app))) == {S.SENT: 99_900, S.WAITING: 101}


def db_states(app):
    with app.app_context():
        counted = select(Letter.state, func.count()).group_by(Letter.state)
        return [tuple(row) for row in db.session.execute(counted)]


def reads_of_the_table(app, action):
    """The statements of an action for which the database reads the whole table of letters."""
    asked = []

    def note(_connection, _cursor, statement, parameters, *_):
        if "outbox" in statement and statement.startswith("SELECT"):
            asked.append((statement, parameters))

    with app.app_context():
        engine = db.engine
    listen(engine, "before_cursor_execute", note)
    try:
        action()
    finally:
        remove(engine, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    found = []
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            # All these letters are of one event, so that reading all of them would be as good here as an index.
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        for statement, parameters in asked:
            plan = [str(row[-1]) for row in connection.exec_driver_sql(explain + statement, parameters)]
            whole = [line for line in plan if re.search(r"SCAN outbox(?! USING COVERING)|Seq Scan on outbox", line)]
            found += [(statement, line) for line in whole]
    assert asked
    return found
