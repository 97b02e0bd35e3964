import time

import pytest

from webapp.formats.transcripts.labels import Candidate, Resolution, Sureness, Why, distance, folded, resolve

pytestmark = pytest.mark.memory

ANN = Candidate(id=1, name="Ann-Marie MacAulister", spellings=["Annie Mac"], roles=["chair"])
BO = Candidate(id=2, name="Bo Chan", roles=["facilitator"])
ISOBEL = Candidate(id=3, name="Dr Isobel O'Neill")
ELSEWHERE = Candidate(id=9, name="Eve Okafor", spellings=["E.O."], of_session=False)
ALL = [ANN, BO, ISOBEL, ELSEWHERE]


def one(label: str, candidates=ALL) -> Resolution:
    (resolution,) = resolve([label], candidates)
    return resolution


@pytest.mark.parametrize(
    ("label", "speaker", "why"),
    [
        ("Bo Chan", 2, Why.EXACT),
        ("BO  CHAN", 2, Why.EXACT),
        ("bo.chan@example.org", 2, Why.EXACT),
        ("Bo Chan (DfE)", 2, Why.EXACT),
        ("Bo Chan | Example Trust", 2, Why.EXACT),
        ("Bo Chan – he/him", 2, Why.EXACT),
        ("Bo Chan, Example Trust", 2, Why.EXACT),
        ("Chan, Bo", 2, Why.EXACT),
        ("Cllr Bo Chan", 2, Why.EXACT),
        ("Rt Hon Bo Chan MP", 2, Why.EXACT),
        ("Isobel O’Neill", 3, Why.EXACT),
        ("Prof. Isóbel ONeill", 3, Why.EXACT),
        ("Ann Marie McAulister", 1, Why.EXACT),
        ("Annmarie Mac Aulister", 1, Why.EXACT),
        ("iPhone (Bo Chan)", 2, Why.EXACT),
        ("Annie MAC", 1, Why.SPELLING),
        ("Ann-Marie McAllister", 1, Why.NEAR),
        ("Isabel O'Neil", 3, Why.NEAR),
        ("Isobel Jane O'Neill", 3, Why.NEAR),
        ("Chan Bo", 2, Why.NEAR),
        ("BC", 2, Why.INITIALS),
        ("B. Chan", 2, Why.INITIALS),
        ("B.C.", 2, Why.INITIALS),
        ("bchan", 2, Why.INITIALS),
        ("Isobel O.", 3, Why.INITIALS),
        ("AMM", 1, Why.INITIALS),
        ("Bo", 2, Why.PART),
        ("Ms O'Neill", 3, Why.PART),
        ("MacAulister", 1, Why.PART),
        ("Chair", 1, Why.ROLE),
        ("The Chairman", 1, Why.ROLE),
        ("Facilitator (Example Trust)", 2, Why.ROLE),
        ("Eve Okafor", 9, Why.EXACT),
        ("E.O.", 9, Why.SPELLING),
    ],
)
def test_label_is_resolved_by_the_surest_way(label: str, speaker: int, why: Why) -> None:
    resolution = one(label)
    assert (resolution.speaker, resolution.why, resolution.candidates) == (speaker, why, ())
    certain = why in {Why.EXACT, Why.SPELLING} and speaker != 9
    assert resolution.sureness is (Sureness.CERTAIN if certain else Sureness.LIKELY)


@pytest.mark.parametrize(
    ("label", "offered"),
    [
        ("Speaker 1", ()),
        ("Di Vine", ()),
        ("(DfE)", ()),
        ("?!", ()),
        ("O'Neall", (3,)),
        ("Ewe Okafor", (9,)),
        ("Okafor", (9,)),
        ("x" * 200, ()),
    ],
)
def test_label_that_is_only_a_little_like_somebody_is_unsure(label: str, offered: tuple[int, ...]) -> None:
    assert one(label) == Resolution(label=label, speaker=None, sureness=Sureness.UNSURE, candidates=offered)


