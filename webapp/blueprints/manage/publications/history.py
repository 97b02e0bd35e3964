"""What an article said before: every version, what each changed, and brought back as a new one."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import ButtonForm, CarriedNumber, Form, error_list
from webapp.blueprints.manage.publications import bp
from webapp.blueprints.manage.publications.doors import Answer, in_review_again, managed_article
from webapp.blueprints.manage.publications.settling import changed_passages, marked
from webapp.blueprints.reflections.differences import Piece
from webapp.errors import NotFound
from webapp.models.publications import Article, ArticleKind, ArticleVersion
from webapp.queries import publications as queries
from webapp.services import publications as services
from webapp.transaction import attempt

# What is not brought back with the text.
_STAYS = {"Authors", "Themes"}


class BackForm(Form):
    """The button that brings a version back, and the version that stood as it was shown."""

    version = CarriedNumber()


@bp.get("/articles/<ref:article>/history")
@allow(Who.ORGANISER)
def history(article: Ref) -> str:
    """Every version of an article, and who made it."""
    found = managed_article(article)
    put_right(article, found, ".history", article=found)
    versions = queries.versions_of(found.id)
    return render_template("manage/publications/history.html", article=found, versions=versions)


@bp.route("/articles/<ref:article>/history/erase", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def erase_versions(article: Ref) -> Answer:
    """Erase for good what an article said before, after one question."""
    found = managed_article(article)
    put_right(article, found, ".erase_versions", article=found)
    form = ButtonForm()
    if form.validate_on_submit():
        with attempt():
            services.erase_earlier(found.id, actor=current_user.actor, now=clock.now())
        flash("The words of the earlier versions are erased.", "success")
        return redirect(url_for(".history", article=found))
    page = render_template("manage/publications/erase_versions.html", article=found, problem=form.problem)
    return page, 422 if form.is_submitted() else 200


@bp.get("/articles/<ref:article>/history/<int:number>")
@allow(Who.ORGANISER)
def version(article: Ref, number: int) -> str:
    """What an article said under a number, and what that changed."""
    found = managed_article(article)
    put_right(article, found, ".version", article=found, number=number)
    kept = queries.get_version(found.id, number)
    before = queries.find_version_at(found.id, number - 1)
    return render_template(
        "manage/publications/version.html",
        article=found,
        version=kept,
        before=before,
        is_present=number == _present(found).number,
        changes=_changes(before.said, kept.said) if before else (),
    )


@bp.route("/articles/<ref:article>/history/<int:number>/bring-back", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def bring_back(article: Ref, number: int) -> Answer:
    """Make an article say again what it said under a number, after one question."""
    found = managed_article(article)
    put_right(article, found, ".bring_back", article=found, number=number)
    kept = queries.get_version(found.id, number)
    form, status = BackForm(data={"version": found.version}), 200
    if form.validate_on_submit():
        try:
            with attempt():
                services.bring_back(
                    found.id, number, version=form.version.data or 0, actor=current_user.actor, now=clock.now()
                )
        except services.PublicationChanged as changed:
            found = managed_article(article)
            form.version.data, form.version.raw_data = found.version, None
            form.form_errors, status = ["Somebody changed the article since you opened the page."], changed.status
        except services.PublicationRefused as refused:
            form.form_errors, status = [refused.message], refused.status
        else:
            flash(f"The text of version {number} is back, as a new version.{in_review_again(found)}", "success")
            return redirect(url_for(".article", article=managed_article(article)))
    elif form.is_submitted():
        status = 422
    changes = _changes(_present(found).said, kept.said)
    page = render_template(
        "manage/publications/bring_back.html",
        article=found,
        version=kept,
        form=form,
        changes=[one for one in changes if one[0] not in _STAYS],
        stage=found.stage(found.issue, clock.now()),
        errors=error_list(form),
    )
    return page, status


def _present(article: Article) -> ArticleVersion:
    """What the article says now: changes of figures count on, and are not kept."""
    found = queries.find_version_at(article.id, article.version)
    if found is None:
        raise NotFound
    return found


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, Sequence[Sequence[Piece]]]]:
    """What one version changed of the other: each part by its name, with the passages that differ, marked."""
    old, new = _parts(before), _parts(after)
    found: list[tuple[str, Sequence[Sequence[Piece]]]] = [
        (name, [marked(old[name], text)]) for name, text in new.items() if text != old[name]
    ]
    if before["body"] != after["body"]:
        found.append(("Text", changed_passages(before["body"], after["body"])))
    return found


def _parts(said: Mapping[str, Any]) -> dict[str, str]:
    quotes = [f"{one['no']}. “{one['text']}”" + (f" {one['who']}" if one["who"] else "") for one in said["quotes"]]
    names = [", ".join(filter(None, (one["name"], one["role"], one["organisation"]))) for one in said["authors"]]
    return {
        "Title": said["title"],
        "What it is": ArticleKind(said["kind"]).label,
        "Standfirst": said["standfirst"],
        "Authors": "\n".join(names),
        "Themes": "\n".join(said["themes"]),
        "Key messages": "\n".join(said["key_messages"]),
        "Pull quotes": "\n".join(quotes),
    }
