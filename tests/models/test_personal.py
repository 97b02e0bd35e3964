from datetime import timedelta

import pytest
from sqlalchemy import Column, Integer, MetaData, Table

import webapp.models  # noqa: F401 -- so that the metadata has every table
from webapp import outbox
from webapp.database import Base
from webapp.models import personal
from webapp.services import accounts, registrations

pytestmark = pytest.mark.memory


def unmapped(metadata):
    """The tables and columns of the schema that the map does not cover, and those it covers without reason."""
    schema = {(table.name, column.name) for table in metadata.tables.values() for column in table.columns}
    mapped = set()
    for name, held in personal.TABLES.items():
        if held is personal.NOT_PERSONAL:
            known = metadata.tables.get(name)
            mapped |= {(name, column.name) for column in known.columns} if known is not None else {(name, "*")}
        else:
            mapped |= {(name, column) for column in held}
    return schema - mapped, mapped - schema


def test_map_covers_every_column_and_nothing_else():
    assert unmapped(Base.metadata) == (set(), set())


def test_map_lacking_a_new_table_and_a_new_column_is_found_out():
    metadata = MetaData()
    for table in Base.metadata.tables.values():
        table.to_metadata(metadata)
    Table("postcards", metadata, Column("id", Integer, primary_key=True))
    metadata.tables["people"].append_column(Column("birthday", Integer))
    metadata.remove(metadata.tables["heartbeats"])
    assert unmapped(metadata) == ({("postcards", "id"), ("people", "birthday")}, {("heartbeats", "*")})


def test_every_kind_of_keeping_in_the_map_is_told_once_and_none_besides():
    held = {one for table in personal.TABLES.values() if table is not personal.NOT_PERSONAL for one in table.values()}
    told = [keeping.title for keeping in personal.KEEPINGS]
    assert sorted(told) == sorted({one.title for one in held if one is not personal.NOT_PERSONAL})
    assert sorted(told) == sorted(one.title for one in personal.kept_about(*personal.Whose))


def test_every_keeping_answers_all_questions_without_a_full_stop():
    answers = [
        (keeping.title, text)
        for keeping in personal.KEEPINGS
        for text in (keeping.title, keeping.what, keeping.why, keeping.until, keeping.erasure.sentence)
    ]
    assert [(title, text) for title, text in answers if not text or text.endswith(".")] == []


def test_every_keeping_promises_the_time_that_the_program_keeps():
    day = timedelta(days=1)
    longest_window = max(accounts.WINDOW, registrations.WINDOW)
    promised = {
        personal.NEEDS: f"{registrations.NEEDS_KEPT.days} days after the event",
        personal.DRAFT: f"{registrations.DRAFT_LIFE.days} day after you last changed it",
        personal.LETTER_COPIES: f"{outbox.BYTES_KEPT.days} days after it was sent or given up",
        personal.SIGNED_IN: f"{(accounts.SESSION_LIFE + day) // timedelta(hours=1)} hours after you signed in",
        personal.SIGN_IN_LINK: f"1 day after the link’s {accounts.LINK_MINUTES} minutes are over",
        personal.ATTEMPTS: f"{longest_window // timedelta(minutes=1)} minutes at most",
    }
    assert {keeping.title: words for keeping, words in promised.items()} == {
        keeping.title: keeping.until[: len(words)] for keeping, words in promised.items()
    }
