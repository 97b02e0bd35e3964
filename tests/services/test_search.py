"""The search table follows what it finds."""

import pytest
from sqlalchemy import select

from tests.ledger import Ledger
from webapp.extensions import db
from webapp.models.search import SearchKind, SearchWord
from webapp.services.search import index_event, index_organisation, index_registration


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def words_of(ledger):
    def read(kind, scope_id, thing_id):
        return set(
            ledger.all(
                select(SearchWord.word).where(
                    SearchWord.kind == kind, SearchWord.scope_id == scope_id, SearchWord.thing_id == thing_id
                )
            )
        )

    return read


def test_event_is_found_by_title_summary_description_venue_and_hashtag(make, ledger, words_of):
    event = make.event("Kinship", summary="Café", description="O’Neill’s **plan**", venue="Hall 3", hashtag="#SWwk")
    assert words_of(SearchKind.EVENT, 0, event.id) == {"kinship", "cafe", "oneills", "plan", "hall", "3", "swwk"}


def test_event_indexed_again_loses_the_words_it_no_longer_has(make, ledger, words_of):
    event, other = make.event("Kinship care"), make.event("Kinship care")
    event.title, event.summary = "Family help", ""
    ledger.act(index_event, event)
    assert words_of(SearchKind.EVENT, 0, event.id) == {"family", "help"}
    assert "kinship" in words_of(SearchKind.EVENT, 0, other.id)


def test_organisation_is_found_by_its_aliases(make, ledger, words_of):
    trust = make.organisation("Hill Trust", "HT", "The Hill")
    assert words_of(SearchKind.ORGANISATION, 0, trust.id) == {"hill", "trust", "ht", "the"}
    ledger.act(index_organisation, trust)
    assert words_of(SearchKind.ORGANISATION, 0, trust.id) == {"hill", "trust"}


def test_registration_is_found_within_its_event_only(make, ledger, words_of):
    first, second = make.event(), make.event()
    row = make.registration(first, name="Ann Lee", email="ann@example.org", role="Lead")
    expected = {"ann", "lee", "example", "org", "marlbridge", "council", "lead"}
    assert words_of(SearchKind.REGISTRATION, first.id, row.id) == expected
    assert words_of(SearchKind.REGISTRATION, second.id, row.id) == set()
    row.name = "Ann Day"
    ledger.act(index_registration, row)
    assert words_of(SearchKind.REGISTRATION, first.id, row.id) == expected - {"lee"} | {"day"}


@pytest.mark.parametrize("text", ["", "…", "\u202e", "   "])
def test_thing_without_a_word_is_kept_without_any(make, ledger, words_of, text):
    event = make.event()
    event.title = event.summary = text
    ledger.act(index_event, event)
    assert words_of(SearchKind.EVENT, 0, event.id) == set()


def test_very_long_words_are_cut_and_found_by_what_is_left(make, words_of):
    event = make.event("x" * 180, summary="ﬃ" * 60)
    assert words_of(SearchKind.EVENT, 0, event.id) == {"x" * 60, ("ffi" * 60)[:60]}


def test_index_belongs_to_the_unit_that_changes_the_thing(make, ledger, words_of):
    event = make.event("Kinship")
    event.title = "Other"

    def index_then_break():
        index_event(event)
        db.session.flush()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ledger.act(index_then_break)
    assert "kinship" in words_of(SearchKind.EVENT, 0, event.id)
