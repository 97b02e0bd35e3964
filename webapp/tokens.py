"""Links that prove something: made from a key and a row's nonce, so they can be sent again and revoked.

The row holds no token, so a copy of the database opens nothing. A change of key keeps old links good
for as long as the old key stays in the list of keys.
"""

import base64
import hashlib
import hmac
import re
import secrets

from flask import current_app

from webapp.database import ALPHABET, PUBLIC_ID_LENGTH

_ANY = re.compile(rf"(?<![\w-])[{ALPHABET}]{{{PUBLIC_ID_LENGTH}}}[\w-]{{22}}(?![\w-])", re.ASCII)
_ANY_IN_BYTES = re.compile(_ANY.pattern.encode())


def new_nonce() -> str:
    """A fresh nonce for a row; giving a row a new one revokes every link made before."""
    return secrets.token_hex(12)


def make(purpose: str, public_id: str, nonce: str) -> str:
    """The token of a row for one purpose, signed with the current key: the id, then 132 bits."""
    return public_id + _signature(_keys()[0], purpose, public_id, nonce)


def public_id(token: str) -> str | None:
    """The id that a token speaks of, unproven; None when it cannot be a token at all."""
    candidate = token[:PUBLIC_ID_LENGTH]
    if len(token) != PUBLIC_ID_LENGTH + 22 or not set(candidate) <= set(ALPHABET):
        return None
    return candidate


def proves(token: str, purpose: str, nonce: str) -> bool:
    """Whether a token was made for this purpose from this nonce, with any key still in the list."""
    row = public_id(token)
    if row is None:
        return False
    given = token[PUBLIC_ID_LENGTH:].encode("utf-8", "replace")
    return any(hmac.compare_digest(given, _signature(key, purpose, row, nonce).encode("ascii")) for key in _keys())


def masked(text: str) -> str:
    """The text with every token in it hidden, for those who may read what opens something, and not open it."""
    return _ANY.sub("(hidden)", text)


def in_bytes() -> re.Pattern[bytes]:
    """What finds tokens in the bytes of a letter, to be overwritten there."""
    return _ANY_IN_BYTES


def digest(secret: str) -> str:
    """The fingerprint under which a random secret is stored: SHA-256, in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _keys() -> tuple[str, ...]:
    keys: tuple[str, ...] = current_app.config["SETTINGS"].keys
    return keys


def _signature(key: str, purpose: str, row: str, nonce: str) -> str:
    message = f"{purpose}\x1f{row}\x1f{nonce}".encode()
    return base64.urlsafe_b64encode(hmac.digest(key.encode(), message, "sha256")).decode("ascii")[:22]
