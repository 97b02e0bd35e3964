"""Letters about a released agenda: to those whose sessions it changed, and to those who speak in them."""

from collections.abc import Mapping, Sequence
from typing import Any

from webapp.models.calendars import Invitation
from webapp.models.events import Event
from webapp.models.mailings import MailKind, Recipient
from webapp.notices.letters import (
    ChangeFacts,
    EventFacts,
    InvitationFacts,
    LetterFacts,
    Notice,
    SessionFacts,
    dump,
)


class Writer:
    """Writes the letters of one release: what they share is turned into plain values once."""

    def __init__(self, event: Event) -> None:
        self._event = event
        self._facts = dump(LetterFacts(event=EventFacts.of(event)))
        self._changes: dict[tuple[str, ...], list[Any]] = {}

    def agenda_changed(
        self,
        recipient: Recipient,
        changes: Sequence[ChangeFacts],
        clashes: Sequence[tuple[str, str]],
        *,
        speaks: bool = False,
    ) -> Notice:
        """What has changed of the sessions that somebody chose or speaks in; it carries no calendar."""
        more: dict[str, Any] = {"changes": self._plain(changes)}
        if clashes:
            more["clashes"] = [list(pair) for pair in clashes]
        if speaks:
            more["speaks"] = True
        return self._notice("agenda_changed", recipient, more)

    def session_changed(
        self,
        recipient: Recipient,
        session: SessionFacts,
        change: ChangeFacts,
        invitation: Invitation,
        clashes: Sequence[tuple[str, str]],
        *,
        signed_up: bool = True,
    ) -> Notice:
        """A session in somebody's calendar has moved or is cancelled, with the invitation or its withdrawal.

        They `signed_up` for it, or it stands there since it is everybody's or starred.
        """
        facts = LetterFacts(session=session, invitation=InvitationFacts.of(invitation), signed_up=signed_up)
        more: dict[str, Any] = {**dump(facts), "changes": self._plain([change])}
        if clashes:
            more["clashes"] = [list(pair) for pair in clashes]
        return self._notice("session_changed", recipient, more)

    def _plain(self, changes: Sequence[ChangeFacts]) -> list[Any]:
        key = tuple(change.public_id for change in changes)
        if key not in self._changes:
            self._changes[key] = dump(LetterFacts(changes=list(changes)))["changes"]
        return self._changes[key]

    def _notice(self, name: str, recipient: Recipient, more: Mapping[str, Any]) -> Notice:
        facts = {**self._facts, **more}
        if recipient.link_id:
            facts |= {"link_id": recipient.link_id, "link_nonce": recipient.link_nonce}
        if recipient.mode:
            facts["mode"] = recipient.mode.value
        return Notice(
            name=name,
            recipient_name=recipient.name,
            recipient_email=recipient.email,
            reply_to=self._event.organiser_email,
            facts=facts,
            kind=MailKind.CHANGE,
            person_id=recipient.person_id,
            event_id=self._event.id,
        )
