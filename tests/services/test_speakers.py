"""Speakers: profiles, merging with all that hangs on them, invitations, and what speakers do themselves."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from tests.ledger import Ledger
from tests.planning import name, plan
from webapp.errors import NotFound
from webapp.models.accounts import SYSTEM, ThingKind
from webapp.models.activity import Activity
from webapp.models.agenda import Contribution, ContributionRole
from webapp.models.drafts import DraftContribution, DraftSession, SpeakerAnswer
from webapp.models.events import EventState
from webapp.models.files import Attachment, StoredFile
from webapp.models.library import ResourceAuthor
from webapp.models.organisations import Organisation, Sector
from webapp.models.publications import Author
from webapp.models.speakers import Speaker, SpeakerAlias, SpeakerInvitation
from webapp.queries import speakers as queries
from webapp.queries.speakers.invitations import LinkTakenBack
from webapp.services import files
from webapp.services import speakers as services

ASKED, CONFIRMED, DECLINED = SpeakerAnswer.ASKED, SpeakerAnswer.CONFIRMED, SpeakerAnswer.DECLINED
LINK = {"label": "Work", "url": "https://www.example.org"}


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def doing(now):
    return {"actor": SYSTEM, "now": now}


@pytest.fixture
def add(ledger, doing):
    return lambda full, **more: ledger.act(services.add, services.Profile(name=full, **more), **doing)


@pytest.fixture
def change(ledger, doing):
    def run(speaker, full, *, version=1, **more):
        profile = services.Profile(name=full, **more)
        return ledger.act(services.change, speaker.id, profile, version=version, **doing)

    return run


@pytest.fixture
def merge(ledger, doing):
    def run(staying, going, *from_going, versions=(1, 1)):
        return ledger.act(services.merge, staying.id, going.id, from_going=from_going, versions=versions, **doing)

    return run


@pytest.fixture
def invite(ledger, doing):
    return lambda event, speaker, email="ann@example.org", **more: ledger.act(
        services.invite, event.id, speaker.id, email, **(doing | more)
    )


def speaker_of(ledger, speaker):
    return ledger.one(select(Speaker).where(Speaker.id == speaker.id))


def aliases(ledger, speaker):
    statement = select(SpeakerAlias.name).where(SpeakerAlias.speaker_id == speaker.id).order_by(SpeakerAlias.name)
    return ledger.all(statement)


def found(app, text):
    with app.app_context():
        return [speaker.name for speaker in queries.suggest_speakers(text)]


def alike(app, full):
    with app.app_context():
        return [speaker.name for speaker in queries.speakers_alike(full)]


# ---------------------------------------------------------------- profiles


def test_add_makes_a_profile_that_is_found_by_every_spelling(app, add, ledger):
    speaker = add("Zoë MacAlister", other_names=("Zoe McAllister", "zoë macalister", "Zoe  McAllister"))
    assert (speaker.slug, speaker.name_sort, speaker.version) == ("zoe-macalister", "macalister zoe macalister", 1)
    assert aliases(ledger, speaker) == ["Zoe McAllister"]
    for text in ("zoe", "macal", "MCALL", "zoe mc", "macalister zoë"):
        assert found(app, text) == ["Zoë MacAlister"], text
    assert found(app, "zoe other") == []
    assert found(app, "") == []


def test_suggestions_come_by_surname_and_are_few(app, add):
    for number in range(10):
        add(f"Ann {'ZYXWVUTSRQ'[number]}ed")
    assert found(app, "ann") == [f"Ann {letter}ed" for letter in "QRSTUVWX"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Josh MacAlister", ["Josh MacAlister"]),
        ("JOSH macalister", ["Josh MacAlister"]),
        ("Joshua MacAlister", ["Josh MacAlister"]),
        ("Josh Macallister", ["Josh MacAlister"]),
        ("Josh McAllister", ["Josh MacAlister"]),
        ("Dr Josh MacAlister", ["Josh MacAlister"]),
        ("Professor J. MacAlister", ["Josh MacAlister"]),
        ("Dr", []),
        ("Ben MacAlister", []),
        ("Josh Smith", []),
        ("%", []),
        ("_ _", []),
        ("", []),
    ],
)
def test_profiles_of_a_name_alike_are_found(app, add, typed, expected):
    add("Josh MacAlister", other_names=("Josh McAllister",))
    add("Percent Underscore")
    assert alike(app, typed) == expected


def test_change_says_what_was_changed_and_raises_the_version(add, change, make, ledger):
    make.organisation("Marlbridge Council", "MBC")
    speaker = add("Ann Lee")
    change(speaker, "Ann Lea", job_title="Lead", organisation="mbc", biography="She leads.", links=(LINK,))
    now_told = speaker_of(ledger, speaker)
    assert (now_told.name, now_told.slug, now_told.version, now_told.links) == ("Ann Lea", "ann-lea", 2, [LINK])
    entry = ledger.one(select(Activity).where(Activity.verb == "speaker_changed"))
    assert entry.details["changes"] == {
        "name": ["Ann Lee", "Ann Lea"],
        "job_title": ["", "Lead"],
        "organisation": [None, now_told.organisation_id],
        "biography": [],
        "links": [],
    }


def test_change_from_an_old_version_changes_nothing(add, change, ledger):
    speaker = add("Ann Lee")
    change(speaker, "Ann Lee", job_title="Lead")
    with pytest.raises(services.SpeakerChanged):
        change(speaker, "Ann Lee", job_title="Head", organisation="New one", sector=Sector.OTHER)
    assert speaker_of(ledger, speaker).job_title == "Lead"
    assert ledger.count(Organisation) == 0


def test_change_twice_alike_is_no_conflict(add, change, ledger):
    speaker = add("Ann Lee")
    for _ in range(2):
        change(speaker, "Ann Lee", job_title="Lead", other_names=("A. Lee",), links=(LINK,))
    assert speaker_of(ledger, speaker).version == 2
    assert len(ledger.all(select(Activity).where(Activity.verb == "speaker_changed"))) == 1


def test_change_of_spellings_keeps_those_that_stay(app, add, change, ledger):
    speaker = add("Ann Lee", other_names=("A. Lee", "Annie Lee"))
    change(speaker, "Annie Lee", other_names=("a. lee", "Ann Lee"))
    assert aliases(ledger, speaker) == ["Ann Lee", "a. lee"]
    assert found(app, "ann") == ["Annie Lee"]


def test_unknown_organisation_is_added_only_with_its_sector(add, ledger):
    with pytest.raises(services.OrganisationUnknown):
        add("Ann Lee", organisation="Paper Kite")
    added = add("Ann Lee", organisation="Paper Kite", sector=Sector.VCSE)
    again = add("Ben Lee", organisation="paper  kite", sector=Sector.HEALTH)
    organisation = ledger.one(select(Organisation))
    assert (organisation.name, organisation.sector) == ("Paper Kite", Sector.VCSE)
    assert added.organisation_id == again.organisation_id == organisation.id


def test_same_new_organisation_at_once_is_added_once(ledger, doing):
    profiles = [services.Profile(name=f"Ann {n}", organisation="Paper Kite", sector=Sector.VCSE) for n in range(4)]
    outcomes = ledger.together([partial(services.add, profile, **doing) for profile in profiles])
    assert {getattr(one, "organisation_id", one) for one in outcomes} == {ledger.one(select(Organisation)).id}


def test_photo_stays_until_it_is_replaced_or_removed(add, change, ledger, tmp_path, now):
    first, second = (files.write(content, "image/jpeg", folder=tmp_path, now=now) for content in (b"first", b"second"))
    speaker = add("Ann Lee", photo=first, photo_alt="Ann")
    change(speaker, "Ann Lee", photo_alt="Ann Lee smiling")
    kept = speaker_of(ledger, speaker)
    assert (kept.photo_id, kept.photo_alt) == (speaker.photo_id, "Ann Lee smiling")
    change(speaker, "Ann Lee", photo=second, photo_alt="Ann by the sea", version=2)
    assert speaker_of(ledger, speaker).photo_id != speaker.photo_id
    change(speaker, "Ann Lee", removes_photo=True, photo_alt="Ann by the sea", version=3)
    bare = speaker_of(ledger, speaker)
    assert (bare.photo_id, bare.photo_alt) == (None, "")


# ---------------------------------------------------------------- merging


def test_merge_moves_everything_that_names_the_one_that_goes(app, add, merge, make, invite, ledger, now, tmp_path):
    past, planned = make.event("Past"), make.event("Planned")
    council, kite = make.organisation("Council"), make.organisation("Kite")
    staying, going = add("Josh MacAlister", other_names=("J M",)), add("Josh McAllister", other_names=("Josh M",))
    alone, both = make.session(past, "Alone"), make.session(past, "Both")
    make.contribution(alone, speaker_id=going.id, organisation_id=kite.id, job_title="Reviewer")
    make.contribution(both, speaker_id=staying.id, organisation_id=council.id)
    make.contribution(both, speaker_id=going.id, organisation_id=council.id, job_title="Chair then")
    make.contribution(both, speaker_id=going.id, organisation_id=council.id, role=ContributionRole.CHAIR)
    draft = plan(make, planned)
    name(make, draft, staying, answer=ASKED)
    name(make, draft, going, answer=CONFIRMED, answered_at=now)
    other = plan(make, planned, "Other")
    name(make, other, going)
    invite(planned, going)
    written = files.write(b"slides", "application/pdf", folder=tmp_path, now=now)
    asked = ledger.one(select(SpeakerInvitation))
    given = ledger.act(services.add_slides, asked, other.public_id, written, "slides.pdf", actor=SYSTEM, now=now)
    make.resource(authors=["Josh"])
    make.issue(None, "Foreword")
    for author in (ResourceAuthor, Author):
        ledger.change(ledger.one(select(author)), speaker_id=going.id)
    revision = ledger.revision(past)

    merge(staying, going)

    assert ledger.one(select(ResourceAuthor)).speaker_id == ledger.one(select(Author)).speaker_id == staying.id

    told = select(Contribution.speaker_id, Contribution.role, Contribution.job_title).order_by(Contribution.id)
    rows = ledger.rows(told)
    assert [tuple(row) for row in rows] == [
        (staying.id, ContributionRole.PRESENTER, "Reviewer"),
        (staying.id, ContributionRole.PRESENTER, "Chair then"),
        (staying.id, ContributionRole.CHAIR, ""),
    ]
    drafts = ledger.rows(select(DraftContribution.speaker_id, DraftContribution.answer).order_by(DraftContribution.id))
    assert [tuple(row) for row in drafts] == [(staying.id, CONFIRMED), (staying.id, ASKED)]
    assert ledger.one(select(SpeakerInvitation)).speaker_id == staying.id
    assert ledger.one(select(Attachment).where(Attachment.id == given.id)).speaker_id == staying.id
    assert aliases(ledger, staying) == ["J M", "Josh M", "Josh McAllister"]
    assert ledger.revision(past) > revision
    left = speaker_of(ledger, going)
    assert (left.merged_into_id, left.biography, left.photo_id, aliases(ledger, going)) == (staying.id, "", None, [])
    assert found(app, "mcallister") == found(app, "macalister") == ["Josh MacAlister"]
    entry = ledger.one(select(Activity).where(Activity.verb == "speaker_took_over"))
    assert entry.details == {"other": going.public_id, "released": 3, "planned": 2, "invitations": 1}


def test_merge_keeps_of_each_field_what_was_chosen(add, merge, ledger, tmp_path, now):
    photo = files.write(b"photo", "image/jpeg", folder=tmp_path, now=now)
    staying = add("Ann Lee", job_title="Lead", biography="Hers.", links=(LINK,))
    going = add("Anne Lee", job_title="Head", biography="Also hers.", photo=photo, photo_alt="Ann")
    merge(staying, going, "name", "biography", "photo")
    one = speaker_of(ledger, staying)
    assert (one.name, one.slug, one.name_sort) == ("Anne Lee", "anne-lee", "lee anne lee")
    assert (one.job_title, one.biography, one.photo_alt, one.links) == ("Lead", "Also hers.", "Ann", [LINK])
    assert one.photo_id == ledger.one(select(StoredFile)).id
    assert aliases(ledger, staying) == ["Ann Lee"]


def test_merge_twice_is_once_and_the_way_stays_one_step(app, add, merge, make, ledger):
    session = make.session(make.event())
    first, second, third = add("Ann Lee"), add("Anne Lee"), add("Anna Lee")
    make.contribution(session, speaker_id=first.id)
    merge(second, first)
    merge(second, first)
    assert speaker_of(ledger, second).version == 2
    merge(third, second, versions=(1, 2))
    assert {speaker_of(ledger, one).merged_into_id for one in (first, second)} == {third.id}
    with app.app_context():
        for one in (first, second, third):
            assert queries.get_speaker(one.public_id).id == third.id


def test_merge_refuses_what_is_one_changed_or_gone(add, merge, change):
    first, second, third = add("Ann Lee"), add("Anne Lee"), add("Anna Lee")
    with pytest.raises(services.CannotMerge, match="one and the same"):
        merge(first, first)
    change(second, "Anne Lee", job_title="Lead")
    with pytest.raises(services.SpeakerChanged):
        merge(first, second)
    merge(first, second, versions=(1, 2))
    with pytest.raises(services.CannotMerge, match="in the meantime"):
        merge(third, second, versions=(1, 3))
    with pytest.raises(services.ProfileGone):
        change(second, "Back again", version=3)


@pytest.mark.parametrize("revoked", ["staying", "going", None])
def test_merge_keeps_of_two_invitations_the_one_that_opens_something(add, merge, make, invite, ledger, doing, revoked):
    event = make.event()
    staying, going = add("Ann Lee"), add("Anne Lee")
    for number, speaker in enumerate((staying, going)):
        name(make, plan(make, event, f"Session {number}"), speaker)
        invite(event, speaker, f"{'staying' if speaker is staying else 'going'}@example.org")
    if revoked:
        ledger.act(services.revoke, event.id, (staying if revoked == "staying" else going).id, **doing)
    merge(staying, going)
    kept = ledger.one(select(SpeakerInvitation))
    assert kept.speaker_id == staying.id
    if revoked:
        assert kept.email == ("going" if revoked == "staying" else "staying") + "@example.org"


def test_two_merges_at_once_leave_no_ring(add, make, ledger, doing):
    session = make.session(make.event())
    first, second = add("Ann Lee"), add("Anne Lee")
    for speaker in (first, second):
        make.contribution(session, speaker_id=speaker.id)
    outcomes = ledger.together(
        [
            partial(services.merge, one.id, other.id, from_going=(), versions=(1, 1), **doing)
            for one, other in ((first, second), (second, first))
        ]
    )
    refused = [one for one in outcomes if isinstance(one, services.CannotMerge)]
    assert (len(outcomes), len(refused)) == (2, 1), outcomes
    (staying,) = [one.id for one in outcomes if isinstance(one, Speaker)]
    assert ledger.all(select(Speaker.id).where(Speaker.merged_into_id.is_(None))) == [staying]
    assert ledger.all(select(Contribution.speaker_id)) == [staying]


# ---------------------------------------------------------------- invitations


def test_invite_writes_once_in_a_minute_and_asks(add, make, invite, ledger, now):
    event, speaker = make.event(), add("Ann Lee")
    name(make, plan(make, event), speaker)
    first = invite(event, speaker)
    invite(event, speaker, "ANN@example.org", now=now + timedelta(seconds=59))
    again = invite(event, speaker, now=now + timedelta(minutes=1))
    assert ledger.letters() == [("speaker_invited", "ann")] * 2
    assert (again.times_sent, again.nonce) == (2, first.nonce)
    assert ledger.one(select(DraftContribution.answer)) is ASKED


def test_invite_to_another_address_or_after_taking_back_makes_a_new_link(add, make, invite, ledger, doing, now):
    event, speaker = make.event(), add("Ann Lee")
    name(make, plan(make, event), speaker, answer=CONFIRMED)
    nonces = [invite(event, speaker).nonce, invite(event, speaker, "lee@example.org").nonce]
    ledger.act(services.revoke, event.id, speaker.id, **doing)
    ledger.act(services.revoke, event.id, speaker.id, **doing)
    nonces.append(invite(event, speaker, "lee@example.org").nonce)
    assert len(set(nonces)) == 3
    assert ledger.one(select(DraftContribution.answer)) is CONFIRMED
    assert len(ledger.all(select(Activity).where(Activity.verb == "speaker_link_revoked"))) == 1


def test_invite_refuses_who_is_nowhere_and_what_is_over(add, make, invite, ledger, now):
    event, speaker = make.event(), add("Ann Lee")
    with pytest.raises(services.NothingToAsk):
        invite(event, speaker)
    name(make, plan(make, event), speaker)
    with pytest.raises(services.SpeakingOver, match="has ended"):
        invite(event, speaker, now=event.ends_at)
    ledger.change(event, state=EventState.CANCELLED)
    with pytest.raises(services.SpeakingOver, match="was cancelled"):
        invite(event, speaker)
    assert ledger.letters() == []


# ---------------------------------------------------------------- what speakers do


@pytest.fixture
def asked(add, make, invite):
    """A speaker with a session at an event, asked."""
    event, speaker = make.event(), add("Ann Lee")
    session = plan(make, event)
    name(make, session, speaker)
    return event, speaker, session, invite(event, speaker)


def test_answer_is_recorded_once_and_declining_tells_the_organisers(asked, ledger, now, doing):
    _, _, session, invitation = asked
    for said in (CONFIRMED, CONFIRMED, DECLINED, DECLINED, CONFIRMED):
        ledger.act(services.answer, invitation, session.public_id, said, message="On leave", **doing)
    assert ledger.letters() == [("speaker_invited", "ann"), ("speaker_declined", "learning")]
    assert ledger.last_letter().facts["reason"] == "On leave"
    row = ledger.one(select(DraftContribution))
    assert (row.answer, row.answered_at) == (CONFIRMED, now)
    recorded = select(Activity.verb).where(Activity.thing_kind == ThingKind.DRAFT_SESSION)
    verbs = ledger.all(recorded.order_by(Activity.id))
    assert verbs == ["speaker_confirmed", "speaker_declined", "speaker_confirmed"]


def test_answer_is_for_own_sessions_while_the_link_holds_and_the_event_is_to_come(asked, make, ledger, doing):
    event, speaker, session, invitation = asked
    others = plan(make, event, "Others'")
    with pytest.raises(NotFound):
        ledger.act(services.answer, invitation, others.public_id, CONFIRMED, **doing)
    with pytest.raises(services.SpeakingOver):
        ledger.act(services.answer, invitation, session.public_id, CONFIRMED, **(doing | {"now": event.ends_at}))
    ledger.act(services.revoke, event.id, speaker.id, **doing)
    for verb in (
        partial(services.answer, invitation, session.public_id, CONFIRMED, **doing),
        partial(services.set_technical_needs, invitation, session.public_id, "A screen", version=1, **doing),
        partial(services.change_own, invitation, services.Profile(name="Ann"), version=1, **doing),
        partial(services.remove_slides, invitation, session.public_id, "x", **doing),
    ):
        with pytest.raises(LinkTakenBack):
            ledger.act(verb)
    assert ledger.one(select(DraftContribution.answer)) is ASKED


def test_needs_written_over_an_older_version_are_refused(asked, ledger, doing):
    _, _, session, invitation = asked
    say = partial(services.set_technical_needs, invitation, session.public_id, **doing)
    ledger.act(say, needs="A screen", version=1)
    ledger.act(say, needs="A screen", version=1)
    with pytest.raises(services.NeedsChanged):
        ledger.act(say, needs="A stage", version=1)
    row = ledger.one(select(DraftSession))
    assert (row.technical_needs, row.version) == ("A screen", 2)


def test_slides_are_kept_once_and_only_their_giver_takes_them_back(asked, add, make, invite, ledger, doing, tmp_path):
    event, _, session, invitation = asked
    other = add("Ben Ode")
    name(make, session, other)
    others = invite(event, other, "ben@example.org")
    written = files.write(b"slides", "application/pdf", folder=tmp_path, now=doing["now"])
    give = partial(services.add_slides, session=session.public_id, written=written, **doing)
    first = ledger.act(give, invitation, filename="one.pdf")
    again = ledger.act(give, invitation, filename="two.pdf")
    theirs = ledger.act(give, others, filename="ben.pdf")
    assert first.public_id == again.public_id
    assert ledger.all(select(Attachment.filename).order_by(Attachment.id)) == ["two.pdf", "ben.pdf"]
    assert ledger.count(StoredFile) == 1
    for attachment in (theirs, first, first):
        ledger.act(services.remove_slides, invitation, session.public_id, attachment.public_id, **doing)
    assert ledger.all(select(Attachment.filename)) == ["ben.pdf"]


def test_slides_have_an_end(asked, ledger, doing, tmp_path):
    _, _, session, invitation = asked
    contents = [
        files.write(bytes([number]), "application/pdf", folder=tmp_path, now=doing["now"]) for number in range(11)
    ]
    for written in contents[:10]:
        ledger.act(services.add_slides, invitation, session.public_id, written, "x.pdf", **doing)
    with pytest.raises(services.TooManySlides):
        ledger.act(services.add_slides, invitation, session.public_id, contents[10], "x.pdf", **doing)


def test_merged_speaker_keeps_the_link_in_the_hand(app, asked, add, merge, ledger, doing):
    _, speaker, session, invitation = asked
    merge(add("Anne Lee"), speaker)
    ledger.act(services.answer, invitation, session.public_id, CONFIRMED, **doing)
    with app.app_context():
        opened, _ = queries.get_invitation_by_token(services.personal_token(invitation))
        assert opened.speaker.name == "Anne Lee"
