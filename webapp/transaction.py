"""One transaction per request, command or job: commit or roll back.

The HTTP method decides whether a request may write. A reading transaction cannot write, because the
database itself is told to refuse it. The write lock is taken by the first call of a service, after the
body was read and the form found valid, and kept until the answer is made.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

from flask import Flask, Response, current_app, g, request, session
from sqlalchemy import Connection, Dialect, Engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import Session

from webapp.database import is_sqlite, open_sqlite, will_ask_again
from webapp.extensions import db

WRITING_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_writing: ContextVar[bool] = ContextVar("writing", default=False)


class NotInAUnit(RuntimeError):
    """Something was written where only reading is allowed: a fault of the program, never of a person."""


def init_app(app: Flask) -> None:
    """Bind engine and request events; the hooks given to on_commit run after each commit."""
    with app.app_context():
        listen(db.engine, synchronous=app.config["SETTINGS"].sqlite_synchronous)
    app.extensions["after_commit"] = []
    app.after_request(_finish)
    app.teardown_request(_abandon)


def listen(engine: Engine, *, synchronous: str = "FULL") -> None:
    """Make an engine begin its transactions as reading or writing ones."""
    if is_sqlite(engine.url):
        event.listen(engine, "connect", lambda connection, _: open_sqlite(connection, synchronous))
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgresql)
        event.listen(engine, "checkout", partial(_test, engine.dialect))


def on_commit(app: Flask, hook: Callable[[], None]) -> None:
    """Register what is to run after every commit of a unit of this application, such as waking the worker."""
    app.extensions["after_commit"].append(hook)


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE takes the write lock at once. A transaction that read first and writes later would fail
    # when somebody else wrote in between, and would sell one place twice if it did not.
    writing = _writing.get()
    connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writing else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    connection.connection.dbapi_connection.read_only = not _writing.get()  # type: ignore[union-attr]  # open here


def _test(dialect: Dialect, driver: Any, _record: Any, _proxy: Any) -> None:
    # So that a restart of PostgreSQL is survived, as the pool's own test would, which cannot be left out for some.
    if will_ask_again.get():
        return
    try:
        dialect.do_ping(driver)
    except dialect.loaded_dbapi.Error as error:
        raise InvalidatePoolError from error


@event.listens_for(Session, "before_flush")
def _refuse_stray_writes(session: Session, _context: Any, _instances: Any) -> None:
    if not _writing.get() and (session.new or session.dirty or session.deleted):
        raise NotInAUnit(f"rows changed outside a unit: {[*session.new, *session.dirty, *session.deleted]!r}")


@contextmanager
def writing() -> Iterator[None]:
    """Let connections that begin inside write; for migrations and for unit()."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


@contextmanager
def unit() -> Iterator[None]:
    """A piece of work that is committed whole or not at all; for commands, jobs and what must survive a refusal.

    Raises NotInAUnit when one is already open: units are never nested.
    """
    if _writing.get():
        raise NotInAUnit("a unit is open already")
    db.session.close()
    with writing():
        try:
            yield
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
        finally:
            db.session.close()
    _run_hooks()


def brief_unit(statements: Sequence[tuple[str, Any]]) -> list[tuple[Any, ...]]:
    """A unit of a few statements that write no object, by the driver alone; gives the rows of the last of them.

    On PostgreSQL it costs one message there and back, where unit() costs one for each statement and three more. Each
    statement still sees what was committed when its turn came. Raises NotInAUnit, and the driver's own errors.
    """
    if _writing.get():
        raise NotInAUnit("a unit is open already")
    db.session.close()
    engine = db.engine
    # Whoever writes by this tries again where the database is gone.
    trusting = will_ask_again.set(True)
    try:
        pooled = engine.raw_connection()
    finally:
        will_ask_again.reset(trusting)
    driver: Any = pooled.driver_connection
    try:
        run = _run_sqlite if is_sqlite(engine.url) else _run_postgresql
        rows = run(driver, statements)
    except BaseException:
        pooled.invalidate()
        raise
    pooled.close()
    return rows


def _run_sqlite(driver: Any, statements: Sequence[tuple[str, Any]]) -> list[tuple[Any, ...]]:
    driver.execute("PRAGMA query_only=OFF")
    driver.execute("BEGIN IMMEDIATE")
    rows: list[list[tuple[Any, ...]]] = [driver.execute(*one).fetchall() for one in statements]
    driver.commit()
    return rows[-1]


def _run_postgresql(driver: Any, statements: Sequence[tuple[str, Any]]) -> list[tuple[Any, ...]]:
    driver.read_only = False
    with driver.pipeline():
        cursors = [driver.execute(*one) for one in statements]
        driver.commit()
    rows: list[tuple[Any, ...]] = cursors[-1].fetchall()
    return rows


@contextmanager
def long_unit() -> Iterator[None]:
    """A unit of a job that writes thousands of rows under a lock: meanwhile the collector of garbage rests.

    The rows are no garbage before the end, and looking through them again and again took a quarter of the time that
    all who write must wait. What counts references frees everything else as always.
    """
    gc.disable()
    try:
        with unit():
            yield
    finally:
        gc.enable()


def let_go() -> None:
    """End what a request has read so far: what it read stays readable, and its connection is free for others.

    For requests that wait for somebody. Within the request's unit nothing is let go of.
    """
    if not g.get("unit_open"):
        db.session.close()


@contextmanager
def attempt() -> Iterator[None]:
    """Run a service for a request: opens the request's unit, or a savepoint within it when it is open already.

    A refusal (or a constraint that breaks) takes back what was done inside and is raised on, so that the page
    with the error can still be built; while it is, nobody waits for a lock.
    """
    if request.method not in WRITING_METHODS:
        raise NotInAUnit(f"{request.method} may not write")
    if g.get("unit_open"):
        with db.session.begin_nested():
            yield
        return
    let_go()  # the service reads again under the lock
    _writing.set(True)
    g.unit_open = True
    g.cookie_before = dict(session)
    try:
        yield
        db.session.flush()
    except BaseException:
        db.session.rollback()
        _writing.set(False)
        g.unit_open = False
        raise


def _finish(response: Response) -> Response:
    if not g.pop("unit_open", False):
        return response
    if response.status_code >= 400:
        db.session.rollback()
        _writing.set(False)
        return response
    try:
        db.session.commit()
    except Exception as error:  # noqa: BLE001 -- the handlers make the page, as for a fault in a view
        db.session.rollback()
        # Nothing was done, so nothing may say that it was: no message, nobody signed in.
        session.clear()
        session.update(g.cookie_before)
        return current_app.make_response(current_app.handle_user_exception(error))
    finally:
        _writing.set(False)
    _run_hooks()
    return response


def _abandon(_error: BaseException | None = None) -> None:
    g.pop("unit_open", None)
    _writing.set(False)


def _run_hooks() -> None:
    for hook in current_app.extensions["after_commit"]:
        hook()
