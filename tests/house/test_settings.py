"""Every setting has words, and the words for who installs the service stand in the README."""

import re

import pytest

from config import Settings
from tests.house.source import ROOT

pytestmark = pytest.mark.memory


def names() -> list[str]:
    """Each setting as it is called in the environment."""
    prefix = Settings.model_config["env_prefix"]
    return [str(field.validation_alias or f"{prefix}{name}".upper()) for name, field in Settings.model_fields.items()]


def section() -> str:
    """What the README says under its heading "Configure"."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"^(#+) Configure\b[^\n]*\n(.*?)(?=^#{1,2} |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, "README.md has no heading 'Configure'"
    return found[2]


def test_every_setting_says_what_it_is() -> None:
    silent = [name for name, field in Settings.model_fields.items() if not (field.description or "").endswith(".")]
    assert silent == []


def test_every_setting_stands_in_the_readme() -> None:
    words = section()
    assert [name for name in names() if f"`{name}`" not in words] == []


def test_readme_names_no_setting_that_is_not_there() -> None:
    told = set(re.findall(r"\bWAYMARK_[A-Z_]+\b|\bDATABASE_URL\b", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert sorted(told - set(names())) == []
