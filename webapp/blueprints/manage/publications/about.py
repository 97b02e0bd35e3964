"""Publications themselves: listed, made, described."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import error_list
from webapp.blueprints.manage.events import creatable
from webapp.blueprints.manage.publications import bp
from webapp.blueprints.manage.publications.doors import Answer, managed
from webapp.blueprints.manage.publications.forms import AboutForm, NewPublicationForm
from webapp.blueprints.merging import Difference, merge
from webapp.queries import publications as queries
from webapp.services import publications as services
from webapp.transaction import attempt


@bp.get("")
@allow(Who.ORGANISER)
def index() -> str:
    """All publications of the programmes where the viewer sets things up."""
    creatable()
    found = queries.managed_publications(current_user)
    return render_template("manage/publications/index.html", found=found)


@bp.route("/new", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def new() -> Answer:
    """A new publication, with no issue yet."""
    form = NewPublicationForm()
    form.offer(creatable())
    if form.validate_on_submit():
        with attempt():
            made = services.create(form.chosen.id, form.words(), actor=current_user.actor, now=clock.now())
        flash("The publication is created. It becomes public with its first issue.", "success")
        return redirect(url_for(".show", publication=made))
    page = render_template("manage/publications/new.html", form=form, errors=error_list(form))
    return page, 422 if form.is_submitted() else 200


@bp.get("/<ref:publication>")
@allow(Who.ORGANISER)
def show(publication: Ref) -> str:
    """A publication with all its issues, whatever state they are in."""
    found = managed(publication)
    put_right(publication, found, ".show", publication=found)
    return render_template(
        "manage/publications/show.html",
        publication=found,
        issues=queries.issues_of(found.id),
        now=clock.now(),
    )


@bp.route("/<ref:publication>/about", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def about(publication: Ref) -> Answer:
    """Change what a publication is called and what it is."""
    found = managed(publication)
    form, status = AboutForm.of(found), 200
    theirs: Sequence[Difference] = ()
    if form.validate_on_submit():
        version, actor = form.version.data or 0, current_user.actor
        try:
            with attempt():
                services.describe(found.id, form.words(), version=version, actor=actor, now=clock.now())
        except services.PublicationChanged as changed:
            found = managed(publication)
            theirs, status = merge(form, AboutForm.of(found, fresh=True)), changed.status
            form.form_errors = [changed.message]
        else:
            flash("It is saved.", "success")
            return redirect(url_for(".show", publication=found))
    elif form.is_submitted():
        status = 422
    page = render_template(
        "manage/publications/about.html", publication=found, form=form, theirs=theirs, errors=error_list(form)
    )
    return page, status
