"""Stored files as answers: pictures to be shown, documents to be saved."""

from pathlib import Path

from flask import Response, current_app, request, send_file

from webapp.errors import NotFound
from webapp.models.areas import AreaDocument
from webapp.models.files import Attachment, StoredFile
from webapp.models.library import Resource
from webapp.models.materials import Material
from webapp.models.topics import PostFile
from webapp.services import files


def files_folder() -> Path:
    """Where stored files lie."""
    folder: Path = current_app.config["SETTINGS"].files_path
    return folder


def as_picture(file: StoredFile, *, public: bool) -> Response:
    """A photograph; what lies under a digest never changes, so browsers need not ask again for a public one.

    Raises NotFound when it is not there.
    """
    response = Response(files.find_path(file.digest, files_folder()).read_bytes(), mimetype="image/jpeg")
    response.set_etag(file.digest[:32])
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if public else "private, no-store"
    response.make_conditional(request)
    return response


def as_download(
    document: Attachment | AreaDocument | Material | PostFile | Resource, *, public: bool = False
) -> Response:
    """A document as something to be saved, never to be shown by the browser; browsers may keep a public one, and ask.

    Raises NotFound when it is not there.
    """
    if document.file is None:
        raise NotFound
    response = send_file(
        files.find_path(document.file.digest, files_folder()),
        mimetype=document.file.media_type,
        as_attachment=True,
        download_name=document.filename,
        etag=document.file.digest[:32],
    )
    response.headers["Cache-Control"] = "no-cache" if public else "private, no-store"
    return response
