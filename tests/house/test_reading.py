"""The short way of reading pages gives what the long one does, and hides no fault."""

import html5lib
import pytest

from tests.reading import HTML, read

pytestmark = pytest.mark.memory

PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>{title}</title><meta charset="utf-8"></head>
<body><main><h1>{title}</h1><p class="{css}">{words}<br>and more</p>
<form method="post"><input type="text" name="a" value="{css}" disabled><textarea name="b">
{words}</textarea><select name="c"><option selected>{words}</option></select></form>
<svg viewBox="0 0 1 1"><path d="M0 0"/></svg></main></body></html>
"""


def page(title="Seen", css="wide", words="Plain"):
    return PAGE.format(title=title, css=css, words=words)


def plain(element):
    own = [element.tag, sorted(element.attrib.items()), (element.text or "").strip(), (element.tail or "").strip()]
    return [*own, [plain(one) for one in element]]


def test_page_of_a_known_pattern_is_read_as_the_standard_says():
    read(page())
    text = page(title="Tea &amp; talk", css="a&quot;b", words="Fish &lt;3 &#8211; caf\u00e9")
    tree, faults = read(text)
    assert faults == []
    assert plain(tree) == plain(html5lib.HTMLParser().parse(text))
    assert next(tree.iter(f"{HTML}textarea")).text == "Fish <3 \u2013 caf\u00e9"


@pytest.mark.parametrize(
    "broken",
    [
        page().replace("<br>", "<div>deep</div>"),
        page().replace('name="a"', 'name="a" name="b"'),
        page(words="one < two"),
        page(words="A &nothing; here"),
        page(words="A &#0; here"),
        page(words="\x0b"),
        page().replace("<!DOCTYPE html>", ""),
        page().replace("</form>", "</from>"),
        page().replace("<option selected>Plain</option>", "<table><tr><td>1</td></tr></table>"),
    ],
)  # fmt: skip
def test_fault_is_found_after_a_page_without(broken):
    for _ in range(2):
        assert read(page())[1] == []
        assert read(broken)[1] != []


ROW = "<table>{}<tr><td>{}</td></tr>{}</table>"


@pytest.mark.parametrize(
    "odd",
    [
        page().replace("</p>", ""),
        page().replace("<p ", "<p><p "),
        page() + "<p>after the end</p>",
        page().replace("<svg", ROW.format("", 1, "") + "<svg"),
        page().replace("<svg", ROW.format("<tbody>", 1, "</tbody>") + "<svg"),
        page().replace("<svg", "<ul><li>one<li>two</ul><svg"),
        page().replace('type="text"', 'type="hidden"'),
    ],
)  # fmt: skip
def test_elements_that_the_standard_adds_or_moves_are_so_each_time(odd):
    parser = html5lib.HTMLParser()
    expected = plain(parser.parse(odd))
    for _ in range(2):
        tree, faults = read(odd)
        assert (plain(tree), len(faults)) == (expected, len(parser.errors))
