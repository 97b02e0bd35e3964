"""Publications and their issues: made, described, given a cover; and draft issues made with all their articles."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from webapp.extensions import db
from webapp.folding import slug
from webapp.models.accounts import Actor
from webapp.models.publications import MOST_ARTICLES, MOST_MESSAGES, Issue, Publication, Remark, WritingState
from webapp.queries import publications as queries
from webapp.services import files
from webapp.services.publications.articles import begin
from webapp.services.publications.recording import PublicationRefused, changed, check_version, note
from webapp.services.publications.words import DraftArticle, IssueWords, PublicationWords


def create(
    programme_id: int, words: PublicationWords, *, actor: Actor, now: datetime, demonstration: bool = False
) -> Publication:
    """A new publication of a programme; nobody else sees it before an issue is out."""
    row = Publication(
        slug=slug(words.title),
        programme_id=programme_id,
        title=words.title,
        description=words.description,
        demonstration=demonstration,
        version=1,
        created_at=now,
        updated_at=now,
    )
    db.session.add(row)
    db.session.flush()
    note("publication_created", row, actor=actor, now=now)
    return row


def describe(publication_id: int, words: PublicationWords, *, version: int, actor: Actor, now: datetime) -> Publication:
    """Change what a publication is called and what it is; raises PublicationChanged."""
    row = queries.lock_publication(publication_id)
    if (row.title, row.description) == (words.title, words.description):
        return row
    check_version(row, version)
    changes = {} if row.title == words.title else {"title": [row.title, words.title]}
    row.title, row.description, row.slug = words.title, words.description, slug(words.title)
    changed("publication_changed", row, actor=actor, now=now, changes=changes)
    return row


def draft_issue(
    publication_id: int,
    words: IssueWords,
    articles: Sequence[DraftArticle] = (),
    *,
    actor: Actor,
    now: datetime,
    source: tuple[files.Written, str] | None = None,
    remarks: Sequence[Remark] = (),
) -> Issue:
    """A draft of an issue with these articles in their order, all drafts.

    `source` is the file that it was read from and its name, `remarks` what an editor has to look at. Raises
    PublicationRefused where there are too many articles, or an issue has that number.
    """
    publication = queries.lock_publication(publication_id)
    if len(articles) > MOST_ARTICLES:
        raise PublicationRefused(f"An issue has {MOST_ARTICLES} articles at most.")
    number = words.number if words.number is not None else queries.last_number(publication.id) + 1
    _check_number(publication.id, number)
    row = Issue(
        publication_id=publication.id,
        slug=slug(words.title),
        number=number,
        title=words.title,
        season=words.season,
        introduction=words.introduction,
        acknowledgements=words.acknowledgements,
        key_messages=list(words.key_messages[:MOST_MESSAGES]),
        survey_id=words.survey_id,
        state=WritingState.DRAFT,
        zone="Europe/London",
        source_id=files.keep(source[0], now=now).id if source else None,
        source_name=source[1] if source else "",
        remarks=list(remarks),
        version=1,
        created_at=now,
        updated_at=now,
    )
    db.session.add(row)
    db.session.flush()
    for position, article in enumerate(articles, start=1):
        begin(row, article, position=position, actor=actor, now=now)
    db.session.flush()
    note("issue_created", row, actor=actor, now=now, articles=len(articles))
    return row


def describe_issue(issue_id: int, words: IssueWords, *, version: int, actor: Actor, now: datetime) -> Issue:
    """Change what an issue says of itself. Raises PublicationChanged, and PublicationRefused for a number taken."""
    row = queries.lock_issue(issue_id)
    said: dict[str, Any] = {
        "title": words.title,
        "number": words.number if words.number is not None else row.number,
        "season": words.season,
        "introduction": words.introduction,
        "acknowledgements": words.acknowledgements,
        "key_messages": list(words.key_messages),
        "survey_id": words.survey_id,
    }
    before = {name: getattr(row, name) for name in said}
    changes = {name: [before[name], now_said] for name, now_said in said.items() if before[name] != now_said}
    if not changes:
        return row
    check_version(row, version)
    if "number" in changes:
        _check_number(row.publication_id, said["number"])
    for name, value in said.items():
        setattr(row, name, value)
    row.slug = slug(words.title)
    # Of long texts only that they changed; they are theirs to read who may.
    brief = {name: both if name in {"title", "number", "season"} else [] for name, both in changes.items()}
    changed("issue_changed", row, actor=actor, now=now, changes=brief)
    return row


def tick_off(issue_id: int, no: int, *, actor: Actor, now: datetime) -> Issue:
    """Note that somebody looked at what a remark tells, by its place among all; raises PublicationRefused for none."""
    row = queries.lock_issue(issue_id)
    if not 0 <= no < len(row.remarks):
        raise PublicationRefused("Choose one of the things to look at.")
    if not row.remarks[no].get("done"):
        row.remarks = [{**one, "done": True} if place == no else one for place, one in enumerate(row.remarks)]
        note("issue_remark_done", row, actor=actor, now=now)
    return row


def set_cover(
    issue_id: int, picture: files.Written | None, alt: str | None, *, actor: Actor, now: datetime, removes: bool = False
) -> Issue:
    """Give an issue this picture on its cover, say of the one it has what it shows, or take it away.

    `alt` is None while nobody described it, and empty where it only decorates.
    """
    row = queries.lock_issue(issue_id)
    cover_id = files.keep(picture, now=now).id if picture else row.cover_id
    if removes or cover_id is None:
        cover_id = alt = None
    if (row.cover_id, row.cover_alt) == (cover_id, alt):
        return row
    row.cover_id, row.cover_alt = cover_id, alt
    changed("issue_cover_changed", row, actor=actor, now=now)
    return row


def _check_number(publication_id: int, number: int) -> None:
    # The publication or its issue is locked; behind it stands a unique constraint.
    if queries.find_numbered(publication_id, number) is not None:
        raise PublicationRefused(f"There is an issue {number} already. Give this one another number.")
