"""The application as the laws of the house look at it: with every door, and never connected to anything."""

from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import settings_for
from webapp import create_app


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application with every area, the developers' mailbox included."""
    folder: Path = tmp_path_factory.mktemp("house")
    app = create_app(settings_for(folder, "sqlite://", mailbox_dir=str(folder)))
    app.testing = True
    return app
