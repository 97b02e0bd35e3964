"""Transcripts: read in, corrected turn by turn, given to speakers, published once somebody named has checked them."""

from webapp.services.transcripts.editing import change, join, put_back, remove, split
from webapp.services.transcripts.erasing import delete_source, erase, erase_taken_out
from webapp.services.transcripts.exporting import TranscriptFile, export
from webapp.services.transcripts.importing import Ready, Source, StandsAlready, Taken, read_for, take_in
from webapp.services.transcripts.life import describe, publish, recordings_not_for_all, take_back
from webapp.services.transcripts.naming import Answer, Asked, answer, to_ask
from webapp.services.transcripts.proposing import accept, ask_to_check, decline, propose
from webapp.services.transcripts.recording import ProposalChanged, TranscriptRefused, TurnChanged

__all__ = [
    "Answer",
    "Asked",
    "ProposalChanged",
    "Ready",
    "Source",
    "StandsAlready",
    "Taken",
    "TranscriptFile",
    "TranscriptRefused",
    "TurnChanged",
    "accept",
    "answer",
    "ask_to_check",
    "change",
    "decline",
    "delete_source",
    "describe",
    "erase",
    "erase_taken_out",
    "export",
    "join",
    "propose",
    "publish",
    "put_back",
    "read_for",
    "recordings_not_for_all",
    "remove",
    "split",
    "take_back",
    "take_in",
    "to_ask",
]
