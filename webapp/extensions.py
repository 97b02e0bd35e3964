"""Bare objects, bound to the application in init_app()."""

from flask import Flask
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from webapp import clock
from webapp.database import Base

db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False}, disable_autonaming=True)
login_manager = LoginManager()
csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    """Bind the extensions; who is signed in is looked up once per request, by one query."""
    from webapp.models.accounts import Viewer, Visitor  # noqa: PLC0415 -- the models need Base, the query needs db
    from webapp.queries.accounts import find_viewer  # noqa: PLC0415 -- as above

    db.init_app(app)
    csrf.init_app(app)
    login_manager.init_app(app)
    login_manager.session_protection = None
    login_manager.anonymous_user = Visitor

    @login_manager.user_loader  # type: ignore[untyped-decorator, unused-ignore]
    def load_viewer(session_token: str) -> Viewer | None:
        return find_viewer(session_token, now=clock.now())
