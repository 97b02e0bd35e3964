"""Figures of an article: added, described, replaced, taken out."""

from collections.abc import Sequence

from flask import Response, flash, redirect, render_template, url_for
from flask_login import current_user

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints import uploads
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.downloads import files_folder
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.manage.publications import bp
from webapp.blueprints.manage.publications.article_forms import FigureForm
from webapp.blueprints.manage.publications.doors import Answer, holder, in_review_again, managed_article
from webapp.blueprints.merging import Difference, merge
from webapp.errors import NotFound
from webapp.formats.photos import LARGEST
from webapp.models.publications import Article, Figure
from webapp.services import files
from webapp.services import publications as services
from webapp.transaction import attempt


@bp.route("/articles/<ref:article>/figures/new", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def new_figure(article: Ref) -> Answer:
    """Add a figure, and say what it shows."""
    uploads.expect(LARGEST, "A picture")
    found = managed_article(article)
    put_right(article, found, ".new_figure", article=found)
    form, status = FigureForm.of(found, None, holder=holder()), 200
    if form.validate_on_submit() and form.taken is not None:
        try:
            with attempt():
                made = services.add_figure(
                    found.id, form.taken, form.words(), actor=current_user.actor, now=clock.now()
                )
        except services.PublicationRefused as refused:
            form.form_errors, status = [refused.message], refused.status
        else:
            flash(
                f"Figure {made.no} is added. To place it in the text, write {{{{figure {made.no}}}}}."
                + in_review_again(found),
                "success",
            )
            return redirect(url_for(".article", article=found))
    elif form.is_submitted():
        status = 422
    return _page(found, None, form), status


@bp.route("/articles/<ref:article>/figures/<int:number>", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def figure(article: Ref, number: int) -> Answer:
    """Change what is said of a figure, or the picture itself."""
    uploads.expect(LARGEST, "A picture")
    found = managed_article(article)
    put_right(article, found, ".figure", article=found, number=number)
    stands = _figure(found, number)
    form, status = FigureForm.of(found, stands, holder=holder()), 200
    theirs: Sequence[Difference] = ()
    if form.validate_on_submit():
        try:
            with attempt():
                services.change_figure(
                    found.id,
                    number,
                    form.words(),
                    picture=form.taken,
                    version=form.version.data or 0,
                    actor=current_user.actor,
                    now=clock.now(),
                )
        except services.PublicationChanged as changed:
            found = managed_article(article)
            stands = _figure(found, number)
            theirs = merge(form, FigureForm.of(found, stands, holder=holder(), fresh=True))
            form.form_errors, status = [changed.message], changed.status
        except services.PublicationRefused as refused:
            form.form_errors, status = [refused.message], refused.status
        else:
            flash(f"It is saved.{in_review_again(found)}", "success")
            return redirect(url_for(".article", article=found))
    elif form.is_submitted():
        status = 422
    return _page(found, stands, form, theirs), status


@bp.route("/articles/<ref:article>/figures/<int:number>/remove", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def remove_figure(article: Ref, number: int) -> Answer:
    """Take a figure out, after one question."""
    found = managed_article(article)
    put_right(article, found, ".remove_figure", article=found, number=number)
    stands = _figure(found, number)
    form, problem, status = ButtonForm(), "", 200
    if form.validate_on_submit():
        try:
            with attempt():
                services.remove_figure(found.id, number, actor=current_user.actor, now=clock.now())
        except services.PublicationRefused as refused:
            problem, status = refused.message, refused.status
        else:
            flash(f"Figure {number} is removed.{in_review_again(found)}", "success")
            return redirect(url_for(".article", article=found))
    elif form.is_submitted():
        problem, status = form.problem, 422
    page = render_template("manage/publications/remove_figure.html", article=found, figure=stands, problem=problem)
    return page, status


@bp.get("/articles/<ref:article>/kept/<receipt>.jpg")
@allow(Who.ORGANISER)
def kept_picture(article: Ref, receipt: str) -> Response:
    """The picture that one chose, while the rest of the form is not right yet."""
    found = managed_article(article)
    content = files.redeem(receipt, found.public_id, holder(), folder=files_folder())
    response = Response(content, mimetype="image/jpeg")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _figure(article: Article, number: int) -> Figure:
    found = next((one for one in article.figures if one.no == number), None)
    if found is None:
        raise NotFound
    return found


def _page(article: Article, figure: Figure | None, form: FigureForm, theirs: Sequence[Difference] = ()) -> str:
    return render_template(
        "manage/publications/figure.html",
        article=article,
        figure=figure,
        form=form,
        theirs=theirs,
        errors=error_list(form),
    )
