"""The door: one package per area.

A route is load, check, bind, act, answer, in about fifteen lines; it carries one access decorator and holds
no select and no rule. Only the door reads the clock, the request and who is looking.
"""

from flask import Flask, abort, request

from webapp.blueprints import (
    accounts,
    agenda,
    areas,
    attendance,
    calendars,
    communities,
    events,
    library,
    mailings,
    manage,
    materials,
    memberships,
    organisations,
    pages,
    preferences,
    programmes,
    publications,
    recordings,
    reflections,
    registrations,
    saved,
    search,
    series,
    sign_ups,
    speakers,
    survey_results,
    surveys,
    transcripts,
    uploads,
)
from webapp.blueprints.addresses import RefConverter
from webapp.blueprints.answers import account_links
from webapp.blueprints.forms import csrf_field, error_list
from webapp.blueprints.recordings import streaming

AREAS = (
    pages,
    events,
    agenda,
    materials,
    transcripts,
    recordings,
    speakers,
    programmes,
    areas,
    communities,
    publications,
    organisations,
    registrations,
    sign_ups,
    attendance,
    accounts,
    calendars,
    mailings,
    series,
    preferences,
    survey_results,
    surveys,
    reflections,
    library,
    saved,
    search,
    memberships,
)


def init_app(app: Flask) -> None:
    """Register every area; the mailbox only where mail is kept on this machine for developers."""
    app.url_map.converters["ref"] = RefConverter
    for area in AREAS:
        app.register_blueprint(area.bp)
    manage.init_app(app)
    streaming.init_app(app)
    uploads.init_app(app)
    app.before_request(_refuse_nul)
    app.jinja_env.globals.update(account_links=account_links, form_errors=error_list, csrf_field=csrf_field)
    settings = app.config["SETTINGS"]
    if settings.env != "production" and settings.mailbox_dir:
        from webapp.blueprints import mailbox  # noqa: PLC0415 -- reads mail with packages that production lacks

        app.register_blueprint(mailbox.bp)


def _refuse_nul() -> None:
    # No address of ours holds one, and PostgreSQL cannot even compare it.
    if b"%00" in request.query_string or "\x00" in request.path:
        abort(404)
