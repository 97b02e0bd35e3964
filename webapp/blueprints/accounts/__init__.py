from flask import Blueprint

bp = Blueprint("accounts", __name__)

import webapp.blueprints.accounts.routes  # noqa: E402, F401 -- the routes hang themselves on the blueprint
