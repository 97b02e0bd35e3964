"""Why a survey cannot be changed as asked."""

from webapp.errors import DomainError


class SurveyRefused(DomainError):
    """Something about what was written does not fit; `field` names what."""

    code = "survey_refused"

    def __init__(self, message: str, about: str = "") -> None:
        super().__init__(message)
        self.field = about


class SurveyChanged(DomainError):
    """Somebody else changed the survey since it was shown."""

    code = "changed_meanwhile"
    message = (
        "Somebody else changed this since you opened it, so nothing was saved. What you typed is still here: look at"
        " what stands now, then save it again."
    )


class NotNow(DomainError):
    """The survey cannot be published, closed, opened again, archived, deleted or put in another order as it stands."""

    code = "not_now"
