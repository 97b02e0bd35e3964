"""Communities as their readers find them: all that one reaches, and the topics of one."""

from flask import redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.access import Who, allow, may_moderate, may_see_figures, may_write_in, takes_part
from webapp.blueprints.addresses import Ref
from webapp.blueprints.communities import bp
from webapp.blueprints.communities.doors import how_to_write, reached
from webapp.blueprints.communities.forms import TopicsForm
from webapp.blueprints.communities.showing import TopicListing
from webapp.errors import NotFound
from webapp.models.topics import Post, TopicKind
from webapp.queries import communities as queries
from webapp.queries import moderation, readings, topics


@bp.get("/communities")
@allow(Who.ANYONE)
def index() -> str:
    """All communities that the viewer reads: their own first, then the others."""
    found = queries.communities(current_user)
    return render_template(
        "communities/index.html",
        own=[one for one in found if takes_part(current_user, one)],
        others=[one for one in found if not takes_part(current_user, one)],
        newest=topics.newest_topics([one.id for one in found]),
        unread=readings.unread_counts(current_user.id, [one.id for one in found]) if current_user.id else {},
        looks_after=bool(current_user.id) and moderation.looks_after_any(current_user),
    )


@bp.get("/communities/<ref:community>")
@allow(Who.ANYONE)
def show(community: Ref) -> str:
    """A community: what it is for, and its topics by category and kind."""
    found = reached(community, ".show")
    form = TopicsForm(request.args)
    moderates = may_moderate(current_user, found)
    page = topics.topics_in(
        found.id, form.wanted(found), page=form.page, person_id=current_user.id, moderates=moderates
    )
    listing = TopicListing(
        community=found,
        topics=page,
        own=topics.own_part_in(found.id, current_user.id),
        may_write=may_write_in(current_user, found),
        moderates=moderates,
        meets_people=moderates or takes_part(current_user, found),
        how_to_write=how_to_write(found),
        new_topics=readings.unread_counts(current_user.id, [found.id])[found.id] if current_user.id else 0,
        unread=readings.unread_of(current_user.id, page.rows) if current_user.id else {},
    )
    return render_template(
        "communities/show.html",
        listing=listing,
        community=found,
        form=form,
        kinds=list(TopicKind),
        drafts=topics.drafts_in(found.id, current_user.id),
        sees_figures=may_see_figures(current_user, found.programme_id),
    )


@bp.get("/posts/<post>")
@allow(Who.ANYONE)
def post(post: str) -> Response:
    """Lead to a post on its page of its topic; it is there wherever it was moved to."""
    found = topics.find_post(post, viewer=current_user)
    if found is None or not (_is_there(found) or _sees_waiting(found)):
        raise NotFound
    number = found.number or found.topic.last_number
    page = topics.page_of(number)
    return redirect(
        url_for(
            ".topic",
            community=found.community,
            topic=found.topic,
            page=page if page > 1 else None,
            _anchor=f"post-{found.public_id}",
        )
    )


def _is_there(post: Post) -> bool:
    """Whether its place stands in a topic that is seen: the address of any other would tell its title."""
    return post.number is not None and (post.topic.is_seen or post.topic.merged_into_id is not None)


def _sees_waiting(post: Post) -> bool:
    return post.author_id == current_user.id or may_moderate(current_user, post.community)
