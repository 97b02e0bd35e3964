from flask import Blueprint

bp = Blueprint("memberships", __name__)

# The routes hang themselves on the blueprint.
import webapp.blueprints.memberships.people  # noqa: E402
import webapp.blueprints.memberships.routes  # noqa: E402, F401
