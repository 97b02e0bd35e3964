from flask import Blueprint

bp = Blueprint("speakers", __name__)

from webapp.blueprints.manage.speakers import inviting, merging, profiles  # noqa: E402, F401 -- the routes hang themselves on it
