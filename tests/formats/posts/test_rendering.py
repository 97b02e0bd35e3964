"""Posts as they are read: safe HTML, links that say where they lead, people by their names, and never slowly."""

import random
import re
import time
from html.parser import HTMLParser

import pytest

from tests.formats.posts.typed import PEOPLE, PIECES, odd_posts
from webapp.formats import posts
from webapp.formats.posts import rendering
from webapp.models.topics import LONGEST_POST

pytestmark = pytest.mark.memory

OUT = 'class="govuk-link" rel="nofollow ugc noopener"'


def html(text, people=PEOPLE):
    return str(posts.render(text, people=people))


def line(text):
    """What stands in a post of one paragraph."""
    made = html(text)
    assert made.startswith('<p class="wm-post__text">'), made
    assert made.count("<p") == 1
    return made.removeprefix('<p class="wm-post__text">').removesuffix("</p>\n")


def test_marks_become_parts_and_headings_lie_below_those_of_the_page():
    made = html(
        "# One\n\n#### Deep\n\nWe *met* and\n**talked**.\n\n- a\n- b\n\n3. c\n\n> said\n\n`x` \n\n```\n<y>\n```\n\n---"
    )
    assert made.replace("\n", "") == (
        '<h4 class="wm-post__heading">One</h4><h5 class="wm-post__heading">Deep</h5>'
        '<p class="wm-post__text">We <em>met</em> and<br><strong>talked</strong>.</p>'
        '<ul class="govuk-list govuk-list--bullet wm-post__list"><li>a</li><li>b</li></ul>'
        '<ol start="3" class="govuk-list govuk-list--number wm-post__list"><li>c</li></ol>'
        '<blockquote class="wm-post__quote"><p class="wm-post__text">said</p></blockquote>'
        '<p class="wm-post__text"><code>x</code></p>'
        '<pre><code class="wm-post__code">&lt;y&gt;</code></pre><hr class="wm-post__rule">'
    )


@pytest.mark.parametrize(
    "address",
    [
        *("javascript:alert(1)", "data:text/html,x", "http://example.org", "//evil.example", "https://", "vbscript:x"),
        *(
            "https://bank.example@evil.example",
            "https://[::1]/",
            "mailto:",
            "mailto:a@b.org?bcc=c@d.org",
            "posts/a",
            "#a",
        ),
        *("&#106;avascript:x", "https://a%2eb", "\\/\\/evil.example", "ftp://a.example"),
    ],
)
def test_link_that_may_not_be_followed_stays_text(address):
    assert "<a" not in line(f"[words]({address}) <{address}>")


@pytest.mark.parametrize(
    ("typed", "link"),
    [
        ("[it](https://example.org/?a=1&b)", f'<a href="https://example.org/?a=1&amp;b" {OUT}>it</a>'),
        ("(https://example.org/a_(b)).", f'(<a href="https://example.org/a_(b)" {OUT}>https://example.org/a_(b)</a>).'),
        ("[write](mailto:ann@example.org)", f'<a href="mailto:ann@example.org" {OUT}>write</a>'),
        ("[post 3](/posts/bcdfghjkmnpq#a)", '<a href="/posts/bcdfghjkmnpq#a" class="govuk-link">post 3</a>'),
        ("![a house](https://example.org/h.png)", f'<a href="https://example.org/h.png" {OUT}>a house</a>'),
    ],
)
def test_link_leads_out_to_a_letter_or_within_and_picture_is_a_link(typed, link):
    assert line(typed) == link


