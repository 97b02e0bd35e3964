"""What somebody saved is theirs alone, stands there once, and stays when the thing goes out of the lists."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.conftest import NOW
from tests.counting import statements
from tests.ledger import Ledger
from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, ThingKind, Viewer, Visitor
from webapp.models.belonging import Belonging, MemberRole
from webapp.models.events import EventState
from webapp.models.publications import Article, WritingState
from webapp.models.saved import SavedItem
from webapp.models.topics import PostState
from webapp.models.transcripts import Turn
from webapp.queries import saved as queries
from webapp.services import library, publications, speakers, transcripts
from webapp.services import saved as services


@pytest.fixture
def ledger(app):
    return Ledger(app)


def viewer(person, *belongs):
    return Viewer(
        id=person.id,
        public_id=person.public_id,
        name=person.name,
        email=person.email,
        session_token="s",
        belongs=frozenset(belongs),
    )


def titles(person, *belongs):
    saved = queries.saved_by(viewer(person, *belongs), page=1, now=NOW).rows
    found = [thing.title if thing else None for _, thing in saved]
    db.session.rollback()
    return found


def test_thing_is_saved_once_with_its_latest_note_and_removed_once(context, make, ledger, now):
    ann, ben, resource = make.person(), make.person(), make.resource("Terns")
    for note in ("First", "", "Second"):
        ledger.act(services.save, ann.id, ThingKind.RESOURCE, resource.id, note=note, now=now)
    ledger.act(services.save, ben.id, ThingKind.RESOURCE, resource.id, now=now)
    row = ledger.one(select(SavedItem).where(SavedItem.person_id == ann.id))
    assert row.note == "Second"
    with pytest.raises(NotFound):
        ledger.act(services.write_note, ben.id, row.public_id, "Mine", instead_of="")
    with pytest.raises(services.NoteChanged):
        ledger.act(services.write_note, ann.id, row.public_id, "Third", instead_of="First")
    for _ in range(2):
        ledger.act(services.write_note, ann.id, row.public_id, "Third", instead_of="Second")
    assert ledger.one(select(SavedItem.note).where(SavedItem.person_id == ann.id)) == "Third"
    ledger.act(services.remove, ben.id, row.public_id)
    assert (titles(ann), titles(ben)) == (["Terns"], ["Terns"])
    for _ in range(2):
        ledger.act(services.remove, ann.id, row.public_id)
    assert titles(ann) == []


def test_things_of_all_kinds_are_listed_the_last_first_by_as_many_queries_as_there_are_kinds(
    app, context, make, ledger, now
):
    ann, event = make.person(), make.event("Day")
    session, resource = make.session(event, "Talk"), make.resource("Terns")
    shelf = make.collection("Shelf", resource)
    for kind, thing in (
        (ThingKind.SESSION, session),
        (ThingKind.RESOURCE, resource),
        (ThingKind.COLLECTION, shelf),
    ):
        ledger.act(services.save, ann.id, kind, thing.id, now=now)
    assert titles(ann) == ["Shelf", "Terns", "Talk"]
    with statements(app) as asked:
        titles(ann)
    few = len(asked)
    for number in range(8):
        ledger.act(services.save, ann.id, ThingKind.RESOURCE, make.resource(f"R{number}").id, now=now)
    with statements(app) as asked:
        assert len(titles(ann)) == 11
    assert len(asked) == few == 5

    ledger.act(library.archive, resource.id, actor=SYSTEM, now=now)
    ledger.change(event, state=EventState.DRAFT, listed=False)
    assert titles(ann)[-3:] == ["Shelf", "Terns", None]


def test_words_said_are_saved_by_their_lasting_address_until_they_are_removed(context, make, ledger, now):
    ann, session = make.person(), make.session(make.event("Day"), "Talk")
    transcript = make.transcript(session, "Ann Lee: Mind the gap.", published=True)
    turn = ledger.one(select(Turn))
    thing = queries.get_savable("turn", turn.public_id, viewer=Visitor(), now=now)
    db.session.rollback()
    assert (thing.what, thing.within) == ("Transcript", "Day")
    ledger.act(services.save, ann.id, thing.kind, thing.id, now=now)
    # No words of the transcript are kept beside it: they may be erased there.
    assert titles(ann) == ["What Ann Lee said in “Talk”"]
    first, second = make.speaker("Ann Leigh"), make.speaker("Anne Lee")
    ledger.change(turn, speaker_id=first.id)
    assert titles(ann) == ["What Ann Leigh said in “Talk”"]
    merging = {"from_going": (), "versions": (1, 1), "actor": SYSTEM, "now": now}
    ledger.act(speakers.merge, second.id, first.id, **merging)
    assert titles(ann) == ["What Anne Lee said in “Talk”"]
    ledger.act(transcripts.take_back, transcript.id, actor=SYSTEM, now=now)
    assert titles(ann) == [None]
    ledger.act(transcripts.remove, transcript.id, turn.public_id, version=1, actor=SYSTEM, now=now)
    assert titles(ann) == [None]
    # Erased it does not come back, and neither does what was noted about it.
    ledger.act(transcripts.erase, transcript.id, turn.public_id, actor=SYSTEM, now=now)
    assert ledger.all(select(SavedItem)) == []


def test_post_is_saved_by_who_reads_it_and_gone_for_who_left_or_once_it_is_taken_away(context, make, ledger, now):
    ann, community = make.person(), make.community(programme_id=make.programme().id)
    first = make.topic(community, make.person("Ben Ito"), title="First visits")
    reply = make.post(first.topic_id, community, make.person("Ines Okafor"))
    here = Belonging(MemberRole.MEMBER, community.programme_id)
    for post in (first, reply):
        for nobody in (Visitor(), viewer(ann), viewer(ann, Belonging(MemberRole.MEMBER, community.programme_id + 1))):
            with pytest.raises(NotFound):
                queries.get_savable("post", post.public_id, viewer=nobody, now=now)
        thing = queries.get_savable("post", post.public_id, viewer=viewer(ann, here), now=now)
        db.session.rollback()
        assert thing.within == community.name
        ledger.act(services.save, ann.id, thing.kind, thing.id, now=now)
    assert titles(ann, here) == ["Ines Okafor in “First visits”", "First visits"]
    assert titles(ann) == [None, None]
    ledger.change(reply, state=PostState.REDACTED)
    assert titles(ann, here) == [None, "First visits"]


def test_article_is_saved_once_it_is_out_and_not_before(context, make, ledger, now):
    ann = make.person()
    issue = make.issue(make.publication("Journal"), "Terns")
    article = ledger.one(select(Article))
    ledger.change(issue, state=WritingState.PUBLISHED, publishes_at=now + timedelta(days=1))
    ledger.change(article, state=WritingState.PUBLISHED, checked_by="Robin Vale", checked_at=now)
    with pytest.raises(NotFound):
        queries.get_savable("article", article.public_id, viewer=Visitor(), now=now)
    db.session.rollback()
    thing = queries.get_savable("article", article.public_id, viewer=Visitor(), now=now + timedelta(days=1))
    db.session.rollback()
    assert (thing.title, thing.what, thing.within) == ("Terns", "Article", f"Journal, issue {issue.number}")
    ledger.act(services.save, ann.id, thing.kind, thing.id, now=now + timedelta(days=1))
    ledger.act(services.save, ann.id, ThingKind.RESOURCE, thing.id, now=now)
    assert titles(ann) == [None, None]
    ledger.change(article, state=WritingState.DRAFT)
    ledger.act(publications.remove, article.id, actor=SYSTEM, now=now)
    assert ledger.all(select(SavedItem.thing_kind)) == [ThingKind.RESOURCE]


@pytest.mark.parametrize("kind", ["resource", "collection", "session", "turn", "person", "bird", ""])
def test_what_is_not_public_or_cannot_be_saved_is_not_there(context, make, ledger, now, kind):
    hidden = make.event(state=EventState.DRAFT)
    make.transcript(make.session(make.event()), "Ann: Not yet.")
    ids = {
        "turn": ledger.one(select(Turn.public_id)),
        "resource": make.resource(published=False).public_id,
        "collection": make.collection("Shelf", published=False).public_id,
        "session": make.session(hidden).public_id,
        "person": make.person().public_id,
    }
    with pytest.raises(NotFound):
        queries.get_savable(kind, ids.get(kind, "bbbbbbbbbbbb"), viewer=Visitor(), now=now)


def test_there_is_an_end_to_what_one_can_save(context, make, ledger, now, monkeypatch):
    monkeypatch.setattr(services, "MOST", 1)
    ann, one, two = make.person(), make.resource(), make.resource()
    ledger.act(services.save, ann.id, ThingKind.RESOURCE, one.id, now=now)
    ledger.act(services.save, ann.id, ThingKind.RESOURCE, one.id, now=now)
    with pytest.raises(services.TooManySaved):
        ledger.act(services.save, ann.id, ThingKind.RESOURCE, two.id, now=now)
