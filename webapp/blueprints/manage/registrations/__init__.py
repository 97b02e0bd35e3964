"""Who registered for an event, one by one and many at once, and what an organiser decides about them."""

from flask import Blueprint

bp = Blueprint("registrations", __name__, url_prefix="/events/<ref:event>/registrations")

from webapp.blueprints.manage.registrations import bulk, by_hand, lists, marks, single  # noqa: E402, F401 -- the routes hang themselves on the blueprint
