"""What the pages of one survey share: the survey for who builds it, and refusals put where they belong."""

from collections.abc import Callable

from flask_login import current_user

from webapp.blueprints.forms import Form
from webapp.blueprints.merging import Difference, MergingForm, merge, who_changed
from webapp.errors import DomainError
from webapp.models.accounts import Power, ThingKind
from webapp.models.surveys import Survey
from webapp.queries import surveys as queries
from webapp.queries.activity import history_of
from webapp.services.surveys import SurveyChanged, SurveyRefused
from webapp.transaction import attempt


def building(public_id: str) -> Survey:
    """The survey, for who sets it up; the door is shut for all others."""
    return queries.get_managed_survey(public_id, viewer=current_user, needing=Power.SET_UP)


def looking(public_id: str) -> Survey:
    """The survey, for who may see its results."""
    return queries.get_managed_survey(public_id, viewer=current_user, needing=Power.SEE_RESULTS)


def put(form: Form, refused: DomainError) -> None:
    """Put a refusal on the field that it is about, or on the whole form."""
    about = refused.field if isinstance(refused, SurveyRefused) else ""
    if about and about in form:
        form[about].errors = [refused.message]
    else:
        form.form_errors.append(refused.message)


def save(
    form: MergingForm, act: Callable[[], object], fresh: Callable[[], MergingForm], survey_id: int
) -> tuple[list[Difference], int]:
    """Do it, and where somebody was quicker, merge with what stands then: what they changed, and the status.

    Whoever changed another part of the survey is not in the way: then it is done on what stands now. 0 is done.
    """
    for last in (False, True):
        try:
            with attempt():
                act()
        except SurveyChanged as refused:
            history = history_of(ThingKind.SURVEY, survey_id)
            theirs = list(merge(form, fresh(), who=who_changed(history, {})))
            if not theirs and not last:
                continue
            put(form, refused)
            return theirs, refused.status
        except DomainError as refused:
            put(form, refused)
            return [], 422 if isinstance(refused, SurveyRefused) else refused.status
        return [], 0
    raise AssertionError("unreachable")
