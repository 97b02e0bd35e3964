"""The table of an event's registrations."""

from flask import render_template, request
from flask_login import current_user

from webapp import clock
from webapp.access import Who, allow, may
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.manage.forms import ORDERS, RegistrationSearch
from webapp.blueprints.manage.registrations import bp
from webapp.blueprints.manage.registrations.forms import MANY
from webapp.models.accounts import Power
from webapp.models.organisations import Sector
from webapp.models.registrations import RegistrationState
from webapp.queries import events as event_queries
from webapp.queries import registrations as queries
from webapp.services import exports


@bp.get("")
@allow(Who.ORGANISER)
def index(event: Ref) -> str:
    """Who registered, searched, filtered and sorted, with the numbers of the whole event."""
    found = event_queries.get_managed_event(event.public_id, viewer=current_user, needing=Power.SEE_REGISTRATIONS)
    put_right(event, found, ".index", event=found)
    search = RegistrationSearch(request.args, found.zone)
    numbers = queries.get_numbers(found.id, search.wanted())
    page = queries.find_registrations(found.id, search.wanted(), numbers, page=search.page)
    return render_template(
        "manage/registrations/index.html",
        event=found,
        search=search,
        numbers=numbers,
        found=page,
        tags=queries.tags_of([row.id for row in page.rows]),
        tags_known=queries.tags_at(found.id),
        orders=ORDERS,
        states=list(RegistrationState),
        sectors=list(Sector),
        many=MANY,
        may_decide=may(current_user, Power.DECIDE, found),
        counted=search.state or RegistrationState.CONFIRMED,
        largest=queries.LARGEST,
        at_once=exports.AT_ONCE,
        now=clock.now(),
    )
