"""The page of the set-up on which organisers write what stands on the event's page once it is over."""

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovTextArea, GovTextInput
from wtforms import BooleanField, StringField, TextAreaField

from webapp.blueprints.forms import AtMost, line, lines
from webapp.blueprints.manage.setup_forms import LONGEST_TEXT, SetupForm
from webapp.models.events import Event
from webapp.models.records import EventRecord
from webapp.services import events as services


class AfterwardsForm(SetupForm):
    """What stands on the page once the event is over."""

    thanks = TextAreaField(
        "Thanks (optional)",
        widget=GovTextArea(),
        filters=[lines],
        description="To those who spoke, chaired and came. You can use Markdown, as in the description.",
        validators=[AtMost(LONGEST_TEXT, "Thanks")],
    )
    reach = StringField(
        "Whom it reached, in your words (optional)",
        widget=GovTextInput(),
        filters=[line],
        description="Such as “People from councils, health and schools of the whole region”.",
        validators=[AtMost(300, "Whom it reached")],
    )
    hashtag = StringField(
        "Hashtag (optional)",
        widget=GovTextInput(),
        filters=[line],
        description="It stands there as a word and leads nowhere.",
        validators=[AtMost(60, "Hashtag")],
    )
    shows_numbers = BooleanField("Show how many took part", widget=GovCheckboxInput())
    order = ("thanks", "reach", "hashtag", "shows_numbers")

    @classmethod
    def of(cls, event: Event, record: EventRecord | None, **more: Any) -> "AfterwardsForm":
        """The form of an event with what is kept of its record."""
        shows = record is not None and record.shows_numbers
        return cls(obj=event, data={"shows_numbers": shows}, **more)

    def values(self) -> tuple[services.Afterwards]:
        names = ("thanks", "reach", "hashtag")
        texts = {name: self[name].data or "" for name in names}
        return (services.Afterwards(**texts, shows_numbers=bool(self.shows_numbers.data)),)
