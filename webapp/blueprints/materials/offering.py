"""What pages of an event say of its materials: public ones for all, of the others whom they are for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from flask import render_template, url_for
from flask_login import current_user

from webapp.formats.documents import DocumentType
from webapp.models.agenda import Session
from webapp.models.events import Event
from webapp.models.files import FileReach
from webapp.models.materials import Material
from webapp.queries.events import find_event
from webapp.queries.reaches import Reaches, reaches_at

# No public id holds a space.
MARK = "material "
_LABELS = {kind.media_type: kind.label for kind in DocumentType}


@dataclass(frozen=True)
class Item:
    """One material as a page tells it: what it is in words, and the name of its opening where it is not for all."""

    material: Material
    kind: str
    address: str

    @property
    def opening(self) -> str:
        row = self.material
        if row.reach is FileReach.PUBLIC:
            return ""
        return f"{MARK}{row.reach.value} {row.session_id or 0} {row.public_id}"


@dataclass(frozen=True)
class Offered:
    """The materials that a page tells of, by the session that they belong to; under None those of the whole event.

    `own` is what those find in the openings who may have a material, and who, though signed in, may not; `visitors`
    what visitors do.
    """

    by_session: Mapping[int | None, Sequence[Item]]
    own: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    visitors: Mapping[str, str] = field(default_factory=dict)

    def of(self, session: Session | None) -> Sequence[Item]:
        """Those of a session; without one, of the whole event."""
        return self.by_session.get(session.id if session else None, ())

    @property
    def total(self) -> int:
        return sum(len(items) for items in self.by_session.values())


def item_of(material: Material, address: str = "") -> Item:
    """A material in words; `address` is where it is fetched, which for a link is the link itself."""
    if material.is_link:
        return Item(material, f"Link to {urlsplit(material.url).hostname}", material.url)
    kind = _LABELS.get(material.file.media_type, "File") if material.file else "File"
    return Item(material, kind, address)


def offered(event: Event, materials: Iterable[Material], *, over: bool) -> Offered:
    """What a page of this event says of these materials, none of which is for organisers alone.

    `over` tells whether people had a place or have one.
    """
    items = [item_of(one, url_for("materials.download", event=event, item=one.public_id)) for one in materials]
    by_session: dict[int | None, list[Item]] = {}
    for one in items:
        by_session.setdefault(one.material.session_id, []).append(one)
    own: dict[str, tuple[str, str]] = {}
    visitors: dict[str, str] = {}
    for one in items:
        if one.opening:
            told = [_told(event, one, over=over, seen_by=who) for who in ("reached", "signed_in", "visitor")]
            own[one.opening], visitors[one.opening] = (told[0], told[1]), told[2]
    return Offered(by_session, own, visitors)


def chosen(own: Mapping[str, tuple[str, str]], event_public_id: str) -> dict[str, str]:
    """The openings of a page for whoever is signed in: what they may have, and whom the rest is for."""
    names = [name for name in own if name.startswith(MARK)]
    event = find_event(event_public_id) if names else None
    if event is None:
        return {}
    reaches = reaches_at(event, viewer=current_user)
    return {name: own[name][0 if _covers(reaches, name) else 1] for name in names}


def _covers(reaches: Reaches, name: str) -> bool:
    _mark, kept_for, session, _public_id = name.split(" ")
    return reaches.covers(FileReach(kept_for), int(session) or None)


def _told(event: Event, item: Item, *, over: bool, seen_by: str) -> str:
    if item.material.is_link and seen_by != "reached":
        # Where it leads is for those whom it is for.
        item = replace(item, kind="Link", address="")
    return render_template("components/own_material.html", event=event, item=item, over=over, seen_by=seen_by)
