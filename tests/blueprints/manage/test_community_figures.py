"""Figures of communities as pages and files, for who sees results in the programme."""

from datetime import timedelta
from io import BytesIO

from openpyxl import load_workbook

from webapp.models.accounts import Role
from webapp.models.topics import TopicKind


def test_reader_of_a_programme_finds_figures_and_takes_them_out(make, organiser, now):
    event = make.event()
    community = make.community("Learning from wave one", programme_id=event.programme_id)
    make.now = now - timedelta(days=20)
    question = make.topic(community, kind=TopicKind.QUESTION)
    make.now += timedelta(hours=3)
    make.post(question.topic_id, community)
    make.now = now
    reader = organiser(event, Role.READER)
    address = f"/manage/communities/{community.slug}-{community.public_id}/figures"
    page = reader.get(address)
    assert "Half of the answered questions waited at most 3 hours" in page.text
    assert "Questions: 1" in page.text
    file = reader.get(page.link("CSV"))
    assert "Learning from wave one,Median hours to the first answer,3" in file.body
    sheet = load_workbook(BytesIO(reader.get(page.link("Excel")).response.data)).active
    assert ["Learning from wave one", "Answers", 1] in [[cell.value for cell in row] for row in sheet.rows]
    page = reader.get(address + "?over=30")
    assert "Questions: 1" in page.text
    all_of_them = reader.get(next(a.get("href") for a in page.all("a") if "/of/" in a.get("href", "")))
    assert all_of_them.has_link("Learning from wave one")
    assert "Learning from wave one,Questions,1" in reader.get(all_of_them.link("CSV")).body
