from flask import Blueprint

bp = Blueprint("agenda", __name__)

import webapp.blueprints.agenda.files  # noqa: E402 -- as below
import webapp.blueprints.agenda.routes  # noqa: E402 -- the routes hang themselves on the blueprint
import webapp.blueprints.agenda.versions  # noqa: E402, F401 -- as above
