"""Who has declined what: asked for many people at once, and only of kinds that may be declined."""

import pytest
from sqlalchemy import select

from tests.counting import statements
from webapp.extensions import db
from webapp.models.accounts import Person
from webapp.models.mailings import DECLINABLE, MAIL_KIND_LABELS, MAIL_KIND_SENTENCES, MailKind
from webapp.models.preferences import DeclinedMail
from webapp.queries import preferences


@pytest.fixture
def people(app, make, now):
    """Three people, of whom the first declined news and the second news and reminders."""
    made = [make.person() for _ in range(3)]
    for person, kind in ((made[0], MailKind.NEWS), (made[1], MailKind.NEWS), (made[1], MailKind.REMINDER)):
        make._kept(DeclinedMail(person_id=person.id, kind=kind, declined_at=now))
    return [person.id for person in made]


def test_only_those_asked_about_who_declined_that_kind_are_found(app, people):
    first, second, third = people
    with app.app_context():
        assert preferences.who_declined(MailKind.NEWS, people) == {first, second}
        assert preferences.who_declined(MailKind.NEWS, [second, third]) == {second}
        assert preferences.who_declined(MailKind.REMINDER, people) == {second}
        assert preferences.who_declined(MailKind.FOLLOW_UP, people) == set()
        assert preferences.declined_by(second) == {MailKind.NEWS, MailKind.REMINDER}
        assert preferences.declined_by(third) == set()


def test_pairs_are_asked_in_one_query(app, people):
    first, second, third = people
    with app.app_context(), statements(app) as seen:
        found = preferences.declined_of(
            [(first, MailKind.NEWS), (first, MailKind.REMINDER), (second, MailKind.REMINDER), (third, MailKind.NEWS)]
        )
        assert found == {(first, MailKind.NEWS), (second, MailKind.REMINDER)}
        assert len([one for one in seen if one.startswith("SELECT")]) == 1


def test_what_must_be_sent_is_never_declined_and_not_asked_about(app, make, people, now):
    make._kept(DeclinedMail(person_id=people[0], kind=MailKind.CANCELLATION, declined_at=now))
    with app.app_context(), statements(app) as seen:
        assert preferences.who_declined(MailKind.CANCELLATION, people) == set()
        assert preferences.declined_of([(people[0], MailKind.CANCELLATION)]) == set()
        assert seen == []


def test_select_leaves_out_who_declined_within_one_statement(app, people):
    with app.app_context():
        left = select(Person.id).where(Person.id.not_in(preferences.declined_ids(MailKind.NEWS)))
        assert list(db.session.scalars(left)) == [people[2]]


@pytest.mark.memory
def test_reminders_follow_up_news_and_letters_of_communities_alone_may_be_declined_and_each_kind_has_words():
    assert [kind for kind in MailKind if kind.may_be_declined] == list(DECLINABLE)
    assert {kind.value for kind in DECLINABLE} == {"reminder", "follow_up", "news", "community"}
    assert set(MAIL_KIND_LABELS) == set(MAIL_KIND_SENTENCES) == set(MailKind)
