"""What the guard finds and what it leaves alone, by the labelled cases; where it stands; and how long it takes."""

import time
from collections import defaultdict
from itertools import pairwise

import pytest

from tests.guarding import cases
from webapp.guarding import ABOUT_FAMILIES, EVERY, Finding, Kind, examine, reword
from webapp.guarding.numbers import is_nhs_number

pytestmark = pytest.mark.memory

# Of a hundred planted, and of a hundred ordinary sentences.
CAUGHT, FLAGGED = 95, 3


def said(text, kinds=EVERY):
    return [(found.kind, text[found.start : found.end]) for found in examine(text, kinds)]


# ---------------------------------------------------------------- the labelled cases


@pytest.mark.parametrize("name", ["planted", "planted_held_out"])
def test_of_what_is_planted_nearly_all_is_caught_in_all_and_of_each_kind(name, record_property):
    verdicts = defaultdict(list)
    for one in cases.planted(name):
        verdicts[one.kind].append(one.is_caught)
    every = [caught for verdict in verdicts.values() for caught in verdict]
    record_property(f"{name}: caught", f"{sum(every)} of {len(every)}")
    assert set(verdicts) == EVERY
    assert min(map(len, verdicts.values())) >= 20
    short = {kind: f"{sum(v)} of {len(v)}" for kind, v in verdicts.items() if sum(v) * 100 < CAUGHT * len(v)}
    assert short == {}
    assert sum(every) * 100 >= CAUGHT * len(every)


@pytest.mark.parametrize("name", ["ordinary", "ordinary_held_out", "seeds"])
def test_of_ordinary_sentences_hardly_any_is_flagged(name, record_property):
    sentences = cases.seeds() if name == "seeds" else cases.ordinary(name)
    flagged = {sentence: said(sentence) for sentence in sentences if examine(sentence)}
    record_property(f"{name}: flagged", f"{len(flagged)} of {len(sentences)}")
    assert len(flagged) * 100 <= FLAGGED * len(sentences), flagged


def test_cases_are_many_and_none_is_in_two_halves():
    planted = {name: [one.text for one in cases.planted(name)] for name in ("planted", "planted_held_out")}
    ordinary = {name: cases.ordinary(name) for name in ("ordinary", "ordinary_held_out")}
    assert sum(map(len, planted.values())) >= 300
    assert sum(map(len, ordinary.values())) >= 600
    assert set(planted["planted"]) & set(planted["planted_held_out"]) == set()
    assert set(ordinary["ordinary"]) & set(ordinary["ordinary_held_out"]) == set()


# ---------------------------------------------------------------- where it stands, and other words for it


def test_places_are_those_of_the_text_as_it_was_written():
    text = "Se\u0301an\u00a0\u00a0(aged\n７)  — and\t\n\n his nan’s number: ０７７００\u2009９００ １２３!"
    assert said(text) == [
        (Kind.NAME_AND_AGE, "Se\u0301an\u00a0\u00a0(aged\n７)"),
        (Kind.PHONE, "０７７００\u2009９００ １２３"),
    ]


def test_letters_that_nobody_sees_do_not_hide_a_name():
    assert said("It was Jay\u200bden, \u20607, who\u00ad said so.") == [(Kind.NAME_AND_AGE, "Jay\u200bden, \u20607")]


def test_findings_stand_in_order_and_none_overlaps_another():
    text = " ".join(one.text for one in cases.planted("planted"))
    found = examine(text)
    assert len(found) > 600
    assert all(before.end <= after.start for before, after in pairwise(found))


def test_reworded_text_says_the_same_without_what_identifies():
    text = "My 7-year-old Aisha (DOB 03/05/2018) goes to Oakwood Primary. Her dad, Yusuf, is on 07700 900123."
    reworded = reword(text, examine(text))
    assert reworded == (
        "My [child of primary school age] (DOB [date of birth]) goes to [a school]. "
        "Her dad, [name], is on [phone number]."
    )
    assert examine(reworded) == []


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("Ava, 2", "[a young child]"),
        ("Ava (18 months)", "[a young child]"),
        ("Ava, aged seven", "[a child of primary school age]"),
        ("Ava is 14", "[a teenager]"),
        ("Ava turned 19", "[a young adult]"),
        ("Ava and Leo (4 and 11)", "[children of different ages]"),
        ("The Okonkwo family", "The [family name] family"),
        ("The boy, whose name is Ibrahim", "The boy, whose name is [name]"),
    ],
)
def test_other_words_say_the_age_roughly(text, instead):
    assert reword(text, examine(text)) == instead


