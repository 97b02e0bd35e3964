"""Flask-Migrate, loaded when somebody migrates: Alembic takes 8 MB of each process, and servers never do."""

from typing import Any

import click
from flask import Flask

from webapp.extensions import db


class _Settings:
    """Stands for Flask-Migrate's settings in `app.extensions` until one is asked for, then makes way for them."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __getattr__(self, name: str) -> Any:
        from flask_migrate import Migrate  # noqa: PLC0415 -- as the module says

        Migrate().init_app(self._app, db, directory="migrations", render_as_batch=True, compare_type=True)
        return getattr(self._app.extensions["migrate"], name)


class _Commands(click.Command):
    """Stands for the commands of Flask-Migrate until one is called, then hands everything on to them."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        from flask_migrate.cli import db as commands  # noqa: PLC0415 -- as the module says

        made: click.Context = commands.make_context(*args, **kwargs)
        return made


def init_app(app: Flask) -> None:
    """Add `flask db …`, and what it and the migrations themselves look for."""
    app.extensions["migrate"] = _Settings(app)
    app.cli.add_command(_Commands("db", help="Migrations of the database."))
