"""Who is invited to register: the list, the letters, and taking an invitation back."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from govuk_frontend_wtf.wtforms_widgets import GovTextArea
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import ButtonForm, Form, Given, lines, page_number
from webapp.errors import DomainError
from webapp.folding import clean_line
from webapp.formats import mailboxes
from webapp.models.accounts import Power
from webapp.models.events import Event
from webapp.models.registrations import Invitee
from webapp.queries import invitees as queries
from webapp.queries.events import get_managed_event
from webapp.queries.invitees import Standing
from webapp.services import invitees as services
from webapp.services.invitees import MOST_AT_ONCE
from webapp.transaction import attempt

bp = Blueprint("invitees", __name__, url_prefix="/events/<ref:event>/invitees")

LONGEST_TEXT = 100
NAMED = 20


class InviteForm(Form):
    """Whom to invite."""

    people = TextAreaField(
        "People, one on each line",
        widget=GovTextArea(),
        filters=[lines],
        validators=[Given("Enter at least one e-mail address")],
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether every line can be read; each that cannot is named with what is wrong."""
        valid = super().validate(extra_validators)
        self.found, unread = mailboxes.read(self.people.data or "")
        problems = [f"Line {one.line}: “{one.text[:80]}” {one.problem}" for one in unread[:NAMED]]
        if len(unread) > NAMED:
            problems.append(f"{len(unread) - NAMED} more lines could not be read")
        if len(self.found) > MOST_AT_ONCE:
            problems.append(f"Invite {MOST_AT_ONCE} people or fewer at once; there are {len(self.found):,}")
        self.people.errors = [*self.people.errors, *problems]
        return valid and not problems


class InviteeSearch:
    """What part of the list is looked at, as given in the address."""

    def __init__(self, args: MultiDict[str, str]) -> None:
        self.text = clean_line(args.get("q", ""))[:LONGEST_TEXT]
        standing = args.get("standing", "")
        self.standing = Standing(standing) if standing in list(Standing) else None
        self.page = page_number(args.get("page", ""))

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text or self.standing)

    def query(self, **changes: str | int | None) -> str:
        """The search as the query of an address, with some values changed or, as None, taken out."""
        values: dict[str, str | int | None] = {"q": self.text, "standing": self.standing or "", "page": self.page}
        values |= changes
        return urlencode({name: value for name, value in values.items() if value and (name, value) != ("page", 1)})


@bp.get("")
@allow(Who.ORGANISER)
def index(event: Ref) -> str:
    """Who is invited, and how many of them have registered."""
    found = _event(event)
    put_right(event, found, ".index", event=found)
    return _list_page(found)


@bp.route("/new", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def new(event: Ref) -> str | Response | tuple[str, int]:
    """Invite one person or many, each by a letter with a link of their own."""
    found = _event(event)
    put_right(event, found, ".new", event=found)
    form, problem, status = InviteForm(), "", 200
    if form.validate_on_submit():
        try:
            with attempt():
                outcome = services.invite(found.id, form.found, actor=current_user.actor, now=clock.now())
        except DomainError as refused:
            problem, status = refused.message, refused.status
        else:
            flash(_told(outcome), "success")
            return redirect(url_for(".index", event=found))
    elif form.is_submitted():
        status = 422
    else:
        try:
            services.check_may_invite(found, clock.now())
        except DomainError as refused:
            problem = refused.message
    page = render_template("manage/invitees/new.html", event=found, form=form, problem=problem, most=MOST_AT_ONCE)
    return page, status


@bp.route("/send", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def send_all(event: Ref) -> str | Response | tuple[str, int]:
    """Send their links again to all who have not registered: first asks, then does."""
    found = _event(event)
    put_right(event, found, ".send_all", event=found)
    form, problem, status = ButtonForm(), "", 200
    if form.validate_on_submit():
        try:
            with attempt():
                number = services.send_to_unregistered(found.id, actor=current_user.actor, now=clock.now())
        except DomainError as refused:
            problem, status = refused.message, refused.status
        else:
            flash(
                f"We are writing to {_people(number)}." if number else "All of them were written to just now.",
                "success",
            )
            return redirect(url_for(".index", event=found))
    elif form.is_submitted():
        problem, status = form.problem, 422
    number = queries.count_invitees(found.id)[Standing.NOT_YET]
    return render_template("manage/invitees/send_all.html", event=found, number=number, problem=problem), status


@bp.post("/<invitee>/send")
@allow(Who.ORGANISER)
def send(event: Ref, invitee: str) -> Response | tuple[str, int]:
    """Send somebody their link again."""
    return _act(event, invitee, services.send_again, "We are sending the link to {email} again.")


@bp.post("/<invitee>/revoke")
@allow(Who.ORGANISER)
def revoke(event: Ref, invitee: str) -> Response | tuple[str, int]:
    """Take an invitation back; it can be given again."""
    return _act(event, invitee, services.revoke, "The invitation of {email} is revoked: its link no longer works.")


@bp.post("/<invitee>/restore")
@allow(Who.ORGANISER)
def restore(event: Ref, invitee: str) -> Response | tuple[str, int]:
    """Let the link of an invitation that was taken back work again."""
    return _act(event, invitee, services.restore, "The invitation of {email} holds again, and its link works.")


def _act(event: Ref, invitee: str, verb: Callable[..., Invitee], said: str) -> Response | tuple[str, int]:
    found = _event(event)
    one = queries.get_invited(found.id, invitee)
    form = ButtonForm()
    if not form.validate_on_submit():
        return _list_page(found, form.problem), 422
    try:
        with attempt():
            verb(one.invitee.id, actor=current_user.actor, now=clock.now())
    except DomainError as refused:
        return _list_page(found, refused.message), refused.status
    flash(said.format(email=one.invitee.email), "success")
    query = InviteeSearch(request.args).query()
    return redirect(url_for(".index", event=found) + (f"?{query}" if query else ""))


def _event(event: Ref) -> Event:
    return get_managed_event(event.public_id, viewer=current_user, needing=Power.DECIDE)


def _list_page(event: Event, problem: str = "") -> str:
    search = InviteeSearch(request.args)
    numbers = queries.count_invitees(event.id)
    return render_template(
        "manage/invitees/index.html",
        event=event,
        search=search,
        numbers=numbers,
        total=sum(numbers.values()),
        found=queries.find_invitees(event.id, text=search.text, standing=search.standing, page=search.page),
        problem=problem,
    )


def _told(outcome: services.Outcome) -> str:
    """What became of those who were typed, in sentences."""
    parts = [f"We are writing to {_people(outcome.sent)}." if outcome.sent else "Nobody new was written to."]
    if outcome.known:
        parts.append(f"{_were(outcome.known)} invited already and not written to again.")
    if outcome.registered:
        parts.append(f"{_were(outcome.registered)} registered already, so no letter was needed.")
    if outcome.revoked:
        parts.append(f"{_were(outcome.revoked)} revoked before: bring them back from the list if you mean to.")
    return " ".join(parts)


def _people(number: int) -> str:
    return "one person" if number == 1 else f"{number:,} people"


def _were(number: int) -> str:
    return "One was" if number == 1 else f"{number:,} were"
