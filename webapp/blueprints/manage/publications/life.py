"""From draft through review to publication, and back: of articles, and of the issues that they stand in."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.manage.publications import bp
from webapp.blueprints.manage.publications.articles import article_page
from webapp.blueprints.manage.publications.doors import Answer, managed_article, managed_issue
from webapp.blueprints.manage.publications.forms import ApproveForm, WhenForm
from webapp.blueprints.manage.publications.issues import issue_page
from webapp.errors import DomainError
from webapp.models.publications import Article, Issue
from webapp.queries import publications as queries
from webapp.services import publications as services
from webapp.templating import british_moment
from webapp.transaction import attempt

_LOOK_AGAIN = "Somebody changed this article since you opened the page. Look at how it is now before you approve it."


@bp.post("/articles/<ref:article>/review")
@allow(Who.ORGANISER)
def review(article: Ref) -> Answer:
    """Say that a draft is ready to be looked through."""
    found = managed_article(article)
    form = ButtonForm()
    if not form.validate_on_submit():
        return article_page(found, [form.problem]), 422
    with attempt():
        services.ask_for_review(found.id, actor=current_user.actor, now=clock.now())
    flash("It is in review. Somebody now has to check and approve it.", "success")
    return redirect(url_for(".article", article=found))


@bp.route("/articles/<ref:article>/approve", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def approve(article: Ref) -> Answer:
    """Say who checked an article, and let it come out with its issue or at a time of its own."""
    found = managed_article(article)
    put_right(article, found, ".approve", article=found)
    form = ApproveForm(data={**_held(found, found.publishes_at, found.issue), "checked_by": current_user.name})
    form.zone, form.stands = found.issue.zone, found.publishes_at
    is_out = found.issue.is_out(clock.now())
    at_once = "Now" if is_out else "With its issue"
    form.offer(at_once, "Later, at a time of its own")
    form.otherwise = f"Choose “{at_once}” if it is to come out {'at once' if is_out else 'no later than that'}"
    status, missing = 200, services.missing_of(found)
    if form.validate_on_submit():
        try:
            now = clock.now()
            with attempt():
                approved = services.approve(
                    found.id,
                    checked_by=str(form.checked_by.data),
                    version=form.version.data or 0,
                    at=form.chosen(),
                    actor=current_user.actor,
                    now=now,
                )
                happened = _happened(approved, found.issue, now)
        except services.NotReady as refused:
            missing, status = list(refused.sentences), refused.status
        except services.PublicationChanged as changed:
            form.form_errors, status = [_LOOK_AGAIN], changed.status
            found = managed_article(article)
            _renew(form, found.version)
        else:
            flash(f"It is approved. {happened}", "success")
            return redirect(url_for(".article", article=found))
    elif form.is_submitted():
        status = 422
    page = render_template(
        "manage/publications/approve.html",
        article=found,
        form=form,
        missing=missing,
        is_out=is_out,
        errors=error_list(form),
    )
    return page, status


@bp.post("/articles/<ref:article>/take-back")
@allow(Who.ORGANISER)
def take_article_back(article: Ref) -> Answer:
    """Make an article a draft again."""
    found = managed_article(article)
    form = ButtonForm()
    if not form.validate_on_submit():
        return article_page(found, [form.problem]), 422
    with attempt():
        services.take_article_back(found.id, actor=current_user.actor, now=clock.now())
    flash("It is a draft again. Nobody else sees it.", "success")
    return redirect(url_for(".article", article=found))


@bp.post("/issues/<ref:issue>/review")
@allow(Who.ORGANISER)
def review_issue(issue: Ref) -> Answer:
    """Say that an issue is ready to be looked through as a whole."""
    found = managed_issue(issue)
    form = ButtonForm()
    if not form.validate_on_submit():
        return issue_page(found, form.problem), 422
    with attempt():
        services.ask_for_issue_review(found.id, actor=current_user.actor, now=clock.now())
    flash("The issue is in review.", "success")
    return redirect(url_for(".issue", issue=found))


@bp.route("/issues/<ref:issue>/publish", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def publish(issue: Ref) -> Answer:
    """Publish an issue, at once or at a time."""
    found = managed_issue(issue)
    put_right(issue, found, ".publish", issue=found)
    form = WhenForm(data=_held(found, found.publishes_at, found))
    form.zone = found.zone
    form.offer("Now", "Later")
    readiness = _readiness(found)
    status, missing = 200, list(readiness.missing)
    if form.validate_on_submit():
        now = clock.now()
        at = form.chosen() or now
        try:
            with attempt():
                services.publish(found.id, at=at, version=form.version.data or 0, actor=current_user.actor, now=now)
        except services.NotReady as refused:
            missing, status = list(refused.sentences), refused.status
        except DomainError as refused:
            form.form_errors, status = [refused.message], refused.status
            found = managed_issue(issue)
            _renew(form, found.version)
        else:
            later = f"The issue is scheduled. It comes out at {british_moment(at, found.zone)}."
            flash(later if at > now else "The issue is published. It is live now.", "success")
            return redirect(url_for(".issue", issue=found))
    elif form.is_submitted():
        status = 422
    page = render_template(
        "manage/publications/publish.html",
        issue=found,
        form=form,
        missing=missing,
        advice=readiness.advice,
        stage=found.stage(clock.now()),
        errors=error_list(form),
    )
    return page, status


@bp.post("/issues/<ref:issue>/take-back")
@allow(Who.ORGANISER)
def take_back(issue: Ref) -> Answer:
    """Make an issue a draft again."""
    found = managed_issue(issue)
    form = ButtonForm()
    if not form.validate_on_submit():
        return issue_page(found, form.problem), 422
    with attempt():
        services.take_back(found.id, actor=current_user.actor, now=clock.now())
    flash("The issue is a draft again. Nobody else sees it or its articles.", "success")
    return redirect(url_for(".issue", issue=found))


def _happened(article: Article, issue: Issue, now: datetime) -> str:
    """When everybody can read an article that was approved, in a sentence."""
    at = article.comes_out_at(issue)
    if at is not None:
        return "It is live now." if at <= now else f"It comes out at {british_moment(at, issue.zone)}."
    if article.publishes_at is None or article.publishes_at <= now:
        return "It comes out with its issue."
    return f"It comes out with its issue, but not before {british_moment(article.publishes_at, issue.zone)}."


def _held(thing: Article | Issue, at: datetime | None, issue: Issue) -> dict[str, Any]:
    """What the form of a time holds at first: the time that was chosen, or the next thing, at once."""
    local = at.astimezone(issue.timezone) if at else None
    return {
        "version": thing.version,
        "when": WhenForm.LATER if local else WhenForm.NOW,
        "day": local and local.date(),
        "at": local and local.time(),
    }


def _readiness(issue: Issue) -> services.Readiness:
    return services.readiness_of_issue(issue, queries.articles_in(issue.id))


def _renew(form: WhenForm, version: int) -> None:
    form.version.data, form.version.raw_data = version, None
