"""People, and how they sign in and out."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select, update

from tests.ledger import Ledger
from webapp import tokens
from webapp.errors import NotFound, TooMany
from webapp.extensions import db
from webapp.models.accounts import (
    SYSTEM,
    Account,
    Actor,
    ActorKind,
    Person,
    SignInLink,
    Throttle,
    WebSession,
)
from webapp.models.activity import Activity
from webapp.models.mailings import Lane
from webapp.queries.accounts import find_person_by_email, find_viewer
from webapp.services import accounts as services
from webapp.services.accounts import LinkSpent, PasswordRefused
from webapp.services.housekeeping import forget

MEMORY = 64
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def link(ledger, app, now):
    """Asks for a link and gives its token, as it stands in the letter."""

    def ask(email="ann@example.org", *, at=now, next_path=""):
        ledger.act(services.send_sign_in_link, email, next_path=next_path, now=at)
        row = ledger.one(select(SignInLink).order_by(SignInLink.id.desc()).limit(1))
        with app.app_context():
            return tokens.make("sign-in", row.public_id, row.nonce)

    return ask


@pytest.fixture
def viewer(app, now):
    def find(secret, at=now):
        with app.app_context():
            return find_viewer(secret, now=at)

    return find


# ---------------------------------------------------------------- people


def test_person_is_made_once_for_an_address(ledger, now):
    first = ledger.act(services.person_id_for, "Ann", "Ann@Example.org", now=now)
    second = ledger.act(services.person_id_for, "Somebody", "ann@example.ORG", now=now)
    assert first == second
    person = ledger.one(select(Person))
    assert (person.name, person.email, person.email_folded) == ("Ann", "Ann@Example.org", "ann@example.org")
    assert person.email_verified_at is None


def test_person_met_twice_at_once_is_made_once(ledger, now):
    jobs = [partial(services.person_id_for, f"Ann {n}", "ann@example.org", now=now) for n in range(8)]
    assert len(set(ledger.together(jobs))) == 1
    assert ledger.count(Person) == 1


def test_person_that_was_merged_leads_to_who_took_its_place(make, ledger, link, now):
    old, new = make.person(email="old@example.org"), make.person("Ann", "new@example.org")
    ledger.act(db.session.execute, update(Person).where(Person.id == old.id).values(merged_into_id=new.id))
    assert ledger.act(services.person_id_for, "x", "OLD@example.org", now=now) == new.id
    link("old@example.org")
    assert ledger.letters() == [("sign_in_link", "new")]


# ---------------------------------------------------------------- links


def test_link_is_sent_alike_whether_the_address_is_known_or_not(make, ledger, link):
    make.person("Ann Lee", "ann@example.org")
    link("ann@example.org")
    link("new@example.org")
    assert ledger.letters() == [("sign_in_link", "ann"), ("sign_in_link", "new")]
    letter = ledger.last_letter()
    assert (letter.lane, letter.expires_at) == (Lane.URGENT, ledger.last_letter().created_at + 15 * MINUTE)
    assert ledger.count(Person) == 1


def test_link_goes_to_the_address_as_it_is_known_and_to_nobody_of_a_similar_one(make, ledger, link):
    make.person("José", "josé@example.org")
    link("JOSÉ@example.org")
    link("jose@example.org")
    assert ledger.letters() == [("sign_in_link", "josé"), ("sign_in_link", "jose")]


def test_link_signs_in_once(make, ledger, link, viewer, now):
    person = make.person("Ann Lee", "ann@example.org")
    token = link(next_path="/my/agenda")
    secret, next_path = ledger.act(services.sign_in_by_link, token, browser="b1", now=now + MINUTE)
    assert next_path == "/my/agenda"
    seen = viewer(secret)
    assert (seen.id, seen.name, seen.email, seen.is_organiser) == (person.id, "Ann Lee", "ann@example.org", False)
    assert ledger.one(select(Person.email_verified_at)) == now + MINUTE
    with pytest.raises(LinkSpent):
        ledger.act(services.sign_in_by_link, token, browser="b2", now=now + MINUTE)
    assert ledger.count(WebSession) == 1


def test_link_signs_in_again_for_a_minute_in_the_browser_that_used_it(app, ledger, link, viewer, now):
    use = partial(services.sign_in_by_link, link(), browser="b1")
    first, again = ledger.act(use, now=now), ledger.act(use, now=now + MINUTE - timedelta(seconds=1))
    assert first != again
    assert viewer(first[0]).id == viewer(again[0]).id
    with pytest.raises(LinkSpent):
        ledger.act(use, now=now + MINUTE)
    assert ledger.count(WebSession) == 2


def test_link_of_a_newcomer_makes_the_person_when_it_is_used(ledger, link, viewer, now):
    token = link("new@example.org")
    assert ledger.count(Person) == 0
    secret, _ = ledger.act(services.sign_in_by_link, token, browser="b1", now=now)
    assert (viewer(secret).name, viewer(secret).email) == ("new", "new@example.org")


def test_link_read_is_not_used(app, ledger, link, now):
    token = link()
    with app.app_context():
        for _ in range(3):
            assert services.check_link(token, browser="b1", now=now).email == "ann@example.org"
    ledger.act(services.sign_in_by_link, token, browser="b1", now=now)


@pytest.mark.parametrize(
    ("after", "works"), [(timedelta(minutes=15, seconds=-1), True), (timedelta(minutes=15), False)]
)
def test_link_works_for_15_minutes(ledger, link, now, after, works):
    token = link()
    if works:
        ledger.act(services.sign_in_by_link, token, browser="b1", now=now + after)
    else:
        with pytest.raises(LinkSpent):
            ledger.act(services.sign_in_by_link, token, browser="b1", now=now + after)
    assert ledger.count(WebSession) == works


def test_link_forged_opens_nothing(app, ledger, link, now):
    token = link()
    row = ledger.one(select(SignInLink))
    with app.app_context():
        foreign = tokens.make("registration", row.public_id, row.nonce)
    last = "A" if token[-1] != "A" else "B"
    for forged in (token[:-1] + last, foreign, token + "x", token[:12], "", "é" * 34, token[:12] + "é" * 22):
        with pytest.raises(NotFound):
            ledger.act(services.sign_in_by_link, forged, browser="b1", now=now)
    assert ledger.count(WebSession) == 0


def test_link_used_in_two_windows_at_once_signs_in_once(ledger, link, now):
    token = link()
    outcomes = ledger.together([partial(services.sign_in_by_link, token, browser=f"b{n}", now=now) for n in range(4)])
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["LinkSpent"] * 3 + ["tuple"]
    assert (ledger.count(WebSession), ledger.count(Person), ledger.count(Account)) == (1, 1, 1)


def test_two_links_of_a_newcomer_used_at_once_both_sign_in(ledger, link, now):
    pair = [link(), link()]
    outcomes = ledger.together([partial(services.sign_in_by_link, token, browser="b1", now=now) for token in pair])
    assert [type(outcome) for outcome in outcomes] == [tuple, tuple]
    assert (ledger.count(WebSession), ledger.count(Person), ledger.count(Account)) == (2, 1, 1)


def test_person_signing_in_for_the_first_time_in_many_windows_at_once_is_no_error(make, ledger, now):
    person = make.person()
    outcomes = ledger.together([partial(services.open_session, person.id, now=now)] * 6)
    assert [type(outcome) for outcome in outcomes] == [str] * 6
    assert (ledger.count(WebSession), ledger.count(Account)) == (6, 1)


def test_count_link_refuses_after_8_for_an_address_and_200_from_a_source(ledger, now):
    for n in range(8):
        ledger.act(services.count_link, "Ann@example.org", f"192.0.2.{n}", now=now)
    with pytest.raises(TooMany) as refused:
        ledger.act(services.count_link, "ann@example.org", "192.0.2.99", now=now)
    assert refused.value.retry_after == 900
    ledger.act(lambda: [services.count_link(f"p{n}@example.org", "203.0.113.1", now=now) for n in range(200)])
    with pytest.raises(TooMany):
        ledger.act(services.count_link, "last@example.org", "203.0.113.1", now=now)
    ledger.act(services.count_link, "ann@example.org", "203.0.113.1", now=now + 15 * MINUTE)
    assert ledger.one(select(Throttle.count).where(Throttle.window_start == now + 15 * MINUTE).limit(1)) == 1


def test_count_password_refuses_a_source_before_it_refuses_all_others(ledger, now):
    for _ in range(8):
        ledger.act(services.count_password, "ann@example.org", "203.0.113.1", now=now)
    with pytest.raises(TooMany):
        ledger.act(services.count_password, "ANN@example.org", "203.0.113.1", now=now)
    ledger.act(services.count_password, "ann@example.org", "192.0.2.1", now=now)
    ledger.act(services.count_password, "bob@example.org", "203.0.113.1", now=now)
    for n in range(31):
        ledger.act(services.count_password, "ann@example.org", f"192.0.2.{n + 2}", now=now)
    with pytest.raises(TooMany):
        ledger.act(services.count_password, "ann@example.org", "192.0.2.99", now=now)


# ---------------------------------------------------------------- sessions


def test_session_ends_after_12_hours_and_its_secret_is_stored_nowhere(make, ledger, viewer, now):
    person = make.person()
    secret = ledger.act(services.open_session, person.id, now=now)
    assert viewer(secret, now + timedelta(hours=12, seconds=-1)).id == person.id
    assert viewer(secret, now + timedelta(hours=12)) is None
    assert ledger.one(select(WebSession.token_digest)) == tokens.digest(secret)
    assert secret not in str(ledger.one(select(Activity.details)))


@pytest.mark.parametrize("secret", ["", "x" * 43, "é", "1"])
def test_session_forged_is_nobody(make, ledger, viewer, now, secret):
    ledger.act(services.open_session, make.person().id, now=now)
    assert viewer(secret) is None


def test_session_closed_opens_nothing_and_leaves_the_others(make, ledger, viewer, now):
    person = make.person()
    first, second = (ledger.act(services.open_session, person.id, now=now) for _ in range(2))
    actor = Actor(ActorKind.PERSON, person.id)
    for _ in range(2):
        ledger.act(services.close_session, first, actor=actor, now=now)
    assert (viewer(first), viewer(second).id) == (None, person.id)
    assert ledger.all(select(Activity.verb)).count("signed_out") == 1


def test_session_of_a_merged_person_opens_nothing(make, ledger, viewer, now):
    old, new = make.person(), make.person()
    secret = ledger.act(services.open_session, old.id, now=now)
    ledger.act(db.session.execute, update(Person).where(Person.id == old.id).values(merged_into_id=new.id))
    assert viewer(secret) is None


# ---------------------------------------------------------------- passwords


@pytest.mark.parametrize(
    ("password", "because"),
    [
        ("", "Password must be 10 characters or more"),
        ("ninechars", "Password must be 10 characters or more"),
        ("aaaaaaaaaaaa", "Password must not be one character or a sequence repeated"),
        ("abababababab", "Password must not be one character or a sequence repeated"),
        ("1234567890", "Password must not be one character or a sequence repeated"),
        ("ABCDEFGHIJ", "Password must not be one character or a sequence repeated"),
        ("Password123!", "Password is too easy to guess. Three random words make a good one"),
        ("pässwörd1234", "Password is too easy to guess. Three random words make a good one"),
        ("Safeguarding1", "Password is too easy to guess. Three random words make a good one"),
        ("marlbridge12", "Password is too easy to guess. Three random words make a good one"),
        ("WaymarkWaymark", "Password is too easy to guess. Three random words make a good one"),
    ],
)
def test_password_that_is_easy_to_guess_is_refused_with_the_reason(password, because):
    with pytest.raises(PasswordRefused) as refused:
        services.check_password(password, email="ann.lee@marlbridge.example.org", service_name="Waymark")
    assert refused.value.message == because


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "Tr0ub4dor&3",
        "пароль из слов",
        "🐴🔋📎✂️🪵🧭🎣🎲🍎🚲",
        "x1y2z3a4b5",
        "a" * 9 + "bcd" * 200,
    ],
)
def test_password_that_is_good_is_taken(password):
    services.check_password(password, email="ann.lee@marlbridge.example.org", service_name="Waymark")


def test_password_set_opens_and_no_other_does(app, make):
    person = make.person(email="ann@example.org", password="correct horse battery")
    with app.app_context():
        found = find_person_by_email("ANN@example.org")
        assert found.id == person.id
        for password, opens in (("correct horse battery", True), ("Correct horse battery", False), ("", False)):
            assert services.password_matches(found, password, memory_kib=MEMORY) is opens
        assert services.password_matches(None, "correct horse battery", memory_kib=MEMORY) is False


def test_password_matches_nobody_without_one(app, make):
    make.person(email="ann@example.org")
    with app.app_context():
        found = find_person_by_email("ann@example.org")
        assert services.password_matches(found, "", memory_kib=MEMORY) is False


def test_password_of_any_length_counts_to_its_last_character(app, make):
    long = "correct horse battery " * 200
    make.person(email="ann@example.org", password=long + "a")
    with app.app_context():
        found = find_person_by_email("ann@example.org")
        assert services.password_matches(found, long + "a", memory_kib=MEMORY) is True
        assert services.password_matches(found, long + "b", memory_kib=MEMORY) is False


def test_password_set_ends_every_other_session_and_is_told_by_letter(make, ledger, viewer, now):
    person, other = make.person("Ann", "ann@example.org"), make.person()
    kept, ended = (ledger.act(services.open_session, person.id, now=now) for _ in range(2))
    of_other = ledger.act(services.open_session, other.id, now=now)
    actor = Actor(ActorKind.PERSON, person.id)
    ledger.act(services.set_password, person.id, "hash", keep=kept, actor=actor, now=now + MINUTE)
    assert (viewer(kept).id, viewer(ended), viewer(of_other).id) == (person.id, None, other.id)
    assert ledger.letters() == [("password_changed", "ann")]
    account = ledger.one(select(Account).where(Account.person_id == person.id))
    assert (account.password_hash, account.password_changed_at) == ("hash", now + MINUTE)


def test_password_set_leaves_no_trace_of_itself(make, ledger, now):
    person = make.person(password="correct horse battery")
    assert ledger.one(select(Account.password_hash)).startswith("$argon2id$")
    entries = ledger.all(select(Activity).where(Activity.thing_id == person.id))
    assert [(entry.verb, entry.details) for entry in entries] == [("password_set", {})]


def test_rename_changes_the_profile_and_no_registration(make, ledger, now):
    event = make.event()
    row = make.registration(event, name="Ann Lee", email="ann@example.org")
    ledger.act(services.rename, row.person_id, "Ann Day", actor=SYSTEM, now=now + MINUTE)
    person = ledger.one(select(Person))
    assert (person.name, person.version, person.updated_at) == ("Ann Day", 2, now + MINUTE)
    assert ledger.registration(event, "ann@example.org").name == "Ann Lee"


def test_forget_expired_keeps_what_ended_less_than_a_day_ago(make, ledger, link, now):
    link()
    ledger.act(services.open_session, make.person().id, now=now)
    assert ledger.act(forget, now=now + timedelta(days=1, minutes=15)) == 0
    assert ledger.act(forget, now=now + timedelta(days=1, minutes=16)) == 1
    assert ledger.act(forget, now=now + timedelta(days=1, hours=13)) == 1
