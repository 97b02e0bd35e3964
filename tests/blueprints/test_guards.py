"""What forms do about a text that may identify somebody: it is explained, reworded, kept with a reason, or waits."""

import pytest
from werkzeug.datastructures import MultiDict

from webapp.blueprints.guards import Guard, Place, Said, State, Typed, check
from webapp.guarding import ABOUT_FAMILIES, Kind

pytestmark = pytest.mark.memory

DOUBTFUL = "We met Jayden, 7, whose mum can be rung on 07700 900123."
CLEAR = "We met a family whose plan had changed three times."


def checked(text=DOUBTFUL, place=Place.PRIVATE, *, said=None, **more):
    return check([Typed("note", "Note", text)], place, said or Said(), **more)


def after(guard: Guard, **values) -> Said:
    """What is sent from the page that a guard was shown on."""
    return Said.of(MultiDict({"guard_seen": guard.seen, **values}))


@pytest.mark.parametrize("place", Place)
def test_clear_text_goes_on_and_nothing_is_kept_of_it(place):
    guard = checked(CLEAR, place)
    assert (guard.state, guard.stops, guard.errors, guard.record) == (State.CLEAR, False, [], {})
    assert guard.texts == {"note": CLEAR}


@pytest.mark.parametrize("place", Place)
def test_doubtful_text_is_explained_and_other_words_are_offered(place):
    guard = checked(place=place)
    assert (guard.state, guard.stops, guard.record) == (State.ASKS, True, {})
    [doubt] = guard.doubts
    assert doubt.found == [("Jayden, 7", Kind.NAME_AND_AGE), ("07700 900123", Kind.PHONE)]
    assert doubt.reworded == ("We met [a child of primary school age], whose mum can be rung on [phone number].")
    assert guard.errors == [
        {
            "text": "This may identify somebody: it looks like somebody’s name with their age and a phone number. "
            "Change it, or see below what you can do",
            "href": "#note",
        }
    ]


def test_words_offered_take_the_place_of_the_text_and_are_clear():
    guard = checked(said=after(checked(), guard_choice="reword"))
    assert (guard.state, guard.record) == (State.CLEAR, {})
    assert guard.texts == {"note": checked().doubts[0].reworded}


def test_text_is_kept_in_a_private_place_with_a_reason_and_only_kinds_and_reason_are_recorded():
    guard = checked(said=after(checked(), guard_choice="keep", guard_reason="It is  an invented example"))
    assert (guard.state, guard.stops, guard.errors) == (State.KEPT, False, [])
    assert guard.texts == {"note": DOUBTFUL}
    assert guard.record == {"kinds": ["name_and_age", "phone"], "reason": "It is an invented example"}


@pytest.mark.parametrize(
    ("reason", "problem"),
    [
        ("", "Say why the text has to stay as it is"),
        (" .", "Say why the text has to stay as it is"),
        ("x" * 201, "The reason must be 200 characters or fewer"),
        ("Jayden, 7, is my own son", "Say why without naming anybody"),
    ],
)
def test_reason_that_is_missing_too_long_or_names_somebody_keeps_nothing(reason, problem):
    guard = checked(said=after(checked(), guard_choice="keep", guard_reason=reason))
    assert (guard.state, guard.record) == (State.ASKS, {})
    assert guard.errors[1:] == [{"text": problem, "href": "#guard_reason"}]


def test_text_in_a_shared_place_waits_for_a_moderator_with_or_without_a_word_to_them():
    silent = checked(place=Place.SHARED, said=after(checked(), guard_choice="keep"))
    assert (silent.state, silent.stops, silent.record) == (State.WAITS, False, {"kinds": ["name_and_age", "phone"]})
    told = checked(place=Place.SHARED, said=after(checked(), guard_choice="keep", guard_reason="From a book"))
    assert told.record == {"kinds": ["name_and_age", "phone"], "reason": "From a book"}


def test_text_that_says_more_than_was_shown_is_asked_about_again():
    said = after(checked(), guard_choice="keep", guard_reason="An invented example")
    more = checked(f"{DOUBTFUL} They live at 12 Elm Street.", said=said)
    assert (more.state, more.said.keep) == (State.ASKS, True)
    less = checked("We met Jayden, 7.", said=said)
    assert less.state is State.KEPT


def test_hand_made_request_that_was_shown_nothing_keeps_nothing():
    said = Said.of(MultiDict({"guard_choice": "keep", "guard_reason": "An invented example", "guard_seen": "x" * 9999}))
    assert checked(said=said).state is State.ASKS


def test_kinds_that_are_not_asked_for_are_let_through():
    text = "Ring me on 07700 900123 or write to ann.lee@gmail.com; I live at 12 Elm Street, LS6 2AB."
    assert checked(text, kinds=ABOUT_FAMILIES).state is State.CLEAR
    assert [kind for _, kind in checked(text).doubts[0].found] == [
        Kind.PHONE,
        Kind.EMAIL,
        Kind.ADDRESS,
        Kind.POSTCODE,
    ]


def test_texts_are_told_apart_by_their_fields():
    guard = check([Typed("a", "First", CLEAR), Typed("b", "Second", DOUBTFUL)], Place.PRIVATE, Said())
    assert [(doubt.field, doubt.label) for doubt in guard.doubts] == [("b", "Second")]
    reworded = check([Typed("a", "First", CLEAR), Typed("b", "Second", DOUBTFUL)], Place.PRIVATE, Said(reword=True))
    assert reworded.texts == {"a": CLEAR, "b": guard.doubts[0].reworded}
