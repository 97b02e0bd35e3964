"""Commands, each one call into a service."""

import signal
import threading
from dataclasses import replace
from pathlib import Path
from types import FrameType

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from webapp import clock, demonstration, jobs, transaction
from webapp.database import PUBLIC_ID_LENGTH
from webapp.errors import DomainError
from webapp.formats.journals import UnreadableJournalError, read_journal
from webapp.formats.media import UnusableMediaError, read_media
from webapp.formats.transcripts import UnreadableTranscriptError
from webapp.models.accounts import SYSTEM
from webapp.models.transcripts import Fidelity
from webapp.queries.publications.importing import get_publication_to_read_into
from webapp.queries.recordings import get_session_of_address
from webapp.services import backups, files, passages
from webapp.services import recordings as recording_services
from webapp.services import transcripts as services
from webapp.services.incoming import Incoming, pieces_of
from webapp.services.publications import importing

demo = AppGroup("demo", help="The demonstration programme.")
search = AppGroup("search", help="The index of the search.")
transcripts = AppGroup("transcripts", help="What was said in sessions.")
recordings = AppGroup("recordings", help="Films and sound of sessions.")
publications = AppGroup("publications", help="Journals, their issues and articles.")


def init_app(app: Flask) -> None:
    """Add the commands to `flask`."""
    app.cli.add_command(demo)
    app.cli.add_command(transcripts)
    app.cli.add_command(recordings)
    app.cli.add_command(publications)
    app.cli.add_command(worker)
    app.cli.add_command(prepare)
    app.cli.add_command(backup)
    app.cli.add_command(restore)
    app.cli.add_command(search)


