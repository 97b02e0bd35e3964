"""A transcript for other programs, with the names of the speakers as their profiles have them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from webapp.formats import transcripts as formats
from webapp.formats.transcripts import Piece
from webapp.formats.transcripts import Turn as Written
from webapp.models.transcripts import Transcript, Turn
from webapp.queries import transcripts as queries


class TranscriptFile(StrEnum):
    """A kind of file that a transcript can be had as, by the ending of its name."""

    TEXT = "txt"
    WORD = "docx"
    WEBVTT = "vtt"
    SUBRIP = "srt"
    JSON = "json"

    @property
    def mimetype(self) -> str:
        return _MIMETYPES[self]

    @property
    def has_times(self) -> bool:
        """Whether only words with a time can stand in it."""
        return self in {TranscriptFile.WEBVTT, TranscriptFile.SUBRIP}


_MIMETYPES = {
    TranscriptFile.TEXT: "text/plain",
    TranscriptFile.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    TranscriptFile.WEBVTT: "text/vtt",
    TranscriptFile.SUBRIP: "application/x-subrip",
    TranscriptFile.JSON: "application/json",
}


def export(
    transcript: Transcript, kind: TranscriptFile, *, title: str, about: Sequence[str] = (), made_at: datetime
) -> bytes:
    """All turns that stand as a file of this kind; text in UTF-8. `about` stands under the title in Word."""
    rows = queries.all_turns(transcript.id)
    names = {key: one.speaker.name for key, one in queries.speakers_by_id(row.speaker_id for row in rows).items()}
    turns = written(rows, names)
    language = transcript.language
    match kind:
        case TranscriptFile.WORD:
            return formats.as_word(turns, title=title, about=about, times=True, language=language, made_at=made_at)
        case TranscriptFile.WEBVTT:
            text = formats.as_webvtt(turns, title=title, language=language)
        case TranscriptFile.SUBRIP:
            text = formats.as_subrip(turns)
        case TranscriptFile.JSON:
            text = formats.as_json(turns, title=title, language=language)
        case _:
            text = formats.as_text(turns, title=title, times=True)
    return text.encode()


def written(rows: Iterable[Turn], names: Mapping[int, str]) -> list[Written]:
    """The turns as the formats take them, each under the speaker's name, or the label where no speaker is known."""
    return [Written(names.get(row.speaker_id or 0) or row.label or None, _pieces(row)) for row in rows]


def _pieces(row: Turn) -> tuple[Piece, ...]:
    parts = row.pieces or [[0, row.starts, row.ends]]
    places = [part[0] or 0 for part in parts]
    found: list[Piece] = []
    for place, following, (_, start, end) in zip(places, [*places[1:], len(row.words)], parts, strict=True):
        new_paragraph = place >= 2 and row.words[place - 2 : place] == "\n\n"
        for number, words in enumerate(row.words[place:following].strip().split("\n\n")):
            # Paragraphs within a part share its time, of which the first has the beginning.
            times = (start, end) if number == 0 else (None, None)
            found.append(Piece(words, *times, paragraph=bool(found) and (new_paragraph or number > 0)))
    return tuple(found)
