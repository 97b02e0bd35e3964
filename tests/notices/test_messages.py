"""The bytes of a letter: their structure, read again by the library, their calendar by another one, and no way in."""

import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parseaddr, parsedate_to_datetime

import html5lib
import pytest
import vobject

from tests.notices.examples import EVENT, FACTS, INVITATION, PLACE, POSTED, letter
from webapp.folding import clean_line
from webapp.models.events import Mode
from webapp.notices.composing import envelope_address, mailbox, words

pytestmark = pytest.mark.memory

HEADERS = [
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Content-Language", "Auto-Submitted",
    "X-Auto-Response-Suppress", "MIME-Version", "Content-Type",
]  # fmt: skip
EVIL = [
    "Eve\r\nBcc: all@example.org",
    "Eve\nContent-Type: text/html\n\n<b>hello</b>",
    "Eve\x0bBcc: x\x00\x1b[31m",
    "Eve\u2028Bcc: all@example.org",
    "Eve\u202egro.elpmaxe\u202c",
    "<script>alert(1)</script>",
    '"><img src=https://evil.example/x.png>',
    '"Eve" <eve@evil.example>, ',
    "Eve, Adam; all: them (and us) <>@[]\\",
    "=?utf-8?q?Eve=0D=0ABcc=3A_all=40example=2Eorg?=",
    "{{ 7 * 7 }}{% include 'errors/error.html' %}",
    "--=_zyxwvtsrqpnm_mixed",
    "Eve;CN=Adam:mailto:adam@evil.example",
    "Eve\\nATTENDEE:mailto:adam@evil.example",
    "長" * 200,
    "😀" * 200,
    "a" * 200,
    "a " * 100,
    "'" * 200,
]


def read(made):
    return message_from_bytes(made, policy=policy.default)


def shown(made, header):
    """The name and address of a header with one; the new parser of Python 3.11 puts spaces into long names."""
    name, address = parseaddr(message_from_bytes(made)[header].replace("\r\n", ""))
    return str(make_header(decode_header(name))), address


def structure(message):
    """The parts, each with its type, what the type says besides, and whether it is a file."""
    found = []
    for part in message.walk():
        parameters = {key: value for key, value in part["Content-Type"].params.items() if key != "boundary"}
        found.append((part.get_content_type(), parameters, part.get_filename()))
    return found


def calendars(message):
    return [part.get_content() for part in message.walk() if part.get_content_type() == "text/calendar"]


@pytest.mark.parametrize(
    ("name", "method", "filename"),
    [
        ("registration_confirmed", "REQUEST", "invitation.ics"),
        ("registration_promoted", "REQUEST", "invitation.ics"),
        ("registration_cancelled", "CANCEL", "cancellation.ics"),
    ],
)
def test_invitation_is_an_alternative_and_a_file(rendered, name, method, filename):
    message = read(rendered(letter(name)))
    about = {"charset": "utf-8", "method": method}
    assert structure(message) == [
        ("multipart/mixed", {}, None),
        ("multipart/alternative", {}, None),
        ("text/plain", {"charset": "utf-8"}, None),
        ("text/html", {"charset": "utf-8"}, None),
        ("text/calendar", about, None),
        ("text/calendar", about | {"name": filename}, filename),
    ]
    first, second = calendars(message)
    assert first == second
    assert [part.get_content_disposition() for part in message.walk()] == [None] * 5 + ["attachment"]
    assert f"METHOD:{method}\r\n" in first


@pytest.mark.parametrize("name", [name for name, facts in FACTS.items() if facts.invitation is None])
def test_letter_without_a_place_carries_no_invitation(rendered, name):
    alone = [
        ("multipart/alternative", {}, None),
        ("text/plain", {"charset": "utf-8"}, None),
        ("text/html", {"charset": "utf-8"}, None),
    ]
    slides = ("application/pdf", {"name": "slides.pdf"}, "slides.pdf")
    enclosing = [("multipart/mixed", {}, None), *alone, slides]
    assert structure(read(rendered(letter(name)))) == (enclosing if name == "mailing-enclosing" else alone)


