"""The indexes that an organiser's list is read from: each filter in each order, by what the databases plan."""

from datetime import date
from itertools import product

import pytest
from sqlalchemy import text

from tests.crowds import Member, write_crowd
from webapp.extensions import db
from webapp.models.events import Format, Mode
from webapp.models.organisations import Sector
from webapp.models.registrations import RegistrationState
from webapp.queries import registrations as queries
from webapp.queries.registrations import RegistrationFilter, Sort
from webapp.queries.registrations.walks import directed, runs_of

DAY = date(2027, 5, 10)
CONFIRMED = RegistrationState.CONFIRMED
FILTERS = {
    "everybody": {},
    "state": {"state": CONFIRMED},
    "sector": {"sector": Sector.HEALTH},
    "state and sector": {"state": CONFIRMED, "sector": Sector.HEALTH},
    "mode": {"mode": Mode.ONLINE},
    "state and mode": {"state": CONFIRMED, "mode": Mode.ONLINE},
    "organisation": {"organisation": "Ashby Council"},
    "state and organisation": {"state": CONFIRMED, "organisation": "Ashby Council"},
    "day": {"first_day": DAY, "last_day": DAY, "zone": "Europe/London"},
    "state and day": {"state": CONFIRMED, "first_day": DAY, "last_day": DAY, "zone": "Europe/London"},
    "tag": {"tag": "Dinner"},
}
ARRIVAL, NAME, ORGANISATION = Sort
OF = "ix_registrations_of_"
BY = "ix_registrations_by_"
READ = {
    "everybody": {ARRIVAL: f"{BY}arrival", NAME: f"{BY}name", ORGANISATION: f"{BY}organisation"},
    "state": {ARRIVAL: f"{OF}state_by_arrival", NAME: f"{OF}state_by_name", ORGANISATION: f"{OF}state_by_organisation"},
    "sector": {
        ARRIVAL: f"{OF}group_by_arrival",
        NAME: f"{OF}group_by_name",
        ORGANISATION: f"{OF}group_by_organisation",
    },
    "state and sector": {
        ARRIVAL: f"{OF}group_by_arrival",
        NAME: f"{OF}group_by_name",
        ORGANISATION: f"{OF}group_by_organisation",
    },
    "mode": {ARRIVAL: "ix_registrations_queue", NAME: f"{BY}name", ORGANISATION: f"{BY}organisation"},
    "state and mode": {
        ARRIVAL: "ix_registrations_queue",
        NAME: f"{OF}state_by_name",
        ORGANISATION: f"{OF}state_by_organisation",
    },
    "organisation": {
        ARRIVAL: f"{OF}organisation_by_arrival",
        NAME: f"{OF}organisation_by_name",
        ORGANISATION: f"{OF}organisation",
    },
    "state and organisation": {
        ARRIVAL: f"{OF}organisation_by_arrival",
        NAME: f"{OF}organisation_by_name",
        ORGANISATION: f"{OF}organisation",
    },
    "day": {ARRIVAL: f"{BY}day", NAME: f"{BY}name", ORGANISATION: f"{BY}organisation"},
    "state and day": {ARRIVAL: f"{BY}day", NAME: f"{OF}state_by_name", ORGANISATION: f"{OF}state_by_organisation"},
    "tag": {sort: f"ix_registration_tags_by_{sort.value}" for sort in Sort},
}


@pytest.fixture
def known(app, make, now):
    """An event of both ways with a few registrations, so that it has numbers."""
    event = make.event(format=Format.HYBRID, capacity=None)
    states = (CONFIRMED, RegistrationState.WAITING, RegistrationState.CANCELLED)
    crowd = [
        Member(arrival=n, name="Ann Lee", email=f"p{n}@example.org", sector=Sector.HEALTH, state=states[n % 3])
        for n in range(1, 10)
    ]
    write_crowd(app, event, crowd, now)
    return event


def plans(event, wanted):
    """What the database means to do for each run of a list, step by step, where it reads in order if it can."""
    sqlite = db.engine.dialect.name == "sqlite"
    if not sqlite:
        # These tables are small: without the other ways it shows whether there is this one.
        for name in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
            db.session.execute(text(f"SET LOCAL enable_{name} = off"))
    found = []
    for run in runs_of(event.id, wanted, queries.get_numbers(event.id, wanted)):
        row_id, key = run.selected_columns
        ordered = run.order_by(*directed(key, row_id, descending=wanted.descending)).limit(51)
        told = ordered.compile(db.engine, compile_kwargs={"literal_binds": True})
        rows = db.session.execute(text(f"EXPLAIN {'QUERY PLAN ' if sqlite else ''}{told}".replace(":", "\\:")))
        found.append([row[3] if sqlite else row[0] for row in rows])
    return found


@pytest.mark.parametrize("of", FILTERS)
def test_list_is_met_in_its_order_within_one_index(app, context, known, of):
    for sort, descending in product(Sort, (False, True)):
        wanted = RegistrationFilter(**FILTERS[of], sort=sort, descending=descending)
        runs = plans(known, wanted)
        assert len(runs) == (3 if of == "sector" or (of == "mode" and sort is ARRIVAL) else 1)
        for steps in runs:
            if db.engine.dialect.name == "sqlite":
                assert len(steps) == 1, (wanted, steps)
                assert steps[0].partition(" (")[0].endswith(f" COVERING INDEX {READ[of][sort]}"), (wanted, steps)
            else:
                assert not [step for step in steps if "Sort" in step], (wanted, steps)
                assert "Scan" in "".join(steps)
