"""What somebody reads who had a role at an event and has none now, perhaps while a page of it stood open."""

from flask import request
from flask_login import current_user
from werkzeug.exceptions import NotFound as NoSuchPage

from webapp import clock, errors
from webapp.blueprints.addresses import Ref
from webapp.queries.grants import LostRole, find_lost_role
from webapp.templating import british_moment
from webapp.transaction import WRITING_METHODS

# What a page sends along that nobody typed.
UNSEEN = {"csrf_token", "version", "opened"}


def explain(_error: errors.NotFound | NoSuchPage) -> tuple[str, int]:
    """The page for what is not found: it tells of the lost role those who had one, and strangers nothing."""
    event = (request.view_args or {}).get("event")
    if isinstance(event, Ref) and current_user.is_authenticated:
        lost = find_lost_role(event.public_id, current_user, now=clock.now())
        if lost is not None:
            return errors.page(403, _sentence(lost), kept=_typed())
    return errors.page(404)


def _typed() -> list[tuple[str, str]]:
    """What was sent and would be lost, by the names of the fields as words."""
    return [
        (name.replace("_", " ").replace("-", " ").capitalize(), value)
        for name, value in request.form.items(multi=True)
        if value.strip() and name not in UNSEEN and not name.endswith("_was")
    ]


def _sentence(lost: LostRole) -> str:
    at = british_moment(lost.at)
    if lost.actor_id == current_user.id:
        said = f"You gave up your role at this event at {at}."
    elif lost.actor_id is not None:
        said = f"You no longer have a role at this event: it was taken away at {at}."
    else:
        said = f"Your role at this event ended at {at}."
    saved = " What you sent was not saved." if request.method in WRITING_METHODS else ""
    return f"{said}{saved} If you still help with it, ask one of its owners to invite you again."
