"""The index follows what it is made of, in the same transaction; and it can be made anew while it is used."""

import pytest
from sqlalchemy import delete, select, update

from tests.counting import statements
from tests.ledger import Ledger
from webapp import transaction
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, Role, ThingKind, Viewer, Visitor
from webapp.models.agenda import Session
from webapp.models.events import Event
from webapp.models.passages import KnownWord, Passage, PassageKind
from webapp.models.programmes import Theme
from webapp.models.speakers import Speaker
from webapp.models.transcripts import Turn
from webapp.queries import passages as queries
from webapp.queries.passages import Narrowing
from webapp.searching import ask
from webapp.services import events, passages, speakers, transcripts
from webapp.services.speakers import Profile


@pytest.fixture
def ledger(app):
    return Ledger(app)


def titles(text, viewer=None):
    found = queries.find_passages(ask(text), Narrowing(), viewer=viewer or Visitor(), page=1)
    db.session.rollback()
    return [hit.title for hit in found.rows]


def lines():
    """All that the index holds, without the words themselves, which PostgreSQL keeps in its own way."""
    kept = select(Passage.place, Passage.kind, Passage.title, Passage.digest).order_by(Passage.place)
    return read(lambda: [tuple(row) for row in db.session.execute(kept)])


def read(ask):
    """What is read afresh, and let go of at once: SQLite would show what stood when the reading began."""
    found = ask()
    db.session.rollback()
    return found


@pytest.fixture
def event(make):
    """A draft with a session in which somebody speaks for an organisation."""
    event = make.event("Kestrels", state="draft", listed=False)
    session = make.session(event, "Curlews at dawn", summary="Of whimbrels.")
    make.contribution(
        session,
        speaker_id=make.speaker("Ines Okafor", biography="Studies *plovers*.").id,
        organisation_id=make.organisation("Heron Council").id,
    )
    return event


def test_event_is_found_with_sessions_and_speakers_while_it_is_public(context, event, ledger, now):
    assert titles("kestrel") == titles("curlews") == titles("okafor") == titles("plover") == []
    ledger.act(events.publish, event.id, actor=SYSTEM, now=now)
    assert titles("kestrel") == ["Kestrels"]
    assert titles("curlew dawn") == titles("whimbrel") == titles("Heron council") == ["Curlews at dawn"]
    assert titles("okafor") == ["Ines Okafor", "Curlews at dawn"]
    assert titles("plover") == ["Ines Okafor"]
    ledger.act(events.cancel, event.id, reason="Ill", actor=SYSTEM, now=now)
    assert titles("kestrel") == ["Kestrels"]


def test_withdrawn_event_is_found_no_more_nor_who_speaks_nowhere_else(context, event, ledger, now):
    ledger.act(events.publish, event.id, actor=SYSTEM, now=now)
    ledger.act(events.withdraw, event.id, actor=SYSTEM, now=now)
    assert titles("kestrel") == titles("curlews") == titles("okafor") == []


def test_change_is_found_and_what_stood_before_is_not(context, make, event, ledger, now):
    ledger.act(events.publish, event.id, actor=SYSTEM, now=now)
    session_id = read(lambda: db.session.scalars(select(Session.id)).one())
    theme = make.programme("Birds", themes=["Estuaries"]).themes[0]

    def change():
        row = db.session.get_one(Session, session_id)
        row.title = "Curlews at dusk"
        db.session.refresh(row, ["themes"])
        row.themes = [db.session.get_one(Theme, theme.id)]

    ledger.act(change)
    assert titles("dawn") == []
    assert titles("dusk") == titles("estuary") == ["Curlews at dusk"]
    ledger.change(theme, name="Saltmarsh")
    assert titles("estuary") == []
    assert titles("saltmarsh") == ["Curlews at dusk"]


def test_refused_change_leaves_the_index_as_it_was(context, event, ledger):
    before = lines()

    def refused():
        db.session.get_one(Event, event.id).title = "Ospreys"
        db.session.flush()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        ledger.act(refused)
    assert lines() == before
    with transaction.unit():
        nested = db.session.begin_nested()
        db.session.get_one(Event, event.id).title = "Ospreys"
        db.session.flush()
        nested.rollback()
    assert lines() == before


def test_speaker_follows_profile_and_merging(context, make, event, ledger, now):
    ledger.act(events.publish, event.id, actor=SYSTEM, now=now)
    speaker_id = read(lambda: db.session.scalars(select(Speaker.id)).one())
    profile = Profile(name="Ines Okafor-Lind", other_names=("Agnes Lind",), biography="Counts ducks.")
    ledger.act(speakers.change, speaker_id, profile, version=1, actor=SYSTEM, now=now)
    assert titles("plover") == []
    assert titles("agnes") == ["Ines Okafor-Lind"]
    # The session names them as they are called now.
    assert titles("lind") == ["Ines Okafor-Lind", "Curlews at dawn"]
    other = make.speaker("I. Lind")
    assert titles("ducks") == ["Ines Okafor-Lind"]
    ledger.act(speakers.merge, other.id, speaker_id, from_going=["biography"], versions=(1, 2), actor=SYSTEM, now=now)
    assert titles("ducks") == ["I. Lind"]
    assert titles("okafor") == ["I. Lind"]


