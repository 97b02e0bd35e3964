"""Materials on the organisers' side: added, made of what speakers handed in, changed, put in order, taken away."""

from flask import Blueprint

bp = Blueprint("materials", __name__, url_prefix="/events/<ref:event>/materials")

from webapp.blueprints.manage.materials import (  # noqa: E402 -- the routes hang themselves on the blueprint
    adding,  # noqa: F401
    editing,  # noqa: F401
)
