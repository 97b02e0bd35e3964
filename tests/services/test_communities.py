"""Communities set up and changed."""

from dataclasses import replace

import pytest
from flask import Flask

from tests.making import Maker
from webapp import transaction
from webapp.extensions import db
from webapp.models.accounts import SYSTEM
from webapp.models.communities import Community
from webapp.services import communities


def test_change_sent_twice_is_made_once_and_another_is_refused(app: Flask, make: Maker) -> None:
    community = make.community("Family help")
    words = communities.CommunityWords(name="Family hubs")
    acting = {"version": 1, "actor": SYSTEM, "now": make.now}
    for _ in range(2):
        with app.app_context(), transaction.unit():
            communities.change(community.id, words, **acting)
    with app.app_context(), transaction.unit(), pytest.raises(communities.CommunityChanged):
        communities.change(community.id, replace(words, name="Help"), **acting)
    with app.app_context():
        row = db.session.get_one(Community, community.id)
        assert (row.name, row.version) == ("Family hubs", 2)
