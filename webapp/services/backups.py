"""A copy of the whole database in one file, and the way back."""

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url

from webapp.errors import DomainError


class BackupFailed(DomainError):
    """The copy could not be made or read; the message says why. What was there before is untouched."""

    code = "backup_failed"


def back_up(url: str, target: Path) -> None:
    """Copy the database to a file that does not exist yet, while the service runs.

    SQLite's own backup makes the one, `pg_dump` in its custom format the other. Raises BackupFailed.
    """
    if target.exists():
        raise BackupFailed(f"{target} is there already. Choose another name.")
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    try:
        # Everybody's data: nobody else on this machine may read it, not even while it is being written.
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        if url.startswith("sqlite"):
            _copy_sqlite(_sqlite_path(url), partial)
        else:
            _run(["pg_dump", "--format=custom", f"--file={partial}", *_where(url)], url)
        partial.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise BackupFailed(f"No backup was made: {error}") from error
    finally:
        partial.unlink(missing_ok=True)


def restore(url: str, source: Path) -> None:
    """Put the copy in the place of the database; web server and worker must be stopped. Raises BackupFailed."""
    if not source.is_file():
        raise BackupFailed(f"There is no file {source}.")
    if url.startswith("sqlite"):
        _check_sqlite(source)
        target = _sqlite_path(url)
        fresh = target.with_name(target.name + ".restoring")
        fresh.unlink(missing_ok=True)
        try:
            os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            _copy_sqlite(source, fresh)
            _fold_log_in(target)
            fresh.replace(target)
        except (OSError, sqlite3.Error) as error:
            raise BackupFailed(f"Nothing was restored: {error}") from error
        finally:
            fresh.unlink(missing_ok=True)
    else:
        command = ["pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error"]
        _run([*command, *_where(url), str(source)], url)


def _read_only(path: Path) -> str:
    return f"{path.resolve().as_uri()}?mode=ro"


def _sqlite_path(url: str) -> Path:
    return Path(make_url(url).database or "")


def _copy_sqlite(source: Path, target: Path) -> None:
    if not source.is_file():
        raise BackupFailed(f"There is no database at {source}.")
    with closing(sqlite3.connect(_read_only(source), uri=True)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
    _check_sqlite(target)


def _fold_log_in(target: Path) -> None:
    """Bring the old database's write-ahead log into its file, so that none is left to be read into the new one."""
    if target.is_file():
        with closing(sqlite3.connect(target)) as old:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for leftover in (f"{target}-wal", f"{target}-shm"):
        Path(leftover).unlink(missing_ok=True)


def _check_sqlite(path: Path) -> None:
    try:
        with closing(sqlite3.connect(_read_only(path), uri=True)) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchone()[0]
            connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise BackupFailed(f"{path} is not a backup of this service: {error}") from error
    if found != "ok":
        raise BackupFailed(f"{path} is damaged: {found}")


def _where(url: str) -> list[str]:
    # The password goes by the environment: a command line can be read by everybody on the machine.
    address = make_url(url).set(drivername="postgresql", password=None)
    return [f"--dbname={address.render_as_string(hide_password=False)}"]


def _run(command: list[str], url: str) -> None:
    password = make_url(url).password
    environment = os.environ | ({"PGPASSWORD": str(password)} if password else {})
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, env=environment)  # noqa: S603 -- our own words, no shell
    except FileNotFoundError as error:
        raise BackupFailed(f"{command[0]} is missing: install PostgreSQL's client programs.") from error
    except subprocess.CalledProcessError as error:
        raise BackupFailed(f"{command[0]} failed: {error.stderr.strip()}") from error
