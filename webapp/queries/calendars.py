"""Reading invitations and feeds."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from webapp import tokens
from webapp.extensions import db
from webapp.models.accounts import Person, ThingKind
from webapp.models.calendars import CalendarFeed, Invitation

AT_ONCE = 500


def find_invitation(person_id: int, kind: ThingKind, thing_id: int) -> Invitation | None:
    """The calendar entry that a person was sent for a thing."""
    statement = select(Invitation).where(
        Invitation.person_id == person_id, Invitation.thing_kind == kind, Invitation.thing_id == thing_id
    )
    return db.session.scalars(statement).one_or_none()


def invitations_to(thing_id: int, kind: ThingKind, person_ids: Sequence[int]) -> dict[int, Invitation]:
    """The calendar entries that these people were sent for one thing, by the person's id, 500 people to a query."""
    found: dict[int, Invitation] = {}
    for first in range(0, len(person_ids), AT_ONCE):
        statement = select(Invitation).where(
            Invitation.thing_kind == kind,
            Invitation.thing_id == thing_id,
            Invitation.person_id.in_(person_ids[first : first + AT_ONCE]),
        )
        found |= {row.person_id: row for row in db.session.scalars(statement)}
    return found


def invitations_of(person_id: int, kind: ThingKind) -> dict[int, Invitation]:
    """A person's calendar entries for one kind of thing, by the thing's id."""
    statement = select(Invitation).where(Invitation.person_id == person_id, Invitation.thing_kind == kind)
    return {row.thing_id: row for row in db.session.scalars(statement)}


def find_feed_by_token(token: str) -> CalendarFeed | None:
    """The feed at this address with its person; None when the address is forged or was revoked."""
    public_id = tokens.public_id(token)
    if public_id is None:
        return None
    statement = select(CalendarFeed).where(CalendarFeed.public_id == public_id, CalendarFeed.revoked_at.is_(None))
    feed = db.session.scalars(statement.options(joinedload(CalendarFeed.person))).one_or_none()
    return feed if feed is not None and tokens.proves(token, "feed", feed.nonce) else None


def lock_feeds(person_id: int) -> list[CalendarFeed]:
    """The person's feeds in use, newest first, locked until the unit ends; meanwhile none is added."""
    db.session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))
    statement = select(CalendarFeed).where(CalendarFeed.person_id == person_id, CalendarFeed.revoked_at.is_(None))
    return list(db.session.scalars(statement.order_by(CalendarFeed.id.desc()).with_for_update()))


def find_feed(person_id: int) -> CalendarFeed | None:
    """The person's feed in use."""
    statement = select(CalendarFeed).where(CalendarFeed.person_id == person_id, CalendarFeed.revoked_at.is_(None))
    return db.session.scalars(statement.order_by(CalendarFeed.id.desc()).limit(1)).one_or_none()
