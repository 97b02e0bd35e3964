"""The words of letters, for one event or for all events of its programme."""

from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from govuk_frontend_wtf.wtforms_widgets import GovTextArea, GovTextInput
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField, TextAreaField

from webapp import clock
from webapp.access import Who, allow, may_create
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import AtMost, ButtonForm, CarriedNumber, Form, Given, line, lines
from webapp.errors import DomainError, Forbidden
from webapp.models.accounts import Power
from webapp.models.events import Event
from webapp.models.wordings import LONGEST_BODY, LONGEST_SUBJECT, LetterWording
from webapp.queries import wordings as queries
from webapp.queries.events import get_managed_event
from webapp.services import wordings as services
from webapp.services.wordings import Words
from webapp.transaction import attempt

bp = Blueprint("wordings", __name__, url_prefix="/events/<ref:event>/wordings")

# Of a letter's own HTML nothing may run, load or be sent.
LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'none'; sandbox"
Page = str | AnyResponse | tuple[str, int]


class WordsForm(Form):
    """A letter's subject and body, with the version of the words that were read."""

    version = CarriedNumber()
    subject = StringField(
        "Subject",
        widget=GovTextInput(),
        filters=[line],
        validators=[Given("Enter the subject"), AtMost(LONGEST_SUBJECT, "Subject")],
    )
    body = TextAreaField(
        "Letter",
        widget=GovTextArea(),
        filters=[lines],
        validators=[Given("Enter the letter"), AtMost(LONGEST_BODY, "Letter")],
    )
    order = ("subject", "body")

    @property
    def words(self) -> Words:
        """What was typed."""
        return Words(self.subject.data or "", self.body.data or "")


@bp.get("")
@allow(Who.ORGANISER)
def index(event: Ref) -> str:
    """Every letter that can be reworded, and which of them are."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.SET_UP)
    put_right(event, found, ".index", event=found)
    return render_template(
        "manage/wordings/index.html",
        event=found,
        groups=services.GROUPS,
        letters=services.listed(queries.wordings_of_event(found)),
        for_all=services.listed(queries.wordings_of_programme(found.programme_id)),
        may_set_programme=may_create(current_user, found.programme_id),
    )


@bp.route("/<any(event, programme):whose>/<notice>", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def edit(event: Ref, whose: str, notice: str) -> Page:
    """Write a letter in other words, see how it would be read, and save it."""
    found = _event(event, whose)
    services.known_letter(notice)
    form = WordsForm()
    if not form.is_submitted():
        return _page(found, whose, notice, _form_of(found, whose, notice))
    if not form.validate_on_submit():
        return _page(found, whose, notice, form), 422
    try:
        if request.form.get("do") == "preview":
            return _page(found, whose, notice, form, preview=_preview(found, notice, form.words))
        with attempt():
            services.reword(
                found,
                notice,
                form.words,
                for_programme=whose == "programme",
                version=form.version.data or 0,
                actor=current_user.actor,
                now=clock.now(),
            )
    except services.WordingChanged as refused:
        stands = _standing(found, whose, notice)
        form.version.raw_data, form.version.data = None, stands.version if stands else 0
        return _page(found, whose, notice, form, problem=refused.message, stands=stands), refused.status
    except DomainError as refused:
        form.body.errors = list(refused.sentences)
        return _page(found, whose, notice, form), refused.status
    flash("Saved. Letters that are written from now on go out in these words.", "success")
    return redirect(url_for(".index", event=found))


@bp.post("/<any(event, programme):whose>/<notice>/html")
@allow(Who.ORGANISER)
def html(event: Ref, whose: str, notice: str) -> Page | Response:
    """The letter as a mail program shows it, in the words that were typed."""
    found = _event(event, whose)
    services.known_letter(notice)
    form = WordsForm()
    if not form.validate_on_submit():
        return _page(found, whose, notice, form), 422
    try:
        made = _preview(found, notice, form.words)
    except DomainError as refused:
        form.body.errors = list(refused.sentences)
        return _page(found, whose, notice, form), refused.status
    response = Response(made.html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    return response


@bp.route("/<any(event, programme):whose>/<notice>/original", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def original(event: Ref, whose: str, notice: str) -> Page:
    """The original words, and the button that goes back to them."""
    found = _event(event, whose)
    letter, form = services.known_letter(notice), ButtonForm()
    if not form.validate_on_submit():
        page = render_template(
            "manage/wordings/original.html",
            event=found,
            whose=whose,
            notice=notice,
            letter=letter,
            words=services.original(notice),
            stands=_standing(found, whose, notice),
            form=form,
        )
        return page, 422 if form.is_submitted() else 200
    with attempt():
        services.restore(found, notice, for_programme=whose == "programme", actor=current_user.actor, now=clock.now())
    flash("This letter goes out in its earlier words again.", "success")
    return redirect(url_for(".index", event=found))


def _event(event: Ref, whose: str) -> Event:
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.SET_UP)
    if whose == "programme" and not may_create(current_user, found.programme_id):
        raise Forbidden("Your role is at this event alone, and these words belong to the whole programme.")
    return found


def _standing(event: Event, whose: str, notice: str) -> LetterWording | None:
    """The words that exactly this event, or its programme, has of its own."""
    if whose == "programme":
        return queries.wordings_of_programme(event.programme_id).get(notice)
    found = queries.wordings_of_event(event).get(notice)
    return found if found and found.event_id else None


def _form_of(event: Event, whose: str, notice: str) -> WordsForm:
    own = _standing(event, whose, notice)
    # An event without words of its own begins with its programme's; a programme with the original ones.
    begin = own or (queries.wordings_of_programme(event.programme_id).get(notice) if whose == "event" else None)
    words = Words(begin.subject, begin.body) if begin else services.original(notice)
    stands = {"version": own.version if own else 0, "subject": words.subject, "body": words.body}
    return WordsForm(formdata=None, data=stands)


def _preview(event: Event, notice: str, words: Words) -> services.Preview:
    return services.preview(event, notice, words, current_app.config["SETTINGS"], now=clock.now())


def _page(event: Event, whose: str, notice: str, form: WordsForm, **more: Any) -> str:
    return render_template(
        "manage/wordings/edit.html",
        event=event,
        whose=whose,
        notice=notice,
        letter=services.known_letter(notice),
        form=form,
        placeholders=services.explained(notice),
        **({"preview": None, "problem": "", "stands": None} | more),
    )
