"""Typed settings, read once from the environment.

A default is right in production and harmless in public; what production cannot do without has no
default, and the program refuses to start until it is given.
"""

import os
import re
import secrets
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
# Names that are kept free for examples (RFC 2606): mail to them reaches nobody.
NOBODYS = re.compile(r"[@.](example(\.(org|com|net))?|test|invalid|localhost)$", re.IGNORECASE)


class ConfigurationError(Exception):
    """The settings given cannot run the service; the message says which and what to do."""


class Settings(BaseSettings):
    """Everything that may differ between one installation and another."""

    model_config = SettingsConfigDict(env_prefix="WAYMARK_", frozen=True, extra="ignore", populate_by_name=True)

    env: Literal["production", "development", "test"] = Field(
        default="production", description="Which kind of installation this is."
    )
    secret_keys: str = Field(
        default="",
        description="Secrets that sign cookies and links, separated by commas: the first signs, all verify.",
    )
    database_url: str = Field(
        default="sqlite:///var/waymark.db",
        validation_alias="DATABASE_URL",
        description="The database, as an SQLAlchemy address; SQLite or PostgreSQL.",
    )
    jobs_path: str = Field(default="var/jobs.db", description="Where the job store lies when the database is SQLite.")
    files_dir: str = Field(
        default="var/files", description="The folder of photographs and slides, which no web server may serve."
    )
    recording_most_mb: int = Field(
        default=2048, ge=1, le=100_000, description="How large a recording may be that is uploaded, in megabytes."
    )
    base_url: str = Field(
        default="http://127.0.0.1:5000", description="The public address, without a slash at the end."
    )
    trusted_proxies: int = Field(default=0, ge=0, le=5, description="How many proxies of ours stand before the server.")
    service_name: str = Field(default="Waymark", description="The name in the header and in letters.")
    contact_email: str = Field(
        default="waymark@example.org", description="Where people write for help; shown on the contact page."
    )
    mail_from: str = Field(default="events@example.org", description="The address that letters are sent from.")
    smtp_host: str = Field(default="", description="The mail server.")
    smtp_port: int = Field(default=587, description="Its port.")
    smtp_tls: Literal["starttls", "implicit", "none"] = Field(
        default="starttls", description="How the connection is protected; `none` only on this machine."
    )
    smtp_username: str = Field(default="", description="The user at the mail server, if it asks for one.")
    smtp_password: str = Field(default="", description="The password of that user.")
    smtp_timeout: float = Field(default=20.0, gt=0, description="Seconds to wait for the mail server at each step.")
    uncertain_letters: Literal["resend", "hold"] = Field(
        default="resend",
        description="What becomes of a letter that may have arrived, since a worker or the connection died over it:"
        " sent again as the same bytes, or held until an organiser says.",
    )
    mailbox_dir: str = Field(default="", description="Folder of kept mail that /_mail shows; development only.")
    password_memory_kib: int = Field(
        default=65536, description="Memory in KiB that one password hash takes (RFC 9106, section 4)."
    )
    sqlite_synchronous: Literal["FULL", "NORMAL", "OFF"] = Field(
        default="FULL",
        description="How safely SQLite writes; FULL keeps what was confirmed through a power cut.",
    )

    @property
    def is_production(self) -> bool:
        return self.env == "production"

    @property
    def keys(self) -> tuple[str, ...]:
        """The signing secrets, the current one first."""
        return tuple(key.strip() for key in self.secret_keys.split(",") if key.strip())

    @property
    def files_path(self) -> Path:
        """The folder of stored files, made absolute."""
        return ROOT / self.files_dir

    @property
    def sqlalchemy_url(self) -> str:
        """The database address with our driver named, and SQLite paths made absolute."""
        url = self.database_url
        for plain in ("postgresql://", "postgres://"):
            if url.startswith(plain):
                return "postgresql+psycopg://" + url.removeprefix(plain)
        if url.startswith("sqlite:///") and not url.startswith("sqlite:////"):
            return f"sqlite:///{ROOT / url.removeprefix('sqlite:///')}"
        return url


def load() -> Settings:
    """Read the settings from the environment.

    Raises ConfigurationError when a value is not understood, or when production lacks what it needs.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise ConfigurationError(f"Settings not understood: {problems}") from error
    if settings.is_production:
        _check_production(settings)
        return settings
    return settings if settings.keys else settings.model_copy(update={"secret_keys": _development_key()})


def _check_production(settings: Settings) -> None:
    missing = []
    if not settings.keys or min(map(len, settings.keys)) < 32:
        missing.append("WAYMARK_SECRET_KEYS (each at least 32 characters)")
    if not settings.base_url.startswith("https://"):
        missing.append("WAYMARK_BASE_URL (the public https:// address)")
    if not settings.smtp_host:
        missing.append("WAYMARK_SMTP_HOST (the mail server)")
    missing += [
        f"WAYMARK_{name.upper()} (an address of yours; {getattr(settings, name)} is nobody's)"
        for name in ("contact_email", "mail_from")
        if NOBODYS.search(getattr(settings, name))
    ]
    if settings.smtp_tls == "none" and settings.smtp_host not in {"", "localhost", "127.0.0.1", "::1"}:
        missing.append("WAYMARK_SMTP_TLS other than none (the mail server is on another machine)")
    if missing:
        raise ConfigurationError("Waymark will not start in production without: " + "; ".join(missing))


def _development_key() -> str:
    """The secret of this checkout, made on first use, so that no secret is ever in the repository."""
    path = ROOT / "var" / "secret.key"
    path.parent.mkdir(exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        key = secrets.token_urlsafe(48)
        file.write(key)
    return key
