"""Words that organisers write: what each recipient reads, and that nobody else's words become more than words."""

import html5lib
import pytest

from webapp.notices.wording import Address, Block, Kind, Told, WordingRefused, fill, inert, read

pytestmark = pytest.mark.memory

KINDS = {"name": Kind.WORDS, "event": Kind.WORDS, "link": Kind.ADDRESS, "details": Kind.BLOCK}
VALUES = {
    "name": "Ann Lee",
    "event": "Family help",
    "link": "https://waymark.example.org/r/1?a=1&b=2",
    "details": Block(text="When:\nMonday\n", html="<h2>When</h2><p>Monday</p>"),
}


def filled(body, subject="About {event}", **values):
    return fill(read(subject, body, KINDS), VALUES | values)


def parsed(html):
    return html5lib.HTMLParser(strict=True).parse(f"<!DOCTYPE html><title>x</title>{html}")


def links(html):
    return [one.get("href") for one in parsed(html).iter("{http://www.w3.org/1999/xhtml}a")]


def tags(html):
    return {one.tag.rpartition("}")[2] for one in parsed(html).iter()}


def test_markdown_is_told_in_both_forms():
    made = filled("## Before you come\n\nDear {name},\n\n* one\n* *two*\n\n1. first\n2. second\n\n> said\n")
    assert made.subject == "About Family help"
    assert made.text == "Before you come\n\nDear Ann Lee,\n\n- one\n- two\n\n1. first\n2. second\n\n> said\n"
    assert "<p>Dear Ann Lee,</p>" in made.html
    assert "<em>two</em>" in made.html
    assert "<ol>\n<li>first</li>" in made.html


def test_lines_stay_lines_and_long_lists_their_indent():
    made = filled("One line\nand another\n\n- a\n  - b\n    more of b\n")
    assert made.text == "One line\nand another\n\n- a\n  - b\n    more of b\n"
    assert "One line<br>" in made.html


def test_address_is_a_link_by_itself_and_behind_words():
    made = filled(
        "See {link} or [our page]({link}) or [theirs](https://example.org/x?a=1&b=2) or <https://example.org>."
    )
    assert made.text == (
        "See https://waymark.example.org/r/1?a=1&b=2 or our page (https://waymark.example.org/r/1?a=1&b=2) "
        "or theirs (https://example.org/x?a=1&b=2) or https://example.org.\n"
    )
    assert links(made.html) == [VALUES["link"], VALUES["link"], "https://example.org/x?a=1&b=2", "https://example.org"]


def test_address_with_a_label_is_told_by_it_and_has_a_button_of_its_own():
    page = Address(url="https://waymark.example.org/r/1", label="Your page", is_button=True)
    made = filled("See\n{link}\nor [this]({link}).\n\n{link}", link=page)
    url = "https://waymark.example.org/r/1"
    assert made.text == f"See\n{url}\nor this ({url}).\n\n{url}\n"
    assert links(made.html) == [url] * 3
    assert made.html.count(">Your page</a>") == 2
    assert made.html.count("display:inline-block") == 1
    plain = filled("{link}", link=Address(url="mailto:a@example.org", label="a@example.org"))
    assert (plain.text, links(plain.html)) == ("a@example.org\n", ["mailto:a@example.org"])
    assert "display:inline-block" not in plain.html


def test_words_of_ours_stay_as_they_are_and_say_their_language():
    made = filled("At {event}.", "{event}", event=Told(text="Dysgu & <b> 9.30am\nhttps://x", language="cy"))
    assert made.subject == "Dysgu & <b> 9.30am https://x"
    assert made.text == "At Dysgu & <b> 9.30am https://x.\n"
    assert made.html == '<p>At <span lang="cy">Dysgu &amp; &lt;b&gt; 9.30am https://x</span>.</p>'


def test_heading_with_a_colon_stands_right_above_its_text_and_shows_none_in_html():
    made = filled("## Why:\n\n{name}\n\n## How to join:\n{link}\n\nSo:\n\nmore\n")
    assert made.text == "Why:\nAnn Lee\n\nHow to join:\nhttps://waymark.example.org/r/1?a=1&b=2\n\nSo:\n\nmore\n"
    assert [one.text for one in parsed(made.html).iter("{http://www.w3.org/1999/xhtml}h2")] == ["Why", "How to join"]
    assert "<p>So:</p>" in made.html


def test_prepared_part_takes_the_place_of_its_paragraph():
    made = filled("Before.\n\n{details}\n\nAfter.")
    assert made.text == "Before.\n\nWhen:\nMonday\n\nAfter.\n"
    assert made.html == "<p>Before.</p>\n<h2>When</h2><p>Monday</p>\n<p>After.</p>"


