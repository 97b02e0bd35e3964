"""What a program that does next to nothing costs on the same server: the floors that ours is measured against.

Nothing of ours is imported here: the listeners that it hangs on every session would weigh on the floor too.
"""

import os
import secrets
from sqlite3 import Connection as SqliteConnection

from flask import Flask, request
from flask_wtf import FlaskForm
from sqlalchemy import String, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from wtforms import StringField
from wtforms.validators import DataRequired, Length

PAGE = """<!DOCTYPE html>
<html lang="en-GB">
<head>
  <meta charset="utf-8">
  <title>{{ title }}</title>
  <link rel="stylesheet" href="/style.css">
</head>
<body>
  <h1>{{ title }}</h1>
  {% for section in sections %}
  <section class="section" id="section-{{ section.number }}" aria-labelledby="heading-{{ section.number }}">
    <h2 class="heading" id="heading-{{ section.number }}">
      <a class="link" href="/sections/{{ section.number }}">{{ section.title }}</a></h2>
    <p class="body">{{ section.summary }}</p>
    <ul class="names">
      {% for name in section.names %}
      <li class="name">{{ name }}</li>
      {% endfor %}
    </ul>
  </section>
  {% endfor %}
</body>
</html>
"""

SECTIONS = [
    {
        "number": number,
        "title": f"Section {number}: what was learnt, and what to try next",
        "summary": "A few words about it: what people did & why, what changed for families, and what they would do"
        " again.",
        "names": [f"Name of person {number}.{place}" for place in (1, 2, 3)],
    }
    for number in range(1, 25)
]


def constant() -> Flask:
    """F0: answers a constant."""
    app = Flask(__name__)

    @app.get("/")
    def answer() -> str:
        return "<p>Hello</p>"

    return app


def page() -> Flask:
    """F1: renders, without a database, a page of 14 KB by a loop of 24 sections with three names each."""
    app = Flask(__name__)
    template = app.jinja_env.from_string(PAGE)

    @app.get("/")
    def answer() -> str:
        return template.render(title="A page", sections=SECTIONS)

    return app


class _Base(DeclarativeBase):
    pass


class Entry(_Base):
    """The one row that W1 commits."""

    __tablename__ = "entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))


class EntryForm(FlaskForm):  # type: ignore[misc, unused-ignore]  # Flask-WTF has no types
    """Two fields and the token."""

    name = StringField("Name", validators=[DataRequired(), Length(max=200)])
    email = StringField("E-mail", validators=[DataRequired(), Length(max=254)])


def form() -> Flask:
    """W1: takes a WTForms form with CSRF and commits one row to the database that FLOOR_DATABASE names."""
    url = os.environ["FLOOR_DATABASE"]
    app = Flask(__name__)
    app.config["SECRET_KEY"] = secrets.token_hex(32)
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", open_sqlite)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    _Base.metadata.create_all(engine)
    # The workers are forked from here, and each opens connections of its own.
    engine.dispose()

    @app.route("/", methods=["GET", "POST"])
    def answer() -> tuple[str, int]:
        given = EntryForm()
        if given.validate_on_submit():
            with Session(engine) as session:
                session.add(Entry(name=given.name.data, email=given.email.data))
                session.commit()
            return "<p>Thank you</p>", 200
        return f"<form method=post>{given.csrf_token} {given.name} {given.email}</form>", (
            422 if request.method == "POST" else 200
        )

    return app


def open_sqlite(connection: SqliteConnection, _record: object) -> None:
    """The same pragmas as ours; a test compares them."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=8000", "synchronous=FULL", "cache_size=-16000"):
        connection.execute(f"PRAGMA {pragma}")


def files() -> Flask:
    """S1: serves the files of the folder that FLOOR_FILES names, as Flask serves its static files."""
    return Flask(__name__, static_folder=os.environ["FLOOR_FILES"], static_url_path="/files")
