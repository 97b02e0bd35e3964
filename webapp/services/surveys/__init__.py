"""What can happen to a survey: it is built, published in versions, answered, closed."""

from webapp.services.surveys.box import tidy
from webapp.services.surveys.building import (
    EMPTY,
    Place,
    add_question,
    add_section,
    copy,
    create,
    edit_question,
    edit_section,
    move_question,
    move_section,
    remove_question,
    remove_section,
    set_texts,
)
from webapp.services.surveys.documents import QuestionWording, before, get_question, get_section
from webapp.services.surveys.library import ReadySurvey, find_ready, ready_surveys
from webapp.services.surveys.life import (
    MOST_THRESHOLD,
    SurveySettings,
    advice,
    archive,
    bring_back,
    change_settings,
    close,
    delete,
    hindrances,
    is_as_published,
    publish,
    reopen,
)
from webapp.services.surveys.publicity import choose_public
from webapp.services.surveys.refusals import NotNow, SurveyChanged, SurveyRefused
from webapp.services.surveys.releasing import release, release_due

__all__ = [
    "EMPTY",
    "MOST_THRESHOLD",
    "NotNow",
    "Place",
    "QuestionWording",
    "ReadySurvey",
    "SurveyChanged",
    "SurveyRefused",
    "SurveySettings",
    "add_question",
    "add_section",
    "advice",
    "archive",
    "before",
    "bring_back",
    "change_settings",
    "choose_public",
    "close",
    "copy",
    "create",
    "delete",
    "edit_question",
    "edit_section",
    "find_ready",
    "get_question",
    "get_section",
    "hindrances",
    "is_as_published",
    "move_question",
    "move_section",
    "publish",
    "ready_surveys",
    "release",
    "release_due",
    "remove_question",
    "remove_section",
    "reopen",
    "set_texts",
    "tidy",
]
