"""Quotations: made, found in whatever form, and taken away; and the words of a post without its marks."""

import re

import pytest

from tests.formats.posts.typed import odd_posts
from webapp.formats import posts

pytestmark = pytest.mark.memory

ID, OTHER = "bcdfghjkmnpq", "zyxwvtsrqpnm"
AWAY = "> [A quotation was taken away]"
LINK = f"[Ann, post 3](/posts/{ID})"


def test_quotation_has_each_line_marked_and_says_whose_it_is():
    made = posts.quotation(
        "One *two*\n\n> nested\n> — [x](/posts/a)\n\n\n- three", said_by="Ann [Lee], post 3", address=f"/posts/{ID}"
    )
    assert made == f"> One *two*\n>\n> - three\n>\n> — [Ann \\[Lee\\], post 3](/posts/{ID})"
    assert posts.quoted_posts(made) == [ID]
    shown = posts.render(made, people={})
    assert shown.endswith(
        '<p class="wm-post__text wm-post__said-by">— '
        f'<a href="/posts/{ID}" class="govuk-link">Ann [Lee], post 3</a></p>\n</blockquote>\n'
    )


@pytest.mark.parametrize(
    "words",
    [
        "",
        "```\nopen",
        "- a\n  ```\nopen",
        "> all\n> quoted",
        "# Head",
        "[a",
        "`",
        "a\\",
        "1. x",
        "***",
        "![[" * 600,
        "a\n" * 700,
    ],
)
def test_last_line_of_a_quotation_says_whose_it_is_whatever_is_quoted(words):
    made = posts.quotation(words, said_by='Ann in "*Notes*"\n(1)', address="/events/a (b)/turns/c")
    assert made.split("\n")[-1] == '> — [Ann in "\\*Notes\\*" (1)](/events/a%20%28b%29/turns/c)'
    shown = str(posts.render(made + "\nAnswer", people={}))
    assert shown.count("<blockquote") == 1
    assert 'href="/events/a%20%28b%29/turns/c" class="govuk-link">Ann in "*Notes*" (1)</a></p>\n</blockquote>' in shown
    assert shown.endswith('<p class="wm-post__text">Answer</p>\n')


def test_quotation_is_cut_at_a_word():
    made = posts.quotation("longword " * 400, said_by="Ann", address="/a")
    quoted = made.split("\n")[0]
    assert quoted == f"> {('longword ' * 166).strip()}…"
    assert len(posts.quotation("x" * 2_000, said_by="Ann", address="/a").split("\n")[0]) == 1_502


def test_words_as_typed_are_shown_as_they_are():
    words = "# 5 * 3 * 2\n1. <b> [a](/b) _c_ `d` \\e\n- f\n> g\n===\n    - h\n+ i\n~~~"
    assert posts.plain(posts.as_typed(words)) == words.replace("    - h", "- h")
    for typed, _ in odd_posts(300):
        plainly = " ".join(posts.clean(typed).split())
        assert posts.plain(posts.as_typed(plainly)) == plainly


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"> a\n> b\n>\n> — {LINK}\n\nMine", f"{AWAY}\n\nMine"),
        (f"> a\n> — {LINK}\nMine", f"{AWAY}\nMine"),
        (f"Before\n> a\n>\n> {LINK}", f"Before\n{AWAY}"),
        (f"> Ann said:\n> {LINK}\n>\n> a", AWAY),
        (f"> a\n> > b\n> > — {LINK}\n> c", f"> a\n> {AWAY}\n> c"),
        (
            f"> a\n>\n> > b\n> > > c\n> > — {LINK}\n>\n> — [Bob](/posts/{OTHER})",
            f"> a\n>\n> {AWAY}\n>\n> — [Bob](/posts/{OTHER})",
        ),
        (f"- one\n- > a\n  >\n  > — {LINK}\n\n  two", f"- one\n- {AWAY}\n\n  two"),
        (f"> a\n\n— {LINK}", f"{AWAY}\n\n— {LINK}"),
        (f"As {LINK} has it:\n\n> a\n\nb", f"As {LINK} has it:\n\n{AWAY}\n\nb"),
        (f"> a\n> — <https://waymark.example/posts/{ID}?x=1#y>", AWAY),
        (f"> a\n> — [x](https://waymark.example/posts/{ID})", AWAY),
        (f"> a\n> — /posts/{ID.upper()}", AWAY),
        (f"> a\n> — [x](/%70osts/{ID})", AWAY),
        (f"> a\n> — [x](\\/posts&#47;{ID}\\)", AWAY),
        (f"```\n> a\n> — {LINK}\n```", f"```\n{AWAY}\n```"),
        (f"{'>' * 8} a\n{'>' * 8} — {LINK}\nb", f">>>>{AWAY}\nb"),
        (f"> a\r\n> — {LINK}\r\nb", f"{AWAY}\nb"),
    ],
)
def test_quotation_in_whatever_form_is_found_and_taken_away(text, left):
    assert ID in posts.quoted_posts(text)
    assert posts.without_quotations(text, ID) == left
    # A turn of a transcript is found in whatever form a post is; what is named beside the quote stays named.
    said, still = (re.sub("(?i)(posts|%70osts)(?=/|&#47;)", "turns", one) for one in (text, left))
    assert ID in posts.quoted_turns(said)
    assert ID not in posts.quoted_posts(said)
    assert posts.without_quotations(said, ID) == still


