"""Letting a letter go: tried on oneself, confirmed with the number, taken back, stopped on its way."""

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.manage.mailings import bp, words
from webapp.blueprints.manage.mailings.forms import ConfirmForm
from webapp.blueprints.manage.mailings.writing import Answer, show_page
from webapp.errors import DomainError
from webapp.models.accounts import Power
from webapp.models.events import Event
from webapp.models.to_many import Mailing
from webapp.queries import to_many as queries
from webapp.queries.events import get_managed_event
from webapp.services import to_many as services
from webapp.transaction import attempt


@bp.route("/<mailing>/confirm", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def confirm(event: Ref, mailing: str) -> Answer:
    """State the number, then do; where it has changed meanwhile, state the new one and ask again."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.DECIDE)
    row = queries.get_mailing(found.id, mailing)
    form = ConfirmForm()
    if not form.validate_on_submit():
        return _page(found, row, form), 422 if form.is_submitted() else 200
    number, version = int(form.number.data or 0), int(form.version.data or 0)
    try:
        with attempt():
            services.confirm(row.id, number=number, version=version, actor=current_user.actor, now=clock.now())
    except DomainError as refused:
        return _page(found, queries.get_mailing(found.id, mailing), form, problem=refused.message), refused.status
    due = row.due(found)
    flash(f"It goes {words.moment_of(due, found)}." if due else "It goes out now.", "success")
    return redirect(url_for(".show", event=found, mailing=mailing))


@bp.post("/<mailing>/cancel")
@allow(Who.ORGANISER)
def cancel(event: Ref, mailing: str) -> Answer:
    """Take a letter back before it goes, or switch a rule off."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.DECIDE)
    row = queries.get_mailing(found.id, mailing)
    form = ButtonForm()
    if not form.validate_on_submit():
        return show_page(found, row, problem=form.problem), 422
    try:
        with attempt():
            services.cancel(row.id, actor=current_user.actor, now=clock.now())
    except services.NotOpen as refused:
        return show_page(found, row, problem=refused.message), refused.status
    flash("Switched off. It goes to nobody." if row.timing.is_relative else "Cancelled. It goes to nobody.", "success")
    return redirect(url_for(".show", event=found, mailing=mailing))


@bp.post("/<mailing>/stop")
@allow(Who.ORGANISER)
def stop(event: Ref, mailing: str) -> Answer:
    """Stop what has not left yet."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.DECIDE)
    row = queries.get_mailing(found.id, mailing)
    form = ButtonForm()
    if not form.validate_on_submit():
        return show_page(found, row, problem=form.problem), 422
    with attempt():
        stopped = services.stop(row.id, actor=current_user.actor, now=clock.now())
    flash(f"{stopped:,} letter{'' if stopped == 1 else 's'} stopped. The others had left already.", "success")
    return redirect(url_for(".show", event=found, mailing=mailing))


@bp.post("/<mailing>/test")
@allow(Who.ORGANISER)
def test(event: Ref, mailing: str) -> Answer:
    """Send the letter to oneself, as the first recipient would read it."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.DECIDE)
    row, now = queries.get_mailing(found.id, mailing), clock.now()
    form = ButtonForm()
    if not form.validate_on_submit():
        return show_page(found, row, problem=form.problem), 422
    someone = services.somebody(row, found, now=now)
    name, email = current_user.name, current_user.email
    with attempt():
        services.send_test(row, found, someone, name=name, email=email, actor=current_user.actor, now=now)
    flash(f"A test is on its way to {email}. Its subject begins with “Test”.", "success")
    return redirect(url_for(".show", event=found, mailing=mailing))


def _page(event: Event, mailing: Mailing, form: ConfirmForm, *, problem: str = "") -> str:
    """The question, with the number as it is now."""
    now = clock.now()
    meant = services.count(event, mailing.people, mailing.kind, survey=mailing.survey, now=now)
    form.number.raw_data, form.number.data = None, meant.going
    form.version.raw_data, form.version.data = None, mailing.version
    try:
        services.check_confirmable(mailing, event, now=now)
        hindrance = ""
    except services.NotNow as refused:
        hindrance = refused.message
    return render_template(
        "manage/mailings/confirm.html",
        event=event,
        mailing=mailing,
        form=form,
        meant=meant,
        some=services.sample(event, mailing.people, mailing.kind, survey=mailing.survey, now=now),
        told=words.told(mailing.people, queries.offered_at(event.id)),
        hindrance=hindrance,
        slips=services.slips(mailing, has_material=bool(queries.material_of(mailing.id))),
        waits_for_attendance=mailing.people.goes_by_attendance and not queries.attendance_is_known(event.id),
        words=words,
        errors=[{"text": problem}] if problem else error_list(form),
    )
