"""The field that posts are written in, as a page takes it in: what it offers, and what it leaves out if not asked."""

import xml.etree.ElementTree as ET
from pathlib import Path

import html5lib
import pytest
from flask import Flask
from govuk_frontend_wtf.wtforms_widgets import GovTextArea
from markupsafe import Markup
from wtforms import Form, TextAreaField

from tests.conftest import settings_for
from webapp import templating
from webapp.formats import posts

pytestmark = pytest.mark.memory

TAKEN = '{% from "components/editor.html" import editor, preview %}'


class Writing(Form):
    body = TextAreaField("Your answer", widget=GovTextArea(), description="Be kind.")


@pytest.fixture
def shown(tmp_path: Path):
    """Renders a use of the component, read as a browser reads it."""
    app = Flask(__name__)
    app.config["SETTINGS"] = settings_for(tmp_path, "sqlite://")
    templating.init_app(app)

    def show(use: str, **values: object) -> ET.Element:
        with app.test_request_context():
            page = app.jinja_env.from_string(TAKEN + use).render(field=Writing(**values).body, **values)
        return html5lib.parse(page, namespaceHTMLElements=False)

    return show


def test_editor_has_marks_by_button_a_count_people_and_a_preview(shown):
    page = shown('{{ editor(field, people="/people", preview_at="/here", limit=20000) }}', body="<b>")
    field = page.find(".//textarea")
    assert field.text == "<b>"
    assert field.get("aria-describedby") == "body-info body-hint"
    assert page.find(".//*[@id='body-info']").text == f"You can enter up to {posts.LONGEST_POST:,} characters"
    assert (
        page.find(".//*[@id='body-hint']")
        .text.strip()
        .startswith("Be kind. An empty line begins a paragraph. **bold**")
    )
    group = page.find(".//*[@data-editor]")
    assert (group.get("data-people"), group.get("data-module")) == ("/people", "govuk-character-count")
    toolbar = group.find(".//*[@role='toolbar']")
    assert toolbar.get("hidden") is not None
    buttons = [(one.text, one.get("type"), one.get("tabindex")) for one in toolbar.iter("button")]
    assert buttons == [
        (word, "button", "-1" if no else "0") for no, word in enumerate(["Bold", "Italic", "Link", "List", "Quote"])
    ]
    assert group.find(".//*[@data-offered]").get("hidden") is not None
    sent = page.find(".//button[@type='submit']")
    assert (sent.get("name"), sent.get("value"), sent.get("formaction")) == ("preview", "1", "/here#preview")


def test_editor_leaves_out_what_is_not_asked_for(shown):
    page = shown('{{ editor(field, limit=0, marks="", preview_name="") }}')
    assert [one.get("id") for one in page.iter() if one.get("id")] == ["body-hint", "body"]
    assert page.find(".//*[@data-people]") is None
    assert page.find(".//*[@data-module]") is None
    assert page.find(".//button[@type='submit']") is None


def test_preview_is_a_region_with_a_heading_that_leads_back_to_the_field(shown):
    page = shown("{{ preview(html) }}", html=posts.render("*so*", people={}))
    region = page.find(".//section")
    assert region.get("aria-labelledby") == region.find("h2").get("id")
    assert region.find(".//a").get("href") == "#body"
    assert region.find(".//em").text == "so"
    assert isinstance(posts.render("", people={}), Markup)
