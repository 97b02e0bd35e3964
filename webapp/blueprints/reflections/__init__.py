from flask import Blueprint

bp = Blueprint("reflections", __name__)

# The routes hang themselves on the blueprint.
import webapp.blueprints.reflections.documents  # noqa: E402
import webapp.blueprints.reflections.routes  # noqa: E402
import webapp.blueprints.reflections.sharing  # noqa: E402
import webapp.blueprints.reflections.teams  # noqa: E402
import webapp.blueprints.reflections.writing  # noqa: E402, F401
