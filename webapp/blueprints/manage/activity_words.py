"""What happened, in words: a sentence for each verb that services record, and the changes that stand in its details."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from webapp.folding import words
from webapp.models.accounts import ActorKind, Role, ThingKind, last_day_of
from webapp.queries.activity import Entry, Word
from webapp.templating import british_date, british_moment, british_time

# What comes after who did it. `{thing}` is told with its kind, as "the session “Welcome”", `{name}` by its name alone.
VERBS = {
    "added": "added {thing} by hand",
    "admission_changed": "changed who may register",
    "agenda_imported": "read an agenda in from {name}",
    "registrations_imported": "read a list of people in from {name}",
    "agenda_released": "released {thing}",
    "approved": "approved {thing}",
    "attendance_matched": "said who a line of an attendance report is",
    "attendance_read_in": "took in an attendance report",
    "attendance_taken_out": "took an attendance report out",
    "calendar_chosen": "chose how their calendar shows events",
    "cancelled": "cancelled {thing}",
    "changed": "changed {thing}",
    "check_in_code_made": "made a new code for checking in",
    "check_in_undone": "took back that {name} is here",
    "checked_in": "checked {name} in",
    "corrected": "corrected {thing}",
    "declined": "declined {thing}",
    "domains_changed": "changed the e-mail domains of the programme",
    "draft_opened": "began a draft of the agenda",
    "event_archived": "archived the event",
    "event_brought_back": "brought the event back from the archive",
    "event_cancelled": "cancelled the event",
    "event_copied": "made the event as a copy of an earlier one",
    "event_created": "created the event",
    "event_edited": "changed the event",
    "event_published": "published the event",
    "event_withdrawn": "took the event back into a draft",
    "feed_opened": "opened a calendar address",
    "feed_revoked": "closed a calendar address",
    "invitation_restored": "let the invitation of {name} hold again",
    "invitation_revoked": "took back the invitation of {name}",
    "invitation_sent": "sent the invitation of {name} again",
    "invitations_sent": "sent all invitations again that led to no registration",
    "invited": "invited {name} to register",
    "letter_cancelled": "cancelled {thing} before it was sent",
    "letter_held": "held {thing}",
    "letter_released": "let {thing} go out after all",
    "letter_sent_again": "sent {thing} again",
    "letters_cancelled": "cancelled letters before they were sent",
    "letters_held": "held letters",
    "letters_released": "let letters go out after all",
    "letters_sent_again": "sent letters again",
    "mailing_added": "wrote {thing}",
    "mailing_cancelled": "cancelled {thing}",
    "mailing_changed": "changed {thing}",
    "mailing_confirmed": "confirmed {thing}",
    "mailing_deleted": "deleted a letter to many",
    "mailing_queued": "sent {thing}",
    "mailing_resumed": "let {thing} go after all, since the event moved",
    "mailing_stopped": "stopped {thing}",
    "material_added": "added a file to {thing}",
    "material_changed": "changed {thing}",
    "material_moved": "changed the order of {thing}",
    "material_offered": "added {thing}",
    "material_replaced": "replaced {thing} by a newer version",
    "material_withdrawn": "took {thing} away",
    "material_removed": "took a file out of {thing}",
    "needs_exported": "exported the access and dietary needs of those registered",
    "note_deleted": "deleted a note on {thing}",
    "noted": "wrote something down about {name}",
    "offer_accepted": "took the place offered to {name}",
    "offer_lapsed": "ended the offer to {name}, which was not taken in time",
    "passed_on": "passed the place of {name} on to a colleague",
    "password_set": "set a password",
    "promoted": "gave a freed place to {name}",
    "question_added": "added {thing}",
    "question_changed": "changed {thing}",
    "question_deleted": "deleted a question",
    "question_moved": "changed the order of {thing}",
    "question_restored": "asked {thing} again",
    "question_retired": "retired {thing}",
    "registered": "made {thing}",
    "renamed": "changed the name of {thing}",
    "role_changed": "changed what {name} may do",
    "role_given": "gave {name} a role",
    "role_letter_sent": "sent {name} the letter about their role again",
    "role_taken": "took the role of {name} away",
    "room_added": "added {thing}",
    "room_changed": "changed {thing}",
    "room_removed": "took {thing} away",
    "member_added": "added a member to the series {name}",
    "member_left": "ended a membership of the series {name}",
    "series_created": "created the series {name}",
    "series_published": "published the meetings of the series {name}",
    "sent_again": "sent {name} the letter again",
    "session_added": "added {thing}",
    "session_cancelled": "cancelled {thing} in the draft",
    "session_changed": "changed {thing}",
    "session_moved": "moved {thing}",
    "session_removed": "took {thing} out of the draft",
    "session_restored": "let {thing} take place after all",
    "signed_in": "signed in",
    "signed_up_for_session": "signed {name} up for a session",
    "left_session": "gave up the place of {name} in a session",
    "promoted_in_session": "gave a freed place in a session to {name}",
    "signed_out": "signed out",
    "slides_added": "added slides to a session of {name}",
    "slides_removed": "took slides of {name} away",
    "speaker_added": "added {thing}",
    "speaker_changed": "changed the profile of {name}",
    "speaker_confirmed": "confirmed a session of {name}",
    "speaker_declined": "declined a session of {name}",
    "speaker_invited": "wrote to {thing}",
    "speaker_link_revoked": "took back the link of {thing}",
    "abbreviation_added": "put the abbreviation {name} on the list",
    "abbreviation_changed": "changed the abbreviation {name}",
    "abbreviation_removed": "took the abbreviation {name} off the list",
    "speaker_merged": "put the profile of {name} together with another",
    "speaker_spelling_learnt": "added another spelling of the name of {name}",
    "speaker_took_over": "put another profile together with that of {name}",
    "stream_added": "added {thing}",
    "stream_moved": "changed the order of {thing}",
    "stream_removed": "took {thing} away",
    "stream_renamed": "renamed {thing}",
    "survey_archived": "archived {thing}",
    "survey_brought_back": "brought {thing} back from the archive",
    "survey_changed": "changed {thing}",
    "survey_closed": "closed {thing}",
    "survey_created": "began {thing}",
    "survey_deleted": "deleted a survey",
    "survey_order_changed": "changed the order of {thing}",
    "survey_published": "published {thing}",
    "survey_question_added": "added a question to {thing}",
    "survey_question_changed": "changed a question of {thing}",
    "survey_question_removed": "took a question out of {thing}",
    "survey_reopened": "opened {thing} again",
    "survey_results_chosen": "chose which results of {thing} everybody may see",
    "survey_section_added": "added a section to {thing}",
    "survey_section_changed": "changed a section of {thing}",
    "survey_section_removed": "took a section out of {thing}",
    "survey_texts_changed": "changed what {thing} says before and after",
    "tagged": "put a tag on {thing}",
    "taken_over": "gave {name} the place of a colleague",
    "technical_needs_changed": "changed what {name} needs for a session",
    "recording_added": "added a recording of {name}",
    "recording_changed": "changed what a recording of {name} says of itself",
    "recording_published": "published a recording of {name}",
    "recording_removed": "removed a recording of {name}",
    "recording_taken_back": "took back a recording of {name}",
    "recordings_ordered": "changed the order of the recordings of {name}",
    "session_not_recorded": "said that {name} was not recorded",
    "session_recorded": "took back that {name} was not recorded",
    "transcript_check_asked": "asked the speakers of {name} to check the transcript",
    "transcript_corrected": "corrected the transcript of {name}",
    "transcript_described": "changed what the transcript of {name} says of itself",
    "transcript_erased": "erased words of the transcript of {name} for good",
    "transcript_proposal_declined": "declined a correction of the transcript of {name}",
    "transcript_proposal_taken_back": "took back a correction of the transcript of {name}",
    "transcript_proposed": "proposed a correction of the transcript of {name}",
    "transcript_published": "published the transcript of {name}",
    "transcript_read_in": "read in a transcript of {name}",
    "transcript_source_deleted": "deleted the file that the transcript of {name} was read from",
    "transcript_taken_back": "took back the transcript of {name}",
    "untagged": "took a tag off {thing}",
    "entry_deleted": "deleted an entry of {thing}",
    "article_approved": "checked {thing} and let it come out",
    "article_changed": "changed {thing}",
    "article_created": "began {thing}",
    "article_credited": "changed who wrote {thing} or what it is about",
    "article_in_review": "asked for a review of {thing}",
    "article_taken_back": "took {thing} back into a draft",
    "article_removed": "took an article out of {thing}",
    "articles_reordered": "changed the order in {thing}",
    "figure_added": "added a figure to {thing}",
    "figure_changed": "changed a figure of {thing}",
    "figure_removed": "took a figure out of {thing}",
    "issue_changed": "changed {thing}",
    "issue_cover_changed": "changed the cover of {thing}",
    "issue_created": "began {thing}",
    "issue_in_review": "asked for a review of {thing}",
    "issue_published": "published {thing}",
    "issue_scheduled": "chose when {thing} is published",
    "issue_taken_back": "took {thing} back into a draft",
    "publication_changed": "changed {thing}",
    "publication_created": "made {thing}",
    "framework_changed": "changed {thing}",
    "framework_created": "made {thing}",
    "framework_published": "published a version of {thing}",
    "framework_restored": "offered {thing} again",
    "framework_retired": "retired {thing}",
    "reflection_begun": "began {thing}",
    "reflection_deleted": "deleted {thing}",
    "reflection_shared": "shared {thing}",
    "reflection_unshared": "took back what was shared of {thing}",
    "team_deleted": "ended {thing}",
    "team_joined": "added somebody to {thing}",
    "team_left": "ended a membership of {thing}",
    "team_made": "made {thing}",
    "text_kept": "kept a text about {thing} that may identify somebody",
    "text_removed": "removed a text that was answered to {thing}",
    "words_erased": "erased words from the history of {thing}",
    "letter_reworded": "reworded a letter",
    "collection_archived": "archived {thing}",
    "collection_brought_back": "brought {thing} back from the archive",
    "collection_changed": "changed {thing}",
    "collection_created": "began {thing}",
    "collection_emptied": "took a resource out of {thing}",
    "collection_filled": "put a resource into {thing}",
    "collection_ordered": "changed the order of {thing}",
    "collection_published": "published {thing}",
    "resource_archived": "archived {thing}",
    "resource_brought_back": "brought {thing} back from the archive",
    "resource_changed": "changed {thing}",
    "resource_created": "began {thing}",
    "resource_file_added": "added a file to {thing}",
    "resource_file_removed": "took the file of {thing} away",
    "resource_published": "published {thing}",
    "resource_related": "chose the sessions that {thing} belongs to",
    "letter_restored": "went back to the original words of a letter",
}
# The same where somebody did it to themselves.
ONESELF = {
    "renamed": "changed their own name",
    "role_changed": "changed their own role",
    "role_given": "took a role",
    "role_taken": "gave up their role",
}
# How a thing of each kind is told in a sentence, and what many of them are called.
KINDS: dict[ThingKind, tuple[str, str]] = {
    ThingKind.SITE: ("the service", "The service"),
    ThingKind.PROGRAMME: ("the programme “{}”", "Programmes"),
    ThingKind.EVENT: ("the event", "The event itself"),
    ThingKind.SESSION: ("the released session “{}”", "Released sessions"),
    ThingKind.PERSON: ("{}", "People and roles"),
    ThingKind.REGISTRATION: ("the registration of {}", "Registrations"),
    ThingKind.SPEAKER: ("the speaker {}", "Speakers"),
    ThingKind.DRAFT_SESSION: ("the session “{}”", "Sessions"),
    ThingKind.STREAM: ("the stream “{}”", "Streams"),
    ThingKind.ROOM: ("the room “{}”", "Rooms"),
    ThingKind.QUESTION: ("the question “{}”", "Questions"),
    ThingKind.GRANT: ("a role", "Roles"),
    ThingKind.INVITEE: ("the invitation of {}", "Invitations"),
    ThingKind.RELEASE: ("version {} of the agenda", "Releases of the agenda"),
    ThingKind.IMPORT: ("the import of {}", "Imports"),
    ThingKind.MAILING: ("the letter to many “{}”", "Letters to many"),
    ThingKind.SURVEY: ("the survey “{}”", "Surveys"),
    ThingKind.ATTENDANCE_REPORT: ("the attendance report {}", "Attendance reports"),
    ThingKind.LETTER: ("the letter to {}", "Letters"),
    ThingKind.SERIES: ("the series “{}”", "Series"),
    ThingKind.FRAMEWORK: ("the reflective tool “{}”", "Reflective tools"),
    ThingKind.PUBLICATION: ("the publication “{}”", "Publications"),
    ThingKind.ISSUE: ("the issue “{}”", "Issues"),
    ThingKind.ARTICLE: ("the article “{}”", "Articles"),
    ThingKind.RESOURCE: ("the resource “{}”", "Resources of the library"),
    ThingKind.COLLECTION: ("the collection “{}”", "Collections of the library"),
    # What these are called belongs to those who made them alone.
    ThingKind.REFLECTION: ("a reflection", "Reflections"),
    ThingKind.TEAM: ("a team", "Teams"),
    ThingKind.MATERIAL: ("the material “{}”", "Materials"),
}
ACTORS = {ActorKind.VISITOR: "A visitor", ActorKind.SYSTEM: "The service", ActorKind.LINK: "by their personal link"}
# Names of fields that do not explain themselves.
FIELDS = {"until": "until the end of", "url": "address", "joining_url": "joining link"}
_KEYS = ("name", "title", "label")
_WORD = re.compile(r"[a-z]+(_[a-z]+)*")
_DAY, _TIME = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d\d:\d\d(:\d\d)?")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*(Z|[+-]\d\d:\d\d)")


@dataclass(frozen=True)
class Change:
    """One field: from what to what."""

    field: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.field}: from {quoted(self.old)} to {quoted(self.new)}"


@dataclass(frozen=True)
class Told:
    """One entry in words: what comes before and after the name of the thing, the changes, and what else is known."""

    entry: Entry
    actor: str
    aside: str
    before: str
    name: str
    after: str
    changes: list[Change]
    facts: list[tuple[str, str]]

    @property
    def sentence(self) -> str:
        """The whole as one line."""
        return f"{self.actor}{f' ({self.aside})' if self.aside else ''} {self.before}{self.name}{self.after}"


def tell(entry: Entry, zone: str) -> Told:
    """An entry in words, its moments in that zone."""
    oneself = entry.thing is not None and entry.thing.kind is ThingKind.PERSON and entry.thing.id == entry.actor_id
    plain = entry.verb.replace("_", " ") + ": {thing}"
    template = (ONESELF if oneself else {}).get(entry.verb) or VERBS.get(entry.verb, plain)
    kind = KINDS[entry.thing.kind][0] if entry.thing else ""
    name = entry.thing.name if entry.thing else ""
    name = name or _name_in(entry.details)
    if not name and "{}" in kind:
        # The thing is gone, and nobody wrote down what it was called.
        kind = kind.replace("the ", "a ", 1).replace(" “{}”", "").replace(" of {}", "").replace("{}", "somebody")
    template = template.replace("{thing}", kind).replace("{name}", "{}" if name else "somebody")
    before, mark, after = template.partition("{}")
    return Told(
        entry=entry,
        actor=entry.actor_name or ACTORS.get(entry.actor_kind, "Somebody"),
        aside=ACTORS[ActorKind.LINK] if entry.actor_kind is ActorKind.LINK else "",
        before=before,
        name=name if mark else "",
        after=after.strip() if not mark else after,
        changes=[] if entry.redacted else list(_changes(entry.details, zone)),
        facts=[] if entry.redacted else list(_facts(entry.details, zone)),
    )


def looked_for(text: str) -> list[Word]:
    """The words typed, each with the verbs, kinds and actors in whose sentences a word begins so."""
    return [
        Word(
            text=word,
            verbs=[verb for verb, said in VERBS.items() if _begins(word, f"{said} {ONESELF.get(verb, '')}")],
            kinds=[kind for kind, (said, many) in KINDS.items() if _begins(word, f"{said} {many}")],
            actors=[kind for kind, said in ACTORS.items() if _begins(word, said)],
        )
        for word in words(text)
    ]


def quoted(text: str) -> str:
    """A value as it stands in a sentence."""
    return f"“{text}”" if text else "nothing"


def _begins(word: str, text: str) -> bool:
    bare = text.replace("{thing}", "").replace("{name}", "").replace("{}", "")
    return any(one.startswith(word) for one in words(bare))


def _name_in(details: dict[str, Any]) -> str:
    """What a thing that is gone was called, where the details say it."""
    changes = details.get("changes")
    for key in _KEYS:
        pair = changes.get(key) if isinstance(changes, dict) else None
        found = details.get(key) or (pair[0] or pair[-1] if isinstance(pair, list) and pair else "")
        if isinstance(found, str) and found:
            return found
    return ""


def _changes(details: dict[str, Any], zone: str) -> Iterator[Change]:
    changes = details.get("changes")
    for name, pair in changes.items() if isinstance(changes, dict) else ():
        if isinstance(pair, list) and len(pair) == 2:
            yield Change(_field(name), _value(name, pair[0], zone), _value(name, pair[1], zone))


def _facts(details: dict[str, Any], zone: str) -> Iterator[tuple[str, str]]:
    for name, value in details.items():
        said = _value(name, value, zone)
        if name not in {"changes", *_KEYS} and said:
            yield _field(name), said


def _field(name: str) -> str:
    said = FIELDS.get(name, name.replace("_", " "))
    return said[:1].upper() + said[1:]


def _value(name: str, value: Any, zone: str) -> str:
    """A value of a JSON column as people write it."""
    match value:
        case None:
            return ""
        case bool():
            return "Yes" if value else "No"
        case int() | float():
            return f"{value:,}"
        case list():
            return ", ".join(said for one in value if (said := _value(name, one, zone)))
        case dict():
            return "; ".join(f"{_field(str(key))}: {_value(str(key), one, zone)}" for key, one in value.items())
        case str() if name == "roles" and value in set(Role):
            return Role(value).label
        case str() if name == "until" and _MOMENT.fullmatch(value):
            return british_date(last_day_of(datetime.fromisoformat(value), zone) or value)
        case _:
            return _text(str(value), zone)


def _text(text: str, zone: str) -> str:
    try:
        if _MOMENT.fullmatch(text):
            return british_moment(text, zone)
        if _DAY.fullmatch(text):
            return british_date(date.fromisoformat(text))
        if _TIME.fullmatch(text):
            return british_time(time.fromisoformat(text))
    except ValueError:
        return text
    # A name of ours, such as "in_person".
    return text.replace("_", " ").capitalize() if _WORD.fullmatch(text) and "_" in text else text


def kinds_to_choose() -> Collection[tuple[str, str]]:
    """The kinds of things at an event, as (value, what many are called), by name."""
    left_out = {ThingKind.SITE, ThingKind.PROGRAMME, ThingKind.GRANT}
    left_out |= {ThingKind.RESOURCE, ThingKind.COLLECTION}
    left_out |= {ThingKind.FRAMEWORK, ThingKind.REFLECTION, ThingKind.TEAM}
    left_out |= {ThingKind.PUBLICATION, ThingKind.ISSUE, ThingKind.ARTICLE}
    return sorted(((kind.value, many) for kind, (_, many) in KINDS.items() if kind not in left_out), key=lambda p: p[1])
