"""Articles: begun, credited to their authors, taken out."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.manage.publications import bp
from webapp.blueprints.manage.publications.article_forms import CreditForm, NewArticleForm, credit_form
from webapp.blueprints.manage.publications.doors import Answer, in_review_again, managed_article, managed_issue
from webapp.blueprints.merging import Difference, merge
from webapp.models.publications import Article, ArticleKind
from webapp.queries import publications as queries
from webapp.queries.programmes import themes_of
from webapp.services import publications as services
from webapp.services.publications import ArticleWords, DraftArticle
from webapp.transaction import attempt


@bp.route("/issues/<ref:issue>/articles/new", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def new_article(issue: Ref) -> Answer:
    """Begin an article at the end of an issue."""
    found = managed_issue(issue)
    put_right(issue, found, ".new_article", issue=found)
    form, status = NewArticleForm(), 200
    if form.validate_on_submit():
        words = ArticleWords(title=str(form.title.data), kind=ArticleKind(form.kind.data))
        try:
            with attempt():
                made = services.add_article(
                    found.id, DraftArticle(words=words), actor=current_user.actor, now=clock.now()
                )
        except services.PublicationRefused as refused:
            form.form_errors, status = [refused.message], refused.status
        else:
            flash("The article is created. Write its text, or paste it in.", "success")
            return redirect(url_for(".write", article=made))
    elif form.is_submitted():
        status = 422
    page = render_template("manage/publications/new_article.html", issue=found, form=form, errors=error_list(form))
    return page, status


@bp.get("/articles/<ref:article>")
@allow(Who.ORGANISER)
def article(article: Ref) -> str:
    """An article: how it stands, what belongs to it, and what is missing before it is published."""
    found = managed_article(article)
    put_right(article, found, ".article", article=found)
    return article_page(found)


@bp.route("/articles/<ref:article>/authors", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def authors(article: Ref) -> Answer:
    """Say who wrote an article, in order, and what it is about."""
    found = managed_article(article)
    put_right(article, found, ".authors", article=found)
    form, status = _credit_form(found), 200
    theirs: Sequence[Difference] = ()
    if form.validate_on_submit():
        try:
            with attempt():
                services.credit(
                    found.id,
                    form.authors(),
                    form.theme_ids(),
                    version=form.version.data or 0,
                    actor=current_user.actor,
                    now=clock.now(),
                )
        except services.PublicationChanged as changed:
            found = managed_article(article)
            theirs, status = merge(form, _credit_form(found, fresh=form)), changed.status
            form.form_errors = [changed.message]
        except services.PublicationRefused as refused:
            form.form_errors, status = [refused.message], refused.status
        else:
            flash(f"It is saved.{in_review_again(found)}", "success")
            return redirect(url_for(".article", article=found))
    elif form.is_submitted():
        status = 422
    page = render_template(
        "manage/publications/authors.html", article=found, form=form, theirs=theirs, errors=error_list(form)
    )
    return page, status


@bp.route("/articles/<ref:article>/remove", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def remove(article: Ref) -> Answer:
    """Take a draft out for good, after one question."""
    found = managed_article(article)
    put_right(article, found, ".remove", article=found)
    form, problem, status = ButtonForm(), "", 200
    if form.validate_on_submit():
        try:
            with attempt():
                services.remove(found.id, actor=current_user.actor, now=clock.now())
        except services.PublicationRefused as refused:
            problem, status = refused.message, refused.status
        else:
            flash(f"“{found.title}” is deleted.", "success")
            return redirect(url_for(".issue", issue=found.issue))
    elif form.is_submitted():
        problem, status = form.problem, 422
    return render_template("manage/publications/remove.html", article=found, problem=problem), status


def article_page(article: Article, problems: Sequence[str] = ()) -> str:
    """The page of an article for its editors."""
    return render_template(
        "manage/publications/article.html",
        article=article,
        issue=article.issue,
        stage=article.stage(article.issue, clock.now()),
        readiness=services.readiness_of(article),
        problems=problems,
    )


def _credit_form(article: Article, *, fresh: CreditForm | None = None) -> CreditForm:
    speakers = queries.speakers_called([one.name for one in article.authors])
    return credit_form(article, themes_of(article.issue.publication.programme_id), speakers, fresh=fresh)
