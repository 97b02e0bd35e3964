"""Articles in Markdown: safe HTML, headings in order, places for figures and quotes, and what is doubted."""

import time

import pytest

from webapp.formats import prose
from webapp.formats.prose import Kind, Place, Words
from webapp.models.publications import LONGEST_BODY

pytestmark = pytest.mark.memory


def html(markdown, **more):
    return "".join(piece.html for piece in prose.pieces(markdown, **more) if isinstance(piece, Words))


def levels(markdown, **more):
    return [part[1] for part in html(markdown, **more).split("<") if part[:1] == "h" and part[1:2].isdigit()]


def test_places_part_the_text_and_stand_in_paragraphs_of_their_own():
    text = "First.\n\n{{figure 2}}\n{{ QUOTE: 1 }}\n\nThen {{figure 3}} here.\n\n- {{quote 4}}"
    pieces = prose.pieces(text)
    assert [piece for piece in pieces if isinstance(piece, Place)] == [Place(Kind.FIGURE, 2), Place(Kind.QUOTE, 1)]
    assert [type(piece) for piece in pieces] == [Words, Place, Place, Words]
    assert prose.doubts(text) == [
        "“{{figure 3}}” must stand in a paragraph of its own, as {{figure 1}} or {{quote 1}}",
        "“{{quote 4}}” must stand in a paragraph of its own, as {{figure 1}} or {{quote 1}}",
    ]
    assert prose.plain(text) == "First.\nThen {{figure 3}} here.\n{{quote 4}}"


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("# One\n\n### Deep\n\n## Two\n\n# Three", ["2", "3", "3", "2"]),
        ("### Begins low\n\n###### Lower\n\n#### Between", ["2", "3", "3"]),
        ("# 1\n\n## 2\n\n### 3\n\n#### 4\n\n##### 5\n\n###### 6", ["2", "3", "4", "5", "6", "6"]),
    ],
)
def test_headings_begin_under_the_title_and_skip_no_level(markdown, expected):
    assert levels(markdown) == expected


def test_headings_of_an_article_among_others_begin_lower():
    assert levels("# One\n\n## Two", top=3) == ["3", "4"]


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "http://example.org",
        "//example.org",
        "/events",
        "https://",
        "&#106;avascript:x",
        "mailto:",
        "vbscript:x",
    ],
)
def test_link_that_leads_elsewhere_than_to_https_or_a_letter_stays_text(address):
    assert "<a" not in html(f"[words]({address})")
    assert len(prose.doubts(f"[words]({address})")) == 1
    assert "href" not in html(f"<{address}>")


def test_links_and_text_are_safe_and_well_set():
    made = html('He said "we\'re *here*": [it](https://example.org/?a=1&b=2) <b onclick=x>bold</b>\n\n    four')
    assert "He said “we’re <em>here</em>”" in made
    assert '<a href="https://example.org/?a=1&amp;b=2" class="govuk-link" rel="noreferrer noopener">it</a>' in made
    assert "&lt;b onclick=x&gt;bold" in made
    # Spaces before a line make no block of code: they come along when people paste.
    assert '<p class="wm-article__text">four</p>' in made
    assert "mailto:ann@example.org" in html("[write](mailto:ann@example.org)")


@pytest.mark.parametrize("address", ["https://example.org/house.png", "http://example.org/a.png", "house.png"])
def test_picture_in_the_text_is_its_words_alone(address):
    text = f"See ![*a* <house>]({address}) here."
    assert html(text) == '<p class="wm-article__text">See a &lt;house&gt; here.</p>\n'
    assert prose.plain(text) == "See a <house> here."
    assert prose.doubts(text) == [
        f"“![*a* <house>]({address})” is not shown as a picture, but as its words alone: add pictures as figures"
    ]


@pytest.mark.parametrize(
    ("text", "address", "after"),
    [
        ("See https://example.org/a_b_c?x=1&y=2, and go on", "https://example.org/a_b_c?x=1&amp;y=2", ", and go on"),
        ("(https://example.org/a_(b))", "https://example.org/a_(b)", ")"),
        ("“https://example.org”.", "https://example.org", "”."),
        ("**https://example.org.**", "https://example.org", "."),
    ],
)
def test_bare_address_is_a_link_without_what_ends_the_sentence(text, address, after):
    made = html(text)
    assert f'<a href="{address}" class="govuk-link" rel="noreferrer noopener">{address}</a>{after}' in made
    assert prose.plain(text) == prose.plain(text.replace("*", ""))


@pytest.mark.parametrize(
    "text", ["`https://example.org`", "http://example.org", "https://", "xhttps://example.org", 'https://"><b>']
)
def test_address_in_code_or_of_another_kind_stays_text(text):
    assert "<a" not in html(text)


def test_address_within_a_link_makes_no_second_one():
    assert html("[at https://example.org](https://example.org/a)").count("<a ") == 1


def test_table_has_headers_and_moves_sideways_by_itself():
    made = html("| Area | Number |\n|---|---|\n| Alder | 4 |")
    assert 'scope="col">Area</th>' in made
    assert made.count('tabindex="0"><table') == made.count("</table></div>") == 1
    assert prose.plain("| Area |\n|---|\n| Alder |") == "Area\nAlder"
    assert prose.plain("## Why it matters\n\nFathers are\nseen.\n\nWhat now?\n---\n\nAsk") == (
        "Why it matters.\nFathers are seen.\nWhat now?\nAsk"
    )


@pytest.mark.parametrize(
    "text", ["", " \n\n", "{{", "{{figure}}", "[", "![](", "\\", "*" * 5_000, "[" * 5_000, "> " * 500]
)
def test_odd_text_is_read_without_a_fault(text):
    assert isinstance(html(text), str)
    assert isinstance(prose.doubts(text), list)
    assert prose.count_words(text) <= 1


def spent(markdown):
    began = time.process_time()
    prose.doubts(markdown)
    return time.process_time() - began


def test_text_of_nothing_but_beginnings_is_read_about_as_fast_as_an_article():
    def long(part):
        return (part * (LONGEST_BODY // len(part) + 1))[:LONGEST_BODY]

    floor = spent(long("Words with *stress* and [a link](https://example.org/a).\n\n"))
    marks = "".join(f"{{{{figure {number}}}}}\n" for number in range(1_000, 7_000))
    odd = [
        long("[a]("),
        long("[a](<"),
        f"{{{{figure{' ' * (LONGEST_BODY - 12)}x}}}}",
        (marks + "{{x}}" * LONGEST_BODY)[:LONGEST_BODY],
    ]
    assert [text[:12] for text in odd if spent(text) > 12 * floor] == []
