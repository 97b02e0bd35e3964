"""The migrations make exactly what the models say, go up, down and up again, and are one line."""

import re
from collections.abc import Iterator
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Engine, MetaData, create_engine, inspect, select, text

from tests.conftest import NOW, settings_for
from tests.house.source import ROOT
from tests.making import Maker
from tests.notices.examples import notice
from tests.reports import zoom
from webapp import create_app, transaction
from webapp.database import Base
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, Grant, Role, ThingKind
from webapp.models.activity import Activity
from webapp.models.attendance import AttendanceTally, CheckInSource, Presence
from webapp.models.events import Admission, Event, EventQuestion, Places
from webapp.models.mailings import Letter, LetterState
from webapp.models.passages import Passage, PassageKind, Source
from webapp.models.reflections import ChangeState, Reflection, ReflectionChange, ReflectionEntry
from webapp.models.registrations import RegistrationTag, RegistrationTally
from webapp.models.saved import SavedItem
from webapp.models.search import SearchKind, SearchWord
from webapp.outbox import post
from webapp.queries.registrations import Chosen
from webapp.services import attendance, registrations
from webapp.services.activity import record


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Flask, str]]:
    """An application on a database that holds nothing, and the address of a second such database."""
    if request.param == "sqlite":
        urls = [f"sqlite:///{tmp_path / name}.db" for name in ("migrated", "made")]
    else:
        server = request.getfixturevalue("postgresql_url")
        urls = []
        with psycopg.connect(server, autocommit=True) as connection:
            for name in ("migrated", "made"):
                connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
                connection.execute(f'CREATE DATABASE "{name}"')
                urls.append(re.sub(r"/[^/?]*(\?|$)", rf"/{name}\1", server, count=1))
    app = create_app(settings_for(tmp_path, urls[0], jobs_path=str(tmp_path / "jobs.db")))
    with app.app_context():
        yield app, urls[1]
        db.session.remove()
        db.engine.dispose()
        for queue in app.extensions["jobs"].values():
            queue.storage.close()


def _shape(engine: Engine) -> dict[str, Any]:
    """All that the database itself tells of our tables; the job store and the record of migrations have their own."""
    inspector = inspect(engine)
    columns, keys = inspector.get_multi_columns(), inspector.get_multi_pk_constraint()
    foreign, unique = inspector.get_multi_foreign_keys(), inspector.get_multi_unique_constraints()
    checks, indexes = inspector.get_multi_check_constraints(), inspector.get_multi_indexes()
    counting = _counting_on(engine)
    return {
        table[1]: {
            "counts on": table[1] in counting,
            "columns": {
                c["name"]: (str(c["type"]), getattr(c["type"], "collation", None), c["nullable"], c["default"])
                for c in columns[table]
            },
            "key": (keys[table]["name"], keys[table]["constrained_columns"]),
            "foreign": _sorted(foreign[table]),
            "unique": _sorted(unique[table]),
            "checks": _sorted(checks[table]),
            "indexes": _sorted(indexes[table]),
        }
        for table in columns
        if table[1] != "alembic_version" and not table[1].startswith(("huey_", "passage_index"))
    }


def _counting_on(engine: Engine) -> set[str]:
    """The tables of SQLite that never give an id twice, which its inspector does not tell."""
    if engine.dialect.name != "sqlite":
        return set()
    with engine.connect() as connection:
        return set(
            connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'").scalars()
        )


def _sorted(parts: Any) -> list[str]:
    return sorted(str(sorted((key, _plain(value)) for key, value in part.items())) for part in parts)


def _plain(value: Any) -> str:
    # The condition of an index is an object, which is never equal to another.
    return str({key: str(one) for key, one in value.items()} if isinstance(value, dict) else value)


def test_migrations_make_what_the_models_say(bare: tuple[Flask, str]) -> None:
    app, second = bare
    upgrade()
    made = create_engine(second.replace("postgresql://", "postgresql+psycopg://"))
    with made.begin() as connection:
        Base.metadata.create_all(connection)

    migrated, wanted = _shape(db.engine), _shape(made)
    made.dispose()

    command.check(app.extensions["migrate"].migrate.get_config())
    assert {name: parts for name, parts in migrated.items() if parts != wanted.get(name)} == {}
    assert set(migrated) == set(wanted) == set(Base.metadata.tables)


