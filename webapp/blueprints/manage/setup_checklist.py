"""The checklist of an event: what is there, what is missing, and why; computed each time, never stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask import current_app, url_for

from webapp.models.events import Event, Format, Mode
from webapp.queries.checklists import Numbers
from webapp.services.events import lacks
from webapp.templating import british_moment, date_range


class Tag(StrEnum):
    """How one item of the checklist stands."""

    DONE = "Done"
    TO_DO = "To do"
    OPTIONAL = "Optional"
    ATTENTION = "Needs attention"

    @property
    def colour(self) -> str:
        return {"Done": "", "To do": "blue", "Optional": "grey", "Needs attention": "orange"}[self]


@dataclass(frozen=True)
class Item:
    """One item: its name, its page, how it stands, and what is to be said of it."""

    text: str
    address: str
    tag: Tag
    words: str


@dataclass(frozen=True)
class Group:
    """Items under one heading."""

    heading: str
    items: Sequence[Item]


def checklist(event: Event, numbers: Numbers, outside: Sequence[str], now: datetime) -> list[Group]:
    """What is there and what is missing, in the order in which people set an event up."""
    missing = {lack.page: lack.sentence for lack in lacks(event, now)}
    needed = [
        _needed(event, "About", "about", missing, event.summary),
        _days(event, missing, outside),
        _needed(event, "Place and format", "place", missing, _place(event)),
        _needed(event, "Contact", "contact", missing, f"{event.organiser_name}, {event.organiser_email}"),
    ]
    later = [_registration(event, now), _questions(event), _joining(event, now), _description(event)]
    later += [_agenda(event, numbers), _people(event, numbers)]
    afterwards = [_afterwards(event, now), _materials(event, numbers), _recordings(event, numbers)]
    return [
        Group("What visitors cannot do without", needed),
        Group("Before people come", later),
        Group("Afterwards", afterwards),
    ]


def _item(event: Event, text: str, endpoint: str, tag: Tag, words: str) -> Item:
    return Item(text, url_for(f"manage.setup.{endpoint}", event=event), tag, words)


def _needed(event: Event, text: str, page: str, missing: dict[str, str], words: str) -> Item:
    if page in missing:
        return _item(event, text, page, Tag.TO_DO, missing[page])
    return _item(event, text, page, Tag.DONE, words)


def _days(event: Event, missing: dict[str, str], outside: Sequence[str]) -> Item:
    if "days" not in missing and outside:
        more = f", and {len(outside) - 1} more" if len(outside) > 1 else ""
        return _item(event, "Days and hours", "days", Tag.ATTENTION, f"{outside[0]}{more}")
    return _needed(event, "Days and hours", "days", missing, date_range(event.starts_on, event.ends_on))


def _place(event: Event) -> str:
    return f"{event.format.label}: {event.venue}" if event.venue else event.format.label


def _registration(event: Event, now: datetime) -> Item:
    text, opens, closes = "Registration", event.registration_opens_at, event.registration_closes_at
    if not event.takes_registrations:
        return _item(event, text, "registration", Tag.DONE, "Nobody registers here")
    if closes and closes > event.ends_at:
        return _item(event, text, "registration", Tag.ATTENTION, "Registration closes after the event has ended")
    if opens and opens >= event.starts_at:
        return _item(event, text, "registration", Tag.ATTENTION, "Registration opens only when the event begins")
    if closes and closes <= now < event.starts_at:
        return _item(event, text, "registration", Tag.ATTENTION, "Registration has closed, and the event has not begun")
    limits = [places.capacity for places in event.places if places.mode in event.modes]
    if Mode.IN_PERSON in event.modes and any(
        places.capacity is None for places in event.places if places.mode is Mode.IN_PERSON
    ):
        return _item(event, text, "registration", Tag.ATTENTION, "There is no limit to the places in person")
    places = "no limit to the places" if None in limits else f"{sum(limit or 0 for limit in limits):,} places"
    if opens and now < opens:
        opening = f"Opens {british_moment(opens, event.zone)}, {places}"
        return _item(event, text, "registration", Tag.DONE, opening)
    until = british_moment(closes, event.zone) if closes else "the end of the event"
    return _item(event, text, "registration", Tag.DONE, f"Open until {until}, {places}")


def _joining(event: Event, now: datetime) -> Item:
    text = "Joining instructions"
    if event.joining_url or event.joining_instructions:
        if event.joining_from and event.joining_from > event.starts_at:
            return _item(event, text, "place", Tag.ATTENTION, "They are shown only after the event has begun")
        when = british_moment(event.joining_from, event.zone) if event.joining_from else "now"
        shown = "shown" if event.joining_from is None or event.joining_from <= now else "to be shown"
        return _item(event, text, "place", Tag.DONE, f"Written, and {shown} to those who have a place from {when}")
    if event.format in {Format.ONLINE, Format.HYBRID}:
        return _item(event, text, "place", Tag.TO_DO, "People online need a link, or words that say how to join")
    return _item(event, text, "place", Tag.OPTIONAL, "How to find the room, and what to bring")


def _description(event: Event) -> Item:
    if event.description:
        return _item(event, "Description", "about", Tag.DONE, "Written")
    return _item(event, "Description", "about", Tag.OPTIONAL, "What people learn, and who it is for")


def _questions(event: Event) -> Item:
    asked = sum(1 for question in event.questions if question.retired_at is None)
    address = _built(event, "manage.admission.show", "manage.setup.registration")
    text = "Who may register, and questions"
    who = event.admission.label.lower()
    if asked:
        return Item(text, address, Tag.DONE, f"Open to {who}; {asked} question{'s' if asked > 1 else ''} of your own")
    return Item(text, address, Tag.OPTIONAL, f"Open to {who}; no questions of your own")


def _agenda(event: Event, numbers: Numbers) -> Item:
    address = _built(event, "manage.agenda.show", "agenda.show")
    if numbers.released:
        return Item("Agenda", address, Tag.DONE, f"{numbers.released:,} session{_s(numbers.released)} released")
    if numbers.drafted:
        words = f"{numbers.drafted:,} session{_s(numbers.drafted)} planned, and none released yet"
        return Item("Agenda", address, Tag.TO_DO, words)
    return Item("Agenda", address, Tag.TO_DO, "There are no sessions yet")


def _people(event: Event, numbers: Numbers) -> Item:
    address = _built(event, "manage.people.index", "manage.events.show")
    if numbers.people:
        have = "1 person has" if numbers.people == 1 else f"{numbers.people:,} people have"
        return Item("People", address, Tag.DONE, f"{have} a role at this event itself")
    return Item("People", address, Tag.OPTIONAL, "Nobody has a role at this event itself yet")


def _afterwards(event: Event, now: datetime) -> Item:
    text = "Thanks, hashtag and numbers"
    if event.thanks:
        return _item(event, text, "afterwards", Tag.DONE, "Thanks are written")
    if now >= event.ends_at:
        return _item(event, text, "afterwards", Tag.TO_DO, "The event is over, and nobody is thanked yet")
    return _item(event, text, "afterwards", Tag.OPTIONAL, "What stands on the page once the event is over")


def _materials(event: Event, numbers: Numbers) -> Item:
    address = _built(event, "manage.materials.index", "manage.events.show")
    if numbers.materials:
        return Item("Materials", address, Tag.DONE, f"{numbers.materials:,} added")
    return Item("Materials", address, Tag.OPTIONAL, "Slides, documents and links")


def _recordings(event: Event, numbers: Numbers) -> Item:
    address = _built(event, "manage.recordings.index", "manage.events.show")
    drafts = numbers.recordings - numbers.recordings_published
    parts = [
        f"{numbers.recordings_published:,} published" if numbers.recordings_published else "",
        f"{drafts:,} not published yet" if drafts else "",
        f"{numbers.unrecorded:,} session{_s(numbers.unrecorded)} not recorded" if numbers.unrecorded else "",
    ]
    words = ", ".join(part for part in parts if part)
    if drafts:
        return Item("Recordings", address, Tag.TO_DO, words)
    return Item("Recordings", address, Tag.DONE if words else Tag.OPTIONAL, words or "None yet")


def _built(event: Event, *endpoints: str) -> str:
    """The address of the first of these pages that this service has."""
    there = next(endpoint for endpoint in endpoints if endpoint in current_app.view_functions)
    return url_for(there, event=event)


def _s(number: int) -> str:
    return "" if number == 1 else "s"
