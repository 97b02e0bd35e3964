"""Single questions of a survey: added, changed, moved, deleted."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.exceptions import abort
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.forms import ButtonForm
from webapp.blueprints.manage.surveys import bp
from webapp.blueprints.manage.surveys.building import list_page, problem_of
from webapp.blueprints.manage.surveys.doors import building, put, save
from webapp.blueprints.manage.surveys.question_forms import PlaceForm, SurveyQuestionForm
from webapp.blueprints.merging import Difference
from webapp.errors import DomainError
from webapp.models.surveys import Survey
from webapp.models.surveys_asked import Kind, Question, Section
from webapp.services import surveys as services
from webapp.transaction import attempt


@bp.route("/surveys/<survey>/sections/<int:section>/questions/new", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def new_question(survey: str, section: int) -> str | Response | tuple[str, int]:
    """Add a question at the end of a section."""
    found = building(survey)
    form, status = SurveyQuestionForm.of(found.written, None, found.version), 200
    home = services.get_section(found.written, section)
    if form.validate_on_submit():
        try:
            with attempt():
                no = services.add_question(found.id, section, form.wording(), actor=current_user.actor, now=clock.now())
        except DomainError as refused:
            put(form, refused)
            status = 422 if isinstance(refused, services.SurveyRefused) else refused.status
        else:
            flash("The question is added at the end of its section.", "success")
            return redirect(url_for(".questions", survey=survey) + f"#question-{no}")
    elif form.is_submitted():
        status = 422
    return _page(building(survey), form, home, None), status


@bp.route("/surveys/<survey>/questions/<int:no>", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def question(survey: str, no: int) -> str | Response | tuple[str, int]:
    """Change a question; where somebody else was quicker, nothing is lost and what stands now is shown."""
    found = building(survey)
    if request.method == "POST" and found.written.question(no) is None:
        return _gone(found), 409
    form, status = _form_of(found, no), 200
    theirs: Sequence[Difference] = ()
    if form.validate_on_submit():
        theirs, status = save(
            form,
            lambda: services.edit_question(
                found.id,
                no,
                form.wording(),
                section=form.home,
                version=form.version.data or 0,
                actor=current_user.actor,
                now=clock.now(),
            ),
            lambda: _form_of(building(survey), no, sent=False),
            found.id,
        )
        if not status:
            flash("The question is saved.", "success")
            return redirect(url_for(".questions", survey=survey) + f"#question-{no}")
    elif form.is_submitted():
        status = 422
    stands = building(survey)
    home = stands.written.section_of(no)
    return _page(stands, form, home, services.get_question(stands.written, no), theirs), status


@bp.post("/surveys/<survey>/questions/<int:no>/move")
@allow(Who.ORGANISER)
def move_question(survey: str, no: int) -> Response | tuple[str, int]:
    """Put a question at another place: by a button, or dropped there."""
    found, form = building(survey), PlaceForm()
    if not form.validate_on_submit() or form.place.data is None:
        return list_page(found, problem_of(form) or "Choose a place"), 422
    try:
        with attempt():
            services.move_question(found.id, no, form.place.data, actor=current_user.actor, now=clock.now())
    except services.NotNow as refused:
        return list_page(building(survey), refused.message), refused.status
    flash(f"“{services.get_question(building(survey).written, no).label}” has moved.", "success")
    return redirect(url_for(".questions", survey=survey) + f"#question-{no}")


@bp.route("/surveys/<survey>/questions/<int:no>/delete", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def delete_question(survey: str, no: int) -> str | Response | tuple[str, int]:
    """Take a question out: first asks, then does."""
    found = building(survey)
    row = services.get_question(found.written, no)
    form, problem, status = ButtonForm(), "", 200
    if form.validate_on_submit():
        try:
            with attempt():
                services.remove_question(found.id, no, actor=current_user.actor, now=clock.now())
        except services.NotNow as refused:
            problem, status = refused.message, refused.status
        else:
            flash(f"“{row.label}” is deleted.", "success")
            return redirect(url_for(".questions", survey=survey))
    elif form.is_submitted():
        problem, status = form.problem, 422
    page = render_template(
        "manage/surveys/delete_question.html",
        survey=building(survey),
        question=row,
        published=_published(found, no),
        problem=problem,
    )
    return page, status


def _gone(survey: Survey) -> str:
    """The form of a new question with what was typed into one that somebody else deleted meanwhile."""
    asked = survey.written
    if not asked.sections:
        abort(404)
    chosen = request.form.get("section", "")
    home = next((one for one in asked.sections if str(one.no) == chosen), asked.sections[-1])
    form = SurveyQuestionForm.of(asked, None, survey.version)
    form.form_errors.append(
        "Somebody else deleted this question while you had it open. What you typed is still here: add it as a new one,"
        " or leave it."
    )
    return _page(survey, form, home, None)


def _form_of(survey: Survey, no: int, *, sent: bool = True) -> SurveyQuestionForm:
    asked = survey.written
    return SurveyQuestionForm.of(asked, services.get_question(asked, no), survey.version, sent=sent)


def _published(survey: Survey, no: int) -> bool:
    return any(version.document.question(no) is not None for version in survey.versions)


def _page(
    survey: Survey,
    form: SurveyQuestionForm,
    section: Section | None,
    question: Question | None,
    theirs: Sequence[Difference] = (),
) -> str:
    asked = survey.written
    earlier = services.before(asked, no=question.no if question else 0, section=section.no if section else 0)
    return render_template(
        "manage/surveys/question.html",
        survey=survey,
        form=form,
        section=section,
        question=question,
        published=question is not None and _published(survey, question.no),
        kinds=list(Kind),
        reasons=earlier,
        theirs=theirs,
    )