def test_unchanged_passages_are_not_written_again(app, context, make, event, ledger):
    session = make.session(event, "Snipe")
    with statements(app) as asked:
        ledger.change(session, room="Hall")
    assert {one.split()[0] for one in asked if "passages" in one} == {"SELECT"}
    with statements(app) as asked:
        ledger.change(session, title="Great snipe")
    assert [one.split()[0] for one in asked if "passages" in one] == [
        "SELECT",
        "DELETE",
        "INSERT",
        "SELECT",
        # Whether the turns of its transcripts have the same in common as before.
        "SELECT",
    ]


def test_rebuilding_brings_back_what_is_missing_and_drops_what_is_too_much(context, make, event, ledger, now):
    ledger.act(events.publish, event.id, actor=SYSTEM, now=now)
    whole = lines()
    assert [kind for _, kind, _, _ in whole].count(PassageKind.SESSION) == 1

    def damage():
        db.session.execute(delete(Passage).where(Passage.kind == PassageKind.SESSION))
        db.session.execute(update(Passage).where(Passage.kind == PassageKind.EVENT).values(digest="old"))
        db.session.execute(delete(KnownWord).where(KnownWord.word == "curlews"))
        db.session.add(KnownWord(word="ghost"))

    def stray():
        row = db.session.scalars(select(Passage).where(Passage.kind == PassageKind.EVENT)).one()
        values = {column.name: getattr(row, column.name) for column in Passage.__table__.columns}
        more = {"place": 5, "source_id": 99, "thing_id": 99, "words": "ghost", "title": "Ghost"}
        db.session.add(Passage(**(values | more)))

    ledger.act(damage)
    ledger.act(stray)
    assert titles("curlews") == []
    assert titles("ghost") == ["Ghost"]
    assert passages.rebuild(transaction.unit) == 3
    assert lines() == whole
    assert titles("curlews") == ["Curlews at dawn"]
    assert titles("ghost") == []
    words = read(lambda: list(db.session.scalars(select(KnownWord.word))))
    assert "curlews" in words
    assert "ghost" not in words
    assert len(words) == len(set(words))
    before = lines()
    passages.rebuild(transaction.unit)
    assert lines() == before


@pytest.fixture
def spoken(context, make, ledger, event, now):
    """A published transcript of a public event, in which a speaker with a profile and somebody else speak."""
    ledger.act(events.publish, event.id, actor=SYSTEM, now=now)
    session = ledger.one(select(Session))
    return make.transcript(
        session, "Ines Okafor: Godwits rest here.", "Guest: Do godwits sleep?", "Ines Okafor: Rarely.", published=True
    )


def turn_ids():
    return read(lambda: list(db.session.scalars(select(Turn.public_id).order_by(Turn.position))))


def test_turns_are_found_while_their_transcript_is_published_and_they_stand(context, spoken, ledger, now):
    actor = {"actor": SYSTEM, "now": now}
    assert titles("godwit") == ["Ines Okafor", "Guest"]
    # By what is said and who says it; the profile and the session first.
    assert titles("okafor rarely") == ["Ines Okafor"]
    assert titles("okafor") == ["Ines Okafor", "Curlews at dawn", "Ines Okafor", "Ines Okafor"]
    first, second, _ = turn_ids()
    ledger.act(transcripts.remove, spoken.id, first, version=1, **actor)
    assert titles("godwit") == ["Guest"]
    ledger.act(transcripts.put_back, spoken.id, first, **actor)
    ledger.act(transcripts.join, spoken.id, second, version=1, **actor)
    assert titles("godwit sleep") == ["Ines Okafor"]
    joined = read(lambda: db.session.scalars(select(Turn.version).where(Turn.public_id == first)).one())
    ledger.act(transcripts.split, spoken.id, first, at=19, speaker_id=None, version=joined, **actor)
    assert titles("godwit sleep") == ["Ines Okafor"]
    assert [kind for _, kind, _, _ in lines()].count(PassageKind.TURN) == 3
    ledger.act(transcripts.take_back, spoken.id, **actor)
    assert [kind for _, kind, _, _ in lines()].count(PassageKind.TURN) == 0
    assert titles("godwit") == []


