"""Writing an article, and looking at it as a reader will before it is saved."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import error_list
from webapp.blueprints.manage.publications import bp, settling
from webapp.blueprints.manage.publications.article_forms import WritingForm, writing_form
from webapp.blueprints.manage.publications.doors import Answer, in_review_again, managed_article
from webapp.blueprints.merging import Difference, merge
from webapp.blueprints.publications.showing import Part, parts_of
from webapp.formats import prose
from webapp.models.publications import Article, Quote
from webapp.services import publications as services
from webapp.transaction import attempt


@bp.route("/articles/<ref:article>/write", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def write(article: Ref) -> Answer:
    """Write an article; one button shows it as it will be read, and saves nothing."""
    found = managed_article(article)
    put_right(article, found, ".write", article=found)
    form, status, shows = _form(found), 200, False
    theirs: Sequence[Difference] = ()
    together = settling.Together((), form.left)
    if form.validate_on_submit():
        shows = "preview" in request.form
        if not shows:
            try:
                with attempt():
                    _save(found, form)
            except services.PublicationChanged as changed:
                found = managed_article(article)
                form = _form(found)
                form.validate()
                together = settling.bring_together(form, found) or together
                theirs, status = merge(form, writing_form(found, fresh=form)), changed.status
                form.form_errors = [changed.message]
            except services.PublicationRefused as refused:
                form.form_errors, status = [refused.message], refused.status
            else:
                flash(f"It is saved.{in_review_again(found)}", "success")
                return redirect(url_for(".article", article=found))
    elif form.is_submitted():
        status = 422
    page = render_template(
        "manage/publications/write.html",
        article=found,
        form=form,
        theirs=theirs,
        together=together,
        errors=[*error_list(form), *settling.asked(together, status)],
        preview=_preview(found, form) if shows else None,
        doubts=prose.doubts(form.body.data or "") if shows else (),
    )
    return page, status


def _form(article: Article) -> WritingForm:
    """The form, with what was chosen of the passages that two changed."""
    form = writing_form(article)
    if form.is_submitted():
        form.left = settling.settle(form, request.form)
    return form


def _save(article: Article, form: WritingForm) -> None:
    version = form.version.data or 0
    services.write(article.id, form.words(), version=version, actor=current_user.actor, now=clock.now())


def _preview(article: Article, form: WritingForm) -> list[Part]:
    words = form.words()
    last = article.last_quote
    quotes: list[Quote] = []
    for quote in words.quotes:
        # A new one gets the number that it will have when it is saved.
        last = last if quote.no else last + 1
        quotes.append({"no": quote.no or last, "text": quote.text, "who": quote.who})
    return parts_of(words.body, article.figures, quotes, top=3)
