"""Letters to the members of a series about all of its meetings; each meeting's own letters are those of any event."""

from webapp.models.calendars import Invitation
from webapp.models.series import SeriesMember
from webapp.notices.letters import InvitationFacts, LetterFacts, Notice, SeriesFacts, dump


def joined(member: SeriesMember, series: SeriesFacts, invitation: Invitation) -> Notice:
    """That somebody belongs to it, with one entry for all meetings and the link to their own page."""
    return _notice("series_joined", member, series, invitation)


def entry(member: SeriesMember, series: SeriesFacts, invitation: Invitation) -> Notice:
    """The entry for all meetings in another form, or with another reminder, as the member chose."""
    return _notice("series_entry", member, series, invitation)


def left(member: SeriesMember, series: SeriesFacts, invitation: Invitation | None) -> Notice:
    """That they do not any more, with the withdrawal of the entry if it stood."""
    return _notice("series_left", member, series, invitation)


def _notice(name: str, member: SeriesMember, series: SeriesFacts, invitation: Invitation | None) -> Notice:
    facts = LetterFacts(
        series=series,
        invitation=InvitationFacts.of(invitation) if invitation else None,
        link_id=member.public_id,
        link_nonce=member.nonce,
    )
    return Notice(
        name=name,
        recipient_name=member.name,
        recipient_email=member.email,
        reply_to=series.organiser_email,
        facts=dump(facts),
        person_id=member.person_id,
    )
