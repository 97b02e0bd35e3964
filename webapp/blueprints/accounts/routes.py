"""Signing in by link or password, signing out, and one's own account."""

from urllib.parse import urlsplit

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from webapp import clock, transaction
from webapp.access import Who, allow
from webapp.blueprints.accounts import bp
from webapp.blueprints.accounts.forms import LinkForm, NameForm, NewPasswordForm, PasswordForm
from webapp.blueprints.forms import ButtonForm
from webapp.blueprints.visitors import browser, source
from webapp.errors import DomainError, TooMany
from webapp.models.accounts import Viewer
from webapp.queries import accounts as queries
from webapp.queries.calendars import find_feed
from webapp.services import accounts as services
from webapp.services import calendars
from webapp.transaction import attempt

WRONG = "The e-mail address or password is not right, or no password was set for it. You can ask for a link instead."


@bp.route("/sign-in", methods=["GET", "POST"])
@allow(Who.ANYONE)
def sign_in() -> str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """Ask for a link that signs in; the answer is the same whether or not the address is known."""
    if current_user.is_authenticated:
        return redirect(_safe(request.args.get("next", "")))
    form = LinkForm(next=_local(request.args.get("next", "")))
    if form.validate_on_submit():
        email, now = str(form.email.data), clock.now()
        try:
            with transaction.unit():
                services.count_link(email, source(), now=now)
        except TooMany as refused:
            form.email.errors = [refused.message]
            return _sign_in_page(form), refused.status, refused.headers
        with attempt():
            services.send_sign_in_link(email, next_path=_local(form.next.data), now=now)
        session["link_sent_to"] = email
        return redirect(url_for(".link_sent"))
    return _sign_in_page(form), 422 if form.is_submitted() else 200


def _sign_in_page(form: LinkForm) -> str:
    return render_template("accounts/sign_in.html", form=form, next=_local(form.next.data))


@bp.get("/sign-in/sent")
@allow(Who.ANYONE)
def link_sent() -> str:
    """Says where to look."""
    return render_template(
        "accounts/link_sent.html", email=session.get("link_sent_to", ""), minutes=services.LINK_MINUTES
    )


@bp.route("/sign-in/password", methods=["GET", "POST"])
@allow(Who.ANYONE)
def sign_in_by_password() -> str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """Sign in by password, where one was set; a refusal never says whether there is an account."""
    form = PasswordForm(next=_local(request.args.get("next", "")))
    if form.validate_on_submit():
        email, now = str(form.email.data), clock.now()
        try:
            with transaction.unit():
                services.count_password(email, source(), now=now)
        except TooMany as refused:
            return _password_page(form, refused.message), refused.status, refused.headers
        person = queries.find_person_by_email(email)
        if services.password_matches(person, str(form.password.data), memory_kib=_memory()) and person is not None:
            with attempt():
                secret = services.open_session(person.id, now=now)
            return _enter(secret, str(form.next.data))
        return _password_page(form, WRONG), 422
    return _password_page(form), 422 if form.is_submitted() else 200


def _password_page(form: PasswordForm, problem: str = "") -> str:
    return render_template("accounts/sign_in_by_password.html", form=form, problem=problem, next=_local(form.next.data))


@bp.route("/sign-in/<token>", methods=["GET", "POST"])
@allow(Who.LINK_HOLDER)
def use_link(token: str) -> str | Response | tuple[str, int]:
    """Use a link from a letter: reading it shows a button, since mail scanners follow links; the button signs in."""
    form = ButtonForm()
    try:
        if form.validate_on_submit():
            with attempt():
                secret, next_path = services.sign_in_by_link(token, browser=browser(), now=clock.now())
            return _enter(secret, next_path)
        link = services.check_link(token, browser=browser(), now=clock.now())
    except services.LinkSpent as spent:
        if current_user.is_authenticated:
            return redirect(url_for("agenda.events"))
        return render_template("accounts/link_spent.html", message=spent.message), spent.status
    page = render_template("accounts/use_link.html", form=form, email=link.email)
    return page, 422 if form.is_submitted() else 200


@bp.route("/sign-out", methods=["GET", "POST"])
@allow(Who.ANYONE)
def sign_out() -> str | Response | tuple[str, int]:
    """End the session here and on the server."""
    form = ButtonForm()
    if form.validate_on_submit():
        if current_user.is_authenticated:
            with attempt():
                services.close_session(current_user.session_token, actor=current_user.actor, now=clock.now())
        logout_user()
        session.clear()
        return redirect(url_for(".signed_out"))
    return render_template("accounts/sign_out.html", form=form), 422 if form.is_submitted() else 200


@bp.get("/signed-out")
@allow(Who.ANYONE)
def signed_out() -> str:
    """Says that it is done."""
    return render_template("accounts/signed_out.html")


@bp.route("/account", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def show() -> str | Response | tuple[str, int]:
    """One's own account: the name, the password, the calendar feed."""
    form = NameForm(name=current_user.name)
    if form.validate_on_submit():
        with attempt():
            services.rename(current_user.id, str(form.name.data), actor=current_user.actor, now=clock.now())
        flash("Your name has been changed. Registrations you made before keep the name they were made with.", "success")
        return redirect(url_for(".show"))
    account, feed = queries.find_account(current_user.id), find_feed(current_user.id)
    page = render_template(
        "accounts/show.html",
        form=form,
        has_password=bool(account and account.password_hash),
        sessions=queries.open_sessions(current_user.id, now=clock.now()),
        feed=calendars.feed_token(feed) if feed else None,
    )
    return page, 422 if form.is_submitted() else 200


@bp.route("/account/password", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def password() -> str | Response | tuple[str, int]:
    """Set or change the password; all other sessions end."""
    form = NewPasswordForm()
    if form.validate_on_submit():
        new = str(form.password.data)
        try:
            services.check_password(
                new, email=current_user.email, service_name=current_app.config["SETTINGS"].service_name
            )
            hashed = services.hash_password(new, memory_kib=_memory())
            with attempt():
                services.set_password(
                    current_user.id, hashed, keep=current_user.session_token, actor=current_user.actor, now=clock.now()
                )
        except DomainError as refused:
            form.password.errors = [refused.message]
        else:
            flash("Your password is set. You have been signed out everywhere else.", "success")
            return redirect(url_for(".show"))
    account = queries.find_account(current_user.id)
    page = render_template("accounts/password.html", form=form, has_password=bool(account and account.password_hash))
    return page, 422 if form.is_submitted() else 200


def _enter(secret: str, next_path: str) -> Response:
    # What the browser held before signing in stays behind: nobody can prepare a session for somebody else.
    session.clear()
    viewer = queries.find_viewer(secret, now=clock.now())
    if isinstance(viewer, Viewer):
        login_user(viewer)
        if viewer.is_organiser and not _local(next_path):
            return redirect(url_for("manage.events.index"))
    return redirect(_safe(next_path))


def _local(path: str | None) -> str:
    """The path if it is one of ours, else nothing: a link must not lead away."""
    path = (path or "")[:500]
    ours = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    if not ours:
        return ""
    parts = urlsplit(path)
    return path if not parts.netloc and not parts.scheme else ""


def _safe(path: str) -> str:
    return _local(path) or url_for("agenda.events")


def _memory() -> int:
    return int(current_app.config["SETTINGS"].password_memory_kib)
