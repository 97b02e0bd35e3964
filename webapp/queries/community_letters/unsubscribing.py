"""What a link in a letter of communities stops."""

from dataclasses import dataclass

from sqlalchemy import select

from webapp import tokens
from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.communities import Community, MailPace, Participation
from webapp.models.community_letters import STOPPING, stopping
from webapp.models.mailings import Letter


@dataclass(frozen=True, kw_only=True)
class Unsubscribing:
    """Whose letters of which communities a link stops, with their names, and of which of them they are stopped."""

    person_id: int
    communities: dict[int, str]
    stopped: frozenset[int]

    @property
    def is_stopped(self) -> bool:
        return self.stopped >= set(self.communities)


def get_unsubscribing(token: str) -> Unsubscribing:
    """What a link in a letter stops: the letters of one community, or of all that it tells of.

    Raises NotFound where it is forged, foreign, or of a letter that tells of none.
    """
    public_id = tokens.public_id(token)
    row = None
    if public_id is not None:
        statement = select(Letter.person_id, Letter.facts).where(Letter.public_id == public_id)
        row = db.session.execute(statement.where(Letter.person_id.is_not(None))).one_or_none()
    if row is None:
        raise NotFound
    person_id, facts = row
    ids = [int(one["community"]) for one in facts.get("news", [])]
    if not tokens.proves(token, STOPPING, ""):
        ids = [one for one in ids if tokens.proves(token, stopping(one), "")]
    if not ids:
        raise NotFound
    rows = db.session.execute(select(Community.id, Community.name).where(Community.id.in_(ids)))
    names = {community_id: name for community_id, name in rows}  # noqa: C416 -- of rows
    stopped = select(Participation.community_id).where(
        Participation.person_id == person_id,
        Participation.community_id.in_(ids),
        Participation.pace == MailPace.NONE,
    )
    return Unsubscribing(person_id=person_id, communities=names, stopped=frozenset(db.session.scalars(stopped)))
