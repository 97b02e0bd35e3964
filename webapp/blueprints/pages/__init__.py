from flask import Blueprint

bp = Blueprint("pages", __name__)

import webapp.blueprints.pages.routes  # noqa: E402, F401 -- the routes hang themselves on the blueprint
