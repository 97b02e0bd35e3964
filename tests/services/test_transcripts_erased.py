"""Words erased for good stand nowhere any more, and all other addresses lead where they led."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.ledger import Ledger
from webapp.extensions import db
from webapp.models.accounts import SYSTEM
from webapp.models.activity import Activity
from webapp.models.files import StoredFile
from webapp.models.passages import KnownWord
from webapp.models.transcripts import ERASED, ChangeKind, Transcript, Turn, TurnChange, TurnProposal
from webapp.queries import transcripts as queries
from webapp.services import files
from webapp.services import transcripts as services


@pytest.fixture
def ledger(app):
    return Ledger(app)


class Said:
    """A transcript whose turns are worked on one after the other."""

    def __init__(self, make, ledger, now):
        self.make, self.ledger, self.when = make, ledger, {"actor": SYSTEM, "now": now}
        self.row = make.transcript(
            make.session(make.event("Family hubs")),
            "Ann: We helped.",
            "Ben: Robin Vale of Mill Lane came.",
            "Ann: Yes.",
        )

    def turns(self):
        return self.ledger.all(select(Turn).order_by(Turn.position, Turn.id))

    def turn(self, words):
        return next(one for one in self.turns() if one.words == words)

    def act(self, verb, turn, **values):
        if verb not in (services.erase, services.put_back, services.erase_taken_out):
            values["version"] = self.turn(turn.words).version
        return self.ledger.act(verb, self.row.id, turn.public_id, **values, **self.when)

    def change(self, turn, words):
        self.act(services.change, turn, words=words, speaker_id=None)
        return self.turn(words)

    def kept(self):
        """All that the database holds of what was said, as one text."""
        changes = self.ledger.all(select(TurnChange).order_by(TurnChange.id))
        proposed = self.ledger.all(select(TurnProposal.words))
        told = [json.dumps([one.before, one.after], ensure_ascii=False) for one in changes]
        return "\n".join([*told, *(one.words for one in self.turns()), *proposed])

    def leads_to(self, turn, version, passage, words):
        start = words.index(passage)
        with self.ledger.app.app_context():
            row = queries.get_turn(self.row.id, turn.public_id)
            return [one.words for one in queries.follow(row, version, start, start + len(passage)).passages]


@pytest.fixture
def said(make, ledger, context, now):
    return Said(make, ledger, now)


def test_removed_turn_is_struck_out_with_all_that_it_ever_said(said, ledger):
    turn = said.change(said.turn("Robin Vale of Mill Lane came."), "Robin Vale came.")
    with pytest.raises(services.TranscriptRefused, match="Take the turn out first"):
        said.act(services.erase, turn)
    said.act(services.remove, turn)
    assert "Mill Lane" in said.kept()
    for _ in range(2):
        said.act(services.erase, turn)
    assert not {"Robin", "Vale", "Mill", "Lane", "came"} & set(said.kept().replace(".", " ").split())
    assert said.turn(ERASED * len("Robin Vale came.")).erased_at is not None
    with pytest.raises(services.TranscriptRefused, match="erased for good"):
        said.act(services.put_back, turn)
    erased = ledger.one(select(TurnChange).where(TurnChange.kind == ChangeKind.ERASED))
    assert (erased.turn_id, erased.before, erased.after) == (turn.id, {}, {})
    told = ledger.one(select(Activity.details).where(Activity.verb == "transcript_erased"))
    assert told == {"turn": turn.public_id, "version": erased.version}


def test_passage_that_was_split_off_joined_and_corrected_goes_from_each_turn_it_stood_in(said):
    """A name is joined into the turn before, corrected there, split off, and removed."""
    first, second = said.turn("We helped."), said.turn("Robin Vale of Mill Lane came.")
    said.act(services.join, second)
    whole = "We helped. Robin Vale of Mill Lane came."
    at_join = said.turn(whole).version
    corrected = said.change(said.turn(whole), "We helped. Robyn Vale of Mill Lane came. Often.")
    said.act(services.split, corrected, at=11, speaker_id=None)
    apart = said.turn("Robyn Vale of Mill Lane came. Often.")
    said.act(services.split, apart, at=30, speaker_id=None)
    said.act(services.remove, said.turn("Robyn Vale of Mill Lane came."))
    said.act(services.erase, said.turn("Robyn Vale of Mill Lane came."))
    kept = said.kept()
    assert not [word for word in ("Robin", "Robyn", "Vale", "Mill", "came") if word in kept]
    assert [one.words for one in said.turns() if one.stands] == ["We helped.", "Often.", "Yes."]
    assert "We helped. ███" in kept
    # What stood beside it, and the address of it, are what they were.
    assert said.leads_to(first, at_join, "We helped.", whole) == ["We helped."]
    assert said.leads_to(first, 1, "helped", "We helped.") == ["helped"]


def test_words_that_a_correction_took_out_are_struck_out_alone(said):
    turn = said.turn("Robin Vale of Mill Lane came.")
    longer = said.change(turn, "Robin Vale of Mill Lane came today.")
    short = said.change(longer, "Somebody came today.")
    said.act(services.erase_taken_out, short, version=short.version)
    kept = said.kept()
    assert "Robin" not in kept
    assert "Mill Lane" not in kept
    assert f"{ERASED * len('Robin Vale of Mill Lane')} came today." in kept
    assert said.turn("Somebody came today.").version == 4
    said.act(services.erase_taken_out, short, version=short.version)
    assert said.turn("Somebody came today.").version == 4
    with pytest.raises(services.TranscriptRefused, match="took no words out"):
        said.act(services.erase_taken_out, short, version=2)
    assert said.leads_to(turn, 2, "today", "Robin Vale of Mill Lane came today.") == ["today"]


def test_words_that_nothing_holds_any_more_are_not_offered_for_words_typed_wrongly(said, ledger):
    """Known words follow what is erased; those that stand elsewhere in any passage stay known."""
    ledger.act(services.publish, said.row.id, checked_by="Cass Doe", version=1, **said.when)
    said.change(said.turn("We helped."), "We helped in the lanes of the vale.")
    turn = said.turn("Robin Vale of Mill Lane came.")
    known = select(KnownWord.word).where(KnownWord.word.in_(["robin", "vale", "mill", "lane", "lanes", "came"]))
    said.act(services.remove, turn)
    assert set(ledger.all(known)) == {"robin", "vale", "mill", "lane", "lanes", "came"}
    said.act(services.erase, turn)
    assert set(ledger.all(known)) == {"vale", "lanes"}


def test_original_file_goes_when_it_is_deleted_and_the_transcript_says_so(said, app, now, ledger):
    folder = app.config["SETTINGS"].files_path
    digest = ledger.one(select(StoredFile.digest))
    for _ in range(2):
        ledger.act(services.delete_source, said.row.id, **said.when)
    row = ledger.one(select(Transcript))
    assert (row.source_id, row.source_deleted_at, row.unread) == (None, now, [])
    assert ledger.count(Activity) == 2
    later = now + timedelta(days=2)
    assert ledger.act(files.forget_unused, now=later) == 1
    ledger.act(files.discard_unknown, folder, now=later)
    assert not files.path_of(digest, folder).exists()
    db.session.rollback()
