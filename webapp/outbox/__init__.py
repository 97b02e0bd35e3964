"""Mail as rows: post() writes a letter in the unit of the change it tells of; deliver() sends what was committed.

A worker takes a few letters at a time under its name, renders each once, keeps the bytes, and sends them in the order
of their ids. After each it records the outcome before it begins the next. So if it dies, at most one letter is
uncertain: that one is marked, and sent again as the same bytes under the same Message-ID, or held, as the settings say.
The bytes stay with the letter for a time, except where they sign somebody in.
"""

from webapp.outbox.delivering import BATCH, PAUSE_WHEN_AWAY, deliver, rendered, take, whole
from webapp.outbox.ending import (
    BYTES_KEPT,
    PAUSES,
    SILENT,
    STOPPED,
    STOPPED_TOO_OFTEN,
    cancel,
    forget_bytes,
    recover,
    stop_mailings,
)
from webapp.outbox.posting import awaken, post, post_many, post_rows, recipient_words, row_of, take_posted_lanes
from webapp.outbox.recalling import recall

__all__ = [
    "BATCH",
    "BYTES_KEPT",
    "PAUSES",
    "PAUSE_WHEN_AWAY",
    "SILENT",
    "STOPPED",
    "STOPPED_TOO_OFTEN",
    "awaken",
    "cancel",
    "deliver",
    "forget_bytes",
    "post",
    "post_many",
    "post_rows",
    "recall",
    "recipient_words",
    "recover",
    "rendered",
    "row_of",
    "stop_mailings",
    "take",
    "take_posted_lanes",
    "whole",
]
