import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from config import ROOT
from tests.browsing import Browser, text_of
from tests.conftest import settings_for
from webapp import create_app
from webapp.development.mailbox import MOMENT, write_whole

NOON = datetime(2027, 5, 10, 12, 0, tzinfo=UTC)
SECRET = "a-key-of-at-least-thirty-two-characters"
CALENDAR = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Learning – day\r\nEND:VCALENDAR\r\n"
HTML = '<!DOCTYPE html><html lang="en-GB"><head><title>x</title></head><body><p style="color:red">Hi</p></body></html>'


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "mail").mkdir()
    return tmp_path / "mail"


@pytest.fixture
def app_with(tmp_path, folder):
    """Makes an application that shows the folder, on a database that nothing is asked of."""

    def make_app(**changes):
        values = {"mailbox_dir": str(folder)} | changes
        return create_app(settings_for(tmp_path, f"sqlite:///{tmp_path / 'none.db'}", **values))

    return make_app


@pytest.fixture
def reader(app_with):
    return Browser(app_with())


def letter(subject="Your place", text="Hello\n"):
    message = EmailMessage()
    message["From"] = "Waymark <events@example.org>"
    message["To"] = "Ann Lee <ann@example.org>"
    message["Subject"] = subject
    message["X-Test"] = "one of the other headers"
    message.set_content(text)
    return message


def with_all_parts():
    message = letter(text="Your link: https://waymark.example.org/sign-in/abc\n\n  Two spaces before this\n")
    message.add_alternative(HTML, subtype="html")
    message.add_alternative(CALENDAR, subtype="calendar", params={"method": "REQUEST"})
    message.add_attachment(CALENDAR.encode(), maintype="text", subtype="calendar", filename="invitation.ics")
    return message


def keep(folder, message, number=1, recipients="ann@example.org"):
    """Write a letter as the mail keeper does, so many minutes after noon; gives its name."""
    name = f"{NOON + timedelta(minutes=number):{MOMENT}}-{number:05}.eml"
    head = f"X-MailFrom: bounces@example.org\r\nX-RcptTo: {recipients}\r\n"
    write_whole(folder / name, head.encode() + message.as_bytes())
    return name


def subjects(page):
    [listed] = page.all("ul", class_="wm-people")
    return [text_of(link) for link in page.all("a") if link.get("href").startswith("/_mail/") and link in listed.iter()]


# ---------------------------------------------------------------- the list


def test_list_without_letters_says_how_to_get_one(reader, folder):
    page = reader.get("/_mail")
    assert "No letters yet. Register for an event or ask for a link to sign in" in page.text
    folder.rmdir()
    assert "No letters yet." in reader.get("/_mail").text


def test_list_tells_letters_newest_first_each_with_recipient_and_moment(reader, folder):
    keep(folder, letter("First"), 1)
    keep(folder, letter("Second"), 2, recipients="bob@example.org, eve@example.org")
    page = reader.get("/_mail")
    assert [text_of(one) for one in page.one("ul", class_="wm-people")] == [
        "Second To bob@example.org, eve@example.org 1:02pm on Monday 10 May 2027",
        "First To ann@example.org 1:01pm on Monday 10 May 2027",
    ]
    assert "2 letters, the newest first." in page.text


def test_list_of_many_letters_is_paged_and_the_pages_lead_to_one_another(reader, folder):
    for number in range(1, 104):
        keep(folder, letter(f"Letter {number}"), number)
    first = reader.get("/_mail")
    last = reader.get("/_mail?page=99999999999999999999")
    assert subjects(first) == [f"Letter {number}" for number in range(103, 53, -1)]
    assert subjects(reader.get("/_mail" + first.link("Next page"))) == [f"Letter {n}" for n in range(53, 3, -1)]
    assert subjects(last) == ["Letter 3", "Letter 2", "Letter 1"]
    assert last.heading == "Letters kept on this machine"
    assert "Letters 101 to 103 of 103, the newest first." in last.text
    assert subjects(reader.get("/_mail?page=-1")) == subjects(first) == subjects(reader.get("/_mail?page=x"))


def test_search_finds_recipient_or_subject_whatever_the_case_and_accents(reader, folder):
    keep(folder, letter("Café in Leeds"), 1)
    keep(folder, letter("Your place"), 2, recipients="bob@example.org")
    assert subjects(reader.get("/_mail?q=CAFE")) == ["Café in Leeds"]
    assert subjects(reader.get("/_mail?q=Bob%40")) == ["Your place"]
    nothing = reader.get("/_mail?q=<b>nobody")
    assert "No letter has “<b>nobody” among its recipients or in its subject." in nothing.text
    assert subjects(reader.get(nothing.link("Clear the search"))) == ["Your place", "Café in Leeds"]


def test_search_with_many_finds_keeps_its_words_from_page_to_page(reader, folder):
    for number in range(1, 61):
        keep(folder, letter("A & B" if number % 10 else "Other"), number)
    page = reader.get("/_mail?q=a+%26+b")
    assert "54 letters" not in page.text
    assert "Letters 1 to 50 of 54, the newest first." in page.text
    assert subjects(reader.get("/_mail" + page.link("Next page"))) == ["A & B"] * 4


# ---------------------------------------------------------------- one letter


