"""A row of a list of people as text, understood: each cell on its own, every trouble with it in a sentence."""

from collections.abc import Mapping, Sequence
from typing import Any

from email_validator import EmailNotValidError, validate_email

from webapp.folding import clean_line, clean_text, fold
from webapp.formats.tables import Row
from webapp.formats.typed import british_day
from webapp.models.events import Event, EventQuestion, Mode, QuestionKind
from webapp.models.organisations import Sector
from webapp.models.registrations import RegistrationState
from webapp.queries.events import asked_questions
from webapp.services.imports.columns import ANSWER, answer_field
from webapp.services.imports.rows import Given

SECTORS = {
    **{fold(sector.label): sector for sector in Sector},
    **{fold(sector.value): sector for sector in Sector},
    **{fold(sector.value.replace("_", " ")): sector for sector in Sector},
    **dict.fromkeys(("council", "la"), Sector.LOCAL_AUTHORITY),
    **dict.fromkeys(("voluntary", "charity", "voluntary sector"), Sector.VCSE),
    **dict.fromkeys(("nhs",), Sector.HEALTH),
    **dict.fromkeys(("school", "schools"), Sector.EDUCATION),
}
MODES = {
    **{fold(mode.label): mode for mode in Mode},
    **{mode.value: mode for mode in Mode},
    **dict.fromkeys(("remote", "virtual", "teams", "zoom"), Mode.ONLINE),
    **dict.fromkeys(("in-person", "on site", "onsite", "face to face", "venue"), Mode.IN_PERSON),
}
STATES = {
    **{fold(state.label): state for state in RegistrationState},
    **{state.value: state for state in RegistrationState},
    **dict.fromkeys(("approved", "accepted", "registered", "yes", ""), RegistrationState.CONFIRMED),
    **dict.fromkeys(("waiting list", "waitlist", "waitlisted", "reserve"), RegistrationState.WAITING),
    **dict.fromkeys(("to approve", "requested", "applied"), RegistrationState.PENDING),
}
YES, NO = {"yes", "y", "true", "1", "x"}, {"no", "n", "false", "0"}
LONGEST_ANSWER = {QuestionKind.LONG_TEXT: 2000}
LONGEST_TAG, MOST_TAGS = 60, 20


class PeopleReader:
    """Reads rows for one event, whose questions must be loaded."""

    def __init__(self, event: Event, places: Mapping[str, int]) -> None:
        self._modes = event.modes
        self._places = places
        self._questions = [one for one in asked_questions(event) if answer_field(one) in places]
        self._emails: dict[str, str] = {}

    def read(self, row: Row) -> Given:
        """The row, understood as far as it can be, with all its problems."""
        problems = [row.problem] if row.problem else []
        cells = {name: row.cells[place] for name, place in self._places.items()}
        name = self._name(cells, problems)
        values: dict[str, Any] = {"name": name, "email": email_in(cells.get("email", ""), problems)}
        values["organisation"] = needed(cells.get("organisation", ""), "organisation", 200, problems)
        values["role"] = fitting(clean_line(cells.get("role", "")), "role", 200, problems)
        values["sector"] = _one_of(cells.get("sector", ""), SECTORS, _no_sector, problems)
        values["state"] = _one_of(cells.get("state", "") or "confirmed", STATES, _no_state, problems)
        values["mode"] = self._mode(cells.get("mode", ""), problems)
        values["tags"] = _tags(cells.get("tags", ""), problems)
        values["answers"] = self._answers(cells, problems)
        return Given(number=row.number, title=name or short(cells.get("email", "")), values=values, problems=problems)

    def _name(self, cells: Mapping[str, str], problems: list[str]) -> str:
        name = clean_line(cells.get("name", "")) or clean_line(f"{cells.get('first', '')} {cells.get('last', '')}")
        return needed(name, "name", 200, problems)

    def _mode(self, text: str, problems: list[str]) -> str:
        if not clean_line(text):
            if len(self._modes) == 1:
                return self._modes[0].value
            problems.append("It does not say how this person takes part: write online or in person.")
            return ""
        value = _one_of(text, MODES, _no_mode, problems)
        if value and value not in self._modes:
            problems.append(f"Nobody can take part {Mode(value).label.lower()}: the event is not held so.")
        return value

    def _answers(self, cells: Mapping[str, str], problems: list[str]) -> dict[str, list[str]]:
        answers = {}
        for question in self._questions:
            text = clean_text(cells[answer_field(question)])
            if text:
                answer = _answer(text, question, problems)
                if answer:
                    answers[question.public_id] = answer
            elif question.required and question.depends_on_id is None and not question.for_organisers:
                problems.append(f"“{short(question.label)}” must be answered.")
        return answers


