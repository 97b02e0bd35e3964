"""What organisers fill in about sessions, streams and rooms."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovRadioInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)
from wtforms import (
    BooleanField,
    Field,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice

from webapp.blueprints.dates import MOST_PLACES, ClockField, NumberField, Typed
from webapp.blueprints.forms import AtMost, CarriedNumber, Form, Given, line, lines
from webapp.blueprints.merging import MergingForm
from webapp.models.agenda import ContributionRole, SessionKind
from webapp.models.drafts import DraftSession, DraftStream, Room
from webapp.models.events import EventDay, Mode
from webapp.models.programmes import Theme
from webapp.services import drafts as services
from webapp.services.drafts import LONGEST, Content, Part, Placement, length
from webapp.templating import weekday_date

LONGEST_TEXT = 10_000
NOWHERE = ""
EMPTY_PARTS = 3
MOST_PARTS = 40


class PlaceForm(MergingForm):
    """Where a session is to stand."""

    day = SelectField("Day", widget=GovSelect(), validate_choice=True)
    starts = ClockField(
        "Starts at",
        description="For example, 9:30am or 14:00. Leave it empty while the time is not known.",
    )
    minutes = NumberField(
        "Length in minutes",
        most=LONGEST,
        validators=[Typed("Enter how many minutes it lasts, as a whole number like 45")],
    )
    stream = SelectField("Stream", widget=GovSelect(), validate_choice=True)
    room = SelectField("Room or meeting", widget=GovSelect(), validate_choice=True)

    def offer(self, days: Iterable[EventDay], streams: Iterable[DraftStream], rooms: Iterable[Room]) -> None:
        """Fill in what may be chosen."""
        self.day.choices = [
            SelectChoice(NOWHERE, "Not placed yet"),
            *(SelectChoice(day.date.isoformat(), weekday_date(day.date)) for day in days),
        ]
        self.stream.choices = [
            SelectChoice(NOWHERE, "All streams"),
            *(SelectChoice(stream.public_id, stream.name) for stream in streams),
        ]
        self.room.choices = [
            SelectChoice(NOWHERE, "No room"),
            *(
                SelectChoice(room.public_id, f"{room.name} (holds {room.capacity:,})" if room.capacity else room.name)
                for room in rooms
            ),
        ]

    def placement(self) -> Placement:
        """What was chosen, as the service takes it."""
        return Placement(
            date=date.fromisoformat(self.day.data) if self.day.data else None,
            starts=self.starts.data if self.day.data else None,
            minutes=self.minutes.data or 0,
            stream=self.stream.data or "",
            room=self.room.data or "",
        )


class PartsField(Field):
    """Who contributes, from rows of several inputs each; rows without a name are left out."""

    def process(self, formdata: Any, data: Any = (), extra_filters: Any = None) -> None:  # noqa: ARG002 -- WTForms calls
        """Read the rows that were sent, or take those given."""
        self.process_errors: list[str] = []
        self.object_data = data
        self.data = (
            _parts_given(formdata) if formdata is not None else list(data) if isinstance(data, list | tuple) else []
        )


class SessionForm(PlaceForm):
    """All about one session, where it stands included."""

    title = StringField(
        "Title",
        widget=GovTextInput(),
        filters=[line],
        validators=[Given("Enter a title"), AtMost(200, "Title")],
    )
    kind = RadioField(
        "Kind",
        widget=GovRadioInput(),
        choices=[
            SelectChoice(SessionKind.SESSION.value, "Session"),
            SelectChoice(SessionKind.PLENARY.value, "Plenary: for everybody"),
            SelectChoice(SessionKind.BREAK.value, "Break"),
        ],
        default=SessionKind.SESSION.value,
    )
    summary = TextAreaField(
        "Summary (optional)",
        widget=GovTextArea(),
        filters=[lines],
        description="One or two sentences for the agenda.",
        validators=[AtMost(500, "Summary")],
    )
    description = TextAreaField(
        "Description (optional)",
        widget=GovTextArea(),
        filters=[lines],
        description="For the session’s own page. An empty line begins a paragraph; a line that begins with - is an"
        " item of a list.",
        validators=[AtMost(LONGEST_TEXT, "Description")],
    )
    themes = SelectMultipleField("Themes (optional)", widget=GovCheckboxesInput(), validate_choice=True)
    takes_sign_ups = BooleanField("People sign up for this session", widget=GovCheckboxInput())
    capacity_online = NumberField(
        "Places online (optional)", most=MOST_PLACES, description="Leave it empty for no limit."
    )
    capacity_in_person = NumberField(
        "Places in person (optional)", most=MOST_PLACES, description="Leave it empty for no limit."
    )
    joining_url = StringField(
        "Link to join (optional)",
        widget=GovTextInput(),
        filters=[line],
        description="Only those who are confirmed see it, on our joining page.",
        validators=[AtMost(500, "Link")],
    )
    joining_instructions = TextAreaField(
        "Joining instructions (optional)",
        widget=GovTextArea(),
        filters=[lines],
        validators=[AtMost(LONGEST_TEXT, "Joining instructions")],
    )
    is_not_recorded = BooleanField("This session is not recorded", widget=GovCheckboxInput())
    notes = TextAreaField(
        "Notes for the team (optional)",
        widget=GovTextArea(),
        filters=[lines],
        description="On the run sheet, and nowhere in public.",
        validators=[AtMost(LONGEST_TEXT, "Notes")],
    )
    technical_needs = TextAreaField(
        "Technical needs (optional)",
        widget=GovTextArea(),
        filters=[lines],
        description="What the speakers need, such as sound from slides. On the run sheet.",
        validators=[AtMost(LONGEST_TEXT, "Technical needs")],
    )

    def validate_joining_url(self, field: StringField) -> None:
        """Refuse what is no web address."""
        if field.data and not field.data.startswith("https://"):
            raise ValidationError("Enter the whole link, beginning with https://")

    def offer_themes(self, themes: Iterable[Theme]) -> None:
        """Fill in the themes that may be chosen."""
        self.themes.choices = [SelectChoice(theme.public_id, theme.name) for theme in themes]

    parts = PartsField("Who contributes")

    def in_words(self, name: str, value: Any) -> str:
        """A value of a field in words; contributors one on each line."""
        if name == "parts":
            rows = [list(vars(one).values()) if isinstance(one, Part) else one for one in value or ()]
            value = "\n".join(", ".join(filter(None, (row[0], row[2]))) for row in rows)
        return super().in_words(name, value)

    def content(self) -> Content:
        """What was filled in, as the service takes it."""
        return Content(
            title=self.title.data,
            kind=SessionKind(self.kind.data),
            summary=self.summary.data,
            description=self.description.data,
            themes=self.themes.data or (),
            takes_sign_ups=self.takes_sign_ups.data,
            capacity_online=self.capacity_online.data,
            capacity_in_person=self.capacity_in_person.data,
            joining_url=self.joining_url.data,
            joining_instructions=self.joining_instructions.data,
            is_not_recorded=self.is_not_recorded.data,
            notes=self.notes.data,
            technical_needs=self.technical_needs.data,
            parts=self.parts.data,
        )


class NameForm(Form):
    """The name of a stream, or of a room with how many it holds."""

    name = StringField(
        "Name", widget=GovTextInput(), filters=[line], validators=[Given("Enter a name"), AtMost(120, "Name")]
    )
    capacity = NumberField(
        "How many it holds (optional)",
        most=MOST_PLACES,
        description="People in the room, or in the online meeting.",
    )


class NoteForm(Form):
    """What organisers say of a release."""

    note = TextAreaField(
        "What to say about this version (optional)",
        widget=GovTextArea(),
        filters=[lines],
        description="Shown with the changes, on a page for everybody.",
        validators=[AtMost(1000, "Note")],
    )
    version = CarriedNumber()
    # How many the summary named, which is what is confirmed.
    people = CarriedNumber()


def place_of(session: DraftSession, zone: str) -> dict[str, Any]:
    """Where a session stands, as the form shows it."""
    return {
        "day": session.day.date.isoformat() if session.day else NOWHERE,
        "starts": session.starts,
        "minutes": length(session, zone),
        "stream": session.stream.public_id if session.stream else NOWHERE,
        "room": session.room.public_id if session.room else NOWHERE,
        "version": session.version,
    }


def content_of(session: DraftSession, zone: str) -> dict[str, Any]:
    """What a session is, as the form shows it."""
    plain = {
        name: getattr(session, name)
        for name in ("title", "summary", "description", "joining_url", "joining_instructions", "notes")
    }
    limits = {f"capacity_{mode.value}": session.capacity(mode) for mode in Mode}
    return {
        **plain,
        **place_of(session, zone),
        **limits,
        "kind": session.kind.value,
        "themes": [theme.public_id for theme in session.themes],
        "takes_sign_ups": session.takes_sign_ups,
        "is_not_recorded": session.is_not_recorded,
        "technical_needs": session.technical_needs,
        "parts": services.content_of(session).parts,
    }


def _parts_given(given: Any) -> list[Part]:
    """Who is to contribute, from the rows of the form as sent; rows without a name are left out."""
    columns = [given.getlist(name)[:MOST_PARTS] for name in ("speaker", "speaker_id", "organisation", "role")]
    found = []
    for speaker, speaker_id, organisation, role in zip(*columns, strict=False):
        name, employer = line(speaker)[:200], line(organisation)[:200]
        if name or employer:
            kind = ContributionRole(role) if role in list(ContributionRole) else ContributionRole.PRESENTER
            found.append(Part(speaker=name, speaker_id=speaker_id[:12], organisation=employer, role=kind))
    return found