def test_prepared_part_that_says_nothing_leaves_no_gap():
    made = filled("Before.\n\n{details}\n\nAfter.", details=Block(text="", html=""))
    assert made.text == "Before.\n\nAfter.\n"


@pytest.mark.parametrize(
    "typed",
    [
        "http://evil.example.org",
        "www.evil.org",
        "evil.org/win",
        "ann@evil.org",
        "[win](http://evil.org)",
        "<a href='http://evil.org'>win</a>",
        "<script>alert(1)</script>",
        "{link}",
        "**{details}**",
        "\ue000link\ue001",
        "x\r\nBcc: all@example.org",
        "javascript:alert(1)",
        "mailto:a@b.org",
    ],
)
def test_what_a_person_typed_stays_words(typed):
    made = filled("Dear {name}, see [{name}](https://waymark.example.org).", "For {name}", name=typed)
    assert links(made.html) == ["https://waymark.example.org"]
    assert {one.tag.rpartition("}")[2] for one in parsed(made.html).iter()} <= {
        "html",
        "head",
        "title",
        "body",
        "p",
        "a",
    }
    assert "\n" not in made.subject
    assert "\r" not in made.subject
    for told in (made.subject, made.text.replace("https://waymark.example.org", "")):
        assert "://" not in told
        assert "www." not in told
        assert "@" not in told
        assert "evil.org" not in told
        assert "When:" not in told


def test_names_that_are_no_links_stay_as_they_are():
    for name in ("Ann Lee", "J. R. Hill", "St. Mary’s", "Children’s services / early help", "9:30am", "Łucja Żak"):
        assert inert(name) == name
    assert inert("Marlbridge.org team") == "Marlbridge org team"


@pytest.mark.parametrize("body", ["<b>x</b>", "<img src=x>", "![a](https://e.org/i.png)", "[a](javascript:alert(1))"])
def test_raw_html_pictures_and_scripts_are_not_made(body):
    made = filled(body).html
    assert tags(made) & {"b", "img", "script"} == set()
    assert [one for one in links(made) if not one.startswith("https://")] == []


@pytest.mark.parametrize(
    ("subject", "body", "sentence"),
    [
        ("x", "Dear {nam}", "There is no {nam} for the letter. You can use {details}, {event}, {link}, {name}."),
        ("{nam}", "x", "There is no {nam} for the subject. You can use {details}, {event}, {link}, {name}."),
        ("{link}", "x", "{link} cannot stand in the subject. Put it into the letter itself."),
        ("{details}", "x", "{details} cannot stand in the subject. Put it into the letter itself."),
        ("x", "Here: {details}", "{details} needs a paragraph of its own, with an empty line around it."),
        ("x", "{details}\n\n- {details}", "{details} needs a paragraph of its own, with an empty line around it."),
        (
            "x",
            "[win]({name})",
            "The address of a link can be a placeholder for an address, by itself, or typed out.",
        ),
        (
            "x",
            "[win](https://e.org/{name})",
            "The address of a link can be a placeholder for an address, by itself, or typed out.",
        ),
    ],
)
def test_placeholder_that_cannot_be_filled_is_refused_in_words(subject, body, sentence):
    with pytest.raises(WordingRefused) as refused:
        read(subject, body, KINDS)
    assert refused.value.message == sentence


@pytest.mark.parametrize("sign", ["&#xE000;name&#xE001;", "&#57344;x&#57345;", "\ue000name\ue001", "\ue000x\ue001"])
@pytest.mark.parametrize("body", ["{}", "Dear {}", "[a]({})", "[{}](https://example.org)", "# {}", "- {}"])
def test_signs_of_our_own_are_none_of_the_organisers(sign, body):
    try:
        made = filled(body.replace("{}", sign), f"x {sign}")
    except WordingRefused:
        return
    assert "Ann Lee" not in made.text + made.html + made.subject


def test_title_of_a_link_is_left_out():
    made = filled('[a](https://example.org "{link}") and [b](https://example.org "said")').html
    assert made.count("title") == 0
    assert links(made) == ["https://example.org", "https://example.org"]


def test_address_within_the_words_of_a_link_is_refused():
    with pytest.raises(WordingRefused) as refused:
        read("x", "[see {link}](https://example.org)", KINDS)
    assert refused.value.message == (
        "The words of a link cannot hold a placeholder for an address: put it behind them."
    )


def test_braces_that_are_no_placeholder_stay():
    assert filled("{ Name } {1} {} {{name}}").text == "{ Name } {1} {} {Ann Lee}\n"


def test_missing_value_is_an_error_and_not_a_gap():
    with pytest.raises(KeyError, match="name"):
        fill(read("x", "Dear {name}", KINDS), {})
    assert read("x {event}", "Dear {name}", KINDS).names == {"event", "name"}
