"""One survey as a whole: how it stands, for whom it is, how it looks, and what becomes of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from markupsafe import Markup
from werkzeug.exceptions import abort
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow, may_look_after
from webapp.blueprints.forms import ButtonForm, CarriedNumber, page_number
from webapp.blueprints.manage.mailings.words import COLOURS
from webapp.blueprints.manage.surveys import bp
from webapp.blueprints.manage.surveys.doors import building, looking, save
from webapp.blueprints.manage.surveys.forms import PRIVACY_HINTS, SettingsForm
from webapp.blueprints.manage.surveys.inviting import inviting
from webapp.blueprints.merging import Difference
from webapp.errors import DomainError
from webapp.formats.qr import qr_png, qr_svg
from webapp.models.accounts import Power
from webapp.models.surveys import AskedOf, Survey
from webapp.models.surveys_asked import Asked
from webapp.queries import surveys as queries
from webapp.services import surveys as services
from webapp.templating import base_url
from webapp.transaction import attempt

ALL = "all"
# Pixels for each module of a square code: about 800 across, sharp on a slide.
CODE_SCALE = 20


@dataclass(frozen=True)
class Step:
    """Something that can become of a survey: its verb, the question before, what it means, its button, what is done."""

    act: Callable[..., object]
    question: str
    meaning: str
    button: str
    done: str


STEPS = {
    "close": Step(
        services.close,
        "Close this survey?",
        "Nobody can answer it any more. Answers that were begun and not sent are kept for 14 days, in case you open it"
        " again, and are then deleted. An anonymous survey cannot be opened again once its answers were taken out of"
        " their box, which is at once where enough people answered.",
        "Close it",
        "The survey is closed.",
    ),
    "reopen": Step(
        services.reopen,
        "Open this survey again?",
        "People can answer it again. A closing date that has passed is taken out.",
        "Open it again",
        "The survey is open again.",
    ),
    "archive": Step(
        services.archive,
        "Archive this survey?",
        "It is put out of the way. Its results stay, and it can be brought back.",
        "Archive it",
        "The survey is archived.",
    ),
    "bring-back": Step(
        services.bring_back,
        "Bring this survey back?",
        "It comes back as a closed survey.",
        "Bring it back",
        "The survey is back, and closed.",
    ),
}


class PublishForm(ButtonForm):
    """A button that says which state of the survey was looked at."""

    version = CarriedNumber()


@bp.get("/surveys/<survey>")
@allow(Who.ORGANISER)
def show(survey: str) -> str:
    """How the survey stands, and what can be done with it."""
    return show_page(looking(survey))


def show_page(found: Survey, *, problem: str = "") -> str:
    """The page of one survey, with a sentence when something about it was refused."""
    now = clock.now()
    address = _address(found) if found.number else ""
    return render_template(
        "manage/surveys/show.html",
        survey=found,
        address=address,
        svg=Markup(qr_svg(address, title="The address of the survey, as a square code"))  # noqa: S704 -- our format's
        if address
        else "",
        inviting=inviting(found, now=now),
        colours=COLOURS,
        problem=problem,
        stage=found.stage(now),
        session=queries.session_of(found),
        versions=queries.versions_of(found),
        sent=queries.count_sent(found.id),
        answered=queries.anything_answered(found.id),
        is_as_published=services.is_as_published(found),
        may_build=may_look_after(current_user, Power.SET_UP, found),
    )


@bp.get("/surveys/<survey>/address.png")
@allow(Who.ORGANISER)
def address_code(survey: str) -> Response:
    """The address of a published survey as a square code, to be put on a slide."""
    found = looking(survey)
    if not found.number:
        abort(404)
    response = Response(qr_png(_address(found), CODE_SCALE), mimetype="image/png")
    response.headers.set("Content-Disposition", "attachment", filename=f"survey-{found.public_id}.png")
    return response


def _address(survey: Survey) -> str:
    return base_url() + url_for("surveys.show", survey=survey.public_id)


@bp.route("/surveys/<survey>/settings", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def settings(survey: str) -> str | Response | tuple[str, int]:
    """Change for whom the survey is, when, and how private."""
    found = building(survey)
    form, status = SettingsForm.of(found), 200
    theirs: Sequence[Difference] = ()
    if form.validate_on_submit():
        theirs, status = save(
            form,
            lambda: services.change_settings(
                found.id,
                form.settings(),
                version=form.version.data or 0,
                actor=current_user.actor,
                now=clock.now(),
            ),
            lambda: SettingsForm.of(building(survey), formdata=None),
            found.id,
        )
        if not status:
            flash("The settings are saved.", "success")
            return redirect(url_for(".show", survey=survey))
    elif form.is_submitted():
        status = 422
    page = render_template(
        "manage/surveys/settings.html",
        survey=building(survey),
        form=form,
        privacies=PRIVACY_HINTS,
        groups=list(AskedOf),
        session=queries.session_of(found),
        theirs=theirs,
    )
    return page, status


@bp.get("/surveys/<survey>/preview")
@allow(Who.ORGANISER)
def preview(survey: str) -> str:
    """What is being written, as people will see it: all on one page, or one question a page."""
    found = looking(survey)
    return _preview(found, found.written, 0)


@bp.get("/surveys/<survey>/versions/<int:number>")
@allow(Who.ORGANISER)
def version(survey: str, number: int) -> str:
    """What a version asked."""
    found = looking(survey)
    return _preview(found, queries.get_version(found, number).document, number)


@bp.route("/surveys/<survey>/publish", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def publish(survey: str) -> str | Response | tuple[str, int]:
    """Publish what is written, after a look at what it means and what is in the way."""
    found = building(survey)
    form, problem, status = PublishForm(data={"version": found.version}), "", 200
    if form.validate_on_submit():
        try:
            with attempt():
                made = services.publish(
                    found.id, version=form.version.data or 0, actor=current_user.actor, now=clock.now()
                )
        except DomainError as refused:
            problem, status = refused.message, refused.status
        else:
            flash(f"Version {made.number} is published.", "success")
            return redirect(url_for(".show", survey=survey))
    elif form.is_submitted():
        problem, status = form.problem, 422
    stands, now = building(survey), clock.now()
    page = render_template(
        "manage/surveys/publish.html",
        survey=stands,
        hindrances=services.hindrances(stands, now=now),
        advice=services.advice(stands, now=now),
        asked=stands.written,
        problem=problem,
    )
    return page, status


@bp.route("/surveys/<survey>/<any(close,reopen,archive,'bring-back'):step>", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def become(survey: str, step: str) -> str | Response | tuple[str, int]:
    """Close the survey, open it again, archive it or bring it back: first asks, then does."""
    found, taken = building(survey), STEPS[step]
    form, problem, status = ButtonForm(), "", 200
    if form.validate_on_submit():
        try:
            with attempt():
                taken.act(found.id, actor=current_user.actor, now=clock.now())
        except services.NotNow as refused:
            problem, status = refused.message, refused.status
        else:
            flash(taken.done, "success")
            return redirect(url_for(".show", survey=survey))
    elif form.is_submitted():
        problem, status = form.problem, 422
    page = render_template(
        "manage/surveys/become.html", survey=building(survey), step=step, words=taken, problem=problem
    )
    return page, status


@bp.route("/surveys/<survey>/delete", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def delete(survey: str) -> str | Response | tuple[str, int]:
    """Delete a survey that nobody has answered: first asks, then does."""
    found = building(survey)
    form, problem, status = ButtonForm(), "", 200
    if form.validate_on_submit():
        event = found.event
        try:
            with attempt():
                services.delete(found.id, actor=current_user.actor, now=clock.now())
        except services.NotNow as refused:
            problem, status = refused.message, refused.status
        else:
            flash(f"“{found.title}” is deleted.", "success")
            return redirect(url_for(".of_event", event=event) if event else url_for(".index"))
    elif form.is_submitted():
        problem, status = form.problem, 422
    elif queries.anything_answered(found.id):
        problem = "Somebody has answered this survey, or has begun to, so it cannot be deleted. Close and archive it."
    return render_template("manage/surveys/delete.html", survey=building(survey), problem=problem), status


def _preview(survey: Survey, asked: Asked, number: int) -> str:
    """The pages that people go through, one or all together; `number` is the version's, 0 for what is written."""
    pages = [(section, question) for section in asked.sections for question in section.questions]
    way = request.args.get("page", ALL)
    place = 0 if way == ALL else min(page_number(way), len(pages))
    if place and not pages:
        abort(404)
    return render_template(
        "manage/surveys/preview.html",
        survey=survey,
        asked=asked,
        number=number,
        place=place,
        pages=pages,
        sessions={one.public_id: one.title for one in queries.sessions_to_ask_about(survey.event_id)},
    )
