"""Recordings on the organisers' side: added by address or as a file, described, put in order, published, removed."""

from flask import Blueprint

bp = Blueprint("recordings", __name__, url_prefix="/events/<ref:event>/recordings")

from webapp.blueprints.manage.recordings import (  # noqa: E402 -- the routes hang themselves on the blueprint
    adding,  # noqa: F401
    editing,  # noqa: F401
)
