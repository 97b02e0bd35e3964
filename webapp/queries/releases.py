"""Who plans to be where: whom a release of an agenda concerns, and what each of them had chosen."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice

from sqlalchemy import func, or_, select, union_all

from webapp.extensions import db
from webapp.folding import fold_email
from webapp.models.accounts import Person, ThingKind
from webapp.models.agenda import Contribution, Session, SessionState, Star
from webapp.models.calendars import Invitation, Method
from webapp.models.drafts import DraftContribution, DraftSession, SpeakerAnswer
from webapp.models.mailings import Recipient
from webapp.models.registrations import ENDED_STATES, Registration, RegistrationState
from webapp.models.sign_ups import HELD, SignUp, SignUpState
from webapp.models.speakers import Speaker, SpeakerInvitation

_AT_ONCE = 500


def plans_of(event_id: int) -> dict[int, set[int]]:
    """By person the ids of the sessions of the event that they starred, signed up for or wait for."""
    starred = select(Star.person_id, Star.session_id).join(Session, Session.id == Star.session_id)
    signed_up = select(SignUp.person_id, SignUp.session_id).where(SignUp.event_id == event_id, SignUp.state.in_(HELD))
    plans: dict[int, set[int]] = defaultdict(set)
    for person_id, session_id in db.session.execute(union_all(starred.where(Session.event_id == event_id), signed_up)):
        plans[person_id] |= {session_id}
    return plans


def signed_up_for(session_ids: Collection[int]) -> set[tuple[int, int]]:
    """Who has a place in these sessions, each as the ids of the person and of the session."""
    statement = select(SignUp.person_id, SignUp.session_id).where(
        SignUp.session_id.in_(sorted(session_ids)), SignUp.state == SignUpState.CONFIRMED
    )
    return {(person_id, session_id) for person_id, session_id in db.session.execute(statement)}


def confirmed_of(event_id: int) -> dict[int, Recipient]:
    """Who has a place at the event, by the id of the person."""
    statement = select(
        Registration.person_id,
        Registration.name,
        Registration.email,
        Registration.organisation_name,
        Registration.mode,
        Registration.public_id,
        Registration.link_nonce,
    ).where(Registration.event_id == event_id, Registration.state == RegistrationState.CONFIRMED)
    return {
        person_id: Recipient(
            person_id=person_id,
            name=name,
            email=email,
            organisation=organisation,
            mode=mode,
            link_id=link_id,
            link_nonce=link_nonce,
        )
        for person_id, name, email, organisation, mode, link_id, link_nonce in db.session.execute(statement)
    }


def others_of(event_id: int, person_ids: Collection[int]) -> dict[int, Recipient]:
    """Those of these people who may be told without a place: as in their profiles, but for who gave a place up."""
    gone = set(
        db.session.scalars(
            select(Registration.person_id).where(
                Registration.event_id == event_id, Registration.state.in_(sorted(ENDED_STATES))
            )
        )
    )
    found = {}
    for some in _pieces(sorted(set(person_ids) - gone)):
        statement = select(Person.id, Person.name, Person.email).where(Person.id.in_(some))
        for person_id, name, email in db.session.execute(statement):
            found[person_id] = Recipient(person_id=person_id, name=name, email=email)
    return found


def speakers_to_tell(event_id: int, speaker_ids: Collection[int]) -> dict[int, Recipient]:
    """Those of these speakers whose address is known, from their account or from an invitation that stands."""
    found = {}
    for some in _pieces(sorted(speaker_ids)):
        statement = (
            select(Speaker.id, Speaker.name, Person.id, Person.email, SpeakerInvitation.email)
            .outerjoin(Person, Person.id == Speaker.person_id)
            .outerjoin(
                SpeakerInvitation,
                (SpeakerInvitation.speaker_id == Speaker.id)
                & (SpeakerInvitation.event_id == event_id)
                & SpeakerInvitation.revoked_at.is_(None),
            )
            .where(Speaker.id.in_(some))
        )
        for speaker_id, name, person_id, own, invited in db.session.execute(statement):
            if own or invited:
                found[speaker_id] = Recipient(person_id=person_id, name=name, email=own or invited)
    return found


def names_of_speakers(speaker_ids: Collection[int]) -> list[str]:
    """The names of these speakers, in the order of lists of people."""
    found: list[tuple[str, str]] = []
    for some in _pieces(sorted(speaker_ids)):
        statement = select(Speaker.name_sort, Speaker.name).where(Speaker.id.in_(some))
        found += [(key, name) for key, name in db.session.execute(statement)]
    return [name for _, name in sorted(found)]


def speaking_at(event_id: int) -> set[int]:
    """The ids of those who speak at an event: as everybody reads it, or asked and not declined in its draft."""
    released = (
        select(Contribution.speaker_id)
        .join(Contribution.session)
        .where(Session.event_id == event_id, Session.state != SessionState.CANCELLED)
    )
    asked = (
        select(DraftContribution.speaker_id)
        .join(DraftContribution.session)
        .where(
            DraftSession.event_id == event_id,
            DraftSession.state != SessionState.CANCELLED,
            DraftContribution.answer.in_((SpeakerAnswer.ASKED, SpeakerAnswer.CONFIRMED)),
        )
    )
    return {one for one in db.session.scalars(union_all(released, asked)) if one is not None}


def registered_among(
    event_id: int, states: Collection[RegistrationState], speakers: Mapping[int, Recipient]
) -> dict[int, int]:
    """Those of the speakers who have a registration in one of these states, by id, with that of the person.

    They are known by their account, or by an address: that of the person, or the one that they registered with.
    """
    by_person, by_email = defaultdict[int, set[int]](set), defaultdict[str, set[int]](set)
    for key, one in speakers.items():
        by_email[fold_email(one.email)] |= {key}
        if one.person_id is not None:
            by_person[one.person_id] |= {key}
    emails = sorted(by_email)
    statement = (
        select(Registration.person_id, Person.email_folded, Registration.email)
        .join(Registration.person)
        .where(
            Registration.event_id == event_id,
            Registration.state.in_(sorted(states)),
            Person.email_folded.in_(emails)
            | func.lower(Registration.email).in_(emails)
            | Person.id.in_(sorted(by_person)),
        )
    )
    found = {}
    for person_id, own, given in db.session.execute(statement):
        for key in by_person.get(person_id, set()) | by_email.get(own, set()) | by_email.get(fold_email(given), set()):
            found[key] = person_id
    return found


def session_invitations(session_ids: Collection[int]) -> dict[tuple[int, int], Invitation]:
    """The calendar entries of those who are signed up for these sessions, or have them there, by person and session."""
    found = {}
    for some in _pieces(sorted(session_ids)):
        statement = (
            select(Invitation)
            .outerjoin(
                SignUp,
                (SignUp.person_id == Invitation.person_id)
                & (SignUp.session_id == Invitation.thing_id)
                & (SignUp.state == SignUpState.CONFIRMED),
            )
            .where(Invitation.thing_kind == ThingKind.SESSION, Invitation.thing_id.in_(some))
            .where(or_(SignUp.id.is_not(None), Invitation.method == Method.REQUEST))
        )
        for invitation in db.session.scalars(statement):
            found[invitation.person_id, invitation.thing_id] = invitation
    return found


def _pieces(ids: Sequence[int]) -> Iterable[list[int]]:
    rest = iter(ids)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
