"""The map of personal data: of each column whose data it is, why it is kept, until when, and what erasure does.

The privacy notice tells from it what is kept, so the two cannot differ; a column without an entry fails a test.
"""

from collections.abc import Mapping

from webapp.models.personal.communities import COMMUNITY_TABLES
from webapp.models.personal.keepings import (
    ACCOUNT,
    ANSWERS,
    ARTICLES,
    ASKED_TO_COME,
    ATTEMPTS,
    ATTENDANCE,
    CALENDAR,
    DRAFT,
    EXPORTS,
    FEED,
    FILES,
    GRANTS,
    IMPORTED,
    KEEPINGS,
    LETTER_COPIES,
    LETTERS,
    MEMBERS,
    NEEDS,
    NUMBERS,
    ORGANISER,
    PREFERENCES,
    PROFILE,
    RECORD,
    RECORDINGS,
    REGISTRATION,
    SEARCH,
    SIGN_IN_LINK,
    SIGN_UPS,
    SIGNED_IN,
    SPEAKER,
    SPEAKER_ASKED,
    STARS,
    SURVEY_ANSWERS,
    SURVEY_TAKING_PART,
    SURVEY_WAITING,
    TAKING_PART,
    TEAM_NOTES,
    TEXTS,
    TRANSCRIPTS,
)
from webapp.models.personal.kinds import NOT_PERSONAL, Erasure, Held, Keeping, Nothing, Whose
from webapp.models.personal.library import AUTHORS, SAVED
from webapp.models.personal.reflections import REFLECTING_WITH, REFLECTIONS

__all__ = [
    "ACCOUNT",
    "ANSWERS",
    "ARTICLES",
    "ASKED_TO_COME",
    "ATTEMPTS",
    "ATTENDANCE",
    "AUTHORS",
    "CALENDAR",
    "DRAFT",
    "EXPORTS",
    "FEED",
    "FILES",
    "GRANTS",
    "IMPORTED",
    "KEEPINGS",
    "LETTERS",
    "LETTER_COPIES",
    "MEMBERS",
    "NEEDS",
    "NOT_PERSONAL",
    "NUMBERS",
    "ORGANISER",
    "PREFERENCES",
    "PROFILE",
    "RECORD",
    "RECORDINGS",
    "REFLECTING_WITH",
    "REFLECTIONS",
    "REGISTRATION",
    "SAVED",
    "SEARCH",
    "SIGNED_IN",
    "SIGN_IN_LINK",
    "SIGN_UPS",
    "SPEAKER",
    "SPEAKER_ASKED",
    "STARS",
    "SURVEY_ANSWERS",
    "SURVEY_TAKING_PART",
    "SURVEY_WAITING",
    "TABLES",
    "TAKING_PART",
    "TEAM_NOTES",
    "TEXTS",
    "TRANSCRIPTS",
    "Erasure",
    "Held",
    "Keeping",
    "Nothing",
    "Whose",
    "kept_about",
]

