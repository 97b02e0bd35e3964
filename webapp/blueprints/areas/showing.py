"""What the profile of an area shows to somebody: its strands, said or missing, and what it shares with them."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from webapp import access
from webapp.formats.documents import DocumentType
from webapp.models.accounts import Person, Viewer, Visitor
from webapp.models.areas import Area, AreaDocument, AreaReach, AreaStrand
from webapp.models.communities import Community
from webapp.models.events import Event
from webapp.models.programmes import Theme
from webapp.queries import area_profiles as queries
from webapp.queries import communities
from webapp.queries.memberships import is_verified, taken_out_of
from webapp.services.memberships import may_join_by

MOST_COMMUNITIES = 5
_LABELS = {kind.media_type: kind.label for kind in DocumentType}


@dataclass(frozen=True)
class Shared:
    """A document as a page tells of it: what it is in words, and where it is, for who may have it."""

    document: AreaDocument
    kind: str
    address: str


@dataclass(frozen=True)
class Profile:
    """An area as somebody sees it: whether they may change what it says, and choose who belongs to it."""

    strands: Sequence[tuple[Theme, AreaStrand | None]]
    documents: Sequence[Shared]
    events: Sequence[Event]
    leads: Sequence[Person]
    communities: Sequence[Community]
    is_kept: bool
    is_led: bool
    may_join: bool

    @property
    def said(self) -> Sequence[Theme]:
        """The strands of which something is said."""
        return [theme for theme, strand in self.strands if strand is not None]


def profile_of(area: Area, viewer: Viewer | Visitor) -> Profile:
    """What the viewer sees of an area, which must be loaded whole. Its leads are named to the programme's people."""
    is_kept = access.may_keep_area(viewer, area)
    is_near = is_kept or access.belongs_to_programme(viewer, area.programme_id)
    organisation_id = area.organisation_id
    return Profile(
        strands=strands_told(area),
        documents=[shared(one, area, viewer) for one in area.documents if _is_told(one, area, viewer)],
        events=queries.events_with(organisation_id, programme_id=area.programme_id) if organisation_id else [],
        leads=queries.leads_of(area.id) if is_near else [],
        communities=_communities_near(area, viewer),
        is_kept=is_kept,
        is_led=access.leads_area(viewer, area),
        may_join=_may_join(area, viewer),
    )


def _may_join(area: Area, viewer: Viewer | Visitor) -> bool:
    """Whether the viewer could join the area by their own address, and does not belong to it yet."""
    if not isinstance(viewer, Viewer) or any(one.area_id == area.id for one in viewer.belongs):
        return False
    fits = may_join_by(viewer.email, area.email_domains)
    return fits and is_verified(viewer.id) and area.id not in taken_out_of(viewer.id)


def _communities_near(area: Area, viewer: Viewer | Visitor) -> list[Community]:
    """Where the viewer can read what people of the area's wave, or of the whole programme, talk about."""
    found = communities.communities(viewer, programme_id=area.programme_id)
    near = [one for one in found if one.wave_id in {None, area.wave_id} and not one.is_group and not one.archived_at]
    return near[:MOST_COMMUNITIES]


def strands_told(area: Area) -> list[tuple[Theme, AreaStrand | None]]:
    """Each strand of the programme with what the area says of it, None where that is missing."""
    said = {one.theme_id: one for one in area.strands}
    themes = queries.strands_of(area.programme_id)
    known = {theme.id for theme in themes}
    # What was said of a theme that is no strand any more is still theirs.
    themes += [one.theme for one in area.strands if one.theme_id not in known]
    return [(theme, said.get(theme.id)) for theme in themes]


def shared(row: AreaDocument, area: Area, viewer: Viewer | Visitor) -> Shared:
    """A document as the viewer is told of it; without an address where it is not for them."""
    kind = _LABELS.get(row.file.media_type, "Document") if row.file else "Link"
    may = access.may_have(viewer, area, row.reach)
    return Shared(row, kind, url_for("areas.download", area=area, item=row.public_id) if may else "")


def _is_told(row: AreaDocument, area: Area, viewer: Viewer | Visitor) -> bool:
    # What is for the programme is told of, so that nobody who could have it by signing in takes it for missing.
    return row.reach is not AreaReach.AREA or access.may_have(viewer, area, row.reach)
