"""topics by when they went on, of a community and of a theme"""

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade():
    op.create_index("ix_topics_unread", "topics", ["community_id", "last_post_at", "id"], unique=False)
    op.create_index("ix_topics_theme", "topics", ["theme_id", "last_post_at", "id"], unique=False)
    op.drop_index(op.f("ix_topics_theme_id"), table_name="topics")


def downgrade():
    # The program of that step has no words for these.
    op.execute("DELETE FROM passages WHERE source = 'topic'")
    op.execute("DELETE FROM saved_items WHERE thing_kind = 'post'")
    op.create_index(op.f("ix_topics_theme_id"), "topics", ["theme_id"], unique=False)
    op.drop_index("ix_topics_theme", table_name="topics")
    op.drop_index("ix_topics_unread", table_name="topics")
