"""Two profiles of one person become one: what the other has moves over, and its address leads here for good."""

from collections.abc import Hashable, Iterable, Mapping
from datetime import datetime
from typing import Any

from webapp.errors import DomainError
from webapp.extensions import db
from webapp.folding import name_key, slug
from webapp.models.accounts import Actor, ThingKind
from webapp.models.agenda import Contribution
from webapp.models.drafts import DraftContribution, SpeakerAnswer
from webapp.models.library import ResourceAuthor
from webapp.models.publications import Author
from webapp.models.speakers import Speaker, SpeakerInvitation
from webapp.models.transcripts import ProposalState, TurnProposal
from webapp.queries import speakers as queries
from webapp.services.activity import record
from webapp.services.search import index_speaker, unindex_speaker
from webapp.services.speakers.profiles import SpeakerChanged, set_aliases

# What is chosen from either profile, and the columns that go together.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "name": ("name",),
    "job_title": ("job_title",),
    "organisation": ("organisation_id",),
    "biography": ("biography",),
    "photo": ("photo_id", "photo_alt"),
    "links": ("links",),
}
_WEIGHT = [SpeakerAnswer.NOT_ASKED, SpeakerAnswer.ASKED, SpeakerAnswer.CONFIRMED, SpeakerAnswer.DECLINED]


class CannotMerge(DomainError):
    """The two cannot become one; the message says why."""

    code = "cannot_merge"


def merge(
    staying_id: int,
    going_id: int,
    *,
    from_going: Iterable[str],
    versions: tuple[int, int],
    actor: Actor,
    now: datetime,
    event_id: int | None = None,
) -> Speaker:
    """Give the profile that stays all that the one that goes is named on, and of its fields those in `from_going`.

    Both names stay known. Merged so already, nothing happens. `versions` are those of the one that stays and the one
    that goes. Raises CannotMerge and SpeakerChanged.
    """
    staying, going = _lock(staying_id, going_id)
    if going.merged_into_id == staying.id:
        return staying
    if staying.merged_into_id is not None or going.merged_into_id is not None:
        raise CannotMerge("One of these profiles was merged with another in the meantime. Look at how it stands now.")
    if (staying.version, going.version) != versions:
        raise SpeakerChanged("One of these profiles was changed since you opened the page. Compare, then merge.")
    moved = _move_all(staying, going)
    _take_over(staying, going, set(from_going))
    _empty(going, staying)
    staying.version += 1
    going.version += 1
    staying.updated_at = going.updated_at = now
    db.session.flush()
    index_speaker(staying, (alias.name for alias in staying.aliases))
    unindex_speaker(going)
    for thing_id, verb in ((staying.id, "speaker_took_over"), (going.id, "speaker_merged")):
        other = going if thing_id == staying.id else staying
        record(
            verb, ThingKind.SPEAKER, thing_id, actor=actor, now=now, event_id=event_id, other=other.public_id, **moved
        )
    return staying


def _lock(staying_id: int, going_id: int) -> tuple[Speaker, Speaker]:
    if staying_id == going_id:
        raise CannotMerge("This is one and the same profile.")
    queries.lock_drafts([staying_id, going_id])
    queries.lock_transcripts_proposed_to([staying_id, going_id])
    found = {speaker.id: speaker for speaker in queries.lock_speakers([staying_id, going_id])}
    return found[staying_id], found[going_id]


def _move_all(staying: Speaker, going: Speaker) -> dict[str, int]:
    """Name the profile that stays wherever the other was named; gives how many of what, for the record."""
    rows = queries.lock_merge_rows([staying.id, going.id])
    moved = {
        "released": _move_contributions(rows.released, staying.id, going.id),
        "planned": _move_contributions(rows.planned, staying.id, going.id),
        "invitations": _move_invitations(rows.invitations, staying.id, going.id),
    }
    _move_authors((*rows.articles, *rows.resources), staying.id)
    _move_proposals(rows.proposals, staying.id, going.id)
    for attachment in rows.attachments:
        attachment.speaker_id = staying.id if attachment.speaker_id == going.id else attachment.speaker_id
        if attachment.thing_kind is ThingKind.SPEAKER and attachment.thing_id == going.id:
            attachment.thing_id = staying.id
    for earlier in rows.led_here:
        earlier.merged_into_id = staying.id
    return moved


