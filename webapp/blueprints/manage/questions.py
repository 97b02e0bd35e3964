"""What an event asks of those who register: building the questions, and answering those for organisers."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovTextArea, GovTextInput
from werkzeug.wrappers import Response
from wtforms import BooleanField, SelectMultipleField, StringField, TextAreaField, ValidationError

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.asking import AskingForm, answers_in, field_for, field_name, values_of
from webapp.blueprints.dates import NumberField
from webapp.blueprints.forms import AtMost, ButtonForm, Form, Given, line, lines
from webapp.blueprints.merging import Difference, MergingForm, merge, who_changed
from webapp.errors import DomainError
from webapp.models.accounts import Power, ThingKind
from webapp.models.events import Event, EventQuestion, QuestionKind
from webapp.models.registrations import Registration
from webapp.queries import questions as queries
from webapp.queries.activity import history_of
from webapp.queries.events import get_managed_event, organisers_questions
from webapp.queries.registrations import get_registration_of
from webapp.services import questions as services
from webapp.services.guarding import record_kept
from webapp.services.questions import QuestionChanged, QuestionRefused, Wording
from webapp.transaction import attempt

bp = Blueprint("questions", __name__, url_prefix="/events/<ref:event>/questions")


class QuestionForm(MergingForm):
    """One question as an organiser writes it."""

    label = StringField(
        "Question",
        widget=GovTextInput(),
        filters=[line],
        description="As people will read it. For a consent, the sentence that they agree to.",
        validators=[Given("Enter the question"), AtMost(300, "Question")],
    )
    help = TextAreaField(
        "Help text (optional)",
        widget=GovTextArea(),
        filters=[line],
        description="A line below the question: why you ask, or an example of an answer.",
        validators=[AtMost(500, "Help text")],
    )
    kind = StringField("Kind of answer")
    choices = TextAreaField(
        "Choices, one on each line",
        widget=GovTextArea(),
        filters=[lines],
        validators=[AtMost(10_000, "The choices")],
    )
    required = BooleanField("It must be answered", widget=GovCheckboxInput())
    for_organisers = BooleanField(
        "Only organisers see and answer it, on the page of each registration", widget=GovCheckboxInput()
    )
    depends = SelectMultipleField(validate_choice=False)
    sure = BooleanField("Take these choices out", widget=GovCheckboxInput())
    apart = frozenset({"sure"})
    order = ("label", "help", "kind", "choices", "sure", "required", "for_organisers", "depends")

    def in_words(self, name: str, value: Any) -> str:
        """A value of a field in words; answers that decide without the question they belong to."""
        if name == "kind" and value in list(QuestionKind):
            return QuestionKind(value).label
        if name == "depends":
            return ", ".join(one.partition(":")[2] for one in value or ()) or "Not given"
        return super().in_words(name, value)

    def validate_kind(self, field: StringField) -> None:
        """Refuse what is no kind of question."""
        if field.data not in list(QuestionKind):
            raise ValidationError("Select what kind of answer you want")

    def validate_depends(self, field: SelectMultipleField) -> None:
        """Refuse answers to several questions: it would not be plain whether one is enough."""
        if len({value.partition(":")[0] for value in field.data or ()}) > 1:
            raise ValidationError("Select answers to one question only")

    def wording(self) -> Wording:
        """The question as the service takes it; the form must have been found valid."""
        chosen = [value.partition(":") for value in self.depends.data or ()]
        return Wording(
            kind=QuestionKind(self.kind.data),
            label=self.label.data,
            help=self.help.data,
            required=bool(self.required.data),
            choices=[choice for text in self.choices.data.splitlines() if (choice := line(text))],
            depends_on=chosen[0][0] if chosen else "",
            depends_on_values=[answer for _, _, answer in chosen],
            for_organisers=bool(self.for_organisers.data),
        )


class MoveForm(Form):
    """Put a question at another place."""

    place = NumberField("Place", most=1000)


@bp.get("")
@allow(Who.ORGANISER)
def index(event: Ref) -> str:
    """The questions in their order, as people will see them."""
    found = _event(event)
    put_right(event, found, ".index", event=found)
    return _list_page(found)


@bp.route("/new", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def new(event: Ref) -> str | Response | tuple[str, int]:
    """Add a question."""
    found = _event(event)
    put_right(event, found, ".new", event=found)
    form, status = QuestionForm(), 200
    if form.validate_on_submit():
        try:
            with attempt():
                made = services.add(found.id, form.wording(), actor=current_user.actor, now=clock.now())
        except QuestionRefused as refused:
            _put(form, refused)
            found, status = _event(event), 422
        else:
            flash(f"“{made.label}” is added at the end.", "success")
            return redirect(url_for(".index", event=found) + f"#{made.public_id}")
    elif form.is_submitted():
        status = 422
    return _form_page(found, form, None), status


@bp.route("/<question>/edit", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def edit(event: Ref, question: str) -> str | Response | tuple[str, int]:
    """Change a question; where somebody else was quicker, nothing is lost and what stands now is shown."""
    found = _event(event)
    put_right(event, found, ".edit", event=found, question=question)
    form, status = QuestionForm(data=_written(found, question)), 200
    theirs: Sequence[Difference] = ()
    if form.validate_on_submit():
        try:
            with attempt():
                services.edit(
                    found.id,
                    question,
                    form.wording(),
                    version=form.version.data or 0,
                    sure=bool(form.sure.data),
                    actor=current_user.actor,
                    now=clock.now(),
                )
        except DomainError as refused:
            found, status = _event(event), 422
            if isinstance(refused, QuestionChanged):
                theirs, status = _merged(form, found, question), 409
            _put(form, refused)
        else:
            flash("The question is saved.", "success")
            return redirect(url_for(".index", event=found) + f"#{question}")
    elif form.is_submitted():
        status = 422
    return _form_page(found, form, queries.get_question(found, question), theirs=theirs), status


@bp.post("/<question>/move")
@allow(Who.ORGANISER)
def move(event: Ref, question: str) -> Response | tuple[str, int]:
    """Put a question at another place: by a button, or dropped there."""
    found = _event(event)
    form = MoveForm()
    if not form.validate_on_submit():
        return _list_page(found, "; ".join(str(one) for errors in form.errors.values() for one in errors)), 422
    try:
        with attempt():
            place = services.move(found.id, question, form.place.data or 1, actor=current_user.actor, now=clock.now())
    except services.NotNow as refused:
        return _list_page(_event(event), refused.message), refused.status
    flash(f"“{queries.get_question(found, question).label}” is now at place {place}.", "success")
    return redirect(url_for(".index", event=found) + f"#{question}")


@bp.post("/<question>/retire")
@allow(Who.ORGANISER)
def retire(event: Ref, question: str) -> Response | tuple[str, int]:
    """Ask a question no longer; its answers stay."""
    found = _event(event)
    form = ButtonForm()
    if not form.validate_on_submit():
        return _list_page(found, form.problem), 422
    try:
        with attempt():
            retired = services.retire(found.id, question, actor=current_user.actor, now=clock.now())
    except services.NotNow as refused:
        return _list_page(_event(event), refused.message), refused.status
    flash(f"“{retired.label}” is no longer asked. Its answers stay.", "success")
    return redirect(url_for(".index", event=found))


@bp.post("/<question>/restore")
@allow(Who.ORGANISER)
def restore(event: Ref, question: str) -> Response | tuple[str, int]:
    """Ask a retired question again."""
    found = _event(event)
    form = ButtonForm()
    if not form.validate_on_submit():
        return _list_page(found, form.problem), 422
    try:
        with attempt():
            restored = services.restore(found.id, question, actor=current_user.actor, now=clock.now())
    except services.NotNow as refused:
        return _list_page(_event(event), refused.message), refused.status
    flash(f"“{restored.label}” is asked again, at the end.", "success")
    return redirect(url_for(".index", event=found) + f"#{question}")


@bp.route("/<question>/delete", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def delete(event: Ref, question: str) -> str | Response | tuple[str, int]:
    """Delete a question that nobody has answered: first asks, then does."""
    found = _event(event)
    row = queries.get_question(found, question)
    form, problem, status = ButtonForm(), "", 200
    if form.validate_on_submit():
        try:
            with attempt():
                services.delete(found.id, question, actor=current_user.actor, now=clock.now())
        except services.NotNow as refused:
            problem, status = refused.message, refused.status
        else:
            flash(f"“{row.label}” is deleted.", "success")
            return redirect(url_for(".index", event=found))
    elif form.is_submitted():
        problem, status = form.problem, 422
    page = render_template("manage/questions/delete.html", event=found, question=row, problem=problem)
    return page, status


@bp.route("/answers/<registration>", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def answer(event: Ref, registration: str) -> str | Response | tuple[str, int]:
    """Answer the questions for organisers about somebody."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.DECIDE)
    row = get_registration_of(found.id, registration, with_needs=False)
    form = answering_form(found, row)
    if form.validate_on_submit():
        questions, now = list(form.questions), clock.now()
        given = answers_in(questions, form.data, form.known)
        with attempt():
            services.answer_for(
                row.id,
                {one.public_id: given.get(one.id, []) for one in questions},
                actor=current_user.actor,
                now=now,
            )
            thing = (ThingKind.REGISTRATION, row.id)
            record_kept(form.guard.record, *thing, actor=current_user.actor, now=now, event_id=found.id)
        flash("Saved. Only organisers see these answers.", "success")
        return redirect(url_for("manage.registrations.show", event=found, registration=registration))
    page = render_template("manage/questions/answer.html", event=found, registration=row, form=form)
    return page, 422 if form.is_submitted() else 200


