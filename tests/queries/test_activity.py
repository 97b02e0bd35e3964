"""The record is of one thing alone: what comes after it never takes over its history."""

import pytest
from sqlalchemy import func, select

from tests.ledger import Ledger
from webapp import transaction
from webapp.database import Base
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, ThingKind
from webapp.models.events import QuestionKind
from webapp.queries.activity import NAMES, ActivityFilter, find_activity, history_of
from webapp.services import drafts, questions
from webapp.services.drafts import Content, Placement
from webapp.services.questions import Wording

# Their rows are never deleted: they are cancelled, merged, retired or stand for ever.
FOR_EVER = {
    ThingKind.PROGRAMME, ThingKind.EVENT, ThingKind.SESSION, ThingKind.PERSON, ThingKind.REGISTRATION,
    ThingKind.SPEAKER, ThingKind.INVITEE, ThingKind.RELEASE, ThingKind.SERIES, ThingKind.LETTER,
    ThingKind.FRAMEWORK, ThingKind.RESOURCE, ThingKind.COLLECTION,
}  # fmt: skip


@pytest.mark.memory
def test_ids_of_all_that_can_be_deleted_are_given_once():
    again = {
        kind for kind, (model, _) in NAMES.items() if not model.__table__.dialect_options["sqlite"]["autoincrement"]
    }
    assert again == FOR_EVER


@pytest.fixture
def app(app):
    """The application on tables that the models make, so that what they say of ids is what is tried.

    That the migrations make the same is the matter of tests/house/test_migrations.py.
    """
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            with transaction.writing(), db.engine.begin() as connection:
                Base.metadata.drop_all(connection)
                Base.metadata.create_all(connection)
    return app


@pytest.fixture
def verbs(app, make, now):
    """How each kind of thing is added, and deleted."""
    event = make.event()
    make.draft(event)
    told = {"actor": SYSTEM, "now": now}

    def session(name):
        return drafts.add(event, Content(title=name), Placement(date=None, starts=None, minutes=45), **told)

    def question(name):
        return questions.add(event.id, Wording(kind=QuestionKind.SHORT_TEXT, label=name), **told)

    return event, {
        ThingKind.ROOM: (
            lambda name: drafts.add_room(event.id, name, None, **told),
            lambda one: drafts.remove_room(event.id, one.public_id, **told),
        ),
        ThingKind.STREAM: (
            lambda name: drafts.add_stream(event.id, name, **told),
            lambda one: drafts.remove_stream(event.id, one.public_id, into=None, **told),
        ),
        ThingKind.DRAFT_SESSION: (session, lambda one: drafts.cancel(event, one.public_id, **told)),
        ThingKind.QUESTION: (question, lambda one: questions.delete(event.id, one.public_id, **told)),
    }


@pytest.mark.parametrize(
    "kind", [ThingKind.ROOM, ThingKind.STREAM, ThingKind.DRAFT_SESSION, ThingKind.QUESTION], ids=str
)
def test_new_thing_has_no_history_of_one_that_was_deleted(app, verbs, now, kind):
    event, known = verbs
    add, delete = known[kind]
    ledger = Ledger(app)
    old = ledger.act(add, "Old")
    ledger.act(delete, old)
    # The last of all, so that its id would come again if the table did not count on.
    assert old.id > (ledger.one(select(func.max(type(old).id))) or 0)
    new = ledger.act(add, "New")
    assert new.id > old.id
    with app.app_context():
        verbs_of_new = [entry.verb for entry in history_of(kind, new.id)]
        everything = find_activity(event, ActivityFilter(), page=1).rows
        named = [entry.verb for entry in everything if entry.thing.name == "New"]
        assert len(history_of(kind, old.id)) == 2
    assert len(verbs_of_new) == 1
    assert named == verbs_of_new
    assert verbs_of_new[0].endswith("added")
