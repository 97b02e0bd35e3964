"""Results of a survey as they were shown to many, kept so that later ones can be held against them."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base, Key


class SurveyRelease(Base):
    """What was shown of a survey from one step to the next, small numbers hidden; no time finer than the day.

    `lists` are the counts that it was made of, which no page shows: what was hidden must stay so beside later results.
    """

    __tablename__ = "survey_releases"
    __table_args__ = (UniqueConstraint("survey_id", "number"),)

    id: Mapped[Key]
    survey_id: Mapped[int] = mapped_column(ForeignKey("surveys.id"))
    number: Mapped[int]
    responses: Mapped[int]
    # Whether nobody could answer any more when it was made.
    over: Mapped[bool]
    day: Mapped[date]
    published: Mapped[dict[str, Any]] = mapped_column(JSON)
    lists: Mapped[dict[str, Any]] = mapped_column(JSON)
