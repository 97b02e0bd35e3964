"""The letters of the demonstration as they look in life: nearly all sent and readable, a few with something to do."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import selectinload, undefer

from config import Settings
from webapp.extensions import db
from webapp.models.mailings import Letter, LetterState, Try
from webapp.notices.rendering import render
from webapp.outbox import BYTES_KEPT

TAKEN = "250 2.0.0 Taken (for demonstration)"
_LATER = timedelta(days=1)
_S = LetterState


def settle(whose: ColumnElement[bool], settings: Settings | None, *, now: datetime) -> Sequence[Letter]:
    """Let these letters be sent, though nobody receives a letter about what was made for show; gives them.

    With settings, what each said can be read as long as letters are kept.
    """
    unread = or_(Letter.state == _S.WAITING, and_(Letter.state == _S.SENT, Letter.message_until.is_(None)))
    statement = select(Letter).where(whose, unread).order_by(Letter.id)
    letters = db.session.scalars(statement.options(undefer(Letter.message), selectinload(Letter.mailing))).all()
    for letter in letters:
        at = letter.sent_at or min(letter.created_at + timedelta(seconds=2 + letter.id % 7), now)
        letter.state, letter.sent_at, letter.attempts = _S.SENT, at, 1
        letter.tries = [Try(at=at, became=_S.SENT, said=TAKEN).plain()]
        if settings is not None and not letter.is_never_kept and at + BYTES_KEPT > now:
            letter.message, letter.message_until = render(letter, settings), at + BYTES_KEPT
    db.session.flush()
    return letters


def let_some_stand_out(letters: Sequence[Letter], *, ends_at: datetime, now: datetime) -> None:
    """Let the latest of an event's letters be on their way, or be held up, for each of the reasons that there are.

    What is still to go is due only once the event is over, when it is of no more use, so that it never goes.
    """
    own = [one for one in letters if one.mailing_id is None]
    for letter, state in zip(reversed(own), (_S.WAITING, _S.DEFERRED, _S.FAILED, _S.HELD, _S.SENT), strict=False):
        at, said, uncertain = letter.sent_at or now, _SAID[state], state in {_S.HELD, _S.SENT}
        first = Try(at=at, became=_S.DEFERRED if state is _S.SENT else state, said=said, uncertain=uncertain)
        tries = [first] if state is not _S.WAITING else []
        if state is _S.SENT:
            tries.append(Try(at=at + timedelta(minutes=1), became=state, said=TAKEN))
        else:
            letter.sent_at = None
        letter.state, letter.uncertain, letter.attempts = state, int(uncertain), len(tries)
        letter.tries, letter.last_error = [one.plain() for one in tries], "" if state is _S.SENT else said
        if state not in {_S.SENT, _S.FAILED}:
            letter.message_until = None
            letter.expires_at, letter.next_attempt_at = ends_at, ends_at + _LATER
        if state is _S.WAITING:
            letter.message = None
    db.session.flush()


_LOST = "The connection was lost while the mail server took the letter."
_SAID = {
    _S.WAITING: "",
    _S.DEFERRED: "452 4.2.2 Mailbox full (for demonstration)",
    _S.FAILED: "550 5.1.1 No such user here (for demonstration)",
    _S.HELD: _LOST,
    _S.SENT: _LOST,
}
