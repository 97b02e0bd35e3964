"""The rehearsal: every letter of an event's life, in order, before anyone else sees one."""

from collections.abc import Mapping

from flask import Response, current_app, render_template, request
from flask_login import current_user

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref
from webapp.blueprints.mailings import words as letter_words
from webapp.blueprints.manage.mailings import bp, words
from webapp.blueprints.manage.mailings.previewing import framing, in_frame
from webapp.errors import NotFound
from webapp.formats.messages import Opened, entries, opened, parsed
from webapp.models.accounts import Power
from webapp.models.events import Event
from webapp.models.wordings import LetterWording
from webapp.queries import to_many as queries
from webapp.queries.events import get_managed_event
from webapp.queries.wordings import wordings_of_event
from webapp.services import to_many as services
from webapp.services.to_many import Step, Story
from webapp.services.wordings import Words


@bp.get("/rehearsal")
@allow(Who.ORGANISER)
def rehearsal(event: Ref) -> str:
    """What one invented person would be sent, with what looks like a slip."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.SEE_REGISTRATIONS)
    story, steps = _rehearsed(found)
    mailings, reworded = queries.mailings_of(found.id), wordings_of_event(found)
    return render_template(
        "manage/mailings/rehearsal.html",
        event=found,
        story=story,
        stories=services.stories_at(found),
        steps=[(step, _letter(step, reworded)) for step in steps],
        warnings=services.warnings(found, mailings, now=clock.now()),
        unused=services.not_taken_up(mailings),
        words=words,
    )


@bp.get("/rehearsal/<int:number>")
@allow(Who.ORGANISER)
def rehearsed(event: Ref, number: int) -> Response:
    """One of its letters as it would be, with its calendar entry."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.SEE_REGISTRATIONS)
    story, steps = _rehearsed(found)
    step, letter = _chosen(found, steps, number)
    page = render_template(
        "manage/mailings/rehearsed.html",
        event=found,
        story=story,
        step=step,
        number=number,
        letter=letter,
        entries=entries(letter.calendar),
        words=words,
        letter_words=letter_words,
    )
    return framing(page)


@bp.get("/rehearsal/<int:number>/html")
@allow(Who.ORGANISER)
def rehearsed_html(event: Ref, number: int) -> Response:
    """Its HTML by itself, for the frame."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.SEE_REGISTRATIONS)
    return in_frame(_chosen(found, _rehearsed(found)[1], number)[1].html)


def _rehearsed(event: Event) -> tuple[Story, list[Step]]:
    stories = services.stories_at(event)
    story = next((one for one in stories if one.key == request.args.get("story")), stories[0])
    return story, services.rehearse(event, queries.mailings_of(event.id), story, now=clock.now())


def _chosen(event: Event, steps: list[Step], number: int) -> tuple[Step, Opened]:
    step = steps[number - 1] if 0 < number <= len(steps) else None
    letter = _letter(step, wordings_of_event(event)) if step else None
    if step is None or letter is None:
        raise NotFound
    return step, letter


def _letter(step: Step, reworded: Mapping[str, LetterWording]) -> Opened | None:
    if step.notice is None:
        return None
    own = reworded.get(step.notice.name)
    words_of = Words(own.subject, own.body) if own else None
    return opened(parsed(services.made(step.notice, current_app.config["SETTINGS"], at=step.at, reworded=words_of)))
