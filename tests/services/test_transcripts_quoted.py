"""What posts quote of a transcript goes from them with the words there, and nothing else of them does."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.ledger import Ledger
from tests.making import Maker
from webapp.formats import posts
from webapp.models.accounts import SYSTEM, Actor, ActorKind
from webapp.models.communities import Community
from webapp.models.passages import KnownWord, Passage
from webapp.models.topics import Post, PostDraft, PostQuotation, PostVersion
from webapp.models.transcripts import Transcript, Turn
from webapp.services import topics
from webapp.services import transcripts as services

AWAY = "> [A quotation was taken away]\n\nMine."


class Quoting:
    """A published transcript, and a community that quotes it."""

    def __init__(self, app: Flask, make: Maker) -> None:
        self.make, self.ledger = make, Ledger(app)
        lines = ("Ann: We helped.", "Ben: Zanzibar Vale came.", "Ann: Yes.")
        self.row: Transcript = make.transcript(make.session(make.event("Hubs")), *lines, published=True)
        self.community: Community = make.community()
        self.writer = make.person()

    def turns(self) -> list[Turn]:
        return self.ledger.all(select(Turn).where(Turn.joined_into_id.is_(None)).order_by(Turn.position))

    def act(self, verb: Any, turn: Turn, **values: Any) -> Any:
        return self.ledger.act(verb, self.row.id, turn.public_id, **values, actor=SYSTEM, now=self.make.now)

    def quote(self, turn: Turn) -> str:
        address = f"/events/hubs-bcdf/sessions/how-ghjk/transcript/turns/{turn.public_id}"
        made = posts.quotation(posts.as_typed(turn.words), said_by="Somebody, in “How”", address=address)
        return f"{made}\n\nMine."

    def post(self, turn: Turn) -> Post:
        return self.make.topic(self.community, self.writer, self.quote(turn))

    def edit(self, post: Post, body: str) -> None:
        actor = Actor(ActorKind.PERSON, self.writer.id)
        at = {"topic_id": post.topic_id, "version": self.read(post).version}
        self.ledger.act(topics.edit, post.id, topics.Words(body=body), **at, actor=actor, now=self.make.now)

    def draft(self, turn: Turn) -> None:
        content = {"title": "Begun", "body": self.quote(turn)}
        keep, whose = topics.keep_draft, self.writer.id
        self.ledger.act(keep, self.community.id, content, person_id=whose, now=self.make.now)

    def read(self, post: Post) -> Post:
        found: Post = self.ledger.one(select(Post).where(Post.id == post.id))
        return found

    def noted(self) -> list[tuple[int, int]]:
        statement = select(PostQuotation.post_id, PostQuotation.turn_id).order_by(PostQuotation.post_id)
        return [(post_id, turn_id) for post_id, turn_id in self.ledger.rows(statement)]


@pytest.fixture
def quoting(app: Flask, make: Maker, context: object) -> Quoting:
    return Quoting(app, make)


def test_turns_that_a_post_quotes_are_noted_and_follow_what_it_says(quoting: Quoting) -> None:
    first, second, _ = quoting.turns()
    post = quoting.post(first)
    assert quoting.noted() == [(post.id, first.id)]
    quoting.edit(post, f"{quoting.quote(second)}\n\n{quoting.quote(second)}")
    assert quoting.noted() == [(post.id, second.id)]
    quoting.edit(post, "> We helped.\n> — [x](/events/a/turns/bcdfghjkmnpq)\n\nOf no transcript.")
    assert quoting.noted() == []
    assert "We helped." in quoting.read(post).body


def test_words_erased_from_a_transcript_go_from_all_that_quotes_them(quoting: Quoting) -> None:
    first, named, _ = quoting.turns()
    edited, stays, unnoted = quoting.post(named), quoting.post(first), quoting.post(first)
    # Written before quotations of turns were noted.
    quoting.ledger.change(unnoted, body=quoting.quote(named))
    quoting.edit(edited, f"{quoting.quote(named)} Again.")
    quoting.draft(named)
    changed = quoting.act(services.change, named, words="Somebody came.", speaker_id=None, version=1)
    known = select(KnownWord.word).where(KnownWord.word == "zanzibar")
    assert quoting.ledger.all(known) == ["zanzibar"]

    quoting.act(services.erase_taken_out, named, version=changed.version)

    assert (quoting.read(edited).body, quoting.read(edited).version) == (f"{AWAY} Again.", 3)
    assert quoting.read(unnoted).body == AWAY
    assert (quoting.read(stays).body, quoting.read(stays).version) == (quoting.quote(first), 1)
    assert quoting.ledger.one(select(PostVersion.body)) == AWAY
    assert quoting.ledger.one(select(PostDraft.content)) == {"title": "Begun", "body": AWAY}
    assert [post_id for post_id, _ in quoting.noted()] == [stays.id, unnoted.id]
    assert quoting.ledger.all(known) == []
    assert [one for one in quoting.ledger.all(select(Passage.words)) if "Zanzibar" in one] == []


def test_words_erased_from_a_turn_go_from_quotations_of_the_turn_that_it_was_part_of(quoting: Quoting) -> None:
    first, named, last = quoting.turns()
    quoting.act(services.join, named, version=1)
    whole = quoting.turns()[0]
    both, alone, other = quoting.post(whole), quoting.post(named), quoting.post(last)
    apart = quoting.act(services.split, first, at=11, speaker_id=None, version=whole.version)
    quoting.act(services.remove, apart, version=apart.version)
    quoting.act(services.erase, apart)
    assert [quoting.read(one).body for one in (both, alone)] == [AWAY, AWAY]
    assert quoting.read(other).body == quoting.quote(last)


def test_turn_that_is_taken_out_is_quoted_no_more_and_by_nobody_later(quoting: Quoting) -> None:
    first, named, last = quoting.turns()
    joined, other, late = quoting.post(named), quoting.post(last), quoting.quote(named)
    quoting.act(services.join, named, version=1)
    whole = quoting.turns()[0]
    post = quoting.post(whole)
    quoting.act(services.remove, first, version=whole.version)
    assert [(quoting.read(one).body, quoting.read(one).version) for one in (post, joined)] == [(AWAY, 2), (AWAY, 2)]
    assert quoting.read(quoting.post(whole)).body == AWAY
    quoting.edit(other, late)
    assert quoting.read(other).body == AWAY
    assert quoting.noted() == []
    assert [one for one in quoting.ledger.all(select(Passage.words)) if "Zanzibar" in one] == []
