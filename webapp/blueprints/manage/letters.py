"""The letters of an event: where each is on its way, what it said, and what is done about it."""

from urllib.parse import urlencode

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from webapp import clock
from webapp.access import Who, allow, may
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import CarriedNumber, Form, error_list, page_number
from webapp.blueprints.mailings import reading, words
from webapp.errors import DomainError
from webapp.folding import clean_line
from webapp.models.accounts import Power
from webapp.models.events import Event
from webapp.models.mailings import Letter, LetterState
from webapp.queries import letters as queries
from webapp.queries.events import get_managed_event
from webapp.queries.letters import LetterFilter, Numbers, Row
from webapp.queries.paging import Page
from webapp.queries.registrations import get_registration_of
from webapp.services import letters as services
from webapp.services.letters import Act
from webapp.transaction import attempt

bp = Blueprint("letters", __name__, url_prefix="/events/<ref:event>/letters")

LONGEST_TEXT = 100
# What is said when it is done, of one and of many.
DONE = {
    Act.HOLD: ("letter is held", "letters are held"),
    Act.RELEASE: ("letter goes out now", "letters go out now"),
    Act.CANCEL: ("letter is cancelled", "letters are cancelled"),
    Act.SEND_AGAIN: ("letter is sent again", "letters are sent again"),
}


class LetterSearch:
    """Which letters, as given in the address or by the fields of a form."""

    def __init__(self, args: MultiDict[str, str]) -> None:
        self.text = clean_line(args.get("q", ""))[:LONGEST_TEXT]
        state = args.get("state", "")
        self.state = LetterState(state) if state in set(LetterState) else None
        self.uncertain = state == "uncertain"
        self.notice = args.get("notice", "")[:60]
        self.letter = args.get("letter", "")[:12]
        self.page = page_number(args.get("page", ""))

    @property
    def wanted(self) -> LetterFilter:
        """The search as a query takes it."""
        return LetterFilter(
            text=self.text, state=self.state, uncertain=self.uncertain, notice=self.notice, letter=self.letter
        )

    @property
    def values(self) -> dict[str, str]:
        """What was asked for, by the names in the address."""
        state = "uncertain" if self.uncertain else self.state.value if self.state else ""
        found = {"q": self.text, "state": state, "notice": self.notice, "letter": self.letter}
        return {name: value for name, value in found.items() if value}

    def query(self, **changes: str | int | None) -> str:
        """The search as the query of an address, with some values changed or, as None, taken out."""
        page: dict[str, str | int | None] = {"page": self.page} if self.page > 1 else {}
        return urlencode({name: value for name, value in ({**self.values, **page} | changes).items() if value})


class ActForm(Form):
    """What is to be done, with the number of letters that was read."""

    number = CarriedNumber()


@bp.get("")
@allow(Who.ORGANISER)
def index(event: Ref) -> str:
    """The event's letters, the latest first, with how many there are in each state."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.SEE_REGISTRATIONS)
    put_right(event, found, ".index", event=found)
    search = LetterSearch(request.args)
    rows, numbers = queries.find_letters(found.id, search.wanted, page=search.page), queries.count_letters(found.id)
    return render_template(
        "manage/letters/index.html",
        event=found,
        search=search,
        numbers=numbers,
        found=rows,
        subjects=reading.subjects([row.letter for row in rows.rows]),
        acts=_acts_on(rows, search, numbers) if may(current_user, Power.DECIDE, found) else [],
        states=list(LetterState),
        words=words,
        tries=services.MOST_TRIES,
    )


@bp.route("/act", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def act(event: Ref) -> str | AnyResponse | tuple[str, int]:
    """First counts and asks, then does it to no more letters than were counted; else it counts and asks again."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.DECIDE)
    given = request.form if request.method == "POST" else request.args
    search, what = LetterSearch(given), given.get("do", "")
    if what not in set(Act):
        flash("Choose what to do with the letters.", "error")
        return redirect(url_for(".index", event=found))
    form = ActForm()
    if form.validate_on_submit():
        try:
            with attempt():
                number, now = int(form.number.data or 0), clock.now()
                done = services.act(
                    Act(what), found.id, search.wanted, number=number, actor=current_user.actor, now=now
                )
        except DomainError as refused:
            return _act_page(found, search, Act(what), form, problem=refused.message), refused.status
        flash(f"{done:,} {DONE[Act(what)][done != 1]}.", "success")
        return redirect(_back(found, search))
    return _act_page(found, search, Act(what), form), 422 if form.is_submitted() else 200


