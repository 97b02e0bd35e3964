"""Whoever holds the whole database, with copies from each moment, cannot tell whose anonymous answers are whose."""

import re

import pytest
from sqlalchemy import inspect, select, text

from tests.ledger import Ledger
from webapp import clock
from webapp.database import Base
from webapp.extensions import db
from webapp.models.surveys import Participation, Privacy, SurveyAnswer, SurveyResponse, SurveyState
from webapp.models.surveys_answered import Part
from webapp.queries.surveys.standing import Answerer
from webapp.services.surveys import answering, box

PEOPLE = 24
# The box is opened twice. Of those taken out together one is right on average by chance, so two in all; twelve or more
# come about once in a million times.
LUCK = 12


@pytest.fixture
def ledger(app):
    return Ledger(app)


def copy_of(ledger):
    """Every row of every table, in the order in which the database keeps them, with what it notes beside them."""
    tables = {}
    with ledger.app.app_context():
        sqlite = db.engine.dialect.name == "sqlite"
        for table in Base.metadata.sorted_tables:
            rowid = sqlite and table.dialect_options["sqlite"]["with_rowid"]
            hidden = "rowid AS _place, 0 AS _unit, " if rowid else "0 AS _place, 0 AS _unit, " if sqlite else ""
            if not sqlite:
                hidden = "(ctid::text::point)[0] * 1000000 + (ctid::text::point)[1] AS _place, xmin::text AS _unit, "
            rows = db.session.execute(text(f"SELECT {hidden}* FROM {table.name}")).mappings().all()
            tables[table.name] = [dict(row) for row in rows]
    return tables


def answered(ledger, make, privacy):
    """A survey that all answered, each with words of their own, and copies of the database from each moment."""
    event = make.event()
    survey = make.survey(event, privacy=privacy)
    people = [make.registration(event) for _ in range(PEOPLE)]
    copies = []
    for place, registration in enumerate(people):
        who, words = Answerer(registration=registration), f"Answer of person number {registration.id:05}"
        given = {1: (Part(value=place % 5 + 1),), 3: (Part(text=words + " and more" * (place % 7)),)}
        ledger.act(answering.save, survey.id, who, given=given, reached=3, now=clock.now())
        ledger.act(answering.send, survey.id, who, now=clock.now())
        copies.append(copy_of(ledger))
    for state in (SurveyState.PUBLISHED, SurveyState.CLOSED):
        ledger.change(survey, state=state)
        with ledger.app.app_context():
            box.open_boxes(clock.now, stopping=lambda: False)
        copies.append(copy_of(ledger))
    truth = {
        row.response_id: int(re.search(r"\d{5}", row.text)[0])
        for row in ledger.all(select(SurveyAnswer).where(SurveyAnswer.question == 3))
    }
    return copies, truth


def in_order(rows, *keys):
    return sorted(rows, key=lambda row: tuple(row[key] for key in keys))


def guesses(copies):
    """Ways of joining the two, each as pairs of a response and the registration that it would be of."""
    last = copies[-1]
    parts, responses = last["survey_participations"], last["survey_responses"]
    for keys in (("_place",), ("id",), ("_unit", "_place"), ("_unit", "id"), ("day", "_place")):
        yield (
            f"by {keys}",
            [
                (response["id"], part["registration_id"])
                for response, part in zip(in_order(responses, *keys), in_order(parts, *keys), strict=False)
            ],
        )
    registrations = in_order(parts, "registration_id")
    yield (
        "by arrival",
        [
            (response["id"], part["registration_id"])
            for response, part in zip(in_order(responses, "_unit", "_place"), registrations, strict=False)
        ],
    )
    # What was new from one copy to the next, in the order of each.
    pairs, seen = [], (set(), set())
    for copy in copies:
        new = [
            [row for row in in_order(copy[table], "_place", "id") if row["id"] not in old]
            for table, old in zip(("survey_responses", "survey_participations"), seen, strict=True)
        ]
        pairs += [(one["id"], other["registration_id"]) for one, other in zip(*new, strict=False)]
        for rows, old in zip(new, seen, strict=True):
            old |= {row["id"] for row in rows}
    yield "by what is new in each copy", pairs
    # By the lengths of what is sealed and of what is answered, for who knows in which order people answered.
    sealed = {}
    for copy in copies:
        for row in copy["survey_envelopes"]:
            sealed.setdefault(row["id"], len(row["sealed"]))
    lengths = {}
    for row in last["survey_answers"]:
        lengths[row["response_id"]] = lengths.get(row["response_id"], 0) + len(row["text"] or "")
    by_length = in_order([{"id": key, "n": number} for key, number in lengths.items()], "n", "id")
    order = sorted(range(len(sealed)), key=list(sealed.values()).__getitem__)
    arrived = [part["registration_id"] for part in registrations]
    yield (
        "by length",
        [(row["id"], arrived[place]) for row, place in zip(by_length, order, strict=False) if place < len(arrived)],
    )


def right(pairs, truth):
    return sum(truth.get(response) == registration for response, registration in pairs)


def test_nothing_in_the_database_joins_an_anonymous_answer_to_who_gave_it(ledger, make, now):
    copies, truth = answered(ledger, make, Privacy.ANONYMOUS)
    assert len(truth) == len(copies[-1]["survey_participations"]) == PEOPLE
    found = {way: right(pairs, truth) for way, pairs in guesses(copies)}
    assert all(number < LUCK for number in found.values()), found
    for copy in copies:
        for name, rows in copy.items():
            no_row_holds_both(name, rows, truth)
    for model in (Participation, SurveyResponse):
        assert min(ledger.all(select(model.id))) > 2**40
        assert [c.name for c in inspect(model).columns if "TIME" in str(c.type).upper()] == []


def no_row_holds_both(name, rows, truth):
    """Rows of answers say nothing of a person, and all others nothing of answers."""
    for row in rows:
        if name in {"survey_responses", "survey_answers"}:
            assert row.keys().isdisjoint({"registration_id", "person_id"})
            assert row.get("participation_id") is None
        else:
            assert not any("Answer of person" in str(value) for value in row.values()), (name, row)
            assert not any(value in truth for value in row.values() if isinstance(value, int)), (name, row)


def test_the_same_ways_join_the_answers_of_a_named_survey(ledger, make, now):
    copies, truth = answered(ledger, make, Privacy.NAMED)
    found = {way: right(pairs, truth) for way, pairs in guesses(copies)}
    assert found["by what is new in each copy"] == PEOPLE