def answering_form(event: Event, registration: Registration) -> AskingForm:
    """The form of the questions for organisers, with what they answered about somebody so far."""
    given = {one.question_id: one.value for one in registration.answers}
    asked = organisers_questions(event)
    own = {one.id for one in asked}
    # On what the person said no organiser decides: whether that lets a question be asked is settled before.
    met = {one.id for one in services.asked_of(event.questions, given)}
    asked = [one for one in asked if one.id in met or one.depends_on_id in own]
    form = _form_of(asked, values_of(asked, given))
    form.questions = asked
    form.known = {question_id: value for question_id, value in given.items() if question_id not in own}
    return form


def _form_of(questions: Sequence[EventQuestion], values: dict[str, Any] | None = None) -> AskingForm:
    fields = {field_name(question): field_for(question) for question in questions}
    form: AskingForm = type("QuestionsForm", (AskingForm,), fields)(data=values)
    form.order = tuple(fields)
    return form


def _event(event: Ref) -> Event:
    return get_managed_event(event.public_id, viewer=current_user, needing=Power.SET_UP)


def _list_page(event: Event, problem: str = "") -> str:
    form = _form_of(event.questions)
    form.questions = event.questions
    return render_template(
        "manage/questions/index.html",
        event=event,
        form=form,
        active=[question for question in event.questions if question.retired_at is None],
        retired=[question for question in event.questions if question.retired_at is not None],
        by_id={question.id: question for question in event.questions},
        answered=queries.count_answers(event.id),
        problem=problem,
    )


