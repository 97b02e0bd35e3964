"""The rules of conduct of a community: read by all who read it, and accepted once, and again when they changed."""

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow, may_write_in
from webapp.blueprints.addresses import Ref
from webapp.blueprints.communities import bp
from webapp.blueprints.communities.doors import reached, writer
from webapp.blueprints.communities.forms import AcceptForm
from webapp.blueprints.communities.showing import rendered
from webapp.queries import communities as queries
from webapp.services import communities as services
from webapp.transaction import attempt


@bp.get("/communities/<ref:community>/rules")
@allow(Who.ANYONE)
def rules(community: Ref) -> str:
    """The rules in force, and the button that accepts them."""
    found = reached(community, ".rules")
    in_force = queries.find_rules(found.id, found.rules_number)
    mine = queries.find_participation(found.id, current_user.id) if current_user.id else None
    accepted = mine.rules_accepted if mine is not None else 0
    form = None
    if accepted != found.rules_number and may_write_in(current_user, found):
        form = AcceptForm(formdata=None, data={"number": found.rules_number})
    return render_template(
        "communities/rules.html",
        community=found,
        rules=in_force,
        words=rendered([in_force.body])[0] if in_force else None,
        form=form,
        mine=mine,
    )


@bp.post("/communities/<ref:community>/rules/accept")
@allow(Who.SIGNED_IN)
def accept_rules(community: Ref) -> Response:
    """Accept the rules that the page showed."""
    found = reached(community, ".accept_rules")
    writer(found)
    form = AcceptForm()
    if not form.validate_on_submit():
        flash(form.problem, "error")
        return redirect(url_for(".rules", community=found))
    try:
        with attempt():
            services.accept_rules(
                found, form.number.data or 0, actor=current_user.actor, name=current_user.name, now=clock.now()
            )
    except services.RulesNotAccepted:
        flash("The rules were changed meanwhile. Read them once more.", "error")
        return redirect(url_for(".rules", community=found))
    flash("Thank you. You accepted the rules of conduct.", "success")
    return redirect(url_for(".show", community=found))
