"""Reading speakers: as everybody sees them, as organisers look after them, and by the link of a speaker's own."""

from webapp.queries.speakers.invitations import (
    get_invitation_by_token,
    get_spoken_session,
    lock_invitation,
    lock_invitation_of,
)
from webapp.queries.speakers.managed import (
    Named,
    Spoken,
    editable_among,
    get_editable,
    get_managed_speaker,
    get_named,
    named_at,
)
from webapp.queries.speakers.merging import (
    MergeFigures,
    MergeRows,
    lock_draft,
    lock_drafts,
    lock_merge_rows,
    lock_transcripts_proposed_to,
    merge_figures,
)
from webapp.queries.speakers.names import SUGGESTED, speakers_alike, suggest_speakers
from webapp.queries.speakers.public import (
    contributions_of,
    find_speaker,
    get_speaker,
    profiles_of,
    speaker_ids_by_name,
    speakers_named,
)
from webapp.queries.speakers.single import get_merged_into, lock_speaker, lock_speakers, lock_spoken
from webapp.queries.speakers.written import Written, written_by

__all__ = [
    "SUGGESTED",
    "MergeFigures",
    "MergeRows",
    "Named",
    "Spoken",
    "Written",
    "contributions_of",
    "editable_among",
    "find_speaker",
    "get_editable",
    "get_invitation_by_token",
    "get_managed_speaker",
    "get_merged_into",
    "get_named",
    "get_speaker",
    "get_spoken_session",
    "lock_draft",
    "lock_drafts",
    "lock_invitation",
    "lock_invitation_of",
    "lock_merge_rows",
    "lock_speaker",
    "lock_speakers",
    "lock_spoken",
    "lock_transcripts_proposed_to",
    "merge_figures",
    "named_at",
    "profiles_of",
    "speaker_ids_by_name",
    "speakers_alike",
    "speakers_named",
    "suggest_speakers",
    "written_by",
]
