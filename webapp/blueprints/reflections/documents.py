"""Reflections as documents: Word at once, PDF when the worker has made it."""

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.forms import ButtonForm
from webapp.blueprints.reflections import bp
from webapp.blueprints.reflections.routes import word_file
from webapp.errors import NotFound
from webapp.folding import slug
from webapp.queries import reflections as queries
from webapp.services import reflections as services
from webapp.transaction import attempt


@bp.get("/reflections/<reflection>/word")
@allow(Who.SIGNED_IN)
def word(reflection: str) -> FlaskResponse:
    """The reflection as a Word document."""
    found = queries.get_reflection(reflection, viewer=current_user).reflection
    return word_file(services.word_of(found, now=clock.now()), slug(found.title))


@bp.post("/reflections/<reflection>/pdf")
@allow(Who.SIGNED_IN)
def pdf(reflection: str) -> Response:
    """Ask for the reflection as a PDF."""
    found = queries.get_reflection(reflection, viewer=current_user).reflection
    form = ButtonForm()
    if not form.validate_on_submit():
        flash(form.problem, "error")
        return redirect(url_for(".show", reflection=reflection))
    try:
        with attempt():
            document = services.request_pdf(found.id, person_id=current_user.id, now=clock.now())
    except services.PdfUnavailable as refused:
        flash(refused.message, "error")
        return redirect(url_for(".show", reflection=reflection))
    return redirect(url_for(".document", reflection=reflection, document=document.public_id))


@bp.get("/reflections/<reflection>/pdf/<document>")
@allow(Who.SIGNED_IN)
def document(reflection: str, document: str) -> str:
    """How far the PDF is, and the file once it is made."""
    found = queries.get_reflection(reflection, viewer=current_user).reflection
    row = queries.get_document(found.id, document, person_id=current_user.id, now=clock.now())
    return render_template("reflections/document.html", reflection=found, document=row)


@bp.get("/reflections/<reflection>/pdf/<document>/file")
@allow(Who.SIGNED_IN)
def file(reflection: str, document: str) -> FlaskResponse:
    """The PDF, for the one who asked for it, while they may still open the reflection."""
    found = queries.get_reflection(reflection, viewer=current_user).reflection
    row = queries.get_document(found.id, document, person_id=current_user.id, now=clock.now(), with_content=True)
    if row.content is None:
        raise NotFound
    response = FlaskResponse(row.content, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "attachment", filename=f"{slug(found.title)}.pdf")
    return response
