"""Selects asked of the driver alone: the same rows as through a session, and no harm from a dead connection."""

import psycopg
import pytest
from sqlalchemy import bindparam, select, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from tests.counting import statements
from webapp import transaction
from webapp.extensions import db
from webapp.models.events import Event, EventState
from webapp.models.operations import Revision
from webapp.queries.direct import Direct

BY_MOMENT = (
    select(Event.title, Event.state, Event.starts_at)
    .where(Event.starts_at > bindparam("after"), Event.state != EventState.DRAFT)
    .order_by(Event.id)
)


def test_rows_are_those_that_a_session_gives(app, make, now):
    make.event("Spring ü")
    make.event("Draft", state=EventState.DRAFT)
    make.event("Cancelled", state=EventState.CANCELLED)
    with app.app_context():
        direct = Direct(BY_MOMENT).rows(after=now)
        assert direct == [tuple(row) for row in db.session.execute(BY_MOMENT, {"after": now})]
        assert [title for title, *_ in direct] == ["Spring ü", "Cancelled"]
        assert Direct(BY_MOMENT).first(after=now) == direct[0]
        assert Direct(BY_MOMENT).first(after=direct[0][2]) is None


def test_row_written_in_an_open_unit_is_seen_within_it_and_not_beside_it(app):
    numbers = Direct(select(Revision.number).where(Revision.scope == bindparam("scope")))
    with app.app_context():
        with transaction.unit():
            db.session.add(Revision(scope="test", number=7))
            db.session.flush()
            assert numbers.rows(scope="test") == [(7,)]
            db.session.rollback()
        assert numbers.rows(scope="test") == []


def test_statement_asked_directly_is_counted(app, now):
    with statements(app) as found, app.app_context():
        Direct(BY_MOMENT).rows(after=now)
    assert [one.split()[0] for one in found] == ["SELECT"]


def test_mistake_in_a_statement_is_told_and_leaves_the_pool_sound(app, make, now):
    make.event("Spring")
    wrong = Direct(select(text("nothing_of_the_kind")).select_from(Event))
    with app.app_context():
        with pytest.raises((OperationalError, ProgrammingError)):
            wrong.rows()
        assert Direct(BY_MOMENT).first(after=now)[0] == "Spring"
        assert db.engine.pool.checkedout() == 0


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_connection_that_the_server_ended_is_replaced(app, make, now):
    make.event("Spring")
    with app.app_context():
        direct = Direct(BY_MOMENT)
        direct.rows(after=now)
        with db.engine.connect() as connection:
            pid = connection.scalar(text("SELECT pg_backend_pid()"))
        address = app.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg", "")
        with psycopg.connect(address, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [pid])
        assert direct.first(after=now)[0] == "Spring"