def _form_page(
    event: Event, form: QuestionForm, question: EventQuestion | None, *, theirs: Sequence[Difference] = ()
) -> str:
    return render_template(
        "manage/questions/edit.html",
        event=event,
        form=form,
        question=question,
        answered=queries.count_answers_to(question.id) if question else 0,
        kinds=list(QuestionKind),
        reasons=[(one, services.offered(one)) for one in services.may_decide_on(event, question)],
        theirs=theirs,
        lost=form.sure.errors or form.sure.data,
    )


def _merged(form: QuestionForm, event: Event, public_id: str) -> Sequence[Difference]:
    history = history_of(ThingKind.QUESTION, queries.get_question(event, public_id).id)
    fresh = QuestionForm(formdata=None, data=_written(event, public_id))
    return merge(form, fresh, who=who_changed(history, {}))


def _written(event: Event, public_id: str) -> dict[str, Any]:
    """A question as it stands, under the names of the form's fields."""
    question = queries.get_question(event, public_id)
    reason = next((one for one in event.questions if one.id == question.depends_on_id), None)
    return {
        "version": question.version,
        "label": question.label,
        "help": question.help,
        "kind": question.kind.value,
        "choices": "\n".join(question.choices),
        "required": question.required,
        "for_organisers": question.for_organisers,
        "depends": [f"{reason.public_id}:{value}" for value in question.depends_on_values] if reason else [],
    }


def _put(form: QuestionForm, refused: DomainError) -> None:
    """Put a refusal on the field that it is about, or on the whole form."""
    about = refused.field if isinstance(refused, QuestionRefused) else ""
    if about:
        form[about].errors = [refused.message]
    else:
        form.form_errors.append(refused.message)