TABLES: Mapping[str, Nothing | Mapping[str, Held]] = {
    "people": {
        **PROFILE.of("name email email_folded email_verified_at"),
        **CALENDAR.of("calendar_alarm calendar_by_session"),
        **NUMBERS.of("id public_id demonstration merged_into_id version created_at updated_at"),
    },
    "accounts": ACCOUNT.of("id person_id password_hash password_changed_at created_at updated_at"),
    "web_sessions": SIGNED_IN.of("id token_digest person_id created_at expires_at ended_at"),
    "sign_in_links": SIGN_IN_LINK.of(
        "id public_id nonce email email_folded next_path created_at expires_at used_at used_in"
    ),
    "throttles": ATTEMPTS.of("id kind key window_start expires_at count"),
    "grants": GRANTS.of("id person_id role thing_kind thing_id until created_at"),
    "activity": {
        **RECORD.of("actor_id details"),
        **NUMBERS.of("id at actor_kind verb thing_kind thing_id event_id redacted_at"),
    },
    "files": FILES.of("id public_id digest media_type size created_at"),
    "attachments": FILES.of(
        "id public_id file_id event_id speaker_id thing_kind thing_id title filename reach added_at"
    ),
    "materials": FILES.of(
        "id public_id event_id session_id position title file_id filename url reach given_id replaced_at version"
        " created_at updated_at"
    ),
    "event_records": NUMBERS.of("event_id shows_numbers numbers counted_at"),
    "programmes": NOT_PERSONAL,
    "themes": NOT_PERSONAL,
    "programme_parts": NOT_PERSONAL,
    "organisations": NOT_PERSONAL,
    "organisation_aliases": NOT_PERSONAL,
    "series": {
        **ORGANISER.of("organiser_name organiser_email"),
        **NOT_PERSONAL.of("id public_id slug title programme_id first_on starts ends zone repeat every number venue"),
        **NOT_PERSONAL.of("demonstration created_at"),
    },
    "series_members": MEMBERS.of("id public_id series_id person_id name email nonce joined_at left_at"),
    "events": {
        **ORGANISER.of("organiser_name organiser_email"),
        **TEXTS.of("title summary description reach thanks joining_instructions joining_url cancelled_reason"),
        **NOT_PERSONAL.of(
            "id public_id slug programme_id series_id series_on language state listed demonstration format zone"
        ),
        **NOT_PERSONAL.of("starts_on ends_on starts_at ends_at venue hashtag takes_registrations"),
        **NOT_PERSONAL.of("registration_opens_at registration_closes_at needs_approval waiting_list offer_hours"),
        **NOT_PERSONAL.of("admission admitted_domains joining_from"),
        **NOT_PERSONAL.of("calendar_sequence calendar_changed_at public_revision version created_at updated_at"),
    },
    "event_days": NOT_PERSONAL,
    "event_themes": NOT_PERSONAL,
    "event_questions": NOT_PERSONAL,
    "places": NOT_PERSONAL,
    "streams": NOT_PERSONAL,
    "sessions": {
        **TEXTS.of("title summary description joining_instructions joining_url"),
        **NOT_PERSONAL.of("id public_id slug event_id day_id stream_id position kind state language"),
        **NOT_PERSONAL.of("starts ends starts_at ends_at room calendar_sequence calendar_changed_at"),
        **NOT_PERSONAL.of("takes_sign_ups is_not_recorded version created_at updated_at"),
    },
    "session_themes": NOT_PERSONAL,
    "contributions": SPEAKER.of("id session_id speaker_id organisation_id role position job_title"),
    "speakers": SPEAKER.of(
        "id public_id slug person_id organisation_id name name_sort job_title biography demonstration"
        " photo_id photo_alt links merged_into_id version created_at updated_at"
    ),
    "speaker_aliases": SPEAKER.of("id speaker_id name name_folded"),
    "speaker_invitations": SPEAKER_ASKED.of(
        "id public_id speaker_id event_id email nonce created_at sent_at times_sent answered_at revoked_at"
    ),
    "agenda_drafts": NOT_PERSONAL,
    "rooms": NOT_PERSONAL,
    "draft_streams": NOT_PERSONAL,
    "draft_sessions": {
        **TEXTS.of("title summary description joining_instructions joining_url notes"),
        **SPEAKER_ASKED.of("technical_needs"),
        **NOT_PERSONAL.of("id public_id event_id session_id day_id stream_id room_id position kind state language"),
        **NOT_PERSONAL.of("starts ends minutes takes_sign_ups capacity_online capacity_in_person is_not_recorded"),
        **NOT_PERSONAL.of("source_key version created_at updated_at"),
    },
    "draft_session_themes": NOT_PERSONAL,
    "draft_contributions": SPEAKER.of(
        "id draft_session_id speaker_id organisation_id role position answer answered_at"
    ),
    "agenda_releases": {
        **TEXTS.of("note changes agenda"),
        **NUMBERS.of("id public_id event_id number released_at released_by_id people_told organisations_told clashes"),
    },
    "release_requests": {
        **TEXTS.of("note"),
        **NUMBERS.of("event_id asked_by_id asked_at version people state problem number taken_until attempts"),
    },
    "transcripts": {
        **TRANSCRIPTS.of("introduction source_id source_name unread remarks settled checked_by checked_at"),
        **TRANSCRIPTS.of("source_deleted_at check_asked_at"),
        **NOT_PERSONAL.of("id public_id session_id event_id state fidelity language source_kind source_encoding"),
        **NOT_PERSONAL.of("version checked_version published_at created_at updated_at"),
    },
    "turns": TRANSCRIPTS.of(
        "id public_id transcript_id position number label speaker_id words starts ends pieces version removed_at"
        " erased_at joined_into_id joined_at"
    ),
    "turn_proposals": TRANSCRIPTS.of(
        "id public_id transcript_id turn_id speaker_id words turn_version state decided_at decided_by_id created_at"
        " updated_at"
    ),
    "recordings": {
        **RECORDINGS.of("title address video file_id"),
        **NOT_PERSONAL.of("id public_id session_id event_id position place duration zero language reach state"),
        **NOT_PERSONAL.of("published_at version created_at updated_at"),
    },
    "unrecorded_sessions": {
        **TEXTS.of("reason"),
        **NOT_PERSONAL.of("id session_id event_id said_at"),
    },
    "turn_changes": TRANSCRIPTS.of("id transcript_id version turn_id kind at by_id before after"),
    "publications": NOT_PERSONAL,
    "issues": {
        **ARTICLES.of("title introduction acknowledgements key_messages cover_id cover_alt"),
        **ARTICLES.of("source_id source_name remarks"),
        **NOT_PERSONAL.of("id public_id slug publication_id number season state publishes_at zone is_ahead survey_id"),
        **NOT_PERSONAL.of("version created_at updated_at"),
    },
    "articles": {
        **ARTICLES.of("title slug standfirst body key_messages quotes checked_by checked_at"),
        **NOT_PERSONAL.of("id public_id issue_id position kind last_quote last_figure state publishes_at is_ahead"),
        **NOT_PERSONAL.of("checked_version version created_at updated_at"),
    },
    "article_themes": NOT_PERSONAL,
    "article_authors": ARTICLES.of("id article_id position name role organisation_name speaker_id organisation_id"),
    "figures": ARTICLES.of("id public_id article_id no file_id width height alt is_decoration caption credit"),
    "article_versions": ARTICLES.of("id article_id number at by_id said"),
    "stars": STARS.of("id person_id session_id created_at"),
    "registrations": {
        **REGISTRATION.of("name name_sort email organisation_id organisation_name organisation_sort role language"),
        **REGISTRATION.of("link_nonce"),
        **TAKING_PART.of("event_id state mode arrival sector notice_version registered_at confirmed_at"),
        **TAKING_PART.of("offered_until ended_at"),
        **NUMBERS.of("id public_id person_id version created_at updated_at"),
    },
    "registration_answers": ANSWERS.of("id registration_id question_id value"),
    "registration_tags": TEAM_NOTES.of(
        "id event_id registration_id name name_folded arrival name_sort organisation_sort"
    ),
    "registration_notes": TEAM_NOTES.of("id public_id registration_id author_id text created_at"),
    "invitees": ASKED_TO_COME.of(
        "id public_id event_id name email email_folded nonce created_at sent_at times_sent revoked_at registration_id"
    ),
    "sign_ups": SIGN_UPS.of(
        "id public_id event_id session_id registration_id person_id state mode arrival ended_at created_at updated_at"
    ),
    "check_ins": ATTENDANCE.of("id event_id day_id registration_id at source by_id"),
    "presences": ATTENDANCE.of("id event_id registration_id day_id how checked_in placed"),
    "attendance_reports": {
        **ATTENDANCE.of("filename title unread"),
        **NUMBERS.of("id public_id event_id day_id session_id source digest imported_at imported_by_id"),
    },
    "attendance_records": ATTENDANCE.of(
        "id public_id report_id registration_id match candidates name email minutes stays"
    ),
    "imports": {
        **IMPORTED.of("filename options problem"),
        **NUMBERS.of("id public_id kind event_id person_id state counts done total created_at expires_at taken_until"),
        **NUMBERS.of("programme_id attempts applied_at"),
    },
    "import_rows": IMPORTED.of("id import_id number fate message data"),
    "registration_needs": NEEDS.of("id registration_id access dietary delete_after"),
    "registration_drafts": DRAFT.of("id public_id event_id browser answers outcome created_at expires_at"),
    # An organisation is typed freely and may be somebody's own name; what stays is a count beside it.
    "attendance_tallies": TAKING_PART.of("id event_id day_id dimension value what count"),
    "registration_tallies": TAKING_PART.of("id event_id dimension value state count"),
    "search_words": SEARCH.of("kind scope_id word thing_id"),
    # Copies of what public pages say, profiles of speakers among it, for as long as they say it.
    "passages": {
        **SPEAKER.of("title text words slug"),
        **NOT_PERSONAL.of("place source source_id kind thing_id part public_id parent_public_id parent_slug event_id"),
        **NOT_PERSONAL.of("programme_id is_private day digest"),
    },
    "known_words": {**SPEAKER.of("word"), **NOT_PERSONAL.of("id")},
    "search_abbreviations": NOT_PERSONAL.of(
        "id public_id short short_folded long long_folded version created_at updated_at"
    ),
    "outbox": {
        **LETTERS.of(
            "id public_id notice lane kind recipient_name recipient_email recipient_words reply_to facts person_id"
        ),
        **LETTERS.of("event_id state attempts uncertain next_attempt_at expires_at taken_by tries last_error"),
        **LETTERS.of("mailing_id post_id created_at sent_at"),
        **LETTER_COPIES.of("message message_until"),
    },
    "declined_mail": PREFERENCES.of("id person_id kind declined_at"),
    "letter_wordings": {
        **TEXTS.of("subject body"),
        **NUMBERS.of("id event_id programme_id notice changed_by_id version created_at updated_at"),
    },
    "invitations": CALENDAR.of("id person_id thing_kind thing_id uid sequence method changed_at alarm"),
    "mailings": {
        **TEXTS.of("name subject body facts"),
        **NOT_PERSONAL.of("event_id rule kind audience survey_id timing on_day at_time days minutes state"),
        **NOT_PERSONAL.of("reason"),
        **NUMBERS.of("id public_id written_by_id changed_by_id confirmed_by_id confirmed_number confirmed_at"),
        **NUMBERS.of("queued_at queued_number declined_number ended_at version created_at updated_at"),
        # For as long as it takes to write to them all.
        **LETTERS.of("still_to_queue"),
    },
    "calendar_feeds": FEED.of("id public_id person_id nonce created_at revoked_at"),
    "exports": EXPORTS.of(
        "id public_id person_id event_id filetype filters with_needs requested_at expires_at taken_until attempts"
        " failed_at finished_at size"
    ),
    "export_parts": EXPORTS.of("id export_id position content"),
    "surveys": {
        **TEXTS.of("title draft"),
        **NOT_PERSONAL.of(
            "id public_id programme_id event_id thing_kind thing_id privacy asked_of open_link threshold"
        ),
        **NOT_PERSONAL.of("state zone opens_at closes_at number public_questions version created_at updated_at"),
    },
    "survey_versions": {
        **TEXTS.of("asked"),
        **NUMBERS.of("id survey_id number published_at published_by_id"),
    },
    "survey_participations": SURVEY_TAKING_PART.of("id survey_id registration_id person_id day"),
    "survey_responses": SURVEY_ANSWERS.of(
        "id survey_id version day reached sector role organisation_id participation_id"
    ),
    "survey_answers": SURVEY_ANSWERS.of("response_id question part value text"),
    "survey_drafts": SURVEY_WAITING.of("key survey_id day reached version sealed again"),
    "survey_envelopes": SURVEY_WAITING.of("id survey_id tag sealed"),
    "survey_releases": NOT_PERSONAL,
    "survey_themes": NOT_PERSONAL,
    "survey_themed": SURVEY_ANSWERS.of("theme_id response_id"),
    "frameworks": NOT_PERSONAL,
    "framework_versions": {
        **NOT_PERSONAL.of("id framework_id number asked published_at"),
        **NUMBERS.of("published_by_id"),
    },
    "teams": REFLECTING_WITH.of("id public_id name owner_id created_at updated_at"),
    "team_members": REFLECTING_WITH.of("id public_id team_id email email_folded added_at"),
    "reflections": REFLECTIONS.of("id public_id framework_id owner_id team_id title created_at updated_at"),
    "reflection_shares": REFLECTING_WITH.of(
        "id public_id reflection_id team_id email email_folded may_write shared_at"
    ),
    "reflection_entries": REFLECTIONS.of(
        "id public_id reflection_id asked_number title held_on checked version created_at updated_at"
    ),
    "reflection_answers": REFLECTIONS.of("id entry_id prompt text changed_at changed_by_id"),
    "reflection_changes": REFLECTIONS.of("id public_id entry_id prompt text began_at at by_id state"),
    "reflection_documents": REFLECTIONS.of(
        "id public_id reflection_id person_id requested_at expires_at taken_until attempts finished_at failed_at"
        " problem content"
    ),
    "resources": {
        **AUTHORS.of("title summary description"),
        **FILES.of("file_id filename"),
        **NOT_PERSONAL.of("id public_id slug title_sort state added_at demonstration version programme_id kind url"),
        **NOT_PERSONAL.of("published_on published_precision review_on created_at updated_at"),
    },
    "resource_themes": NOT_PERSONAL,
    "resource_sessions": NOT_PERSONAL,
    "resource_authors": AUTHORS.of("id resource_id position name speaker_id"),
    "resource_organisations": NOT_PERSONAL,
    "collections": {
        **AUTHORS.of("title introduction"),
        **NOT_PERSONAL.of("id public_id slug title_sort state added_at demonstration version programme_id"),
        **NOT_PERSONAL.of("created_at updated_at"),
    },
    "collection_items": NOT_PERSONAL,
    "saved_items": SAVED.of("id public_id person_id thing_kind thing_id note saved_at"),
    "heartbeats": NOT_PERSONAL,
    "revisions": NOT_PERSONAL,
    **COMMUNITY_TABLES,
}


def kept_about(*whose: Whose) -> list[Keeping]:
    """What is kept about these people, in the order of the privacy notice."""
    return [keeping for keeping in KEEPINGS if keeping.whose in whose]
