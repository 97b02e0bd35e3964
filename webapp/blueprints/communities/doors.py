"""Who comes through the doors of a community: its readers, those who write there, and its moderators."""

from flask import request, url_for
from flask_login import current_user

from webapp.access import may_moderate, may_write_in
from webapp.blueprints.addresses import Ref, lead_on, put_right
from webapp.errors import Forbidden, NotFound
from webapp.models.communities import Community
from webapp.models.topics import Topic
from webapp.queries import communities as queries
from webapp.queries import topics


def reached(ref: Ref, endpoint: str, *, with_categories: bool = True) -> Community:
    """The community at an address; raises NotFound for who may not read it, and leads on to its present address."""
    found = queries.get_community(ref.public_id, viewer=current_user, with_categories=with_categories)
    put_right(ref, found, endpoint, **_values(community=found))
    return found


def writer(community: Community) -> None:
    """Let those through who may write in the community; raises Forbidden, which says how to join."""
    if not may_write_in(current_user, community):
        raise Forbidden(how_to_write(community))


def how_to_write(community: Community) -> str:
    """What somebody who only reads is told of writing."""
    if community.archived_at is not None:
        return "This community is closed. Everything in it can still be read."
    if not current_user.is_authenticated:
        return "Sign in to write here. Members of the programme can."
    if community.is_group:
        return "Those write here who belong to this group. The programme’s organisers can invite you."
    return "Members of the programme write here. The lead of your area can invite you to become one."


def moderated(ref: Ref) -> Community:
    """The community for one of its moderators; raises NotFound for everybody else."""
    found = queries.get_community(ref.public_id, viewer=current_user)
    if not may_moderate(current_user, found):
        raise NotFound
    return found


def topic_at(community: Community, ref: Ref) -> Topic:
    """The topic at an address; one that was merged or moved leads on to where it is. Raises NotFound."""
    moderates = may_moderate(current_user, community)
    try:
        found = topics.get_topic(
            ref.public_id, community_id=community.id, person_id=current_user.id, moderates=moderates
        )
    except NotFound:
        moved = topics.find_topic_anywhere(ref.public_id, viewer=current_user)
        if moved is None or moved.community_id == community.id:
            raise
        lead_on(url_for("communities.topic", community=moved.community, topic=moved))
    if found.merged_into_id is not None:
        into = topics.find_topic(found.merged_into_id, viewer=current_user)
        if into is None:
            raise NotFound
        lead_on(url_for("communities.topic", community=into.community, topic=into))
    put_right(ref, found, request.endpoint or "", **_values(community=community, topic=found))
    return found


def _values(**things: Community | Topic) -> dict[str, object]:
    return {**(request.view_args or {}), **things}
