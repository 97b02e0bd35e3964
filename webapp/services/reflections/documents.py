"""Reflections as documents: Word at once, PDF by the worker; nothing of them leaves the service by itself."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import delete

from webapp import transaction
from webapp.errors import DomainError
from webapp.extensions import db
from webapp.formats import papers
from webapp.formats.papers import Paper, Part, Passage, Section
from webapp.models.reflections import (
    Asked,
    Framework,
    Outcome,
    Reflection,
    ReflectionAnswer,
    ReflectionDocument,
    ReflectionEntry,
)
from webapp.queries import reflections as queries
from webapp.services import leases
from webapp.templating import british_date

KEPT = timedelta(days=1)
EMPTY_LINES = 6
NO_PDF = "PDFs cannot be made on this server. Take the Word document instead: every word processor opens it."
FAILED = "The PDF could not be made. Ask for it again, or take the Word document instead."


class PdfUnavailable(DomainError):
    """What PDFs are made with is missing on this machine."""

    code = "pdf_unavailable"
    message = NO_PDF


def can_make_pdf() -> bool:
    """Whether this machine has what PDFs are made with."""
    return papers.can_make_pdf()


def word_of(reflection: Reflection, *, now: datetime) -> bytes:
    """A reflection, with its framework, owner and team loaded, as a Word document."""
    return papers.to_word(_paper(reflection, now))


def blank_word(framework: Framework, asked: Asked, *, now: datetime) -> bytes:
    """What a framework asks as a Word document, with room to write by hand."""
    return papers.to_word(
        Paper(
            title=framework.title,
            about=[framework.summary],
            sections=[
                Section(
                    title=outcome.title,
                    about=[outcome.about],
                    parts=[Part(title=prompt.text) for prompt in outcome.prompts],
                )
                for outcome in asked.outcomes
            ],
            made_at=now,
            lines=EMPTY_LINES,
        )
    )


def request_pdf(reflection_id: int, *, person_id: int, now: datetime) -> ReflectionDocument:
    """Ask the worker for a PDF that only this person can fetch, for a day; asked twice while it is made, it is one.

    What they asked for of it before is deleted. Raises PdfUnavailable where it cannot be made.
    """
    if not papers.can_make_pdf():
        raise PdfUnavailable
    for earlier in queries.documents_of(reflection_id, person_id):
        if not earlier.finished_at and not earlier.failed_at and earlier.expires_at > now:
            return earlier
        db.session.delete(earlier)
    document = ReflectionDocument(
        reflection_id=reflection_id, person_id=person_id, requested_at=now, expires_at=now + KEPT
    )
    db.session.add(document)
    db.session.flush()
    db.session.info["paper_requested"] = True
    return document


def take_requested() -> bool:
    """Whether this unit asked for a document, asked for once after the commit."""
    return bool(db.session.info.pop("paper_requested", False))


def make_pending(clock: Callable[[], datetime], *, stopping: Callable[[], bool] = lambda: False) -> int:
    """Make the documents that were asked for, one after the other, and give how many were made.

    One that could not be made is tried three times; what broke it is raised. Several workers may do this at once.
    """

    def do(taken: leases.Taken) -> bool:
        made = _make(taken.key, clock())
        with transaction.unit():
            document = leases.find(WORK, taken)
            if document is not None and made is not None:
                document.content, document.finished_at, document.taken_until = made, clock(), None
            return document is not None and made is not None

    return leases.run(WORK, do, clock, stopping=stopping)


def forget_expired(*, now: datetime, limit: int) -> int:
    """Delete the documents that were kept for their day; gives how many."""
    ids = queries.expired_document_ids(now=now, limit=limit)
    if ids:
        db.session.execute(delete(ReflectionDocument).where(ReflectionDocument.id.in_(ids)))
    return len(ids)


def _make(document_id: int, now: datetime) -> bytes | None:
    """The PDF, made while no lock is held; None when the reflection is gone."""
    reflection = queries.find_reflection_of(document_id)
    paper = _paper(reflection, now) if reflection is not None else None
    db.session.rollback()
    try:
        return papers.to_pdf(paper) if paper else None
    except papers.PdfUnavailableError as error:
        raise PdfUnavailable from error


def _paper(reflection: Reflection, now: datetime) -> Paper:
    entries = queries.entries_of(reflection.id)
    asked = queries.asked_in(reflection.framework_id, {entry.asked_number for entry in entries})
    answers = queries.answers_of([entry.id for entry in entries])
    by = f"By {reflection.team.name}" if reflection.team else f"By {reflection.owner.name}"
    about = [f"{reflection.framework.title}. {by}."]
    if entries:
        first, last = british_date(entries[0].held_on), british_date(entries[-1].held_on)
        about.append(first if first == last else f"{first} to {last}")
    sections = [
        Section(
            title=outcome.title,
            about=[outcome.about],
            parts=[
                Part(title=prompt.text, passages=list(_passages(prompt.no, prompt.text, entries, asked, answers)))
                for prompt in outcome.prompts
            ],
        )
        for outcome in outcomes_of(asked)
    ]
    return Paper(title=reflection.title, about=about, sections=sections, made_at=now)


def outcomes_of(asked: dict[int, Asked]) -> list[Outcome]:
    """All outcomes and prompts that some version asks, each as asked last; those asked no more come at the end."""
    outcomes: dict[int, Outcome] = {}
    seen: set[int] = set()
    for number in sorted(asked, reverse=True):
        for outcome in asked[number].outcomes:
            missing = tuple(prompt for prompt in outcome.prompts if prompt.no not in seen)
            seen |= {prompt.no for prompt in missing}
            if outcome.no not in outcomes:
                outcomes[outcome.no] = Outcome(no=outcome.no, title=outcome.title, about=outcome.about, prompts=missing)
            elif missing:
                kept = outcomes[outcome.no]
                outcomes[outcome.no] = Outcome(
                    no=kept.no, title=kept.title, about=kept.about, prompts=(*kept.prompts, *missing)
                )
    return list(outcomes.values())


def wording_of(asked: Asked, prompt: int) -> str:
    """How a version words a prompt; empty where it does not ask it."""
    return next((one.text for one in asked.prompts if one.no == prompt), "")


def heading_of(entry: ReflectionEntry) -> str:
    """The day of an entry and what it was about."""
    return f"{british_date(entry.held_on)}: {entry.title}" if entry.title else british_date(entry.held_on)


def _passages(
    prompt: int,
    now_asked: str,
    entries: list[ReflectionEntry],
    asked: dict[int, Asked],
    answers: dict[int, dict[int, ReflectionAnswer]],
) -> Iterator[Passage]:
    for entry in entries:
        answer = answers[entry.id].get(prompt)
        if answer is not None and answer.text:
            wording = wording_of(asked[entry.asked_number], prompt)
            then = f" (asked then: {wording})" if wording and wording != now_asked else ""
            yield Passage(heading=heading_of(entry) + then, text=answer.text)


def _begin(document: ReflectionDocument) -> None:
    document.content = None


def _fail(document: ReflectionDocument, problem: str, now: datetime) -> None:
    document.failed_at, document.problem = now, problem or FAILED


WORK = leases.Work(
    next_row=queries.lock_next_document,
    row=queries.lock_document,
    key=lambda document: document.id,
    begin=_begin,
    fail=_fail,
    failed=FAILED,
)
