"""What things are: columns, constraints, relations, and facts about one object.

A model knows no request, no query and no clock; a fact that depends on the moment takes `now`.
All models are imported here, so that whoever imports one has the whole map of relations.
"""

from webapp.models import (
    accounts,
    activity,
    agenda,
    attendance,
    calendars,
    drafts,
    events,
    files,
    imports,
    mailings,
    operations,
    organisations,
    preferences,
    programmes,
    registrations,
    search,
    series,
    sign_ups,
    speakers,
    survey_releases,
    surveys,
    to_many,
    wordings,
)

__all__ = [
    "accounts",
    "activity",
    "agenda",
    "attendance",
    "calendars",
    "drafts",
    "events",
    "files",
    "imports",
    "mailings",
    "operations",
    "organisations",
    "preferences",
    "programmes",
    "registrations",
    "search",
    "series",
    "sign_ups",
    "speakers",
    "survey_releases",
    "surveys",
    "to_many",
    "wordings",
]
