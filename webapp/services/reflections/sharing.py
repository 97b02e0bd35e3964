"""Sharing reflections with people and teams, and taking it back at once; who belongs to a team."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete

from webapp import outbox
from webapp.errors import DomainError, Forbidden, NotFound
from webapp.extensions import db
from webapp.folding import fold_email
from webapp.models.accounts import Person, ThingKind, Viewer
from webapp.models.reflections import Reflection, ReflectionShare, Team, TeamMember
from webapp.notices import reflections as notices
from webapp.queries import reflections as queries
from webapp.queries.accounts import find_person_by_email
from webapp.services import throttling
from webapp.services.activity import record

MOST_SHARES = 50
MOST_MEMBERS = 50
# Letters that one person may cause in a day, whoever they go to.
MOST_LETTERS = 100
DAY = timedelta(days=1)


class SharingRefused(DomainError):
    """It cannot be shared so; the sentence says why."""

    code = "sharing_refused"


def share_with_person(
    reflection_id: int,
    email: str,
    *,
    may_write: bool,
    viewer: Viewer,
    now: datetime,
    seen: Mapping[int, int] | None = None,
) -> ReflectionShare:
    """Share a reflection with whoever signs in with the address, and write to them if they are known here.

    `seen` are the versions of its entries, by their ids, that were looked through as they are to be shared. Shared
    already, it holds as chosen last, without another letter. Whether the address is known is never told.
    Raises Forbidden for anybody but the owner, SharingRefused and TooMany.
    """
    reflection = _lock_own(reflection_id, viewer)
    folded = fold_email(email)
    if folded == fold_email(viewer.email):
        raise SharingRefused("This is your own address: the reflection is yours already")
    share = queries.find_share(reflection.id, email=email)
    if share is not None:
        share.may_write = may_write
        return share
    share = _share(reflection, may_write=may_write, email=email, viewer=viewer, now=now, seen=seen)
    person = _known(email, viewer, now)
    if person is not None:
        framework = queries.framework_of(reflection)
        notice = notices.shared(person, reflection, framework, by=viewer.name, may_write=may_write)
        outbox.post(notice, now=now)
    return share


def share_with_team(
    reflection_id: int,
    team_id: int,
    *,
    may_write: bool,
    viewer: Viewer,
    now: datetime,
    seen: Mapping[int, int] | None = None,
) -> ReflectionShare:
    """Share a reflection with a team that the viewer belongs to; shared already, it holds as chosen last.

    `seen` is as for share_with_person. Raises Forbidden for anybody but the owner, NotFound for another's team, and
    SharingRefused.
    """
    reflection = _lock_own(reflection_id, viewer)
    if team_id not in {team.id for team in queries.teams_of(viewer)}:
        raise NotFound
    if reflection.team_id == team_id:
        raise SharingRefused("This team writes it together with you already")
    share = queries.find_share(reflection.id, team_id=team_id)
    if share is not None:
        share.may_write = may_write
        return share
    return _share(reflection, may_write=may_write, team_id=team_id, viewer=viewer, now=now, seen=seen)


def stop_sharing(reflection_id: int, share: str, *, viewer: Viewer, now: datetime) -> None:
    """Take a share back, at once; taken back already, nothing happens. Raises Forbidden."""
    reflection = _lock_own(reflection_id, viewer)
    row = queries.find_share_by_id(reflection.id, share)
    if row is not None:
        db.session.delete(row)
        record("reflection_unshared", ThingKind.REFLECTION, reflection.id, actor=viewer.actor, now=now)


def make_team(name: str, *, viewer: Viewer, now: datetime) -> Team:
    """A team of the viewer's, to which they belong themselves; a double click gives the same one."""
    for team in queries.teams_of(viewer):
        if (team.owner_id, team.name) == (viewer.id, name):
            return team
    team = Team(name=name, owner_id=viewer.id, created_at=now, updated_at=now)
    db.session.add(team)
    db.session.flush()
    _join(team, viewer.email, now)
    record("team_made", ThingKind.TEAM, team.id, actor=viewer.actor, now=now)
    return team


