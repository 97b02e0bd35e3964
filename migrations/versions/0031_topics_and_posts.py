"""topics, posts and their moderation"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "post_drafts",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("community_id", NUMBER, nullable=False),
        sa.Column("for_topic", NUMBER, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name=op.f("fk_post_drafts_community_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_post_drafts_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_drafts")),
        sa.UniqueConstraint(
            "person_id", "community_id", "for_topic", name=op.f("uq_post_drafts_person_id_community_id_for_topic")
        ),
    )
    op.create_index(op.f("ix_post_drafts_community_id"), "post_drafts", ["community_id"], unique=False)
    op.create_table(
        "topics",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("community_id", NUMBER, nullable=False),
        sa.Column("category_id", NUMBER, nullable=True),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("title", sa.String(length=150), nullable=False),
        sa.Column("theme_id", NUMBER, nullable=True),
        sa.Column("author_id", NUMBER, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_number", NUMBER, nullable=False),
        sa.Column("last_post_at", MOMENT, nullable=False),
        sa.Column("last_author_id", NUMBER, nullable=True),
        sa.Column("posts", NUMBER, nullable=False),
        sa.Column("is_pinned", sa.Boolean(), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("merged_into_id", NUMBER, nullable=True),
        sa.Column("accepted_number", NUMBER, nullable=True),
        sa.Column("same_questions", NUMBER, nullable=False),
        sa.Column("stage", sa.String(length=30), nullable=True),
        sa.Column("owner_id", NUMBER, nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("version", NUMBER, nullable=False),
        sa.CheckConstraint("(kind = 'issue') = (stage IS NOT NULL)", name=op.f("ck_topics_issues_have_stages")),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_topics_author_id")),
        sa.ForeignKeyConstraint(["category_id"], ["categories.id"], name=op.f("fk_topics_category_id")),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name=op.f("fk_topics_community_id")),
        sa.ForeignKeyConstraint(["last_author_id"], ["people.id"], name=op.f("fk_topics_last_author_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["topics.id"], name=op.f("fk_topics_merged_into_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_topics_owner_id")),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_topics_theme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topics")),
        sa.UniqueConstraint("public_id", name=op.f("uq_topics_public_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_topics_author_id"), "topics", ["author_id"], unique=False)
    op.create_index("ix_topics_category", "topics", ["category_id", "last_post_at", "id"], unique=False)
    op.create_index(op.f("ix_topics_last_author_id"), "topics", ["last_author_id"], unique=False)
    op.create_index(op.f("ix_topics_merged_into_id"), "topics", ["merged_into_id"], unique=False)
    op.create_index("ix_topics_newest", "topics", ["community_id", "is_pinned", "last_post_at", "id"], unique=False)
    op.create_index(op.f("ix_topics_owner_id"), "topics", ["owner_id"], unique=False)
    op.create_index("ix_topics_stage", "topics", ["community_id", "stage", "id"], unique=False)
    op.create_index(op.f("ix_topics_theme_id"), "topics", ["theme_id"], unique=False)
    op.create_table(
        "polls",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("topic_id", NUMBER, nullable=False),
        sa.Column("question", sa.String(length=200), nullable=False),
        sa.Column("most", NUMBER, nullable=False),
        sa.Column("closes_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_polls_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_polls")),
        sa.UniqueConstraint("topic_id", name=op.f("uq_polls_topic_id")),
    )
    op.create_table(
        "posts",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("topic_id", NUMBER, nullable=False),
        sa.Column("community_id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=True),
        sa.Column("author_id", NUMBER, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("edited_at", MOMENT, nullable=True),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('published') OR number IS NOT NULL", name=op.f("ck_posts_published_has_number")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_posts_author_id")),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name=op.f("fk_posts_community_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_posts_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("public_id", name=op.f("uq_posts_public_id")),
        sa.UniqueConstraint("topic_id", "number", name=op.f("uq_posts_topic_id_number")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_posts_author", "posts", ["author_id", "id"], unique=False)
    op.create_index("ix_posts_newest", "posts", ["community_id", "published_at", "id"], unique=False)
    op.create_table(
        "same_questions",
        sa.Column("topic_id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_same_questions_person_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_same_questions_topic_id")),
        sa.PrimaryKeyConstraint("topic_id", "person_id", name=op.f("pk_same_questions")),
    )
    op.create_index(op.f("ix_same_questions_person_id"), "same_questions", ["person_id"], unique=False)
    op.create_table(
        "topic_readings",
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("topic_id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("follow", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_topic_readings_person_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_topic_readings_topic_id")),
        sa.PrimaryKeyConstraint("person_id", "topic_id", name=op.f("pk_topic_readings")),
    )
    op.create_index("ix_topic_readings_topic", "topic_readings", ["topic_id", "follow", "person_id"], unique=False)
    op.create_table(
        "moderation_cases",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("community_id", NUMBER, nullable=False),
        sa.Column("post_id", NUMBER, nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("is_child", sa.Boolean(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("claimed_by_id", NUMBER, nullable=True),
        sa.Column("claimed_at", MOMENT, nullable=True),
        sa.Column("acknowledged_at", MOMENT, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by_id", NUMBER, nullable=True),
        sa.Column("decision", sa.String(length=30), nullable=True),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["claimed_by_id"], ["people.id"], name=op.f("fk_moderation_cases_claimed_by_id")),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name=op.f("fk_moderation_cases_community_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name=op.f("fk_moderation_cases_decided_by_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_moderation_cases_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_cases")),
        sa.UniqueConstraint("public_id", name=op.f("uq_moderation_cases_public_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_moderation_cases_claimed_by_id"), "moderation_cases", ["claimed_by_id"], unique=False)
    op.create_index(op.f("ix_moderation_cases_decided_by_id"), "moderation_cases", ["decided_by_id"], unique=False)
    op.create_index(
        "ix_moderation_cases_queue",
        "moderation_cases",
        ["community_id", "decided_at", "is_child", "opened_at", "id"],
        unique=False,
    )
    op.create_index(
        "uq_moderation_cases_open",
        "moderation_cases",
        ["post_id"],
        unique=True,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_table(
        "poll_options",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("poll_id", NUMBER, nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_poll_options_poll_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_options")),
        sa.UniqueConstraint("public_id", name=op.f("uq_poll_options_public_id")),
    )
    op.create_index(op.f("ix_poll_options_poll_id"), "poll_options", ["poll_id"], unique=False)
    op.create_table(
        "post_files",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("post_id", NUMBER, nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("file_id", NUMBER, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("filename", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_post_files_file_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_post_files_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_files")),
        sa.UniqueConstraint("public_id", name=op.f("uq_post_files_public_id")),
    )
    op.create_index(op.f("ix_post_files_file_id"), "post_files", ["file_id"], unique=False)
    op.create_index(op.f("ix_post_files_post_id"), "post_files", ["post_id"], unique=False)
    op.create_table(
        "post_mentions",
        sa.Column("post_id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_post_mentions_person_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_post_mentions_post_id")),
        sa.PrimaryKeyConstraint("post_id", "person_id", name=op.f("pk_post_mentions")),
    )
    op.create_index(op.f("ix_post_mentions_person_id"), "post_mentions", ["person_id"], unique=False)
    op.create_table(
        "post_versions",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("post_id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_post_versions_by_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_post_versions_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_versions")),
        sa.UniqueConstraint("post_id", "number", name=op.f("uq_post_versions_post_id_number")),
    )
    op.create_index(op.f("ix_post_versions_by_id"), "post_versions", ["by_id"], unique=False)
    op.create_table(
        "poll_votes",
        sa.Column("option_id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("poll_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["option_id"], ["poll_options.id"], name=op.f("fk_poll_votes_option_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_poll_votes_person_id")),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_poll_votes_poll_id")),
        sa.PrimaryKeyConstraint("option_id", "person_id", name=op.f("pk_poll_votes")),
    )
    op.create_index(op.f("ix_poll_votes_person_id"), "poll_votes", ["person_id"], unique=False)
    op.create_index(op.f("ix_poll_votes_poll_id"), "poll_votes", ["poll_id"], unique=False)
    op.create_table(
        "post_quotations",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("post_id", NUMBER, nullable=False),
        sa.Column("quoted_post_id", NUMBER, nullable=True),
        sa.Column("turn_id", NUMBER, nullable=True),
        sa.CheckConstraint(
            "(quoted_post_id IS NULL) <> (turn_id IS NULL)", name=op.f("ck_post_quotations_post_or_turn")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_post_quotations_post_id")),
        sa.ForeignKeyConstraint(["quoted_post_id"], ["posts.id"], name=op.f("fk_post_quotations_quoted_post_id")),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name=op.f("fk_post_quotations_turn_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_quotations")),
        sa.UniqueConstraint(
            "post_id", "quoted_post_id", "turn_id", name=op.f("uq_post_quotations_post_id_quoted_post_id_turn_id")
        ),
    )
    op.create_index(op.f("ix_post_quotations_quoted_post_id"), "post_quotations", ["quoted_post_id"], unique=False)
    op.create_index(op.f("ix_post_quotations_turn_id"), "post_quotations", ["turn_id"], unique=False)
    op.create_table(
        "post_reports",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("case_id", NUMBER, nullable=False),
        sa.Column("reporter_id", NUMBER, nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["moderation_cases.id"], name=op.f("fk_post_reports_case_id")),
        sa.ForeignKeyConstraint(["reporter_id"], ["people.id"], name=op.f("fk_post_reports_reporter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_reports")),
        sa.UniqueConstraint("case_id", "reporter_id", name=op.f("uq_post_reports_case_id_reporter_id")),
    )
    op.create_index(op.f("ix_post_reports_reporter_id"), "post_reports", ["reporter_id"], unique=False)


def downgrade():
    op.drop_table("post_reports")
    op.drop_table("post_quotations")
    op.drop_table("poll_votes")
    op.drop_table("post_versions")
    op.drop_table("post_mentions")
    op.drop_table("post_files")
    op.drop_table("poll_options")
    op.drop_table("moderation_cases")
    op.drop_table("topic_readings")
    op.drop_table("same_questions")
    op.drop_table("posts")
    op.drop_table("polls")
    op.drop_table("topics")
    op.drop_table("post_drafts")
