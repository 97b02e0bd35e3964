"""Publications as everybody reads them; who looks after one sees in the same place what is not out yet."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

from flask import Response, render_template, request
from flask_login import current_user

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.downloads import as_picture
from webapp.blueprints.publications import bp
from webapp.blueprints.publications.showing import cited, open_survey, shown
from webapp.models.publications import Article, Publication
from webapp.queries import publications as queries
from webapp.templating import base_url

# When a feed was last changed in which nothing stands.
_NOTHING_YET = datetime(1970, 1, 1, tzinfo=UTC)


@bp.get("/publications")
@allow(Who.ANYONE)
def index() -> str:
    """All publications, each with its latest issue."""
    now = clock.now()
    return render_template("publications/index.html", publications=queries.publications_out(now=now))


@bp.get("/publications/<ref:publication>")
@allow(Who.ANYONE)
def show(publication: Ref) -> str:
    """A publication: its latest issue with what stands in it, and the issues before."""
    now = clock.now()
    found = queries.get_publication(publication.public_id, viewer=current_user, now=now)
    put_right(publication, found, ".show", publication=found)
    issues = queries.issues_out(found.id, now=now)
    return render_template(
        "publications/show.html",
        publication=found,
        issues=issues,
        contents=queries.articles_of(issues[0], now=now) if issues else [],
        is_mine=queries.looks_after(current_user, found),
    )


@bp.get("/publications/issues/<ref:issue>")
@allow(Who.ANYONE)
def issue(issue: Ref) -> str:
    """An issue: its cover, what it says first, and its contents."""
    now = clock.now()
    found = queries.get_issue(issue.public_id, viewer=current_user, now=now)
    put_right(issue, found, ".issue", issue=found)
    is_out = found.is_out(now)
    return render_template(
        "publications/issue.html",
        issue=found,
        publication=found.publication,
        contents=queries.articles_of(found, now=now, all_of_them=not is_out),
        others=[one for one in queries.issues_out(found.publication_id, now=now) if one.id != found.id],
        survey=open_survey(found, now=now),
        is_out=is_out,
        is_mine=queries.looks_after(current_user, found.publication),
    )


@bp.get("/publications/issues/<ref:issue>/print")
@allow(Who.ANYONE)
def whole(issue: Ref) -> str:
    """A whole issue on one page, to be printed or read without leaving it."""
    now = clock.now()
    found = queries.get_issue(issue.public_id, viewer=current_user, now=now)
    put_right(issue, found, ".whole", issue=found)
    is_out = found.is_out(now)
    articles = queries.whole_articles_of(found, now=now, all_of_them=not is_out)
    return render_template(
        "publications/whole.html",
        issue=found,
        publication=found.publication,
        articles=shown(articles, found, top=3),
        is_out=is_out,
    )


@bp.get("/publications/articles/<ref:article>")
@allow(Who.ANYONE)
def article(article: Ref) -> str:
    """An article, with the one before and the one after it in its issue."""
    now = clock.now()
    found = queries.get_article(article.public_id, viewer=current_user, now=now)
    put_right(article, found, ".article", article=found)
    is_out = found.is_out(found.issue, now)
    contents = queries.articles_of(found.issue, now=now, all_of_them=not is_out)
    before, after = _neighbours(contents, found)
    (one,) = shown([found], found.issue)
    return render_template(
        "publications/article.html",
        one=one,
        issue=found.issue,
        publication=found.issue.publication,
        contents=contents,
        before=before,
        after=after,
        citation=cited(found, found.issue),
        survey=open_survey(found.issue, now=now),
        stage=found.stage(found.issue, now),
        is_out=is_out,
        is_mine=queries.looks_after(current_user, found.issue.publication),
    )


@bp.get("/publications/pictures/<digest>.jpg")
@allow(Who.ANYONE)
def picture(digest: str) -> Response:
    """A figure or a cover."""
    file, is_public = queries.get_picture(digest, viewer=current_user, now=clock.now())
    return as_picture(file, public=is_public)


@bp.get("/publications.atom")
@allow(Who.ANYONE)
def feed() -> Response:
    """The articles of all publications that came out last, as a feed (RFC 4287)."""
    return _feed(None, queries.latest_articles(now=clock.now()))


@bp.get("/publications/<ref:publication>/articles.atom")
@allow(Who.ANYONE)
def feed_of(publication: Ref) -> Response:
    """The articles of one publication that came out last."""
    now = clock.now()
    found = queries.get_publication(publication.public_id, viewer=current_user, now=now)
    put_right(publication, found, ".feed_of", publication=found)
    return _feed(found, queries.latest_articles(now=now, publication_id=found.id))


def _feed(publication: Publication | None, articles: Sequence[Article]) -> Response:
    rows = [(one, one.comes_out_at(one.issue)) for one in articles]
    # What was corrected since is told as new by its own time.
    updated = max((max(at, one.updated_at) for one, at in rows if at), default=_NOTHING_YET)
    text = render_template(
        "publications/articles.atom", publication=publication, rows=rows, updated=updated, base=base_url()
    )
    response = Response(text, mimetype="application/atom+xml")
    response.headers["Cache-Control"] = "no-cache"
    response.set_etag(hashlib.sha256(text.encode()).hexdigest()[:32])
    response.make_conditional(request)
    return response


def _neighbours(contents: Sequence[Article], article: Article) -> tuple[Article | None, Article | None]:
    ids = [one.id for one in contents]
    at = ids.index(article.id)
    return (contents[at - 1] if at else None), (contents[at + 1] if at + 1 < len(contents) else None)