def test_letter_shows_headers_parts_text_and_calendar(reader, folder):
    name = keep(folder, with_all_parts())
    page = reader.get(reader.get("/_mail").link("Your place"))
    assert page.heading == "Your place"
    text, calendar = ("".join(pre.itertext()) for pre in page.all("pre"))
    assert text == "Your link: https://waymark.example.org/sign-in/abc\n\n  Two spaces before this\n"
    assert calendar == CALENDAR.replace("\r\n", "\n")
    assert page.link("https://waymark.example.org/sign-in/abc") == "https://waymark.example.org/sign-in/abc"
    parts = ["text/plain", "text/html", "text/calendar, method REQUEST", "text/calendar, attached as invitation.ics"]
    assert [text_of(li) for li in page.one("main").iter("{http://www.w3.org/1999/xhtml}li")] == parts
    rows = {text_of(row[0]): text_of(row[1]) for row in page.all("div", class_="govuk-summary-list__row")}
    assert rows["Sender told to the mail server"] == "bounces@example.org"
    assert rows["To"] == "Ann Lee <ann@example.org>"
    assert rows["X-Test"] == "one of the other headers"
    assert page.one("iframe").get("src") == f"/_mail/{name}/html"


def test_letter_of_text_alone_says_which_parts_it_lacks(reader, folder):
    page = reader.get(f"/_mail/{keep(folder, letter(subject=''))}")
    assert page.heading == "(no subject)"
    assert page.all("iframe") == []
    assert "The letter has no HTML part." in page.text
    assert "The letter has no calendar part." in page.text


def test_letter_with_markup_and_strange_bytes_is_shown_as_text(reader, folder):
    message = letter("<script>alert(1)</script> Grüße", "<img src=x onerror=alert(1)>\n")
    raw = message.as_bytes().replace(b'charset="utf-8"', b'charset="no-such-charset"')
    write_whole(folder / f"{NOON:{MOMENT}}-00001.eml", raw.replace(b"one of the other", b"\xffone of the other"))
    page = reader.get(f"/_mail/{NOON:{MOMENT}}-00001.eml")
    assert page.heading == "<script>alert(1)</script> Grüße"
    assert "".join(page.one("pre").itertext()) == "<img src=x onerror=alert(1)>\n"


def test_html_part_is_framed_on_the_page_of_its_letter_where_nothing_in_it_can_run(reader, folder):
    name = keep(folder, with_all_parts())
    page = reader.get(f"/_mail/{name}")
    assert page.one("iframe").get("sandbox") == "allow-popups allow-popups-to-escape-sandbox"
    assert "frame-src 'self'" in page.response.headers["Content-Security-Policy"]
    assert page.response.headers["X-Frame-Options"] == "DENY"
    part = reader.client.get(page.one("iframe").get("src"))
    assert part.get_data(as_text=True).strip() == HTML.replace("<head>", '<head><base target="_blank">')
    assert part.headers["Content-Type"] == "text/html; charset=utf-8"
    assert part.headers.getlist("X-Frame-Options") == ["SAMEORIGIN"]
    assert part.headers["Cache-Control"] == "no-store"
    [policy] = part.headers.getlist("Content-Security-Policy")
    assert dict(rule.strip().partition(" ")[::2] for rule in policy.split(";")) == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "form-action": "'none'",
        "frame-ancestors": "'self'",
        "sandbox": "allow-popups allow-popups-to-escape-sandbox",
    }


def test_letter_and_its_calendar_entry_are_downloaded_as_they_were_sent(reader, folder):
    name = keep(folder, with_all_parts())
    page = reader.get(f"/_mail/{name}")
    source = reader.client.get(page.link("Download the letter as it was sent (.eml)"))
    assert source.data == (folder / name).read_bytes()
    assert source.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    entry = reader.client.get(page.link("Download the calendar entry (.ics)"))
    assert entry.data.decode() == CALENDAR.replace("\r\n", "\n")
    assert entry.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert entry.headers["Content-Disposition"] == f'attachment; filename="{name.removesuffix(".eml")}.ics"'


@pytest.mark.parametrize("part", ["", "/html", "/calendar.ics", "/source"])
@pytest.mark.parametrize(
    "name", ["20270510T120100.000000Z-00009.eml", "..%2Fsecret.eml", "secret.eml", "20270510T120100.000000Z-00001.part"]
)
def test_letter_that_is_not_there_or_no_letter_is_not_found(reader, folder, name, part):
    for path in (folder / "secret.eml", folder.parent / "secret.eml"):
        path.write_text("Subject: secret\n\nsecret\n", encoding="ascii")
    page = reader.get(f"/_mail/{name}{part}")
    assert (page.status, page.heading) == (404, "Page not found")


@pytest.mark.parametrize("part", ["html", "calendar.ics"])
def test_part_that_a_letter_lacks_is_not_found(reader, folder, part):
    page = reader.get(f"/_mail/{keep(folder, letter())}/{part}")
    assert (page.status, page.heading) == (404, "Page not found")


# ---------------------------------------------------------------- where there is none


@pytest.mark.parametrize(
    "changes",
    [
        {"env": "production", "secret_keys": SECRET, "smtp_host": "smtp.example.org"},
        {"env": "development", "mailbox_dir": ""},
    ],
)
def test_mailbox_in_production_or_without_a_folder_does_not_exist(app_with, folder, changes):
    name = keep(folder, letter())
    app = app_with(**changes)
    assert [rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/_mail")] == []
    addresses = ("/_mail", f"/_mail/{name}", f"/_mail/{name}/source")
    assert {Browser(app).get(address).heading for address in addresses} == {"Page not found"}


def test_production_starts_without_the_packages_that_the_mailbox_needs(tmp_path):
    program = f"""
import sys
sys.modules["aiosmtpd"] = None  # as if it were not installed
from config import Settings
from webapp import create_app
create_app(Settings(env="production", secret_keys={SECRET!r}, base_url="https://waymark.example.org",
    smtp_host="smtp.example.org", database_url="sqlite:///{tmp_path}/none.db", jobs_path="{tmp_path}/jobs.db",
    mailbox_dir="{tmp_path}"))
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
