from flask import Blueprint

bp = Blueprint("transcripts", __name__, url_prefix="/events/<ref:event>/sessions/<ref:session>")

import webapp.blueprints.transcripts.routes  # noqa: E402, F401 -- the routes hang themselves on the blueprint
