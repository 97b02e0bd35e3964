"""Text as people type it, made clean, comparable and sortable alike on every database."""

import re
import unicodedata
from collections.abc import Collection
from itertools import count

# Controls and bidirectional overrides can hide what a name says, or break out of a header. The joiners (200C, 200D)
# stay: Persian and Indian names are spelt with them.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_SPACES = re.compile(r"\s+")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
MAX_WORD = 60


def clean_line(text: str) -> str:
    """One line as meant: composed (NFC), without control or direction marks, spaces single, ends trimmed."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    text = unicodedata.normalize("NFC", text.replace("\u2028", " ").replace("\u2029", " "))
    return _SPACES.sub(" ", _UNSEEN.sub("", text.replace("\r", " ").replace("\n", " "))).strip()


def clean_text(text: str) -> str:
    """Several lines as meant: line breaks as LF, each line cleaned, no more than one empty line in a row."""
    lines = [clean_line(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def clean_prose(text: str) -> str:
    """A text in Markdown as meant: as clean_text() makes it, but with the spaces that lines begin with: they count."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4).split("\n")
    indents = [len(line) - len(line.lstrip(" ")) for line in lines]
    kept = [" " * indent + clean_line(line) for indent, line in zip(indents, lines, strict=True)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in kept)).strip("\n").rstrip()


def fold(text: str) -> str:
    """The text for comparing: without case, accents, typographic quotes or doubled spaces."""
    if text.isascii():
        return " ".join(text.lower().split())
    # Twice, because taking letters apart can bring capitals to light: those of "№" and of "𝐀𝐧𝐧".
    folded = unicodedata.normalize("NFKD", text).casefold().replace("’", "'")
    decomposed = unicodedata.normalize("NFKD", folded)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char) and char not in "\u200c\u200d")
    return _SPACES.sub(" ", bare).strip()


def fold_email(email: str) -> str:
    """The address for comparing: composed and in lower case; accents part people, as they part mailboxes."""
    return unicodedata.normalize("NFC", email).lower()


def words(text: str) -> list[str]:
    """The distinct folded words of a text, in order, each cut at 60 characters; apostrophes join, hyphens part."""
    found = (match.group().replace("'", "").replace("’", "")[:MAX_WORD] for match in _WORD.finditer(fold(text)))
    return list(dict.fromkeys(word for word in found if word))


def name_key(name: str) -> str:
    """A key that sorts a person's name by its last word, then the whole: "Ann Lee" goes by "lee ann lee"."""
    folded = fold(name)
    return f"{folded.rsplit(' ', 1)[-1]} {folded}"[:200]


def slug(text: str) -> str:
    """The text as part of an address: lower case letters, digits and hyphens, at most 80 characters."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text).replace("'", "")).strip("-")[:80].strip("-") or "untitled"


def free_slug(text: str, taken: Collection[str]) -> str:
    """The slug of a text, with the next number behind it where that is taken."""
    wanted = slug(text)
    numbered = (f"{wanted}-{number}" for number in count(2))
    return wanted if wanted not in taken else next(one for one in numbered if one not in taken)
