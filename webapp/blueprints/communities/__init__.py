from flask import Blueprint

bp = Blueprint("communities", __name__)

# The routes hang themselves on the blueprint.
import webapp.blueprints.communities.changing  # noqa: E402
import webapp.blueprints.communities.conduct  # noqa: E402
import webapp.blueprints.communities.following  # noqa: E402
import webapp.blueprints.communities.issues  # noqa: E402
import webapp.blueprints.communities.keeping  # noqa: E402
import webapp.blueprints.communities.meetings  # noqa: E402
import webapp.blueprints.communities.moderation  # noqa: E402
import webapp.blueprints.communities.moderators  # noqa: E402
import webapp.blueprints.communities.people  # noqa: E402
import webapp.blueprints.communities.polls  # noqa: E402
import webapp.blueprints.communities.questions  # noqa: E402
import webapp.blueprints.communities.reading  # noqa: E402
import webapp.blueprints.communities.reporting  # noqa: E402
import webapp.blueprints.communities.routes  # noqa: E402
import webapp.blueprints.communities.topics  # noqa: E402
import webapp.blueprints.communities.writing  # noqa: E402, F401
