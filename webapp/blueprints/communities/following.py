"""What somebody follows and mutes, which letters of communities come, and the links in these that stop them."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.acting import press
from webapp.blueprints.addresses import Ref
from webapp.blueprints.communities import bp
from webapp.blueprints.communities.doors import reached, topic_at
from webapp.blueprints.forms import ButtonForm
from webapp.errors import NotFound
from webapp.models.communities import MailPace
from webapp.models.topics import Follow
from webapp.queries import communities
from webapp.queries import community_letters as queries
from webapp.services import community_letters as services
from webapp.transaction import attempt

FOLLOWED = {
    Follow.FOLLOWS: "You follow this topic now: a letter comes for each post.",
    Follow.MUTES: "You muted this topic: no letter tells of it.",
    Follow.NONE: "Letters tell of this topic as of the others here.",
}


@bp.post("/communities/<ref:community>/topics/<ref:topic>/follow")
@allow(Who.SIGNED_IN)
def follow(community: Ref, topic: Ref) -> Response:
    """Follow a topic, mute it, or neither."""
    found = reached(community, ".follow")
    row = topic_at(found, topic)
    wanted = request.form.get("wants", "")
    if wanted not in set(Follow):
        raise NotFound
    follow = Follow(wanted)
    own = {"person_id": current_user.id, "name": current_user.name, "now": clock.now()}
    there = url_for(".topic", community=found, topic=row)
    return press(lambda: services.follow_topic(found, row, follow, **own), there, FOLLOWED[follow])


@bp.post("/communities/<ref:community>/letters")
@allow(Who.SIGNED_IN)
def choose_letters(community: Ref) -> Response:
    """Have letters of a community come more or less often."""
    found = reached(community, ".choose_letters")
    wanted = request.form.get("pace", "")
    if wanted not in set(MailPace):
        raise NotFound
    pace = MailPace(wanted)
    own = {"person_id": current_user.id, "name": current_user.name, "now": clock.now()}
    said = f"E-mails from {found.name}: {pace.label[0].lower()}{pace.label[1:]}."
    return press(lambda: services.set_pace(found, pace, **own), url_for(".show", community=found), said)


@bp.post("/communities/<ref:community>/mute")
@allow(Who.SIGNED_IN)
def mute(community: Ref) -> Response:
    """Mute a community, or hear of it again."""
    found = reached(community, ".mute")
    mutes = request.form.get("mutes", "")
    if mutes not in {"yes", "no"}:
        raise NotFound
    own = {"person_id": current_user.id, "name": current_user.name, "now": clock.now()}
    said = f"{found.name} is muted: you get no e-mails from it." if mutes == "yes" else "You get e-mails from it again."
    there = url_for(".show", community=found)
    return press(lambda: services.mute_community(found, mutes=mutes == "yes", **own), there, said)


@bp.route("/my/letters/communities", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def letters() -> str | Response | tuple[str, int]:
    """How often each of one's communities writes, and which topics one follows or mutes."""
    form = ButtonForm()
    own = queries.my_communities(current_user)
    wanted = {one.public_id: _wanted(one) for one in own}
    if form.validate_on_submit():
        with attempt():
            _choose(wanted)
        flash("Saved. It holds for every letter that is not on its way already.", "success")
        return redirect(url_for(".letters"))
    page = render_template(
        "communities/letters.html",
        own=own,
        wanted=wanted,
        topics=queries.my_topics(current_user),
        paces=list(MailPace),
        form=form,
    )
    return page, 422 if form.is_submitted() else 200


def _wanted(one: queries.MyCommunity) -> MailPace:
    given = request.form.get(f"pace-{one.public_id}", "")
    return MailPace(given) if given in set(MailPace) else one.pace


def _choose(wanted: dict[str, MailPace]) -> None:
    now = clock.now()
    for one in queries.my_communities(current_user):
        pace = wanted.get(one.public_id, one.pace)
        if pace is not one.pace:
            community = communities.get_community(one.public_id, viewer=current_user)
            services.set_pace(community, pace, person_id=current_user.id, name=current_user.name, now=now)


@bp.route("/communities/letters/<token>", methods=["GET", "POST"])
@allow(Who.LINK_HOLDER)
def stop_letters(token: str) -> str:
    """One button, and its press: mail programs send it by themselves, without a cookie (RFC 8058)."""
    link = queries.get_unsubscribing(token)
    if request.method == "POST":
        with attempt():
            services.stop(link.person_id, list(link.communities), now=clock.now())
        link = queries.get_unsubscribing(token)
    return render_template("communities/stop_letters.html", link=link, token=token)


@bp.post("/communities/letters/<token>/undo")
@allow(Who.LINK_HOLDER)
def want_letters(token: str) -> Response:
    """Want the letters again after all, once a day."""
    link = queries.get_unsubscribing(token)
    there, said = url_for(".stop_letters", token=token), "These letters come again, once a day."
    return press(lambda: services.take_back(link.person_id, list(link.communities), now=clock.now()), there, said)
