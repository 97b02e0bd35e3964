"""Letters on their way that tell of posts which were just taken away: out of the workers' hands, to be made anew.

A letter that tells of posts is made as it leaves, of what can be read then. So it is enough that no worker sends what
it made before, and that nothing stays of that.
"""

from collections.abc import Collection
from datetime import datetime
from typing import cast

from sqlalchemy import Table, null, update

from webapp.extensions import db
from webapp.models.mailings import Letter, LetterState
from webapp.queries import mailings as queries

AT_ONCE = 500
_table = cast("Table", Letter.__table__)
_c = _table.c


def recall(post_ids: Collection[int], *, now: datetime) -> int:
    """Let letters that tell of these posts, and have not ended, be made anew when their turn comes; gives how many.

    In the unit of the change that took the posts away. The one that a worker has in hand, the first of all that it has
    taken, may be with the mail server already: it goes as it is, its bytes are not kept, and it is not tried again.
    """
    letters = queries.lock_unsent_of_posts(frozenset(post_ids))
    in_hand: dict[str, int] = {}
    for letter in letters:
        if letter.taken_by:
            in_hand[letter.taken_by] = min(letter.id, in_hand.get(letter.taken_by, letter.id))
    wanted = [letter for letter in letters if letter.is_wanted]
    let_go = [one.id for one in wanted if one.id in in_hand.values()]
    taken = [one.id for one in wanted if one.taken_by and one.id not in let_go]
    resting = [one.id for one in wanted if not one.taken_by]
    for ids, values in (
        (let_go, {"message": null(), "expires_at": now}),
        (taken, {"message": null(), "state": LetterState.WAITING, "taken_by": "", "next_attempt_at": now}),
        (resting, {"message": null()}),
    ):
        for start in range(0, len(ids), AT_ONCE):
            some = update(_table).where(_c.id.in_(ids[start : start + AT_ONCE]))
            db.session.execute(some.values(values))
    return len(wanted)