def test_correcting_a_word_writes_that_turn_alone(app, context, make, spoken, ledger, now):
    before, turn = lines(), turn_ids()[1]
    with statements(app) as asked:
        values = {"words": "Do avocets sleep?", "speaker_id": None, "version": 1}
        ledger.act(transcripts.change, spoken.id, turn, **values, actor=SYSTEM, now=now)
    assert [one.split()[0] for one in asked if " passages" in one] == ["SELECT", "DELETE", "INSERT"]
    assert len(set(before) ^ set(lines())) == 2
    assert (titles("avocets"), titles("godwit")) == (["Guest"], ["Ines Okafor"])
    # What is said of the event elsewhere, and what the speaker writes, is nothing of a turn's.
    stands = lines()
    for row in (ledger.one(select(model)) for model in (Session, Speaker, Event)):
        ledger.change(row, **{"biography" if isinstance(row, Speaker) else "summary": "Of stints."})
    turns = [one for one in lines() if one[1] is PassageKind.TURN]
    assert turns == [one for one in stands if one[1] is PassageKind.TURN]


def test_turns_follow_who_is_meant_by_a_label_and_what_the_speaker_is_called(context, make, spoken, ledger, now):
    other = make.speaker("Ravi Sen")
    answer = [transcripts.Answer("Guest", other)]
    ledger.act(transcripts.answer, spoken.id, answer, remember=False, actor=SYSTEM, now=now)
    assert titles("sleep") == ["Ravi Sen"]
    assert titles("guest sleep") == ["Ravi Sen"]
    ledger.act(speakers.change, other.id, Profile(name="Ravi Sen-Holt"), version=1, actor=SYSTEM, now=now)
    assert titles("sleep") == titles("holt") == ["Ravi Sen-Holt"]
    into = ledger.one(select(Speaker.id).where(Speaker.name == "Ines Okafor"))
    ledger.act(speakers.merge, into, other.id, from_going=[], versions=(1, 2), actor=SYSTEM, now=now)
    assert titles("sleep") == ["Ines Okafor"]


def test_turns_of_a_speaker_who_is_deleted_are_found_under_the_name_of_the_file(context, make, spoken, ledger, now):
    other = make.speaker("Ravi Sen")
    answer = [transcripts.Answer("Guest", other)]
    ledger.act(transcripts.answer, spoken.id, answer, remember=False, actor=SYSTEM, now=now)
    assert titles("ravi sleep") == ["Ravi Sen"]
    ledger.act(lambda: db.session.delete(db.session.get_one(Speaker, other.id)))
    assert titles("ravi") == []
    assert titles("sleep") == ["Guest"]


def test_turns_are_found_by_those_and_by_what_their_event_is(context, make, spoken, event, ledger, now):
    theme = make.programme("Birds", themes=["Estuaries"]).themes[0]

    def change():
        row = db.session.get_one(Event, event.id)
        db.session.refresh(row, ["themes"])
        row.themes = [db.session.get_one(Theme, theme.id)]

    def on_theme():
        narrowing = Narrowing(theme_id=theme.id, kind=PassageKind.TURN)
        return read(lambda: len(queries.find_passages(ask("sleep"), narrowing, viewer=Visitor(), page=1).rows))

    assert on_theme() == 0
    ledger.act(change)
    assert on_theme() == 1
    ledger.change(event, listed=False)
    assert titles("godwit") == []
    owner = frozenset({(Role.OWNER, ThingKind.SITE, 0)})
    own = Viewer(id=1, public_id="b", name="A", email="a@example.org", session_token="s", grants=owner)
    assert titles("godwit", own) == ["Ines Okafor", "Guest"]


def test_rebuilding_brings_turns_back_some_at_a_time(context, make, spoken, ledger, monkeypatch):
    whole = lines()
    monkeypatch.setattr(passages, "TURNS_AT_ONCE", 2)

    def damage():
        db.session.execute(delete(Passage).where(Passage.kind == PassageKind.TURN, Passage.title == "Guest"))
        db.session.execute(update(Passage).where(Passage.title == "Ines Okafor").values(digest="old"))

    ledger.act(damage)
    assert titles("sleep") == []
    # An event, a speaker, three turns.
    assert passages.rebuild(transaction.unit) == 5
    assert lines() == whole


def test_abbreviations_are_added_changed_once_and_taken_away(context, ledger, now):
    row = ledger.act(passages.add_abbreviation, "FGDM", "family group decision making", actor=SYSTEM, now=now)
    with pytest.raises(passages.AbbreviationRefused):
        ledger.act(passages.add_abbreviation, "fgdm", "Family Group Decision Making", actor=SYSTEM, now=now)
    change = {"version": 1, "actor": SYSTEM, "now": now}
    ledger.act(passages.change_abbreviation, row.id, "FGDM", "family group decisions", **change)
    with pytest.raises(passages.AbbreviationChanged):
        ledger.act(passages.change_abbreviation, row.id, "FGDM", "another", **change)
    # The same again is no change.
    ledger.act(passages.change_abbreviation, row.id, "FGDM", "family group decisions", **change)
    assert [one.long for one in read(queries.known_abbreviations)] == ["family group decisions"]
    for _ in range(2):
        ledger.act(passages.remove_abbreviation, row.id, actor=SYSTEM, now=now)
    assert read(queries.known_abbreviations) == []
    with pytest.raises(passages.AbbreviationChanged):
        ledger.act(passages.change_abbreviation, row.id, "FGDM", "again", **change)
