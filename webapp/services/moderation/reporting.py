"""Reporting a post: moderators look at it; and where somebody is worried about a child, it is out of sight at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp import outbox
from webapp.extensions import db
from webapp.models.accounts import Actor, ThingKind
from webapp.models.communities import Community
from webapp.models.moderation import CaseReason, ModerationCase, PostReport
from webapp.models.topics import Post, PostState
from webapp.notices import moderation as notices
from webapp.queries import moderation as queries
from webapp.services import throttling
from webapp.services.activity import record
from webapp.services.moderation.refusals import NothingToReport
from webapp.services.topics.holding import open_case
from webapp.services.topics.withholding import withhold, withhold_quoting

MOST_REPORTS = 30
WINDOW = timedelta(hours=1)
# How long the named lead has before they, and all moderators, are told once more, and how often after that.
PATIENCE, AGAIN = timedelta(minutes=30), timedelta(hours=4)


@dataclass(frozen=True, kw_only=True)
class Said:
    """What somebody says against a post; `withholds` where it is out of sight by this report alone."""

    reason: CaseReason
    words: str = ""
    withholds: bool = False


def report(
    community: Community, post_id: int, said: Said, *, contact: tuple[str, str], actor: Actor, now: datetime
) -> ModerationCase:
    """Report a post to those who look after the community; said again by the same person, the newest words count.

    Where somebody is worried about a child, and where somebody else is after that was seen, the named lead is told, or
    all moderators where none is named, or `contact` (a name and an address) where there are none.

    Raises NothingToReport for what was taken away, and TooMany; a worry about a child is never too many.
    """
    assert actor.person_id is not None
    about_child = said.reason is CaseReason.CHILD
    if not about_child:
        throttling.count(throttling.Limit("post_reports", str(actor.person_id), MOST_REPORTS), window=WINDOW, now=now)
    post, topic = queries.lock_with_topic(post_id)

    if post.state not in {PostState.PUBLISHED, PostState.WAITING}:
        raise NothingToReport

    case = open_case(post, said.reason, now=now)
    told_before = _take_down_words(case, said, actor.person_id, now)
    seen_before = case.is_child and case.acknowledged_at is not None
    alerted = withheld = False
    # What somebody else is worried about may be something that nobody has seen yet.
    if about_child and (not case.is_child or (seen_before and not told_before)):
        case.is_child, case.child_at, case.reason = True, now, CaseReason.CHILD
        case.acknowledged_at, case.reminded_at = None, None
        case.version += 1
        record("child_concern_raised", ThingKind.POST, post.id, actor=actor, now=now)
        alerted = True
    if about_child and said.withholds:
        withheld = withhold(post, topic, now=now)
        # Out of sight for another reason already, it may be quoted all the same.
        withhold_quoting(post, now=now)
    if withheld:
        record("post_withheld", ThingKind.POST, post.id, actor=actor, now=now)
    if alerted:
        _alert(community, case, post, contact, now)
    db.session.flush()
    return case


def _take_down_words(case: ModerationCase, said: Said, reporter_id: int, now: datetime) -> bool:
    """Keep what somebody says; gives whether they were worried about a child before."""
    found = queries.find_report(case.id, reporter_id)
    told_before = found is not None and found.reason is CaseReason.CHILD
    if found is None:
        found = PostReport(case_id=case.id, reporter_id=reporter_id)
        db.session.add(found)
    found.reason, found.words, found.at = said.reason, said.words, now
    return told_before


def _alert(community: Community, case: ModerationCase, post: Post, contact: tuple[str, str], now: datetime) -> None:
    """Write to the named lead at once, else to every moderator, else to whoever answers for the service."""
    lead = (community.child_lead_name, community.child_lead_email)
    people = [(one.name, one.email) for one in queries.moderators_of(community, now=now)]
    told = [lead] if lead[1] else people or [contact]
    for name, email in told:
        outbox.post(notices.child_concern(name, email, community, case, hidden=not post.is_published), now=now)


def remind(*, contact: tuple[str, str], now: datetime) -> int:
    """Tell the named lead and every moderator once more of what nobody acknowledged; gives of how many cases.

    Half an hour after the first letter, and every four hours from then on.
    """
    cases = queries.lock_unseen(before=now - PATIENCE, reminded_before=now - AGAIN)
    for case in cases:
        case.reminded_at = now
        community = case.community
        told = {(one.email, one.name) for one in queries.moderators_of(community, now=now)}
        if community.child_lead_email:
            told = {one for one in told if one[0].lower() != community.child_lead_email.lower()}
            told |= {(community.child_lead_email, community.child_lead_name)}
        for email, name in sorted(told) or [(contact[1], contact[0])]:
            outbox.post(
                notices.child_concern(name, email, community, case, hidden=not case.post.is_published, again=True),
                now=now,
            )
    return len(cases)
