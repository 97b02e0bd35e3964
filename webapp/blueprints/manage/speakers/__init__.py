from flask import Blueprint

bp = Blueprint("speakers", __name__)

# The routes hang themselves on the blueprint.
from webapp.blueprints.manage.speakers import inviting, merging, profiles  # noqa: E402, F401
