"""Suggestions while somebody types the name of an organisation."""

from flask import Response, jsonify, request

from webapp.access import Who, allow
from webapp.blueprints.organisations import bp
from webapp.folding import clean_line
from webapp.queries import organisations as queries

SHORTEST = 2


@bp.get("/organisations/suggest")
@allow(Who.ANYONE)
def suggest() -> Response:
    """Up to 8 names of organisations for what was typed so far, as JSON."""
    text = clean_line(request.args.get("q", ""))[:100]
    found = queries.suggest_organisations(text) if len(text) >= SHORTEST else []
    return jsonify([organisation.name for organisation in found])
