"""Which letters a person wants: for those signed in, and by the signed links in letters."""

from collections.abc import Collection

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.forms import ButtonForm
from webapp.blueprints.preferences import bp
from webapp.models.mailings import DECLINABLE, MailKind
from webapp.queries import preferences as queries
from webapp.services import preferences as services
from webapp.transaction import attempt


@bp.route("/my/letters/choice", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def mine() -> str | Response | tuple[str, int]:
    """The letters that whoever is signed in wants."""
    return _choose(current_user.id, url_for(".mine"))


@bp.route("/letters/<token>", methods=["GET", "POST"])
@allow(Who.LINK_HOLDER)
def by_link(token: str) -> str | Response | tuple[str, int]:
    """The same for the holder of a link from a letter, who may have no account."""
    return _choose(queries.get_person_by_letters_link(token), url_for(".by_link", token=token))


@bp.route("/unsubscribe/<token>", methods=["GET", "POST"])
@allow(Who.LINK_HOLDER)
def unsubscribe(token: str) -> str:
    """One button, and its press: mail programs send it by themselves, without a cookie (RFC 8058)."""
    link = queries.get_unsubscribing(token)
    if request.method == "POST":
        with attempt():
            services.decline(link.person_id, link.kind, now=clock.now())
    declined = link.kind in queries.declined_by(link.person_id)
    return render_template(
        "preferences/unsubscribe.html", kind=link.kind, declined=declined, token=token, others=link.letters_token
    )


@bp.post("/unsubscribe/<token>/undo")
@allow(Who.LINK_HOLDER)
def undo(token: str) -> Response | tuple[str, int]:
    """Want the letters again after all."""
    link = queries.get_unsubscribing(token)
    form = ButtonForm()
    if not form.validate_on_submit():
        flash(form.problem, "error")
        return redirect(url_for(".unsubscribe", token=token))
    with attempt():
        services.want_again(link.person_id, link.kind)
    flash(f"You get these letters again: {link.kind.label}.", "success")
    return redirect(url_for(".unsubscribe", token=token))


def _choose(person_id: int, address: str) -> str | Response | tuple[str, int]:
    form = ButtonForm()
    if not form.validate_on_submit():
        wanted: Collection[MailKind] = set(DECLINABLE) - queries.declined_by(person_id)
        if form.is_submitted():
            wanted = _ticked()
        page = render_template("preferences/mine.html", kinds=list(MailKind), wanted=wanted, form=form, address=address)
        return page, 422 if form.is_submitted() else 200
    with attempt():
        services.choose(person_id, _ticked(), now=clock.now())
    flash("Saved. It holds for every letter that is not on its way already.", "success")
    return redirect(address)


def _ticked() -> set[MailKind]:
    return {kind for kind in DECLINABLE if kind.value in request.form.getlist("wanted")}
