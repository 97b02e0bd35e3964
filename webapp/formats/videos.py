"""Addresses of videos: which provider they lead to, told by host and path, and what that provider calls the video."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

_YOUTUBE = frozenset({"youtube.com", "www.youtube.com", "m.youtube.com", "youtube-nocookie.com",
                      "www.youtube-nocookie.com"})  # fmt: skip
_YOUTUBE_PATH = re.compile(r"/(?:embed|live|shorts|v)/([A-Za-z0-9_-]{11})/?")
_YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_VIMEO = frozenset({"vimeo.com", "www.vimeo.com"})
_VIMEO_PATH = re.compile(
    r"/(?:channels/[\w-]+/|groups/[\w-]+/videos/|showcase/\d+/video/)?(\d{1,12})(?:/([0-9a-f]{6,20}))?/?", re.ASCII
)
_VIMEO_PLAYER = re.compile(r"/video/(\d{1,12})/?", re.ASCII)
_VIMEO_SECRET = re.compile(r"[0-9a-f]{6,20}")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")


class UnusableAddressError(ValueError):
    """An address that we do not take; its text says why, for whoever typed it."""


@dataclass(frozen=True)
class Video:
    """Where a video is watched; `provider` is "youtube", "vimeo" or empty, `video` what the provider calls it."""

    address: str
    provider: str = ""
    video: str = ""


def read_address(typed: str) -> Video:
    """The video that an address leads to; of no provider we know, the address alone.

    Raises UnusableAddressError for what is no address of a page, or is not protected on its way.
    """
    text = typed.strip()
    if not _SCHEME.match(text) or re.match(r"[\w.-]+:\d", text):
        text = f"https://{text}"
    if any(sign.isspace() or not sign.isprintable() for sign in text):
        raise UnusableAddressError("An address has no spaces. Copy it from the bar of your browser")
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port
    except (ValueError, UnicodeError):
        raise UnusableAddressError("Enter an address like https://www.example.org/recording") from None
    if parts.scheme.lower() != "https":
        raise UnusableAddressError(
            "The address must begin with https://, so that nobody on the way can change the page"
        )
    if not _HOST.fullmatch(host) or parts.username is not None:
        raise UnusableAddressError("Enter an address like https://www.example.org/recording")
    query = parse_qs(parts.query)
    found = None if port else _youtube(host, parts.path, query) or _vimeo(host, parts.path, query)
    if found is None and (lacking := _without_video(host, parts.path)):
        raise UnusableAddressError(
            f"This is a {lacking} address without a video. Open the video there, and copy the address of its page"
        )
    return found or Video(parts._replace(scheme="https").geturl())


def host_of(address: str) -> str:
    """The host of an address, as people know it."""
    return (urlsplit(address).hostname or "").removeprefix("www.")


def _without_video(host: str, path: str) -> str:
    """The provider whose address this is, though no film is to be found there; lists of films are found."""
    if host == "youtu.be" or (host in _YOUTUBE and path.rstrip("/") != "/playlist"):
        return "YouTube"
    return "Vimeo" if host in _VIMEO and path in {"", "/"} else ""


def _youtube(host: str, path: str, query: dict[str, list[str]]) -> Video | None:
    video = ""
    if host == "youtu.be":
        video = path.strip("/")
    elif host in _YOUTUBE and path.rstrip("/") == "/watch":
        video = query.get("v", [""])[0]
    elif host in _YOUTUBE and (found := _YOUTUBE_PATH.fullmatch(path)):
        video = found[1]
    if not _YOUTUBE_ID.fullmatch(video):
        return None
    return Video(f"https://www.youtube.com/watch?v={video}", "youtube", video)


def _vimeo(host: str, path: str, query: dict[str, list[str]]) -> Video | None:
    found = _VIMEO_PATH.fullmatch(path) if host in _VIMEO else None
    secret = found[2] or "" if found else ""
    if host == "player.vimeo.com" and (found := _VIMEO_PLAYER.fullmatch(path)):
        secret = query.get("h", [""])[0]
    if found is None:
        return None
    if not _VIMEO_SECRET.fullmatch(secret):
        secret = ""
    video = "/".join(part for part in (found[1], secret) if part)
    return Video(f"https://vimeo.com/{video}", "vimeo", video)
