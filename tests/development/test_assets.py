import re

import pytest

from webapp.development.assets import COPIED, VENDOR, copy_assets, plain_script, plain_style

pytestmark = pytest.mark.memory

STYLE = """@charset "UTF-8";:root{--govuk-brand-colour:#1d70b8}
/*! Copyright; for gov.uk; only */@font-face{font-family:GDS Transport;src:url(/assets/fonts/a.woff2)}
@font-face{font-family:"GDS Transport";src:url(/assets/fonts/b.woff2)}
.a{color:red;font-family:GDS Transport,arial,sans-serif}.b{font-family:"GDS Transport", arial, sans-serif}
.logo:before{background-image:url(/assets/images/govuk-crest.svg)}
@media print{.a{color:#000}.logo:before{background-image:url(/assets/images/govuk-crest.svg)}}
@media (forced-colors:active){.logo:before{mask-image:url(/assets/images/govuk-crest.svg)}}
.govuk-footer__crown{margin-bottom:25px}.c{background:url("data:image/svg+xml;base64,AA==")}
/*# sourceMappingURL=govuk-frontend.min.css.map */
"""


@pytest.fixture
def packages(tmp_path):
    for source in COPIED:
        path = tmp_path / "node_modules" / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(STYLE if path.suffix == ".css" else "go();\n//# sourceMappingURL=x.js.map\n")
    return tmp_path / "node_modules"


def test_style_keeps_our_rules_alone():
    assert re.sub(r"\s+", "", plain_style(STYLE)) == (
        '@charset"UTF-8";:root{--govuk-brand-colour:#1d70b8}'
        ".a{color:red;font-family:arial,sans-serif}.b{font-family:arial,sans-serif}"
        "@mediaprint{.a{color:#000}}"
        '.c{background:url("data:image/svg+xml;base64,AA==")}'
    )


def test_script_loses_its_source_map():
    assert plain_script("a();//# sourceMappingURL=a.min.js.map\n") == "a();\n"


def test_copy_writes_each_file_and_ends_with_the_one_the_makefile_watches(packages, tmp_path):
    written = copy_assets(packages, tmp_path / "vendor")
    assert [path.name for path in written] == [
        "accessible-autocomplete.min.js",
        "accessible-autocomplete.min.css",
        "govuk-frontend.min.js",
        "govuk-frontend.min.css",
    ]
    assert sorted(written) == sorted((tmp_path / "vendor").iterdir())


def test_copy_refuses_when_a_file_is_missing(packages, tmp_path):
    (packages / "govuk-frontend/dist/govuk/govuk-frontend.min.js").unlink()
    with pytest.raises(FileNotFoundError):
        copy_assets(packages, tmp_path / "vendor")


@pytest.mark.skipif(not VENDOR.exists(), reason="the assets have not been copied yet")
@pytest.mark.parametrize("name", sorted(source.rsplit("/", 1)[-1] for source in COPIED))
def test_copied_files_have_nothing_licensed_for_gov_uk_alone_and_nothing_dangling(name):
    text = (VENDOR / name).read_text(encoding="utf-8")
    found = [
        mark
        for mark in ("GDS Transport", "@font-face", "crown", "crest", "url(/assets", "sourceMappingURL")
        if mark in text
    ]
    assert found == []
    assert text.count("{") == text.count("}") or name.endswith(".js")
