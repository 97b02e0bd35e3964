"""What happened, in words: a sentence for each verb that services record, and the changes that stand in its details."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from webapp.blueprints.manage.activity_verbs import VERBS
from webapp.folding import words
from webapp.models.accounts import ActorKind, Role, ThingKind, last_day_of
from webapp.queries.activity import Entry, Word
from webapp.templating import british_date, british_moment, british_time

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
    ThingKind.TURN: ("a passage of a transcript", "Passages of transcripts"),
    ThingKind.WAVE: ("the wave “{}”", "Waves"),
    ThingKind.AREA: ("the area {}", "Areas"),
    ThingKind.AREA_DOCUMENT: ("the document “{}” of an area", "Documents of areas"),
    ThingKind.MILESTONE: ("the milestone “{}”", "Milestones"),
    ThingKind.MEMBERSHIP: ("a membership", "Memberships"),
    ThingKind.MEMBERSHIP_INVITATION: ("the invitation of {} to a programme", "Invitations to programmes"),
    ThingKind.COMMUNITY: ("the community “{}”", "Communities"),
    ThingKind.CATEGORY: ("the category “{}”", "Categories of communities"),
    ThingKind.TOPIC: ("the topic “{}”", "Topics"),
    ThingKind.POST: ("a post", "Posts"),
    # What these are called belongs to those who made them alone.
    ThingKind.REFLECTION: ("a reflection", "Reflections"),
    ThingKind.TEAM: ("a team", "Teams"),
    ThingKind.MATERIAL: ("the material “{}”", "Materials"),
}
ACTORS = {ActorKind.VISITOR: "A visitor", ActorKind.SYSTEM: "The service", ActorKind.LINK: "by their personal link"}
# Names of fields that do not explain themselves.
FIELDS = {"until": "until the end of", "url": "address", "joining_url": "joining link"}
_KEYS = ("name", "title", "label")
# Of turns and speakers of a transcript, which say nothing to people.
_IDS = frozenset({"turn", "other", "speaker"})
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
        # How a holder of a link came is said beside the name, or beside that nobody knows it.
        actor=entry.actor_name
        or ("Somebody" if entry.actor_kind is ActorKind.LINK else ACTORS.get(entry.actor_kind, "Somebody")),
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
        is_id = name in _IDS and (isinstance(value, int) or name != "speaker")
        if name not in {"changes", *_KEYS} and said and not is_id:
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
    left_out |= {ThingKind.RESOURCE, ThingKind.COLLECTION, ThingKind.TURN}
    left_out |= {ThingKind.FRAMEWORK, ThingKind.REFLECTION, ThingKind.TEAM}
    left_out |= {ThingKind.PUBLICATION, ThingKind.ISSUE, ThingKind.ARTICLE}
    left_out |= {ThingKind.WAVE, ThingKind.AREA, ThingKind.AREA_DOCUMENT, ThingKind.MILESTONE, ThingKind.CATEGORY}
    left_out |= {ThingKind.MEMBERSHIP, ThingKind.MEMBERSHIP_INVITATION, ThingKind.COMMUNITY, ThingKind.TOPIC}
    left_out |= {ThingKind.POST}
    return sorted(((kind.value, many) for kind, (_, many) in KINDS.items() if kind not in left_out), key=lambda p: p[1])
