"""Forms of a word share a stem."""

import pytest

from webapp.searching.stemming import stem

pytestmark = pytest.mark.memory

# Of the published examples and exceptions of the algorithm, and of this field.
STEMS = {
    "sses caresses ponies ties cries gas this kiwis": "ss caress poni tie cri gas this kiwi",
    "agreed feed hopping hoped falling filing failing bled": "agre feed hop hope fall file fail bled",
    "luxuriated sized say by happy enjoy": "luxuri size say by happi enjoy",
    "relational conditional digitizer operator formality sensibility": "relat condit digit oper formal sensibl",
    "geology hopefully goodness electrical formative": "geolog hope good electr format",
    "revival adjustment adoption communism rolling cease controlling": "reviv adjust adopt communism roll ceas control",
    "generate generously communication arsenal": "generat generous communic arsenal",
    "skis dying gently news inning proceed yes youth boyish": "ski die gentl news inning proceed yes youth boyish",
    "families family organisations organising safeguarding": "famili famili organis organis safeguard",
    "b1ng straße 2027 a": "b1ng straße 2027 a",
}


@pytest.mark.parametrize("words", STEMS)
def test_stem_is_that_of_the_published_algorithm(words):
    assert [stem(word) for word in words.split()] == STEMS[words].split()
