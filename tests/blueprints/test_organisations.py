"""Suggestions while somebody types the name of an organisation."""

from urllib.parse import urlencode

import pytest

from tests.counting import statements


@pytest.fixture
def suggest(browser):
    def run(**args):
        answer = browser.client.get("/organisations/suggest?" + urlencode(args))
        assert (answer.status_code, answer.mimetype) == (200, "application/json")
        assert "Set-Cookie" not in answer.headers
        return answer.json

    return run


def test_suggestions_are_names_for_what_was_typed_so_far(make, suggest):
    for name, *aliases in (("Marlbridge Council", "MC"), ("St Mary’s",), ("Hill Trust",)):
        make.organisation(name, *aliases)
    assert suggest(q="mar") == ["Marlbridge Council", "St Mary’s"]
    assert suggest(q=" MAR coun ") == ["Marlbridge Council"]
    assert suggest(q="mc") == ["Marlbridge Council"]


NONSENSE = ["", "m", " ", "%", "%%", "__", "\u202e\u202e", "<script>", "\x01\x01", "é" * 5000]


def test_suggestions_for_too_little_or_for_nonsense_are_none(make, suggest):
    make.organisation("Marlbridge Council")
    assert [text for text in NONSENSE if suggest(q=text)] == []


def test_suggestions_without_a_question_are_none(make, suggest):
    make.organisation("Marlbridge Council")
    assert suggest() == []


def test_suggestions_ask_the_same_however_many_there_are(app, make, suggest):
    asked = []
    for n in (1, 3):
        for _ in range(n):
            make.organisation(f"Marl {n} {_} Council")
        with statements(app) as found:
            suggest(q="marl")
        asked.append(len(found))
    assert asked == [3, 3]
