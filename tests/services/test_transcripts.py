"""Transcripts: read in and again, corrected, given to speakers; what each does to the addresses of what was said."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from webapp import transaction
from webapp.errors import NotFound
from webapp.extensions import db
from webapp.formats.transcripts import read_pasted
from webapp.models.accounts import SYSTEM
from webapp.models.activity import Activity
from webapp.models.agenda import Contribution, ContributionRole
from webapp.models.files import StoredFile
from webapp.models.speakers import Speaker, SpeakerAlias
from webapp.models.transcripts import ChangeKind, Turn, TurnChange
from webapp.queries import transcripts as queries
from webapp.services import files
from webapp.services import transcripts as services
from webapp.services.speakers import merge
from webapp.services.transcripts import times

SEEDS = os.environ.get("WAYMARK_SEEDS")
TIMED = """WEBVTT

00:00:01.000 --> 00:00:05.000
<v Ann Lee>Good morning to all of you.

00:00:05.000 --> 00:00:09.000
<v Ann Lee>This is the second line.

00:00:10.000 --> 00:00:12.000
<v Ben Ito>Thank you.
"""


@pytest.fixture
def session(make):
    event = make.event("Family hubs")
    session = make.session(event, "Opening")
    for name, role in (("Ann Lee", ContributionRole.CHAIR), ("Ben Ito", ContributionRole.PRESENTER)):
        make.contribution(session, speaker_id=make.speaker(name).id, role=role)
    return session


@pytest.fixture
def actor(now):
    return {"actor": SYSTEM, "now": now}


def said(transcript):
    """Who says what, as it stands."""
    rows = queries.all_turns(transcript.id)
    names = {key: one.speaker.name for key, one in queries.speakers_by_id(row.speaker_id for row in rows).items()}
    return [(names.get(row.speaker_id, row.label), row.words) for row in rows]


def turns(transcript):
    return queries.all_turns(transcript.id)


def leads_to(transcript, public_id, version, passage, words):
    """What the lasting address of a passage of earlier words leads to now."""
    start = words.index(passage)
    found = queries.follow(queries.get_turn(transcript.id, public_id), version, start, start + len(passage))
    return [one.words for one in found.passages]


def test_labels_become_speakers_and_what_was_not_read_is_kept(context, make, session):
    transcript = make.transcript(session, "Of the first day", "Ann Lee: One.", "Chair: Two.", "ITO, Ben: Three.")
    assert said(transcript) == [("Ann Lee", "One."), ("Ann Lee", "Two."), ("Ben Ito", "Three.")]
    assert transcript.introduction == "Of the first day"
    assert (transcript.version, transcript.source_kind) == (1, "text")
    (change,) = db.session.scalars(select(TurnChange).where(TurnChange.transcript_id == transcript.id))
    assert (change.kind, change.after["counts"]) == (ChangeKind.IMPORTED, {"new": 3})
    assert db.session.scalars(select(Activity.verb).where(Activity.thing_id == session.id)).all() == [
        "transcript_read_in"
    ]


def test_unsure_label_is_asked_about_once_and_the_answer_remembered(context, make, session, actor):
    transcript = make.transcript(session, "Anneliese Lehmann: One.", "Anneliese Lehmann: Two.", "Ben Ito: Three.")
    (asked,) = [one for one in services.to_ask(transcript) if one.is_open]
    assert (asked.label.text, asked.label.turns, asked.speaker) == ("Anneliese Lehmann", 1, None)
    ann = next(one.speaker for one in queries.candidates(session.event_id, session.id) if one.speaker.name == "Ann Lee")
    with transaction.unit():
        changed = services.answer(transcript.id, [services.Answer(asked.label.text, ann)], remember=True, **actor)
    assert changed == 1
    assert [one.is_open for one in services.to_ask(transcript)] == [False, False]
    assert db.session.scalars(select(SpeakerAlias.name)).all() == ["Anneliese Lehmann"]
    again = make.transcript(make.session(make.event(), "Other"), "Anneliese Lehmann: Not of this event.")
    db.session.close()
    assert said(again) == [("Anneliese Lehmann", "Not of this event.")]


def test_label_that_means_nobody_on_the_list_is_not_asked_about_again(context, make, session, actor):
    transcript = make.transcript(session, "Audience member: One.", "Ben Ito: Three.")
    with transaction.unit():
        services.answer(transcript.id, [services.Answer("Audience member", None)], remember=True, **actor)
    transcript = queries.get_managed_transcript(session.event_id, transcript.public_id)
    assert [one.is_open for one in services.to_ask(transcript)] == [False, False]
    assert db.session.scalars(select(SpeakerAlias.name)).all() == []


def test_second_reading_keeps_the_addresses_of_turns_that_are_alike(context, make, session, actor):
    first = make.transcript(
        session, "Ann Lee: Good morning to you all.", "Ben Ito: Yes.", "Ann Lee: And that was it, thank you."
    )
    before = {row.words: row.public_id for row in turns(first)}
    reading = read_pasted(
        "Ann Lee: Good morning to all of you.\n\nBen Ito: New.\n\nAnn Lee: And that was it, thank you."
    )
    with pytest.raises(services.StandsAlready), transaction.unit():
        services.take_in(session.id, reading, services.Source(), **actor)
    with transaction.unit():
        taken = services.take_in(session.id, reading, services.Source(), replacing=1, **actor)
    assert taken.counts == {"new": 1, "same": 1, "changed": 1, "gone": 1}
    assert [(row.words, row.public_id == before.get(row.words)) for row in turns(first)] == [
        ("Good morning to all of you.", False),
        ("New.", False),
        ("And that was it, thank you.", True),
    ]
    assert turns(first)[0].public_id == before["Good morning to you all."]
    assert queries.find_present(queries.get_turn(first.id, before["Yes."])) is None
    words = "Good morning to you all."
    assert leads_to(first, before[words], 1, "Good morning", words) == ["Good morning"]
    with pytest.raises(services.StandsAlready), transaction.unit():
        services.take_in(session.id, reading, services.Source(), replacing=1, **actor)


def test_published_transcript_is_not_replaced(context, make, session, actor):
    transcript = make.transcript(session, published=True)
    with pytest.raises(services.TranscriptRefused, match="Take it back"), transaction.unit():
        services.take_in(session.id, read_pasted("Ann Lee: Other."), services.Source(), replacing=1, **actor)
    assert said(transcript)[0] == ("Ann Lee", "Good morning.")


def test_reading_without_a_turn_is_refused(context, session, actor):
    with pytest.raises(services.TranscriptRefused, match="No turn"), transaction.unit():
        services.take_in(session.id, read_pasted("Nobody speaks here"), services.Source(), **actor)
    assert queries.sessions_to_transcribe(session.event_id)[0].transcript is None


def test_corrected_words_keep_passages_where_they_are(context, make, session, actor):
    words = "We saw the famly on Monday. They were well."
    transcript = make.transcript(session, f"Ann Lee: {words}", "Ben Ito: Good.")
    turn = turns(transcript)[0]
    corrected = "We saw the family on Monday morning. They were all well."
    with transaction.unit():
        services.change(transcript.id, turn.public_id, words=corrected, speaker_id=turn.speaker_id, version=1, **actor)
    assert said(transcript)[0] == ("Ann Lee", corrected)
    assert leads_to(transcript, turn.public_id, 1, "the famly on Monday", words) == ["the family on Monday"]
    assert leads_to(transcript, turn.public_id, 1, "They were well.", words) == ["They were all well."]
    (change,) = queries.changes_of_turn(turn.id)
    assert (change.kind, change.version, change.before["words"]) == (ChangeKind.WORDS, 2, words)


def test_two_who_change_one_turn_do_not_overwrite_one_another(context, make, session, actor):
    transcript = make.transcript(session)
    turn, other = turns(transcript)
    mine = {"words": "Mine.", "speaker_id": turn.speaker_id, "version": 1}
    with transaction.unit():
        services.change(transcript.id, turn.public_id, **{**mine, "words": "Theirs."}, **actor)
    with pytest.raises(services.TurnChanged), transaction.unit():
        services.change(transcript.id, turn.public_id, **mine, **actor)
    with transaction.unit():
        services.change(transcript.id, turn.public_id, **{**mine, "words": "Theirs."}, **actor)
        services.change(
            transcript.id, other.public_id, words="Beside it.", speaker_id=other.speaker_id, version=1, **actor
        )
    assert [words for _, words in said(transcript)] == ["Theirs.", "Beside it."]
    assert [one.version for one in queries.changes_of(transcript.id, page=1).rows] == [3, 2, 1]


def test_passage_of_a_turn_that_is_split_and_joined_is_followed_into_the_other(context, make, session, actor):
    words = "One is here. Two is here. Three is here."
    transcript = make.transcript(session, f"Ann Lee: {words}", "Ben Ito: Four.")
    turn, last = turns(transcript)
    with transaction.unit():
        added = services.split(
            transcript.id, turn.public_id, at=words.index("Two"), speaker_id=None, version=1, **actor
        )
    assert [row.words for row in turns(transcript)] == ["One is here.", "Two is here. Three is here.", "Four."]
    assert leads_to(transcript, turn.public_id, 1, "Three is", words) == ["Three is"]
    assert leads_to(transcript, turn.public_id, 1, "here. Two", words) == ["here.", "Two"]
    with transaction.unit():
        into = services.join(transcript.id, last.public_id, version=1, **actor)
        assert services.join(transcript.id, last.public_id, version=1, **actor).id == into.id == added.id
    assert [row.words for row in turns(transcript)] == ["One is here.", "Two is here. Three is here. Four."]
    assert leads_to(transcript, last.public_id, 2, "Four", "Four.") == ["Four"]
    assert queries.find_present(queries.get_turn(transcript.id, last.public_id)).id == added.id
    joined = queries.get_turn(transcript.id, added.public_id)
    with transaction.unit():
        fourth = services.split(
            transcript.id, joined.public_id, at=joined.words.index("Four"), speaker_id=None, version=3, **actor
        )
    assert queries.find_present(queries.get_turn(transcript.id, last.public_id)).id == fourth.id
    assert leads_to(transcript, turn.public_id, 1, "Three is here.", words) == ["Three is here."]


def test_turn_that_is_removed_is_gone_until_it_is_put_back(context, make, session, actor):
    transcript = make.transcript(session)
    turn = turns(transcript)[0]
    with transaction.unit():
        services.remove(transcript.id, turn.public_id, version=1, **actor)
        services.remove(transcript.id, turn.public_id, version=1, **actor)
    assert [words for _, words in said(transcript)] == ["Good morning to you."]
    assert leads_to(transcript, turn.public_id, 1, "morning", "Good morning.") == []
    with pytest.raises(services.TranscriptRefused), transaction.unit():
        services.change(transcript.id, turn.public_id, words="x", speaker_id=None, version=2, **actor)
    with transaction.unit():
        services.put_back(transcript.id, turn.public_id, **actor)
    assert leads_to(transcript, turn.public_id, 1, "morning", "Good morning.") == ["morning"]
    assert [one.kind for one in queries.changes_of_turn(turn.id)] == [ChangeKind.REMOVED, ChangeKind.PUT_BACK]


def test_turns_find_room_between_two_however_often_they_are_split(context, make, session, actor):
    words = " ".join(f"w{number}" for number in range(16))
    transcript = make.transcript(session, f"Ann Lee: {words}", "Ben Ito: End.")
    with transaction.unit():
        for number in range(15, 0, -1):
            turn = queries.lock_turns(transcript.id)[0]
            at = turn.words.index(f"w{number}")
            services.split(transcript.id, turn.public_id, at=at, speaker_id=None, version=turn.version, **actor)
    assert [row.words for row in turns(transcript)] == [*words.split(), "End."]


@pytest.mark.parametrize("at", [0, 5, 500])
def test_turn_is_not_split_where_one_side_would_be_empty(context, make, session, actor, at):
    transcript = make.transcript(session, "Ann Lee: Good.", "Ben Ito: Yes.")
    turn = turns(transcript)[0]
    with pytest.raises(services.TranscriptRefused), transaction.unit():
        services.split(transcript.id, turn.public_id, at=at, speaker_id=None, version=1, **actor)
    assert len(turns(transcript)) == 2


def test_times_stay_with_the_words_they_belong_to(context, make, session, actor):
    transcript = make.transcript(session, TIMED)
    first = turns(transcript)[0]
    words = first.words
    assert (first.starts, first.ends, first.pieces) == (1000, 9000, [[0, 1000, 5000], [28, 5000, 9000]])
    with transaction.unit():
        services.change(
            transcript.id,
            first.public_id,
            words=f"Well. {words}",
            speaker_id=first.speaker_id,
            version=1,
            **actor,
        )
    first = queries.get_turn(transcript.id, first.public_id)
    assert first.pieces == [[0, 1000, 5000], [34, 5000, 9000]]
    with transaction.unit():
        added = services.split(
            transcript.id, first.public_id, at=first.words.index("This"), speaker_id=None, version=2, **actor
        )
    assert [(row.starts, row.ends) for row in turns(transcript)] == [(1000, 5000), (5000, 9000), (10000, 12000)]
    with transaction.unit():
        services.join(transcript.id, added.public_id, version=3, **actor)
    assert turns(transcript)[0].pieces == [[0, 1000, 5000], [34, 5000, 9000]]
    text = services.export(transcript, services.TranscriptFile.WEBVTT, title="", made_at=actor["now"]).decode()
    assert "00:00:05.000 --> 00:00:09.000\n<v Ann Lee>This is the second line." in text


@pytest.mark.memory
def test_cut_through_a_part_shares_its_time_by_letters():
    assert times.parted([[0, 0, 1000]], 9, 10) == ([[0, 0, 500]], [[0, 500, 1000]])
    assert times.parted([[0, 0, 1000], [10, 1000, 2000]], 9, 10) == ([[0, 0, 1000]], [[0, 1000, 2000]])
    assert times.parted([[0, None, None]], 4, 5) == ([[0, None, None]], [[0, None, None]])


def test_speaker_who_was_merged_leads_on_and_one_who_was_taken_out_leaves_the_label(context, make, session, actor):
    transcript = make.transcript(session)
    ann, other = (
        db.session.scalars(select(Speaker).where(Speaker.name == "Ann Lee")).one(),
        make.speaker("Anna Leigh"),
    )
    with transaction.unit():
        merge(other.id, ann.id, from_going=(), versions=(1, 1), **actor)
    assert said(transcript)[0] == ("Anna Leigh", "Good morning.")
    # As an operator does who is asked to.
    with transaction.unit():
        db.session.execute(delete(SpeakerAlias))
        db.session.execute(delete(Contribution).where(Contribution.speaker_id.in_([ann.id, other.id])))
        db.session.execute(delete(Speaker).where(Speaker.id == ann.id))
    assert said(transcript)[0] == ("Ann Lee", "Good morning.")


def test_transcript_is_published_when_somebody_named_checked_it_and_taken_back(context, make, session, actor):
    transcript = make.transcript(session)
    with pytest.raises(services.TranscriptRefused, match="name"), transaction.unit():
        services.publish(transcript.id, checked_by=" ", version=1, **actor)
    with pytest.raises(services.TranscriptRefused, match="changed"), transaction.unit():
        services.publish(transcript.id, checked_by="Robin", version=0, **actor)
    with pytest.raises(NotFound):
        queries.get_published(session.event_id, session.public_id)
    with transaction.unit():
        services.publish(transcript.id, checked_by="Robin", version=1, **actor)
    found = queries.get_published(session.event_id, session.public_id)
    assert (found.checked_by, found.checked_at, found.was_corrected) == ("Robin", actor["now"], False)
    turn = turns(transcript)[0]
    with transaction.unit():
        services.change(transcript.id, turn.public_id, words="Hi.", speaker_id=None, version=1, **actor)
    assert queries.get_published(session.event_id, session.public_id).was_corrected
    with transaction.unit():
        services.take_back(transcript.id, **actor)
    with pytest.raises(NotFound):
        queries.get_published(session.event_id, session.public_id)


def test_transcript_without_a_turn_is_not_published(context, make, session, actor):
    transcript = make.transcript(session, "Ann Lee: One.")
    with transaction.unit():
        services.remove(transcript.id, turns(transcript)[0].public_id, version=1, **actor)
    with pytest.raises(services.TranscriptRefused, match="no turn"), transaction.unit():
        services.publish(transcript.id, checked_by="Robin", version=2, **actor)


def test_file_of_a_transcript_is_not_swept(context, make, session, now):
    make.transcript(session)
    folder = make.app.config["SETTINGS"].files_path
    with transaction.unit():
        files.keep(files.write(b"nobody's", "text/plain", folder=folder, now=now), now=now)
    with transaction.unit():
        assert files.forget_unused(now=now + timedelta(days=2)) == 1
    assert len(db.session.scalars(select(StoredFile)).all()) == 1


def test_find_takes_no_heed_of_case_and_accents(context, make, session):
    transcript = make.transcript(session, "Ann Lee: A café in HULL.", "Ben Ito: Yes.", "Ann Lee: 100 % of cafes")
    for wanted, number in (("CAFE", 2), ("hull", 1), ("100 %", 1), ("'", 0), ("café  in", 1)):
        assert queries.search_turns(transcript.id, wanted, page=1).total == number


def test_reading_of_thousands_writes_all_in_order(context, make, session):
    lines = [f"{('Ann Lee', 'Ben Ito')[number % 2]}: Number {number}." for number in range(1_200)]
    transcript = make.transcript(session, *lines)
    page = queries.find_turns(transcript.id, page=7)
    assert (page.number, page.total, page.rows[0].words) == (6, 1_200, "Number 1000.")
    assert queries.page_of(page.rows[-1]) == 6
    assert db.session.scalar(select(Turn.speaker_id).where(Turn.words == "Number 1199.")) is not None


if SEEDS:

    def test_public_transcript_of_the_field_is_given_to_its_two_speakers(context, make, actor):
        session = make.session(make.event(), "In discussion")
        for name in ("Isabelle Trowler", "Josh MacAlister"):
            make.contribution(session, speaker_id=make.speaker(name).id)
        ready = services.read_for(session.public_id, (Path(SEEDS) / "000_1673619ede397249.txt").read_bytes())
        with transaction.unit():
            transcript = services.take_in(session.id, ready.reading, services.Source(), **actor).transcript
        assert [who for who, _ in said(transcript)] == ["Isabelle Trowler", "Josh MacAlister"] * 8
        assert {row.label for row in turns(transcript)} == {"Isabelle Trowler", "Josh McAllister", "Josh Macallister"}
        assert queries.count_unlinked(transcript.id) == 0
        assert transcript.unread == []
