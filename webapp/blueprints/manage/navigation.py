"""The parts of the organisers' side of one event, for those who may open them."""

from dataclasses import dataclass

from flask import request, url_for
from flask_login import current_user

from webapp.access import may
from webapp.models.accounts import Power, reach
from webapp.models.events import Event


@dataclass(frozen=True)
class Section:
    """One part: what it is called, where it begins, and what it takes to open it."""

    text: str
    endpoint: str
    power: Power

    @property
    def noun(self) -> str:
        """The beginning that the endpoints of all its pages share."""
        return self.endpoint.rpartition(".")[0] + "."


SECTIONS = (
    Section("Overview", "manage.events.show", Power.LOOK),
    Section("Set-up", "manage.setup.show", Power.SET_UP),
    Section("Questions", "manage.questions.index", Power.SET_UP),
    Section("Agenda", "manage.agenda.show", Power.LOOK),
    Section("Speakers", "manage.speakers.index", Power.EDIT_AGENDA),
    Section("Record", "manage.materials.index", Power.EDIT_AGENDA),
    Section("Registrations", "manage.registrations.index", Power.SEE_REGISTRATIONS),
    Section("Check-in", "manage.check_in.index", Power.CHECK_IN),
    Section("Attendance", "manage.attendance.index", Power.SEE_REGISTRATIONS),
    Section("Letters", "manage.letters.index", Power.SEE_REGISTRATIONS),
    Section("Surveys", "manage.surveys.of_event", Power.SEE_RESULTS),
    Section("People", "manage.people.index", Power.LOOK),
    Section("Activity", "manage.activity.index", Power.SET_UP),
)
# Nouns without a section of their own, and the section that they are part of.
WITHIN = {
    "manage.admission.": "manage.setup.",
    "manage.agenda_files.": "manage.agenda.",
    "manage.dashboard.": "manage.events.",
    "manage.exports.": "manage.registrations.",
    "manage.imports.": "manage.agenda.",
    "manage.invitees.": "manage.registrations.",
    "manage.mailings.": "manage.letters.",
    "manage.life.": "manage.setup.",
    "manage.recordings.": "manage.materials.",
    "manage.releases.": "manage.agenda.",
    "manage.sessions.": "manage.agenda.",
    "manage.sign_ups.": "manage.agenda.",
    "manage.streams.": "manage.agenda.",
    "manage.survey_results.": "manage.surveys.",
    "manage.transcripts.": "manage.materials.",
    "manage.wordings.": "manage.letters.",
}


@dataclass(frozen=True)
class Link:
    """One entry of the navigation, as the template reads it."""

    text: str
    address: str
    current: bool
    here: bool


def sections(event: Event) -> list[Link]:
    """The parts of this event that the viewer may open, in their order; `current` marks the one that is open."""
    noun = (request.endpoint or "").rpartition(".")[0] + "."
    opened = WITHIN.get(noun, noun)
    if (request.view_args or {}).get("kind") == "registrations":
        opened = "manage.registrations."  # lists are read in on both sides
    return [
        Link(
            text=section.text,
            address=url_for(section.endpoint, event=event),
            current=section.noun == opened,
            here=section.endpoint == request.endpoint,
        )
        for section in SECTIONS
        if may(current_user, section.power, event)
    ]


def power(name: str, event: Event) -> bool:
    """Whether the viewer has the power of this name at the event; for templates. Raises ValueError for another name."""
    return may(current_user, Power(name), event)


def may_begin() -> bool:
    """Whether the viewer may create an event in any programme; for templates."""
    reached = reach(current_user, Power.SET_UP)
    return reached.everything or bool(reached.programmes)
