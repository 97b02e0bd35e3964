"""Copies what we use of the design system to where Flask serves it: `python -m webapp.development.assets`.

Left out on purpose: the GDS Transport font, the crown and the royal crest, which are for gov.uk alone.
"""

import re
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ROOT / "node_modules"
VENDOR = ROOT / "webapp" / "static" / "vendor"

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
RULE = re.compile(r"[^{};]*\{[^{}]*\}")
EMPTY_GROUP = re.compile(r"@(?:media|supports)[^{};]*\{\s*\}")
FONT = re.compile(r"""["']?GDS Transport["']?\s*,\s*""")
NOT_OURS = ("@font-face", "url(/assets/", "crown")
SOURCE_MAP = re.compile(r"\s*//# sourceMappingURL=\S+\s*$")


def plain_style(css: str) -> str:
    """The style sheet without licensed fonts and emblems, and without comments, which name source maps."""
    css = COMMENT.sub("", css)
    css = RULE.sub(lambda rule: "" if any(mark in rule[0] for mark in NOT_OURS) else rule[0], css)
    css = EMPTY_GROUP.sub("", css)
    return FONT.sub("", css).strip() + "\n"


def plain_script(script: str) -> str:
    """The script without the comment that points to a source map which we do not serve."""
    return SOURCE_MAP.sub("", script) + "\n"


# The style sheet of the design system comes last: the Makefile takes its time of change for that of them all.
COPIED: dict[str, Callable[[str], str]] = {
    "accessible-autocomplete/dist/accessible-autocomplete.min.js": plain_script,
    "accessible-autocomplete/dist/accessible-autocomplete.min.css": plain_style,
    "govuk-frontend/dist/govuk/govuk-frontend.min.js": plain_script,
    "govuk-frontend/dist/govuk/govuk-frontend.min.css": plain_style,
}


def copy_assets(packages: Path, vendor: Path) -> list[Path]:
    """Write what pages link to into `vendor`, and give the paths; FileNotFoundError says what is missing."""
    vendor.mkdir(parents=True, exist_ok=True)
    written = []
    for source, clean in COPIED.items():
        target = vendor / Path(source).name
        target.write_text(clean((packages / source).read_text(encoding="utf-8")), encoding="utf-8")
        written.append(target)
    return written


if __name__ == "__main__":
    try:
        copy_assets(PACKAGES, VENDOR)
    except FileNotFoundError as missing:
        sys.exit(f"Waymark: {missing.filename} is missing: run `npm ci --ignore-scripts` first.")