def test_migrations_go_up_down_and_up_again(bare: tuple[Flask, str]) -> None:
    upgrade()
    first = _shape(db.engine)
    downgrade(revision="base")
    between = _shape(db.engine)
    upgrade()
    again = _shape(db.engine)

    assert between == {}
    assert again == first
    assert len(first) > 20


def test_quarters_of_an_hour_are_counted_for_registrations_that_are_there(bare: tuple[Flask, str]) -> None:
    upgrade()
    make = Maker(bare[0], NOW)
    event, other = make.event(capacity=2), make.event()
    for minutes in (0, 1, 16, 31, 46, 59, 60):
        make.registration(event, now=NOW - timedelta(minutes=minutes))
    make.registration(other)

    def quarters() -> list[Any]:
        row = RegistrationTally
        statement = select(row.event_id, row.value, row.state, row.count).where(row.dimension == "quarter_hour")
        found = [tuple(one) for one in db.session.execute(statement)]
        db.session.rollback()
        return sorted(found)

    before = quarters()
    downgrade(revision=_before("0005"))
    with db.engine.connect() as connection:
        assert connection.execute(
            text("SELECT count(*) FROM registration_tallies WHERE dimension = 'quarter_hour'")
        ).all() == [(0,)]
    upgrade()

    assert len(before) >= 6
    assert quarters() == before


def test_attendance_and_tags_that_are_there_are_counted_and_put_in_order(bare: tuple[Flask, str]) -> None:
    upgrade()
    make = Maker(bare[0], NOW)
    event = make.event(starts_on=NOW.date())
    names = ("Ada Wren", "Ben Ashby", "Cass Doe", "Dora Fry")
    ids = [make.registration(event, name=name, now=NOW - timedelta(days=20)) for name in names]
    evening: dict[str, Any] = {"actor": SYSTEM, "now": NOW + timedelta(hours=9)}
    with transaction.unit():
        for row in ids[:2]:
            attendance.check_in(row.id, NOW.date(), source=CheckInSource.NAME, **evening)
        chosen = Chosen(public_ids=(ids[0].public_id, ids[3].public_id))
        registrations.add_tag(event.id, chosen, "Café", number=2, **evening)
    for hours in ([("9:30", "11:00")], [("10:30", "13:00")]):
        content = zoom(*((name, "", hours) for name in names[1:]))
        file = attendance.read(content, filename="a.csv", expected=NOW.date())
        with transaction.unit():
            attendance.take_in(event.id, NOW.date(), None, file, **evening)
    with transaction.unit():
        registrations.cancel(ids[2].id, **evening)

    def kept() -> list[Any]:
        there, sums, tag = Presence, AttendanceTally, RegistrationTag
        asked = (
            select(there.registration_id, there.day_id, there.how, there.checked_in, there.placed),
            select(sums.day_id, sums.dimension, sums.value, sums.what, sums.count).where(sums.count > 0),
            select(tag.registration_id, tag.arrival, tag.name_sort, tag.organisation_sort),
        )
        found = [sorted(tuple(one) for one in db.session.execute(statement)) for statement in asked]
        db.session.rollback()
        return found

    before = kept()
    downgrade(revision=_before("0011"))
    upgrade()

    assert [len(rows) for rows in before] == [8, 8, 2]
    assert kept() == before


