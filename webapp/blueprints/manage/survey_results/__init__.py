"""Results of surveys on the organisers' side."""

from flask import Blueprint

bp = Blueprint("survey_results", __name__, url_prefix="/surveys/<survey>/results")

from webapp.blueprints.manage.survey_results import (  # noqa: E402 -- the routes hang themselves on the blueprint
    files,  # noqa: F401
    public,  # noqa: F401
    showing,  # noqa: F401
    texts,  # noqa: F401
)
