"""What doors do alike once a form or a button was sent: check it, act, and answer."""

from collections.abc import Callable

from flask import flash, redirect
from werkzeug.wrappers import Response

from webapp.blueprints.forms import ButtonForm, Form
from webapp.errors import DomainError
from webapp.transaction import attempt


def press(act: Callable[[], object], there: str, said: str = "") -> Response:
    """Do what one button does, and lead to where that is seen; what was done, or refused, is said there."""
    form = ButtonForm()
    if not form.validate_on_submit():
        flash(form.problem, "error")
        return redirect(there)
    try:
        with attempt():
            act()
    except DomainError as refused:
        flash(refused.message, "error")
    else:
        if said:
            flash(said, "success")
    return redirect(there)


def answered(form: Form, act: Callable[[], Response], page: Callable[[], str]) -> Response | tuple[str, int]:
    """Do what a form asks for and give what `act` answers; or show its page, with what is wrong once it was sent."""
    if not form.validate_on_submit():
        return page(), 422 if form.is_submitted() else 200
    try:
        with attempt():
            return act()
    except DomainError as refused:
        form.form_errors = [refused.message]
        return page(), refused.status
