"""What is remembered of a page that was only read: a note in the store of jobs, which may be lost."""

from flask import current_app, request
from flask_login import current_user

from webapp.models.topics import Topic, TopicReading


def note_read(topic: Topic, reading: TopicReading | None, number: int) -> None:
    """Note that the viewer read a topic up to this number, unless they had read so far; a page fetched ahead is not."""
    if not current_user.is_authenticated or number <= (reading.number if reading else 0) or not topic.is_seen:
        return
    if "prefetch" in request.headers.get("Sec-Purpose", ""):
        return
    try:
        current_app.extensions["note"]["read"](current_user.id, topic.id, number)
    except Exception:  # the page is read all the same
        current_app.logger.exception("Could not note what was read")
