from flask import Blueprint

bp = Blueprint("publications", __name__)

import webapp.blueprints.publications.routes  # noqa: E402, F401 -- the routes hang themselves on the blueprint
