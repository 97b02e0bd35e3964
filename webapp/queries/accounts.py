"""Finding people, their sessions and their links."""

from datetime import datetime

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import joinedload

from webapp import tokens
from webapp.extensions import db
from webapp.folding import fold_email
from webapp.models.accounts import Account, Grant, Person, SignInLink, Viewer, WebSession
from webapp.models.belonging import Belonging
from webapp.models.memberships import Membership
from webapp.queries.direct import Direct

_VIEWER = Direct(
    select(
        *(Person.id, Person.public_id, Person.name, Person.email),
        *(Grant.role, Grant.thing_kind, Grant.thing_id),
        *(Membership.role, Membership.programme_id, Membership.wave_id, Membership.area_id, Membership.community_id),
    )
    .join(WebSession, WebSession.person_id == Person.id)
    .outerjoin(Grant, and_(Grant.person_id == Person.id, or_(Grant.until.is_(None), Grant.until > bindparam("now"))))
    .outerjoin(Membership, and_(Membership.person_id == Person.id, Membership.ended_at.is_(None)))
    .where(
        WebSession.token_digest == bindparam("digest"),
        WebSession.ended_at.is_(None),
        WebSession.expires_at > bindparam("now"),
        Person.merged_into_id.is_(None),
    )
)


def find_viewer(session_token: str, *, now: datetime) -> Viewer | None:
    """Who is signed in with this session, by one query; None when it ended, ran out or never was."""
    rows = _VIEWER.rows(digest=tokens.digest(session_token), now=now)
    if not rows:
        return None
    person_id, public_id, name, email, *_ = rows[0]
    return Viewer(
        id=person_id,
        public_id=public_id,
        name=name,
        email=email,
        session_token=session_token,
        grants=frozenset(
            (role, kind, thing_id) for role, kind, thing_id in (row[4:7] for row in rows) if role is not None
        ),
        belongs=frozenset(Belonging(*row[7:]) for row in rows if row[7] is not None),
    )


def find_reader(person_id: int, *, now: datetime) -> Viewer | None:
    """What a person reaches now, though nobody signed in, as the address of a feed asks; None for who was merged."""
    person = db.session.get(Person, person_id)
    if person is None or person.merged_into_id is not None:
        return None
    in_force = or_(Grant.until.is_(None), Grant.until > now)
    grants = select(Grant.role, Grant.thing_kind, Grant.thing_id).where(Grant.person_id == person_id, in_force)
    belongs = select(
        *(Membership.role, Membership.programme_id, Membership.wave_id, Membership.area_id, Membership.community_id)
    ).where(Membership.person_id == person_id, Membership.ended_at.is_(None))
    return Viewer(
        id=person.id,
        public_id=person.public_id,
        name=person.name,
        email=person.email,
        session_token="",
        grants=frozenset((role, kind, thing_id) for role, kind, thing_id in db.session.execute(grants)),
        belongs=frozenset(Belonging(*row) for row in db.session.execute(belongs)),
    )


def find_person_by_email(email: str) -> Person | None:
    """The person of that address, case aside; a merged person leads to who took its place."""
    statement = select(Person).where(Person.email_folded == fold_email(email)).options(joinedload(Person.account))
    person = db.session.scalars(statement).one_or_none()
    if person is not None and person.merged_into_id is not None:
        return db.session.get(Person, person.merged_into_id, options=[joinedload(Person.account)])
    return person


def find_person_id(email: str) -> int | None:
    """The id of the person of that address, or of who took its place; None when there is nobody."""
    return db.session.scalar(_PERSON_ID, {"email": fold_email(email)})


_PERSON_ID = select(func.coalesce(Person.merged_into_id, Person.id)).where(Person.email_folded == bindparam("email"))


def get_person(person_id: int) -> Person:
    """The person with the account; the id must be of a row that exists."""
    return db.session.get_one(Person, person_id, options=[joinedload(Person.account)])


def find_account(person_id: int) -> Account | None:
    """How the person signs in, if they ever did."""
    return db.session.scalars(select(Account).where(Account.person_id == person_id)).one_or_none()


def get_account(person_id: int) -> Account:
    """How the person signs in; there must be an account."""
    return db.session.scalars(select(Account).where(Account.person_id == person_id)).one()


def find_sign_in_link(token: str) -> SignInLink | None:
    """The link that this token opens, used and expired ones too; None when it is forged."""
    public_id = tokens.public_id(token)
    if public_id is None:
        return None
    link = db.session.scalars(select(SignInLink).where(SignInLink.public_id == public_id)).one_or_none()
    return link if link is not None and tokens.proves(token, "sign-in", link.nonce) else None


def lock_sign_in_link(link_id: int) -> SignInLink:
    """The link as it is now, locked until the unit ends, so that it opens once."""
    statement = select(SignInLink).where(SignInLink.id == link_id).with_for_update()
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


def find_open_session(session_token: str) -> WebSession | None:
    """The session of this secret that nobody ended, even when its time is over."""
    wanted = select(WebSession).where(WebSession.token_digest == tokens.digest(session_token))
    return db.session.scalars(wanted.where(WebSession.ended_at.is_(None))).one_or_none()


def open_sessions(person_id: int, *, now: datetime) -> list[WebSession]:
    """The sessions in which the person is signed in, newest first."""
    statement = select(WebSession).where(
        WebSession.person_id == person_id, WebSession.ended_at.is_(None), WebSession.expires_at > now
    )
    return list(db.session.scalars(statement.order_by(WebSession.created_at.desc(), WebSession.id.desc())))
