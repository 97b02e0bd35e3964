"""Writing in communities: a topic begun, an answer given, and what is kept of both while they are written."""

from collections.abc import Callable, Sequence

from flask import Response as FlaskResponse
from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from markupsafe import Markup
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow, may_moderate
from webapp.blueprints import uploads
from webapp.blueprints.addresses import Ref
from webapp.blueprints.answers import as_typed
from webapp.blueprints.communities import bp
from webapp.blueprints.communities.doors import reached, topic_at, writer
from webapp.blueprints.communities.forms import LARGEST_FILE, BeginForm, DraftForm, PostForm, ReplyForm
from webapp.blueprints.communities.showing import quoted, quoted_turn, rendered
from webapp.blueprints.forms import error_list
from webapp.errors import DomainError
from webapp.errors import page as error_page
from webapp.models.communities import Community
from webapp.models.topics import LONGEST_POST, MOST_FILES, Post, TopicKind
from webapp.queries import communities as queries
from webapp.queries import topics
from webapp.queries.programmes import themes_of
from webapp.services import communities as joining
from webapp.services import topics as services
from webapp.templating import british_time, local
from webapp.transaction import attempt

Answer = str | Response | tuple[str, int] | tuple[FlaskResponse, int]


@bp.route("/communities/<ref:community>/topics/new", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def begin(community: Ref) -> Answer:
    """Begin a topic."""
    expect_files()
    found = reached(community, ".begin")
    writer(found)
    if (too_long := _too_long("Back to the community", url_for(".show", community=found))) is not None:
        return too_long
    own = topics.own_part_in(found.id, current_user.id)
    form = BeginForm().ask_for_rules(found, own.participation).held_by(found.public_id, f"person {current_user.id}")
    form.offer(found, themes_of(found.programme_id), moderates=may_moderate(current_user, found))
    form.begin_with(_asked_for(found)).take_up(own.draft)
    _quote(form, found)

    def send() -> Post:
        acting = {"rules": _accepted(form), "actor": current_user.actor, "name": current_user.name, "now": clock.now()}
        return services.begin(found, form.start(), words=form.words(), files=form.enclosures(), **acting)

    def page(preview: Markup | None) -> str:
        return render_template(
            "communities/begin.html",
            community=found,
            form=form,
            errors=error_list(form),
            preview=preview,
            draft=own.draft,
            rules=rules_to_read(found, form),
        )

    return _written(form, send, page)


@bp.route("/communities/<ref:community>/topics/<ref:topic>/reply", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def reply(community: Ref, topic: Ref) -> Answer:
    """Answer in a topic; `quote` in the address names a post to be quoted, `turn` what was said in a session."""
    expect_files()
    found = reached(community, ".reply", with_categories=False)
    writer(found)
    row = topic_at(found, topic)
    if (too_long := _too_long("Back to the topic", url_for(".topic", community=found, topic=row))) is not None:
        return too_long
    own = topics.own_part_in(found.id, current_user.id, topic_id=row.id)
    form = ReplyForm().ask_for_rules(found, own.participation).held_by(row.public_id, f"person {current_user.id}")
    form.take_up(own.draft)
    _quote(form, found)

    def send() -> Post:
        acting = {"rules": _accepted(form), "actor": current_user.actor, "name": current_user.name, "now": clock.now()}
        return services.reply(found, row.id, words=form.words(), files=form.enclosures(), **acting)

    def page(preview: Markup | None) -> str:
        return render_template(
            "communities/reply.html",
            community=found,
            topic=row,
            form=form,
            errors=[one | {"href": "#instead"} if form.is_late else one for one in error_list(form)],
            preview=preview,
            draft=own.draft,
            rules=rules_to_read(found, form),
        )

    return _written(form, send, page)


@bp.post("/communities/<ref:community>/topics/new/draft")
@allow(Who.SIGNED_IN)
def keep_topic(community: Ref) -> Answer:
    """Keep what somebody writes of a new topic, or throw it away."""
    found = reached(community, ".keep_topic")
    writer(found)
    here = url_for(".begin", community=found)
    return _keep_draft(found, 0, BeginForm.drafted, here, after=url_for(".show", community=found))


@bp.post("/communities/<ref:community>/topics/<ref:topic>/reply/draft")
@allow(Who.SIGNED_IN)
def keep_reply(community: Ref, topic: Ref) -> Answer:
    """Keep what somebody writes of an answer, or throw it away."""
    found = reached(community, ".keep_reply", with_categories=False)
    writer(found)
    row = topic_at(found, topic)
    there = url_for(".topic", community=found, topic=row)
    return _keep_draft(found, row.id, ReplyForm.drafted, there, after=there)


def _quote(form: PostForm, community: Community) -> None:
    """Put what the address asks for, a post or a turn of a transcript, under what was written so far."""
    if not form.is_submitted():
        quotation = quoted(request.args.get("quote", ""), community) or quoted_turn(request.args.get("turn", ""))
        if quotation:
            form.body.data = "\n\n".join(one for one in (form.body.data, quotation, "") if one is not None)


def expect_files() -> None:
    """Let a request be as large as the files of a post may be."""
    uploads.expect(MOST_FILES * LARGEST_FILE, "The files of a post")


def _too_long(text: str, there: str) -> tuple[str, int] | None:
    """The page for words so long that the form with them is not read at all, with a link to where they were for."""
    try:
        request.form  # noqa: B018  # reads it
    except RequestEntityTooLarge:
        said = f"A post has up to {LONGEST_POST:,} characters. Nothing was sent. Go back: your words are still there."
        return error_page(413, said, back=(text, there))
    return None


def rules_to_read(community: Community, form: PostForm) -> Markup | None:
    """The rules of conduct, where a form asks for them to be accepted."""
    if not form.asks_for_rules:
        return None
    found = queries.find_rules(community.id, community.rules_number)
    return rendered([found.body])[0] if found is not None else None


def previewed(form: PostForm) -> Markup | None:
    """What was typed as it will be read, where that was asked for; the files sent along are kept."""
    if "preview" not in request.form:
        return None
    form.hold_files()
    return rendered([form.body.data or ""])[0]


def _written(form: PostForm, send: Callable[[], Post], page: Callable[[Markup | None], str]) -> Answer:
    """Publish what was written, or show the form again with what is wrong, or with how it will be read."""
    preview = previewed(form)
    if preview is not None or not form.is_submitted():
        return page(preview)
    if not form.validate_on_submit():
        return page(None), 422
    try:
        with attempt():
            services.count_post(current_user.id, now=clock.now())
            post = send()
    except DomainError as refused:
        form.form_errors = [refused.message]
        form.is_late = isinstance(refused, services.TopicClosed)
        form.asks_for_rules = form.asks_for_rules or isinstance(refused, joining.RulesNotAccepted)
        return page(None), refused.status
    if not post.is_published:
        flash("Thank you. A moderator reads it before anybody else does, and you will hear of it.", "success")
    return redirect(url_for(".post", post=post.public_id))


def _keep_draft(community: Community, topic_id: int, names: Sequence[str], here: str, *, after: str) -> Answer:
    form, typing = DraftForm(), as_typed()
    if not form.validate_on_submit():
        problem = str(error_list(form)[0]["text"])
        if typing:
            return jsonify(problem=problem), 422
        flash(problem, "error")
        return redirect(here)
    content = {} if "drop" in request.form else form.content(names)
    with attempt():
        services.keep_draft(community.id, content, person_id=current_user.id, topic_id=topic_id, now=clock.now())
    if typing:
        return jsonify(saved=f"Draft kept at {british_time(local(clock.now()))}, for you alone"), 200
    flash("Your draft is kept, for you alone." if content else "Your draft is thrown away.", "success")
    return redirect(here if content else after)


def _asked_for(community: Community) -> dict[str, str]:
    """What the address says that the topic is to be."""
    kind, category = request.args.get("kind", ""), request.args.get("category", "")
    return {
        "kind": kind if kind in set(TopicKind) else TopicKind.DISCUSSION.value,
        "category": category if category in {one.public_id for one in community.categories} else "",
    }


def _accepted(form: PostForm) -> int | None:
    """The number of the rules of conduct that are accepted with the form, where it asks for that."""
    return (form.rules_number.data or 0) if form.asks_for_rules else None