@pytest.mark.parametrize(
    ("words", "address", "told"),
    [
        ("https://bank.example", "https://evil.example/a", "evil.example"),
        ("Bank.example/sign-in", "https://bank.example.evil.example", "bank.example.evil.example"),
        ("b**ank.exam**ple", "https://evil.example", "evil.example"),
        ("bank․example", "https://evil.example", "evil.example"),
        ("https:⁄⁄bank", "https://evil.example", "evil.example"),
        ("ｂａｎｋ．ｅｘａｍｐｌｅ", "https://evil.example", "evil.example"),
        ("see bank.example:443", "https://evil.example", "evil.example"),
        ("https://bank.example\\@evil.example", "https://evil.example", "evil.example"),
        ("pаypal.example", "https://pаypal.example", "xn--pypal-4ve.example"),
        ("words", "https://pаypal.example", "xn--pypal-4ve.example"),
        ("words", "https://xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("help@bank.example", "mailto:ann@evil.example", "ann@evil.example"),
        ("help@bank.example", "https://evil.example", "evil.example"),
        ("www.bank.example", "/posts/bcdfghjkmnpq", "a page of this service"),
        ("", "https://evil.example", "evil.example"),
        ("\u00a0", "/a", "a page of this service"),
        ("word " * 70, "https://evil.example", "evil.example"),
        ("bank.example", "https://www.bank.example/a", None),
        ("https://www.bank.example/b?c=d.org", "https://bank.example", None),
        ("Ann at bank.example", "mailto:ann@bank.example", None),
        ("ANN@bank.example", "mailto:ann@bank.example", None),
        ("Report v2.docx by J.Lee", "/library/a", None),
        ("e.g. this, 1.5 and 3/4: Yes.", "https://evil.example", None),
    ],
)
def test_link_whose_words_look_like_another_address_tells_where_it_leads(words, address, told):
    found = re.findall(r'<span class="wm-post__host">\((.*?)\)</span></a>', line(f"[{words}]({address})"))
    assert found == ([told] if told else [])


def test_bare_address_in_other_letters_tells_its_real_host():
    assert line("https://аpple.example/x") == (
        f'<a href="https://xn--pple-43d.example/x" {OUT}>https://аpple.example/x '
        '<span class="wm-post__host">(xn--pple-43d.example)</span></a>'
    )
    # What is hidden in an address shows as it is spelt there.
    assert line("<https://a.example/%E2%80%AE>").endswith(">https://a.example/%E2%80%AE</a>")


def test_address_that_no_browser_can_follow_is_no_link():
    assert line("https://а.example\ufeff").endswith("(xn--80a.xn--example-4q93b)</span>")


def test_what_others_hide_is_shown():
    assert line("&#x202e;&amp;") == "&amp;#x202e;&amp;amp;"
    assert line('[a](/b "more words")') == '<a href="/b" class="govuk-link">a (more words)</a>'
    assert line("[a]: https://a.example") == f'[a]: <a href="https://a.example" {OUT}>https://a.example</a>'
    assert html("```more words\nx\n```") == '<pre><code class="wm-post__code">more words\nx\n</code></pre>\n'
    assert "\u202e" not in html('[a](/b "&#x202e;c")\n\n```&#x202e;\nx\n```')
    assert line("<b onclick=x>") == "&lt;b onclick=x&gt;"


ANN = '<a href="/people/ann" class="govuk-link wm-post__mention">@Ann &lt;b onclick="x"&gt;Lee&lt;/b&gt;</a>'


def test_people_who_are_mentioned_have_their_names():
    assert line("@ann-lee, (@Ann-Lee) **@ann-lee**: @bob") == f"{ANN}, ({ANN}) <strong>{ANN}</strong>: @bob"
    assert html("> @ann-lee").count(ANN) == 1
    assert line("_@ann-lee_") == f"<em>{ANN}</em>"
    assert html("@ann-lee", people={}) == '<p class="wm-post__text">@ann-lee</p>\n'


@pytest.mark.parametrize(
    "text",
    [
        *("`@ann-lee`", "[@ann-lee](/a)", "x@ann-lee", "ann@ann-lee.org", "@ann-lee.org", "https://a.example/@ann-lee"),
        *(
            "@ann-lee_b",
            "@ann-leé",
            "\\@ann-lee",
            "@@ann-lee",
            "http://a.example/@ann-lee",
            "@ann-lee@b",
            "<x@ann-lee>",
        ),
    ],
)
def test_what_is_no_mention_stays_text(text):
    assert "mention" not in html(text)
    assert posts.mentions(text) == []


def test_mentions_are_told_once_in_order_and_not_from_quotes():
    text = (
        "@bob-2 @Ann-Lee @bob-2 @ab @"
        + "x" * 41
        + " @"
        + "y" * 40
        + "\n\n> @cat\n> - @dan\n\n- @eve.\n\n```\n@fay\n```"
    )
    assert posts.mentions(text) == ["bob-2", "ann-lee", "y" * 40, "eve"]
    many = " ".join(f"@p{no:03}" for no in range(700))
    assert posts.mentions(many) == [f"p{no:03}" for no in range(500)]


def test_quotes_are_five_deep_at_most_and_lists_seven():
    assert html(">" * 19_000 + " deep").count("<blockquote") == 5
    assert html("- > > > > > > > deep").count("<blockquote") == 5
    assert html("    >   >\t> > > > > deep").count("<blockquote") == 5
    assert html("- " * 400 + "deep").count("<ul") == 7
    assert posts.plain(">" * 19_000 + " deep") == "deep"
    assert posts.plain("> - " * 100 + "deep").endswith("deep")


def test_answer_right_below_a_quote_is_no_part_of_it():
    assert html("> asked\nanswered").replace("\n", "") == (
        '<blockquote class="wm-post__quote"><p class="wm-post__text">asked</p></blockquote>'
        '<p class="wm-post__text">answered</p>'
    )


def test_text_of_more_marks_than_anybody_types_is_shown_as_it_was_typed():
    text = "<b>[a](/b) *c*\n" * 1_000
    assert html(text) == (
        f'<p class="wm-post__text wm-post__text--typed">{text.replace("<", "&lt;").replace(">", "&gt;")}</p>\n'
    )
    assert posts.plain(text) == text
    assert posts.mentions("@ann-lee\n" * 2_000) == []


TAGS = {
    *("p", "ul", "ol", "li", "strong", "em", "a", "h4", "h5", "h6"),
    *("blockquote", "code", "pre", "br", "hr", "span"),
}


class Strict(HTMLParser):
    """Fails at what is not allowed, not closed, or would be run or fetched."""

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        assert tag in TAGS
        assert {name for name, _ in attrs} <= ({"class", "href", "rel"} if tag == "a" else {"class", "start"})
        if tag == "a":
            address = dict(attrs)["href"]
            assert re.match(r"https://[a-z0-9]|mailto:[^@]+@|/[^/\\]", address, re.IGNORECASE), address
            assert ("rel" in dict(attrs)) == (not address.startswith("/"))
            assert "a" not in self.open
        if tag not in {"br", "hr"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_comment(self, data):
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def test_nothing_unsafe_comes_out_of_anything():
    for typed, _ in odd_posts(1_200):
        for text in (typed, posts.clean(typed)):
            strict = Strict()
            strict.feed(html(text))
            strict.close()
            assert strict.open == [], text
        assert not set(html(text)) & set("\x00\u202e\u200b\ufeff"), text


HOSTILE = [
    *(
        "*",
        "**",
        "_",
        "`",
        "[",
        "![",
        "]",
        "](",
        "[](",
        "[a](<",
        "[a](/b) ",
        "[wo ",
        "*a ",
        "_*",
        "&",
        "<",
        "\\",
        "'",
        ":",
    ),
    *(
        "\n",
        "a\n",
        "- a\n",
        "> a\n",
        "- ",
        "> ",
        ">",
        "> - ",
        "# a\n",
        "1. a\n",
        "```\n",
        "`a` ",
        "a\n\n",
        "* a\n  * b\n    * c\n",
    ),
    *(
        "<https://a.example>",
        "https://a.example ",
        "https://а.example/ ",
        "<a@b.example>",
        "@ann-lee ",
        "@",
        "\u0301",
        "👩\u200d",
    ),
    *(
        "[a](https://bank.example) ",
        ">> \n)wwwwwwww\n",
        '[a](/b "',
        "***a** b* ",
        "[[a](b)](c) ",
        "&amp;",
        "\t",
        "é ",
        "===",
    ),
]


def long(part, until):
    return (part * (until // len(part) + 1))[:until]


def heaviest(unit):
    """A full post of this unit over and over, up to just before it counts as laborious, and then of a single word."""
    low, high = 0, posts.LONGEST_POST
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (low, middle - 1) if rendering.is_laborious(long(unit, middle)) else (middle, high)
    return long(unit, low) + "w" * (posts.LONGEST_POST - low)


def quickest(text):
    """The least processor time of five in which the text is rendered, in seconds."""
    times = []
    for _ in range(5):
        rendering._rendered.cache_clear()
        began = time.process_time()
        html(text)
        times.append(time.process_time() - began)
        if times[-1] < 0.025:
            break
    return min(times)


def test_no_post_takes_long_to_be_shown():
    source = random.Random(11)
    units = HOSTILE + ["".join(source.choices(PIECES, k=source.randint(2, 5))) for _ in range(60)]
    slow = {
        unit: spent
        for unit in units
        for spent in [max(quickest(heaviest(unit)), quickest(long(unit, posts.LONGEST_POST)))]
        if spent > 0.05
    }
    assert slow == {}


def test_longest_post_is_the_longest_that_is_kept():
    assert posts.LONGEST_POST == LONGEST_POST


def test_long_post_as_people_write_them_is_not_laborious():
    marked = "We met on *Tuesday* at [the centre](https://example.org/a), and **talked** about it, as @ann-lee said. "
    paragraph = (
        marked + "Then came the second half of the year, with all that nobody had thought of before it began. " * 2
    )
    text = (f"## Part\n\n{paragraph}\n\n- one point\n- another\n\n> {paragraph}\n\n" * 40)[: posts.LONGEST_POST]
    assert len(text) == posts.LONGEST_POST
    assert not rendering.is_laborious(text)
    assert not rendering.is_laborious("- [A page of some title](https://example.org/pages/one)\n" * 100)
    assert not rendering.is_laborious("One short line of a list.\n" * 400)
