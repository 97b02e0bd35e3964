"""Who may register for an event."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user
from govuk_frontend_wtf.wtforms_widgets import GovTextArea
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField, TextAreaField, ValidationError

from webapp import clock
from webapp.access import Who, allow, may_create
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import Form, lines
from webapp.blueprints.merging import Difference, MergingForm, merge, who_changed
from webapp.errors import DomainError, Forbidden
from webapp.models.accounts import Power, ThingKind
from webapp.models.events import Admission, Event
from webapp.queries.activity import history_of
from webapp.queries.events import get_managed_event
from webapp.queries.invitees import count_invitees
from webapp.queries.programmes import count_events_admitting_by_programme
from webapp.services import admission as services
from webapp.transaction import attempt

bp = Blueprint("admission", __name__, url_prefix="/events/<ref:event>/admission")


class _DomainsField(TextAreaField):
    """Domains, one a line; `domains` holds them cleaned once the form was found valid."""

    errors: Any

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(label, widget=GovTextArea(), filters=[lines], **more)
        self.domains: list[str] = []
        self.counts = True

    def post_validate(self, _form: Form, validation_stopped: bool) -> None:  # noqa: FBT001 -- called by WTForms
        """Read what was typed, and name each line that is no domain."""
        if validation_stopped or not self.counts:
            return
        try:
            self.domains = services.clean_domains(self.data or "")
        except services.DomainsRefused as refused:
            self.errors = [*self.errors, *refused.problems[:-1]]
            raise ValidationError(refused.problems[-1]) from refused


class AdmissionForm(MergingForm):
    """Who may register, and the domains where those decide."""

    admission = StringField("Who may register")
    domains = _DomainsField("Domains, one on each line")
    order = ("admission", "domains")

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether a choice was made, with domains that are some where these decide."""
        self.domains.counts = self.admission.data == Admission.DOMAINS
        return super().validate(extra_validators)

    def in_words(self, name: str, value: Any) -> str:
        """A value of a field in words."""
        known = name == "admission" and value in list(Admission)
        return Admission(value).label if known else super().in_words(name, value)

    def validate_admission(self, field: StringField) -> None:
        """Refuse what is no choice."""
        if field.data not in list(Admission):
            raise ValidationError("Select who may register")


class ProgrammeDomainsForm(Form):
    """The domains whose addresses count as the programme's own."""

    programme_domains = _DomainsField("Domains of the programme, one on each line")
    kind = HiddenField(default="programme")


@bp.get("")
@allow(Who.ORGANISER)
def show(event: Ref) -> str:
    """Who may register now, and what else could be chosen."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.SET_UP)
    put_right(event, found, ".show", event=found)
    return _page(found)


@bp.post("")
@allow(Who.ORGANISER)
def change(event: Ref) -> Response | tuple[str, int]:
    """Set who may register from now on."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.SET_UP)
    form = AdmissionForm()
    if not form.validate_on_submit():
        return _page(found, form), 422
    chosen, domains = Admission(form.admission.data), form.domains.domains
    try:
        with attempt():
            services.set_admission(
                found.id,
                chosen,
                domains,
                version=form.version.data or 0,
                actor=current_user.actor,
                now=clock.now(),
            )
    except services.DomainsRefused as refused:
        form.domains.errors = refused.problems
        return _page(found, form), 422
    except DomainError as refused:
        stands = get_managed_event(event.public_id, viewer=current_user, needing=Power.SET_UP)
        who = who_changed(history_of(ThingKind.EVENT, stands.id), {})
        theirs = merge(form, _form_of(stands), who=who)
        return _page(stands, form, problem=refused.message, theirs=theirs), refused.status
    flash("Saved. This holds for whoever registers from now on; those registered already keep their places.", "success")
    return redirect(url_for(".show", event=found))


@bp.post("/programme")
@allow(Who.ORGANISER)
def programme(event: Ref) -> Response | tuple[str, int]:
    """Set whose addresses count as the programme's own, at all of its events."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.SET_UP)
    if not may_create(current_user, found.programme_id):
        raise Forbidden("Your role is at this event alone, and the domains belong to the whole programme.")
    form = ProgrammeDomainsForm()
    if not form.validate_on_submit():
        return _page(found, programme_form=form), 422
    with attempt():
        services.set_programme_domains(
            found.programme_id, form.programme_domains.domains, actor=current_user.actor, now=clock.now()
        )
    flash("Saved. The domains count at every event that the people of the programme may register for.", "success")
    return redirect(url_for(".show", event=found))


def _page(
    event: Event,
    form: AdmissionForm | None = None,
    *,
    programme_form: ProgrammeDomainsForm | None = None,
    problem: str = "",
    theirs: Sequence[Difference] = (),
) -> str:
    of_programme = {"programme_domains": "\n".join(event.programme.email_domains)}
    may_set_programme = may_create(current_user, event.programme_id)
    return render_template(
        "manage/admission/show.html",
        event=event,
        form=form or _form_of(event),
        programme_form=programme_form or ProgrammeDomainsForm(formdata=None, data=of_programme),
        may_set_programme=may_set_programme,
        concerned=count_events_admitting_by_programme(event.programme_id) if may_set_programme else 0,
        choices=list(Admission),
        invited=sum(count_invitees(event.id).values()),
        problem=problem,
        theirs=theirs,
    )


def _form_of(event: Event) -> AdmissionForm:
    stands = {
        "version": event.version,
        "admission": event.admission.value,
        "domains": "\n".join(event.admitted_domains),
    }
    return AdmissionForm(formdata=None, data=stands)