@bp.get("/<letter>")
@allow(Who.ORGANISER)
def show(event: Ref, letter: str) -> Response:
    """One letter: where it is, each try, and what it said, without its personal links: they open answers, too."""
    found, row = _letter(event, letter, Power.SEE_REGISTRATIONS)
    put_right(event, found, ".show", event=found, letter=letter)
    decides = may(current_user, Power.DECIDE, found)
    return reading.page(
        "manage/letters/show.html",
        event=found,
        letter=row,
        read=reading.read(row, masked=True),
        may_decide=decides,
        acts=_acts(row.state, uncertain=bool(row.uncertain)) if decides else [],
        words=words,
        tries=services.MOST_TRIES,
    )


@bp.get("/<letter>/html")
@allow(Who.ORGANISER)
def html(event: Ref, letter: str) -> Response:
    """Its HTML part by itself."""
    _found, row = _letter(event, letter, Power.SEE_REGISTRATIONS)
    return reading.html_part(row, masked=True)


@bp.get("/<letter>/letter.eml")
@allow(Who.ORGANISER)
def source(event: Ref, letter: str) -> Response:
    """The letter as a file, byte for byte but for its personal links."""
    return reading.whole(_letter(event, letter, Power.DECIDE)[1], masked=True)


@bp.get("/<letter>/calendar.ics")
@allow(Who.ORGANISER)
def calendar(event: Ref, letter: str) -> Response:
    """The calendar entry in it as a file."""
    return reading.calendar_part(_letter(event, letter, Power.DECIDE)[1], masked=True)


@bp.get("/people/<registration>")
@allow(Who.ORGANISER)
def person(event: Ref, registration: str) -> str:
    """What one person was sent about the event, the latest first."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.SEE_REGISTRATIONS)
    put_right(event, found, ".person", event=found, registration=registration)
    row = get_registration_of(found.id, registration, with_needs=False)
    moments = services.timeline(queries.letters_to(row.person_id, event_id=found.id))
    return render_template(
        "manage/letters/person.html",
        event=found,
        registration=row,
        moments=moments,
        subjects=reading.subjects([moment.letter for moment in moments]),
        words=words,
    )


def _letter(event: Ref, letter: str, power: Power) -> tuple[Event, Letter]:
    found = get_managed_event(event.public_id, viewer=current_user, needing=power)
    return found, queries.get_letter(found.id, letter)


def _acts(state: LetterState, *, uncertain: bool) -> list[Act]:
    """What can be done to letters in a state."""
    of_state = {
        LetterState.WAITING: [Act.HOLD, Act.CANCEL],
        LetterState.DEFERRED: [Act.HOLD, Act.CANCEL],
        LetterState.HELD: [Act.SEND_AGAIN if uncertain else Act.RELEASE, Act.CANCEL],
        LetterState.FAILED: [Act.SEND_AGAIN],
    }
    return of_state.get(state, [])


def _acts_on(found: Page[Row], search: LetterSearch, numbers: Numbers) -> list[Act]:
    """What can be done to some of a list: as its letters stand where all are on this page, else as the event's do."""
    if search.state is not None:
        return _acts(search.state, uncertain=search.uncertain)
    standing = {(row.letter.state, bool(row.letter.uncertain)) for row in found.rows}
    if found.last > 1:
        standing = {(state, uncertain) for state in numbers.states for uncertain in (False, bool(numbers.uncertain))}
    can = {act for state, uncertain in standing for act in _acts(state, uncertain=uncertain)}
    return [act for act in Act if act in can]


def _back(event: Event, search: LetterSearch) -> str:
    if search.letter:
        return url_for(".show", event=event, letter=search.letter)
    return url_for(".index", event=event) + (f"?{search.query()}" if search.values else "")


def _act_page(event: Event, search: LetterSearch, what: Act, form: ActForm, *, problem: str = "") -> str:
    """The question, with the number as it is now."""
    number = services.count(what, event.id, search.wanted)
    one = queries.get_letter(event.id, search.letter) if search.letter else None
    form.number.raw_data = None  # or the page would show the number that was sent
    form.number.data = number
    return render_template(
        "manage/letters/act.html",
        event=event,
        search=search,
        what=what.value,
        one=one,
        form=form,
        number=number,
        back_to=_back(event, search),
        words=words,
        errors=[{"text": problem}] if problem else error_list(form),
    )
