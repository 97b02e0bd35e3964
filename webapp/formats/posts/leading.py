"""Where links lead: what may be followed at all, and what readers must be told since the words of a link do not."""

import re
import unicodedata
from urllib.parse import unquote

# As browsers read it: no name or password before the host, which is spelt in plain letters after normalising.
_OUT = re.compile(r"https://([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.?)(?::[0-9]{1,5})?(?:[/?#][!-~]*)?", re.IGNORECASE)
_LETTER = re.compile(r"mailto:([^\s@?&#,;%]+@[a-z0-9.-]+)", re.IGNORECASE)
_WITHIN = re.compile(r"/(?![/\\])[!-~]*")
# Signs that pass for the dot in a domain's name, and those that pass for a stroke.
_LOOKALIKES = str.maketrans(
    dict.fromkeys("\u00b7\u0387\u0701\u0702\u2024\u2027\u3002\u30fb\ua4f8\uff0e\uff61\uff65", ".")
    | dict.fromkeys("\u2044\u2215\u29f8\u30ce\uff0f", "/")
)
_BETWEEN = re.compile(r"[\s\"“”‘’'<>()\[\]{}|,;]+")
_ADDRESS = re.compile(r"(?P<scheme>[a-z][\w+.-]*:)?(?P<strokes>[/\\]*)(?P<host>[^/\\?#]*)")
_LONGEST_WORDS = 300
HERE = "a page of this service"


def may_lead(address: str) -> bool:
    """Whether a link may lead there: to an https address, to the writing of a letter or to a page of this service."""
    return bool(_OUT.fullmatch(address) or _LETTER.fullmatch(address) or _WITHIN.fullmatch(address))


def leads_out(address: str) -> bool:
    """Whether an address that may be linked to is of another service."""
    return address[:1] != "/"


def untold(words: str, address: str) -> str:
    """Where a link leads, if its words are blank, look like another address or are of another script; else nothing."""
    out, letter = _OUT.fullmatch(address), _LETTER.fullmatch(address)
    host = out[1].lower().rstrip(".") if out else unquote(letter[1]).lower() if letter else HERE
    if not words.strip() or len(words) > _LONGEST_WORDS or re.search(r"(^|\.)xn--", host.rpartition("@")[2]):
        return host
    return host if any(not _same(one, host) for one in _addresses(words, within=host == HERE)) else ""


def _addresses(words: str, *, within: bool) -> list[str]:
    """What in the words looks like the host of an address, or like a person's at it.

    Links within the service are named after files and people, whose dots pretend nothing.
    """
    folded = unicodedata.normalize("NFKC", words).translate(_LOOKALIKES).casefold()
    found = []
    for part in _BETWEEN.split(folded):
        address = _ADDRESS.match(part.strip(".!?:…*_"))
        assert address is not None, "all its parts may be empty"
        scheme, strokes, host = address["scheme"] or "", address["strokes"], address["host"]
        if "." in scheme and not strokes:
            # It is the number of a port that stands behind it.
            host = scheme
        host = re.sub(r":[0-9]*$", "", host).rstrip(".")
        last = host.rpartition(".")[2]
        is_name = "." in host and len(last) > 1 and not last.isdigit()
        if host and ((is_name and (not within or host.startswith("www."))) or (strokes and scheme)):
            found.append(host)
    return found


def _same(seen: str, host: str) -> bool:
    """Whether what is seen is the host; beside a person's address, the domain alone will do."""
    return seen.removeprefix("www.") in {host.removeprefix("www."), host.rpartition("@")[2]}
