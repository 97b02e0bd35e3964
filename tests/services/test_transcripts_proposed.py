"""Speakers propose how what they said should read; an editor decides, and the history tells who proposed what."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.ledger import Ledger
from webapp.extensions import db
from webapp.models.accounts import SYSTEM
from webapp.models.mailings import Letter
from webapp.models.speakers import Speaker
from webapp.models.transcripts import ProposalState, Turn, TurnChange, TurnProposal
from webapp.queries import transcripts as queries
from webapp.services import speakers
from webapp.services import transcripts as services


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def session(make):
    session = make.session(make.event("Family hubs"), "Opening")
    for name in ("Ann Lee", "Ben Ito"):
        make.contribution(session, speaker_id=make.speaker(name).id)
    return session


@pytest.fixture
def transcript(make, session):
    return make.transcript(session, "Ann Lee: We met the bored.", "Ben Ito: Yes.", "Ann Lee: They agreed.")


class Acting:
    """The verbs upon the first turn of the transcript, by Ann Lee and by an editor."""

    def __init__(self, ledger, transcript, now):
        self.ledger, self.transcript, self.when = ledger, transcript, {"actor": SYSTEM, "now": now}
        self.ann = ledger.one(select(Speaker.id).where(Speaker.name == "Ann Lee"))

    @property
    def turns(self):
        return self.ledger.all(select(Turn).order_by(Turn.position))

    def propose(self, words, *, place=0, version=1):
        values = {"speaker_id": self.ann, "version": version, **self.when}
        turn = self.turns[place].public_id
        return self.ledger.act(services.propose, self.transcript.id, turn, words, **values)

    def change(self, words):
        turn = self.turns[0]
        values = {"speaker_id": turn.speaker_id, "version": turn.version, **self.when}
        self.ledger.act(services.change, self.transcript.id, turn.public_id, words=words, **values)

    def accept(self, proposal, version=1):
        values = {"mark": proposal.mark, "version": version, **self.when}
        self.ledger.act(services.accept, self.transcript.id, proposal.public_id, **values)

    def decline(self, proposal):
        values = {"mark": proposal.mark, **self.when}
        self.ledger.act(services.decline, self.transcript.id, proposal.public_id, **values)

    def states(self):
        return self.ledger.all(select(TurnProposal.state).order_by(TurnProposal.id))


@pytest.fixture
def acting(context, ledger, transcript, now):
    return Acting(ledger, transcript, now)


def test_accepted_correction_stands_and_the_history_tells_who_proposed_it(acting, ledger):
    proposal = acting.propose("We met the board.")
    assert acting.turns[0].words == "We met the bored."
    acting.accept(proposal)
    acting.accept(proposal)
    assert acting.turns[0].words == "We met the board."
    (after,) = ledger.all(select(TurnChange.after).where(TurnChange.kind == "words"))
    assert after == {"words": "We met the board.", "proposed_by": acting.ann}
    assert acting.states() == [ProposalState.ACCEPTED]
    with pytest.raises(services.TranscriptRefused, match="accepted already"):
        acting.decline(proposal)


def test_declined_correction_changes_nothing_and_can_be_proposed_again(acting):
    proposal = acting.propose("We met the board.")
    acting.decline(proposal)
    acting.decline(proposal)
    with pytest.raises(services.TranscriptRefused, match="declined already"):
        acting.accept(proposal)
    again = acting.propose("We met the board.")
    assert again.public_id != proposal.public_id
    assert acting.turns[0].words == "We met the bored."
    assert acting.states() == [ProposalState.DECLINED, ProposalState.OPEN]


def test_second_proposal_takes_the_place_of_the_first_and_what_stands_takes_it_back(acting):
    first = acting.propose("We met the board.")
    second = acting.propose("We met the whole board.")
    assert (first.public_id, second.words) == (second.public_id, "We met the whole board.")
    assert acting.propose("We met the bored.") is None
    assert acting.states() == []


def test_words_that_nobody_saw_are_neither_accepted_nor_declined(acting):
    shown = acting.propose("We met the board.")
    acting.propose("My rival is a crook.")
    for verb in (acting.accept, acting.decline):
        with pytest.raises(services.ProposalChanged):
            verb(shown)
    assert acting.turns[0].words == "We met the bored."
    assert acting.states() == [ProposalState.OPEN]


def test_turn_that_changed_meanwhile_is_looked_at_again_by_either(acting):
    proposal = acting.propose("We met the board.")
    acting.change("We met the bored twice.")
    version = acting.turns[0].version
    with pytest.raises(services.TurnChanged):
        acting.accept(proposal)
    with pytest.raises(services.TurnChanged):
        acting.propose("We met the board, all of it.")
    again = acting.propose("We met the board twice.", version=version)
    acting.accept(again, version)
    assert acting.turns[0].words == "We met the board twice."


def test_what_was_proposed_to_words_goes_when_they_are_erased(acting, ledger):
    acting.change("We met Robin Vale of Mill Lane today.")
    acting.propose("We met Robyn Vale of Mill Lane today.", version=2)
    acting.change("We met somebody today.")
    turn = acting.turns[0]
    ledger.act(services.erase_taken_out, acting.transcript.id, turn.public_id, turn.version, **acting.when)
    assert acting.states() == []
    # What is proposed to how it stood without them stays; what was before a part of it went elsewhere does not.
    acting.change("We met somebody today. Robin Vale of Mill Lane.")
    acting.propose("We met somebody today. Robyn Vale of Mill Lane.", version=5)
    values = {"at": 23, "speaker_id": acting.ann, "version": 5, **acting.when}
    ledger.act(services.split, acting.transcript.id, turn.public_id, **values)
    first, second = acting.turns[:2]
    acting.propose("They came.", place=3, version=1)
    ledger.act(services.remove, acting.transcript.id, second.public_id, version=second.version, **acting.when)
    ledger.act(services.erase, acting.transcript.id, second.public_id, **acting.when)
    assert ledger.all(select(TurnProposal.words)) == ["They came."]
    acting.change("We met him today.")
    acting.propose("We met him that day.", version=acting.turns[0].version)
    ledger.act(services.erase_taken_out, acting.transcript.id, first.public_id, acting.turns[0].version, **acting.when)
    left = ledger.all(select(TurnProposal.words).order_by(TurnProposal.id))
    assert left == ["They came.", "We met him that day."]


def test_nobody_proposes_for_another_or_nothing_or_to_what_does_not_stand(acting, ledger):
    for words, place, told in (("Yes!", 1, "Somebody else"), (" ", 0, "says something"), ("x" * 100_001, 0, "100,000")):
        with pytest.raises(services.TranscriptRefused, match=told):
            acting.propose(words, place=place)
    proposal = acting.propose("We met the board.")
    ledger.act(services.remove, acting.transcript.id, acting.turns[0].public_id, version=1, **acting.when)
    for verb in (lambda: acting.propose("We met."), lambda: acting.accept(proposal)):
        with pytest.raises(services.TranscriptRefused, match="not part of the transcript"):
            verb()
    acting.decline(proposal)
    assert acting.states() == [ProposalState.DECLINED]


def test_speakers_are_asked_to_check_once_in_a_minute(acting, ledger, session, make, now):
    with pytest.raises(services.TranscriptRefused, match="link of their own"):
        ledger.act(services.ask_to_check, acting.transcript.id, **acting.when)
    with_session = make.speaker("Not of the session")
    for speaker_id in (acting.ann, with_session.id):
        invite(ledger, session.event_id, speaker_id, now)
    for _ in range(2):
        assert ledger.act(services.ask_to_check, acting.transcript.id, **acting.when) == 1
    asked = select(Letter.recipient_name).where(Letter.notice == "transcript_to_check")
    assert ledger.all(asked) == ["Ann Lee"]


def invite(ledger, event_id, speaker_id, now):
    """A personal link that was sent before, without the letter."""
    row = speakers.inviting.SpeakerInvitation(
        speaker_id=speaker_id, event_id=event_id, email="a@example.org", nonce="5eed", created_at=now, sent_at=now
    )
    ledger.act(lambda: db.session.add(row))


def test_profile_that_was_merged_away_is_still_its_speakers(acting, make, ledger, now):
    into = make.speaker("A. Lee")
    ledger.act(speakers.merge, into.id, acting.ann, from_going=[], versions=(1, 1), actor=SYSTEM, now=now)
    acting.ann = into.id
    assert acting.propose("We met the board.").speaker_id == into.id
    found = ledger.act(lambda: queries.find_turns_said_by(acting.transcript.id, into.id, page=1).total)
    assert (found, ledger.one(select(func.count()).select_from(TurnProposal))) == (2, 1)


@pytest.mark.parametrize("is_later", [True, False])
def test_of_two_proposals_to_a_turn_by_profiles_that_are_merged_the_newer_stays(
    acting, make, ledger, now, transcript, is_later
):
    into, going = make.speaker("A. Lee"), acting.ann
    acting.propose("They agreed?", place=2)
    acting.decline(acting.propose("We met the bold."))
    acting.propose("We met the board.")
    at = now + timedelta(minutes=1 if is_later else -1)
    values = {"transcript_id": transcript.id, "turn_id": acting.turns[0].id, "speaker_id": into.id, "turn_version": 1}
    ledger.act(lambda: db.session.add(TurnProposal(words="We met all.", created_at=at, updated_at=at, **values)))
    ledger.act(speakers.merge, into.id, going, from_going=[], versions=(1, 1), actor=SYSTEM, now=now)
    left = ledger.rows(select(TurnProposal.words, TurnProposal.speaker_id).order_by(TurnProposal.id))
    words = ["They agreed?", "We met the bold.", "We met all." if is_later else "We met the board."]
    assert [tuple(one) for one in left] == [(one, into.id) for one in words]
