"""Which events of its programme are meetings of a community: one by one, or all of a series at once."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import ButtonForm
from webapp.blueprints.manage.communities import bp
from webapp.models.communities import Community
from webapp.queries import communities as communities_queries
from webapp.queries import community_meetings as queries
from webapp.services import communities as services
from webapp.transaction import attempt


@bp.route("/<ref:community>/meetings", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def meetings(community: Ref) -> str | Response | tuple[str, int]:
    """The events of the programme, to come or past, of which those chosen are meetings."""
    found = communities_queries.get_managed_community(community.public_id, viewer=current_user)
    past = request.values.get("when") == "past"
    if request.method == "GET":
        put_right(community, found, ".meetings", community=found)
        return _page(found, past=past)
    form = ButtonForm()
    if not form.validate_on_submit():
        return _page(found, past=past, problem=form.problem), 422
    sent, acting = request.form, {"actor": current_user.actor, "now": clock.now()}
    most = queries.MOST_TO_CHOOSE
    with attempt():
        if sent.get("series"):
            wanted = sent.get("wanted") == "yes"
            changed = services.choose_series(found.id, sent["series"][:12], wanted=wanted, **acting)
        else:
            offered, chosen = (sent.getlist(name)[:most] for name in ("offered", "event"))
            changed = services.choose_meetings(found.id, offered=offered, chosen=chosen, **acting)
    said = f"Saved: {changed} {'event' if changed == 1 else 'events'} changed." if changed else "Nothing has changed."
    flash(said, "success")
    return redirect(url_for(".meetings", community=found, when="past" if past else None))


def _page(community: Community, *, past: bool, problem: str = "") -> str:
    return render_template(
        "manage/communities/meetings.html",
        community=community,
        choices=queries.events_to_choose(community, now=clock.now(), past=past),
        series=queries.series_to_choose(community),
        most=queries.MOST_TO_CHOOSE,
        past=past,
        problem=problem,
    )
