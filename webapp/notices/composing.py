"""A letter's parts as one message (RFC 5322 and MIME), the same bytes whenever the parts are the same.

Written by hand, because the library's message costs four times as much as all else about a letter, and draws its
boundaries by lot; what needs encoding in a header is still encoded by the library.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from email.header import Header
from urllib.parse import quote

import idna

from webapp.folding import clean_line

LINE = 76
# Atoms with dots (RFC 5322, section 3.2.3), letters beyond ASCII among them (RFC 6532): nothing that could end a
# header, an address or a command of SMTP.
_ATOM = r"[^\s\x00-\x20\x7f-\x9f()<>\[\]:;@\\,.\"]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_DOMAIN = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_PLAIN = re.compile(r"[\x20-\x7e]*")
_PLACE = re.compile(rb"=_file_([0-9a-f]{64})=_\r\n")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")


@dataclass(frozen=True, kw_only=True)
class CalendarFile:
    """A calendar that goes with a letter, and the method that its own text names."""

    content: bytes
    method: str
    filename: str


@dataclass(frozen=True, kw_only=True)
class EnclosedFile:
    """A file that goes inside a letter, by the SHA-256 of its content."""

    digest: str
    filename: str
    media_type: str


def message(
    headers: Iterable[tuple[str, str]],
    *,
    text: str,
    html: str,
    calendar: CalendarFile | None,
    mark: str,
    files: Sequence[EnclosedFile] = (),
) -> bytes:
    """The whole message with CRLF. Headers come encoded; `mark`, of letters and digits, names the boundaries.

    The content of files is not in it yet: fill_files() puts it where it belongs, so that it is kept once and not in
    each of thousands of letters.
    """
    parts = [_text("plain", text), _text("html", html)]
    if files:
        whole = _multipart("mixed", [_multipart("alternative", parts, mark), *map(_enclosed, files)], mark)
    elif calendar is None:
        whole = _multipart("alternative", parts, mark)
    else:
        # Outlook looks for an invitation in the first part of the mixed and what lies in it, and takes one elsewhere
        # for a file (MS-STANOICAL, V0343); some programs read only the file. Both name the method (RFC 6047, 2.4).
        content = base64.encodebytes(calendar.content).replace(b"\n", b"\r\n")
        kind = f"text/calendar; charset=utf-8; method={calendar.method}"
        file = {"Content-Disposition": f'attachment; filename="{calendar.filename}"'}
        whole = _multipart(
            "mixed",
            [
                _multipart("alternative", [*parts, _part(kind, "base64", content)], mark),
                _part(f'{kind}; name="{calendar.filename}"', "base64", content, **file),
            ],
            mark,
        )
    return _head((*headers, ("MIME-Version", "1.0"))) + whole


def fill_files(message: bytes, content: Callable[[str], bytes]) -> bytes:
    """The message with its files, whose content is asked for by digest, as base64; the same bytes each time."""
    return _PLACE.sub(lambda found: content(found[1].decode()), message) if b"=_file_" in message else message


def words(name: str, value: str) -> str:
    """What somebody wrote, as the value of the header of that name: one line as meant, encoded and folded as needed."""
    value = clean_line(value)
    plain, room = _is_plain(value), LINE - len(name) - 2
    if plain and len(value) <= room:
        return value
    foldable = plain and all(len(word) < room for word in value.split())
    charset = "us-ascii" if foldable else "utf-8"
    return Header(value, charset, maxlinelen=LINE, header_name=name).encode(linesep="\r\n")


def mailbox(name: str, display_name: str, address: str) -> str:
    """An address with its owner's name, for the header of that name; raises ValueError where the address is none."""
    shown, bare = clean_line(display_name), envelope_address(address)
    if not shown:
        return bare
    if not _is_plain(shown) or len(name) + len(shown) + 4 > LINE:
        shown = Header(shown, "utf-8", maxlinelen=LINE, header_name=name).encode(linesep="\r\n")
    elif not _ATOMS.fullmatch(shown):
        shown = '"' + shown.replace("\\", "\\\\").replace('"', '\\"') + '"'
    last = len(shown) - shown.rfind("\n")
    return f"{shown}\r\n <{bare}>" if len(name) + last + len(bare) + 5 > LINE else f"{shown} <{bare}>"


def envelope_address(address: str) -> str:
    """The address as SMTP takes it, its domain in ASCII (RFC 5890); raises ValueError where it is none."""
    local, _, domain = address.rpartition("@")
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode("ascii")
        except idna.IDNAError as error:
            raise ValueError(f"{address!r} is not an e-mail address.") from error
    if not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise ValueError(f"{address!r} is not an e-mail address.")
    return f"{local}@{domain}"


def _is_plain(value: str) -> bool:
    # What looks like an encoded word would be shown decoded (RFC 2047, section 6).
    return _PLAIN.fullmatch(value) is not None and "=?" not in value


def _text(kind: str, text: str) -> bytes:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n").encode()
    return _part(f"text/{kind}; charset=utf-8", "quoted-printable", binascii.b2a_qp(lines, istext=True))


def _part(kind: str, encoding: str, content: bytes, **more: str) -> bytes:
    headers = {"Content-Type": kind, "Content-Transfer-Encoding": encoding, **more}
    return _head(headers.items()) + b"\r\n" + content


def _enclosed(file: EnclosedFile) -> bytes:
    # Nothing in quoted-printable or base64 looks like this, so no letter can hold it by chance or by intent.
    place = f"=_file_{file.digest}=_\r\n".encode()
    if file.filename.isascii():
        named = file.filename.replace("\\", "_").replace('"', "_")
        disposition, kind = f'attachment; filename="{named}"', f'{file.media_type}; name="{named}"'
    else:
        # RFC 2231, section 4.
        disposition, kind = f"attachment; filename*=utf-8''{quote(file.filename)}", file.media_type
    return _part(kind, "base64", place, **{"Content-Disposition": disposition})


def _multipart(kind: str, parts: Sequence[bytes], mark: str) -> bytes:
    # Neither quoted-printable nor base64 can hold "=_" (RFC 2045, section 6.7), so no content looks like a boundary.
    boundary = f"=_{mark}_{kind}"
    head = _head([("Content-Type", f'multipart/{kind};\r\n boundary="{boundary}"')])
    line = f"--{boundary}".encode()
    return head + b"\r\n" + b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"


def _head(headers: Iterable[tuple[str, str]]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers).encode()
