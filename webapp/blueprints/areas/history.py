"""How a profile came to say what it does: each change, who made it, and what it took out and put in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref
from webapp.blueprints.areas import bp
from webapp.blueprints.areas.doors import Answer, kept_area
from webapp.blueprints.areas.showing import strands_told
from webapp.blueprints.forms import ButtonForm, page_number
from webapp.blueprints.manage.publications.settling import marked
from webapp.blueprints.reflections.differences import Piece
from webapp.models.areas import Area, AreaVersion
from webapp.queries import area_profiles as queries
from webapp.services import area_profiles as services
from webapp.transaction import attempt

_FIELDS = {"summary": "In short", "conditions": "What was there already"}
_PARTS = {"model": "the local model", "features": "key features", "challenges": "key challenges"}
_DID = {
    "contacts": "Changed whom to ask",
    "document_added": "Added the document",
    "document_changed": "Changed the document",
    "document_replaced": "Put a newer version in the place of the document",
    "document_withdrawn": "Took away the document",
}
_ERASED = "(erased)"


@dataclass(frozen=True)
class Step:
    """One change of a profile: what was done, and of each field that was changed what it is called and what changed."""

    version: AreaVersion
    did: str
    changes: Sequence[tuple[str, Sequence[Piece]]]

    @property
    def title(self) -> str:
        """Of which document, if it was one."""
        return str(self.version.content.get("title", ""))

    @property
    def is_erased(self) -> bool:
        """Whether what stood before is gone for good."""
        return bool(self.version.content.get("erased"))

    @property
    def may_be_erased(self) -> bool:
        """Whether anything is kept of what stood before."""
        return not self.is_erased and any((self.title, *self.version.content.get("said", {}).values()))


@bp.get("/<ref:area>/history")
@allow(Who.SIGNED_IN)
def history(area: Ref) -> str:
    """The changes of the profile, latest first, for those who keep it."""
    found = kept_area(area, "history")
    shown = queries.find_versions(found.id, page=page_number(request.args.get("page", "")))
    oldest = shown.rows[-1].number if shown.rows else found.version
    steps = list(_steps(found, queries.versions_since(found.id, oldest)))
    return render_template(
        "areas/history.html",
        area=found,
        shown=shown,
        steps=steps[len(steps) - len(shown.rows) :],
        query=lambda page: f"page={page}",
    )


@bp.route("/<ref:area>/history/<int:number>/erase", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def erase(area: Ref, number: int) -> Answer:
    """Ask whether what stood before a change is to be erased for good, and do it."""
    found = kept_area(area, "erase", number=number)
    queries.get_version(found.id, number)
    (step,) = list(_steps(found, queries.versions_since(found.id, number)))[-1:]
    form = ButtonForm()
    if not form.validate_on_submit():
        page = render_template("areas/erase.html", area=found, step=step, problem=form.problem)
        return page, 422 if form.is_submitted() else 200
    with attempt():
        services.erase_version(found.id, number, actor=current_user.actor, now=clock.now())
    flash("What stood before that change is erased.", "success")
    return redirect(url_for(".history", area=found, _anchor=f"v-{number}"))


def _steps(area: Area, versions: Sequence[AreaVersion]) -> Iterator[Step]:
    """The changes in their order, latest first; they must go on to the present."""
    told = strands_told(area)
    names = {theme.public_id: theme.name for theme, _ in told}
    after: dict[str, Any] = {"summary": area.summary, "conditions": area.conditions}
    for theme, strand in told:
        for part in _PARTS:
            after[f"{theme.public_id} {part}"] = getattr(strand, part) if strand else ""
    for version in versions:
        said: Mapping[str, Any] = version.content.get("said", {})
        changes = [(_called(name, names), _compared(before, after.get(name, ""))) for name, before in said.items()]
        yield Step(version, _DID.get(version.content.get("did", ""), ""), changes)
        after |= said


def _called(name: str, strands: Mapping[str, str]) -> str:
    theme, _, part = name.partition(" ")
    return f"{strands.get(theme, 'A strand')}: {_PARTS[part]}" if part in _PARTS else _FIELDS.get(name, name)


def _compared(before: Any, after: Any) -> Sequence[Piece]:
    """What was taken out and put in: of points each as a whole, of prose its words, unless it was written anew."""
    if isinstance(before, list) or isinstance(after, list):
        return list(_points(_listed(before), _listed(after)))
    pieces = marked(_ERASED if before is None else before, _ERASED if after is None else after)
    if [one.kind for one in pieces] == ["removed", "added"]:
        return [pieces[0], Piece("same", "\n"), pieces[1]]
    return pieces


def _points(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        ways = (("same", after[c:d]),) if kind == "equal" else (("removed", before[a:b]), ("added", after[c:d]))
        for way, some in ways:
            for one in some:
                yield Piece(way, one)
                yield Piece("same", "\n")


def _listed(value: Any) -> Sequence[str]:
    return [_ERASED] if value is None else value or []