def test_step_back_opens_nothing_that_was_for_some(bare: tuple[Flask, str]) -> None:
    upgrade()
    make = Maker(bare[0], NOW)
    open_to_all, invited = make.event(), make.event(admission=Admission.INVITATION)
    make.session(open_to_all, places=20)
    make.question(open_to_all, "Asked of all")
    make.question(open_to_all, "About the person", for_organisers=True)
    with transaction.unit():
        for number, name in enumerate(("event_changed", "registration_waiting", "signed_up"), start=1):
            post(notice(name, number), now=NOW)
        post(notice("signed_up", 9), now=NOW).state = LetterState.SENT
    helper, survey = make.person(), make.survey(open_to_all)
    for role in (Role.READER, Role.ANALYST):
        make.grant(helper, role, ThingKind.EVENT, open_to_all.id)
    with transaction.unit():
        record("survey_created", ThingKind.SURVEY, survey.id, actor=SYSTEM, now=NOW, event_id=open_to_all.id)
        record("event_created", ThingKind.EVENT, open_to_all.id, actor=SYSTEM, now=NOW, event_id=open_to_all.id)
    downgrade(revision=_before("0015"))
    # The older program knows no analyst and no survey.
    assert list(db.session.scalars(select(Grant.role))) == [Role.READER]
    kinds = select(Activity.thing_kind).where(Activity.verb.in_(("survey_created", "event_created")))
    assert list(db.session.scalars(kinds)) == [ThingKind.EVENT]
    db.session.rollback()
    downgrade(revision="0002")
    upgrade()

    def read(*columns: Any) -> list[Any]:
        return [tuple(row) for row in db.session.execute(select(*columns).order_by(columns[0].class_.id))]

    assert read(Event.id, Event.takes_registrations) == [(open_to_all.id, True), (invited.id, False)]
    assert [(label, when is not None) for label, when in read(EventQuestion.label, EventQuestion.retired_at)] == [
        ("Asked of all", False), ("About the person", True)
    ]  # fmt: skip
    assert read(Places.event_id, Places.session_id) == [(open_to_all.id, None), (invited.id, None)]
    assert read(Letter.notice, Letter.state) == [
        ("event_changed", LetterState.CANCELLED),
        ("registration_waiting", LetterState.WAITING),
        ("signed_up", LetterState.CANCELLED),
        ("signed_up", LetterState.SENT),
    ]


def test_words_that_only_their_writer_sees_are_not_opened_by_a_step_back(bare: tuple[Flask, str]) -> None:
    upgrade()
    make = Maker(bare[0], NOW)
    when: dict[str, Any] = {"created_at": NOW, "updated_at": NOW}
    tool, ann = make.framework(), make.person()
    with transaction.unit():
        reflection = Reflection(framework_id=tool.id, owner_id=ann.id, title="Mine", **when)
        db.session.add(reflection)
        db.session.flush()
        entry = ReflectionEntry(reflection_id=reflection.id, asked_number=1, held_on=NOW.date(), **when)
        db.session.add(entry)
        db.session.flush()
        for state in (ChangeState.STOOD, ChangeState.WAITS):
            row = ReflectionChange(entry_id=entry.id, prompt=2, text=state, began_at=NOW, at=NOW, state=state)
            db.session.add(row)
    with pytest.raises(SystemExit):
        downgrade(revision=_before("0019"))
    with transaction.unit():
        db.session.delete(db.session.scalars(select(ReflectionChange).where(ReflectionChange.text == "waits")).one())
    downgrade(revision=_before("0019"))
    upgrade()
    # What stood before goes on standing.
    assert list(db.session.scalars(select(ReflectionChange.state))) == [ChangeState.STOOD]


