"""What only this service can read, even with the whole database in hand: sealed by AES-256-GCM (NIST SP 800-38D).

The keys are made from the service's secret keys, one for each purpose, and stand in no table. A change of key keeps
old seals readable for as long as the old key stays in the list of keys. A seal holds no time.
"""

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

_NONCE = 12


class BrokenSealError(ValueError):
    """What was sealed was changed, sealed for something else, or by a key that is no more."""


def seal(purpose: str, plain: bytes) -> bytes:
    """The bytes, sealed for one purpose by the current key."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(_derived(_keys()[0], purpose)).encrypt(nonce, plain, purpose.encode())


def unseal(purpose: str, sealed: bytes) -> bytes:
    """The bytes that were sealed for this purpose, by any key still in the list; raises BrokenSealError."""
    for key in _keys():
        try:
            return AESGCM(_derived(key, purpose)).decrypt(sealed[:_NONCE], sealed[_NONCE:], purpose.encode())
        except InvalidTag:
            continue
    raise BrokenSealError(purpose)


def marks(purpose: str, text: str) -> list[str]:
    """Keyed fingerprints of a text, 64 hexadecimal digits each: by the current key first, then by those before it."""
    return [hmac.new(_derived(key, purpose), text.encode(), hashlib.sha256).hexdigest() for key in _keys()]


def _derived(key: str, purpose: str) -> bytes:
    # A key of its own for each purpose (as HKDF, RFC 5869, from a key that is random already).
    return hmac.new(key.encode(), f"waymark sealing {purpose}".encode(), hashlib.sha256).digest()


def _keys() -> tuple[str, ...]:
    keys: tuple[str, ...] = current_app.config["SETTINGS"].keys
    return keys