def _take_over(staying: Speaker, going: Speaker, from_going: set[str]) -> None:
    names = [alias.name for one in (staying, going) for alias in one.aliases] + [staying.name, going.name]
    for choice, columns in FIELDS.items():
        for column in columns if choice in from_going else ():
            setattr(staying, column, getattr(going, column))
    staying.slug, staying.name_sort = slug(staying.name), name_key(staying.name)
    if staying.person_id is None:
        staying.person_id = going.person_id
    set_aliases(staying, names)


def _empty(going: Speaker, staying: Speaker) -> None:
    """Leave nothing in the profile that goes but the name in its address and where it leads."""
    set_aliases(going, ())
    going.merged_into_id = staying.id
    going.person_id = going.organisation_id = going.photo_id = None
    going.job_title = going.biography = going.photo_alt = ""
    going.links = []


def _move_contributions(rows: Iterable[Contribution | DraftContribution], staying: int, going: int) -> int:
    """Name the one that stays wherever the other was; where both were named alike, one row stays. Gives how many."""
    rows = list(rows)
    kept = {_place(row): row for row in rows if row.speaker_id == staying}
    moved = 0
    for row in rows:
        if row.speaker_id != going:
            continue
        moved += 1
        same = kept.get(_place(row))
        if same is None:
            row.speaker_id = staying
            kept[_place(row)] = row
        else:
            _dissolve(row, same)
    return moved


def _place(row: Any) -> Hashable:
    session_id = row.session_id if isinstance(row, Contribution) else row.draft_session_id
    return session_id, row.organisation_id, row.role


def _dissolve(row: Any, into: Any) -> None:
    if isinstance(row, Contribution):
        into.job_title = into.job_title or row.job_title
    elif _WEIGHT.index(row.answer) > _WEIGHT.index(into.answer):
        into.answer, into.answered_at = row.answer, row.answered_at
    into.position = min(into.position, row.position)
    db.session.delete(row)


def _move_authors(rows: Iterable[Author | ResourceAuthor], staying: int) -> None:
    for row in rows:
        row.speaker_id = staying


def _move_proposals(rows: Iterable[TurnProposal], staying: int, going: int) -> None:
    """Of two open proposals to one turn the newer one stays."""
    rows = list(rows)
    opened = [row for row in rows if row.state is ProposalState.OPEN]
    own = {row.turn_id: row for row in opened if row.speaker_id == staying}
    dropped = set()
    for row in opened:
        other = own.get(row.turn_id)
        if row.speaker_id == going and other is not None:
            older = min(other, row, key=lambda one: (one.updated_at, one.id))
            dropped.add(older.id)
            db.session.delete(older)
    # Out of the way first, as with the invitations.
    db.session.flush()
    for row in rows:
        if row.id not in dropped:
            row.speaker_id = staying


def _move_invitations(rows: Iterable[SpeakerInvitation], staying: int, going: int) -> int:
    """Of two invitations to one event the one stays that is in force, answered, or sent last."""
    rows = list(rows)
    own = {row.event_id: row for row in rows if row.speaker_id == staying}
    moving = [row for row in rows if row.speaker_id == going]
    for row in moving:
        other = own.get(row.event_id)
        if other is not None:
            weaker = min(row, other, key=lambda one: (one.revoked_at is None, one.answered_at is not None, one.sent_at))
            db.session.delete(weaker)
            # Out of the way first: two rows of one speaker at one event are not to be seen even for a moment.
            db.session.flush()
            if weaker is row:
                continue
        row.speaker_id = staying
    return len(moving)
