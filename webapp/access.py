"""Who may do what: pure predicates about the viewer, and the one decorator that every route carries."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from flask import abort, flash, redirect, request, url_for
from flask_login import current_user

from webapp.folding import fold_email
from webapp.models.accounts import Power, Viewer, Visitor, reach
from webapp.models.areas import Area, AreaReach
from webapp.models.belonging import MemberRole
from webapp.models.communities import Community, Openness
from webapp.models.events import Event
from webapp.models.moderation import ModerationCase
from webapp.models.surveys import Survey


def may_see_event(viewer: Viewer | Visitor, event: Event) -> bool:
    """Whether the viewer may see the event's page: everybody once it is public, before that its organisers."""
    return event.is_public or may(viewer, Power.LOOK, event)


def may(viewer: Viewer | Visitor, power: Power, event: Event) -> bool:
    """Whether one of the viewer's roles at the event, its programme or the whole site gives this power."""
    return reach(viewer, power).covers(event.programme_id, event.id)


def may_look_after(viewer: Viewer | Visitor, power: Power, survey: Survey) -> bool:
    """Whether one of the viewer's roles gives this power over a survey: at its event, its programme or everywhere."""
    return reach(viewer, power).covers(survey.programme_id, survey.event_id or 0)


def may_create(viewer: Viewer | Visitor, programme_id: int) -> bool:
    """Whether the viewer may set up a new event in the programme: a role at a single event is not enough."""
    reached = reach(viewer, Power.SET_UP)
    return reached.everything or programme_id in reached.programmes


def may_see_figures(viewer: Viewer | Visitor, programme_id: int) -> bool:
    """Whether the viewer sees the figures of the programme's communities: a role at a single event is not enough."""
    return reach(viewer, Power.SEE_RESULTS).covers(programme_id, 0)


def may_create_programme(viewer: Viewer | Visitor) -> bool:
    """Whether the viewer may set up a new programme: only who sets up everything may."""
    return reach(viewer, Power.SET_UP).everything


def belongs_to_programme(viewer: Viewer | Visitor, programme_id: int) -> bool:
    """Whether the viewer is a member of the programme: of an area or wave of it, or of the whole; no group counts."""
    return any(one.programme_id == programme_id and one.community_id is None for one in viewer.belongs)


def takes_part(viewer: Viewer | Visitor, community: Community) -> bool:
    """Whether the community is the viewer's own: of their wave, of their group, or else of their programme."""
    if community.is_group:
        return any(one.community_id == community.id for one in viewer.belongs)
    if community.wave_id is not None:
        return any(one.wave_id == community.wave_id for one in viewer.belongs)
    return belongs_to_programme(viewer, community.programme_id)


def may_moderate(viewer: Viewer | Visitor, community: Community) -> bool:
    """Whether the viewer looks after what is written in the community."""
    reached = reach(viewer, Power.MODERATE)
    return reached.covers(community.programme_id, 0) or community.id in reached.communities


def may_read_community(viewer: Viewer | Visitor, community: Community) -> bool:
    """Whether the viewer reads what is written in the community; to anybody else, one that is not public is nowhere."""
    if community.openness is Openness.PUBLIC or may_moderate(viewer, community) or takes_part(viewer, community):
        return True
    return community.openness is Openness.PROGRAMME and belongs_to_programme(viewer, community.programme_id)


def may_write_in(viewer: Viewer | Visitor, community: Community) -> bool:
    """Whether the viewer may write there once the rules are accepted; nobody may once it is archived."""
    if community.archived_at is not None:
        return False
    if may_moderate(viewer, community) or takes_part(viewer, community):
        return True
    return community.openness is not Openness.PRIVATE and belongs_to_programme(viewer, community.programme_id)


def may_decide_about(viewer: Viewer | Visitor, case: ModerationCase) -> bool:
    """Whether the viewer decides what becomes of a reported post: a moderator, or of a child's case its named lead."""
    return may_moderate(viewer, case.community) or (case.is_child and is_child_lead(viewer, case.community))


def is_child_lead(viewer: Viewer | Visitor, community: Community) -> bool:
    """Whether the viewer is the community's named lead, by the address that they sign in with."""
    if not isinstance(viewer, Viewer) or not viewer.email:
        return False
    return fold_email(viewer.email) == community.child_lead_email.lower()


def may_withhold(viewer: Viewer | Visitor, community: Community) -> bool:
    """Whether a post is out of sight as soon as the viewer says that they are worried about a child: any member's."""
    own = may_moderate(viewer, community) or takes_part(viewer, community) or is_child_lead(viewer, community)
    return own or belongs_to_programme(viewer, community.programme_id)


def leads_area(viewer: Viewer | Visitor, area: Area) -> bool:
    """Whether the viewer chooses the area's people: its lead, or who sets the programme up."""
    if reach(viewer, Power.SET_UP).covers(area.programme_id, 0):
        return True
    return any(one.area_id == area.id and one.role is MemberRole.LEAD for one in viewer.belongs)


def roles_to_give(viewer: Viewer | Visitor, area: Area) -> tuple[MemberRole, ...]:
    """By which roles the viewer lets people belong to the area: who sets the programme up by all, its lead by two."""
    if reach(viewer, Power.SET_UP).covers(area.programme_id, 0):
        return tuple(MemberRole)
    return (MemberRole.LEAD, MemberRole.MEMBER) if leads_area(viewer, area) else ()


def may_keep_area(viewer: Viewer | Visitor, area: Area) -> bool:
    """Whether the viewer keeps the area's profile: its leads and members, and who sets the programme up."""
    keeping = {MemberRole.LEAD, MemberRole.MEMBER}
    own = any(one.area_id == area.id and one.role in keeping for one in viewer.belongs)
    return own or leads_area(viewer, area)


def may_have(viewer: Viewer | Visitor, area: Area, reach_of: AreaReach) -> bool:
    """Whether the viewer may have what an area shares with so many: its own people, by any role, have everything."""
    if reach_of is AreaReach.PUBLIC or leads_area(viewer, area):
        return True
    if any(one.area_id == area.id for one in viewer.belongs):
        return True
    return reach_of is AreaReach.PROGRAMME and belongs_to_programme(viewer, area.programme_id)


class Who(StrEnum):
    """Who may come through a door at all; what they find behind it, queries decide."""

    ANYONE = "anyone"
    LINK_HOLDER = "holder of a personal link"
    SIGNED_IN = "signed in"
    ORGANISER = "organiser"
    DEVELOPER = "developer"


def _wanted() -> str:
    """Where to lead on to after signing in: the page asked for, or the one that a button was pressed on."""
    if request.method in {"GET", "HEAD"}:
        return request.full_path.rstrip("?")
    flash("You are no longer signed in, so nothing was changed. Sign in, then do it again.", "error")
    try:
        pressed_on = urlsplit(request.referrer or "")
    except ValueError:
        return ""
    return pressed_on.path if pressed_on.netloc == request.host else ""


def allow(who: Who) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The decorator that every route carries. Somebody unknown is asked to sign in; a private door is 404."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if who in {Who.SIGNED_IN, Who.ORGANISER}:
                if not current_user.is_authenticated:
                    return redirect(url_for("accounts.sign_in", next=_wanted() or None))
                if who is Who.ORGANISER and not current_user.is_organiser:
                    abort(404)
            return view(*args, **kwargs)

        guarded.who = who  # type: ignore[attr-defined]  # read by the test of who may reach what
        return guarded

    return decorate
