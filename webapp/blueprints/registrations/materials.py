"""The materials that somebody may have by their personal link, without an account."""

from flask import redirect, url_for
from werkzeug.wrappers import Response

from webapp.access import Who, allow
from webapp.blueprints.downloads import as_download
from webapp.blueprints.materials.offering import Item, item_of
from webapp.blueprints.registrations import bp
from webapp.errors import NotFound
from webapp.models.accounts import Visitor
from webapp.models.files import FileReach
from webapp.models.registrations import Registration
from webapp.queries.materials import get_material, offered_materials
from webapp.queries.reaches import Reaches, reaches_at
from webapp.queries.registrations import get_registration_by_token


def materials_for(registration: Registration, token: str) -> list[Item]:
    """What the holder of this link may have, in the order of the event; public ones too."""
    materials = offered_materials(registration.event_id) if registration.event.is_public else []
    reaches = _reaches(registration) if materials else None
    return [
        item_of(one, url_for("registrations.material", token=token, item=one.public_id))
        for one in materials
        if reaches is not None and reaches.covers(one.reach, one.session_id)
    ]


@bp.get("/registrations/<token>/materials/<item>")
@allow(Who.LINK_HOLDER)
def material(token: str, item: str) -> Response:
    """A file to be saved, or on to a link; what is not for this person is not there."""
    registration = get_registration_by_token(token)
    row = get_material(registration.event_id, item)
    is_told = registration.event.is_public and row.reach is not FileReach.ORGANISERS
    if not is_told or not _reaches(registration).covers(row.reach, row.session_id):
        raise NotFound
    return redirect(row.url) if row.is_link else as_download(row)


def _reaches(registration: Registration) -> Reaches:
    return reaches_at(registration.event, viewer=Visitor(), registration_id=registration.id)
