"""What can happen to the materials of an event: added, made of what speakers handed in, changed, moved, taken away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from webapp.errors import DomainError, NotFound
from webapp.extensions import db
from webapp.models.accounts import Actor, ThingKind
from webapp.models.files import FileReach
from webapp.models.materials import Material
from webapp.queries import materials as queries
from webapp.services import files
from webapp.services.activity import record

MOST = 300
LONGEST_URL = 500


class MaterialRefused(DomainError):
    """What was asked for cannot be done with this material; `field` names what is wrong, where it is one thing."""

    code = "material_refused"

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class MaterialChanged(DomainError):
    """Somebody else changed the material since it was shown."""

    code = "changed_meanwhile"
    message = "Somebody else changed this at the same moment, so nothing was saved. Look at what stands now, then save."


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What is said of a material: its title, whom it is for, and the session it belongs to by its public id."""

    title: str
    reach: FileReach
    session: str = ""


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file that lies in the folder already, and the name under which it is sent."""

    written: files.Written
    filename: str
    title: str


def is_plain_address(url: str) -> bool:
    """Whether this is an address that a page may lead to: https with the name of a host, and nothing hidden in it."""
    if len(url) > LONGEST_URL or any(sign.isspace() or not sign.isprintable() for sign in url):
        return False
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return False
    return parts.scheme == "https" and "." in host and "@" not in parts.netloc and "\\" not in url


def add_files(event_id: int, uploads: Sequence[Upload], offer: Offer, *, actor: Actor, now: datetime) -> list[Material]:
    """Add these files at the end, each under its own title; what is there already for the same part is not added twice.

    Raises MaterialRefused where there would be too many, and NotFound for a session that is not the event's.
    """
    stand, session_id = _lock(event_id, offer.session, len(uploads))
    made = []
    for upload in uploads:
        kept = files.keep(upload.written, now=now)
        same = [one for one in stand if (one.file_id, one.session_id) == (kept.id, session_id)]
        if same:
            continue
        row = _new(event_id, session_id, stand, upload.title, offer.reach, now)
        row.file_id, row.filename = kept.id, upload.filename
        made.append(_added(row, stand, actor=actor, now=now))
    return made


def add_link(event_id: int, url: str, offer: Offer, *, actor: Actor, now: datetime) -> Material:
    """Add a link at the end; the same again for the same part is the one there is.

    Raises MaterialRefused for an address that is not plain https, and as add_files() does.
    """
    _check_address(url)
    stand, session_id = _lock(event_id, offer.session, 1)
    for one in stand:
        if (one.url, one.session_id) == (url, session_id):
            return one
    row = _new(event_id, session_id, stand, offer.title, offer.reach, now)
    row.url = url
    return _added(row, stand, actor=actor, now=now)


def offer_given(
    event_id: int, attachment: str, title: str, reach: FileReach, *, actor: Actor, now: datetime
) -> Material:
    """Make a material of what a speaker handed in, for the session as it is released; made already, it is that one.

    Raises MaterialRefused while the session is in no released agenda, and NotFound.
    """
    stand = queries.lock_materials(event_id)
    given = queries.get_given(event_id, attachment)
    if given.material is not None:
        return given.material
    if given.session is None:
        raise MaterialRefused("This session is not in the released agenda yet. Release the agenda first.")
    if len(stand) >= MOST:
        raise MaterialRefused(_too_many())
    row = _new(event_id, given.session.id, stand, title, reach, now)
    row.file_id, row.filename = given.attachment.file_id, given.attachment.filename
    row.given_id = given.attachment.id
    return _added(row, stand, actor=actor, now=now)


def change(
    event_id: int,
    public_id: str,
    offer: Offer,
    *,
    url: str = "",
    upload: Upload | None = None,
    version: int,
    actor: Actor,
    now: datetime,
) -> Material:
    """Change what is said of a material, and put a newer file or another address in its place; its address stays.

    As it is already, nothing happens. Raises MaterialChanged, MaterialRefused and NotFound.
    """
    stand = queries.lock_materials(event_id)
    row = _one(stand, public_id)
    if row.version != version:
        raise MaterialChanged
    session_id = _session_id(event_id, offer.session)
    before = {"title": row.title, "reach": row.reach.value, "url": row.url, "session": row.session_id}
    if row.is_link:
        _check_address(url)
    newer = False
    if upload is not None and not row.is_link:
        kept = files.keep(upload.written, now=now)
        newer = kept.id != row.file_id
        row.file_id, row.filename = kept.id, upload.filename
        if newer:
            # No longer what the speaker handed in: it stays when they take theirs back.
            row.given_id = None
    elif row.is_link:
        newer, row.url = row.url != url, url
    row.title, row.reach, row.session_id = offer.title, offer.reach, session_id
    after = {"title": row.title, "reach": row.reach.value, "url": row.url, "session": row.session_id}
    changes = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    if not changes and not newer:
        return row
    changes.pop("session", None)
    row.version += 1
    row.updated_at = now
    row.replaced_at = now if newer else row.replaced_at
    db.session.flush()
    _record("material_replaced" if newer else "material_changed", row, actor=actor, now=now, changes=changes)
    return row


def move(event_id: int, public_id: str, place: int, *, actor: Actor, now: datetime) -> int:
    """Put a material at a place among those of the same part, from 1, or the nearest there is; gives that place.

    Raises NotFound.
    """
    stand = queries.lock_materials(event_id)
    row = _one(stand, public_id)
    order = [one for one in stand if one.session_id == row.session_id]
    before = order.index(row) + 1
    place = min(max(1, place), len(order))
    if place == before:
        return place
    order.remove(row)
    order.insert(place - 1, row)
    for number, one in enumerate(order, start=1):
        one.position = number
    _record("material_moved", row, actor=actor, now=now, changes={"place": [before, place]})
    return place


def withdraw(event_id: int, public_id: str, *, actor: Actor, now: datetime) -> None:
    """Take a material away; what a speaker handed in stays with the speaker. Gone already, nothing happens."""
    for one in queries.lock_materials(event_id):
        if one.public_id == public_id:
            _withdraw(one, actor=actor, now=now)


def withdraw_given(attachment_id: int, *, actor: Actor, now: datetime) -> None:
    """Take away what was made of a file that its speaker takes back; where nothing was, nothing happens."""
    made = queries.find_made_of(attachment_id)
    if made is not None:
        _withdraw(made, actor=actor, now=now)


def _withdraw(row: Material, *, actor: Actor, now: datetime) -> None:
    _record("material_withdrawn", row, actor=actor, now=now, title=row.title)
    db.session.delete(row)
    db.session.flush()


def _lock(event_id: int, session: str, more: int) -> tuple[list[Material], int | None]:
    stand = queries.lock_materials(event_id)
    if len(stand) + more > MOST:
        raise MaterialRefused(_too_many())
    return stand, _session_id(event_id, session)


def _too_many() -> str:
    return f"An event can have {MOST} materials at most. Take some away first."


def _session_id(event_id: int, public_id: str) -> int | None:
    if not public_id:
        return None
    for session in queries.sessions_to_choose(event_id):
        if session.public_id == public_id:
            return session.id
    raise NotFound


def _check_address(url: str) -> None:
    if not is_plain_address(url):
        raise MaterialRefused("Enter an address that begins with https://, such as https://example.org/report", "url")


def _one(stand: Sequence[Material], public_id: str) -> Material:
    for one in stand:
        if one.public_id == public_id:
            return one
    raise NotFound


def _new(
    event_id: int, session_id: int | None, stand: Sequence[Material], title: str, reach: FileReach, now: datetime
) -> Material:
    last = max((one.position for one in stand), default=0)
    return Material(
        event_id=event_id, session_id=session_id, position=last + 1, title=title, reach=reach,
        filename="", url="", version=1, created_at=now, updated_at=now,
    )  # fmt: skip


def _added(row: Material, stand: list[Material], *, actor: Actor, now: datetime) -> Material:
    db.session.add(row)
    db.session.flush()
    stand.append(row)
    _record("material_offered", row, actor=actor, now=now, reach=row.reach.value)
    return row


def _record(verb: str, row: Material, *, actor: Actor, now: datetime, **details: Any) -> None:
    record(verb, ThingKind.MATERIAL, row.id, actor=actor, now=now, event_id=row.event_id, **details)
