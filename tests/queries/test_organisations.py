"""Finding organisations by the names people know them under."""

import pytest
from sqlalchemy import insert, update

from tests.ledger import Ledger
from webapp import transaction
from webapp.extensions import db
from webapp.models.organisations import Organisation
from webapp.models.search import SearchKind, SearchWord
from webapp.queries.organisations import find_organisation, suggest_organisations


@pytest.fixture
def find(app):
    def run(name):
        with app.app_context():
            found = find_organisation(name)
            return found and found.name

    return run


@pytest.fixture
def suggest(app):
    def run(text):
        with app.app_context():
            return [organisation.name for organisation in suggest_organisations(text)]

    return run


def merge(app, old, new):
    statement = update(Organisation).where(Organisation.id == old.id).values(merged_into_id=new.id)
    Ledger(app).act(db.session.execute, statement)


@pytest.mark.parametrize("name", ["King’s Trust", "king's  trust", "KING’S TRUST", "The Kings", " the kings "])
def test_organisation_is_found_by_name_or_alias_as_people_type_it(make, find, name):
    make.organisation("King’s Trust", "The Kings")
    assert find(name) == "King’s Trust"


@pytest.mark.parametrize("name", ["", " ", "King", "Kings Trust", "King’s Trust 2", "%"])
def test_organisation_is_not_found_by_a_part_of_its_name(make, find, name):
    make.organisation("King’s Trust", "The Kings")
    assert find(name) is None


def test_organisation_of_that_name_comes_before_another_of_that_alias(make, find):
    make.organisation("Hill", "Dale")
    make.organisation("Dale")
    assert find("dale") == "Dale"


def test_alias_that_two_share_decides_nothing(make, find):
    make.organisation("Hill", "The Trust")
    make.organisation("Dale", "The Trust")
    assert find("the trust") is None


def test_organisation_that_was_merged_leads_to_who_took_its_place(app, make, find, suggest):
    old, new = make.organisation("Old Trust", "OT"), make.organisation("New Trust")
    merge(app, old, new)
    assert (find("old trust"), find("ot")) == ("New Trust", "New Trust")
    assert suggest("trust") == ["New Trust"]


def test_suggestions_have_a_word_beginning_with_each_word_typed_by_name(make, suggest):
    for name in ("Marlbridge Council", "Éastmar Trust", "St Mary’s", "Hill Council"):
        make.organisation(name)
    assert suggest("mar") == ["Marlbridge Council", "St Mary’s"]
    assert suggest("c") == ["Hill Council", "Marlbridge Council"]
    assert suggest("coun mar") == ["Marlbridge Council"]
    assert suggest("eastm") == ["Éastmar Trust"]
    assert (suggest("arl"), suggest(""), suggest("%")) == ([], [], [])


def test_suggestions_find_aliases_and_show_the_name(make, suggest):
    make.organisation("Hill Trust", "HT")
    assert suggest("ht") == ["Hill Trust"]


def test_suggestions_are_eight_at_most(make, suggest):
    for n in range(10):
        make.organisation(f"Council {n}")
    assert suggest("council") == [f"Council {n}" for n in range(8)]


def test_suggestions_for_what_nearly_all_have_wait_for_more_letters(app, make, suggest):
    trust = make.organisation("Zed Trust")
    with app.app_context(), transaction.unit():
        rows = [
            {"kind": SearchKind.ORGANISATION, "scope_id": 0, "word": "zzz", "thing_id": 10**6 + n} for n in range(1000)
        ]
        db.session.execute(insert(SearchWord), rows)
    assert suggest("z") == []
    assert suggest("ze") == [trust.name]