def unasked(event: Event, places: Mapping[str, int]) -> list[str]:
    """The labels of the questions that must be answered and that the file has no column for."""
    must = [one for one in asked_questions(event) if one.required and not one.for_organisers]
    return [one.label for one in must if f"{ANSWER}{one.public_id}" not in places]


def _answer(text: str, question: EventQuestion, problems: list[str]) -> list[str]:
    match question.kind:
        case QuestionKind.SEVERAL_CHOICES:
            known = {fold(choice): choice for choice in question.choices}
            given = [part for piece in text.replace("\n", ";").split(";") if (part := clean_line(piece))]
            problems += [_no_choice(one, question) for one in given if fold(one) not in known]
            return list(dict.fromkeys(known[fold(one)] for one in given if fold(one) in known))
        case QuestionKind.ONE_CHOICE:
            chosen = {fold(choice): choice for choice in question.choices}.get(fold(text))
            if chosen is None:
                problems.append(_no_choice(text, question))
            return [chosen] if chosen else []
        case QuestionKind.YES_NO | QuestionKind.CONSENT:
            plain = fold(text)
            if plain not in YES | NO:
                problems.append(f"“{short(text)}” to “{short(question.label)}” is neither yes nor no.")
                return []
            return ["Yes" if plain in YES else "No"]
        case QuestionKind.DATE:
            try:
                return [british_day(clean_line(text)).isoformat()]
            except (ValueError, OverflowError):
                problems.append(f"“{short(text)}” to “{short(question.label)}” is no date, like 14 June 2027.")
                return []
        case QuestionKind.NUMBER:
            plain = clean_line(text).replace(",", "").removesuffix(".0")
            if not (plain.isascii() and plain.isdigit() and len(plain) < 10):
                problems.append(f"“{short(text)}” to “{short(question.label)}” is no whole number.")
                return []
            return [plain]
        case _:
            said = fitting(
                text if question.kind is QuestionKind.LONG_TEXT else clean_line(text),
                f"answer to “{short(question.label)}”",
                LONGEST_ANSWER.get(question.kind, 300),
                problems,
            )
            return [said] if said else []


def _no_choice(text: str, question: EventQuestion) -> str:
    return f"“{short(text)}” cannot be chosen for “{short(question.label)}”: {'; '.join(question.choices)}."


def email_in(text: str, problems: list[str]) -> str:
    """The address in a cell; where there is none, or no such thing, a problem more and nothing."""
    plain = clean_line(text).removeprefix("mailto:")
    if not plain:
        problems.append("It has no e-mail address.")
        return ""
    try:
        return validate_email(plain, check_deliverability=False).normalized
    except EmailNotValidError:
        problems.append(f"“{short(plain)}” is no e-mail address, like name@example.org.")
        return ""


def needed(text: str, what: str, longest: int, problems: list[str]) -> str:
    """What a cell holds that must hold something; a problem more where it does not, or where it is too long."""
    plain = clean_line(text)
    if not plain:
        problems.append(f"It has no {what}.")
    return fitting(plain, what, longest, problems)


def fitting(text: str, what: str, longest: int, problems: list[str]) -> str:
    """What a cell holds, where there is room for it; else a problem more and nothing."""
    if len(text) > longest:
        problems.append(f"The {what} has {len(text):,} characters; there is room for {longest:,}.")
        return ""
    return text


def _one_of(text: str, known: Mapping[str, Any], refusal: Any, problems: list[str]) -> str:
    plain = fold(text)
    if not plain:
        return ""
    if plain not in known:
        problems.append(refusal(short(text)))
        return ""
    return str(known[plain].value)


def _no_sector(said: str) -> str:
    return f"“{said}” is no sector. The sectors are: {'; '.join(sector.label for sector in Sector)}."


def _no_mode(said: str) -> str:
    return f"“{said}” is no way to take part: write online or in person."


def _no_state(said: str) -> str:
    return f"“{said}” is no state: write confirmed, waiting list or waiting for approval."


def _tags(text: str, problems: list[str]) -> list[str]:
    pieces: Sequence[str] = text.replace("\n", ";").replace(",", ";").split(";")
    tags = list({fold(tag): tag for piece in pieces if (tag := clean_line(piece))}.values())
    if len(tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in tags):
        problems.append(f"A person has at most {MOST_TAGS} tags of at most {LONGEST_TAG} characters.")
        return []
    return tags


def short(text: str) -> str:
    """A text as a sentence quotes it: one line of 60 characters at most."""
    plain = clean_line(text)
    return plain if len(plain) <= 60 else plain[:59] + "…"
