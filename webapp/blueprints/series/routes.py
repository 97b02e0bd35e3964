"""A series of meetings for everybody, and each member's own page of it by their personal link."""

from datetime import datetime

from flask import Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.answers import kept_page
from webapp.blueprints.forms import ButtonForm
from webapp.blueprints.series import bp
from webapp.errors import NotFound
from webapp.kept import Page
from webapp.models.accounts import Actor, ActorKind
from webapp.queries import series as queries
from webapp.queries.revisions import site_revision
from webapp.services import series_members as services
from webapp.services.registrations import personal_token
from webapp.transaction import attempt


@bp.get("/<ref:series>")
@allow(Who.ANYONE)
def show(series: Ref) -> Response:
    """What the series is, and its meetings; to be found once one of them is public."""

    def build(now: datetime) -> Page:
        found = queries.get_series(series.public_id)
        meetings = queries.public_meetings_of(found.id)
        if not meetings:
            raise NotFound
        put_right(series, found, ".show", series=found)
        html = render_template("series/show.html", series=found, meetings=meetings, now=now)
        return Page(html, [one.ends_at for one in meetings])

    return kept_page(site_revision, build)


@bp.get("/members/<token>")
@allow(Who.LINK_HOLDER)
def member(token: str) -> str:
    """A member's meetings, each with the way to give that one up."""
    found = queries.get_member_by_token(token)
    own = queries.registrations_in(found.series_id, found.person_id)
    meetings = [(one, own[one.id]) for one in queries.public_meetings_of(found.series_id) if one.id in own]
    return render_template(
        "series/member.html",
        member=found,
        meetings=[(one, row, personal_token(row)) for one, row in meetings],
        token=token,
        now=clock.now(),
    )


@bp.route("/members/<token>/leave", methods=["GET", "POST"])
@allow(Who.LINK_HOLDER)
def leave(token: str) -> str | AnyResponse | tuple[str, int]:
    """End the membership. The address stands on a page that letters lead to, so reading it only asks."""
    found = queries.get_member_by_token(token)
    form = ButtonForm()
    if form.validate_on_submit():
        with attempt():
            services.leave(found.id, actor=Actor(ActorKind.LINK, found.person_id), now=clock.now())
        flash(
            "You no longer belong to this series. We have sent you a letter that takes it out of your calendar.",
            "success",
        )
        return redirect(url_for(".member", token=token))
    page = render_template("series/leave.html", member=found, form=form, token=token)
    return page, 422 if form.is_submitted() else 200