def add_member(team_id: int, email: str, *, viewer: Viewer, now: datetime) -> bool:
    """Add whoever signs in with the address, and write to them if they are known here; gives whether they are new.

    Raises Forbidden for anybody but who made the team, SharingRefused and TooMany.
    """
    team = _lock_team(team_id, viewer)
    members = queries.members_of(team.id)
    if any(member.email_folded == fold_email(email) for member in members):
        return False
    if len(members) >= MOST_MEMBERS:
        raise SharingRefused(f"A team has {MOST_MEMBERS} members at most")
    _join(team, email, now)
    record("team_joined", ThingKind.TEAM, team.id, actor=viewer.actor, now=now)
    person = _known(email, viewer, now)
    if person is not None:
        outbox.post(notices.joined_team(person, team, by=viewer.name), now=now)
    return True


def remove_member(team_id: int, member: str, *, viewer: Viewer, now: datetime) -> None:
    """End a membership: whoever made the team may end any but their own, all others theirs; gone already, nothing."""
    team = queries.lock_team(team_id)
    row = queries.find_member(team.id, member)
    if row is None:
        return
    own = row.email_folded == fold_email(viewer.email)
    if (team.owner_id == viewer.id) == own:
        raise Forbidden("Whoever made a team chooses who belongs to it, and belongs to it as long as there is one.")
    db.session.delete(row)
    record("team_left", ThingKind.TEAM, team.id, actor=viewer.actor, now=now)


def delete_team(team_id: int, *, viewer: Viewer, now: datetime) -> None:
    """End a team: what it wrote stays with those who began it, and what was shared with it is shared no more."""
    team = _lock_team(team_id, viewer)
    for reflection in queries.reflections_with(team.id):
        queries.lock_reflection(reflection.id).team_id = None
    db.session.flush()
    db.session.execute(delete(ReflectionShare).where(ReflectionShare.team_id == team.id))
    db.session.execute(delete(TeamMember).where(TeamMember.team_id == team.id))
    db.session.delete(team)
    record("team_deleted", ThingKind.TEAM, team_id, actor=viewer.actor, now=now)


def _lock_own(reflection_id: int, viewer: Viewer) -> Reflection:
    reflection = queries.lock_reflection(reflection_id)
    if reflection.owner_id != viewer.id:
        raise Forbidden("Only whoever began a reflection chooses with whom it is shared.")
    return reflection


def _lock_team(team_id: int, viewer: Viewer) -> Team:
    team = queries.lock_team(team_id)
    if team.owner_id != viewer.id:
        raise Forbidden("Only whoever made a team chooses who belongs to it.")
    return team


def _share(
    reflection: Reflection,
    *,
    may_write: bool,
    viewer: Viewer,
    now: datetime,
    seen: Mapping[int, int] | None,
    email: str | None = None,
    team_id: int | None = None,
) -> ReflectionShare:
    entries = queries.entries_of(reflection.id)
    if seen is not None and seen != {entry.id: entry.version for entry in entries}:
        raise SharingRefused("Something was written in it a moment ago. Look at it, and share it then")
    if not all(entry.checked for entry in entries):
        raise SharingRefused(
            "Some of what you wrote was saved as you typed and not yet looked through. Open each entry, press Save,"
            " and share it then"
        )
    if queries.count_shares(reflection.id) >= MOST_SHARES:
        raise SharingRefused(f"A reflection can be shared with {MOST_SHARES} people and teams at most")
    share = ReflectionShare(
        reflection_id=reflection.id,
        team_id=team_id,
        email=email,
        email_folded=fold_email(email) if email else None,
        may_write=may_write,
        shared_at=now,
    )
    db.session.add(share)
    db.session.flush()
    record("reflection_shared", ThingKind.REFLECTION, reflection.id, actor=viewer.actor, now=now)
    return share


def _join(team: Team, email: str, now: datetime) -> None:
    db.session.add(TeamMember(team_id=team.id, email=email, email_folded=fold_email(email), added_at=now))
    db.session.flush()


def _known(email: str, viewer: Viewer, now: datetime) -> Person | None:
    """The person of the address, counted first, so that addresses cannot be tried out and nobody is flooded."""
    throttling.count(throttling.Limit("sharing", str(viewer.id), MOST_LETTERS), window=DAY, now=now)
    return find_person_by_email(email)
