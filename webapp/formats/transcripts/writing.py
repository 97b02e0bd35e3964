"""Writes turns for other programs: text, Word, WebVTT, SubRip and JSON, each of which the readers read again.

Labels are written as they stand in the turns; whoever wants the names of speakers puts them there before.
"""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape
from typing import Any

from webapp.formats.papers import describe, fit, saved
from webapp.formats.texts import tidied
from webapp.formats.transcripts.captions import Caption, captions
from webapp.formats.transcripts.names import NOBODY
from webapp.formats.transcripts.times import clock, stamp
from webapp.formats.transcripts.turns import LATEST, WANTED, Piece, Turn, UnreadableTranscriptError, shortened

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_FORMAT, _VERSION = "waymark-transcript", 1
_LIKE_A_TAG = re.compile(r"<(?=/?[A-Za-z0-9])|&(?=#?[A-Za-z0-9]+;)|\{(?=\\)")
_DAMAGED = "This transcript was written by this service, but is damaged. Export it again and choose that."


def as_text(turns: Sequence[Turn], *, title: str = "", times: bool = False) -> str:
    """Give turns as plain text, “Name: words” with a blank line between paragraphs, with times where asked for."""
    blocks = [title] if title else []
    blocks += [f"{_who(turn)}{_when(turn, times=times)}: {turn.words}" for turn in turns]
    return "\n\n".join(blocks) + "\n"


def as_word(
    turns: Sequence[Turn],
    *,
    title: str,
    made_at: datetime,
    about: Sequence[str] = (),
    times: bool = False,
    language: str = "en-GB",
) -> bytes:
    """Give turns as a Word document (ECMA-376) under a heading, each name in bold, with times where asked for."""
    from docx import Document  # noqa: PLC0415 -- takes a tenth of a second, and most processes never need it
    from docx.oxml import parse_xml  # noqa: PLC0415 -- as above

    document: Any = Document()
    describe(document, title=title, language=language, made_at=made_at)
    document.add_heading(fit(title), level=1)
    for line in about:
        document.add_paragraph(fit(line))
    # The library takes a thousand times as long to make a paragraph as to read one.
    body = parse_xml("".join(_word_body(turns, times=times)))
    end = document.element.body.sectPr
    for paragraph in list(body):
        end.addprevious(paragraph)
    return saved(document)


def as_webvtt(turns: Sequence[Turn], *, title: str = "", language: str = "") -> str:
    """Give turns as captions in WebVTT (W3C), names as voices; turns without times stand in it as notes, in order.

    Times are in milliseconds there as here.
    """
    made = captions(turns)
    blocks = [f"WEBVTT{f' {_noted(title)}' if title else ''}" + (f"\nLanguage: {language}" if language else "")]
    blocks += [f"NOTE Without a time: {_noted(f'{_who(turn)}: {turn.words}')}" for turn in made.untimed]
    blocks += [f"{stamp(one.start)} --> {stamp(one.end)}\n{_voiced(one)}" for one in made.shown]
    return "\n\n".join(blocks) + "\n"


def as_subrip(turns: Sequence[Turn]) -> str:
    """Give turns as captions in SubRip, each turn opening with its name; turns without times cannot stand in it."""
    return "\n".join(
        f"{number}\n{stamp(one.start, mark=',')} --> {stamp(one.end, mark=',')}\n{_marked(chr(10).join(one.lines))}\n"
        for number, one in enumerate(captions(turns, named=True).shown, start=1)
    )


def as_json(turns: Sequence[Turn], *, title: str = "", language: str = "") -> str:
    """Give turns as JSON with all that is known of them, times in milliseconds."""
    return json.dumps(
        {
            "format": _FORMAT,
            "version": _VERSION,
            "title": title,
            "language": language,
            "turns": [
                {
                    "speaker": turn.label,
                    "start": turn.start,
                    "end": turn.end,
                    "pieces": [
                        {"words": piece.words, "start": piece.start, "end": piece.end, "paragraph": piece.paragraph}
                        for piece in turn.pieces
                    ],
                }
                for turn in turns
            ],
        },
        ensure_ascii=False,
        indent=1,
    )


def turns_from_json(text: str) -> tuple[Turn, ...] | None:
    """Give the turns that `as_json` wrote, or None for other text; raises UnreadableTranscriptError if damaged."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or said.get("format") != _FORMAT:
        return None
    try:
        return tuple(
            Turn(_label(turn["speaker"]), tuple(_piece(piece) for piece in turn["pieces"])) for turn in said["turns"]
        )
    except (KeyError, TypeError) as error:
        raise UnreadableTranscriptError(_DAMAGED) from error


def _label(said: object) -> str | None:
    if said is not None and not isinstance(said, str):
        raise TypeError(said)
    # An escape in JSON can bring in what the text of a file was freed from.
    return None if said is None else shortened(" ".join(tidied(said, WANTED).split()))


def _piece(said: dict[str, Any]) -> Piece:
    words, paragraph, moments = said["words"], said["paragraph"], (said["start"], said["end"])
    times = all(moment is None or (type(moment) is int and 0 <= moment <= LATEST) for moment in moments)
    if not isinstance(words, str) or not isinstance(paragraph, bool) or not times:
        raise TypeError(said)
    return Piece(tidied(words, WANTED), *moments, paragraph)


def _who(turn: Turn) -> str:
    return NOBODY if turn.label is None else turn.label


def _when(turn: Turn, *, times: bool) -> str:
    return f" ({clock(turn.start)})" if times and turn.start is not None else ""


def _word_body(turns: Sequence[Turn], *, times: bool) -> Iterator[str]:
    yield f'<w:body xmlns:w="{_WORD}">'
    for turn in turns:
        opening, *rest = turn.words.split("\n\n")
        name = f"{_who(turn)}{_when(turn, times=times)}: "
        yield f"<w:p><w:r><w:rPr><w:b/></w:rPr>{_word_text(name)}</w:r><w:r>{_word_text(opening)}</w:r></w:p>"
        yield from (f"<w:p><w:r>{_word_text(words)}</w:r></w:p>" for words in rest)
    yield "</w:body>"


def _word_text(text: str) -> str:
    return f'<w:t xml:space="preserve">{escape(fit(text))}</w:t>'


def _noted(text: str) -> str:
    """One line without the arrow that may stand in no note (WebVTT 4.1)."""
    return " ".join(text.split()).replace("-->", "→")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _voiced(one: Caption) -> str:
    # What SubRip has for places is no mark of WebVTT, but readers take it out there too, ours among them.
    words = _escaped("\n".join(one.lines)).replace("{\\", "&#123;\\")
    return words if one.label is None else f"<v {_escaped(' '.join(one.label.split()))}>{words}"


def _marked(text: str) -> str:
    """Only what a reader would take for a tag is marked, since old players show marks as they stand."""
    return _LIKE_A_TAG.sub(lambda sign: {"<": "&lt;", "&": "&amp;", "{": "&lbrace;"}[sign[0]], text)
