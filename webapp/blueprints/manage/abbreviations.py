"""The abbreviations that the search knows, kept by those who may set up events in a programme."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from werkzeug.wrappers import Response
from wtforms import StringField, ValidationError

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.forms import AtMost, ButtonForm, CarriedNumber, Form, Given, error_list, line
from webapp.blueprints.manage.events import creatable
from webapp.errors import DomainError
from webapp.models.passages import SearchAbbreviation
from webapp.queries import passages as queries
from webapp.searching import split
from webapp.services import passages as services
from webapp.transaction import attempt

bp = Blueprint("abbreviations", __name__, url_prefix="/abbreviations")

Answer = str | Response | tuple[str, int]
LONGEST_SHORT, LONGEST_LONG = 20, 200


class AbbreviationForm(Form):
    """What is written short, and what it stands for."""

    version = CarriedNumber()
    short = StringField(
        "Abbreviation",
        widget=GovTextInput(),
        filters=[line],
        description="As it is written, without an s at its end. For example, MACPT",
        validators=[Given("Enter the abbreviation"), AtMost(LONGEST_SHORT, "Abbreviation")],
    )
    long = StringField(
        "What it stands for",
        widget=GovTextInput(),
        filters=[line],
        validators=[Given("Enter what it stands for"), AtMost(LONGEST_LONG, "What it stands for")],
    )
    order = ("short", "long")

    def validate_short(self, field: StringField) -> None:
        """Refuse what is not one word of two letters or digits at least."""
        words = split(field.data or "")
        if len(words) != 1 or len(words[0].folded) < 2 or " " in (field.data or ""):
            raise ValidationError("Abbreviation must be one word of two letters or digits or more")

    def validate_long(self, field: StringField) -> None:
        """Refuse what has fewer than two words: the search finds the forms of a word by itself."""
        if len(split(field.data or "")) < 2:
            raise ValidationError("What it stands for must be two words or more")


@bp.get("")
@allow(Who.ORGANISER)
def index() -> str:
    """All abbreviations and what they stand for."""
    creatable()
    return render_template("manage/abbreviations/index.html", found=queries.abbreviations())


@bp.route("/new", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def new() -> Answer:
    """Put an abbreviation on the list."""
    creatable()
    form = AbbreviationForm()
    if form.validate_on_submit():
        try:
            with attempt():
                services.add_abbreviation(
                    str(form.short.data), str(form.long.data), actor=current_user.actor, now=clock.now()
                )
        except services.AbbreviationRefused as refused:
            return _page(form, None, refused)
        flash(f"The search knows “{form.short.data}” now.", "success")
        return redirect(url_for(".index"))
    return _page(form, None)


@bp.route("/<abbreviation>/edit", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def edit(abbreviation: str) -> Answer:
    """Change an abbreviation."""
    creatable()
    found = queries.get_abbreviation(abbreviation)
    form = AbbreviationForm(obj=found)
    if form.validate_on_submit():
        try:
            with attempt():
                services.change_abbreviation(
                    found.id,
                    str(form.short.data),
                    str(form.long.data),
                    version=form.version.data or 0,
                    actor=current_user.actor,
                    now=clock.now(),
                )
        except (services.AbbreviationRefused, services.AbbreviationChanged) as refused:
            return _page(form, queries.get_abbreviation(abbreviation), refused)
        flash("It is saved.", "success")
        return redirect(url_for(".index"))
    return _page(form, found)


@bp.route("/<abbreviation>/remove", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def remove(abbreviation: str) -> Answer:
    """Take an abbreviation off the list, after asking."""
    creatable()
    found = queries.get_abbreviation(abbreviation)
    form = ButtonForm()
    if form.validate_on_submit():
        with attempt():
            services.remove_abbreviation(found.id, actor=current_user.actor, now=clock.now())
        flash("The search does not know it any more.", "success")
        return redirect(url_for(".index"))
    page = render_template("manage/abbreviations/remove.html", abbreviation=found, form=form)
    return page, 422 if form.is_submitted() else 200


def _page(form: AbbreviationForm, found: SearchAbbreviation | None, refused: DomainError | None = None) -> Answer:
    if refused is not None:
        form.form_errors = [refused.message]
    page = render_template("manage/abbreviations/edit.html", form=form, abbreviation=found, errors=error_list(form))
    return page, refused.status if refused is not None else 422 if form.is_submitted() else 200
