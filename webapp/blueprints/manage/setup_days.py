"""The days of an event as a form: a row for each, and more if asked for."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovSelect
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, SelectField
from wtforms.fields.choices import SelectChoice

from webapp.blueprints.dates import ClockField, DayField
from webapp.blueprints.manage.setup_forms import SetupForm
from webapp.models.events import Event
from webapp.services import events as services

ROW = ("was", "date", "starts", "ends", "gone")


class DaysForm(SetupForm):
    """The days with their hours, a row for each; made by days_form."""

    zone = SelectField(
        "Time zone",
        widget=GovSelect(),
        choices=[SelectChoice(zone, zone.replace("_", " ")) for zone in services.ZONES],
        validate_choice=False,
    )

    def rows(self) -> list[dict[str, Any]]:
        """The fields of each row."""
        return [{part: self[f"day{n}_{part}"] for part in ROW} for n in range(self.number)]

    def days(self) -> list[tuple[int, services.Day]]:
        """The days that are to be, each with the number of its row; rows left empty are none."""
        found = []
        for place, row in enumerate(self.rows()):
            if not row["gone"].data and row["date"].data:
                was = date.fromisoformat(row["was"].data) if row["was"].data in self.known else None
                hours = {part: row[part].data for part in ("starts", "ends")}
                found.append((place, services.Day(was=was, date=row["date"].data, **hours)))
        return found

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything is as it should be; what cannot be about a day stands at it."""
        super().validate(extra_validators)
        if self.zone.data not in [choice.value for choice in self.zone.choices]:
            self.zone.errors = ["Select a time zone from the list"]
            return False
        for row in self.rows():
            if row["gone"].data:
                for field in row.values():
                    field.errors = []
            elif row["date"].data is None and not row["date"].errors and (row["was"].data or _is_filled(row)):
                row["date"].errors = ["Enter a date, or choose to remove this day"]
        if any(field.errors for row in self.rows() for field in row.values()):
            return False
        days = self.days()
        problems = services.problems([day for _, day in days], self.zone.data)
        for problem in problems:
            number = days[problem.place][0] if days else 0
            self[f"day{number}_{problem.part}"].errors = [problem.sentence]
        return not problems and not self.errors

    def values(self) -> tuple[tuple[services.Day, ...], str]:
        return tuple(day for _, day in self.days()), self.zone.data

    def typed(self) -> Mapping[str, Any]:
        days = sorted((day for _, day in self.days()), key=lambda day: day.date)
        return {"days": services.plain([[day.date, day.starts, day.ends] for day in days]), "zone": self.zone.data}


def days_form(event: Event, sent: MultiDict[str, str], *, more: bool, **given: Any) -> DaysForm:
    """The form of an event's days as they stand, or as sent; with one more row if asked for."""
    sent_rows = sent.get("rows", "")
    number = int(sent_rows) if sent_rows.isascii() and sent_rows.isdigit() and len(sent_rows) < 4 else len(event.days)
    number = max(1, min(number, services.MOST_DAYS + 1))
    data: dict[str, Any] = {"version": event.version, "zone": event.zone}
    for place, day in enumerate(event.days[:number]):
        values = {"was": day.date.isoformat(), "date": day.date, "starts": day.starts, "ends": day.ends}
        data |= {f"day{place}_{part}": value for part, value in values.items()}
    fields: dict[str, Any] = {}
    for place in range(number + more):
        fields |= {
            f"day{place}_was": HiddenField(),
            f"day{place}_date": DayField("Date"),
            f"day{place}_starts": ClockField("Starts at"),
            f"day{place}_ends": ClockField("Ends at"),
            f"day{place}_gone": BooleanField("Remove this day", widget=GovCheckboxInput()),
        }
    form: DaysForm = type("EventDaysForm", (DaysForm,), fields)(data=data, **given)
    form.number = number + more
    form.known = {day.date.isoformat() for day in event.days}
    if more:
        dates = [row["date"].data for row in form.rows() if row["date"].data]
        form[f"day{number}_date"].data = max(dates, default=event.ends_on) + timedelta(days=1)
        form[f"day{number}_date"].raw_data = None
    form.order = tuple(f"day{place}_{part}" for place in range(form.number) for part in ROW)
    if event.zone not in services.ZONES:
        form.zone.choices = [*form.zone.choices, SelectChoice(event.zone, event.zone.replace("_", " "))]
    return form


def _is_filled(row: Mapping[str, Any]) -> bool:
    return any(row[part].data is not None for part in ("starts", "ends"))
