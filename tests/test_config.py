"""Settings: what production refuses to start without, and what development makes for itself."""

import stat
from pathlib import Path

import pytest
from pydantic import ValidationError

import config
from config import ConfigurationError, Settings, load

pytestmark = pytest.mark.memory

GOOD = {
    "WAYMARK_SECRET_KEYS": "k" * 32,
    "WAYMARK_BASE_URL": "https://events.example.org",
    "WAYMARK_SMTP_HOST": "mail.example.org",
    "WAYMARK_CONTACT_EMAIL": "help@waymark.internal",
    "WAYMARK_MAIL_FROM": "events@waymark.internal",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """An environment that says nothing, and a checkout that holds nothing."""
    import os  # noqa: PLC0415 -- only to see what is set

    for name in os.environ:
        if name.startswith("WAYMARK_") or name == "DATABASE_URL":
            monkeypatch.delenv(name)
    monkeypatch.setattr(config, "ROOT", tmp_path)
    return monkeypatch


def given(environment: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        environment.setenv(name, value)


def refusal() -> str:
    with pytest.raises(ConfigurationError) as refused:
        load()
    return str(refused.value)


def test_production_starts_with_what_it_needs(environment):
    given(environment, **GOOD)

    settings = load()

    assert (settings.env, settings.is_production, settings.keys) == ("production", True, ("k" * 32,))


def test_nothing_said_means_production_which_names_all_it_lacks():
    said = refusal()

    assert said == (
        "Waymark will not start in production without: WAYMARK_SECRET_KEYS (each at least 32 characters);"
        " WAYMARK_BASE_URL (the public https:// address); WAYMARK_SMTP_HOST (the mail server);"
        " WAYMARK_CONTACT_EMAIL (an address of yours; waymark@example.org is nobody's);"
        " WAYMARK_MAIL_FROM (an address of yours; events@example.org is nobody's)"
    )


@pytest.mark.parametrize("missing", sorted(GOOD))
def test_production_names_the_one_thing_it_lacks(environment, missing):
    given(environment, **GOOD)
    environment.delenv(missing)

    named = {name for name in GOOD if name in refusal()}

    assert named == {missing}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WAYMARK_SECRET_KEYS", "k" * 31),
        ("WAYMARK_SECRET_KEYS", "k" * 32 + ",short"),
        ("WAYMARK_SECRET_KEYS", " , ,"),
        ("WAYMARK_BASE_URL", "http://events.example.org"),
        ("WAYMARK_BASE_URL", "events.example.org"),
        ("WAYMARK_SMTP_HOST", ""),
        ("WAYMARK_SMTP_TLS", "none"),
        ("WAYMARK_CONTACT_EMAIL", "help@example.org"),
        ("WAYMARK_CONTACT_EMAIL", "help@learning.Example"),
        ("WAYMARK_MAIL_FROM", "events@mail.example.com"),
        ("WAYMARK_MAIL_FROM", "events@localhost"),
    ],
)
def test_production_refuses_what_is_unsafe_and_names_it(environment, name, value):
    given(environment, **(GOOD | {name: value}))

    named = {known for known in (*GOOD, "WAYMARK_SMTP_TLS") if known in refusal()}

    assert named == {name}


def test_production_tells_no_secret_in_its_refusal(environment):
    given(environment, WAYMARK_SECRET_KEYS="short-and-secret", WAYMARK_SMTP_PASSWORD="another")

    said = refusal()

    assert "short-and-secret" not in said
    assert "another" not in said


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_production_may_hand_mail_in_plain_to_this_machine(environment, host):
    given(environment, **(GOOD | {"WAYMARK_SMTP_TLS": "none", "WAYMARK_SMTP_HOST": host}))

    assert load().smtp_tls == "none"


def test_production_makes_no_key_for_itself(tmp_path):
    refusal()

    assert list(tmp_path.iterdir()) == []


def test_value_that_is_not_understood_is_named(environment):
    given(environment, **(GOOD | {"WAYMARK_SMTP_PORT": "twenty-five", "WAYMARK_ENV": "staging"}))

    said = refusal()

    assert said.startswith("Settings not understood: ")
    assert "smtp_port" in said
    assert "env: " in said
    assert GOOD["WAYMARK_SECRET_KEYS"] not in said


def test_development_makes_its_key_once(environment, tmp_path):
    given(environment, WAYMARK_ENV="development")

    first, second = load(), load()

    path = tmp_path / "var" / "secret.key"
    assert first.keys == second.keys == (path.read_text(),)
    assert len(first.keys[0]) >= 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_development_keeps_the_key_it_is_given(environment, tmp_path):
    given(environment, WAYMARK_ENV="development", WAYMARK_SECRET_KEYS="given")

    assert load().keys == ("given",)
    assert not (tmp_path / "var").exists()


def test_keys_are_in_order_and_bare():
    assert Settings(secret_keys=" new , old ,,").keys == ("new", "old")


def test_settings_cannot_be_changed():
    with pytest.raises(ValidationError):
        Settings().env = "test"


@pytest.mark.parametrize(
    ("given_url", "url"),
    [
        ("postgresql://u:p@h/d?x=1", "postgresql+psycopg://u:p@h/d?x=1"),
        ("postgres://h/d", "postgresql+psycopg://h/d"),
        ("postgresql+psycopg://h/d", "postgresql+psycopg://h/d"),
        ("sqlite:////abs/w.db", "sqlite:////abs/w.db"),
        ("sqlite://", "sqlite://"),
    ],
)
def test_database_address_names_our_driver(environment, given_url, url):
    given(environment, DATABASE_URL=given_url)

    assert Settings().sqlalchemy_url == url


def test_sqlite_path_starts_at_the_checkout(tmp_path):
    assert Settings().sqlalchemy_url == f"sqlite:///{tmp_path}/var/waymark.db"


def test_defaults_send_no_mail_and_show_no_mailbox():
    settings = Settings()

    assert (settings.env, settings.smtp_host, settings.mailbox_dir, settings.smtp_tls) == (
        "production",
        "",
        "",
        "starttls",
    )
    assert settings.trusted_proxies == 0
    assert settings.password_memory_kib == 65536
    assert settings.sqlite_synchronous == "FULL"
