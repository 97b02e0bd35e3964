"""Every dependency is locked by its hash, and nothing committed says where packages are fetched from."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.memory

ROOT = Path(__file__).resolve().parents[2]
LOCKED = ["requirements", "requirements-run", "requirements-test", "requirements-node"]
# In parts, so that this file does not hold what it looks for.
REGISTRY_HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("deb", "debian", "org"),
        ("security", "debian", "org"),
    )
]


def folded(name):
    """The name as the lock files write it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def wanted(name):
    """The packages that an .in file names, with those of the files it takes in."""
    found = set()
    for line in (ROOT / f"{name}.in").read_text().splitlines():
        if line.startswith("-r "):
            found |= wanted(line.removeprefix("-r ").removesuffix(".in"))
        elif line and not line.startswith("#"):
            found.add(folded(re.match(r"[\w.-]+", line)[0]))
    return found


def locked(name):
    """The requirements of a lock file, by name: version, and all the lines that belong to it."""
    text = (ROOT / f"{name}.txt").read_text()
    entries = re.findall(r"^(([\w.-]+)(?:\[[\w,-]+\])?==([^\s;]+)[^\n]*\n(?:[ \t]+[^\n]*\n)*)", text, re.MULTILINE)
    assert "".join(entry for entry, _, _ in entries) == text, "a line that is no pinned requirement"
    return [(folded(found), version, entry) for entry, found, version in entries]


@pytest.mark.parametrize("name", LOCKED)
def test_lock_pins_all_that_is_asked_for_with_hashes_and_no_address(name):
    entries = locked(name)
    assert wanted(name) - {found for found, _, _ in entries} == set()
    assert [found for found, _, entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in (ROOT / f"{name}.txt").read_text()


def test_what_is_tested_is_what_runs():
    in_test = {(found, version) for found, version, _ in locked("requirements-test")}
    for name in ("requirements", "requirements-run"):
        assert {(found, version) for found, version, _ in locked(name)} - in_test == set()


def test_assets_are_locked_with_hashes_and_no_address():
    text = (ROOT / "package-lock.json").read_text()
    lock = json.loads(text)
    asked = json.loads((ROOT / "package.json").read_text())
    assert "://" not in text
    assert lock["packages"][""]["dependencies"] == asked["dependencies"]
    fetched = {path: package for path, package in lock["packages"].items() if path}
    assert {f"node_modules/{name}" for name in asked["dependencies"]} <= set(fetched)
    assert [path for path, package in fetched.items() if "integrity" not in package] == []
    assert "scripts" not in asked


@pytest.mark.skipif(
    not (shutil.which("git") and (ROOT / ".git").exists()),
    reason="not a checkout: what is committed is not known",
)
def test_no_committed_file_names_a_package_registry():
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    found = [
        (str(path.relative_to(ROOT)), host)
        for path in paths
        if path.is_file()
        for host in REGISTRY_HOSTS
        if host.encode() in path.read_bytes()
    ]
    assert paths
    assert found == []
