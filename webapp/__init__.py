"""Waymark: learning events, calendars and follow-up for a public programme."""

# ruff: noqa: PLC0415 -- what watches over the programs, and what keeps mail, need not load all of the application

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

    from config import Settings


def create_app(settings: "Settings | None" = None) -> "Flask":
    """The application, ready to serve; reads the environment unless given settings.

    Raises ConfigurationError when the settings cannot run the service.
    """
    from flask import Flask
    from werkzeug.middleware.proxy_fix import ProxyFix

    from config import ROOT, load
    from webapp import blueprints, cli, errors, extensions, headers, jobs, kept, migrating, templating, transaction

    settings = settings or load()
    app = Flask(__name__, template_folder=str(ROOT / "templates"))
    app.config.from_mapping({"SETTINGS": settings} | flask_settings(settings))
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]  # as Flask says to
    extensions.init_app(app)
    migrating.init_app(app)
    headers.init_app(app)  # before transaction: what is registered first comes last, after the commit
    transaction.init_app(app)
    templating.init_app(app)
    kept.init_app(app)
    errors.init_app(app)
    blueprints.init_app(app)
    jobs.init_app(app)
    cli.init_app(app)
    return app


def flask_settings(settings: "Settings") -> dict[str, Any]:
    """What Flask and its extensions read, from our settings."""
    from webapp import database

    current, *former = settings.keys
    production = settings.is_production
    return {
        "SECRET_KEY": current,
        "SECRET_KEY_FALLBACKS": former,
        # The prefix makes browsers refuse the cookie from another path, a sibling domain or plain http.
        "SESSION_COOKIE_NAME": "__Host-waymark" if production else "waymark",
        "SESSION_COOKIE_SECURE": production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "SQLALCHEMY_DATABASE_URI": settings.sqlalchemy_url,
        "SQLALCHEMY_ENGINE_OPTIONS": database.engine_options(settings.sqlalchemy_url, discreet=production),
        "MAX_CONTENT_LENGTH": 512 * 1024,
        "MAX_FORM_MEMORY_SIZE": 256 * 1024,
        "SEND_FILE_MAX_AGE_DEFAULT": 365 * 24 * 3600,
        # Forms check their own token, so that a stale one is an error on the form, with what was typed.
        "WTF_CSRF_CHECK_DEFAULT": False,
        "WTF_CSRF_TIME_LIMIT": 12 * 3600,
        "WTF_CSRF_SSL_STRICT": False,
    }
