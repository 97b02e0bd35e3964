"""Issues: begun, described, given a cover, their articles put in order."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints import uploads
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.manage.publications import bp
from webapp.blueprints.manage.publications.article_forms import CoverForm
from webapp.blueprints.manage.publications.doors import Answer, holder, managed, managed_issue
from webapp.blueprints.manage.publications.forms import IssueForm
from webapp.blueprints.merging import Difference, merge
from webapp.formats.photos import LARGEST
from webapp.models.publications import Article, Issue, Remark, Stage
from webapp.models.surveys import Survey
from webapp.queries import publications as queries
from webapp.services import publications as services
from webapp.transaction import attempt


@bp.route("/<ref:publication>/issues/new", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def new_issue(publication: Ref) -> Answer:
    """Begin an issue."""
    found = managed(publication)
    put_right(publication, found, ".new_issue", publication=found)
    surveys = queries.surveys_to_attach(found.programme_id)
    form, status = IssueForm.of(None, surveys, number=queries.last_number(found.id) + 1), 200
    if form.validate_on_submit():
        try:
            with attempt():
                made = services.draft_issue(found.id, form.words(), actor=current_user.actor, now=clock.now())
        except services.PublicationRefused as refused:
            form.number.errors, status = [refused.message], refused.status
        else:
            flash("The issue is created. Add its articles.", "success")
            return redirect(url_for(".issue", issue=made))
    elif form.is_submitted():
        status = 422
    page = render_template("manage/publications/new_issue.html", publication=found, form=form, errors=error_list(form))
    return page, status


@bp.get("/issues/<ref:issue>")
@allow(Who.ORGANISER)
def issue(issue: Ref) -> str:
    """An issue: how it stands, its articles in order, and what is missing before it is published."""
    found = managed_issue(issue)
    put_right(issue, found, ".issue", issue=found)
    return issue_page(found)


@bp.route("/issues/<ref:issue>/about", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def about_issue(issue: Ref) -> Answer:
    """Change what an issue says of itself."""
    found = managed_issue(issue)
    put_right(issue, found, ".about_issue", issue=found)
    surveys = _surveys(found)
    form, status = IssueForm.of(found, surveys), 200
    theirs: Sequence[Difference] = ()
    if form.validate_on_submit():
        version, actor = form.version.data or 0, current_user.actor
        try:
            with attempt():
                services.describe_issue(found.id, form.words(), version=version, actor=actor, now=clock.now())
        except services.PublicationChanged as changed:
            found = managed_issue(issue)
            theirs, status = merge(form, IssueForm.of(found, surveys, fresh=True)), changed.status
            form.form_errors = [changed.message]
        except services.PublicationRefused as refused:
            found = managed_issue(issue)
            form.number.errors, status = [refused.message], refused.status
        else:
            flash("It is saved.", "success")
            return redirect(url_for(".issue", issue=found))
    elif form.is_submitted():
        status = 422
    page = render_template(
        "manage/publications/about_issue.html", issue=found, form=form, theirs=theirs, errors=error_list(form)
    )
    return page, status


@bp.route("/issues/<ref:issue>/cover", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def cover(issue: Ref) -> Answer:
    """Give an issue a picture on its cover, or take it off."""
    uploads.expect(LARGEST, "A picture")
    found = managed_issue(issue)
    form = CoverForm(data={"alt": found.cover_alt or "", "is_decoration": found.cover_alt == ""})
    form.thing, form.holder, form.needs_picture = found.public_id, holder(), found.cover_id is None
    if form.validate_on_submit():
        alt = form.alt.data or ("" if form.is_decoration.data else None)
        picture = form.taken.written if form.taken else None
        removes = bool(form.removes.data)
        actor, now = current_user.actor, clock.now()
        with attempt():
            services.set_cover(found.id, picture, alt, actor=actor, now=now, removes=removes)
        flash("The cover is saved.", "success")
        return redirect(url_for(".issue", issue=found))
    page = render_template("manage/publications/cover.html", issue=found, form=form, errors=error_list(form))
    return page, 422 if form.is_submitted() else 200


@bp.post("/issues/<ref:issue>/move")
@allow(Who.ORGANISER)
def move(issue: Ref) -> Answer:
    """Move an article up or down by one."""
    found = managed_issue(issue)
    form = ButtonForm()
    up, down = request.form.get("up", ""), request.form.get("down", "")
    articles = {one.public_id: one for one in queries.articles_in(found.id)}
    moved = articles.get(up or down)
    if not form.validate_on_submit() or moved is None:
        return issue_page(found, form.problem or "Choose an article of this issue."), 422
    with attempt():
        services.move(moved.id, up=bool(up), actor=current_user.actor, now=clock.now())
    return redirect(url_for(".issue", issue=found, _anchor=f"a-{moved.public_id}"))


@bp.post("/issues/<ref:issue>/remarks")
@allow(Who.ORGANISER)
def tick_off(issue: Ref) -> Answer:
    """Say of something that was in doubt that it was looked at."""
    found = managed_issue(issue)
    form, no = ButtonForm(), request.form.get("done", "")
    if not form.validate_on_submit() or not (no.isascii() and no.isdecimal()):
        return issue_page(found, form.problem or "Choose one of the things to look at."), 422
    try:
        with attempt():
            services.tick_off(found.id, int(no[:9]), actor=current_user.actor, now=clock.now())
    except services.PublicationRefused as refused:
        return issue_page(managed_issue(issue), refused.message), refused.status
    return redirect(url_for(".issue", issue=found, _anchor="remarks"))


def issue_page(issue: Issue, problem: str = "") -> str:
    """The page of an issue for its editors."""
    articles = queries.articles_in(issue.id)
    now = clock.now()
    return render_template(
        "manage/publications/issue.html",
        issue=issue,
        articles=[(one, one.stage(issue, now), services.readiness_of(one)) for one in articles],
        readiness=services.readiness_of_issue(issue, articles),
        stage=issue.stage(now),
        remarks=_remarks(issue, articles) if issue.stage(now) is not Stage.OUT else [],
        problem=problem,
    )


def _remarks(issue: Issue, articles: Sequence[Article]) -> list[tuple[int, Remark, Article | None]]:
    """What nobody looked at yet, by its number, each with its article where that is still there."""
    by_id, by_title = {one.public_id: one for one in articles}, {one.title: one for one in articles}
    open_ones = [(no, one) for no, one in enumerate(issue.remarks) if not one.get("done")]
    return [(no, one, by_id.get(one.get("article_id", ""), by_title.get(one["article"]))) for no, one in open_ones]


def _surveys(issue: Issue) -> list[Survey]:
    """Those that can be attached, and the one that is, whatever became of it."""
    surveys = queries.surveys_to_attach(issue.publication.programme_id)
    if issue.survey is not None and issue.survey_id not in {one.id for one in surveys}:
        surveys.append(issue.survey)
    return surveys
