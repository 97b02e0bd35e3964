"""The organisers' side: one module per noun."""

from flask import Blueprint, Flask
from werkzeug.exceptions import NotFound as NoSuchPage

from webapp.blueprints.manage import (
    abbreviations,
    activity,
    admission,
    agenda,
    agenda_files,
    areas,
    attendance,
    check_in,
    collections,
    communities,
    dashboard,
    events,
    exports,
    frameworks,
    imports,
    invitees,
    letters,
    library,
    life,
    lost,
    mailings,
    materials,
    member_imports,
    memberships,
    milestones,
    navigation,
    people,
    programmes,
    publications,
    questions,
    recordings,
    registrations,
    releases,
    series,
    sessions,
    setup,
    sign_ups,
    speakers,
    streams,
    survey_results,
    surveys,
    themes,
    transcripts,
    waves,
    wordings,
)
from webapp.errors import NotFound

NOUNS = (
    events,
    programmes,
    themes,
    waves,
    milestones,
    areas,
    communities,
    series,
    frameworks,
    publications,
    library,
    collections,
    dashboard,
    setup,
    life,
    admission,
    questions,
    people,
    agenda,
    agenda_files,
    sessions,
    streams,
    speakers,
    materials,
    transcripts,
    recordings,
    releases,
    sign_ups,
    registrations,
    check_in,
    attendance,
    invitees,
    letters,
    mailings,
    surveys,
    exports,
    imports,
    memberships,
    member_imports,
    activity,
    abbreviations,
    wordings,
    survey_results,
)


def init_app(app: Flask) -> None:
    """Register every noun of the organisers' side."""
    bp = Blueprint("manage", __name__, url_prefix="/manage")
    for noun in NOUNS:
        bp.register_blueprint(noun.bp)
    for kind in (NotFound, NoSuchPage):
        bp.register_error_handler(kind, lost.explain)
    app.register_blueprint(bp)
    app.jinja_env.globals.update(
        manage_sections=navigation.sections,
        has_power=navigation.power,
        may_begin=navigation.may_begin,
        has_page=lambda endpoint: endpoint in app.view_functions,
    )
