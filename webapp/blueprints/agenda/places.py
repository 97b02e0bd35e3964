"""Signing up for single sessions, as the agenda and a session's page show it: places in words, and the buttons."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from markupsafe import Markup

from webapp.models.agenda import Session
from webapp.models.events import Event, Mode, Places
from webapp.models.sign_ups import SignUpState
from webapp.queries import sign_ups as queries

# No public id holds a space.
MARK = " "
# Markup that no text of anybody can hold, since text is escaped.
_BETWEEN = Markup("<!-- next -->")


@dataclass(frozen=True)
class Signing:
    """The sessions of a page for which people sign up by themselves, with their counters by session."""

    sessions: Sequence[Session]
    counters: Mapping[int, Sequence[Places]]
    # Those for which somebody still can.
    open: frozenset[int]
    boundaries: Sequence[datetime]


def signing(event: Event, sessions: Iterable[Session], now: datetime) -> Signing:
    """What a page tells of signing up for these sessions, and when it changes by itself."""
    taking = [part for part in sessions if part.takes_sign_ups and not part.is_cancelled]
    return Signing(
        sessions=taking,
        counters=queries.counters_of(event.id, [part.id for part in taking]) if taking else {},
        open=frozenset(part.id for part in taking if part.takes_sign_ups_at(event, now)),
        boundaries=[part.begins_at(event.zone) for part in taking],
    )


def buttons(event: Event, signing: Signing, back: str = "") -> dict[str, tuple[str, str]]:
    """For each session the buttons to sign up online and in person, and those of who has a place or a number."""
    if not signing.sessions:
        return {}
    html = render_template(
        "components/sign_up_buttons.html", event=event, signing=signing, modes=list(Mode), back=back, between=_BETWEEN
    )
    parts, found = iter(html.split(_BETWEEN)), {}
    for part in signing.sessions:
        found[f"take{MARK}{part.public_id}"] = (next(parts), next(parts))
        found[f"held{MARK}{part.public_id}"] = (next(parts), next(parts))
    return found


def chosen(event_public_id: str, person_id: int, own: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """The openings of a page for one person; empty for who has no place at the event, by one query at most."""
    ids = [name.partition(MARK)[2] for name in own if name.startswith(f"take{MARK}")]
    if not ids:
        return {}
    standing = queries.standing_at(event_public_id, person_id)
    if not standing.confirmed:
        return {}
    found = {}
    for part in ids:
        state = standing.sessions.get(part)
        if state is None:
            found[f"sign-up-{part}"] = own[f"take{MARK}{part}"][standing.mode is Mode.IN_PERSON]
        else:
            found[f"sign-up-{part}"] = own[f"held{MARK}{part}"][state is SignUpState.WAITING]
    return found
