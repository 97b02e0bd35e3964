"""Links that prove something: what they are made of, what they prove, and what they do not."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask

from config import Settings
from webapp import tokens
from webapp.database import ALPHABET, new_public_id

pytestmark = pytest.mark.memory

OLD, NEW = "an-old-key-for-tests-only-" + "o" * 12, "a-new-key-for-tests-only-" + "n" * 12
ID = "bcdfghjkmnpq"


@contextmanager
def signing_with(*keys: str) -> Iterator[None]:
    app = Flask(__name__)
    app.config["SETTINGS"] = Settings(env="test", secret_keys=",".join(keys))
    with app.app_context():
        yield


@pytest.fixture(autouse=True)
def _key() -> Iterator[None]:
    with signing_with(OLD):
        yield


def test_token_names_its_row_and_proves_its_purpose():
    token = tokens.make("registration", ID, "nonce")

    assert tokens.public_id(token) == ID
    assert tokens.proves(token, "registration", "nonce")
    assert len(token) == 12 + 22


def test_token_is_the_same_each_time_it_is_made():
    assert tokens.make("registration", ID, "nonce") == tokens.make("registration", ID, "nonce")


def test_token_can_stand_in_an_address_as_it_is():
    made = "".join(tokens.make("registration", new_public_id(), tokens.new_nonce()) for _ in range(50))

    assert set(made) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


def test_token_proves_nothing_for_another_purpose():
    assert not tokens.proves(tokens.make("registration", ID, "nonce"), "sign-in", "nonce")


def test_token_proves_nothing_after_its_row_got_a_new_nonce():
    assert not tokens.proves(tokens.make("registration", ID, "nonce"), "registration", tokens.new_nonce())


def test_token_proves_nothing_for_another_row():
    token = tokens.make("registration", ID, "nonce")
    moved = ID[::-1] + token[12:]

    assert tokens.public_id(moved) == ID[::-1]
    assert not tokens.proves(moved, "registration", "nonce")


def test_token_with_a_letter_changed_proves_nothing():
    token = tokens.make("registration", ID, "nonce")
    forged = [token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :] for place in range(len(token))]

    assert [one for one in forged if tokens.proves(one, "registration", "nonce")] == []


def test_parts_of_a_token_cannot_be_shifted_into_one_another():
    parts = [("ab", "c", "d"), ("a", "bc", "d"), ("a", "b", "cd")]

    assert len({tokens.make(purpose, row, nonce)[len(row) :] for purpose, row, nonce in parts}) == 3


def test_token_of_an_old_key_is_good_while_the_key_is_in_the_list():
    token = tokens.make("registration", ID, "nonce")

    with signing_with(NEW, OLD):
        assert tokens.proves(token, "registration", "nonce")
        assert tokens.make("registration", ID, "nonce") != token
    with signing_with(NEW):
        assert not tokens.proves(token, "registration", "nonce")


def test_token_is_signed_with_the_first_key():
    with signing_with(NEW, OLD):
        token = tokens.make("registration", ID, "nonce")

    with signing_with(NEW):
        assert tokens.proves(token, "registration", "nonce")
    assert not tokens.proves(token, "registration", "nonce")


@pytest.mark.parametrize(
    "garbage",
    [
        "",
        "x",
        ID,
        "ü" * 34,
        "bcdfghjkmnpq" + "ü" * 22,
        "bcdfghjkmnpq" + "\udcff" * 22,
        "\udcff" * 34,
        "\x00" * 34,
        "\u202e" * 34,
        "BCDFGHJKMNPQ" + "A" * 22,
        "bcdfghjkmnpq" + "A" * 21,
        "bcdfghjkmnpq" + "A" * 23,
        "bcdfghjkmnp/" + "A" * 22,
        "😀" * 34,
        "a" * 100_000,
    ],
)
def test_garbage_proves_nothing_and_raises_nothing(garbage):
    named = tokens.public_id(garbage)

    assert named in {None, ID}
    assert not tokens.proves(garbage, "registration", "nonce")


def test_what_cannot_be_a_token_names_no_row():
    token = tokens.make("registration", ID, "nonce")

    assert tokens.public_id(token[:-1]) is None
    assert tokens.public_id(f"{token}A") is None
    assert tokens.public_id(f"A{token[1:]}") is None


def test_nonces_are_long_and_never_the_same():
    nonces = {tokens.new_nonce() for _ in range(200)}

    assert len(nonces) == 200
    assert {len(nonce) for nonce in nonces} == {24}


def test_public_ids_are_fit_for_tokens():
    made = {new_public_id() for _ in range(200)}

    assert len(made) == 200
    assert {len(one) for one in made} == {12}
    assert set("".join(made)) <= set(ALPHABET)
    assert not set(ALPHABET) & set("aeiou01l")


def test_digest_is_the_fingerprint_of_the_secret():
    assert tokens.digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_masking_hides_every_token_and_nothing_else():
    token = tokens.make("registration", "bcdfghjkmnpq", tokens.new_nonce())
    text = f'<a href="https://x/registrations/{token}/cancel">{token}</a> at https://x/events/name-bcdfghjkmnpq.'
    assert tokens.masked(text) == (
        '<a href="https://x/registrations/(hidden)/cancel">(hidden)</a> at https://x/events/name-bcdfghjkmnpq.'
    )
