"""Files as people send them, good ones and others."""

import io
import zipfile

from PIL import Image
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n%%EOF\n"


def picture(colour="#0b4f5c", size=(400, 300), kind="PNG"):
    """A picture of one colour; its bytes."""
    written = io.BytesIO()
    Image.new("RGB", size, colour).save(written, kind)
    return written.getvalue()


def archive(*members):
    """A zip archive of these (name, content) members; its bytes."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members:
            packed.writestr(name, content)
    return written.getvalue()


def slides(**more):
    """A presentation with nothing on it; its bytes."""
    types = (
        b'<Types><Override PartName="/ppt/presentation.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        b'presentationml.presentation.main+xml"/></Types>'
    )
    return archive(("[Content_Types].xml", types), ("ppt/presentation.xml", b"<p/>"), *more.items())


def send(browser, form, field, content, filename="file.bin", /, **values):
    """Send a form that a page gave with a file in it."""
    form.fill(**values)
    kept = {key: value for key, value in form.values.items() if key != field}
    # Encoded here, since the client of the tests would leave a temporary file open.
    file = FileStorage(io.BytesIO(content), filename, field)
    boundary, body = encode_multipart(MultiDict({**kept, field: file}))
    return browser.post(form.action, body, content_type=f"multipart/form-data; boundary={boundary}")
