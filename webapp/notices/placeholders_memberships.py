"""The placeholders of letters about what somebody belongs to."""

from collections.abc import Mapping

from webapp.models.belonging import MemberRole
from webapp.notices.membership_facts import MembershipFacts
from webapp.notices.telling import Placeholder, Telling, in_our_words, in_words, page, plain_name
from webapp.templating import british_moment

_AS = {
    MemberRole.LEAD: "as its lead, who chooses its people and keeps what it says of itself",
    MemberRole.MEMBER: "as a member",
    MemberRole.COACH: "as a coach",
    MemberRole.EVALUATOR: "as an evaluator",
    MemberRole.DEPARTMENT: "for the department",
}


def _facts(telling: Telling) -> MembershipFacts:
    if telling.facts.membership is None:
        raise LookupError("This letter is about no membership.")
    return telling.facts.membership


def _by(telling: Telling, does: str, without: str) -> str:
    name = plain_name(telling.facts.by)
    return f"{name} {does}" if name else without


def _until(telling: Telling) -> str:
    until = _facts(telling).open_until
    if until is None:
        raise LookupError("This letter is about no invitation.")
    return british_moment(until)


MEMBERSHIPS: Mapping[str, Placeholder] = {
    "who_invites": in_words("Who invites", lambda telling: _by(telling, "invites you", "You are invited")),
    "who_added": in_words("Who added", lambda telling: _by(telling, "has added you", "You have been added")),
    "who_changed": in_words(
        "Who changed the role", lambda telling: _by(telling, "has changed your role", "Your role has been changed")
    ),
    "who_ended": in_words(
        "Who ended it",
        lambda telling: _by(telling, "has ended your membership", "Somebody has ended your membership"),
    ),
    "who_joined": in_words("Who joined", lambda telling: plain_name(telling.facts.speaker) or "Somebody"),
    "joined_by": in_our_words(
        "By which address, proven to be theirs, they joined", lambda telling: telling.facts.address
    ),
    "member_of": in_words("The area, wave, group or programme", lambda telling: _facts(telling).of_what),
    "member_of_in_full": in_words("The same with its programme", lambda telling: _facts(telling).in_full),
    "as_what": in_our_words("By which role", lambda telling: _AS[_facts(telling).role]),
    "open_until": in_our_words("Until when the invitation stands", _until),
    "membership_page": page(
        "The recipient’s own link to the invitation, as a button",
        "Look at the invitation",
        lambda urls: urls.membership,
        is_button=True,
    ),
    "belonging_page": page(
        "The page of the area, group or programme, as a button",
        "Open its page",
        lambda urls: urls.belonging,
        is_button=True,
    ),
    "area_people_page": page(
        "The people of the area, as a button", "See the people of the area", lambda urls: urls.people, is_button=True
    ),
    "memberships_page": page(
        "What the recipient belongs to, with their communities, as a button",
        "See what you belong to",
        lambda urls: urls.memberships,
        is_button=True,
    ),
}
