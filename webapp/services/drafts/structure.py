"""Streams and rooms of the draft: added, renamed, put in order, taken away."""

from datetime import datetime
from typing import TypeVar

from webapp.extensions import db
from webapp.folding import fold
from webapp.models.accounts import Actor, ThingKind
from webapp.models.drafts import DraftSession, DraftStream, Room
from webapp.queries import drafts as queries
from webapp.services.activity import record
from webapp.services.drafts.changing import DraftRefused, changing, touch

Thing = TypeVar("Thing", DraftStream, Room)


def add_stream(event_id: int, name: str, *, actor: Actor, now: datetime) -> DraftStream:
    """Add a stream behind the others. Raises DraftRefused for a name that another has."""
    with changing(event_id, now):
        streams = queries.draft_streams_of(event_id)
        _check_name(name, [one.name for one in streams], "stream")
        stream = DraftStream(event_id=event_id, name=name, position=_behind(streams))
        db.session.add(stream)
        db.session.flush()
        record("stream_added", ThingKind.STREAM, stream.id, actor=actor, now=now, event_id=event_id, title=stream.name)
    return stream


def rename_stream(event_id: int, public_id: str, name: str, *, actor: Actor, now: datetime) -> None:
    """Give a stream another name. Raises DraftRefused for a name that another has, or when the stream is gone."""
    with changing(event_id, now):
        streams = queries.draft_streams_of(event_id)
        stream = _one(streams, public_id, "stream")
        _check_name(name, [one.name for one in streams if one is not stream], "stream")
        _record_renamed("stream_renamed", ThingKind.STREAM, stream, name, event_id, actor, now)
        stream.name = name


def remove_stream(event_id: int, public_id: str, *, into: str | None, actor: Actor, now: datetime) -> int:
    """Take a stream away; its sessions go to the stream `into`, to all streams for "", and give how many they were.

    Raises DraftRefused while it has sessions and `into` is None, and when either stream is gone.
    """
    with changing(event_id, now):
        streams = queries.draft_streams_of(event_id)
        stream = _one(streams, public_id, "stream")
        sessions = [one for one in queries.draft_sessions_of(event_id) if one.stream_id == stream.id]
        if sessions and into is None:
            raise DraftRefused(
                f"“{stream.name}” has {_count(sessions)}. Choose where they go before the stream is taken away."
            )
        if into == public_id:
            raise DraftRefused("Choose another stream for its sessions: this one is taken away.")
        target = _one(streams, into, "stream") if into else None
        _hand_over(sessions, target, now)
        record(
            "stream_removed",
            ThingKind.STREAM,
            stream.id,
            actor=actor,
            now=now,
            event_id=event_id,
            title=stream.name,
            sessions=len(sessions),
            into=target.name if target else "",
        )
        db.session.delete(stream)
    return len(sessions)


def move_stream(event_id: int, public_id: str, *, by: int, actor: Actor, now: datetime) -> None:
    """Move a stream before (-1) or behind (1) its neighbour; at the end it stays. Raises DraftRefused when gone."""
    with changing(event_id, now):
        streams = queries.draft_streams_of(event_id)
        stream = _one(streams, public_id, "stream")
        before = streams.index(stream)
        after = min(max(before + by, 0), len(streams) - 1)
        streams.insert(after, streams.pop(before))
        for position, one in enumerate(streams, start=1):
            one.position = position
        if after != before:
            record(
                "stream_moved",
                ThingKind.STREAM,
                stream.id,
                actor=actor,
                now=now,
                event_id=event_id,
                title=stream.name,
                changes={"position": [before + 1, after + 1]},
            )


def add_room(event_id: int, name: str, capacity: int | None, *, actor: Actor, now: datetime) -> Room:
    """Add a room or an online meeting, with how many it holds. Raises DraftRefused for a name that another has."""
    with changing(event_id, now):
        rooms = queries.rooms_of(event_id)
        _check_name(name, [one.name for one in rooms], "room")
        room = Room(event_id=event_id, name=name, capacity=capacity, position=_behind(rooms))
        db.session.add(room)
        db.session.flush()
        record(
            "room_added", ThingKind.ROOM, room.id, actor=actor, now=now, event_id=event_id, title=name, holds=capacity
        )
    return room


def change_room(event_id: int, public_id: str, name: str, capacity: int | None, *, actor: Actor, now: datetime) -> None:
    """Change a room's name and how many it holds. Raises DraftRefused for a name that another has, or when gone."""
    with changing(event_id, now):
        rooms = queries.rooms_of(event_id)
        room = _one(rooms, public_id, "room")
        _check_name(name, [one.name for one in rooms if one is not room], "room")
        changes = {
            what: [old, new]
            for what, old, new in (("name", room.name, name), ("holds", room.capacity, capacity))
            if old != new
        }
        if changes:
            record(
                "room_changed",
                ThingKind.ROOM,
                room.id,
                actor=actor,
                now=now,
                event_id=event_id,
                title=name,
                changes=changes,
            )
        room.name, room.capacity = name, capacity


def remove_room(event_id: int, public_id: str, *, actor: Actor, now: datetime) -> int:
    """Take a room away; gives how many sessions are without one by it. Raises DraftRefused when it is gone."""
    with changing(event_id, now):
        room = _one(queries.rooms_of(event_id), public_id, "room")
        sessions = [one for one in queries.draft_sessions_of(event_id) if one.room_id == room.id]
        for session in sessions:
            session.room = None
            touch(session, now)
        record(
            "room_removed",
            ThingKind.ROOM,
            room.id,
            actor=actor,
            now=now,
            event_id=event_id,
            title=room.name,
            sessions=len(sessions),
        )
        db.session.flush()
        db.session.delete(room)
    return len(sessions)


def _hand_over(sessions: list[DraftSession], target: DraftStream | None, now: datetime) -> None:
    for session in sessions:
        session.stream = target
        touch(session, now)
    db.session.flush()


def _record_renamed(
    verb: str, kind: ThingKind, thing: DraftStream, name: str, event_id: int, actor: Actor, now: datetime
) -> None:
    if thing.name != name:
        changes = {"name": [thing.name, name]}
        record(verb, kind, thing.id, actor=actor, now=now, event_id=event_id, title=name, changes=changes)


def _one(things: list[Thing], public_id: str | None, what: str) -> Thing:
    for thing in things:
        if thing.public_id == public_id:
            return thing
    raise DraftRefused(f"That {what} is no longer there.")


def _check_name(name: str, others: list[str], what: str) -> None:
    if fold(name) in {fold(other) for other in others}:
        raise DraftRefused(f"There is a {what} called “{name}” already. Choose another name.")


def _behind(things: list[DraftStream] | list[Room]) -> int:
    return max((one.position for one in things), default=0) + 1


def _count(sessions: list[DraftSession]) -> str:
    return f"{len(sessions)} session{'s' if len(sessions) != 1 else ''}"
