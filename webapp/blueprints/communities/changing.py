"""One's own posts changed and deleted, what they said before, and the files that go with posts."""

from datetime import datetime

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from markupsafe import Markup

from webapp import clock
from webapp.access import Who, allow, may_moderate
from webapp.blueprints.addresses import Ref
from webapp.blueprints.communities import bp
from webapp.blueprints.communities.doors import reached, topic_at, writer
from webapp.blueprints.communities.forms import EditForm
from webapp.blueprints.communities.showing import GONE
from webapp.blueprints.communities.writing import Answer, expect_files, previewed
from webapp.blueprints.downloads import as_download
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.reflections.differences import compare
from webapp.errors import DomainError, NotFound
from webapp.formats import posts
from webapp.models.communities import Community
from webapp.models.topics import Post, PostFile, Topic
from webapp.queries import topics as queries
from webapp.queries.withheld import out_of_sight
from webapp.services import topics as services
from webapp.transaction import attempt


@bp.route("/communities/<ref:community>/topics/<ref:topic>/posts/<post>/edit", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def edit(community: Ref, topic: Ref, post: str) -> Answer:
    """Change what one wrote; what it said before stays to be seen."""
    expect_files()
    found, row, own = _own_post(community, topic, post, ".edit")
    files = queries.files_of(own.id)
    form = EditForm.of(own, files, row.title if own.number == 1 else None)
    form.held_by(own.public_id, f"person {current_user.id}")
    form.removed.choices = [(one.public_id, one.title) for one in files]
    preview, status = previewed(form), 200
    if preview is None and form.validate_on_submit():
        try:
            with attempt():
                changed = services.edit(
                    own.id,
                    form.words(),
                    topic_id=row.id,
                    version=form.version.data or 0,
                    title=str(form.title.data) if form.title else None,
                    files=form.enclosures(),
                    actor=current_user.actor,
                    now=clock.now(),
                )
        except DomainError as refused:
            form.form_errors, status = [refused.message], refused.status
        else:
            said = "Your post is changed." if changed.is_published else "A moderator reads it before anybody else does."
            flash(said, "success")
            return redirect(url_for(".post", post=own.public_id))
    elif preview is None and form.is_submitted():
        status = 422
    return _edit_page(found, row, own, form, files, preview), status


@bp.route("/communities/<ref:community>/topics/<ref:topic>/posts/<post>/delete", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def delete(community: Ref, topic: Ref, post: str) -> Answer:
    """Delete what one wrote, after one question."""
    found, row, own = _own_post(community, topic, post, ".delete")
    form = ButtonForm()
    if form.validate_on_submit():
        with attempt():
            services.delete(own.id, topic_id=row.id, actor=current_user.actor, now=clock.now())
        flash("Your post is deleted.", "success")
        left = queries.find_topic_anywhere(row.public_id, viewer=current_user)
        if left is None or not left.posts:
            return redirect(url_for(".show", community=found))
        return redirect(url_for(".topic", community=found, topic=row))
    page = render_template("communities/delete.html", community=found, topic=row, post=own, form=form)
    return page, 422 if form.is_submitted() else 200


@bp.get("/communities/<ref:community>/topics/<ref:topic>/posts/<post>/history")
@allow(Who.ANYONE)
def history(community: Ref, topic: Ref, post: str) -> str:
    """What a post said before each change, with what was added and taken out."""
    found = reached(community, ".history")
    row = topic_at(found, topic)
    shown = _post(found, row, post)
    told = [(number, one.at, one.body) for number, one in enumerate(queries.versions_of(shown.id), 1)]
    last = len(told) + 1
    if not may_moderate(current_user, found):
        told = _without_what_is_out_of_sight(told)
    told.append((last, shown.edited_at or shown.created_at, shown.body))
    texts = ["", *(text for _, _, text in told)]
    steps = [(number, at, compare(before, text)) for before, (number, at, text) in zip(texts, told, strict=False)]
    return render_template(
        "communities/history.html", community=found, topic=row, post=shown, steps=list(reversed(steps))
    )


@bp.get("/posts/<post>/files/<file>")
@allow(Who.ANYONE)
def file(post: str, file: str) -> FlaskResponse:
    """A file that goes with a post, to be saved, for who reads the post."""
    shown = queries.find_post(post, viewer=current_user)
    if shown is None or not _reads(shown):
        raise NotFound
    found = next((one for one in queries.files_of(shown.id) if one.public_id == file), None)
    if found is None:
        raise NotFound
    return as_download(found)


def _own_post(community: Ref, topic: Ref, post: str, endpoint: str) -> tuple[Community, Topic, Post]:
    """A post of who is looking, in the topic and community of the address."""
    found = reached(community, endpoint)
    writer(found)
    row = topic_at(found, topic)
    own = _post(found, row, post)
    if own.author_id != current_user.id:
        raise NotFound
    return found, row, own


def _without_what_is_out_of_sight(versions: list[tuple[int, datetime, str]]) -> list[tuple[int, datetime, str]]:
    """Those versions of a post that quote nothing that is out of sight now: its words stand in them, too."""
    quoted = {number: set(posts.quoted_posts(body)) for number, _, body in versions}
    hidden = out_of_sight(set().union(*quoted.values()))
    return [one for one in versions if not quoted[one[0]] & hidden]


def _post(community: Community, topic: Topic, public_id: str) -> Post:
    found = queries.find_post(public_id, viewer=current_user)
    if found is None or found.topic_id != topic.id or found.community_id != community.id or not _reads(found):
        raise NotFound
    return found


def _reads(post: Post) -> bool:
    own = post.author_id == current_user.id or may_moderate(current_user, post.community)
    seen = post.is_published and post.topic.withheld_at is None
    return post.state not in GONE and (seen or own)


def _edit_page(
    community: Community,
    topic: Topic,
    post: Post,
    form: EditForm,
    files: list[PostFile],
    preview: Markup | None,
) -> str:
    return render_template(
        "communities/edit.html",
        community=community,
        topic=topic,
        post=post,
        form=form,
        files=files,
        preview=preview,
        errors=error_list(form),
    )
