"""What can happen to the documents of an area: added, changed, replaced, moved, taken away, by its own people."""

from dataclasses import dataclass
from datetime import datetime

from webapp.errors import DomainError, NotFound
from webapp.extensions import db
from webapp.models.accounts import Actor, ThingKind
from webapp.models.areas import Area, AreaDocument, AreaReach
from webapp.queries import area_profiles as queries
from webapp.services import files
from webapp.services.activity import record
from webapp.services.area_profiles import AreaChanged, keep_version
from webapp.services.materials import Upload, is_plain_address

MOST = 100


class DocumentRefused(DomainError):
    """What was asked for cannot be done with this document; the message says why."""

    code = "document_refused"


@dataclass(frozen=True, kw_only=True)
class Sharing:
    """What is said of a document, and what it leads to: an address of a link, of a file a newer one if there is any."""

    title: str
    reach: AreaReach
    url: str = ""
    upload: Upload | None = None


def add_file(area_id: int, upload: Upload, reach: AreaReach, *, actor: Actor, now: datetime) -> AreaDocument:
    """Add a file at the end; the same content again is the document there is.

    Raises DocumentRefused where there would be too many.
    """
    area = queries.lock_area(area_id)
    kept = files.keep(upload.written, now=now)
    for one in area.documents:
        if one.file_id == kept.id:
            return one
    row = _new(area, upload.title, reach, now)
    row.file_id, row.filename = kept.id, upload.filename
    return _added(area, row, actor=actor, now=now)


def add_link(area_id: int, url: str, title: str, reach: AreaReach, *, actor: Actor, now: datetime) -> AreaDocument:
    """Add a link at the end; the same address again is the document there is.

    Raises DocumentRefused for an address that is not plain https, and where there would be too many.
    """
    _check_address(url)
    area = queries.lock_area(area_id)
    for one in area.documents:
        if one.url == url:
            return one
    row = _new(area, title, reach, now)
    row.url = url
    return _added(area, row, actor=actor, now=now)


def change(area_id: int, public_id: str, wanted: Sharing, *, version: int, actor: Actor, now: datetime) -> AreaDocument:
    """Change what is said of a document, and put a newer file or another address in its place; its address stays.

    As it is already, nothing happens. Raises AreaChanged, DocumentRefused and NotFound.
    """
    area = queries.lock_area(area_id)
    row = _one(area, public_id)
    if area.version != version:
        raise AreaChanged
    title, reach, *led_to = row.title, row.reach, row.url, row.file_id
    if row.file_id is None:
        _check_address(wanted.url)
        row.url = wanted.url
    elif wanted.upload is not None:
        row.file_id, row.filename = files.keep(wanted.upload.written, now=now).id, wanted.upload.filename
    row.title, row.reach = wanted.title, wanted.reach
    is_newer = [row.url, row.file_id] != led_to
    if not is_newer and (row.title, row.reach) == (title, reach):
        return row
    row.updated_at = now
    keep_version(area, actor=actor, now=now, did="document_replaced" if is_newer else "document_changed", title=title)
    record(
        "area_document_replaced" if is_newer else "area_document_changed", ThingKind.AREA_DOCUMENT, row.id,
        actor=actor, now=now, reach=row.reach.value,
    )  # fmt: skip
    return row


def move(area_id: int, public_id: str, place: int, *, actor: Actor, now: datetime) -> int:
    """Put a document at a place among those of its area, from 1, or the nearest there is; gives that place.

    Raises NotFound.
    """
    area = queries.lock_area(area_id)
    row, order = _one(area, public_id), list(area.documents)
    before, place = order.index(row) + 1, min(max(1, place), len(order))
    if place == before:
        return place
    order.remove(row)
    order.insert(place - 1, row)
    for number, one in enumerate(order, start=1):
        one.position = number
    record(
        "area_document_moved", ThingKind.AREA_DOCUMENT, row.id, actor=actor, now=now, changes={"place": [before, place]}
    )
    return place


def withdraw(area_id: int, public_id: str, *, actor: Actor, now: datetime) -> None:
    """Take a document away; gone already, nothing happens."""
    area = queries.lock_area(area_id)
    row = next((one for one in area.documents if one.public_id == public_id), None)
    if row is None:
        return
    keep_version(area, actor=actor, now=now, did="document_withdrawn", title=row.title)
    record("area_document_withdrawn", ThingKind.AREA_DOCUMENT, row.id, actor=actor, now=now, title=row.title)
    db.session.delete(row)
    db.session.flush()


def _check_address(url: str) -> None:
    if not is_plain_address(url):
        raise DocumentRefused("Enter an address that begins with https://, such as https://example.org/report")


def _one(area: Area, public_id: str) -> AreaDocument:
    for one in area.documents:
        if one.public_id == public_id:
            return one
    raise NotFound


def _new(area: Area, title: str, reach: AreaReach, now: datetime) -> AreaDocument:
    if len(area.documents) >= MOST:
        raise DocumentRefused(f"An area can have {MOST} documents at most. Take some away first.")
    last = max((one.position for one in area.documents), default=0)
    return AreaDocument(area_id=area.id, position=last + 1, title=title, reach=reach, created_at=now, updated_at=now)


def _added(area: Area, row: AreaDocument, *, actor: Actor, now: datetime) -> AreaDocument:
    db.session.add(row)
    keep_version(area, actor=actor, now=now, did="document_added", title=row.title)
    record("area_document_added", ThingKind.AREA_DOCUMENT, row.id, actor=actor, now=now, reach=row.reach.value)
    return row
