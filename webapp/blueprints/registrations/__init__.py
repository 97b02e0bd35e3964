from flask import Blueprint

bp = Blueprint("registrations", __name__)

from webapp.blueprints.registrations import invited, joining, passing_on, routes  # noqa: E402, F401 -- they hang on it