@demo.command("load")
@click.option("--if-empty", is_flag=True, help="Do nothing when there is a programme already.")
def demo_load(if_empty: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Load the demonstration programme; what is there already stays as it is."""
    _not_in_production()
    if if_empty and not demonstration.is_empty():
        return
    with transaction.unit():
        summary = _load_demonstration()
    click.echo(summary, err=True)


def _load_demonstration() -> demonstration.Summary:
    settings, now = current_app.config["SETTINGS"], clock.now()
    return demonstration.load(today=now.date(), now=now, folder=settings.files_path, settings=settings)


def _not_in_production() -> None:
    if current_app.config["SETTINGS"].is_production:
        raise click.ClickException(
            "The demonstration has accounts whose passwords everybody knows, one of which owns the whole service."
            " It is not loaded in production."
        )


@demo.command("accounts")
def demo_accounts() -> None:
    """List the demonstration accounts."""
    for account in demonstration.ACCOUNTS:
        click.echo(str(account))


@click.command("prepare")
@with_appcontext
def prepare() -> None:
    """Migrate the database, load the demonstration programme when it is empty, and list its accounts."""
    from flask_migrate import upgrade  # noqa: PLC0415 -- Alembic takes memory that servers need not give (extensions)

    _not_in_production()
    upgrade()
    passages.rebuild(transaction.unit)
    if demonstration.is_empty():
        with transaction.unit():
            _load_demonstration()
    for account in demonstration.ACCOUNTS:
        click.echo(str(account))


@transcripts.command("read-in")
@click.argument("session")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--replace", is_flag=True, help="Let it take the place of a draft that is there.")
@click.option("--verbatim", is_flag=True, help="It is word for word, not edited for reading.")
def read_in(session: str, file: Path, replace: bool, verbatim: bool) -> None:  # noqa: FBT001 -- click passes flags so
    """Read the transcript of a released session from FILE; SESSION is the last part of the session's address."""
    content, now = file.read_bytes(), clock.now()
    folder = current_app.config["SETTINGS"].files_path
    try:
        ready = services.read_for(session[-PUBLIC_ID_LENGTH:], content)
        written = files.write(content, "application/octet-stream", folder=folder, now=now)
        with transaction.unit():
            taken = services.take_in(
                ready.session_id,
                ready.reading,
                services.Source(written=written, name=file.name),
                replacing=ready.version if replace else None,
                fidelity=Fidelity.VERBATIM if verbatim else Fidelity.EDITED,
                actor=SYSTEM,
                now=now,
            )
            waiting = sum(one.is_open for one in services.to_ask(taken.transcript))
    except (UnreadableTranscriptError, DomainError) as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(f"Turns: {', '.join(f'{number:,} {what}' for what, number in taken.counts.items() if number)}.")
    if waiting:
        click.echo(f"Names that still wait for somebody to say who is meant: {waiting:,}.")
    for line in ready.reading.unread:
        click.echo(f"Line {line.number} was not read, {line.reason}: {line.text}", err=True)


@recordings.command("add")
@click.argument("session")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--title", default="", help="What it is called, where a session has several.")
def add_recording(session: str, file: Path, title: str) -> None:
    """Add FILE, of any size, as a draft; SESSION is the last part of the address of a released session."""
    folder, now = current_app.config["SETTINGS"].files_path, clock.now()
    try:
        part = get_session_of_address(session[-PUBLIC_ID_LENGTH:])
        with file.open("rb") as content, Incoming(folder) as incoming:
            media = read_media(content)
            content.seek(0)
            kept = incoming.take(pieces_of(content)).keep(media.kind.media_type, now=now)
        about = recording_services.About(title=title, language=part.language)
        with transaction.unit():
            recording_services.add_file(part.id, kept, media, about, actor=SYSTEM, now=now)
    except (UnusableMediaError, DomainError) as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(f"It is kept as a draft: {kept.size:,} bytes, {kept.media_type}.")


@publications.command("read-in")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--publication", required=True, help="The last part of the publication's address.")
@click.option("--title", default="", help="The title of the issue, where the document has none.")
@click.option("--number", type=click.IntRange(1, 9_999), default=None, help="Its number, if not the next one.")
def read_issue_in(file: Path, publication: str, title: str, number: int | None) -> None:
    """Make a draft issue of a publication from FILE, text or Word, with its articles told apart."""
    content, now = file.read_bytes(), clock.now()
    folder = current_app.config["SETTINGS"].files_path
    try:
        reading = read_journal(content)
        row = get_publication_to_read_into(publication[-PUBLIC_ID_LENGTH:])
        words = importing.issue_words(reading)
        words = replace(words, title=title or words.title or file.stem[:200], number=number or words.number)
        written = files.write(content, "application/octet-stream", folder=folder, now=now)
        with transaction.unit():
            issue = importing.read_in(
                row.id,
                reading,
                (written, file.name),
                importing.suggested(reading),
                words,
                actor=SYSTEM,
                now=now,
            )
            told = [f"{remark['article']}: {remark['sentence']}".removeprefix(": ") for remark in issue.remarks]
            number, made = issue.number, len(reading.articles)
    except (UnreadableJournalError, DomainError) as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(f"Issue {number} is a draft now, of {made:,} {'article' if made == 1 else 'articles'}.")
    for sentence in told:
        click.echo(sentence, err=True)


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Deliver letters and do what runs later, until told to stop."""
    stop = threading.Event()

    def finish(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, finish)
    signal.signal(signal.SIGINT, finish)
    jobs.work(current_app._get_current_object(), stop)  # type: ignore[attr-defined]  # noqa: SLF001 -- threads need the application itself


@search.command("rebuild")
def search_rebuild() -> None:
    """Make the index of the search anew, while the service runs."""
    click.echo(f"The index was made anew from {passages.rebuild(transaction.unit):,} events and profiles.")


@click.command("backup")
@with_appcontext
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Copy the whole database to FILE, while the service runs."""
    try:
        backups.back_up(current_app.config["SETTINGS"].sqlalchemy_url, file)
    except backups.BackupFailed as failed:
        raise click.ClickException(failed.message) from failed
    click.echo(f"The database was copied to {file}.")


@click.command("restore")
@with_appcontext
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.confirmation_option(prompt="This replaces everything in the database. Have web server and worker been stopped?")
def restore(file: Path) -> None:
    """Put the copy in FILE in the place of the database."""
    try:
        backups.restore(current_app.config["SETTINGS"].sqlalchemy_url, file)
    except backups.BackupFailed as failed:
        raise click.ClickException(failed.message) from failed
    click.echo(f"The database is as it was in {file}.")
