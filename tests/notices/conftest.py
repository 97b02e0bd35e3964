"""An application that renders letters and touches no database."""

import pytest

from tests.conftest import settings_for
from webapp import create_app
from webapp.notices.rendering import render


@pytest.fixture(scope="session")
def rendering_app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rendering")
    return create_app(settings_for(folder, f"sqlite:///{folder / 'never.db'}"))


@pytest.fixture
def rendered(rendering_app):
    """Renders a row of the outbox."""

    def render_letter(letter):
        with rendering_app.app_context():
            return render(letter, rendering_app.config["SETTINGS"])

    return render_letter
