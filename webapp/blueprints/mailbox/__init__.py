from flask import Blueprint

bp = Blueprint("mailbox", __name__)

import webapp.blueprints.mailbox.routes  # noqa: E402, F401 -- the routes hang themselves on the blueprint