def test_invitation_is_for_this_person_and_leads_to_our_own_page(rendered):
    message = read(rendered(letter()))
    calendar = vobject.readOne(calendars(message)[0])
    first, second = calendar.vevent_list
    assert calendar.method.value == "REQUEST"
    assert {one.uid.value for one in (first, second)} == {INVITATION.uid}
    assert {one.sequence.value for one in (first, second)} == {"0"}
    assert {one.summary.value for one in (first, second)} == {EVENT.title}
    assert {one.organizer.value for one in (first, second)} == {"mailto:learning@example.org"}
    for one in (first, second):
        (attendee,) = one.attendee_list
        assert (attendee.value, attendee.params["CN"]) == ("mailto:dina@example.org", ["Dina Okafor"])
    join = "https://waymark.example.org/events/working-with-fathers-23456789bcdf/join"
    assert first.url.value == join
    assert join in first.description.value
    assert "Declining here does not give up your place." in first.description.value
    text = message.get_body(("plain",)).get_content()
    (personal,) = set(re.findall(r"/registrations/(\w[\w-]+)", text))
    assert personal not in calendars(message)[0].replace("\r\n ", "")
    assert (first.dtstart.value.isoformat(), first.dtend.value.isoformat()) == (
        "2027-06-14T09:30:00+01:00",
        "2027-06-14T16:00:00+01:00",
    )
    assert second.dtstart.value.isoformat() == "2027-06-15T10:00:00+01:00"


def test_withdrawal_has_the_same_uid_and_a_higher_sequence(rendered):
    calendar = vobject.readOne(calendars(read(rendered(letter("registration_cancelled"))))[0])
    (event,) = calendar.vevent_list
    assert (event.uid.value, event.sequence.value, event.status.value) == (INVITATION.uid, "1", "CANCELLED")


@pytest.mark.parametrize(("mode", "place"), [(Mode.ONLINE, "Online"), (Mode.IN_PERSON, "Town Hall, Leeds")])
def test_who_joins_online_is_not_sent_to_the_venue(rendered, mode, place):
    event = replace(EVENT, modes=list(Mode), venue="Town Hall, Leeds")
    message = read(rendered(letter(facts=replace(PLACE, event=event, mode=mode))))
    assert vobject.readOne(calendars(message)[0]).vevent.location.value == place
    text = message.get_body(("plain",)).get_content()
    assert ("Town Hall" in text) == (mode is Mode.IN_PERSON)


@pytest.mark.parametrize("name", FACTS)
def test_headers_are_these_and_each_once(rendered, name):
    message = read(rendered(letter(name)))
    told = FACTS[name].told
    of_list = ["List-Id", *(["List-Archive"] if len(told) == 1 else []), "List-Unsubscribe", "List-Unsubscribe-Post"]
    assert message.keys() == HEADERS[:-2] + (of_list if told else []) + HEADERS[-2:]
    about = FACTS[name].event or FACTS[name].series
    organiser = "Learning team" if about else "Wave 1 & all" if len(told) == 1 else "Waymark"
    reply = "learning@example.org" if FACTS[name].event else "help@example.org"
    assert str(message["From"]) == f"{organiser} <events@example.org>"
    assert str(message["To"]) == "Dina Okafor <dina@example.org>"
    assert str(message["Reply-To"]) == f"{organiser} <{reply}>"
    assert message["Message-ID"] == "<zyxwvtsrqpnm@waymark.example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert parsedate_to_datetime(message["Date"]) == POSTED
    assert message.defects == []


@pytest.mark.parametrize("name", FACTS)
def test_same_row_gives_the_same_bytes_with_crlf(rendered, name):
    made = rendered(letter(name))
    assert made == rendered(letter(name))
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", made)
    assert made.endswith(b"\r\n")
    assert made.isascii()
    assert max(map(len, made.split(b"\r\n"))) <= 200


