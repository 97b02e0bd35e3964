"""Numbers as organisers type them: each field takes its own range, and answers all else with it in words."""

import pytest

from webapp.models.events import Format

FIVE_THOUSAND = "9" * 5000
NONE = ["-1", "1e3", "12.5", "12,5", "twelve", "１２", "٥", "0x10", "1 2", "1,00", "²", FIVE_THOUSAND]
FIELDS = {
    "places": ("setup/registration", None, "capacity_online", "Places online", 1, 100_000),
    "places_in_person": ("setup/registration", None, "capacity_in_person", "Places in person", 1, 100_000),
    "hours": (
        "setup/registration", None, "offer_hours", "Hours for which a place that came free is held", 0, 744
    ),
    "minutes": ("sessions/new", "/sessions/new", "minutes", "Length in minutes", 1, 1439),
    "session_online": ("sessions/new", "/sessions/new", "capacity_online", "Places online", 1, 100_000),
    "session_in_person": ("sessions/new", "/sessions/new", "capacity_in_person", "Places in person", 1, 100_000),
    "move": ("sessions/{session}/move", "/move", "minutes", "Length in minutes", 1, 1439),
    "new_room": ("streams", "room", "capacity", "How many it holds", 1, 100_000),
}  # fmt: skip
# What a page carries along unseen. Whoever changed it is shown what stands, as if somebody else had been first.
CARRIED = {
    "admission": ("admission", "/admission", "admission", "invitation"),
    "session": ("sessions/{session}", "{session}", "title", "Another"),
    "question": ("questions/{question}/edit", None, "label", "Another"),
}


@pytest.fixture
def event(make):
    event = make.event(format=Format.HYBRID, venue="Town hall", days=1)
    make.draft(event)
    return event


@pytest.fixture
def opened(organiser, make, event):
    """Gives a page of the organisers' side, the form on it, and the browser."""
    ids = {"session": make.planned(event, "One").public_id, "question": make.question(event, "Diet?").public_id}
    make.question(event, "Train?")
    browser = organiser(event)

    def opened(page, action):
        shown = browser.get(f"/manage/events/{event.slug}-{event.public_id}/{page.format(**ids)}")
        if action == "room":
            return browser, next(form for form in shown.forms() if form.values.get("what") == ["room"])
        return browser, shown.form(action.format(**ids) if action else None)

    opened.ids = ids
    return opened


@pytest.mark.parametrize("field", FIELDS)
def test_number_out_of_range_is_answered_with_the_range(opened, field):
    address, action, name, label, least, most = FIELDS[field]
    browser, form = opened(address, action)
    if needed := {"streams": "name", "sessions/new": "title"}.get(address):
        form.fill(**{needed: "Typed before"})
    for typed in [*NONE, str(least - 1), str(most + 1), "1000000000"]:
        page = browser.send(form, **{name: typed})
        assert (page.status, page.errors) == (422, [f"{label} must be a whole number from {least} to {most:,}"]), typed
        assert page.one("input", name=name).get("value") == typed


@pytest.mark.parametrize(("typed", "kept"), [("1", 1), ("100,000", 100_000), ("0012", 12), (" 12 ", 12), ("", None)])
def test_number_within_the_range_is_taken(opened, typed, kept):
    browser, form = opened("setup/registration", None)
    browser.send(form, capacity_in_person=typed)
    _, again = opened("setup/registration", None)
    assert again.values["capacity_in_person"] == ["" if kept is None else str(kept)]


def test_place_of_a_question_that_is_no_number_is_refused_in_words(opened):
    browser, form = opened("questions", "{question}/move")
    for typed in ("0", "-1", "up", "1.5", FIVE_THOUSAND, "1000000000"):
        page = browser.send(form, place=typed)
        assert (page.status, page.errors) == (422, ["Place must be a whole number from 1 to 1,000"]), typed


@pytest.mark.parametrize("page", CARRIED)
def test_version_that_is_none_counts_as_an_old_one(opened, page):
    address, action, name, typed = CARRIED[page]
    browser, form = opened(address, action)
    for sent in ("", "-1", "two", "1.5", "１", "1000000000", FIVE_THOUSAND):
        answer = browser.send(form, version=sent, **{name: typed})
        assert answer.status == 409, sent
        assert answer.form(action and action.format(**opened.ids)).values[name] == [typed]
