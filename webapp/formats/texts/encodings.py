"""Tells the encoding of a text by its bytes, and makes of them the text that the readers read.

What was damaged on the way is marked in the text with U+FFFD and told, since a name with a wrong letter can be
corrected and a refused file cannot.
"""

import codecs
import re

from webapp.formats.texts.wanted import Remark, Wanted

_MARKS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
]
_CONTROLS = bytes({*range(32), 127} - set(b"\t\n\v\f\r\x1b"))
# XML and PostgreSQL hold none of these; half a pair of surrogates is no letter either.
_LOST = re.compile("[\x00\ud800-\udfff\ufffe\uffff]")
# A form feed or a vertical tab parts words and is no end of a line to an editor; the rest of them are not seen at all.
_PARTING = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
_UNSEEN = re.compile("[\ufeff\u202a-\u202e\u2066-\u2069]")
_FOREIGN = re.compile("[\udc80-\udcff]+")
_MULTIBYTE = re.compile("[\x80-\ud7ff\ue000-\U0010ffff]")


def decoded(content: bytes, wanted: Wanted) -> tuple[str, str, list[Remark]]:
    """Give the text of a file, the name of its encoding, and what was damaged in it; ends of lines become LF.

    Raises the error that is wanted for what is no text, and for more bytes or lines than are.
    """
    if len(content) > wanted.most_bytes:
        raise wanted.error(
            f"This file is larger than {wanted.most_bytes // 2**20} MB, the most that can be read as a {wanted.noun}. "
            f"Choose the {wanted.noun} itself, or upload it in parts."
        )
    encoding, start = _encoding_of(content)
    data = content[start:]
    if encoding in {"utf-8", "utf-8-sig", "windows-1252"}:
        _check_controls(data, wanted)
    python = "utf-8" if encoding == "utf-8-sig" else encoding
    try:
        text, whole = data.decode(python), True
    except UnicodeDecodeError:
        text, whole = data.decode(python, errors="replace"), False
    text = tidied(text, wanted)
    if whole:
        return text, encoding, []
    line = text.count("\n", 0, text.index("\ufffd")) + 1 if "\ufffd" in text else None
    return text, encoding, [Remark("Some letters are damaged and stand as “\ufffd”. Correct them by hand.", line)]


def tidied(text: str, wanted: Wanted) -> str:
    """Give text with LF as the end of each line, U+FFFD for what is no character, and nothing that is not seen.

    Raises the error that is wanted for more lines than are.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\n") > wanted.most_lines:
        raise wanted.error(
            f"This file has more than {wanted.most_lines:,} lines, the most that can be read as a {wanted.noun}. "
            "Upload it in parts."
        )
    return _UNSEEN.sub("", _PARTING.sub(" ", _LOST.sub("\ufffd", text)))


def _encoding_of(content: bytes) -> tuple[str, int]:
    """Give the encoding, and the number of bytes that only say so."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            # Python takes the mark of UTF-32 to know the order of the bytes.
            return encoding, 0 if encoding == "utf-32" else len(mark)
    wide = _unmarked_utf16(content) if b"\0" in content else ""
    if wide:
        return wide, 0
    text = content.decode("utf-8", errors="surrogateescape")
    foreign = len(_FOREIGN.findall(text))
    if not foreign or len(_MULTIBYTE.findall(text)) > foreign:
        return "utf-8", 0
    return "windows-1252", 0


def _unmarked_utf16(content: bytes) -> str:
    """Tell UTF-16 by the zero byte that each plain letter has, behind it or before it, and hardly ever both."""
    before, behind = content[0::2].count(0), content[1::2].count(0)
    for encoding, many, few in (("utf-16-le", behind, before), ("utf-16-be", before, behind)):
        if many > 50 * few and many * 200 > len(content):
            text = content[: len(content) // 2 * 2].decode(encoding, errors="replace")
            if text.count("\ufffd") * 50 <= len(text):
                return encoding
    return ""


def _check_controls(data: bytes, wanted: Wanted) -> None:
    controls = len(data) - len(data.translate(None, _CONTROLS))
    if controls * 200 > max(len(data), 400):
        raise wanted.error(
            f"We could not read this file as a {wanted.noun}, because it does not contain text. {wanted.save}"
        )
