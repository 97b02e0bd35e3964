"""What every table keeps to: relations that never load by themselves, and names for all that can be broken."""

import re
from inspect import getsource

import pytest
from flask import Flask
from sqlalchemy import JSON, CheckConstraint, DateTime, Text, inspect
from sqlalchemy.orm import RelationshipProperty

from webapp import models
from webapp.database import Base, UtcDateTime
from webapp.extensions import db
from webapp.queries.speakers.merging import _attached, lock_merge_rows

assert models.__all__, "the models must be imported for their tables to be known"

TABLES = Base.metadata.sorted_tables
# Of many, and without an order: what for.
UNORDERED = {
    "Organisation.aliases": "written, and read back nowhere",
    "Programme.parts": "the page sorts each kind by name",
    "Registration.answers": "looked up by question",
}
STAY_WITH_WHO_GOES = {
    "SpeakerAlias.speaker_id": "the names of both are given to the one that stays, by themselves",
    "Turn.speaker_id": "a transcript has thousands, and whoever reads them follows the merge",
}
RELATIONS = [relation for mapper in Base.registry.mappers for relation in mapper.relationships]


def _called(relation: RelationshipProperty) -> str:
    return f"{relation.parent.class_.__name__}.{relation.key}"


@pytest.mark.memory
def test_merging_two_speakers_knows_of_all_that_names_one() -> None:
    """What a profile that goes is named on moves with it, or else whoever reads it follows the merge."""
    names = {
        f"{mapper.class_.__name__}.{mapper.get_property_by_column(column).key}"
        for mapper in Base.registry.mappers
        for column in mapper.local_table.columns
        if any(key.column.table.name == "speakers" for key in column.foreign_keys)
    }
    moved = set(re.findall(r"\w+\.\w+_id", getsource(lock_merge_rows) + getsource(_attached)))
    assert names - moved == set(STAY_WITH_WHO_GOES)


@pytest.mark.memory
def test_relations_raise_instead_of_loading() -> None:
    assert len(RELATIONS) > 15
    assert [_called(relation) for relation in RELATIONS if relation.lazy != "raise_on_sql"] == []


@pytest.mark.memory
def test_relations_of_many_have_an_order_of_their_own() -> None:
    loose = {_called(relation) for relation in RELATIONS if relation.uselist and not relation.order_by}
    assert loose == set(UNORDERED)


@pytest.mark.memory
def test_both_ends_of_a_relation_know_one_another() -> None:
    one_sided = [
        _called(relation)
        for relation in RELATIONS
        if relation.uselist and relation.secondary is None and not relation.back_populates
    ]
    assert one_sided == []


@pytest.mark.memory
def test_moments_are_stored_with_their_zone() -> None:
    plain = [
        f"{table.name}.{column.name}"
        for table in TABLES
        for column in table.columns
        if isinstance(column.type, DateTime) and not isinstance(column.type, UtcDateTime)
    ]
    assert plain == []


@pytest.mark.memory
def test_texts_of_people_have_a_length_that_the_database_holds_them_to() -> None:
    endless = [
        f"{table.name}.{column.name}"
        for table in TABLES
        for column in table.columns
        if getattr(column.type, "length", 0) is None
        and not isinstance(column.type, Text | JSON)
        and column.type.python_type is str
    ]
    assert endless == []


def test_constraints_and_indexes_are_named_by_the_convention(context: Flask) -> None:
    inspector, is_sqlite = inspect(db.engine), db.engine.dialect.name == "sqlite"
    odd = []
    for table in TABLES:
        name = table.name
        given = {
            "pk": [inspector.get_pk_constraint(name)],
            "fk": inspector.get_foreign_keys(name),
            "uq": inspector.get_unique_constraints(name),
            "ck": inspector.get_check_constraints(name),
        }
        odd += [
            (name, kind, part["name"])
            for kind, parts in given.items()
            for part in parts
            # SQLite counts on only where the key stands at its column, and there it can have no name.
            if not (kind == "pk" and is_sqlite and table.dialect_kwargs["sqlite_autoincrement"])
            if not str(part["name"]).startswith(f"{kind}_{name}")
        ]
        odd += [
            (name, "ix", index["name"])
            for index in inspector.get_indexes(name)
            if not str(index["name"]).startswith((f"ix_{name}", f"uq_{name}"))
        ]
    assert odd == []


def test_constraints_of_the_models_are_in_the_database(context: Flask) -> None:
    inspector = inspect(db.engine)
    wanted = {
        table.name: {str(c.name) for c in table.constraints if isinstance(c, CheckConstraint)} for table in TABLES
    }
    there = {table.name: {str(c["name"]) for c in inspector.get_check_constraints(table.name)} for table in TABLES}
    assert sum(map(len, wanted.values())) > 5
    assert there == wanted
