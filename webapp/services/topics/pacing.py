"""How much one person may write in communities in a time: more than anybody types, and less than a program sends."""

from datetime import datetime, timedelta

from webapp.services.throttling import Limit, count

MOST_AT_ONCE, AT_ONCE = 15, timedelta(minutes=10)
MOST_A_DAY, DAY = 150, timedelta(days=1)


def count_post(person_id: int, *, now: datetime) -> None:
    """Count a topic or an answer that somebody sends; raises TooMany for one too many in ten minutes, or in a day."""
    for kind, most, window in (("posts", MOST_AT_ONCE, AT_ONCE), ("posts_a_day", MOST_A_DAY, DAY)):
        count(Limit(kind, str(person_id), most), window=window, now=now)
