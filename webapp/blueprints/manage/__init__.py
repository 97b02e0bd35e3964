"""The organisers' side: one module per noun."""

from flask import Blueprint, Flask

from webapp.blueprints.manage import (
    agenda,
    events,
    exports,
    navigation,
    registrations,
    releases,
    sessions,
    sign_ups,
    streams,
)


def init_app(app: Flask) -> None:
    """Register every noun of the organisers' side."""
    bp = Blueprint("manage", __name__, url_prefix="/manage")
    for noun in (events, agenda, sessions, streams, releases, registrations, exports, sign_ups):
        bp.register_blueprint(noun.bp)
    app.register_blueprint(bp)
    app.jinja_env.globals.update(manage_sections=navigation.sections, has_power=navigation.power)
