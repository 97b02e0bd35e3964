"""Lists of people as they are copied out of other programs."""

import pytest

from webapp.formats.mailboxes import Mailbox, Unread, read

pytestmark = pytest.mark.memory

DINA = Mailbox("Dina Okafor", "dina@example.org")


@pytest.mark.parametrize(
    "line",
    [
        "Dina Okafor <dina@example.org>",
        '"Dina Okafor" <dina@example.org>,',
        "  Dina   Okafor   <dina@EXAMPLE.org>;",
        "Dina Okafor\tdina@example.org",
        "Dina Okafor, dina@example.org",
        "Dina Okafor; dina@example.org",
        "Dina Okafor dina@example.org",
        "Dina Okafor <mailto:dina@example.org>",
    ],
)
def test_person_is_read_from_the_ways_in_which_programs_write_one(line):
    assert read(line) == ([DINA], [])


def test_addresses_alone_and_several_on_a_line_are_read_in_order():
    boxes, unread = read("ann@example.org\n\nDina Okafor <dina@example.org>; Lee, Bob <bob@example.org>;")
    assert boxes == [Mailbox("", "ann@example.org"), DINA, Mailbox("Lee, Bob", "bob@example.org")]
    assert unread == []


def test_address_that_comes_twice_is_given_once_with_its_name():
    assert read("DINA@example.org\nDina Okafor <dina@example.org>\ndina@example.org")[0] == [DINA]


def test_line_that_cannot_be_read_is_named_by_its_number():
    _, unread = read(f"ann@example.org\nDina Okafor\nx@\n{'n' * 201} <n@example.org>")
    assert [(one.line, one.problem) for one in unread] == [
        (2, "has no e-mail address"),
        (3, "is not an e-mail address like name@example.org"),
        (4, "has a name of more than 200 characters"),
    ]
    assert unread[0] == Unread(2, "Dina Okafor", "has no e-mail address")
