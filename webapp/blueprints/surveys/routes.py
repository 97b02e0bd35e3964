"""Answering a survey: one thing per page or all on one, by a personal link, an open one, or signed in."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.answers import as_typed
from webapp.blueprints.forms import ButtonForm
from webapp.blueprints.guards import Guard, State
from webapp.blueprints.surveys import bp
from webapp.blueprints.surveys.answering import (
    SIGNED_IN,
    Place,
    answered_survey,
    get_place,
    new_secret,
    newest_asked,
    refusal,
)
from webapp.blueprints.surveys.devices import Met, carried, differences, meet
from webapp.blueprints.surveys.guarding import guarded, is_kept, is_recorded, passed, question_of
from webapp.blueprints.surveys.keeping import answered, keep_as_typed
from webapp.blueprints.surveys.reading import Parts, needed, read, sent, words
from webapp.errors import DomainError, NotFound
from webapp.models.accounts import Actor, ActorKind, ThingKind
from webapp.models.surveys import Survey
from webapp.models.surveys_asked import Question
from webapp.queries.surveys import answering as queries
from webapp.queries.surveys.releases import everybody_sees_results
from webapp.queries.surveys.results import OVER
from webapp.services.guarding import record_kept
from webapp.services.surveys import answering as services
from webapp.transaction import attempt

CLEAR = Guard()
Answer = str | Response | tuple[str, int] | tuple[Response, int]


@bp.errorhandler(NotFound)
def gone(_error: NotFound) -> tuple[str, int]:
    """A survey that is not there: whether it was deleted, or never was, is not told apart."""
    return render_template("surveys/gone.html"), 404


@bp.get("/surveys/<survey>")
@allow(Who.ANYONE)
def show(survey: str) -> Answer:
    """What the survey is about and what becomes of the answers, before anything is asked."""
    found = answered_survey(survey)
    if current_user.is_authenticated and (not found.open_link or _is_registered(found)):
        return redirect(url_for(".begin", survey=survey, token=SIGNED_IN))
    return _front(found, ButtonForm())


@bp.post("/surveys/<survey>/start")
@allow(Who.ANYONE)
def start(survey: str) -> Answer:
    """Give who answers by the open link an address of their own, by which they can come back, and ask them."""
    found, form = answered_survey(survey), ButtonForm()
    if not form.validate_on_submit():
        return _front(found, form), 422
    if not found.open_link:
        return redirect(url_for(".begin", survey=survey, token=SIGNED_IN))
    place = get_place(survey, new_secret(), now=clock.now())
    first = place.next_question
    if place.refused is not None or first is None:
        return redirect(url_for(".show", survey=survey))
    return redirect(_to(place, ".everything") if "all" in request.form else _to(place, ".question", no=first.no))


@bp.get("/surveys/<survey>/<token>")
@allow(Who.LINK_HOLDER)
def begin(survey: str, token: str) -> Answer:
    """The same for one person: whether they may answer, how far they are, and both ways of answering."""
    if token == SIGNED_IN and not current_user.is_authenticated:
        return redirect(url_for("accounts.sign_in", next=request.path))
    place = get_place(survey, token, now=clock.now())
    return render_template(
        "surveys/show.html",
        survey=place.survey,
        form=ButtonForm(),
        place=place,
        asked=place.asked,
        refused=place.refused,
        has_results=_has_results(place.survey),
    )


@bp.route("/surveys/<survey>/<token>/<int:no>", methods=["GET", "POST"])
@allow(Who.LINK_HOLDER)
def question(survey: str, token: str, no: int) -> Answer:
    """One question; the answer is kept, and leads on to the next."""
    place = get_place(survey, token, now=clock.now())
    if place.refused is not None or not place.so_far.changeable:
        return redirect(url_for(".begin", survey=survey, token=token))
    asked = next((one for _section, one in place.shown() if one.no == no), None)
    if asked is None:
        return redirect(url_for(".check", survey=survey, token=token))
    form = ButtonForm()
    if not form.is_submitted():
        return _question_page(place, asked, sent(asked, place.given.get(no, ())))
    parts, errors = read(asked, request.form)
    met = Met({}) if errors else meet(place, {no: parts})
    parts = met.given.get(no, parts)
    if not errors and asked.required and asked.kind.is_asked and not parts:
        errors = {f"q{no}": needed(asked)}
    errors |= met.errors
    problem, guard = "", CLEAR
    if not errors:
        guard, changed = guarded(place, {no: parts})
        parts = changed[no]
    if form.validate_on_submit() and not errors and not guard.stops:
        try:
            _save(place, {no: parts}, reached=place.reached(no), guard=guard)
        except services.AnsweredElsewhere:
            place = get_place(survey, token, now=clock.now())
            met = meet(place, {no: parts})
            errors = met.errors
        except DomainError as refused:
            problem = refused.message
        else:
            return redirect(_after(place, {**place.given, no: parts}, no))
    fields = request.form.to_dict(flat=False)
    page = _question_page(place, asked, fields, errors, problem or form.problem, guard, met)
    return page, 409 if met.both else 422


@bp.route("/surveys/<survey>/<token>/all", methods=["GET", "POST"])
@allow(Who.LINK_HOLDER)
def everything(survey: str, token: str) -> Answer:
    """All questions on one page, kept as they are answered, to be come back to or to go on with."""
    place = get_place(survey, token, now=clock.now())
    if as_typed():
        return keep_as_typed(place)
    if place.refused is not None or not place.so_far.changeable:
        return redirect(url_for(".begin", survey=survey, token=token))
    form = ButtonForm()
    if not form.is_submitted():
        fields = {name: said for one in place.asked.all_questions for name, said in _fields(one, place.given).items()}
        return _all_page(place, fields)
    given, errors, met = _read_all(place, complete="later" not in request.form)
    problem, guard = "", CLEAR
    if not errors and "later" not in request.form:
        guard, given = guarded(place, given)
    if form.validate_on_submit() and not errors and not guard.stops:
        try:
            seen = place.order[-1] if "later" not in request.form else place.reached(*answered(given))
            _save(place, given, reached=seen, guard=guard)
        except services.AnsweredElsewhere:
            place = get_place(survey, token, now=clock.now())
            met = meet(place, given)
            errors = met.errors
        except DomainError as refused:
            problem = refused.message
        else:
            return _kept(place) if "later" in request.form else redirect(_to(place, ".check"))
    fields = _as_sent(place, met)
    return _all_page(place, fields, errors, problem or form.problem, guard, met), 409 if met.both else 422


@bp.route("/surveys/<survey>/<token>/check", methods=["GET", "POST"])
@allow(Who.LINK_HOLDER)
def check(survey: str, token: str) -> Answer:
    """What was answered, to be looked through and sent."""
    place = get_place(survey, token, now=clock.now())
    if place.refused is not None or not place.so_far.changeable:
        return redirect(_to(place, ".begin"))
    form, missing, problem, guard = ButtonForm(), list[Question](), "", CLEAR
    if form.is_submitted():
        guard, given = guarded(place, place.given)
    if form.validate_on_submit() and guard.stops and request.form.get("guard_choice") == "change":
        return redirect(_to(place, ".question", no=question_of(guard.doubts[0].field), back="check"))
    if form.validate_on_submit() and not guard.stops:
        try:
            if guard.said.reword or guard.state is State.KEPT:
                _save(place, given, reached=place.so_far.reached, guard=guard)
            with attempt():
                services.send(place.survey.id, place.who, now=clock.now())
        except services.Unanswered as refused:
            missing = refused.questions
        except DomainError as refused:
            problem = refused.message
        else:
            return redirect(_to(place, ".done"))
    else:
        problem = form.problem
    problems = [
        {"text": f"{needed(one)}: {one.label}", "href": f"{_to(place, '.question', no=one.no)}?back=check"}
        for one in missing
    ]
    problems += [
        {"text": one.message, "href": _to(place, ".question", no=question_of(one.field), back="check")}
        for one in (guard.doubts if guard.stops else ())
    ]
    problems += [*guard.own_errors, *([{"text": problem}] if problem else [])]
    rows = [(section, one, words(one, place.given.get(one.no, ()))) for section, one in place.shown()]
    page = render_template(
        "surveys/check.html",
        place=place, form=form, problems=problems, rows=rows, guard=guard, recorded=is_recorded(place),
    )  # fmt: skip
    return (page, 422) if form.is_submitted() else page


@bp.get("/surveys/<survey>/<token>/done")
@allow(Who.LINK_HOLDER)
def done(survey: str, token: str) -> Answer:
    """Thanks, what happens now, and until when the answers can be changed."""
    place = get_place(survey, token, now=clock.now())
    if not place.so_far.sent:
        return redirect(_to(place, ".begin"))
    return render_template("surveys/done.html", place=place)


def _front(survey: Survey, form: ButtonForm) -> str:
    refused = refusal(survey, None, clock.now())
    asked, seen = newest_asked(survey), _has_results(survey)
    return render_template(
        "surveys/show.html", survey=survey, form=form, place=None, asked=asked, refused=refused, has_results=seen
    )


def _has_results(survey: Survey) -> bool:
    return survey.stage(clock.now()) in OVER and everybody_sees_results(survey.id)


def _to(place: Place, endpoint: str, **values: Any) -> str:
    return url_for(endpoint, survey=place.survey.public_id, token=place.token, **values)


def _is_registered(survey: Survey) -> bool:
    return queries.find_own_registration(survey, current_user.id) is not None


def _save(place: Place, given: Mapping[int, Parts], *, reached: int, guard: Guard) -> None:
    now, kept = clock.now(), passed(place) | (guard.marks if guard.state is State.KEPT else frozenset())
    if not (is_recorded(place) and guard.record) and services.save_at_once(
        place.survey, place.who, place.so_far, given=given, reached=reached, now=now, kept=kept
    ):
        return
    with attempt():
        read = place.so_far.given
        services.save(place.survey.id, place.who, given=given, reached=reached, now=now, kept=kept, read=read)
        if is_recorded(place):
            survey, event = place.survey, place.survey.event_id
            record_kept(guard.record, ThingKind.SURVEY, survey.id, actor=_actor(place), now=now, event_id=event)


def _actor(place: Place) -> Actor:
    if place.token == SIGNED_IN:
        actor: Actor = current_user.actor
        return actor
    registration = place.who.registration
    return Actor(ActorKind.LINK, registration.person_id if registration is not None else None)


def _after(place: Place, given: Mapping[int, Parts], no: int) -> str:
    """Where the answer to a question leads: back to the answers where it was being changed, else to the next."""
    if request.form.get("back") == "check":
        return _to(place, ".check")
    shown = [question.no for _section, question in place.shown(given)]
    order = place.order
    later = [one for one in shown if order.index(one) > order.index(no)]
    return _to(place, ".question", no=later[0]) if later else _to(place, ".check")


def _kept(place: Place) -> Response:
    flash("Your answers so far are kept. Come back to them by the address of this page, on any device.", "success")
    return redirect(_to(place, ".begin"))


def _problems(
    errors: Mapping[str, str] | None, problem: str, guard: Guard, of: Sequence[Question] = ()
) -> list[dict[str, str]]:
    """What the summary of errors lists: each at its field, with its question where there are several; and the rest."""
    labels = {f"q{one.no}": f": {one.label}" for one in of}
    found = [
        {"text": text + labels.get(name.partition("-")[0], ""), "href": f"#{name}"}
        for name, text in (errors or {}).items()
    ]
    return [*found, *guard.errors, *([{"text": problem}] if problem else [])]


def _fields(question: Question, given: Mapping[int, Parts]) -> dict[str, list[str]]:
    return sent(question, given.get(question.no, ()))


def _as_sent(place: Place, met: Met) -> dict[str, list[str]]:
    """The fields as they were sent, but for answers that another device changed and this page left as they were."""
    fields = request.form.to_dict(flat=False)
    for one in place.asked.all_questions:
        if one.no in met.taken:
            own = (f"q{one.no}", f"q{one.no}-")
            fields = {name: said for name, said in fields.items() if name != own[0] and not name.startswith(own[1])}
            fields |= _fields(one, place.given)
    return fields


def _read_all(place: Place, *, complete: bool) -> tuple[dict[int, Parts], dict[str, str], Met]:
    """What was sent to all questions, what is wrong with those that are asked by it, and how it met another device.

    Hidden ones are taken back.
    """
    found = {
        one.no: read(replace(one, required=one.required and complete), request.form)
        for one in place.asked.all_questions
    }
    met = meet(place, {no: parts for no, (parts, wrong) in found.items() if not wrong})
    given = {no: met.given.get(no, parts) for no, (parts, _) in found.items()}
    shown = [question for _section, question in place.shown({no: parts for no, parts in given.items() if parts})]
    errors: dict[str, str] = {}
    for one in shown:
        errors |= found[one.no][1]
        if complete and one.required and one.kind.is_asked and not given[one.no] and not found[one.no][1]:
            errors[f"q{one.no}"] = needed(one)
    numbers = {one.no for one in shown}
    met = replace(met, taken=met.taken & numbers, both=met.both & numbers)
    return {no: parts if no in numbers else () for no, parts in given.items()}, errors | met.errors, met


def _question_page(
    place: Place,
    asked: Question,
    fields: Mapping[str, Sequence[str]],
    errors: Mapping[str, str] | None = None,
    problem: str = "",
    guard: Guard = CLEAR,
    met: Met | None = None,
) -> str:
    shown = place.shown()
    position = next(number for number, (_section, one) in enumerate(shown) if one.no == asked.no)
    section = shown[position][0]
    first = position == 0 or shown[position - 1][0].no != section.no
    before = _to(place, ".question", no=shown[position - 1][1].no) if position else _to(place, ".begin")
    back = _to(place, ".check") if request.values.get("back") == "check" else before
    return render_template(
        "surveys/question.html",
        place=place, question=asked, section=section, first_of_section=first, number=position + 1, of=len(shown),
        fields=fields, errors=errors or {}, problems=_problems(errors, problem, guard), form=ButtonForm(), back=back,
        guard=guard, recorded=is_recorded(place), kept=is_kept(place, guard), theirs=differences(place, met),
        opened=carried(place, [asked.no], met), go_on=_after(place, place.given, asked.no),
        to_check=request.values.get("back") == "check",
    )  # fmt: skip


def _all_page(
    place: Place,
    fields: Mapping[str, Sequence[str]],
    errors: Mapping[str, str] | None = None,
    problem: str = "",
    guard: Guard = CLEAR,
    met: Met | None = None,
) -> str:
    attended = place.who.attended
    sections = [one for one in place.asked.sections if not one.session or attended is None or one.session in attended]
    return render_template(
        "surveys/all.html",
        place=place, sections=sections, fields=fields, errors=errors or {},
        problems=_problems(errors, problem, guard, place.asked.all_questions),
        form=ButtonForm(), guard=guard, recorded=is_recorded(place), kept=is_kept(place, guard),
        theirs=differences(place, met), opened=carried(place, [one.no for one in place.asked.all_questions], met),
    )  # fmt: skip
