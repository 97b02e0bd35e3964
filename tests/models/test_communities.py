"""Communities, and who reads them."""

from typing import Any

import pytest

from webapp.models.communities import Community, Openness

PRIVATE, PROGRAMME, PUBLIC = Openness


def _community(id_: int, **values: Any) -> Community:
    return Community(**({"id": id_, "programme_id": 1, "openness": PRIVATE, "is_group": False} | values))


@pytest.mark.parametrize(
    ("here", "there", "read"),
    [
        ({"openness": PUBLIC}, {"programme_id": 2}, True),
        ({}, {"openness": PUBLIC}, False),
        ({}, {}, True),
        ({}, {"programme_id": 2}, False),
        ({}, {"wave_id": 1}, True),
        ({}, {"is_group": True}, False),
        ({"wave_id": 1}, {}, False),
        ({"wave_id": 1}, {"wave_id": 1}, True),
        ({"wave_id": 1}, {"wave_id": 2}, False),
        ({"wave_id": 1}, {"wave_id": 1, "openness": PROGRAMME}, False),
        ({"wave_id": 1, "openness": PROGRAMME}, {}, True),
        ({"is_group": True}, {}, False),
        ({"is_group": True}, {"is_group": True}, False),
        ({"is_group": True, "openness": PROGRAMME}, {"wave_id": 1}, True),
    ],
)
def test_community_is_read_by_all_who_read_another(here: dict[str, Any], there: dict[str, Any], *, read: bool) -> None:
    assert _community(1, **here).is_read_by_all_of(_community(2, **there)) is read


def test_group_is_read_by_all_who_read_itself() -> None:
    group = _community(1, is_group=True)
    assert group.is_read_by_all_of(group)
