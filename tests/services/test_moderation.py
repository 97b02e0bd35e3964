"""Moderation: reported or held, out of sight where a child may be concerned, looked at by one, and decided."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import undefer

from tests.making import Maker
from webapp import access, clock, jobs, outbox, transaction
from webapp.errors import NotFound, TooMany
from webapp.extensions import db
from webapp.formats import posts
from webapp.models.accounts import Actor, ActorKind, Grant, Person, Role, ThingKind, Viewer, Visitor
from webapp.models.activity import Activity
from webapp.models.communities import Community
from webapp.models.files import StoredFile
from webapp.models.mailings import Lane, Letter, LetterState
from webapp.models.moderation import CaseReason, Decision, ModerationCase, PostReport
from webapp.models.topics import (
    IssueStage,
    Post,
    PostDraft,
    PostFile,
    PostMention,
    PostQuotation,
    PostState,
    PostVersion,
    Topic,
    TopicKind,
)
from webapp.notices import communities as notices
from webapp.notices.letters import Notice
from webapp.queries import moderation as queries
from webapp.queries import topics as topic_queries
from webapp.services import moderation, topics
from webapp.services.topics.taking_away import delete

CONTACT = ("Waymark", "contact@example.org")
CHILD = moderation.Said(reason=CaseReason.CHILD, withholds=True)


@pytest.fixture
def community(make: Maker) -> Community:
    return make.community("Family help", child_lead_name="Lee Lead", child_lead_email="lead@example.org")


@pytest.fixture
def moderator(make: Maker, community: Community) -> Person:
    return _moderator(make, community, "Mo Derator")


@pytest.fixture
def act(app: Flask, make: Maker, community: Community) -> Callable[..., ModerationCase]:
    """Reports a post as somebody new, and gives the case."""

    def reported(post: Post, said: moderation.Said = CHILD, *, by: Person | None = None) -> ModerationCase:
        by = by or make.person()
        with app.app_context(), transaction.unit():
            return moderation.report(community, post.id, said, contact=CONTACT, actor=_actor(by), now=make.now)

    return reported


def _moderator(make: Maker, community: Community, name: str) -> Person:
    person = make.person(name)
    make.grant(person, Role.MODERATOR, ThingKind.COMMUNITY, community.id)
    return person


def _actor(person: Person) -> Actor:
    return Actor(ActorKind.PERSON, person.id)


def _state(app: Flask, post: Post) -> tuple[PostState, int | None, int, bool]:
    with app.app_context():
        row = db.session.get_one(Post, post.id)
        topic = db.session.get_one(Topic, row.topic_id)
        return row.state, row.number, topic.posts, topic.is_seen


def _letters(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        rows = db.session.scalars(select(Letter).order_by(Letter.id))
        return [(one.notice, one.recipient_email) for one in rows]


def _decide(
    app: Flask, make: Maker, community: Community, case: ModerationCase, by: Person, decision: Decision, **more: object
) -> None:
    with app.app_context(), transaction.unit():
        version = db.session.get_one(Post, case.post_id).version
        ruling = {"told": "It names a school.", "post_version": version, "decision": decision} | more
        moderation.decide(community, case.id, moderation.Ruling(**ruling), actor=_actor(by), now=make.now)


def test_worry_about_a_child_takes_a_post_out_of_sight_and_brings_it_back_in_its_place(
    app: Flask, make: Maker, community: Community, moderator: Person, act: Callable[..., ModerationCase]
) -> None:
    first = make.topic(community)
    second, third = (make.post(first.topic_id, community) for _ in range(2))

    case = act(second)
    assert (case.is_child, case.reason, case.child_at) == (True, CaseReason.CHILD, make.now)
    assert _state(app, second) == (PostState.WAITING, 2, 2, True)
    assert _letters(app) == [("something_waits", moderator.email), ("child_concern", "lead@example.org")]
    with app.app_context():
        urgent = db.session.scalars(select(Letter).where(Letter.notice == "child_concern")).one()
        assert urgent.lane is Lane.URGENT
        assert "What do you do" not in str(urgent.facts)
        topic = db.session.get_one(Topic, first.topic_id)
        assert (topic.last_number, topic.last_author_id) == (3, third.author_id)

    _decide(app, make, community, case, moderator, Decision.PUBLISHED)
    assert _state(app, second) == (PostState.PUBLISHED, 2, 3, True)
    assert [notice for notice, _ in _letters(app)[2:]] == ["post_published"]
    with app.app_context():
        row = db.session.get_one(ModerationCase, case.id)
        assert (row.decision, row.decided_by_id, row.acknowledged_at) == (Decision.PUBLISHED, moderator.id, make.now)


def test_topic_goes_out_of_sight_with_the_post_that_its_title_stands_for(
    app: Flask, make: Maker, community: Community, moderator: Person, act: Callable[..., ModerationCase]
) -> None:
    first = make.topic(community)
    answer = make.post(first.topic_id, community)
    case = act(first)
    assert _state(app, first) == (PostState.WAITING, 1, 1, False)
    with app.app_context():
        topic = db.session.get_one(Topic, first.topic_id)
        with pytest.raises(NotFound):
            topic_queries.get_topic(topic.public_id, community_id=community.id, person_id=0, moderates=False)
        assert topic_queries.newest_topics([community.id]) == {}
        shown = select(Post.id).join(Post.topic).where(topic_queries.published())
        assert db.session.scalars(shown).all() == []

    _decide(app, make, community, case, moderator, Decision.REFUSED)
    # The answers are read again, under a title that the moderator let stand.
    assert _state(app, first) == (PostState.REFUSED, 1, 1, True)
    assert _state(app, answer)[0] is PostState.PUBLISHED


def test_draft_of_an_answer_is_not_listed_while_its_topic_is_withheld(
    app: Flask, make: Maker, community: Community, moderator: Person, act: Callable[..., ModerationCase]
) -> None:
    post, writer = make.topic(community), make.person()
    with app.app_context(), transaction.unit():
        for topic_id in (post.topic_id, 0):
            kept = {"person_id": writer.id, "topic_id": topic_id, "now": make.now}
            topics.keep_draft(community.id, {"body": "Mine."}, **kept)
    case = act(post)
    with app.app_context():
        assert [topic for _, topic in topic_queries.drafts_in(community.id, writer.id)] == [None]
    _decide(app, make, community, case, moderator, Decision.PUBLISHED)
    with app.app_context():
        listed = [topic.id if topic else 0 for _, topic in topic_queries.drafts_in(community.id, writer.id)]
        assert sorted(listed) == [0, post.topic_id]


def test_worry_of_somebody_who_is_no_member_alerts_and_does_not_withhold_until_a_member_shares_it(
    app: Flask, make: Maker, community: Community, act: Callable[..., ModerationCase]
) -> None:
    post = make.topic(community)
    act(post, moderation.Said(reason=CaseReason.CHILD))
    assert _state(app, post)[0] is PostState.PUBLISHED
    act(post, CHILD)
    assert _state(app, post)[0] is PostState.WAITING
    assert _letters(app) == [("child_concern", "lead@example.org")]


def test_worry_after_another_reason_comes_first_and_alerts_once(
    app: Flask, make: Maker, community: Community, moderator: Person, act: Callable[..., ModerationCase]
) -> None:
    post, reporter = make.topic(community), make.person()
    older = act(make.topic(community), moderation.Said(reason=CaseReason.UNKIND))
    case = act(post, moderation.Said(reason=CaseReason.UNKIND, words="Rude."), by=reporter)
    assert _state(app, post)[0] is PostState.PUBLISHED
    again = act(post, CHILD, by=reporter)
    act(post, CHILD)
    assert again.id == case.id
    assert _letters(app) == [("something_waits", moderator.email), ("child_concern", "lead@example.org")]
    with app.app_context():
        assert [one.reason for one in queries.reports_of(post.id)] == [CaseReason.CHILD, CaseReason.CHILD]
        viewer = _viewer(moderator, (Role.MODERATOR, ThingKind.COMMUNITY, community.id))
        assert [one.id for one in queries.queue(viewer).rows] == [case.id, older.id]
        assert queries.count_waiting(viewer) == queries.Waiting(2, 1)


def _viewer(person: Person, *grants: tuple[Role, ThingKind, int]) -> Viewer:
    return Viewer(
        id=person.id,
        public_id=person.public_id,
        name=person.name,
        email=person.email,
        session_token="",
        grants=frozenset(grants),
    )


def test_without_a_named_lead_every_moderator_is_told_and_else_who_answers_for_the_service(
    app: Flask, make: Maker
) -> None:
    led, unled = make.community(), make.community()
    moderators = [_moderator(make, led, name) for name in ("Ann Lee", "Bob Ray")]
    for community, told in ((led, [one.email for one in moderators]), (unled, ["contact@example.org"])):
        before = len(_letters(app))
        post, actor = make.topic(community), _actor(make.person())
        with app.app_context(), transaction.unit():
            moderation.report(community, post.id, CHILD, contact=CONTACT, actor=actor, now=make.now)
        sent = _letters(app)[before:]
        assert [email for notice, email in sent if notice == "child_concern"] == told


def test_what_nobody_acknowledged_is_told_again_to_the_lead_and_all_moderators(
    app: Flask, make: Maker, community: Community, moderator: Person, act: Callable[..., ModerationCase]
) -> None:
    case = act(make.topic(community))
    for minutes, told in ((29, 0), (30, 1), (31, 0), (269, 0), (270, 1)):
        with app.app_context(), transaction.unit():
            assert moderation.remind(contact=CONTACT, now=make.now + timedelta(minutes=minutes)) == told
    unseen = [email for notice, email in _letters(app) if notice == "child_concern_unseen"]
    assert unseen == ["lead@example.org", moderator.email] * 2

    with app.app_context(), transaction.unit():
        moderation.acknowledge(case.id, actor=_actor(moderator), now=make.now)
        moderation.acknowledge(case.id, actor=_actor(moderator), now=make.now + timedelta(hours=9))
    with app.app_context(), transaction.unit():
        assert moderation.remind(contact=CONTACT, now=make.now + timedelta(days=1)) == 0
        assert db.session.get_one(ModerationCase, case.id).acknowledged_at == make.now


def test_worry_of_somebody_else_after_the_first_was_seen_alerts_again(
    app: Flask, make: Maker, community: Community, moderator: Person, act: Callable[..., ModerationCase]
) -> None:
    post, first, second = make.topic(community), make.person(), make.person()
    case = act(post, by=first)
    with app.app_context(), transaction.unit():
        moderation.acknowledge(case.id, actor=_actor(moderator), now=make.now)
    for by, letters in ((first, 1), (second, 2), (second, 2)):
        act(post, by=by)
        assert [notice for notice, _ in _letters(app)].count("child_concern") == letters
    with app.app_context(), transaction.unit():
        assert db.session.get_one(ModerationCase, case.id).acknowledged_at is None
        assert moderation.remind(contact=CONTACT, now=make.now + timedelta(minutes=30)) == 1


def test_worker_reminds_by_its_own_clock_and_not_of_the_demonstration(
    app: Flask, make: Maker, community: Community, act: Callable[..., ModerationCase]
) -> None:
    shown = make.community(demonstration=True, child_lead_email="invented@example.org")
    # What was raised in the time of the tests is long ahead of the worker's clock.
    cases = [act(make.topic(community)), act(make.topic(shown))]
    with app.app_context(), transaction.unit():
        for case in cases:
            db.session.get_one(ModerationCase, case.id).child_at = clock.now() - timedelta(hours=1)
    for _ in range(2):
        jobs._remind(app)
    assert [one for one in _letters(app) if one[0] == "child_concern_unseen"] == [
        ("child_concern_unseen", "lead@example.org")
    ]


def test_reports_are_limited_and_worries_about_a_child_are_not(
    app: Flask, make: Maker, community: Community, act: Callable[..., ModerationCase]
) -> None:
    post, reporter = make.topic(community), make.person()
    unkind = moderation.Said(reason=CaseReason.UNKIND)
    for _ in range(30):
        act(post, unkind, by=reporter)
    with pytest.raises(TooMany):
        act(post, unkind, by=reporter)
    act(post, CHILD, by=reporter)
    assert _state(app, post)[0] is PostState.WAITING


def test_case_is_one_moderators_at_a_time_and_decided_once(
    app: Flask, make: Maker, community: Community, moderator: Person, act: Callable[..., ModerationCase]
) -> None:
    other = _moderator(make, community, "Otto Ther")
    case = act(make.topic(community), moderation.Said(reason=CaseReason.UNKIND))
    with app.app_context(), transaction.unit():
        moderation.claim(case.id, actor=_actor(moderator), now=make.now)
        moderation.claim(case.id, actor=_actor(moderator), now=make.now)
        with pytest.raises(moderation.CaseClaimed, match="Mo Derator"):
            moderation.claim(case.id, actor=_actor(other), now=make.now)
    with pytest.raises(moderation.CaseClaimed, match="Mo Derator"):
        _decide(app, make, community, case, other, Decision.KEPT)
    with app.app_context(), transaction.unit():
        moderation.release(case.id, actor=_actor(other), now=make.now)
        moderation.claim(case.id, taking_over=True, actor=_actor(other), now=make.now)
        moderation.release(case.id, actor=_actor(other), now=make.now)
    _decide(app, make, community, case, other, Decision.KEPT)
    _decide(app, make, community, case, other, Decision.KEPT)
    with pytest.raises(moderation.CaseDecided, match="Otto Ther let it stand meanwhile"):
        _decide(app, make, community, case, moderator, Decision.REFUSED)


@pytest.mark.parametrize(
    ("decision", "more", "refusal"),
    [
        (Decision.REFUSED, {"told": ""}, moderation.CannotDecideSo),
        (Decision.PUBLISHED, {}, moderation.CannotDecideSo),
        (Decision.REFUSED, {"post_version": 7}, moderation.PostChanged),
    ],
)
def test_decision_that_does_not_fit_changes_nothing(
    app: Flask,
    make: Maker,
    community: Community,
    moderator: Person,
    act: Callable[..., ModerationCase],
    decision: Decision,
    more: dict[str, object],
    refusal: type[Exception],
) -> None:
    post = make.topic(community)
    case = act(post, moderation.Said(reason=CaseReason.UNKIND))
    with pytest.raises(refusal):
        _decide(app, make, community, case, moderator, decision, **more)
    assert _state(app, post)[0] is PostState.PUBLISHED
    with app.app_context():
        assert db.session.get_one(ModerationCase, case.id).decided_at is None


def test_nobody_decides_about_their_own_post(
    app: Flask, make: Maker, community: Community, moderator: Person, act: Callable[..., ModerationCase]
) -> None:
    case = act(make.topic(community, moderator), moderation.Said(reason=CaseReason.UNKIND))
    with pytest.raises(moderation.OwnPost):
        _decide(app, make, community, case, moderator, Decision.KEPT)
    with app.app_context(), transaction.unit(), pytest.raises(moderation.OwnPost):
        moderation.claim(case.id, actor=_actor(moderator), now=make.now)


def test_post_held_first_is_published_or_refused(app: Flask, make: Maker) -> None:
    held = make.community(first_posts_held=1)
    moderator = _moderator(make, held, "Mo Derator")
    for decision, state in (
        (Decision.PUBLISHED, (PostState.PUBLISHED, 1, 1, True)),
        (Decision.REFUSED, (PostState.REFUSED, None, 0, False)),
    ):
        post = make.topic(held)
        with app.app_context():
            case = db.session.scalars(select(ModerationCase).where(ModerationCase.post_id == post.id)).one()
        _decide(app, make, held, case, moderator, decision)
        assert _state(app, post) == state


def test_withheld_post_stays_as_it_was_reported(
    app: Flask, make: Maker, community: Community, act: Callable[..., ModerationCase]
) -> None:
    ann = make.person()
    post = make.topic(community, ann)
    act(post)
    with app.app_context(), transaction.unit(), pytest.raises(topics.PostRefused, match="looking at this post"):
        delete(post.id, topic_id=post.topic_id, actor=_actor(ann), now=make.now)
    assert _state(app, post)[0] is PostState.WAITING


def test_what_was_taken_away_cannot_be_reported_and_a_case_about_it_is_closed_or_redacts_what_is_left(
    app: Flask, make: Maker, community: Community, moderator: Person, act: Callable[..., ModerationCase]
) -> None:
    ann = make.person()
    closed, redacted = (make.topic(community, ann, "Of Zanzibar.", title="Zanzibar") for _ in range(2))
    quoting = make.post(redacted.topic_id, community, body=f"{_quote(redacted)}\n\nYes.")
    cases = [act(post, moderation.Said(reason=CaseReason.IDENTIFIES)) for post in (closed, redacted)]
    for post, case in zip((closed, redacted), cases, strict=True):
        with app.app_context(), transaction.unit():
            delete(post.id, topic_id=post.topic_id, actor=_actor(ann), now=make.now)
        with pytest.raises(moderation.NothingToReport):
            act(post)
        for decision in (Decision.PUBLISHED, Decision.REFUSED):
            with pytest.raises(moderation.CannotDecideSo):
                _decide(app, make, community, case, moderator, decision)
    _decide(app, make, community, cases[0], moderator, Decision.KEPT)
    assert _state(app, closed)[0] is PostState.DELETED
    _decide(app, make, community, cases[1], moderator, Decision.REDACTED, with_title=True)
    assert _state(app, redacted) == (PostState.REDACTED, 1, 1, True)
    with app.app_context():
        assert db.session.get_one(Topic, redacted.topic_id).slug == "title-taken-away"
        assert db.session.get_one(Post, quoting.id).body == "> [A quotation was taken away]\n\nYes."


def test_issue_whose_answer_is_taken_away_is_looked_at_again(
    app: Flask, make: Maker, community: Community, moderator: Person, act: Callable[..., ModerationCase]
) -> None:
    first = make.topic(community, kind=TopicKind.ISSUE)
    answers = [make.post(first.topic_id, community) for _ in range(2)]
    for taken in ("redacted", "split"):
        answer, at = answers.pop(), {"topic_id": first.topic_id, "actor": _actor(moderator), "now": make.now}
        with app.app_context(), transaction.unit():
            topics.accept(answer.id, moderates=True, **at)
        if taken == "redacted":
            _decide(app, make, community, act(answer), moderator, Decision.REDACTED)
        else:
            with app.app_context(), transaction.unit():
                topics.split(chosen=[answer.public_id], title="Apart", and_later=False, **at)
        with app.app_context():
            topic = db.session.get_one(Topic, first.topic_id)
            assert (topic.accepted_number, topic.answered_at, topic.stage) == (None, None, IssueStage.LOOKED_AT)
            last = topic_queries.moves_of(topic.id)[0]
            assert last.details["stage"] == ["answered", "looked_at"]
            assert last.by == ("Mo Derator" if taken == "split" else "")


def test_refusal_takes_the_title_away_where_that_is_wanted(
    app: Flask, make: Maker, community: Community, moderator: Person, act: Callable[..., ModerationCase]
) -> None:
    post = make.topic(community, title="Zanzibar")
    case = act(post, moderation.Said(reason=CaseReason.IDENTIFIES))
    _decide(app, make, community, case, moderator, Decision.REFUSED, with_title=True)
    with app.app_context():
        assert db.session.get_one(Topic, post.topic_id).slug == "title-taken-away"
        assert db.session.get_one(Post, post.id).body == post.body


def test_redaction_reaches_all_that_keeps_the_words(
    app: Flask, make: Maker, community: Community, moderator: Person, act: Callable[..., ModerationCase]
) -> None:
    writer, other = make.person(), make.person()
    post = make.topic(community, writer, "Zanzibar Street is where they live.", title="The zanzibar family")
    quote = f"> Zanzibar Street is where.\n>\n> \u2014 [Ann](/posts/{post.public_id})"
    quoting = make.post(post.topic_id, community, other, f"{quote}\n\nIndeed.")
    elsewhere = make.topic(make.community("Other", programme_id=community.programme_id), other)
    stored = StoredFile(digest="0" * 64, media_type="application/pdf", size=3, created_at=make.now)
    with app.app_context(), transaction.unit():
        before = f"{quote}\n\nBefore."
        for owner, body in ((post, "Zanzibar before."), (quoting, before), (elsewhere, before)):
            db.session.add(PostVersion(post_id=owner.id, number=1, body=body, at=make.now, by_id=writer.id))
        draft = PostDraft(person_id=other.id, community_id=community.id, for_topic=0, saved_at=make.now)
        draft.content = {"title": "Mine", "body": f"{quote}\n\nDraft."}
        mention = PostMention(post_id=post.id, person_id=other.id)
        quotation = PostQuotation(post_id=quoting.id, quoted_post_id=post.id)
        file = PostFile(post_id=post.id, position=1, file=stored, title="Zanzibar plan", filename="zanzibar.pdf")
        renamed = {"changes": {"title": ["Zanzibar house", "The zanzibar family"]}}
        entry = Activity(
            at=make.now,
            actor_kind=ActorKind.PERSON,
            actor_id=writer.id,
            verb="topic_begun",
            thing_kind=ThingKind.TOPIC,
            thing_id=post.topic_id,
            details=renamed,
        )
        db.session.add_all([draft, mention, quotation, file, entry])
    case = act(post, moderation.Said(reason=CaseReason.IDENTIFIES, words="It says Zanzibar Street."))

    _decide(app, make, community, case, moderator, Decision.REDACTED, with_title=True)

    with app.app_context():
        assert _everywhere("zanzibar") == []
        row, quoted = db.session.get_one(Post, post.id), db.session.get_one(Post, quoting.id)
        assert (row.state, row.body, row.version, quoted.version) == (PostState.REDACTED, "", 2, 2)
        assert quoted.body == "> [A quotation was taken away]\n\nIndeed."
        assert db.session.scalars(select(PostDraft)).one().content["title"] == "Mine"
        assert db.session.scalars(select(PostMention)).all() == []
        assert db.session.get_one(Topic, post.topic_id).slug == "title-taken-away"
        # What was decided and why stays.
        assert db.session.scalars(select(PostReport.reason)).all() == [CaseReason.IDENTIFIES]
        assert db.session.get_one(ModerationCase, case.id).told == "It names a school."
    assert _state(app, quoting)[0] is PostState.PUBLISHED


def test_letters_that_tell_of_a_withheld_post_are_taken_from_the_workers_and_made_anew(
    app: Flask, make: Maker, community: Community, act: Callable[..., ModerationCase]
) -> None:
    post, other = make.topic(community), make.topic(community)
    reader = make.person()
    with app.app_context(), transaction.unit():
        for told, state in [
            ([other.id, post.id], LetterState.SENDING),
            ([post.id], LetterState.SENDING),
            ([other.id], LetterState.SENDING),
            ([post.id], LetterState.DEFERRED),
            ([post.id], LetterState.SENT),
        ]:
            letter = Letter(**outbox.row_of(_digest(reader, community, told, make.now), make.now))
            letter.state, letter.message = state, b"What do you do?"
            letter.taken_by = "worker" if state is LetterState.SENDING else ""
            db.session.add(letter)
    act(post)
    with app.app_context():
        rows = db.session.scalars(
            select(Letter).where(Letter.notice == "communities_digest").order_by(Letter.id).options(undefer("*"))
        )
        assert [(one.state, one.taken_by, one.message is None, one.expires_at == make.now) for one in rows] == [
            # It may be with the mail server already, so it goes, and once.
            (LetterState.SENDING, "worker", True, True),
            (LetterState.WAITING, "", True, False),
            (LetterState.SENDING, "worker", False, False),
            (LetterState.DEFERRED, "", True, False),
            (LetterState.SENT, "", False, False),
        ]


def _digest(reader: Person, community: Community, post_ids: list[int], now: datetime) -> Notice:
    news = notices.community_news(community.id, [(post_ids, len(post_ids))], 0)
    return notices.digest(reader.id, reader.name, reader.email, [news], now=now)


def test_what_quotes_a_withheld_post_goes_and_comes_back_with_it(
    app: Flask, make: Maker, community: Community, moderator: Person, act: Callable[..., ModerationCase]
) -> None:
    post = make.topic(community)
    quote = f"> What do you do?\n>\n> \u2014 [Ann](/posts/{post.public_id})\n\nYes."
    elsewhere = make.topic(community, body=quote)
    here, held = (make.post(post.topic_id, community, body=quote) for _ in range(2))
    act(held, CHILD)
    case = act(post)
    assert [_state(app, one)[0] for one in (elsewhere, here, held)] == [PostState.WAITING] * 3
    assert _state(app, elsewhere)[3] is False

    _decide(app, make, community, case, moderator, Decision.REFUSED)
    states = [_state(app, one)[0] for one in (elsewhere, here, held)]
    assert states == [PostState.PUBLISHED, PostState.PUBLISHED, PostState.WAITING]
    with app.app_context():
        bodies = db.session.scalars(select(Post.body).where(Post.id.in_([elsewhere.id, here.id, held.id]))).all()
        assert set(bodies) == {"> [A quotation was taken away]\n\nYes."}


def test_what_quotes_two_withheld_posts_comes_back_when_both_are_read_again(
    app: Flask, make: Maker, community: Community, moderator: Person, act: Callable[..., ModerationCase]
) -> None:
    first = make.topic(community, body="Of one child.")
    second = make.post(first.topic_id, community, body="Of another.")
    both = make.topic(community, body=f"{_quote(first)}\n\n{_quote(second)}\n\nHm.")
    behind = make.topic(community, body=f"{_quote(both)}\n\n{_quote(first)}\n\nSo.")
    cases = [act(one) for one in (first, second)]
    for case, state in zip(cases, (PostState.WAITING, PostState.PUBLISHED), strict=True):
        _decide(app, make, community, case, moderator, Decision.PUBLISHED)
        assert [_state(app, one)[0] for one in (second, both, behind)] == [state] * 3


def test_what_quotes_a_held_post_comes_back_when_its_writer_deletes_that(
    app: Flask, make: Maker, community: Community, moderator: Person, act: Callable[..., ModerationCase]
) -> None:
    ann = make.person()
    first = make.topic(community)
    second = make.post(first.topic_id, community, ann)
    both = make.topic(community, body=f"{_quote(first)}\n\n{_quote(second)}\n\nHm.")
    with app.app_context(), transaction.unit():
        words = topics.Words(body="Held.", waits=True)
        topics.edit(second.id, words, topic_id=second.topic_id, version=1, actor=_actor(ann), now=make.now)
    _decide(app, make, community, act(first), moderator, Decision.PUBLISHED)
    assert _state(app, both)[0] is PostState.WAITING
    with app.app_context(), transaction.unit():
        delete(second.id, topic_id=second.topic_id, actor=_actor(ann), now=make.now)
    assert _state(app, both)[0] is PostState.PUBLISHED


def test_what_quoted_a_withheld_post_is_read_again_once_an_edit_takes_that_out(
    app: Flask, make: Maker, community: Community, act: Callable[..., ModerationCase]
) -> None:
    ann = make.person()
    first = make.topic(community, body="Of one child.")
    quoting = make.topic(community, ann, body=f"{_quote(first)}\n\nHm.")
    act(first)
    assert _state(app, quoting)[0] is PostState.WAITING
    with app.app_context(), transaction.unit():
        words = topics.Words(body=f"{_quote(first)}\n\nHm, more.")
        topics.edit(quoting.id, words, topic_id=quoting.topic_id, version=1, actor=_actor(ann), now=make.now)
    assert _state(app, quoting) == (PostState.PUBLISHED, 1, 1, True)
    with app.app_context():
        assert db.session.get_one(Post, quoting.id).body == "> [A quotation was taken away]\n\nHm, more."


def test_worry_about_a_post_that_was_held_already_takes_what_quotes_it_out_of_sight(
    app: Flask, make: Maker, community: Community, act: Callable[..., ModerationCase]
) -> None:
    ann = make.person()
    post = make.topic(community, ann)
    quoting = make.topic(community, body=f"{_quote(post)}\n\nHm.")
    with app.app_context(), transaction.unit():
        words = topics.Words(body="Held.", waits=True)
        topics.edit(post.id, words, topic_id=post.topic_id, version=1, actor=_actor(ann), now=make.now)
    act(post)
    assert _state(app, quoting)[0] is PostState.WAITING


def test_answer_in_a_withheld_topic_is_not_quoted_elsewhere(
    app: Flask, make: Maker, community: Community, act: Callable[..., ModerationCase]
) -> None:
    first = make.topic(community)
    answer = make.post(first.topic_id, community)
    act(first)
    written = make.topic(community, body=f"{_quote(answer)}\n\nYes.")
    with app.app_context():
        assert db.session.get_one(Post, written.id).body == "> [A quotation was taken away]\n\nYes."


def _quote(post: Post) -> str:
    return posts.quotation(post.body, said_by="Ann", address=f"/posts/{post.public_id}")


def test_nothing_quotes_what_is_out_of_sight(
    app: Flask, make: Maker, community: Community, moderator: Person, act: Callable[..., ModerationCase]
) -> None:
    post = make.topic(community)
    quote = f"> What do you do?\n>\n> \u2014 [Ann](/posts/{post.public_id})\n\nYes."
    _decide(app, make, community, act(post), moderator, Decision.REDACTED)
    written = make.topic(community, body=quote)
    with app.app_context():
        assert db.session.get_one(Post, written.id).body == "> [A quotation was taken away]\n\nYes."
        assert db.session.scalars(select(PostQuotation)).all() == []


def test_posting_is_limited_and_counted_for_each_person(app: Flask, make: Maker) -> None:
    for _ in range(15):
        with app.app_context(), transaction.unit():
            topics.count_post(1, now=make.now)
    with app.app_context(), pytest.raises(TooMany), transaction.unit():
        topics.count_post(1, now=make.now)
    with app.app_context(), transaction.unit():
        topics.count_post(2, now=make.now)
        topics.count_post(1, now=make.now + timedelta(minutes=10))


def _everywhere(word: str) -> list[str]:
    """Each table with a column in which the word stands."""
    found = []
    for table in db.metadata.sorted_tables:
        rows = db.session.execute(select(table)).all()
        found += [table.name for row in rows if word in str(tuple(row)).lower()]
    return found


def test_moderators_are_chosen_once_and_what_they_had_taken_goes_back(
    app: Flask, make: Maker, community: Community, act: Callable[..., ModerationCase]
) -> None:
    organiser = make.person("Olga Organiser")
    for _ in range(2):
        with app.app_context(), transaction.unit():
            person, _ = moderation.appoint(
                community.id, name="Mo", email="mo@example.org", actor=_actor(organiser), now=make.now
            )
    assert _letters(app) == [("moderator_chosen", "mo@example.org")]
    case = act(make.topic(community), moderation.Said(reason=CaseReason.UNKIND))
    with app.app_context(), transaction.unit():
        moderation.claim(case.id, actor=_actor(person), now=make.now)
    for _ in range(2):
        with app.app_context(), transaction.unit():
            moderation.dismiss(community.id, person.id, actor=_actor(organiser), now=make.now)
    with app.app_context():
        assert db.session.get_one(ModerationCase, case.id).claimed_by_id is None
        assert db.session.scalars(select(Grant).where(Grant.person_id == person.id)).all() == []
        verbs = db.session.scalars(select(Activity.verb).where(Activity.thing_kind == ThingKind.COMMUNITY)).all()
        assert [one for one in verbs if one.startswith("moderator")] == ["moderator_chosen", "moderator_dismissed"]


def test_cases_are_those_that_their_viewer_decides_about(
    app: Flask, make: Maker, community: Community, act: Callable[..., ModerationCase]
) -> None:
    lead = make.person("Lee Lead", "Lead@example.org")
    child, other = act(make.topic(community)), act(make.topic(community), moderation.Said(reason=CaseReason.OTHER))
    viewers = {
        "lead": _viewer(lead),
        "moderator": _viewer(make.person(), (Role.MODERATOR, ThingKind.COMMUNITY, community.id)),
        "organiser": _viewer(make.person(), (Role.ORGANISER, ThingKind.PROGRAMME, community.programme_id)),
        "owner": _viewer(make.person(), (Role.OWNER, ThingKind.SITE, 0)),
        "reader": _viewer(make.person(), (Role.READER, ThingKind.PROGRAMME, community.programme_id)),
        "elsewhere": _viewer(make.person(), (Role.MODERATOR, ThingKind.COMMUNITY, make.community().id)),
        "nobody": Visitor(),
        "without an address": replace(_viewer(make.person()), email=""),
    }
    unled = make.community()
    both = {child.id, other.id}
    seen = {"lead": {child.id}, "moderator": both, "organiser": both, "owner": both}
    with app.app_context():
        cases = [
            queries.get_case(one.public_id, community=community.public_id, viewer=viewers["owner"])
            for one in (child, other)
        ]
        for name, viewer in viewers.items():
            found = {one.id for one in queries.queue(viewer).rows}
            assert (name, found) == (name, seen.get(name, set()))
            assert {one.id for one in cases if access.may_decide_about(viewer, one)} == found
        with pytest.raises(NotFound):
            queries.get_looked_after(unled.public_id, viewer=viewers["without an address"])
