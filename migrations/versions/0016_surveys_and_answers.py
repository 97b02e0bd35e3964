"""surveys, their versions, and what is answered"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0014"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "surveys",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("programme_id", BIG, nullable=False),
        sa.Column("event_id", BIG, nullable=True),
        sa.Column("thing_kind", sa.String(length=30), nullable=True),
        sa.Column("thing_id", BIG, nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("privacy", sa.String(length=30), nullable=False),
        sa.Column("asked_of", sa.String(length=30), nullable=False),
        sa.Column("open_link", sa.Boolean(), nullable=False),
        sa.Column("threshold", BIG, nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("number", BIG, nullable=False),
        sa.Column("public_questions", sa.JSON(), nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state = 'draft' OR number > 0", name=op.f("ck_surveys_asked_where_published")),
        sa.CheckConstraint("(thing_kind IS NULL) = (thing_id IS NULL)", name=op.f("ck_surveys_kind_and_thing")),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_surveys_closes_after_opening")),
        sa.CheckConstraint("threshold >= 3", name=op.f("ck_surveys_threshold_not_too_low")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_surveys_event_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_surveys_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveys")),
        sa.UniqueConstraint("public_id", name=op.f("uq_surveys_public_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_surveys_event", "surveys", ["event_id", "id"])
    op.create_index("ix_surveys_programme", "surveys", ["programme_id", "id"])
    op.create_index("ix_surveys_thing", "surveys", ["thing_kind", "thing_id"])

    op.create_table(
        "survey_drafts",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("survey_id", BIG, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reached", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["surveys.id"], name=op.f("fk_survey_drafts_survey_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_survey_drafts")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_survey_drafts_survey", "survey_drafts", ["survey_id"])

    op.create_table(
        "survey_envelopes",
        sa.Column("id", BIG, nullable=False),
        sa.Column("survey_id", BIG, nullable=False),
        sa.Column("tag", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["surveys.id"], name=op.f("fk_survey_envelopes_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_envelopes")),
        sa.UniqueConstraint("survey_id", "tag", name=op.f("uq_survey_envelopes_survey_id_tag")),
    )
    op.create_table(
        "survey_participations",
        sa.Column("id", BIG, nullable=False),
        sa.Column("survey_id", BIG, nullable=False),
        sa.Column("registration_id", BIG, nullable=True),
        sa.Column("person_id", BIG, nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "(registration_id IS NULL) <> (person_id IS NULL)", name=op.f("ck_survey_participations_one_of_both")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_survey_participations_person_id")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_survey_participations_registration_id")
        ),
        sa.ForeignKeyConstraint(["survey_id"], ["surveys.id"], name=op.f("fk_survey_participations_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_participations")),
        sa.UniqueConstraint("survey_id", "person_id", name=op.f("uq_survey_participations_survey_id_person_id")),
        sa.UniqueConstraint(
            "survey_id", "registration_id", name=op.f("uq_survey_participations_survey_id_registration_id")
        ),
    )
    op.create_index("ix_survey_participations_person_id", "survey_participations", ["person_id"])
    op.create_index("ix_survey_participations_registration_id", "survey_participations", ["registration_id"])

    op.create_table(
        "survey_themes",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("survey_id", BIG, nullable=False),
        sa.Column("question", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column(
            "name_folded",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["survey_id"], ["surveys.id"], name=op.f("fk_survey_themes_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_themes")),
        sa.UniqueConstraint("public_id", name=op.f("uq_survey_themes_public_id")),
        sa.UniqueConstraint(
            "survey_id", "question", "name_folded", name=op.f("uq_survey_themes_survey_id_question_name_folded")
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "survey_versions",
        sa.Column("id", BIG, nullable=False),
        sa.Column("survey_id", BIG, nullable=False),
        sa.Column("number", BIG, nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(["published_by_id"], ["people.id"], name=op.f("fk_survey_versions_published_by_id")),
        sa.ForeignKeyConstraint(["survey_id"], ["surveys.id"], name=op.f("fk_survey_versions_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_versions")),
        sa.UniqueConstraint("survey_id", "number", name=op.f("uq_survey_versions_survey_id_number")),
    )
    op.create_table(
        "survey_responses",
        sa.Column("id", BIG, nullable=False),
        sa.Column("survey_id", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("reached", BIG, nullable=False),
        sa.Column("sector", sa.String(length=30), nullable=True),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("organisation_id", BIG, nullable=True),
        sa.Column("participation_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_survey_responses_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["participation_id"], ["survey_participations.id"], name=op.f("fk_survey_responses_participation_id")
        ),
        sa.ForeignKeyConstraint(["survey_id"], ["surveys.id"], name=op.f("fk_survey_responses_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_responses")),
        sa.UniqueConstraint("participation_id", name=op.f("uq_survey_responses_participation_id")),
    )
    op.create_index("ix_survey_responses_survey", "survey_responses", ["survey_id", "day", "id"])

    op.create_table(
        "survey_answers",
        sa.Column("response_id", BIG, nullable=False),
        sa.Column("question", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["response_id"], ["survey_responses.id"], name=op.f("fk_survey_answers_response_id")),
        sa.PrimaryKeyConstraint("response_id", "question", "part", name=op.f("pk_survey_answers")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "survey_themed",
        sa.Column("theme_id", BIG, nullable=False),
        sa.Column("response_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["response_id"], ["survey_responses.id"], name=op.f("fk_survey_themed_response_id")),
        sa.ForeignKeyConstraint(["theme_id"], ["survey_themes.id"], name=op.f("fk_survey_themed_theme_id")),
        sa.PrimaryKeyConstraint("theme_id", "response_id", name=op.f("pk_survey_themed")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_survey_themed_response_id", "survey_themed", ["response_id"])


def downgrade():
    for name in (
        "survey_themed",
        "survey_answers",
        "survey_responses",
        "survey_versions",
        "survey_themes",
        "survey_participations",
        "survey_envelopes",
        "survey_drafts",
        "surveys",
    ):
        op.drop_table(name)
    # The program of that step knows no such role, and no such thing.
    op.execute("DELETE FROM grants WHERE role = 'analyst'")
    op.execute("DELETE FROM activity WHERE thing_kind = 'survey'")
