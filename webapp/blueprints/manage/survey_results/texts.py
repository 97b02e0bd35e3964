"""What people wrote: searched, and given themes by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response
from wtforms import StringField

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.forms import ButtonForm, Form, error_list, line, page_number
from webapp.blueprints.manage.survey_results import bp, doors
from webapp.errors import DomainError, NotFound
from webapp.folding import clean_line
from webapp.guarding import examine
from webapp.models.accounts import Power
from webapp.models.surveys import REMOVED, Survey, SurveyTheme
from webapp.models.surveys_asked import Question
from webapp.queries.paging import Page
from webapp.queries.surveys import texts as queries
from webapp.queries.surveys.texts import Wanted, Written
from webapp.services.surveys import removing
from webapp.services.surveys import themes as services
from webapp.transaction import attempt

LONGEST_SEARCH = 100


class ThemeForm(Form):
    """A new theme."""

    name = StringField("New theme", widget=GovTextInput(), filters=[line])


@dataclass(frozen=True)
class TextSearch:
    """Which texts, as the address says."""

    words: str
    theme: str
    page: int

    @classmethod
    def of(cls, args: MultiDict[str, str]) -> "TextSearch":
        """The search of an address; what cannot be understood is left out."""
        words = clean_line(args.get("q", ""))[:LONGEST_SEARCH]
        return cls(words, args.get("theme", "")[:12], page_number(args.get("page", "")))

    def query(self, **changes: str | int) -> str:
        """The search as the query of an address, with some values changed."""
        values = {"q": self.words, "theme": self.theme, "page": self.page if self.page > 1 else ""} | changes
        return urlencode({name: value for name, value in values.items() if value})


@bp.get("/texts/<int:text>")
@allow(Who.ORGANISER)
def texts(survey: str, text: int) -> str:
    """What was written in answer to one question."""
    found, asked = _reading(survey, text)
    return _page(found, asked, TextSearch.of(request.args), ThemeForm(formdata=None))


@bp.post("/texts/<int:text>")
@allow(Who.ORGANISER)
def put_themes(survey: str, text: int) -> Response | tuple[str, int]:
    """Put the themes on the texts of one page as they are ticked; only what changed since it was shown is touched."""
    found, asked = _reading(survey, text)
    form, search = ButtonForm(), TextSearch.of(request.args)
    if not form.validate_on_submit():
        return _page(found, asked, search, ThemeForm(formdata=None), form), 422
    known = {theme.public_id: theme.id for theme, _ in queries.themes_of(found.id, asked.no)}
    shown, _ = _shown(found, asked, search)
    changes = _changes(shown, known, request.form)
    with attempt():
        services.put_themes(found.id, asked.no, changes)
    flash("Themes saved.")
    return redirect(url_for(".texts", survey=survey, text=asked.no) + f"?{search.query()}")


@bp.post("/texts/<int:text>/themes")
@allow(Who.ORGANISER)
def add_theme(survey: str, text: int) -> Response | tuple[str, int]:
    """Name another theme."""
    found, asked = _reading(survey, text)
    form, search = ThemeForm(), TextSearch.of(request.args)
    if form.validate_on_submit():
        try:
            with attempt():
                services.add_theme(found.id, asked.no, form.name.data or "")
            return redirect(url_for(".texts", survey=survey, text=asked.no) + f"?{search.query()}#themes")
        except DomainError as refused:
            form.name.errors = [refused.message]
    return _page(_reading(survey, text)[0], asked, search, form), 422


@bp.route("/texts/<int:text>/themes/<theme>/remove", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def remove_theme(survey: str, text: int, theme: str) -> Response | str | tuple[str, int]:
    """Remove a theme, after asking."""
    found, asked = _reading(survey, text)
    form = ButtonForm()
    if form.validate_on_submit():
        with attempt():
            services.remove_theme(found.id, theme)
        return redirect(url_for(".texts", survey=survey, text=asked.no) + "#themes")
    page = render_template(
        "manage/survey_results/remove_theme.html",
        survey=found,
        question=asked,
        theme=queries.get_theme(found.id, theme),
        errors=error_list(form),
    )
    return (page, 422) if form.is_submitted() else page


@bp.route("/texts/<int:text>/<written>/remove", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def remove_text(survey: str, text: int, written: str) -> Response | str | tuple[str, int]:
    """Remove a text for good, after showing it."""
    found, asked = _reading(survey, text)
    if not doors.shows_texts(found, asked.no):
        raise NotFound
    form, status = ButtonForm(), 200
    read = _written(found, asked, written)
    if form.validate_on_submit() and request.form.get("read") == _digest(read.text):
        try:
            with attempt():
                removing.remove_text(
                    found.id,
                    asked.no,
                    read.response_id,
                    text=read.text,
                    actor=current_user.actor,
                    now=clock.now(),
                )
            flash("The text is removed.", "success")
            return redirect(url_for(".texts", survey=survey, text=asked.no))
        except removing.TextChanged:
            read = _written(*_reading(survey, text), written)
    if form.is_submitted():
        status = 422 if form.problem else 409
    problem = form.problem or (removing.TextChanged.message if status == 409 else "")
    page = render_template(
        "manage/survey_results/remove_text.html",
        survey=found,
        question=asked,
        written=read,
        read=_digest(read.text),
        errors=[{"text": problem}] if problem else [],
    )
    return page, status


def _written(survey: Survey, question: Question, name: str) -> Written:
    found = queries.find_written(survey, question.no, name)
    if found is None:
        raise NotFound
    return found


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:20]


def _reading(public_id: str, number: int) -> tuple[Survey, Question]:
    survey = doors.looking(public_id, Power.READ_ANSWERS)
    question = next((one for one in doors.questions_with_texts(survey) if one.no == number), None)
    if question is None:
        raise NotFound
    return survey, question


def _shown(survey: Survey, question: Question, search: TextSearch) -> tuple[Page[Written], SurveyTheme | None]:
    if not doors.shows_texts(survey, question.no):
        return Page([], 1, queries.AT_A_TIME, 0), None
    theme = queries.get_theme(survey.id, search.theme) if search.theme else None
    wanted = Wanted(search.words, theme.id if theme else None)
    return queries.texts_of(survey, question.no, wanted, page=search.page), theme


def _changes(
    shown: Page[Written], known: Mapping[str, int], given: MultiDict[str, str]
) -> dict[int, tuple[set[int], set[int]]]:
    """What was ticked and what was not any more, against what the page held when it was shown."""
    changes = {}
    for one in shown.rows:
        if f"was-{one.name}" not in given:
            continue
        was = {known[theme] for theme in given[f"was-{one.name}"].split() if theme in known}
        ticked = {known[theme] for theme in given.getlist(f"themes-{one.name}") if theme in known}
        if was != ticked:
            changes[one.response_id] = (ticked - was, was - ticked)
    return changes


def _page(
    survey: Survey, question: Question, search: TextSearch, form: ThemeForm, button: ButtonForm | None = None
) -> str:
    shown, theme = _shown(survey, question, search)
    return render_template(
        "manage/survey_results/texts.html",
        survey=survey,
        question=question,
        search=search,
        shown=shown,
        theme=theme,
        themes=queries.themes_of(survey.id, question.no),
        may_read=doors.shows_texts(survey, question.no),
        doubtful={one.name for one in shown.rows if examine(one.text)},
        removed=REMOVED,
        over=doors.is_over(survey),
        form=form,
        errors=[*error_list(form), *(error_list(button) if button else [])],
        may_build=doors.has(Power.SET_UP, survey),
    )