def test_what_was_reworded_is_not_found_again():
    again = {}
    for one in cases.planted("planted"):
        reworded = reword(one.text, examine(one.text))
        if examine(reworded):
            again[one.text] = said(reworded)
    assert len(again) * 100 <= len(list(cases.planted("planted"))), again


# ---------------------------------------------------------------- kinds


def test_only_the_kinds_that_are_asked_for_are_found():
    text = "Ring Sam's mum on 07700 900123 or write to sam.lee@gmail.com; they live at 12 Elm Street, LS6 2AB."
    assert {kind for kind, _ in said(text)} == {Kind.NAME, Kind.PHONE, Kind.EMAIL, Kind.ADDRESS, Kind.POSTCODE}
    assert said(text, ABOUT_FAMILIES) == [(Kind.NAME, "Sam")]


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_says_what_it_is_why_it_matters_and_what_to_write(kind):
    assert kind.label[0].islower() or kind.label.startswith("NHS")
    assert kind.why.endswith(".")
    assert kind.advice.endswith(".")


@pytest.mark.parametrize(
    ("digits", "is_one"),
    [
        ("9434765919", True),
        ("9434765918", False),
        ("4505577104", True),
        ("4010232137", True),
        ("0000000000", False),  # its check digit is right, and it is nobody's
        ("943476591", False),
        ("1234567890", False),
    ],
)
def test_nhs_number_is_told_by_its_check_digit(digits, is_one):
    assert is_nhs_number(digits) is is_one


def test_number_of_ten_digits_is_an_nhs_number_only_if_it_may_be_one_or_is_said_to_be():
    assert said("The total was 9434765918.") == []
    assert said("The NHS number was 9434765918.") == [(Kind.NHS_NUMBER, "9434765918")]


@pytest.mark.parametrize(
    "text",
    [
        "Child A (aged 7) and Parent X are invented.",
        "Call 0808 800 5000 or 0300 123 4567.",
        "Write to safeguarding@leeds.gov.uk.",
        "",
        " \n\u200b\n ",
        "7",
        "(",
    ],
)
def test_placeholders_helplines_offices_and_nothing_are_left_alone(text):
    assert [kind for kind, _ in said(text) if kind is not Kind.NAME_AND_AGE] == []


def test_finding_knows_what_takes_its_place():
    assert examine("postcode LS6 2AB") == [Finding(9, 16, Kind.POSTCODE, "[postcode]")]


# ---------------------------------------------------------------- how long it takes

NASTY = {
    "one word": "a",
    "one digit": "1",
    "digits apart": "0 ",
    "phones begun": "07 +44 ",
    "names": "Jayden and ",
    "names and ages begun": "Jayden, 7 aged ",
    "dates begun": "dob x y born on the of ",
    "addresses begun": "lives at flat 1, 12 Elm ",
    "references begun": "case ref no 1-1-1-1 A1-",
    "e-mail begun": "a.a@a.",
    "schools": "he attends St Mary School ",
    "brackets": "(((mum (",
    "spaces": " \n\u200b",
    "initials": "A B. C",
    "kin": "his son of the mum's ",
}


@pytest.mark.parametrize("piece", NASTY.values(), ids=NASTY)
def test_time_grows_with_the_length_of_a_hostile_text_and_not_with_its_square(piece):
    def took(length):
        text = (piece * (length // len(piece) + 1))[:length]
        began = time.process_time()
        examine(text)
        return time.process_time() - began

    small = min(took(12_500) for _ in range(2))
    # Eight times as long; the square would be sixty-four times.
    assert min(took(100_000) for _ in range(3)) < 24 * small + 0.05
