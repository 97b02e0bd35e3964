from flask import Blueprint

bp = Blueprint("registrations", __name__)

from webapp.blueprints.registrations import (  # noqa: E402 -- they hang on it
    invited,  # noqa: F401
    joining,  # noqa: F401
    materials,  # noqa: F401
    passing_on,  # noqa: F401
    recordings,  # noqa: F401
    routes,  # noqa: F401
)
