import smtplib
import threading
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from itertools import count

import pytest

from webapp.development.mailbox import Kept, keeping, kept, read, write_whole
from webapp.development.supervisor import free_port

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def mailbox(tmp_path):
    """A folder, and a connection to the server that keeps letters there; its clock moves by a minute each."""
    minutes = count()
    port = free_port()
    with (
        keeping(tmp_path / "mail", port, now=lambda: NOON + timedelta(minutes=next(minutes))),
        smtplib.SMTP("127.0.0.1", port, timeout=10) as client,
    ):
        yield tmp_path / "mail", client


def letter(subject, body="Hello"):
    message = EmailMessage()
    message["From"] = "Waymark <events@example.org>"
    message["To"] = "ann@example.org"
    message["Subject"] = subject
    message.set_content(body)
    return message


def test_kept_letters_come_newest_first_with_the_addresses_of_the_envelope(mailbox):
    folder, client = mailbox
    client.send_message(letter("First"), "bounces@example.org", ["ann@example.org", "bob@example.org"])
    client.send_message(letter("Second – with a dash"))
    assert kept(folder) == [
        Kept(
            "20260601T120100.000000Z-00002.eml",
            NOON + timedelta(minutes=1),
            "events@example.org",
            ("ann@example.org",),
            "Second – with a dash",
        ),
        Kept(
            "20260601T120000.000000Z-00001.eml",
            NOON,
            "bounces@example.org",
            ("ann@example.org", "bob@example.org"),
            "First",
        ),
    ]


def test_read_gives_the_letter_as_it_was_sent(mailbox):
    folder, client = mailbox
    sent = letter("Your place", "See you in Leeds – bring nothing.\n")
    sent.add_alternative("<p>See you</p>", subtype="html")
    sent.add_attachment("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", subtype="calendar", filename="invite.ics")
    client.send_message(sent)
    found = read(folder, kept(folder)[0].name)
    assert [part.get_content_type() for part in found.walk()] == [part.get_content_type() for part in sent.walk()]
    assert found.get_body(("plain",)).get_content() == "See you in Leeds – bring nothing.\r\n"
    assert found["X-RcptTo"] == "ann@example.org"


def test_address_beyond_ascii_is_kept_readable(mailbox):
    folder, client = mailbox
    client.send_message(letter("Hello"), "events@example.org", ["zoë@example.org"])
    assert kept(folder)[0].recipients == ("zoë@example.org",)


def test_letters_sent_at_once_are_each_kept(mailbox, tmp_path):
    folder, client = mailbox
    port = client.sock.getpeername()[1]

    def send_five(sender):
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as connection:
            for number in range(5):
                connection.send_message(letter(f"{sender}.{number}"))

    threads = [threading.Thread(target=send_five, args=(sender,)) for sender in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(one.subject for one in kept(folder)) == [f"{s}.{n}" for s in range(4) for n in range(5)]
    assert [path.suffix for path in folder.iterdir()] == [".eml"] * 20


def test_letter_half_written_is_not_shown(tmp_path):
    (tmp_path / "20260601T120000.000000Z-00001.part").write_bytes(b"Subject: half")
    (tmp_path / "notes.eml").write_bytes(b"Subject: not ours")
    assert kept(tmp_path) == []


def test_folder_that_is_not_there_holds_no_letters(tmp_path):
    assert kept(tmp_path / "none") == []


@pytest.mark.parametrize(
    "name",
    [
        "../20260601T120000.000000Z-00001.eml",
        "/etc/passwd",
        "20260601T120000.000000Z-00001.eml/../../secret",
        "20260601T120000.000000Z-00001.eml\n",
        "20260601T120000.000000Z-99999.eml",
        "",
        ".",
    ],
)
def test_read_refuses_names_that_it_did_not_give(tmp_path, name):
    folder = tmp_path / "mail"
    folder.mkdir()
    write_whole(folder / "20260601T120000.000000Z-00001.eml", b"Subject: ours\r\n\r\n")
    write_whole(tmp_path / "20260601T120000.000000Z-00001.eml", b"Subject: outside\r\n\r\n")
    with pytest.raises(LookupError):
        read(folder, name)
