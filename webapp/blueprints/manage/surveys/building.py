"""What a survey asks, as it is being written: the list of it, its sections, and the words around them."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.forms import ButtonForm
from webapp.blueprints.manage.surveys import bp
from webapp.blueprints.manage.surveys.doors import building, put, save
from webapp.blueprints.manage.surveys.forms import TextsForm
from webapp.blueprints.manage.surveys.question_forms import PlaceForm, SectionForm
from webapp.blueprints.merging import Difference
from webapp.errors import DomainError
from webapp.models.surveys import Survey
from webapp.models.surveys_asked import Section
from webapp.queries import surveys as queries
from webapp.services import surveys as services
from webapp.transaction import attempt


@bp.get("/surveys/<survey>/questions")
@allow(Who.ORGANISER)
def questions(survey: str) -> str:
    """Sections and questions in their order, as people will see them."""
    return list_page(building(survey))


@bp.route("/surveys/<survey>/texts", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def texts(survey: str) -> str | Response | tuple[str, int]:
    """Change what is said before and after the questions."""
    found = building(survey)
    form, status = _texts_of(found), 200
    theirs: Sequence[Difference] = ()
    if form.validate_on_submit():
        theirs, status = save(
            form,
            lambda: services.set_texts(
                found.id,
                introduction=form.introduction.data,
                thanks=form.thanks.data,
                version=form.version.data or 0,
                actor=current_user.actor,
                now=clock.now(),
            ),
            lambda: _texts_of(building(survey), sent=False),
            found.id,
        )
        if not status:
            flash("The texts are saved.", "success")
            return redirect(url_for(".questions", survey=survey))
    elif form.is_submitted():
        status = 422
    return render_template("manage/surveys/texts.html", survey=building(survey), form=form, theirs=theirs), status


@bp.route("/surveys/<survey>/sections/new", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def new_section(survey: str) -> str | Response | tuple[str, int]:
    """Add a section at the end."""
    found = building(survey)
    form, status = SectionForm.of(_sessions(found), None, found.version), 200
    if form.validate_on_submit():
        try:
            with attempt():
                no = services.add_section(
                    found.id, form.title.data, form.help.data, form.chosen, actor=current_user.actor, now=clock.now()
                )
        except DomainError as refused:
            put(form, refused)
            status = refused.status
        else:
            flash("The section is added at the end. Now add its questions.", "success")
            return redirect(url_for(".questions", survey=survey) + f"#section-{no}")
    elif form.is_submitted():
        status = 422
    return _section_page(building(survey), form, None), status


@bp.post("/surveys/<survey>/about-you")
@allow(Who.ORGANISER)
def add_about_you(survey: str) -> Response | tuple[str, int]:
    """Add questions about who answers, by which results are split."""
    found, form = building(survey), ButtonForm()
    if not form.validate_on_submit():
        return list_page(found, form.problem), 422
    try:
        with attempt():
            no = services.add_about_you(found.id, actor=current_user.actor, now=clock.now())
    except DomainError as refused:
        return list_page(building(survey), refused.message), refused.status
    flash("Two questions about the person are added at the end. Change them as you need.", "success")
    return redirect(url_for(".questions", survey=survey) + f"#section-{no}")


@bp.route("/surveys/<survey>/sections/<int:section>", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def section(survey: str, section: int) -> str | Response | tuple[str, int]:
    """Change the words of a section, and what session it is about."""
    found = building(survey)
    form, status = _section_of(found, section), 200
    theirs: Sequence[Difference] = ()
    if form.validate_on_submit():
        theirs, status = save(
            form,
            lambda: services.edit_section(
                found.id,
                section,
                form.title.data,
                form.help.data,
                form.chosen,
                version=form.version.data or 0,
                actor=current_user.actor,
                now=clock.now(),
            ),
            lambda: _section_of(building(survey), section, sent=False),
            found.id,
        )
        if not status:
            flash("The section is saved.", "success")
            return redirect(url_for(".questions", survey=survey) + f"#section-{section}")
    elif form.is_submitted():
        status = 422
    stands = building(survey)
    return _section_page(stands, form, services.get_section(stands.written, section), theirs), status


@bp.post("/surveys/<survey>/sections/<int:section>/move")
@allow(Who.ORGANISER)
def move_section(survey: str, section: int) -> Response | tuple[str, int]:
    """Put a section at another place."""
    found, form = building(survey), PlaceForm()
    if not form.validate_on_submit():
        return list_page(found, problem_of(form)), 422
    try:
        with attempt():
            services.move_section(found.id, section, form.place.data or 1, actor=current_user.actor, now=clock.now())
    except services.NotNow as refused:
        return list_page(building(survey), refused.message), refused.status
    title = services.get_section(building(survey).written, section).title
    flash(f"The section “{title}” has moved.", "success")
    return redirect(url_for(".questions", survey=survey) + f"#section-{section}")


@bp.route("/surveys/<survey>/sections/<int:section>/delete", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def delete_section(survey: str, section: int) -> str | Response | tuple[str, int]:
    """Take a section out with its questions: first asks, then does."""
    found = building(survey)
    row = services.get_section(found.written, section)
    form, problem, status = ButtonForm(), "", 200
    if form.validate_on_submit():
        try:
            with attempt():
                services.remove_section(found.id, section, actor=current_user.actor, now=clock.now())
        except services.NotNow as refused:
            problem, status = refused.message, refused.status
        else:
            flash(f"The section “{row.title}” is deleted.", "success")
            return redirect(url_for(".questions", survey=survey))
    elif form.is_submitted():
        problem, status = form.problem, 422
    page = render_template("manage/surveys/delete_section.html", survey=building(survey), section=row, problem=problem)
    return page, status


def list_page(survey: Survey, problem: str = "") -> str:
    """The page of all questions, with what is wrong."""
    return render_template(
        "manage/surveys/questions.html",
        survey=survey,
        asked=survey.written,
        sessions=dict(_sessions(survey)),
        is_as_published=services.is_as_published(survey),
        problem=problem,
    )


def problem_of(form: PlaceForm) -> str:
    """All that is wrong with a form of a button."""
    return "; ".join(str(one) for errors in form.errors.values() for one in errors)


def _sessions(survey: Survey) -> list[tuple[str, str]]:
    return [(one.public_id, one.title) for one in queries.sessions_to_ask_about(survey.event_id)]


def _texts_of(survey: Survey, *, sent: bool = True) -> TextsForm:
    asked = survey.written
    data = {"version": survey.version, "introduction": asked.introduction, "thanks": asked.thanks}
    return TextsForm(data=data) if sent else TextsForm(formdata=None, data=data)


def _section_of(survey: Survey, no: int, *, sent: bool = True) -> SectionForm:
    section = services.get_section(survey.written, no)
    return SectionForm.of(_sessions(survey), section, survey.version, sent=sent)


def _section_page(survey: Survey, form: SectionForm, section: Section | None, theirs: Sequence[Difference] = ()) -> str:
    return render_template("manage/surveys/section.html", survey=survey, form=form, section=section, theirs=theirs)
