"""Finding things by words, alike on both databases."""

import pytest
from sqlalchemy import insert, select

from webapp import transaction
from webapp.extensions import db
from webapp.models.search import SearchKind, SearchWord
from webapp.queries.search import condition, matching_ids

KIND = SearchKind.REGISTRATION
THINGS = {
    1: ["ann", "lee", "example"],
    2: ["anna", "leigh", "example"],
    3: ["joanne", "lee"],
    4: ["straße", "über", "zoe"],
    5: ["z"],
    6: ["𝒶nn", "日本"],
}


@pytest.fixture
def words(context):
    with transaction.unit():
        rows = [(7, word, thing) for thing, words in THINGS.items() for word in words] + [(8, "ann", 99)]
        db.session.execute(
            insert(SearchWord), [{"kind": KIND, "scope_id": s, "word": w, "thing_id": t} for s, w, t in rows]
        )


CASES = [
    ("ann", [1, 2]),
    ("ANN", [1, 2]),
    ("anna", [2]),
    ("ann lee", [1]),
    ("lee ann", [1]),
    ("le ann", [1, 2]),
    ("example", [1, 2]),
    ("ann ann", [1, 2]),
    ("z", [4, 5]),
    ("日", [6]),
    ("annb", []),
    ("ann zoe", []),
    ("%nn", []),
    ("a_n", []),
]


@pytest.mark.parametrize(("text", "things"), CASES)
def test_each_way_of_asking_finds_things_with_every_word_begun(words, text, things):
    assert sorted(matching_ids(KIND, 7, text)) == things
    known = select(SearchWord.thing_id).where(SearchWord.kind == KIND, SearchWord.scope_id == 7).distinct().subquery()
    tested = select(known.c.thing_id).where(condition(KIND, 7, text, known.c.thing_id))
    assert sorted(db.session.scalars(tested)) == things


@pytest.mark.parametrize("text", ["", " ", "…", "%", "_", "--", "\u202e\u200b"])
def test_text_without_a_letter_or_digit_matches_nothing(words, text):
    assert matching_ids(KIND, 7, text) == []


def test_more_than_a_thousand_matches_are_not_listed(context):
    with transaction.unit():
        rows = [{"kind": KIND, "scope_id": 7, "word": "ann", "thing_id": n} for n in range(1001)]
        db.session.execute(insert(SearchWord), rows)
        db.session.execute(
            insert(SearchWord), [{"kind": KIND, "scope_id": 7, "word": "bea", "thing_id": n} for n in range(1000)]
        )
    assert matching_ids(KIND, 7, "ann") is None
    assert len(matching_ids(KIND, 7, "bea")) == 1000
    assert len(matching_ids(KIND, 7, "ann bea")) == 1000
