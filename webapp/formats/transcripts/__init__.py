"""Reads what people upload or paste as a transcript, as turns by speaker, and writes turns again for other programs.

What a file is is told by its content alone. Nothing is dropped without a word: each line that is not blank is found
again in a turn, before the first one, among the asides, or as unread with the reason.
"""

from collections.abc import Collection

from webapp.formats.texts import decoded, refuse_others, tidied
from webapp.formats.texts.documents import is_document
from webapp.formats.texts.wanted import refuse_markup
from webapp.formats.transcripts.captions import Caption, Captions, captions
from webapp.formats.transcripts.cues import cue_kind, cues_of
from webapp.formats.transcripts.labels import Candidate, Resolution, Sureness, Why, resolve
from webapp.formats.transcripts.prose import read_prose
from webapp.formats.transcripts.spoken import speak
from webapp.formats.transcripts.turns import (
    WANTED,
    Gathering,
    Kind,
    Line,
    Piece,
    Reading,
    Remark,
    Turn,
    Unread,
    UnreadableTranscriptError,
)
from webapp.formats.transcripts.word import word_lines
from webapp.formats.transcripts.writing import as_json, as_subrip, as_text, as_webvtt, as_word, turns_from_json

__all__ = [
    "Candidate",
    "Caption",
    "Captions",
    "Kind",
    "Line",
    "Piece",
    "Reading",
    "Remark",
    "Resolution",
    "Sureness",
    "Turn",
    "Unread",
    "UnreadableTranscriptError",
    "Why",
    "as_json",
    "as_subrip",
    "as_text",
    "as_webvtt",
    "as_word",
    "captions",
    "read_pasted",
    "read_transcript",
    "resolve",
    "turns_from_json",
]


def read_transcript(content: bytes, *, known: Collection[str] = ()) -> Reading:
    """Give the turns of a transcript in text, WebVTT, SubRip, Word or our own JSON, told apart by content.

    `known` are labels that are names whatever they look like, such as those of earlier parts; times are in
    milliseconds. Raises UnreadableTranscriptError, with a sentence for people, for anything else.
    """
    if is_document(content):
        lines, remarks = word_lines(content)
        return _read([tidied(line, WANTED) for line in lines], Kind.WORD, "", remarks, known)
    refuse_others(content, WANTED)
    text, encoding, remarks = decoded(content, WANTED)
    return _read_text(text, encoding, remarks, known)


def read_pasted(text: str, *, known: Collection[str] = ()) -> Reading:
    """Give the turns of a transcript that was pasted, as `read_transcript` does, with no encoding told."""
    return _read_text(tidied(text, WANTED), "", [], known)


def _read_text(text: str, encoding: str, remarks: list[Remark], known: Collection[str]) -> Reading:
    refuse_markup(text, WANTED)
    if text.lstrip()[:1] == "{" and (turns := turns_from_json(text)) is not None:
        return Reading(kind=Kind.JSON, encoding=encoding, turns=turns, remarks=tuple(remarks))
    return _read(text.split("\n"), Kind.TEXT, encoding, remarks, known)


def _read(lines: list[str], kind: Kind, encoding: str, remarks: list[Remark], known: Collection[str]) -> Reading:
    gathered = Gathering(remarks=remarks)
    shown = cue_kind(lines)
    if shown is None:
        read_prose(lines, gathered, known=known, paragraphs=kind is Kind.WORD)
    else:
        kind = kind if kind is Kind.WORD else shown
        if kind is Kind.WEBVTT and not lines[0].startswith("WEBVTT"):
            gathered.remarks.append(
                Remark("The first line should be “WEBVTT”, and is not; the file was read all the same.", 1)
            )
        speak(cues_of(lines, shown, gathered), gathered, known=known)
    return Reading(
        kind=kind,
        encoding=encoding,
        turns=tuple(gathered.turns),
        before=tuple(gathered.before),
        asides=tuple(gathered.asides),
        unread=tuple(sorted(gathered.unread, key=lambda line: line.number)),
        remarks=tuple(gathered.remarks),
        went_back=gathered.went_back,
        overlapped=gathered.overlapped,
    )
