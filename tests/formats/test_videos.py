"""Addresses of videos lead to the provider that host and path name, and to no other."""

import pytest

from webapp.formats.videos import UnusableAddressError, Video, host_of, read_address

pytestmark = pytest.mark.memory

YOUTUBE = Video("https://www.youtube.com/watch?v=aB3-_xYz012", "youtube", "aB3-_xYz012")
VIMEO = Video("https://vimeo.com/123456789", "vimeo", "123456789")
UNLISTED = Video("https://vimeo.com/123456789/0a1b2c3d4e", "vimeo", "123456789/0a1b2c3d4e")


@pytest.mark.parametrize(
    ("typed", "video"),
    [
        ("https://www.youtube.com/watch?v=aB3-_xYz012", YOUTUBE),
        (" https://m.youtube.com/watch?feature=share&v=aB3-_xYz012&t=90s ", YOUTUBE),
        ("https://youtu.be/aB3-_xYz012?t=90", YOUTUBE),
        ("youtu.be/aB3-_xYz012", YOUTUBE),
        ("HTTPS://YouTube.com/live/aB3-_xYz012", YOUTUBE),
        ("https://www.youtube-nocookie.com/embed/aB3-_xYz012", YOUTUBE),
        ("https://vimeo.com/123456789", VIMEO),
        ("https://vimeo.com/channels/staffpicks/123456789", VIMEO),
        ("https://player.vimeo.com/video/123456789?dnt=1", VIMEO),
        ("https://vimeo.com/123456789/0a1b2c3d4e", UNLISTED),
        ("https://player.vimeo.com/video/123456789?h=0a1b2c3d4e", UNLISTED),
    ],
)
def test_videos_at_a_provider_are_known_in_all_spellings(typed, video):
    assert read_address(typed) == video


@pytest.mark.parametrize(
    "address",
    [
        "https://media.example.org/films/day-one.html?part=2#top",
        # Not the provider, though its name stands in the address.
        "https://youtube.com.example.org/watch?v=aB3-_xYz012",
        "https://example.org/youtube.com/watch?v=aB3-_xYz012",
        "https://notvimeo.com/123456789",
        # The provider, but no video of it.
        "https://www.youtube.com/playlist?list=PL123",
        "https://vimeo.com/about",
        "https://vimeo.com/1234567890123456",
    ],
)
def test_any_other_address_is_a_link(address):
    assert read_address(address) == Video(address)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("http://www.youtube.com/watch?v=aB3-_xYz012", "must begin with https"),
        ("javascript:alert(1)", "must begin with https"),
        ("data:text/html,x", "must begin with https"),
        ("ftp://example.org/film", "must begin with https"),
        ("https://", "like https://www"),
        ("https://localhost/film", "like https://www"),
        ("https://127.0.0.1/film", "like https://www"),
        ("https://[::1]/film", "like https://www"),
        ("https://youtube.com@example.org/film", "like https://www"),
        ("https://example.org:port/film", "like https://www"),
        ("https://www.youtube.com/", "YouTube address without a video"),
        ("youtube.com", "YouTube address without a video"),
        ("https://youtu.be/abc", "YouTube address without a video"),
        ("https://www.youtube.com/watch?v=short", "YouTube address without a video"),
        ('https://youtu.be/"><script>x', "YouTube address without a video"),
        ("https://www.youtube.com:8443/watch?v=aB3-_xYz012", "YouTube address without a video"),
        ("https://vimeo.com/", "Vimeo address without a video"),
        ("https://example.org/a film", "no spaces"),
        ("https://example.org/\u202egpj", "no spaces"),
        ("", "like https://www"),
    ],
)
def test_what_is_no_address_of_a_page_is_refused_with_words(typed, says):
    with pytest.raises(UnusableAddressError, match=says):
        read_address(typed)


def test_host_is_told_as_people_know_it():
    assert host_of("https://www.example.org/film") == "example.org"
