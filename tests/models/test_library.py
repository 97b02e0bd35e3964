"""What a resource says of itself: when it was made, when it is overdue, where it leads."""

from datetime import UTC, date, datetime

import pytest

from webapp.models.library import NEXT_STATES, Dating, LibraryState, Precision, Resource, ResourceKind

pytestmark = pytest.mark.memory


@pytest.mark.parametrize(
    ("precision", "said"),
    [(Precision.DAY, "4 June 2022"), (Precision.MONTH, "June 2022"), (Precision.YEAR, "2022")],
)
def test_date_says_no_more_than_is_known(precision, said):
    resource = Resource(published_on=date(2022, 6, 4), published_precision=precision)
    assert str(resource.dated) == said
    assert resource.dated == Dating(date(2022, 6, 4), precision)


def test_resource_without_a_date_has_none():
    assert Resource().dated is None


def test_resource_is_overdue_from_the_day_after_its_review_in_english_time():
    resource = Resource(review_on=date(2027, 5, 10))
    last = datetime(2027, 5, 10, 22, 59, tzinfo=UTC)
    assert not resource.is_to_be_reviewed(last)
    assert resource.is_to_be_reviewed(last.replace(hour=23))
    assert not Resource().is_to_be_reviewed(last)


def test_kinds_are_told_in_words():
    assert [kind.plural for kind in (ResourceKind.PODCAST_EPISODE, ResourceKind.SLIDES)] == [
        "Podcast episodes",
        "Slides",
    ]
    assert (ResourceKind.VIDEO.opening, ResourceKind.TOOLKIT.opening) == ("Watch the video", "Open the toolkit")


def test_address_is_told_by_its_server():
    assert Resource(url="https://www.example.org/a?b").host == "example.org"
    assert Resource(url="").host == ""


def test_nothing_published_becomes_a_draft_again():
    assert all(LibraryState.DRAFT not in after for after in NEXT_STATES.values())
