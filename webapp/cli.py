"""Commands, each one call into a service."""

import signal
import threading
from pathlib import Path
from types import FrameType

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from flask_migrate import upgrade

from webapp import clock, demonstration, jobs, transaction
from webapp.services import backups

demo = AppGroup("demo", help="The demonstration programme.")


def init_app(app: Flask) -> None:
    """Add the commands to `flask`."""
    app.cli.add_command(demo)
    app.cli.add_command(worker)
    app.cli.add_command(prepare)
    app.cli.add_command(backup)
    app.cli.add_command(restore)


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
    _not_in_production()
    upgrade()
    if demonstration.is_empty():
        with transaction.unit():
            _load_demonstration()
    for account in demonstration.ACCOUNTS:
        click.echo(str(account))


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
