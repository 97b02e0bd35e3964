"""Tests that share something costly run in one process, however many there are."""

from types import SimpleNamespace

import pytest

from tests.conftest import pytest_xdist_make_scheduler

pytestmark = pytest.mark.memory

IDS = [
    "tests/blueprints/test_events.py::test_index[sqlite]",
    "tests/browser/test_check_in.py::test_screen",
    "tests/blueprints/test_events.py::test_index[postgresql]",
    "tests/services/test_events.py::test_event[a::b/c@d]",
    "tests/browser/test_journeys.py::test_person[scripts]",
    "tests/house/test_words.py::test_words",
    "tests/house/test_doors.py::test_doors",
]


class _Process:
    """A process of tests that runs all that it is given at once."""

    def __init__(self, name: str) -> None:
        self.name, self.gateway = name, SimpleNamespace(id=name)
        self.given: list[list[str]] = []
        self.shutting_down = False

    def send_runtest_some(self, indexes: list[int]) -> None:
        self.given.append([IDS[index] for index in indexes])

    def shutdown(self) -> None:
        self.shutting_down = True


def test_files_and_what_belongs_together_are_given_whole_the_longest_first() -> None:
    processes = [_Process("one"), _Process("two")]
    option = SimpleNamespace(loadscopereorder=True)
    config = SimpleNamespace(option=option, getvalue={"tx": ["popen"] * len(processes)}.get)
    sharing = pytest_xdist_make_scheduler(config, None)
    for process in processes:
        sharing.add_node(process)
        sharing.add_node_collection(process, IDS)
    sharing.schedule()
    for process in processes:
        for unit in process.given:
            for one in unit:
                sharing.mark_test_complete(process, IDS.index(one))

    assert [process.given[0] for process in processes] == [[IDS[1], IDS[4]], [IDS[5], IDS[6]]]
    units = [unit for process in processes for unit in process.given]
    assert sorted(units) == sorted([[IDS[0], IDS[2]], [IDS[1], IDS[4]], [IDS[3]], [IDS[5], IDS[6]]])
