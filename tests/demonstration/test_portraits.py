"""The invented speakers' photographs: drawn by the program, the same every time, and hung once."""

import io

import pytest
from PIL import Image
from sqlalchemy import func, select

from tests.conftest import NOW
from webapp import demonstration, transaction
from webapp.demonstration.invented import EARLIER, ENDED
from webapp.demonstration.invented_programme import SPEAKERS
from webapp.demonstration.portraits import PORTRAITS, draw
from webapp.extensions import db
from webapp.models.areas import AreaDocument
from webapp.models.events import Event
from webapp.models.files import FileReach, StoredFile
from webapp.models.materials import Material
from webapp.models.publications import Article, Author, Issue
from webapp.models.records import EventRecord
from webapp.models.speakers import Speaker
from webapp.models.topics import PostFile
from webapp.queries.materials import given_for
from webapp.queries.speakers import suggest_speakers


@pytest.mark.memory
def test_portraits_are_small_squares_and_the_same_every_time():
    drawn = {name: draw(portrait) for name, portrait in PORTRAITS.items()}
    assert set(PORTRAITS) <= {speaker.name for speaker in SPEAKERS}
    assert len(set(drawn.values())) == len(drawn)
    for name, content in drawn.items():
        assert Image.open(io.BytesIO(content)).size == (400, 400)
        assert content == draw(PORTRAITS[name])
        assert "drawing" in PORTRAITS[name].alt


def test_portraits_and_materials_are_there_once_and_on_nobody_real(app, tmp_path):
    with app.app_context():
        for _ in range(2):
            with transaction.unit():
                demonstration.load(today=NOW.date(), now=NOW, folder=tmp_path)
        shown = db.session.scalars(select(Speaker).where(Speaker.photo_id.is_not(None)).order_by(Speaker.name)).all()
        assert [one.name for one in shown] == sorted(PORTRAITS)
        assert {one.demonstration for one in shown} == {True}
        assert {one.photo_alt for one in shown} == {portrait.alt for portrait in PORTRAITS.values()}
        pictures = select(func.count()).select_from(StoredFile).where(StoredFile.media_type == "image/jpeg")
        # With the cover and the chart of the journal.
        assert db.session.scalar(pictures) == len(PORTRAITS) + 2
        assert [one.name for one in suggest_speakers("lund")] == ["Jo Lund"]
        _check_materials()
        # The document of the journal's next issue goes the way of all documents, and its authors are known.
        issue = db.session.scalars(select(Issue).where(Issue.state == "draft")).one()
        assert (issue.number, issue.title, len(issue.remarks)) == (3, "Between meetings", 3)
        articles = db.session.scalars(select(Author.speaker_id).join(Article).where(Article.issue_id == issue.id))
        assert len(known := articles.all()) == 5
        assert None not in known
        shared = [db.session.scalar(select(func.count(one.file_id.distinct()))) for one in (AreaDocument, PostFile)]
        assert shared == [5, 2]
    # Beside them lie a cover, a chart, what a transcript and a journal were read from, a recording, two papers of the
    # library, slides and sheets of what is over, and what areas and posts share, of which one has a newer version.
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == len(PORTRAITS) + 7 + 9 + sum(shared) + 1


def _check_materials():
    rows = db.session.execute(select(Event.title, Material).join(Event, Event.id == Material.event_id)).all()
    assert {row.reach for title, row in rows if title == ENDED} == set(FileReach)
    assert (len(rows), {title for title, _ in rows}) == (10, {ENDED, EARLIER})
    assert len({row.file_id for _, row in rows if row.file_id}) == 8
    ended = db.session.scalars(select(Event).where(Event.title == ENDED)).one()
    assert [one.attachment.filename for one in given_for(ended.id) if one.material is None] == ["waiting-cards.pdf"]
    numbers = db.session.get_one(EventRecord, ended.id).numbers
    assert {"registered", "came", "organisations"} <= set(numbers)
    assert numbers["came"] < numbers["registered"]
