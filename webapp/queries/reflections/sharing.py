"""Reading with whom reflections are shared, and teams."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.folding import fold_email
from webapp.models.accounts import Viewer
from webapp.models.reflections import Reflection, ReflectionShare, Team, TeamMember


def shares_of(reflection_id: int) -> list[ReflectionShare]:
    """With whom a reflection is shared, each with the team if it is one, in the order in which it was shared."""
    statement = select(ReflectionShare).where(ReflectionShare.reflection_id == reflection_id)
    return list(db.session.scalars(statement.options(joinedload(ReflectionShare.team)).order_by(ReflectionShare.id)))


def find_share(reflection_id: int, *, email: str = "", team_id: int | None = None) -> ReflectionShare | None:
    """The share of a reflection with this team or address."""
    whose = ReflectionShare.team_id == team_id if team_id else ReflectionShare.email_folded == fold_email(email)
    statement = select(ReflectionShare).where(ReflectionShare.reflection_id == reflection_id, whose)
    return db.session.scalars(statement).one_or_none()


def find_share_by_id(reflection_id: int, public_id: str) -> ReflectionShare | None:
    """One share of this reflection with its team; None once it was taken back."""
    statement = select(ReflectionShare).where(
        ReflectionShare.reflection_id == reflection_id, ReflectionShare.public_id == public_id
    )
    return db.session.scalars(statement.options(joinedload(ReflectionShare.team))).one_or_none()


def teams_of(viewer: Viewer) -> list[Team]:
    """The teams that the viewer belongs to, by name."""
    mine = select(TeamMember.team_id).where(TeamMember.email_folded == fold_email(viewer.email))
    statement = select(Team).where(Team.id.in_(mine)).options(joinedload(Team.owner))
    return list(db.session.scalars(statement.order_by(Team.name, Team.id).limit(200)))


def get_team(public_id: str, *, viewer: Viewer) -> Team:
    """A team with its owner, for who belongs to it; raises NotFound for all others."""
    mine = select(TeamMember.team_id).where(TeamMember.email_folded == fold_email(viewer.email))
    return _team(select(Team).where(Team.public_id == public_id, Team.id.in_(mine)).options(joinedload(Team.owner)))


def lock_team(team_id: int) -> Team:
    """The team as it is now, locked until the unit ends; raises NotFound."""
    return _team(select(Team).where(Team.id == team_id).with_for_update())


def members_of(team_id: int) -> list[TeamMember]:
    """Who belongs to a team, in the order in which they were added."""
    statement = select(TeamMember).where(TeamMember.team_id == team_id)
    return list(db.session.scalars(statement.order_by(TeamMember.id)))


def find_member(team_id: int, public_id: str) -> TeamMember | None:
    """A member of this team; None once they no longer belong to it."""
    statement = select(TeamMember).where(TeamMember.team_id == team_id, TeamMember.public_id == public_id)
    return db.session.scalars(statement).one_or_none()


def reflections_with(team_id: int) -> list[Reflection]:
    """The reflections that a team writes together, by id."""
    statement = select(Reflection).where(Reflection.team_id == team_id)
    return list(db.session.scalars(statement.order_by(Reflection.id)))


def count_shares(reflection_id: int) -> int:
    """With how many teams and people a reflection is shared."""
    statement = select(func.count()).select_from(ReflectionShare).where(ReflectionShare.reflection_id == reflection_id)
    return db.session.scalar(statement) or 0


def _team(statement: Select[Team]) -> Team:
    found = db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found
