"""How answers become rows: under keys that chance drew, one row for each part."""

import secrets
from collections.abc import Mapping
from typing import Any

from webapp.models.surveys_answered import Part


def drawn() -> int:
    """A key drawn by chance, which tells nothing of when it was."""
    return secrets.randbelow(2**63 - 1) + 1


def answer_rows(response_id: int, given: Mapping[int, tuple[Part, ...]]) -> list[dict[str, Any]]:
    """The rows of what somebody answered, under the key of their response."""
    return [
        {"response_id": response_id, "question": no, "part": one.part, "value": one.value, "text": one.text}
        for no, parts in given.items()
        for one in parts
    ]
