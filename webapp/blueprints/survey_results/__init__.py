from flask import Blueprint

bp = Blueprint("survey_results", __name__, url_prefix="/surveys/<survey>/results")

import webapp.blueprints.survey_results.routes  # noqa: E402, F401 -- the routes hang themselves on the blueprint
