"""The released agenda as other programs read it: as a schedule for conference apps, and as a table."""

from collections.abc import Sequence

from webapp.formats.schedule import Conference, Contributor, Day, Talk, Track
from webapp.formats.spreadsheets import Cell
from webapp.models.agenda import Contribution, Session
from webapp.models.events import Event
from webapp.models.operations import FileType
from webapp.services.imports.agenda_reading import part_text
from webapp.services.imports.files import as_file

RELEASED = (
    "Title", "Kind", "State", "Day", "Start", "End", "Stream", "Room", "Speakers", "Summary", "Description",
    "Themes", "Page",
)  # fmt: skip


def conference_of(event: Event, sessions: Sequence[Session], *, base_url: str) -> Conference:
    """The released agenda as a schedule; the event must have days, and the sessions be whole.

    Addresses are those without a slug, which never change, so that a renamed session keeps its numbers.
    """
    home = f"{base_url}/events/{event.public_id}"
    days = tuple(
        Day(date=day.date, talks=tuple(_talk(one, home, base_url) for one in sessions if one.day_id == day.id))
        for day in event.days
    )
    return Conference(title=event.title, acronym=event.hashtag or event.slug, url=home, zone=event.zone, days=days)


def released_file(event: Event, sessions: Sequence[Session], filetype: FileType, *, base_url: str) -> bytes:
    """The released agenda as a table."""
    return as_file(event.title, RELEASED, [_row(one, event, base_url) for one in sessions], filetype)


def _talk(session: Session, home: str, base_url: str) -> Talk:
    address = f"{home}/sessions/{session.public_id}"
    return Talk(
        address=address,
        title=session.title,
        url=address,
        starts=session.starts_at,
        ends=session.ends_at,
        room=session.room,
        track=Track(name=session.stream.name) if session.stream else None,
        kind=session.kind.value.capitalize(),
        summary=session.summary,
        description=session.description,
        language=session.language,
        contributors=_contributors(session, base_url),
        not_to_be_recorded=session.is_not_recorded,
        cancelled=session.is_cancelled,
    )


def _contributors(session: Session, base_url: str) -> tuple[Contributor, ...]:
    """Each once, whatever they do in it."""
    named = [_contributor(row, base_url) for row in session.contributions]
    return tuple({one.address: one for one in named}.values())


def _contributor(row: Contribution, base_url: str) -> Contributor:
    if row.speaker is not None:
        page = f"{base_url}/speakers/{row.speaker.public_id}"
        return Contributor(address=page, name=row.speaker.name, url=page)
    if row.organisation is None:
        raise ValueError("somebody contributes, or an organisation does")
    return Contributor(address=f"{base_url}/organisations/{row.organisation.public_id}", name=row.organisation.name)


def _row(session: Session, event: Event, base_url: str) -> list[Cell]:
    return [
        session.title,
        session.kind.value.capitalize(),
        session.state.value.capitalize(),
        session.day.date,
        f"{session.starts:%H:%M}" if session.starts else None,
        f"{session.ends:%H:%M}" if session.ends else None,
        session.stream.name if session.stream else None,
        session.room,
        "; ".join(
            part_text(
                one.speaker.name if one.speaker else "", one.organisation.name if one.organisation else "", one.role
            )
            for one in session.contributions
        ),
        session.summary,
        session.description,
        "; ".join(theme.name for theme in session.themes),
        f"{base_url}/events/{event.public_id}/sessions/{session.public_id}",
    ]
