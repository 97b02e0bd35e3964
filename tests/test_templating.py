"""What pages and letters are told: dates and times in words, safe text, and an error for a name nobody gave."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import html5lib
import pytest
from flask import Flask
from jinja2 import Environment, UndefinedError
from markupsafe import Markup

from tests.conftest import settings_for
from webapp import templating
from webapp.templating import MildUndefined

pytestmark = pytest.mark.memory


def test_date_is_british():
    assert templating.british_date(date(2022, 6, 4)) == "4 June 2022"
    assert templating.british_date("2022-06-14") == "14 June 2022"
    assert templating.british_date("2022-06-14T09:30:00+00:00") == "14 June 2022"


def test_weekday_stands_before_its_date():
    assert templating.weekday_date(date(2022, 6, 14)) == "Tuesday 14 June 2022"


@pytest.mark.parametrize(
    ("first", "last", "phrase"),
    [
        (date(2022, 6, 14), date(2022, 6, 14), "14 June 2022"),
        (date(2022, 6, 14), date(2022, 6, 15), "14 and 15 June 2022"),
        (date(2022, 6, 14), date(2022, 6, 16), "14 to 16 June 2022"),
        (date(2022, 6, 30), date(2022, 7, 1), "30 June and 1 July 2022"),
        (date(2022, 6, 29), date(2022, 7, 1), "29 June to 1 July 2022"),
        (date(2022, 12, 31), date(2023, 1, 1), "31 December 2022 and 1 January 2023"),
        (date(2022, 6, 14), date(2023, 6, 14), "14 June 2022 to 14 June 2023"),
    ],
)
def test_two_dates_are_one_phrase(first, last, phrase):
    assert templating.date_range(first, last) == phrase


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (time(0, 0), "midnight"),
        (time(0, 1), "12:01am"),
        (time(1, 0), "1am"),
        (time(9, 5), "9:05am"),
        (time(9, 30), "9:30am"),
        (time(11, 59), "11:59am"),
        (time(12, 0), "midday"),
        (time(12, 30), "12:30pm"),
        (time(13, 0), "1pm"),
        (time(23, 59), "11:59pm"),
        (datetime(2022, 6, 14, 16, 0, tzinfo=UTC), "4pm"),
        ("09:30:00", "9:30am"),
    ],
)
def test_time_is_told_as_people_say_it(at, words):
    assert templating.british_time(at) == words


@pytest.mark.parametrize(
    ("at", "zone", "words"),
    [
        (datetime(2022, 6, 14, 8, 30, tzinfo=UTC), "Europe/London", "9:30am on Tuesday 14 June 2022"),
        (datetime(2022, 1, 14, 9, 30, tzinfo=UTC), "Europe/London", "9:30am on Friday 14 January 2022"),
        (datetime(2022, 6, 14, 23, 0, tzinfo=UTC), "Europe/London", "midnight on Wednesday 15 June 2022"),
        (
            datetime(2022, 6, 14, 13, 30, tzinfo=UTC),
            "America/New_York",
            "9:30am on Tuesday 14 June 2022 (America/New York time)",
        ),
        ("2022-06-14T08:30:00+00:00", "Europe/London", "9:30am on Tuesday 14 June 2022"),
    ],
)
def test_moment_is_told_where_it_happens(at, zone, words):
    assert templating.british_moment(at, zone) == words


def test_iso_is_for_programs():
    assert templating.iso(datetime(2022, 6, 14, 8, 30, tzinfo=UTC)) == "2022-06-14T08:30+00:00"
    assert templating.iso(date(2022, 6, 14)) == "2022-06-14"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One *two*", '<p class="govuk-body">One <em>two</em></p>\n'),
        ("# Title", '<h2 class="govuk-heading-m">Title</h2>\n'),
        ("###### Deep", '<h4 class="govuk-heading-m">Deep</h4>\n'),
        ("[ours](/events)", '<p class="govuk-body"><a href="/events" class="govuk-link" rel="noopener">ours</a></p>\n'),
        (
            "[mail](mailto:a@example.org)",
            '<p class="govuk-body"><a href="mailto:a@example.org" class="govuk-link" rel="noopener">mail</a></p>\n',
        ),
        ("", ""),
    ],
)
def test_markdown_becomes_our_html(text, html):
    assert templating.markdown(text) == html


def test_markdown_lists_carry_our_classes():
    html = templating.markdown("- one\n- two\n\n1. first\n\n> said\n")

    assert '<ul class="govuk-list govuk-list--bullet">' in html
    assert '<ol class="govuk-list govuk-list--number">' in html
    assert '<blockquote class="govuk-inset-text">' in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![alt](https://example.org/pixel.png)",
        "[click](javascript:alert(1))",
        "[click](JaVaScRiPt:alert(1))",
        "[click](data:text/html;base64,PHNjcmlwdD4=)",
        "[click](data:image/png;base64,AAAA)",
        "[click](ftp://example.org/x)",
        "[click](vbscript:x)",
        "<javascript:alert(1)>",
        '[click](/events "onmouseover=alert(1)")',
        "<a href='x' onclick='alert(1)'>x</a>",
        "<style>*{display:none}</style>",
        "<iframe src=//example.org></iframe>",
        "<svg onload=alert(1)>",
        '<p style="position:fixed">x</p>',
        "[x][y]\n\n[y]: javascript:alert(1)",
        "```html\n<script>alert(1)</script>\n```",
    ],
)
def test_markdown_lets_nothing_through_that_acts(text):
    html = templating.markdown(text)
    elements = [
        one
        for one in html5lib.parseFragment(html, namespaceHTMLElements=False).iter()
        if one.tag != "DOCUMENT_FRAGMENT"
    ]

    assert isinstance(html, Markup)
    assert {one.tag for one in elements} <= {"p", "a", "code", "em", "strong"}
    assert {name for one in elements for name in one.attrib} <= {"class", "href", "rel", "title"}
    assert {one.attrib["href"].partition(":")[0] for one in elements if "href" in one.attrib} <= {"/events", "https"}


@pytest.fixture
def strict() -> Environment:
    return Environment(undefined=MildUndefined, autoescape=True)


@pytest.mark.parametrize(
    "template",
    [
        "{{ unknown }}",
        "{{ unknown.name }}",
        "{{ known.unknown }}",
        "{{ known.unknown.more }}",
        "{% for x in unknown %}{% endfor %}",
        "{% for x in known.unknown %}{% endfor %}",
        "{{ unknown | length }}",
        "{{ unknown + 1 }}",
        "{{ unknown() }}",
        "{{ table.missing.more }}",
        "{{ table.missing + 'x' }}",
        "{{ 'a' ~ unknown }}",
        "{{ 'a' in unknown }}",
        "{{ unknown > 1 }}",
    ],
)
def test_unknown_name_that_is_used_raises(strict, template):
    with pytest.raises(UndefinedError):
        strict.from_string(template).render(known=time(), table={"there": "yes"})


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ 'yes' if unknown else 'no' }}", "no"),
        ("{{ 'yes' if known.unknown else 'no' }}", "no"),
        ("{{ 'yes' if unknown == 1 else 'no' }}", "no"),
        ("{{ 'yes' if unknown != 1 else 'no' }}", "yes"),
        ("{{ 'yes' if unknown is defined else 'no' }}", "no"),
        ("{{ unknown or 'else' }}", "else"),
        ("{{ unknown | default('else') }}", "else"),
        ("[{{ table.missing }}]", "[]"),
        ("[{{ table['missing'] }}]", "[]"),
        ("[{% for x in table.missing %}{{ x }}{% endfor %}]", "[]"),
        ("{{ table.missing | length }}", "0"),
        ("{{ table.there }}", "yes"),
    ],
)
def test_unknown_name_may_be_asked_about_and_a_key_may_be_missing(strict, template, text):
    assert strict.from_string(template).render(known=time(), table={"there": "yes"}) == text


def test_pages_are_rendered_with_these_rules_and_filters(tmp_path: Path):
    app = Flask(__name__)
    app.config["SETTINGS"] = settings_for(tmp_path, "sqlite://", base_url="https://example.org/")
    templating.init_app(app)
    with app.app_context():
        assert templating.base_url() == "https://example.org"
        with pytest.raises(UndefinedError):
            app.jinja_env.from_string("{{ unknown }}").render()
        text = app.jinja_env.from_string("{{ d | date }}, {{ t | time }}, {{ service_name }}").render(
            d=date(2022, 6, 14), t=time(9, 30)
        )
    assert text == "14 June 2022, 9:30am, Waymark"


def test_files_of_ours_are_named_with_the_build():
    app = Flask(__name__)
    with app.test_request_context():
        address = templating.static_url("waymark.css")

    assert address == f"/static/waymark.css?v={templating.build_id()}"
    assert len(templating.build_id()) == 10
