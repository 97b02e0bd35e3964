"""Who may reach what: one list of every door, compared with the application."""

from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import settings_for
from webapp import create_app
from webapp.access import Who

pytestmark = pytest.mark.memory

# Flask's own door to our style sheets and scripts, which hold nothing of anybody.
WITHOUT_DECORATOR = {"static"}

TABLE = """
accounts.link_sent               GET       anyone
accounts.password                GET/POST  signed in
accounts.show                    GET/POST  signed in
accounts.sign_in                 GET/POST  anyone
accounts.sign_in_by_password     GET/POST  anyone
accounts.sign_out                GET/POST  anyone
accounts.signed_out              GET       anyone
accounts.use_link                GET/POST  holder of a personal link
agenda.changes                   GET       anyone
agenda.changes_feed              GET       anyone
agenda.events                    GET       signed in
agenda.mine                      GET       signed in
agenda.schedule_as_json          GET       anyone
agenda.schedule_as_xml           GET       anyone
agenda.session                   GET       anyone
agenda.show                      GET       anyone
agenda.star                      POST      signed in
agenda.table                     GET       anyone
agenda.unstar                    POST      signed in
agenda.version                   GET       anyone
calendars.agenda                 GET       signed in
calendars.event                  GET       anyone
calendars.feed                   GET       holder of a personal link
calendars.open_feed              POST      signed in
calendars.revoke_feed            POST      signed in
calendars.session                GET       anyone
events.index                     GET       anyone
events.join                      GET       anyone
events.show                      GET       anyone
mailbox.calendar                 GET       developer
mailbox.html                     GET       developer
mailbox.index                    GET       developer
mailbox.show                     GET       developer
mailbox.source                   GET       developer
manage.agenda.nudge              POST      organiser
manage.agenda.open_draft         POST      organiser
manage.agenda.place              POST      organiser
manage.agenda.run_sheet          GET       organiser
manage.agenda.show               GET       organiser
manage.agenda_files.download     GET       organiser
manage.agenda_files.index        GET       organiser
manage.events.index              GET       organiser
manage.events.show               GET       organiser
manage.exports.create            POST      organiser
manage.exports.download          GET       organiser
manage.exports.index             GET       organiser
manage.exports.show              GET       organiser
manage.imports.confirm           POST      organiser
manage.imports.new               GET/POST  organiser
manage.imports.show              GET       organiser
manage.imports.template          GET       organiser
manage.registrations.approve     POST      organiser
manage.registrations.cancel      GET/POST  organiser
manage.registrations.decline     GET/POST  organiser
manage.registrations.index       GET       organiser
manage.registrations.show        GET       organiser
manage.releases.index            GET       organiser
manage.releases.new              GET/POST  organiser
manage.sessions.cancel           GET/POST  organiser
manage.sessions.edit             GET/POST  organiser
manage.sessions.move             GET/POST  organiser
manage.sessions.new              GET/POST  organiser
manage.sessions.restore          POST      organiser
manage.sessions.shift            POST      organiser
manage.sessions.swap             POST      organiser
manage.streams.index             GET/POST  organiser
manage.streams.move              POST      organiser
manage.streams.remove            GET/POST  organiser
manage.streams.room              GET/POST  organiser
manage.streams.stream            GET/POST  organiser
organisations.suggest            GET       anyone
pages.accessibility              GET       anyone
pages.contact                    GET       anyone
pages.cookies                    GET       anyone
pages.health                     GET       anyone
pages.home                       GET       anyone
pages.privacy                    GET       anyone
pages.robots                     GET       anyone
pages.security_file              GET       anyone
pages.security_policy            GET       anyone
programmes.index                 GET       anyone
programmes.show                  GET       anyone
registrations.accept             POST      holder of a personal link
registrations.cancel             GET/POST  holder of a personal link
registrations.change             GET/POST  holder of a personal link
registrations.check              GET/POST  anyone
registrations.done               GET       anyone
registrations.new                GET/POST  anyone
registrations.show               GET       holder of a personal link
speakers.show                    GET       anyone
"""


def doors(app: Flask) -> list[str]:
    """One line for each endpoint: what it is called, by which methods it opens, and to whom."""
    lines = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in WITHOUT_DECORATOR:
            who = getattr(app.view_functions[rule.endpoint], "who", "NOBODY SAID")
            methods = "/".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
            lines.append(f"{rule.endpoint:<32} {methods:<9} {who}")
    return sorted(lines)


def test_doors_are_those_of_the_table(house: Flask) -> None:
    found = doors(house)
    assert found == TABLE.strip().splitlines(), "the table should read:\n" + "\n".join(found)


def test_every_door_carries_the_decorator(house: Flask) -> None:
    bare = {
        endpoint for endpoint, view in house.view_functions.items() if not isinstance(getattr(view, "who", None), Who)
    }
    assert bare == WITHOUT_DECORATOR


def test_developers_doors_are_shut_in_production(house: Flask, tmp_path: Path) -> None:
    production = create_app(settings_for(tmp_path, "sqlite://", env="production", mailbox_dir=str(tmp_path)))

    shut = sorted(set(doors(house)) - set(doors(production)))

    assert shut == [line for line in TABLE.strip().splitlines() if line.endswith(Who.DEVELOPER)]
    assert doors(production) == [line for line in TABLE.strip().splitlines() if not line.endswith(Who.DEVELOPER)]


def test_organisers_side_opens_to_organisers_alone(house: Flask) -> None:
    inside = [line for line in doors(house) if line.startswith("manage.")]
    by_address = {rule.endpoint for rule in house.url_map.iter_rules() if rule.rule.startswith("/manage")}

    assert inside
    assert [line for line in inside if not line.endswith(Who.ORGANISER)] == []
    assert {line.split()[0] for line in inside} == by_address
