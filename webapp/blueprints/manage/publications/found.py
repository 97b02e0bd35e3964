"""An issue read in from a document: sent, looked at and corrected, then made a draft as a whole."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints import uploads
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.downloads import files_folder
from webapp.blueprints.forms import error_list
from webapp.blueprints.manage.publications import bp
from webapp.blueprints.manage.publications.doors import Answer, holder, managed
from webapp.blueprints.manage.publications.found_forms import FoundForm, ReadInForm, found_form
from webapp.errors import NotFound
from webapp.folding import clean_line, fold
from webapp.formats.journals import WANTED, Article, Reading, UnreadableJournalError, read_journal, without_marks
from webapp.models.publications import Publication
from webapp.models.speakers import Speaker
from webapp.queries import publications as queries
from webapp.services import files
from webapp.services import publications as services
from webapp.services.publications import importing
from webapp.transaction import attempt

PASTED = "Pasted text"
GONE = "The document is no longer kept here. Choose it again."
_FIRST_WORDS, _LONGEST_FILE_NAME, _LONGEST_SHOWN = 160, 120, 160


class Shown(NamedTuple):
    """An article as the page shows it: with the title in the contents, where that is another."""

    article: Article
    listed: str
    words: int
    first: str
    known: Sequence[Speaker]
    is_repeated: bool
    told: Sequence[str]
    title: str
    texts: Sequence[str]


@bp.route("/<ref:publication>/read-in", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def read_in(publication: Ref) -> Answer:
    """Send a document that holds an issue; what was found in it is shown next."""
    uploads.expect(WANTED.most_bytes, "A document")
    row = managed(publication)
    put_right(publication, row, ".read_in", publication=row)
    form = ReadInForm()
    if not form.validate_on_submit():
        return _page(row, form), 422 if form.is_submitted() else 200
    name = getattr(form.file.data, "filename", "") or ""
    if name:
        with form.file.data.stream as stream:
            content = stream.read()
    else:
        name, content = PASTED, (form.text.data or "").encode()
    try:
        read_journal(content)
    except UnreadableJournalError as unreadable:
        return _page(row, form, str(unreadable)), 422
    written = files.write(content, "application/octet-stream", folder=files_folder(), now=clock.now())
    receipt = files.receipt(written, row.public_id, holder())
    return redirect(url_for(".found", publication=row, document=receipt, name=clean_line(name)[-_LONGEST_FILE_NAME:]))


@bp.route("/<ref:publication>/read-in/found", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def found(publication: Ref) -> Answer:
    """What was found in a document; corrected, it becomes a draft issue, all of it or nothing."""
    row = managed(publication)
    receipt, name = request.args.get("document", ""), clean_line(request.args.get("name", ""))[-_LONGEST_FILE_NAME:]
    try:
        path = files.redeem_path(receipt, row.public_id, holder(), folder=files_folder())
        reading = read_kept(path)
    except (NotFound, UnreadableJournalError):
        return _page(row, ReadInForm(formdata=None), GONE), 422
    form = found_form(importing.suggested(reading), _held(row, reading))
    if not form.validate_on_submit():
        return _found_page(row, reading, form, name), 422 if form.is_submitted() else 200
    now, actor = clock.now(), current_user.actor
    written = files.write(path.read_bytes(), "application/octet-stream", folder=files_folder(), now=now)
    source = written, "" if name == PASTED else name
    try:
        with attempt():
            made = importing.read_in(row.id, reading, source, form.chosen(), form.words(), actor=actor, now=now)
    except services.PublicationRefused as refused:
        return _found_page(managed(publication), reading, form, name, refused.message), refused.status
    flash("The issue is a draft now. Look at each article before you publish it.", "success")
    return redirect(url_for(".issue", issue=made))


@lru_cache(maxsize=4)
def read_kept(path: Path) -> Reading:
    """What a document says, read once for all the times that its page is asked for and its form is sent.

    What lies at a path never changes: its name is the hash of its content. Each process reads it for itself.
    """
    return read_journal(path.read_bytes())


def _held(publication: Publication, reading: Reading) -> dict[str, object]:
    words = importing.issue_words(reading)
    number = words.number
    if number is None or queries.find_numbered(publication.id, number) is not None:
        number = queries.last_number(publication.id) + 1
    return {
        "title": words.title,
        "number": number,
        "season": words.season,
        "acknowledgements": words.acknowledgements,
    }


def _page(publication: Publication, form: ReadInForm, problem: str = "") -> str:
    return render_template(
        "manage/publications/read_in.html",
        publication=publication,
        form=form,
        errors=[{"text": problem, "href": f"#{form.file.id}"}] if problem else error_list(form),
        file_problem=problem or "; ".join(str(error) for error in form.file.errors),
        most=WANTED.most_bytes // 2**20,
    )


def _found_page(publication: Publication, reading: Reading, form: FoundForm, name: str, problem: str = "") -> str:
    return render_template(
        "manage/publications/found.html",
        publication=publication,
        reading=reading,
        form=form,
        shown=list(zip(form.rows, _shown(reading), strict=True)),
        told=[*(importing.told(reading, remark) for remark in reading.remarks), *importing.left_over(reading)],
        name=name,
        errors=[{"text": problem, "href": ""}] if problem else error_list(form),
    )


def _texts(article: Article) -> list[str]:
    """All that an article says, paragraph by paragraph."""
    title = article.title if len(article.title) > _LONGEST_SHOWN else ""
    above = [title, article.standfirst, *article.body.split("\n\n"), *(f"• {message}" for message in article.messages)]
    again = [f"“{without_marks(quote.words)}” {quote.who}".strip() for quote in article.quotes if quote.repeats]
    return [text for text in (*above, *again) if text]


def _cut(title: str) -> str:
    return title if len(title) <= _LONGEST_SHOWN else f"{title[:_LONGEST_SHOWN]}…"


def _shown(reading: Reading) -> list[Shown]:
    names = [author.name for article in reading.articles for author in article.authors]
    known = queries.speakers_called(names) if names else {}
    listed = {entry.article: entry.title for entry in reading.entries if entry.article is not None}
    shown = []
    for place, article in enumerate(reading.articles):
        entry = listed.get(place, "")
        words = " ".join([article.body, *article.messages]).split()
        first = " ".join(words[:40])
        if len(first) > _FIRST_WORDS or len(words) > 40:
            first = f"{first[:_FIRST_WORDS].rsplit(' ', 1)[0]} …"
        meant = [one for author in article.authors for one in known.get(fold(author.name)[:200], ())]
        listed_as = "" if fold(entry) == fold(article.title) else _cut(entry)
        told = [importing.told(reading, remark) for remark in article.remarks]
        again = importing.repeats_contents(reading, place)
        shown.append(
            Shown(article, listed_as, len(words), first, meant, again, told, _cut(article.title), _texts(article))
        )
    return shown
