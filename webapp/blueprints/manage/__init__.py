"""The organisers' side: one module per noun."""

from flask import Blueprint, Flask

from webapp.blueprints.manage import (
    agenda,
    agenda_files,
    events,
    exports,
    imports,
    navigation,
    registrations,
    releases,
    sessions,
    streams,
)


def init_app(app: Flask) -> None:
    """Register every noun of the organisers' side."""
    bp = Blueprint("manage", __name__, url_prefix="/manage")
    for noun in (events, agenda, agenda_files, sessions, streams, releases, registrations, exports, imports):
        bp.register_blueprint(noun.bp)
    app.register_blueprint(bp)
    app.jinja_env.globals.update(manage_sections=navigation.sections, has_power=navigation.power)
