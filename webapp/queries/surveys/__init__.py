"""Reading surveys: for those who build them, for those who answer, and what was answered."""

from webapp.queries.surveys.managed import (
    Listed,
    Published,
    anything_answered,
    count_sent,
    events_to_ask_about,
    find_session,
    find_survey,
    get_managed_survey,
    get_version,
    lock_survey,
    managed_surveys,
    session_of,
    sessions_to_ask_about,
    surveys_of,
    surveys_to_lead_to,
    versions_of,
)

__all__ = [
    "Listed",
    "Published",
    "anything_answered",
    "count_sent",
    "events_to_ask_about",
    "find_session",
    "find_survey",
    "get_managed_survey",
    "get_version",
    "lock_survey",
    "managed_surveys",
    "session_of",
    "sessions_to_ask_about",
    "surveys_of",
    "surveys_to_lead_to",
    "versions_of",
]
