from flask import Blueprint

bp = Blueprint("materials", __name__, url_prefix="/events/<ref:event>/materials")

import webapp.blueprints.materials.routes  # noqa: E402, F401 -- the routes hang themselves on the blueprint
