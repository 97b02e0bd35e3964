"""An area's own people keep its profile: what it says of itself, strand by strand, and whom to ask.

What somebody else saved while a form was open is merged with what was typed; what both changed, people settle.
"""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref
from webapp.blueprints.areas import bp
from webapp.blueprints.areas.doors import Answer, kept_area, who_changed
from webapp.blueprints.areas.forms import DescribeForm, StrandForm, contacts_form, keys_of_strand
from webapp.blueprints.areas.showing import strands_told
from webapp.blueprints.forms import error_list
from webapp.blueprints.merging import Difference, MergingForm, merge, take
from webapp.errors import NotFound
from webapp.models.areas import Area
from webapp.services import area_profiles as services
from webapp.transaction import attempt


@bp.route("/<ref:area>/describe", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def describe(area: Ref) -> Answer:
    """Say in short what the area does, and what was there already."""
    found = kept_area(area, "describe")
    form = DescribeForm.of(found)
    if not form.validate_on_submit():
        return _page("areas/describe.html", found, form), 422 if form.is_submitted() else 200
    theirs = _merged(form, DescribeForm.of(found, formdata=None), found, {})
    if _are_unsettled(theirs):
        return _page("areas/describe.html", found, form, theirs), 409
    try:
        with attempt():
            services.describe(
                found.id, summary=form.summary.data or "", conditions=form.conditions.data or "",
                version=form.version.data or 0, actor=current_user.actor, now=clock.now(),
            )  # fmt: skip
    except services.AreaChanged as changed:
        form.form_errors = [changed.message]
        return _page("areas/describe.html", found, form), changed.status
    return _saved(found, "about")


@bp.route("/<ref:area>/strands/<theme>", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def strand(area: Ref, theme: str) -> Answer:
    """Say what the local model is in one strand, with its key features and key challenges."""
    found = kept_area(area, "strand", theme=theme)
    about, said = next((one for one in strands_told(found) if one[0].public_id == theme), (None, None))
    if about is None:
        raise NotFound
    form = StrandForm.of(found, said)
    if not form.validate_on_submit():
        return _page("areas/strand.html", found, form, theme=about), 422 if form.is_submitted() else 200
    theirs = _merged(form, StrandForm.of(found, said, formdata=None), found, dict(keys_of_strand(theme)))
    if _are_unsettled(theirs):
        return _page("areas/strand.html", found, form, theirs, theme=about), 409
    try:
        with attempt():
            services.say_strand(
                found.id, theme, form.words(),
                version=form.version.data or 0, actor=current_user.actor, now=clock.now(),
            )  # fmt: skip
    except services.AreaChanged as changed:
        form.form_errors = [changed.message]
        return _page("areas/strand.html", found, form, theme=about), changed.status
    return _saved(found, f"s-{theme}")


@bp.route("/<ref:area>/contacts", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def contacts(area: Ref) -> Answer:
    """Say whom to ask about the area."""
    found = kept_area(area, "contacts")
    form = contacts_form(found)
    if not form.validate_on_submit():
        return _page("areas/contacts.html", found, form), 422 if form.is_submitted() else 200
    theirs = _merged(form, contacts_form(found, fresh=True), found, {})
    if _are_unsettled(theirs):
        return _page("areas/contacts.html", found, form, theirs), 409
    try:
        with attempt():
            services.name_contacts(
                found.id, form.contacts(), version=form.version.data or 0, actor=current_user.actor, now=clock.now()
            )
    except services.AreaChanged as changed:
        form.form_errors = [changed.message]
        return _page("areas/contacts.html", found, form), changed.status
    return _saved(found, "contacts")


def _merged(form: MergingForm, fresh: MergingForm, area: Area, names: dict[str, str]) -> Sequence[Difference]:
    since = form.version.data or 0
    if since == area.version:
        # What both changed was shown; where theirs was chosen, that stands.
        for name in form.facts():
            if request.form.get(f"stands_{name}") == "theirs":
                take(form[name], fresh[name])
        return ()
    return merge(form, fresh, who=who_changed(area, since, names))


def _are_unsettled(theirs: Sequence[Difference]) -> bool:
    return any(one.typed is not None for one in theirs)


def _page(template: str, area: Area, form: MergingForm, theirs: Sequence[Difference] = (), **more: Any) -> str:
    return render_template(template, area=area, form=form, theirs=theirs, errors=error_list(form), **more)


def _saved(area: Area, anchor: str) -> Answer:
    flash(f"The profile of {area.name} is saved.", "success")
    return redirect(url_for("areas.show", area=area, _anchor=anchor))
