"""Deciding about many at once: chosen on the list, counted on a page, and done when the number is confirmed."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref
from webapp.blueprints.forms import error_list
from webapp.blueprints.manage.registrations import bp
from webapp.blueprints.manage.registrations.forms import Choice, ManyForm, form_for_many
from webapp.errors import DomainError
from webapp.models.accounts import Power
from webapp.models.events import Event
from webapp.queries import events as event_queries
from webapp.queries import registrations as queries
from webapp.services import registrations as services
from webapp.services.registrations import Decision
from webapp.transaction import attempt

DONE = {
    Decision.APPROVE: ("request has been approved", "requests have been approved"),
    Decision.DECLINE: ("request has been declined", "requests have been declined"),
    Decision.PROMOTE: ("place has been given", "places have been given"),
    Decision.CANCEL: ("registration has been cancelled", "registrations have been cancelled"),
}


@bp.route("/several", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def several(event: Ref) -> str | Response | tuple[str, int]:
    """First counts and asks, then does to exactly as many as were counted; else it counts and asks again."""
    found = event_queries.get_managed_event(event.public_id, viewer=current_user, needing=Power.DECIDE)
    choice = Choice(request.form if request.method == "POST" else request.args, found.zone)
    back = url_for(".index", event=found) + (f"?{choice.search.query(page=None)}" if choice.search.values else "")
    if not choice.what or choice.is_empty:
        flash("Tick at least one registration, or choose a whole list, and what to do with it.", "error")
        return redirect(back)
    form = form_for_many(choice.what)
    if form.validate_on_submit():
        try:
            with attempt():
                message = _do(found.id, choice, form)
        except DomainError as refused:
            return _page(found, choice, form, back, problem=refused.message), refused.status
        flash(message, "success")
        return redirect(back)
    return _page(found, choice, form, back), 422 if form.is_submitted() else 200


def _do(event_id: int, choice: Choice, form: ManyForm) -> str:
    """Do what was confirmed; gives the sentence that says so."""
    number, now, actor = int(form.number.data or 0), clock.now(), current_user.actor
    if choice.decision is not None:
        reason = str(form.data.get("reason") or "")
        done = services.decide(
            choice.decision, event_id, choice.chosen, number=number, reason=reason, actor=actor, now=now
        )
        return f"{done:,} {DONE[choice.decision][done != 1]}. We write to each person."
    verb = services.add_tag if choice.what == "tag" else services.remove_tag
    word = str(form.data["word"])
    done = verb(event_id, choice.chosen, word, number=number, actor=actor, now=now)
    some = f"registration{'s' if done != 1 else ''}"
    if choice.what == "tag":
        return f"The tag “{word}” is on {done:,} more {some}."
    return f"The tag “{word}” is off {done:,} {some}."


def _page(event: Event, choice: Choice, form: ManyForm, back: str, *, problem: str = "") -> str:
    """The question, with the numbers as they are now."""
    counts = queries.count_chosen(event.id, choice.chosen)
    total = sum(counts.values())
    ahead = services.forecast(choice.decision, counts, event, event.places, clock.now()) if choice.decision else None
    form.number.raw_data = None  # or the page would show the number that was sent
    form.number.data = ahead.number if ahead else total
    if choice.what == "untag" and not form.is_submitted():
        form["word"].data = choice.search.tag
    return render_template(
        "manage/registrations/several.html",
        event=event,
        choice=choice,
        form=form,
        back_to=back,
        total=total,
        ahead=ahead,
        number=form.number.data,
        most=services.MOST if ahead else services.MOST_TAGGED,
        tags_known=queries.tags_at(event.id) if ahead is None else [],
        errors=[{"text": problem}] if problem else error_list(form),
    )
