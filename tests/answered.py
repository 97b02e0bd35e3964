"""Answers to surveys as they stand in the tables, and where people give them, for tests of what becomes of them."""

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import insert

from webapp import tokens, transaction
from webapp.extensions import db
from webapp.models.registrations import Registration
from webapp.models.surveys import Survey, SurveyAnswer, SurveyResponse, answering

Parts = Mapping[int, float | str | Mapping[int, float | str | None]]


def answer(survey: Survey, *given: Parts, **values: Any) -> list[int]:
    """Write responses: to each question a number, a text, or for its parts the one or the other; gives their keys."""
    keys = [secrets.randbelow(2**62) + 1 for _ in given]
    whole = {"survey_id": survey.id, "version": 1, "day": date(2027, 5, 10), "reached": 0, "role": ""} | values
    rows = [
        {"response_id": key, "question": question, "part": part, **_said(said)}
        for key, one in zip(keys, given, strict=True)
        for question, parts in one.items()
        for part, said in (parts if isinstance(parts, Mapping) else {0: parts}).items()
    ]
    with transaction.unit():
        db.session.execute(insert(SurveyResponse), [whole | {"id": key} for key in keys])
        if rows:
            db.session.execute(insert(SurveyAnswer), rows)
    return keys


def survey_link(app: Flask, survey: Survey, registration: Registration) -> str:
    """The address by which whoever holds a registration answers a survey."""
    with app.app_context():
        token = tokens.make(answering(survey.public_id), registration.public_id, registration.link_nonce)
    return f"/surveys/{survey.public_id}/{token}"


def _said(said: float | str | None) -> dict[str, Any]:
    return {"value": None, "text": said} if isinstance(said, str) else {"value": said, "text": None}
