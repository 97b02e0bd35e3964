"""Communities on the organisers' side: set up, changed, closed; their rules of conduct and their categories."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.communities.showing import rendered
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.manage.communities import bp
from webapp.blueprints.manage.communities.forms import CategoryForm, CommunityForm, RulesForm
from webapp.blueprints.manage.events import creatable
from webapp.blueprints.merging import Difference, merge
from webapp.errors import NotFound
from webapp.models.communities import Category, Community
from webapp.queries import communities as queries
from webapp.queries.programmes import themes_of
from webapp.services import communities as services
from webapp.transaction import attempt

Answer = str | Response | tuple[str, int]


@bp.get("")
@allow(Who.ORGANISER)
def index() -> str:
    """The communities of all programmes where the viewer may set up events."""
    creatable()
    return render_template("manage/communities/index.html", found=queries.managed_communities(current_user))


@bp.route("/new", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def new() -> Answer:
    """A new community; where there are several programmes, one is chosen first."""
    offered = creatable()
    wanted = request.args.get("programme", "")
    programme = next((one for one in offered if one.public_id == wanted or len(offered) == 1), None)
    if programme is None:
        return render_template("manage/communities/choose.html", programmes=offered)
    form = CommunityForm(data={"first_posts": "0"})
    form.offer_parts(queries.waves_to_choose(programme.id), themes_of(programme.id))
    if form.validate_on_submit():
        with attempt():
            made = services.create(programme.id, form.words(), actor=current_user.actor, now=clock.now())
        flash(f"“{made.name}” is set up. Now give it rules of conduct.", "success")
        return redirect(url_for(".show", community=made))
    page = render_template("manage/communities/new.html", programme=programme, form=form, errors=error_list(form))
    return page, 422 if form.is_submitted() else 200


@bp.get("/<ref:community>")
@allow(Who.ORGANISER)
def show(community: Ref) -> str:
    """A community: how it is set up, its rules and its categories."""
    found = _managed(community)
    put_right(community, found, ".show", community=found)
    return _page(found)


@bp.route("/<ref:community>/edit", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def edit(community: Ref) -> Answer:
    """Change what a community is, and how it keeps itself."""
    found = _managed(community)
    waves, themes = queries.waves_to_choose(found.programme_id), themes_of(found.programme_id)
    form, status = CommunityForm.about(found).offer_parts(waves, themes, group=found.is_group), 200
    theirs: Sequence[Difference] = ()
    if form.validate_on_submit():
        acting: dict[str, Any] = {"actor": current_user.actor, "now": clock.now()}
        try:
            with attempt():
                services.change(found.id, form.words(), version=form.version.data or 0, **acting)
        except services.CommunityChanged as changed:
            found = _managed(community)
            fresh = CommunityForm.about(found, fresh=True).offer_parts(waves, themes, group=found.is_group)
            theirs, status = merge(form, fresh), changed.status
            form.form_errors = [changed.message]
        else:
            flash("It is saved.", "success")
            return redirect(url_for(".show", community=_managed(community)))
    elif form.is_submitted():
        status = 422
    errors = error_list(form)
    page = render_template("manage/communities/edit.html", community=found, form=form, theirs=theirs, errors=errors)
    return page, status


@bp.route("/<ref:community>/rules", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def rules(community: Ref) -> Answer:
    """Put rules of conduct in force; everybody accepts them anew before they write again."""
    found = _managed(community)
    form, status = RulesForm.of(found, queries.find_rules(found.id, found.rules_number)), 200
    if form.validate_on_submit():
        acting: dict[str, Any] = {"actor": current_user.actor, "now": clock.now()}
        try:
            with attempt():
                services.set_rules(found.id, str(form.body.data), number=form.number.data or 0, **acting)
        except services.CommunityChanged:
            form.form_errors = ["Somebody else changed the rules meanwhile. Here is yours; theirs are in force."]
            form.number.raw_data, form.number.data, status = None, found.rules_number, 409
        else:
            flash("These rules are in force. Everybody is asked to accept them before they write again.", "success")
            return redirect(url_for(".show", community=found))
    elif form.is_submitted():
        status = 422
    page = render_template("manage/communities/rules.html", community=found, form=form, errors=error_list(form))
    return page, status


@bp.route("/<ref:community>/categories/new", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def new_category(community: Ref) -> Answer:
    """A new category, after the others."""
    found = _managed(community)
    return _category_page(found, CategoryForm(), None)


@bp.route("/<ref:community>/categories/<category>", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def category(community: Ref, category: str) -> Answer:
    """Change what a category is called and for."""
    found = _managed(community)
    row = _category(found, category)
    return _category_page(found, CategoryForm.of(row), row)


@bp.post("/<ref:community>/categories/<category>/move")
@allow(Who.ORGANISER)
def move_category(community: Ref, category: str) -> Answer:
    """Move a category up or down by one."""
    up = bool(request.form.get("up"))

    def act(community_id: int, **acting: Any) -> None:
        services.move_category(community_id, category, up=up, **acting)

    return _do(community, act, "")


@bp.route("/<ref:community>/categories/<category>/remove", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def remove_category(community: Ref, category: str) -> Answer:
    """Take a category away, after one question; its topics stay."""
    found = _managed(community)
    row = _category(found, category)
    if request.method == "GET":
        return render_template("manage/communities/remove_category.html", community=found, category=row)

    def act(community_id: int, **acting: Any) -> None:
        services.remove_category(community_id, category, **acting)

    return _do(community, act, f"“{row.name}” is taken away. Its topics stay.")


@bp.post("/<ref:community>/archive")
@allow(Who.ORGANISER)
def archive(community: Ref) -> Answer:
    """Let nobody write there any more."""
    return _do(community, services.archive, "The community is closed. Everything in it can still be read.")


@bp.post("/<ref:community>/bring-back")
@allow(Who.ORGANISER)
def bring_back(community: Ref) -> Answer:
    """Let people write there again."""
    return _do(community, services.bring_back, "People can write there again.")


def _managed(community: Ref) -> Community:
    return queries.get_managed_community(community.public_id, viewer=current_user)


def _category(community: Community, public_id: str) -> Category:
    found = next((one for one in community.categories if one.public_id == public_id), None)
    if found is None:
        raise NotFound
    return found


def _category_page(community: Community, form: CategoryForm, category: Category | None) -> Answer:
    status = 200
    if form.validate_on_submit():
        acting: dict[str, Any] = {"actor": current_user.actor, "now": clock.now()}
        try:
            with attempt():
                services.put_category(
                    community.id, form.words(), public_id=category.public_id if category else "", **acting
                )
        except services.CommunityRefused as refused:
            form.name.errors, status = [refused.message], refused.status
        else:
            flash("It is saved.", "success")
            return redirect(url_for(".show", community=community, _anchor="categories"))
    elif form.is_submitted():
        status = 422
    page = render_template(
        "manage/communities/category.html", community=community, category=category, form=form, errors=error_list(form)
    )
    return page, status


def _do(community: Ref, act: Callable[..., Any], said: str) -> Answer:
    """Press one of the buttons of a community's page."""
    found = _managed(community)
    form = ButtonForm()
    if not form.validate_on_submit():
        return _page(found, form.problem), 422
    with attempt():
        act(found.id, actor=current_user.actor, now=clock.now())
    if said:
        flash(said, "success")
    return redirect(url_for(".show", community=found, _anchor=None if said else "categories"))


def _page(community: Community, problem: str = "") -> str:
    in_force = queries.find_rules(community.id, community.rules_number)
    return render_template(
        "manage/communities/show.html",
        community=community,
        rules=in_force,
        words=rendered([in_force.body])[0] if in_force is not None else None,
        problem=problem,
    )
