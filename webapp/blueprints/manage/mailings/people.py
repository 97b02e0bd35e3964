"""Choosing whom a letter is for, with the number and some of them before it is saved."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref
from webapp.blueprints.forms import error_list
from webapp.blueprints.manage.mailings import bp, words
from webapp.blueprints.manage.mailings.forms import AudienceForm, audience_in
from webapp.blueprints.manage.mailings.writing import Answer, show_page
from webapp.models.accounts import Power
from webapp.models.agenda import Session, SessionKind
from webapp.models.attendance import Came
from webapp.models.events import Event
from webapp.models.organisations import Sector
from webapp.models.registrations import RegistrationState
from webapp.models.to_many import Audience, Chosen, Mailing
from webapp.queries import to_many as queries
from webapp.queries.events import get_managed_event
from webapp.queries.to_many import Offered
from webapp.services import to_many as services
from webapp.services.questions import offered
from webapp.templating import british_time, weekday_date
from webapp.transaction import attempt

CAME = {Came.CAME: "Came", Came.IN_PART: "Came in part", Came.MISSED: "Missed it"}


@bp.route("/<mailing>/people", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def audience(event: Ref, mailing: str) -> Answer:
    """Choose whom it is for; "Show who that is" counts and saves nothing."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.DECIDE)
    row = queries.get_mailing(found.id, mailing)
    form = AudienceForm(data={"version": row.version})
    if not form.validate_on_submit():
        given = audience_in(request.form) if form.is_submitted() else row.people
        return _page(found, row, form, given), 422 if form.is_submitted() else 200
    given = audience_in(request.form)
    if "show" in request.form:
        return _page(found, row, form, given)
    if not given.states:
        return _page(found, row, form, given, problem="Choose at least one way in which a registration can stand"), 422
    version = form.version.data or 0
    try:
        with attempt():
            services.change_audience(row.id, given, version=version, actor=current_user.actor, now=clock.now())
    except services.MailingChanged as changed:
        form.version.raw_data, form.version.data = None, row.version
        stands = "; ".join(f"{label}: {value}" for label, value in words.told(row.people, queries.offered_at(found.id)))
        return _page(found, row, form, given, problem=f"{changed.message} It now goes to: {stands}."), changed.status
    except services.SurveyNeeded as refused:
        return _page(found, row, form, given, problem=refused.message, at="unanswered"), refused.status
    except services.NotOpen as refused:
        return show_page(found, row, problem=refused.message), refused.status
    flash("Who gets the letter is saved.", "success")
    return redirect(url_for(".show", event=found, mailing=mailing))


def _options(event: Event, there: Offered, given: Audience) -> Mapping[str, Any]:
    """All that can be ticked, by group, as pairs of value and label; nobody chooses a break."""
    questions = [
        (one.label, f"answers--{number}", [(f"{one.public_id}|{answer}", answer) for answer in offered(one)])
        for number, one in enumerate(there.questions)
    ]
    return {
        "states": _labelled(RegistrationState),
        "modes": _labelled(event.modes) if len(event.modes) > 1 else [],
        "unanswered": [("yes", "Only those who have not answered the survey of this letter")],
        "attendance": [(came.value, label) for came, label in CAME.items()],
        "sectors": _labelled(Sector),
        "sessions": [
            (one.public_id, _when_and_what(one))
            for one in there.sessions
            if one.kind is not SessionKind.BREAK or one.public_id in given.sessions
        ],
        "chosen": _labelled(Chosen),
        "tags": [(one.name, one.name) for one in there.tags],
        "questions": questions,
        "areas": [(one.public_id, f"{one.name} ({one.wave.name})") for one in there.areas],
        "organisations": [(name, name) for name in there.organisations],
    }


def _when_and_what(session: Session) -> str:
    starts = f", {british_time(session.starts)}" if session.starts else ""
    return f"{weekday_date(session.day.date)}{starts}: {session.title}"


def _labelled(values: Iterable[Any]) -> list[tuple[str, str]]:
    return [(one.value, one.label) for one in values]


def _page(
    event: Event, mailing: Mailing, form: AudienceForm, given: Audience, *, problem: str = "", at: str = "states"
) -> str:
    now, there = clock.now(), queries.offered_at(event.id)
    known = queries.attendance_is_known(event.id)
    return render_template(
        "manage/mailings/audience.html",
        event=event,
        mailing=mailing,
        form=form,
        given=given,
        given_answers=[f"{question}|{answer}" for question, answer in given.answers],
        options=_options(event, there, given),
        attendance_is_known=known,
        meant=services.count(event, given, mailing.kind, survey=mailing.survey, now=now),
        some=services.sample(event, given, mailing.kind, survey=mailing.survey, now=now),
        words=words,
        errors=[{"text": problem, "href": f"#{at}"}] if problem else error_list(form),
    )
