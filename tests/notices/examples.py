"""One letter of every kind, and of the turns that each may take, with the same facts every time."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

from webapp.models.accounts import Role
from webapp.models.belonging import MemberRole
from webapp.models.calendars import Method
from webapp.models.events import Mode
from webapp.models.mailings import Lane, Letter, MailKind
from webapp.models.series import Repeat
from webapp.notices.community_facts import CommunityFacts, CommunityTold, PostTold, TopicTold
from webapp.notices.letters import (
    ChangeFacts,
    DayFacts,
    EventFacts,
    InvitationFacts,
    LetterFacts,
    MaterialFacts,
    MeetingFacts,
    ModerationFacts,
    Notice,
    ReflectionFacts,
    SeriesFacts,
    SessionFacts,
    SpokenFacts,
    StandFacts,
    WordsFacts,
    dump,
)
from webapp.notices.membership_facts import MembershipFacts

POSTED = datetime(2027, 5, 10, 9, 0, tzinfo=UTC)
EVENT = EventFacts(
    public_id="23456789bcdf",
    slug="working-with-fathers",
    title="Working with fathers: what helps & what hinders",
    summary="Two days about fathers.",
    zone="Europe/London",
    days=[
        DayFacts(date=date(2027, 6, 14), starts=time(9, 30), ends=time(16)),
        DayFacts(date=date(2027, 6, 15), starts=time(10), ends=time(12)),
    ],
    modes=[Mode.ONLINE],
    venue="",
    organiser_name="Learning team",
    organiser_email="learning@example.org",
    language="en-GB",
    offer_hours=24,
)
ABROAD = replace(
    EVENT,
    title="Dysgu gyda'n gilydd",
    slug="dysgu-gydan-gilydd",
    language="cy",
    zone="Europe/Paris",
    days=[DayFacts(date=date(2027, 6, 14), starts=time(12), ends=time(13, 15))],
    modes=[Mode.ONLINE, Mode.IN_PERSON],
    venue="12 rue de l'Exemple, Paris",
    offer_hours=0,
)
WITHOUT_TIMES = replace(EVENT, days=[DayFacts(date=date(2027, 6, 14), starts=None, ends=None)])
INVITATION = InvitationFacts(uid="0b1c-uid", sequence=0, method=Method.REQUEST, stamp=POSTED)
WITHDRAWAL = replace(INVITATION, sequence=1, method=Method.CANCEL)
SERIES = SeriesFacts(
    public_id="stvwxyz23456",
    slug="reference-group",
    title="Reference group & friends",
    zone="Europe/London",
    first_on=date(2027, 6, 14),
    starts=time(9, 30),
    ends=time(16),
    repeat=Repeat.WEEKDAY,
    every=1,
    number=3,
    organiser_name="Learning team",
    organiser_email="learning@example.org",
    venue="",
    meetings=[
        MeetingFacts(on=date(2027, 6, 14), event=replace(EVENT, days=EVENT.days[:1])),
        MeetingFacts(on=date(2027, 7, 12)),
        MeetingFacts(
            on=date(2027, 8, 9),
            event=replace(EVENT, days=[DayFacts(date=date(2027, 8, 10), starts=time(14), ends=time(15))]),
        ),
    ],
)
UNTIL = datetime(2027, 5, 12, 8, 30, tzinfo=UTC)
PLACE = LetterFacts(
    event=EVENT, mode=Mode.ONLINE, link_id="bcdfghjkmnpq", link_nonce="5eed", state="confirmed", invitation=INVITATION
)
REGISTERED = replace(PLACE, invitation=None, registered_at=POSTED)
SPEAKING = LetterFacts(
    event=EVENT,
    spoken=[
        SpokenFacts(title="Fathers & groups", date=date(2027, 6, 14), starts=time(10), ends=time(11)),
        SpokenFacts(title="Panel", date=None, starts=None, ends=None),
    ],
)
LATER = [SpokenFacts(title="Gyda'n gilydd", date=date(2027, 6, 14), starts=time(12), ends=time(13, 15))]
INVITED = LetterFacts(event=EVENT, link_id="bcdfghjkmnpq", link_nonce="5eed")
SIGNING_IN = LetterFacts(link_id="bcdfghjkmnpq", link_nonce="5eed", minutes=15)
AREA_LEAD = MembershipFacts(
    programme="Example programme",
    role=MemberRole.LEAD,
    area="Marlbridge & district",
    wave="Wave 1",
    open_until=datetime(2027, 6, 9, 9, 0, tzinfo=UTC),
    path="areas/marlbridge-bcdfghjkmnpq",
)
INVITED_TO_BELONG = LetterFacts(membership=AREA_LEAD, link_id="bcdfghjkmnpq", link_nonce="nonce", by="Morgan Ellery")
SHARED = ReflectionFacts(public_id="bcdfghjkmnpq", tool="A tool to think with")
HELPING = LetterFacts(event=EVENT, roles=(Role.REGISTRATIONS, Role.AGENDA), by="Morgan Ellery")

CHANGED = LetterFacts(event=EVENT, mode=Mode.ONLINE, link_id="bcdfghjkmnpq", link_nonce="5eed")
SESSION = SessionFacts(
    public_id="qrstvwxyz234",
    slug="letting-families-lead",
    title="Letting families lead",
    summary="How meetings change when families plan them.",
    date=date(2027, 6, 14),
    starts=time(11),
    ends=time(12),
    room="Room 2",
)
STOOD = StandFacts(date=date(2027, 6, 14), starts=time(10), ends=time(11), stream="Practice", room="Room 1")
STANDS = replace(STOOD, starts=time(11), ends=time(12), room="Room 2")
MOVED = ChangeFacts(
    kind="moved", title=SESSION.title, public_id=SESSION.public_id, slug=SESSION.slug, before=STOOD, after=STANDS
)
GONE = replace(MOVED, kind="cancelled", title="Questions & answers", public_id="bcdfghjkmn23", after=None)
ADDED = replace(
    MOVED, kind="new", before=None, after=StandFacts(date=date(2027, 6, 15), starts=None, ends=None, stream="", room="")
)
RELINKED = replace(MOVED, kind="changed", before=STANDS, is_relinked=True)
CHOSEN = replace(CHANGED, event=replace(EVENT, days=[]), session=SESSION, invitation=INVITATION)

TO_MANY = WordsFacts(
    subject="How to join: {event}",
    body="It begins at {starts}, {name}, and we look forward to seeing you.\n\n{days}\n\n## How to join\n\n"
    "On the day, open {joining_page}\n\n"
    "- What you told us: {registration_page}\n- If you **cannot** come: {cancel_link}",
)
BRIEF = WordsFacts(subject="News: {event}", body="There is **soup** at midday.")
SLIDES = MaterialFacts(
    title="Slides & notes", filename="slides.pdf", media_type="application/pdf", size=123_456, digest="ab" * 32
)
FILM = MaterialFacts(
    title="The reflective tool",
    filename="tool.docx",
    media_type="application/msword",
    size=3_500_000,
    public_id="bcdfghjkmn45",
)

SAID = PostTold(public_id="bcdfghjkmn89", author="Ann Lee", words="We ask families first.\n- Then <schools> & GPs")
HUBS = TopicTold(public_id="bcdfghjkmn78", title="Family hubs & www.example.net", count=1, posts=(SAID,))
WAVE = CommunityTold(id=7, public_id="bcdfghjkmn67", slug="wave-1", name="Wave 1 & all", hides=False, topics=(HUBS,))
HIDDEN = replace(WAVE, id=8, hides=True, topics=(replace(HUBS, title="", posts=(replace(SAID, author="", words=""),)),))
LINE = replace(SAID, words="We ask families first. Then <schools> & GPs")
BUSY = replace(
    WAVE,
    topics=(
        replace(HUBS, count=5, posts=(LINE, replace(LINE, author="Ben Osei"), replace(LINE, author="x@example.org"))),
        replace(HUBS, title="Kinship care", posts=(LINE,)),
    ),
    more=3,
)
OWN = CommunityFacts(public_id="bcdfghjkmn67", slug="wave-1", name="Wave 1 & all", topic="Family hubs")

# The name of the snapshot: the notice, then what is special about it.
MODERATED = ModerationFacts(slug="family-help", public_id="bcdfghjkmnpq", name="Family help")
WORRIED = replace(MODERATED, case="qpnmkjhgfdcb", since=datetime(2027, 6, 1, 8, 30, tzinfo=UTC))
FACTS = {
    "registration_confirmed": PLACE,
    "registration_confirmed-abroad": replace(PLACE, event=ABROAD, mode=Mode.IN_PERSON),
    "registration_confirmed-without-times": replace(PLACE, event=WITHOUT_TIMES),
    "registration_confirmed-instead-of": replace(PLACE, colleague="Ann Lee"),
    "registration_promoted": PLACE,
    "registration_waiting": replace(PLACE, invitation=None, state="waiting", position=7),
    "registration_waiting-at-once": replace(PLACE, event=ABROAD, invitation=None, state="waiting", position=1),
    "registration_waiting-instead-of": replace(
        PLACE, invitation=None, state="waiting", position=7, colleague="Win at www.cards.example"
    ),
    "registration_offered": replace(PLACE, invitation=None, state="offered", offered_until=UNTIL),
    "registration_lapsed": replace(PLACE, invitation=None, state="lapsed"),
    "registration_pending": replace(PLACE, invitation=None, state="pending"),
    "registration_declined": replace(PLACE, invitation=None, state="declined"),
    "registration_declined-with-reason": replace(
        PLACE, invitation=None, state="declined", reason="This day is for wave 2.\nThe next one is for all."
    ),
    "registration_cancelled": replace(PLACE, invitation=WITHDRAWAL, state="cancelled"),
    "registration_cancelled-without-invitation": replace(PLACE, invitation=None, state="cancelled"),
    "registration_swapped": replace(PLACE, invitation=WITHDRAWAL, state="cancelled", colleague="Ben O’Shea & Co"),
    "registration_swapped-without-invitation": replace(PLACE, invitation=None, state="cancelled", colleague="Ben Osei"),
    "registration_readdressed": LetterFacts(event=EVENT, invitation=WITHDRAWAL, mode=Mode.ONLINE, state="confirmed"),
    "registration_readdressed-session": LetterFacts(
        event=EVENT, session=SESSION, invitation=WITHDRAWAL, mode=Mode.ONLINE, state="confirmed"
    ),
    "registration_repeated": REGISTERED,
    "registration_repeated-waiting": replace(REGISTERED, state="waiting", position=3),
    "registration_repeated-offered": replace(REGISTERED, state="offered", offered_until=UNTIL),
    "registration_repeated-pending": replace(REGISTERED, state="pending"),
    "registration_changed": replace(PLACE, invitation=None),
    "event_changed": replace(
        PLACE,
        before=replace(
            EVENT, title="Working with fathers", days=[DayFacts(date=date(2027, 6, 7), starts=None, ends=None)]
        ),
        invitation=replace(INVITATION, sequence=1),
    ),
    "event_changed-place": replace(
        PLACE,
        event=ABROAD,
        before=replace(ABROAD, modes=[Mode.IN_PERSON], venue=""),
        mode=Mode.IN_PERSON,
        joining_changed=True,
        invitation=replace(INVITATION, sequence=2),
    ),
    "event_changed-one-way": replace(
        PLACE,
        before=replace(EVENT, modes=[Mode.ONLINE, Mode.IN_PERSON], venue="12 High Street"),
        joining_changed=True,
        invitation=None,
    ),
    "event_cancelled": replace(PLACE, invitation=WITHDRAWAL, reason="The speaker is ill.\nWe look for another day."),
    "event_changed-meeting": replace(
        PLACE,
        before=replace(EVENT, days=[DayFacts(date=date(2027, 6, 7), starts=None, ends=None)]),
        invitation=replace(INVITATION, sequence=1),
        series=replace(SERIES, on=date(2027, 6, 14), meetings=[]),
    ),
    "event_cancelled-meeting": replace(
        PLACE, invitation=WITHDRAWAL, series=replace(SERIES, on=date(2027, 6, 14), meetings=[])
    ),
    "event_cancelled-waiting": replace(PLACE, invitation=None, state="waiting"),
    "event_cancelled-offered": replace(PLACE, invitation=None, state="offered"),
    "event_cancelled-pending": replace(PLACE, invitation=None, state="pending"),
    "event_cancelled-speaks-too": replace(PLACE, invitation=WITHDRAWAL, speaks=True),
    "event_cancelled-speaker": LetterFacts(event=EVENT, reason="The speaker is ill.", speaks=True),
    "speaker_invited": replace(SPEAKING, link_id="bcdfghjkmnpq", link_nonce="5eed"),
    "speaker_invited-abroad": replace(SPEAKING, event=ABROAD, link_id="bcdfghjkmnpq", link_nonce="5eed", spoken=LATER),
    "transcript_to_check": replace(SPEAKING, link_id="bcdfghjkmnpq", link_nonce="5eed"),
    "speaker_declined": replace(SPEAKING, speaker="Ann Lee", address="ann@example.org"),
    "speaker_declined-with-reason": replace(
        SPEAKING, speaker="Ann Lee", address="ann@example.org", reason="I am on leave.\nAsk Ben <ben@example.org>."
    ),
    "agenda_changed": replace(CHANGED, changes=[MOVED, GONE], clashes=[(MOVED.title, "Kinship care & contact")]),
    "agenda_changed-link": replace(CHANGED, changes=[replace(RELINKED, kind="moved"), RELINKED]),
    "agenda_changed-speaker": replace(CHANGED, changes=[ADDED], speaks=True, link_id="", link_nonce=""),
    "session_changed": replace(CHANGED, session=SESSION, changes=[MOVED], invitation=replace(INVITATION, sequence=1)),
    "session_changed-link": replace(
        CHANGED, session=SESSION, changes=[RELINKED], invitation=replace(INVITATION, sequence=1)
    ),
    "session_changed-everybodys": replace(
        CHANGED, session=SESSION, changes=[MOVED], invitation=replace(INVITATION, sequence=1), signed_up=False
    ),
    "session_changed-cancelled": replace(CHANGED, session=SESSION, changes=[GONE], invitation=WITHDRAWAL),
    "session_changed-restored": replace(
        CHANGED, session=SESSION, changes=[replace(MOVED, kind="restored")], invitation=replace(INVITATION, sequence=2)
    ),
    "invited": INVITED,
    "invited-abroad": replace(INVITED, event=replace(ABROAD, summary="")),
    "series_joined": LetterFacts(series=SERIES, invitation=INVITATION, link_id="bcdfghjkmnpq", link_nonce="5eed"),
    "series_entry": LetterFacts(series=SERIES, invitation=INVITATION, link_id="bcdfghjkmnpq", link_nonce="5eed"),
    "series_left": LetterFacts(series=SERIES, invitation=WITHDRAWAL, link_id="bcdfghjkmnpq", link_nonce="5eed"),
    "calendar_entry": replace(PLACE, session=SESSION),
    "calendar_entry-days": PLACE,
    "calendar_entry-withdrawn": replace(PLACE, invitation=WITHDRAWAL),
    "calendar_entry-ended": replace(PLACE, session=SESSION, invitation=WITHDRAWAL, state="cancelled"),
    "registration_confirmed-by-session": replace(PLACE, invitation=None),
    "signed_up": CHOSEN,
    "signed_up-in-person": replace(CHOSEN, event=replace(ABROAD, days=[]), mode=Mode.IN_PERSON),
    "sign_up_promoted": CHOSEN,
    "sign_up_waiting": replace(CHOSEN, invitation=None, position=4),
    "sign_up_left": replace(CHOSEN, invitation=WITHDRAWAL, state="left"),
    "sign_up_left-registration-ended": replace(CHOSEN, invitation=WITHDRAWAL, state="registration_ended"),
    "sign_up_left-waiting": replace(CHOSEN, invitation=None, state="waited"),
    "mailing": replace(REGISTERED, words=TO_MANY),
    "mailing-brief": replace(REGISTERED, words=BRIEF),
    "mailing-brief-waiting": replace(REGISTERED, words=BRIEF, state="waiting"),
    "mailing-test-in-person": replace(
        REGISTERED, event=ABROAD, mode=Mode.IN_PERSON, words=replace(TO_MANY, test=True, material=[FILM])
    ),
    "mailing-enclosing": replace(REGISTERED, words=replace(TO_MANY, material=[SLIDES, FILM])),
    "sign_in_link": SIGNING_IN,
    "reflection_shared": LetterFacts(reflection=SHARED, by="Morgan Ellery"),
    "reflection_shared-writing": LetterFacts(reflection=replace(SHARED, may_write=True), by="www.example.org"),
    "team_joined": LetterFacts(reflection=ReflectionFacts(team="Family help, north"), by="Morgan Ellery"),
    "membership_invited": INVITED_TO_BELONG,
    "membership_invited-programme": replace(
        INVITED_TO_BELONG, membership=replace(AREA_LEAD, area="", wave="", role=MemberRole.DEPARTMENT), by=""
    ),
    "membership_added": LetterFacts(membership=replace(AREA_LEAD, role=MemberRole.COACH), by="Morgan Ellery"),
    "membership_changed": LetterFacts(membership=replace(AREA_LEAD, role=MemberRole.MEMBER), by="Morgan Ellery"),
    "membership_joined": LetterFacts(
        membership=replace(AREA_LEAD, role=MemberRole.MEMBER), speaker="Ann Lee", address="ann@marlbridge.example.org"
    ),
    "membership_ended": LetterFacts(membership=replace(AREA_LEAD, area="", wave="", group="Peers & co"), by=""),
    "child_concern": LetterFacts(moderation=WORRIED),
    "child_concern-in-sight": LetterFacts(moderation=replace(WORRIED, hidden=False)),
    "child_concern_unseen": LetterFacts(moderation=WORRIED),
    "something_waits": LetterFacts(moderation=MODERATED),
    "moderator_chosen": LetterFacts(moderation=MODERATED, by="Morgan Ellery"),
    "password_changed": LetterFacts(),
    "post_written": LetterFacts(told=(WAVE,)),
    "post_written-cut": LetterFacts(
        told=(replace(WAVE, topics=(replace(HUBS, posts=(replace(SAID, is_cut=True),)),)),)
    ),
    "post_written-hidden": LetterFacts(told=(HIDDEN,)),
    "post_mention": LetterFacts(told=(WAVE,)),
    "post_mention-hidden": LetterFacts(told=(HIDDEN,)),
    "answer_accepted": LetterFacts(told=(WAVE,)),
    "answer_accepted-own": LetterFacts(told=(WAVE,), state="own"),
    "answer_accepted-hidden": LetterFacts(told=(HIDDEN,)),
    "communities_digest": LetterFacts(told=(BUSY,)),
    "communities_digest-several": LetterFacts(told=(HIDDEN, replace(WAVE, topics=BUSY.topics[1:]))),
    "post_published": LetterFacts(community=replace(OWN, post="bcdfghjkmn89")),
    "post_refused": LetterFacts(community=OWN, reason="It names a school.\nLeave that out & send it again."),
    "post_redacted": LetterFacts(community=OWN),
    "helper_invited": HELPING,
    "helper_invited-until": replace(HELPING, roles=(Role.READER,), until=date(2027, 6, 20), by=""),
}


def letter(
    name: str = "registration_confirmed",
    facts: LetterFacts | None = None,
    *,
    to: str = "Dina Okafor",
    email: str = "dina@example.org",
    public_id: str = "zyxwvtsrqpnm",
    kind: MailKind = MailKind.PLACE,
) -> Letter:
    """A row of the outbox that is in no database."""
    facts = facts or FACTS[name]
    return Letter(
        public_id=public_id,
        notice=name.partition("-")[0],
        lane=Lane.ORDINARY,
        kind=kind,
        recipient_name=to,
        recipient_email=email,
        reply_to=facts.event.organiser_email if facts.event else "",
        facts=dump(facts),
        created_at=POSTED,
    )


def notice(name: str = "registration_confirmed", number: int = 1, **changes: object) -> Notice:
    """A letter to be posted, to a recipient of its own for each number."""
    plain = Notice(
        name=name,
        recipient_name=f"Person {number}",
        recipient_email=f"person{number}@example.org",
        facts=dump(FACTS[name]),
        reply_to="learning@example.org" if FACTS[name].event else "",
    )
    return replace(plain, **changes)
