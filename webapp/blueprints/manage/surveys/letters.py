"""Letters to many that lead to a survey: begun from its page, and written and sent as all letters to many are."""

from flask import redirect, url_for
from flask_login import current_user
from werkzeug.exceptions import abort
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.forms import ButtonForm
from webapp.blueprints.manage.surveys import bp
from webapp.blueprints.manage.surveys.life import show_page
from webapp.errors import DomainError
from webapp.models.accounts import Power
from webapp.queries import surveys as queries
from webapp.services import to_many as services
from webapp.transaction import attempt


@bp.post("/surveys/<survey>/letters/<ready>")
@allow(Who.ORGANISER)
def write(survey: str, ready: str) -> Response | tuple[str, int]:
    """Begin the invitation or a reminder, or let a letter that goes by itself ask; begun already, it leads there."""
    found = queries.get_managed_survey(survey, viewer=current_user, needing=Power.DECIDE)
    begin = services.begin_about if ready in services.READY else services.carry
    if begin is services.carry and ready not in services.CARRIERS:
        abort(404)
    form = ButtonForm()
    if not form.validate_on_submit():
        return show_page(found, problem=form.problem), 422
    try:
        with attempt():
            mailing = begin(found.id, ready, actor=current_user.actor, now=clock.now())
    except DomainError as refused:
        return show_page(found, problem=refused.message), refused.status
    return redirect(url_for("manage.mailings.show", event=found.event, mailing=mailing.public_id))
