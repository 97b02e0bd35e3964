"""Two who change one text at once: what does not overlap is brought together, what does is for people to choose.

A passage that both changed travels with the page, so that the choice is taken whatever was saved in between.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.blueprints.manage.publications.article_forms import WritingForm
from webapp.blueprints.reflections.differences import Piece, compare
from webapp.formats import paragraphs
from webapp.models.publications import Article
from webapp.queries import publications as queries
from webapp.services.publications import PublicationChanged

MINE, THEIRS = "mine", "theirs"
# What is longer is compared as a whole: comparing takes the square of the number of lines.
_MOST_LINES = 500
# Where less than this part of a passage is left, the words between the marks say nothing.
_LEAST_SAME = 4
_MOST_PASSAGES = 200


@dataclass(frozen=True)
class Passage:
    """Some paragraphs that both changed, with what each made of them marked; `shown` says whose stand in the text."""

    no: int
    before: Sequence[str]
    mine: Sequence[str]
    theirs: Sequence[str]
    shown: str

    @property
    def carried(self) -> str:
        """The passage as the page carries it along."""
        said = {"before": self.before, MINE: self.mine, THEIRS: self.theirs, "shown": self.shown}
        return json.dumps(said, ensure_ascii=False)

    @property
    def by_me(self) -> Sequence[Piece]:
        """What I changed."""
        return marked(paragraphs.joined(self.before), paragraphs.joined(self.mine))

    @property
    def by_them(self) -> Sequence[Piece]:
        """What they changed."""
        return marked(paragraphs.joined(self.before), paragraphs.joined(self.theirs))


@dataclass(frozen=True)
class Together:
    """What two made of one text: what only the other changed, with marks, and what both changed."""

    taken_in: Sequence[Sequence[Piece]]
    passages: Sequence[Passage]


def asked(together: Together, status: int) -> list[dict[str, str]]:
    """What the summary of errors asks about passages that two have just changed, leading to the first."""
    if not together.passages or status != PublicationChanged.status:
        return []
    sentence = "Somebody else changed the same passages. Choose which are to stand, and save"
    return [{"text": sentence, "href": f"#passage{together.passages[0].no}-{MINE}"}]


def marked(before: str, after: str) -> Sequence[Piece]:
    """What was added to a text and taken out of it; of one that was rewritten, all of both."""
    whole = [one for one in (Piece("removed", before), Piece("added", after)) if one.text]
    if max(before.count("\n"), after.count("\n")) > _MOST_LINES:
        return whole
    pieces = compare(before, after)
    same = sum(len(one.text.strip()) for one in pieces if one.kind == "same")
    return pieces if same * _LEAST_SAME >= max(len(before), len(after)) else whole


def changed_passages(before: str, after: str) -> list[Sequence[Piece]]:
    """The paragraphs of a text that were changed, each with its marks; those that stayed are left out."""
    return [
        marked(paragraphs.joined(one.before), paragraphs.joined(one.theirs))
        for one in paragraphs.merge(before, before, after)
        if one.is_theirs
    ]


def bring_together(form: WritingForm, article: Article) -> Together | None:
    """Let the form hold what both made of the text; None where one of the two left it as it was.

    `article` is as it stands now, and the form says which version it was opened with.
    """
    kept = queries.find_version_at(article.id, form.version.data or 0)
    if kept is None:
        return None
    before, mine, theirs = str(kept.said["body"]), form.body.data or "", article.body
    if before in (mine, theirs) or mine == theirs:
        return None
    stretches = paragraphs.merge(before, mine, theirs)
    form.body.data = paragraphs.joined([one for stretch in stretches for one in stretch.shown])
    form.apart = form.apart | {"body"}
    open_ones = [one for one in stretches if not one.is_settled]
    passages = [
        Passage(no, one.before, one.mine, one.theirs, THEIRS if one.shown == one.theirs else MINE)
        for no, one in enumerate(open_ones, start=1)
    ]
    taken_in = [
        marked(paragraphs.joined(one.before), paragraphs.joined(one.theirs)) for one in stretches if one.is_theirs
    ]
    return Together(taken_in, passages)


def settle(form: WritingForm, sent: Mapping[str, str]) -> list[Passage]:
    """Take in the text what was chosen of each passage; gives those that were changed by hand as well."""
    text, left = list(paragraphs.parted(form.body.data or "")), []
    for no in range(1, _MOST_PASSAGES + 1):
        passage = _carried(no, sent.get(f"passage{no}", ""))
        if passage is None:
            break
        chosen = sent.get(f"passage{no}_take", passage.shown)
        if chosen not in (MINE, THEIRS) or chosen == passage.shown:
            continue
        there = list(passage.mine if passage.shown == MINE else passage.theirs)
        other = passage.theirs if chosen == THEIRS else passage.mine
        places = [at for at in range(len(text)) if text[at : at + len(there)] == there]
        if not there or len(places) != 1:
            left.append(passage)
            continue
        text[places[0] : places[0] + len(there)] = other
        form.body.data = paragraphs.joined(text)
    return left


def _carried(no: int, value: str) -> Passage | None:
    try:
        said: Any = json.loads(value)
        before, mine, theirs = ([str(one) for one in said[name]] for name in ("before", MINE, THEIRS))
        return Passage(no, before, mine, theirs, THEIRS if said["shown"] == THEIRS else MINE)
    except (ValueError, RecursionError, KeyError, TypeError):
        return None
