"""Surveys on the organisers' side: begun, built, published, closed."""

from flask import Blueprint

bp = Blueprint("surveys", __name__)

from webapp.blueprints.manage.surveys import (  # noqa: E402 -- the routes hang themselves on the blueprint
    beginning,  # noqa: F401
    building,  # noqa: F401
    letters,  # noqa: F401
    life,  # noqa: F401
    questions,  # noqa: F401
)
