"""letters can be followed: each try, the bytes as sent for a time, and who they went to by the words of it"""

import re
import unicodedata
import zlib

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

AT_ONCE = 500
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
OUTBOX = sa.table(
    "outbox",
    sa.column("id"),
    sa.column("lane"),
    sa.column("state"),
    sa.column("recipient_name"),
    sa.column("recipient_email"),
    sa.column("recipient_words"),
    sa.column("message", sa.LargeBinary),
)


def upgrade():
    with op.batch_alter_table("outbox") as batch:
        batch.add_column(
            sa.Column(
                "recipient_words",
                sa.String(length=500).with_variant(sa.String(length=500, collation="C"), "postgresql"),
                server_default="",
                nullable=False,
            )
        )
        batch.add_column(sa.Column("message_until", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("tries", sa.JSON(), server_default="[]", nullable=False))
    with op.batch_alter_table("outbox") as batch:
        batch.alter_column("recipient_words", server_default=None)
        batch.alter_column("tries", server_default=None)
        batch.drop_index("ix_outbox_event_id")
        batch.drop_index("ix_outbox_person_id")
        batch.create_index("ix_outbox_event", ["event_id", "id"])
        batch.create_index("ix_outbox_event_state", ["event_id", "state", "id"])
        batch.create_index("ix_outbox_event_notice", ["event_id", "notice", "id"])
        batch.create_index("ix_outbox_event_recipient", ["event_id", "recipient_words", "id"])
        batch.create_index("ix_outbox_person", ["person_id", "id"])
        for name, columns, condition in (
            ("ix_outbox_uncertain", ["event_id", "id"], "uncertain > 0"),
            ("ix_outbox_message_until", ["message_until", "id"], "message_until IS NOT NULL"),
        ):
            where = sa.text(condition)
            batch.create_index(name, columns, sqlite_where=where, postgresql_where=where)
    _rewrite(lambda row: {"recipient_words": _words(f"{row.recipient_name} {row.recipient_email}")})
    _rewrite(lambda row: {"message": zlib.compress(row.message, 1)}, OUTBOX.c.message.is_not(None))


def _rewrite(changed, *conditions):
    """Change each letter, some at a time, since the bytes of all together may not fit into memory."""
    connection, last = op.get_bind(), 0
    while True:
        some = sa.select(OUTBOX).where(OUTBOX.c.id > last, *conditions).order_by(OUTBOX.c.id).limit(AT_ONCE)
        rows = connection.execute(some).all()
        for row in rows:
            connection.execute(OUTBOX.update().where(OUTBOX.c.id == row.id).values(changed(row)))
        if len(rows) < AT_ONCE:
            return
        last = rows[-1].id


def _words(text):
    """The words as the program folds them, each after a space."""
    folded = unicodedata.normalize("NFKD", text).casefold().replace("’", "'")
    bare = "".join(char for char in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(char))
    found = dict.fromkeys(match.group().replace("'", "")[:60] for match in WORD.finditer(bare))
    return "".join(f" {word}" for word in found)[:500]


def downgrade():
    # The older program has no worker for this lane, and keeps no bytes of what is done with.
    op.execute(OUTBOX.update().where(OUTBOX.c.lane == "mailing").values(lane="ordinary"))
    ended = OUTBOX.c.state.in_(("sent", "failed", "cancelled"))
    op.execute(OUTBOX.update().where(ended).values(message=None))
    _rewrite(lambda row: {"message": zlib.decompress(row.message)}, OUTBOX.c.message.is_not(None))
    with op.batch_alter_table("outbox") as batch:
        for name in ("message_until", "uncertain", "person", "event_recipient", "event_notice", "event_state", "event"):
            batch.drop_index(f"ix_outbox_{name}")
        batch.create_index("ix_outbox_person_id", ["person_id"])
        batch.create_index("ix_outbox_event_id", ["event_id"])
        batch.drop_column("tries")
        batch.drop_column("message_until")
        batch.drop_column("recipient_words")