@pytest.mark.parametrize("evil", EVIL)
def test_name_can_inject_neither_headers_nor_markup_nor_calendar_lines(rendered, evil):
    plain = read(rendered(letter()))
    made = rendered(letter(to=evil[:200]))
    message = read(made)
    assert message.keys() == HEADERS
    assert [part.defects for part in message.walk()] == [[] for _ in plain.walk()]
    assert structure(message) == structure(plain)
    (to,) = message["To"].addresses
    assert to.addr_spec == "dina@example.org"
    assert shown(made, "To") == (clean_line(evil[:200]), "dina@example.org")
    assert max(len(line) for line in made.partition(b"\r\n\r\n")[0].split(b"\r\n")) < 260
    _same_elements(message, plain)
    _same_lines(message, plain)
    assert "49" not in message.get_body(("plain",)).get_content()


@pytest.mark.parametrize("field", ["title", "organiser_name", "venue", "summary"])
@pytest.mark.parametrize("evil", EVIL)
def test_event_can_inject_neither_headers_nor_markup_nor_calendar_lines(rendered, field, evil):
    facts = replace(PLACE, mode=Mode.IN_PERSON, event=replace(EVENT, **{field: evil[:200]}))
    plain = read(rendered(letter(facts=replace(PLACE, mode=Mode.IN_PERSON, event=replace(EVENT, venue="Leeds")))))
    message = read(rendered(letter(facts=facts)))
    assert message.keys() == HEADERS
    assert structure(message) == structure(plain)
    for header in ("From", "To", "Reply-To"):
        assert [one.addr_spec for one in message[header].addresses] == [
            one.addr_spec for one in plain[header].addresses
        ]
    _same_elements(message, plain)
    _same_lines(message, plain)


def _same_elements(message, plain):
    trees = [html5lib.parse(one.get_body(("html",)).get_content()) for one in (message, plain)]
    found, wanted = ([element.tag for element in tree.iter()] for tree in trees)
    assert found == wanted


def _same_lines(message, plain):
    """The calendars have the same properties, whatever these say; one that is empty may be missing."""
    found, wanted = (
        [re.split("[;:]", line)[0] for line in calendars(one)[0].replace("\r\n ", "").splitlines()]
        for one in (message, plain)
    )
    assert found == wanted


@pytest.mark.parametrize(
    "name", [*EVIL, "Dina Okafor", "Zoë Ó Briain", "O'Neill, Ann", 'Ann "Bee" Cee', "Ann\\Bee", "ann@b"]
)
def test_names_are_read_back_as_written(name):
    written = f"To: {mailbox('To', name, 'ann@example.org')}\r\nSubject: {words('Subject', name)}\r\n\r\n".encode()
    message = read(written)
    (to,) = message["To"].addresses
    assert to.addr_spec == "ann@example.org"
    assert shown(written, "To") == (clean_line(name), "ann@example.org")
    assert str(message["Subject"]) == clean_line(name)
    assert message.keys() == ["To", "Subject"]


@pytest.mark.parametrize(
    ("address", "bare"),
    [
        ("ann.o'neill+events@example.org", "ann.o'neill+events@example.org"),
        ("Ann@Bücher.Example", "Ann@xn--bcher-kva.example"),
        ("jürgen@example.org", "jürgen@example.org"),
        ("用户@例子.example", "用户@xn--fsqu00a.example"),
    ],
)
def test_addresses_are_written_as_mail_servers_take_them(rendered, address, bare):
    assert envelope_address(address) == bare
    made = rendered(letter(email=address))
    assert f"To: Dina Okafor <{bare}>\r\n".encode() in made
    assert f"mailto:{address}" in calendars(read(made))[0].replace("\r\n ", "")


@pytest.mark.parametrize(
    "address",
    [
        "", "ann", "@example.org", "ann@", "ann@example.org>", "ann@example.org\r\nBcc: x@example.org",
        "a b@example.org", "ann@@example.org", "<ann@example.org", "ann..lee@example.org", ".ann@example.org",
        "ann@exa mple.org",
        "ann,bob@example.org", "ann@example..org", "ann@\u202eexample.org", 'ann"@example.org', "ann;@example.org",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(address):
    with pytest.raises(ValueError, match="is not an e-mail address"):
        envelope_address(address)
