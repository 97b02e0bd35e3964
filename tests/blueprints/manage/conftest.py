"""Organisers of all sorts, signed in."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.browsing import Browser
from tests.making import Maker
from webapp.models.accounts import Role, ThingKind
from webapp.models.events import Event


@pytest.fixture
def organiser(app: Flask, make: Maker) -> Callable[..., Browser]:
    """Signs somebody in who holds these roles for the event's programme; without an event, nobody's organiser."""

    def signed_in(event: Event | None = None, *roles: Role, name: str = "Morgan Ellery") -> Browser:
        person = make.person(name)
        for role in roles or (Role.ORGANISER,) * (event is not None):
            make.grant(person, role, ThingKind.PROGRAMME, event.programme_id)
        return Browser(app).sign_in(make.signed_in(person))

    return signed_in