def test_no_row_stays_that_an_older_program_cannot_read(bare: tuple[Flask, str]) -> None:
    upgrade()
    make = Maker(bare[0], NOW)
    person = make.person()
    sources = {"article": Source.ISSUE, "turn": Source.TRANSCRIPT, "session": Source.EVENT}
    # By the step that brings them: what was done to which kind of thing.
    done = {
        "0033": [("area_described", "area"), ("area_document_moved", "area_document")],
        "0028": [("transcript_check_asked", "session"), ("transcript_erased", "session")],
        "0027": [("publication_created", "publication"), ("issue_published", "issue"), ("figure_added", "article")],
        "0026": [("resource_related", "resource"), ("collection_filled", "collection")],
        "0025": [("material_replaced", "material")],
        "0024": [("recordings_ordered", "session"), ("recording_added", "session"), ("session_recorded", "session")],
        "0023": [("session_changed", "session")],
    }
    with transaction.unit():
        for number, kind in enumerate(PassageKind, start=1):
            values: dict[str, Any] = dict.fromkeys(("public_id", "slug", "parent_public_id", "parent_slug"), "")
            values |= {"title": "", "text": "", "words": "word", "digest": "", "is_private": False}
            source = sources.get(kind) or Source(kind)
            db.session.add(Passage(place=number, source=source, source_id=1, kind=kind, thing_id=1, part=0, **values))
        saved = {ThingKind.SESSION, ThingKind.RESOURCE, ThingKind.COLLECTION, ThingKind.ARTICLE, ThingKind.TURN}
        saved |= {ThingKind.POST}
        for kind in saved:
            db.session.add(SavedItem(person_id=person.id, thing_kind=kind, thing_id=1, saved_at=NOW))
        for verb, kind in (one for some in done.values() for one in some):
            record(verb, ThingKind(kind), 1, actor=SYSTEM, now=NOW)
        db.session.add(SearchWord(kind=SearchKind.RESOURCE, scope_id=0, thing_id=1, word="guide"))
        post(notice("transcript_to_check", 1), now=NOW)

    def left(column: str, table: str) -> set[str]:
        with db.engine.connect() as connection:
            return set(connection.execute(text(f"SELECT {column} FROM {table}")).scalars())

    passages, verbs = set(PassageKind), {one for some in done.values() for one, _ in some}
    assert (left("kind", "passages"), left("thing_kind", "saved_items")) == (passages, saved)
    for step, kinds, savable in (
        ("0037", {"topic"}, {"post"}),
        ("0033", {"area"}, None),
        ("0028", {"turn"}, {"turn"}),
        ("0027", {"issue", "article"}, {"article"}),
        ("0026", {"resource", "collection"}, None),
        ("0025", set(), None),
        ("0024", set(), None),
    ):
        downgrade(revision=_before(step))
        passages -= kinds
        verbs -= {verb for verb, _ in done.get(step, ())}
        assert (left("kind", "passages"), left("verb", "activity")) == (passages, verbs)
        if savable is not None:
            saved -= savable
            assert left("thing_kind", "saved_items") == saved
    assert left("kind", "search_words") & {"resource"} == set()
    assert left("state", "outbox") == {"cancelled"}


def test_ids_that_went_before_are_not_given_again(bare: tuple[Flask, str]) -> None:
    upgrade()
    # Made by the models as they are now, which know columns of later steps.
    make = Maker(bare[0], NOW)
    event = make.event()
    make.draft(event)
    first, last = make.question(event, "First"), make.question(event, "Last", depends_on_id=None)
    session = make.planned(event, "One", hours=(time(9), time(10)))
    with transaction.unit():
        db.session.delete(db.session.get(EventQuestion, last.id))
        record("question_deleted", ThingKind.QUESTION, last.id, actor=SYSTEM, now=NOW, event_id=event.id)

    def kept() -> tuple[Any, ...]:
        # The tables as they stand at that step, since later ones add columns.
        tables = MetaData()
        tables.reflect(db.engine, only=lambda name, _: name in Base.metadata.tables)
        held = [select(table).order_by(*table.primary_key) for table in tables.sorted_tables]
        found = tuple(tuple(map(tuple, db.session.execute(one).all())) for one in held)
        db.session.rollback()
        return found

    downgrade(revision=_before("0006"))
    before = kept()
    upgrade(revision="0006")
    assert kept() == before
    upgrade()
    assert make.question(event, "New").id > last.id > first.id
    assert make.planned(event, "Two").id > session.id
    downgrade(revision="0006")
    before = kept()
    downgrade(revision=_before("0006"))
    assert kept() == before


def _before(revision: str) -> str:
    return str(ScriptDirectory(str(ROOT / "migrations")).get_revision(revision).down_revision)


@pytest.mark.memory
def test_migrations_are_one_line_with_their_numbers_in_order() -> None:
    scripts = ScriptDirectory(str(ROOT / "migrations"))
    line = [script.revision for script in scripts.walk_revisions()][::-1]

    assert len(scripts.get_heads()) == len(scripts.get_bases()) == 1
    assert line == [f"{number:04}" for number in range(1, len(line) + 1)]
    assert [Path(scripts.get_revision(revision).path).name[:5] for revision in line] == [f"{one}_" for one in line]


@pytest.mark.memory
def test_migrations_outlive_the_program_that_they_were_written_for() -> None:
    ours = [
        path.name
        for path in (ROOT / "migrations" / "versions").glob("*.py")
        if re.search(r"^\s*(from|import) (webapp|config)\b", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert ours == []
