"""What happened at an event: who changed what, from what to what, and when."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, stream_with_context, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.manage.activity_forms import OTHERS, ActivitySearch
from webapp.blueprints.manage.activity_words import KINDS, Told, kinds_to_choose, tell
from webapp.formats.spreadsheets import Cell, csv_chunks
from webapp.models.accounts import Person, Power, ThingKind
from webapp.models.events import Event
from webapp.queries import activity as queries
from webapp.queries.events import get_managed_event
from webapp.queries.grants import find_helper, helpers_of

bp = Blueprint("activity", __name__, url_prefix="/events/<ref:event>")

# The page of a thing of each kind that has one: its endpoint, and what the address calls the thing's public id.
PAGES = {
    ThingKind.DRAFT_SESSION: ("manage.sessions.edit", "session"),
    ThingKind.STREAM: ("manage.streams.stream", "stream"),
    ThingKind.ROOM: ("manage.streams.room", "room"),
    ThingKind.REGISTRATION: ("manage.registrations.show", "registration"),
    ThingKind.PERSON: ("manage.activity.person", "person"),
    ThingKind.LETTER: ("manage.letters.show", "letter"),
}
HEADER = ("When", "Who", "What happened", "Kind of thing", "Thing", "Changes")


@bp.get("/activity")
@allow(Who.ORGANISER)
def index(event: Ref) -> str:
    """Everything, the latest first, searched and filtered."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.SET_UP)
    put_right(event, found, ".index", event=found)
    return _page(found, None)


@bp.get("/activity/people/<person>")
@allow(Who.ORGANISER)
def person(event: Ref, person: str) -> str:
    """What one person did at this event."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.SET_UP)
    put_right(event, found, ".person", event=found, person=person)
    return _page(found, queries.get_actor(found, person))


@bp.get("/activity.csv")
@allow(Who.ORGANISER)
def download(event: Ref) -> Response:
    """The same as a file, while it is short enough to be answered at once."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.SET_UP)
    search = ActivitySearch(request.args, found.zone)
    if queries.count_activity(found, search.wanted()) > queries.COUNTED:
        flash(f"A file holds {queries.COUNTED:,} entries at most. Choose a shorter time, then download it.", "error")
        return redirect(url_for(".index", event=found) + f"?{search.query(page=None)}")
    pieces = csv_chunks([f"When ({found.zone})", *HEADER[1:]], _rows(found, search))
    response = Response(stream_with_context(pieces), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=f"{found.slug}-activity.csv")
    return response


def address_of(thing: queries.Thing | None, event: Event) -> str:
    """Where a thing's own page is; empty when it has none or is no longer there."""
    if thing is None or thing.kind not in PAGES or not thing.public_id:
        return ""
    endpoint, name = PAGES[thing.kind]
    values: dict[str, Any] = {"event": event, name: thing.public_id}
    return url_for(endpoint, **values)


def _page(event: Event, person: Person | None) -> str:
    search, now = ActivitySearch(request.args, event.zone), clock.now()
    found = queries.find_activity(event, search.wanted(person=person.public_id if person else ""), page=search.page)
    helpers = [] if person else helpers_of(event, now=now)
    return render_template(
        "manage/activity/index.html",
        event=event,
        person=person,
        helper=find_helper(event, person.public_id, now=now) if person else None,
        search=search,
        found=found,
        days=_by_day(event, [tell(entry, event.zone) for entry in found.rows]),
        address_of=address_of,
        kinds=kinds_to_choose(),
        actors=[(one.person.public_id, one.person.name) for one in helpers]
        + [(value, label) for value, (label, _) in OTHERS.items()],
        errors=[{"text": text, "href": f"#{name}"} for name, text in search.errors.items()],
    )


def _by_day(event: Event, told: list[Told]) -> list[tuple[date, list[Told]]]:
    days = groupby(told, key=lambda one: one.entry.at.astimezone(event.timezone).date())
    return [(day, list(entries)) for day, entries in days]


def _rows(event: Event, search: ActivitySearch) -> Iterator[list[Cell]]:
    for entry in queries.each_entry(event, search.wanted()):
        told = tell(entry, event.zone)
        changes = [str(change) for change in told.changes] + [f"{field}: {value}" for field, value in told.facts]
        yield [
            entry.at.astimezone(event.timezone),
            told.actor,
            told.sentence,
            KINDS[entry.thing.kind][1] if entry.thing else "",
            told.name,
            "\n".join(changes),
        ]