@pytest.mark.parametrize(
    ("names", "label"),
    [
        (["Jon Smyth", "Jon Smiths"], "Jon Smith"),
        (["Ann Leigh", "Ann Lee"], "Ann"),
        (["Ann Lee", "Amy Lee"], "Lee"),
        (["Ann Lee", "Amy Long"], "AL"),
        (["Ann Lee", "Amy Lee"], "A Lee"),
        (["Karen Holmes", "Karin Holmes"], "Karyn Holmes"),
        (["Ann Lee", "Ann Lee"], "Ann Lee"),
    ],
)
def test_label_equally_near_to_two_is_unsure(names: list[str], label: str) -> None:
    candidates = [Candidate(id=number, name=name) for number, name in enumerate(names)]
    resolution = one(label, candidates)
    assert (resolution.speaker, resolution.sureness, resolution.candidates) == (None, Sureness.UNSURE, (0, 1))


def test_nearer_of_two_is_taken() -> None:
    candidates = [Candidate(id=1, name="Ann Leigh"), Candidate(id=2, name="Ann Leighton")]
    assert one("Ann Leigh", candidates).speaker == 1
    assert one("Ann Leightan", candidates).speaker == 2


def test_two_chairs_leave_the_chair_unsure() -> None:
    candidates = [Candidate(id=1, name="Ann Lee", roles=["Chair"]), Candidate(id=2, name="Bo Chan", roles=["chair"])]
    assert one("Chair:", candidates).candidates == (1, 2)
    assert one("Chair (Bo Chan)", candidates).speaker == 2


@pytest.mark.parametrize(
    ("label", "name"),
    [("Dan Lee", "Don Lee"), ("Mandy Jones", "Sandy Jones"), ("Ann Lee", "Bo Lee"), ("Ann Dee", "Ann Lee")],
)
def test_names_of_others_are_no_near_spellings(label: str, name: str) -> None:
    assert one(label, [Candidate(id=1, name=name)]).speaker is None


def test_namesake_elsewhere_makes_the_speaker_likely_and_a_likeness_unsure() -> None:
    elsewhere = Candidate(id=9, name="Ann Lee", of_session=False)
    assert one("Ann Lee", [Candidate(id=1, name="Ann Lee"), elsewhere]) == Resolution(
        label="Ann Lee", speaker=1, sureness=Sureness.LIKELY, why=Why.EXACT
    )
    unsure = one("Ann Lee", [Candidate(id=1, name="Anne Lee"), elsewhere])
    assert (unsure.speaker, unsure.candidates) == (None, (9, 1))


def test_what_an_editor_decided_is_remembered_as_a_spelling() -> None:
    labels = ["Speaker 1", "Chair", "iPhone (2)", "iPhone (3)", "Speaker 10", "Speaker 2"]
    candidates = [ANN, Candidate(id=2, name="Bo Chan", spellings=["Speaker 1", "Chair", "iPhone (2)"])]
    assert [(found.speaker, found.why) for found in resolve(labels, candidates)] == [
        (2, Why.SPELLING),
        (2, Why.SPELLING),
        (2, Why.SPELLING),
        (None, None),
        (None, None),
        (None, None),
    ]


def test_each_label_is_resolved_once_in_order() -> None:
    assert [found.label for found in resolve(["Bo", "Chair", "Bo", "bo"], ALL)] == ["Bo", "Chair", "bo"]
    assert resolve([], ALL) == []
    assert one("Ann Lee", []).candidates == ()


def test_initials_are_capitals() -> None:
    assert one("bc").speaker is None


@pytest.mark.parametrize(
    ("word", "other", "apart"),
    [
        ("macalister", "macallister", 1),
        ("trowler", "trolwer", 1),
        ("okafor", "okafar", 1),
        ("okafor", "okefar", None),
        ("abcdefgh", "abcdefxy", 2),
        ("lee", "leo", None),
        ("", "", 0),
        ("a" * 50, "a" * 50, None),
    ],
)
def test_distance_counts_letters(word: str, other: str, apart: int | None) -> None:
    assert distance(word, other) == distance(other, word) == apart


def test_folding_leaves_titles_where_nothing_else_stands() -> None:
    assert folded("Dr") == ("dr",)
    assert folded("Lord Mac Øster-Łee MBE") == ("macoster", "lee")
    assert folded("The Rt. Hon. Ann Lee OBE MP") == ("ann", "lee")


def test_thousands_of_people_elsewhere_cost_little() -> None:
    many = [Candidate(id=number, name=f"Ann{number} Lee{number}", of_session=False) for number in range(10_000)]
    began = time.process_time()
    assert [found.speaker for found in resolve([f"Ann{n} Lee{n}" for n in range(100)], many)] == list(range(100))
    assert time.process_time() - began < 2