@pytest.mark.parametrize(
    "text",
    [
        f"See {LINK}.\n\n> a\n>\n> — [Bob](/posts/{OTHER})",
        f"See {LINK}.\n\n> a",
        f"> a\n\nSee {LINK}",
        f"> a\n> — [x](/posts/{ID}z)",
        f"> a\n> — [x](/notes/{ID})",
    ],
)
def test_what_is_not_of_the_post_stays(text):
    assert posts.without_quotations(text, ID) == text
    assert ID not in posts.quoted_posts(text)


def test_quotation_of_a_turn_is_found_by_its_lasting_address_and_by_where_that_leads():
    there = "/events/hubs-bcdf/sessions/how-ghjk/transcript"
    for address in (f"{there}/turns/{ID}", f"{there}/turns/{ID}?v=3&from=0&to=7", f"{there}?page=2&at={ID}#t-{ID}"):
        made = posts.quotation("We helped.", said_by="Ann, in “Hubs”", address=address)
        assert (posts.quoted_turns(made), posts.quoted_posts(made)) == ([ID], []), address
        assert posts.without_quotations(f"{made}\nMine", ID) == f"{AWAY}\nMine"
    both = f"As {LINK} has it:\n> a\n> — [Bo](/e/turns/{OTHER})"
    assert (posts.quoted_posts(both), posts.quoted_turns(both)) == ([ID], [OTHER])


def test_quotation_in_a_post_of_too_many_marks_is_taken_away_too():
    text = f"> a secret\n> — {LINK}\n" + "*x*\n" * 2_000
    assert posts.without_quotations(text, ID).startswith(f"{AWAY}\n*x*")
    assert posts.quoted_posts(f"> a\n> — {LINK}\n\n> b\n> — [Bob](/posts/{OTHER})\n\n> c\n> — {LINK}") == [ID, OTHER]


def test_whatever_is_quoted_is_taken_away_and_the_answer_below_stays():
    for typed, _ in odd_posts(700):
        made = posts.quotation(posts.clean(typed).replace(ID, OTHER), said_by="Ann, post 3", address=f"/posts/{ID}")
        assert posts.without_quotations(f"{made}\nMy answer", ID) == f"{AWAY}\nMy answer", made


def test_taking_away_finds_all_that_is_told_and_leaves_none():
    for typed, _ in odd_posts(1_500):
        for text in (typed, posts.clean(typed)):
            left = posts.without_quotations(text, ID)
            assert (left != text) == (ID in posts.quoted_posts(text)), text
            assert ID not in posts.quoted_posts(left) or f"/posts/{ID}" in left.replace("\\", "")


def test_plain_words_have_no_marks_and_miss_none():
    text = "# Why\n\nWe *met* [here](https://a.example)\nagain.\n\n- `one`\n- **two**\n\n> said\n\n```\ncode\n```"
    assert posts.plain(text) == "Why\nWe met here\nagain.\none\ntwo\nsaid\ncode"
    for typed, words in odd_posts(2_500):
        said = posts.plain(typed)
        assert [word for word in words if word not in said] == [], typed


def test_excerpt_is_the_beginning_of_what_is_said_first_hand():
    assert posts.excerpt("> quoted words\n\nMy *own*\nanswer is long", 14) == "My own answer…"
    assert posts.excerpt("> quoted words", 40) == "quoted words"
    assert posts.excerpt("short", 5) == "short"
    assert posts.excerpt("abcdefgh", 5) == "abcd…"
    assert posts.excerpt("👩🏽👩🏽👩🏽", 4) == "👩🏽…"
    assert posts.excerpt("", 10) == ""
