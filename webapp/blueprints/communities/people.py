"""The people of communities: as much as they choose to tell, who is among them, and who does the same elsewhere."""

from collections.abc import Sequence

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as Answered

from webapp import clock
from webapp.access import Who, allow, may_moderate, takes_part
from webapp.blueprints.addresses import Ref
from webapp.blueprints.communities import bp
from webapp.blueprints.communities.doors import reached, writer
from webapp.blueprints.communities.people_forms import PeopleForm, ProfileForm
from webapp.blueprints.forms import error_list
from webapp.blueprints.merging import Difference, merge
from webapp.errors import Forbidden
from webapp.folding import clean_line
from webapp.models.belonging import MemberRole
from webapp.models.communities import MemberProfile
from webapp.queries import communities
from webapp.queries import people as queries
from webapp.services import communities as services
from webapp.transaction import attempt

Answer = str | Answered | tuple[str, int]
SHORTEST = 2


@bp.get("/communities/<ref:community>/people")
@allow(Who.SIGNED_IN)
def people(community: Ref) -> str:
    """Who takes part in a community and wants to be found, for those who take part in it, too."""
    found = reached(community, ".people")
    if not (takes_part(current_user, found) or may_moderate(current_user, found)):
        raise Forbidden("Those see the people of this community who take part in it.")
    areas = queries.areas_of(found)
    form = PeopleForm(request.args, areas)
    return render_template(
        "communities/people.html",
        community=found,
        form=form,
        areas=areas,
        roles=list(MemberRole),
        people=queries.listed_in(found, form.wanted(), page=form.page),
    )


@bp.get("/communities/<ref:community>/people/mention")
@allow(Who.SIGNED_IN)
def people_to_mention(community: Ref) -> Response:
    """Up to ten whom somebody may mean who writes there, for what was typed so far, as JSON."""
    found = reached(community, ".people_to_mention")
    writer(found)
    text = clean_line(request.args.get("q", ""))[:100]
    offered = queries.people_to_mention(found, text) if len(text) >= SHORTEST else []
    return jsonify([{"handle": one.handle, "name": one.person.name, "detail": one.job_title} for one in offered])


@bp.get("/communities/people/in-my-role")
@allow(Who.SIGNED_IN)
def in_my_role() -> str:
    """Who has the viewer's job title in other areas of their programmes."""
    mine = communities.find_profile(current_user.id)
    job_title = mine.job_title if mine is not None else ""
    found = queries.in_same_role(current_user, job_title)
    return render_template("communities/in_my_role.html", job_title=job_title, people=found)


@bp.get("/communities/people/<profile>")
@allow(Who.SIGNED_IN)
def person(profile: str) -> str:
    """Somebody of the viewer's communities or programmes, as much as they choose."""
    found = queries.get_met(profile, viewer=current_user)
    is_own = found.profile.person_id == current_user.id
    return render_template("communities/person.html", met=found, profile=found.profile, is_own=is_own)


@bp.route("/my/profile", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def profile() -> Answer:
    """Choose what others see of oneself in communities."""
    mine = communities.find_profile(current_user.id)
    form = ProfileForm.of(mine)
    if not form.validate_on_submit():
        return _own(form, mine), 422 if form.is_submitted() else 200
    theirs: Sequence[Difference] = ()
    if mine is not None and form.version.data != mine.version:
        theirs = merge(form, ProfileForm.of(mine, formdata=None), who=lambda _name: "You, on another page,")
    if any(one.typed is not None for one in theirs):
        return _own(form, mine, theirs), 409
    try:
        with attempt():
            kept = services.change_profile(
                current_user.id, current_user.name, form.words(),
                version=form.version.data or 0, actor=current_user.actor, now=clock.now(),
            )  # fmt: skip
            public_id = kept.public_id
    except services.ProfileChanged as changed:
        form.form_errors = [changed.message]
        return _own(form, mine), changed.status
    flash("Your profile is saved.", "success")
    return redirect(url_for(".person", profile=public_id))


def _own(form: ProfileForm, mine: MemberProfile | None, theirs: Sequence[Difference] = ()) -> str:
    form.say_what(current_user.email, queries.own_belonging(current_user.id))
    return render_template("communities/profile.html", form=form, mine=mine, theirs=theirs, errors=error_list(form))
