"""communities, and who belongs where"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
FOLDED = sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql")


def upgrade():
    op.create_table(
        "member_profiles",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("job_title", sa.String(length=120), nullable=False),
        sa.Column("job_title_folded", FOLDED, nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("shows_email", sa.Boolean(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_member_profiles_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_profiles")),
        sa.UniqueConstraint("handle", name=op.f("uq_member_profiles_handle")),
        sa.UniqueConstraint("person_id", name=op.f("uq_member_profiles_person_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_member_profiles_public_id")),
    )
    op.create_index(op.f("ix_member_profiles_job_title_folded"), "member_profiles", ["job_title_folded"], unique=False)
    op.create_table(
        "communities",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("programme_id", NUMBER, nullable=False),
        sa.Column("wave_id", NUMBER, nullable=True),
        sa.Column("theme_id", NUMBER, nullable=True),
        sa.Column("is_group", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("summary", sa.String(length=500), nullable=False),
        sa.Column("openness", sa.String(length=30), nullable=False),
        sa.Column("first_posts_held", NUMBER, nullable=False),
        sa.Column("mail_without_content", sa.Boolean(), nullable=False),
        sa.Column("child_lead_name", sa.String(length=200), nullable=False),
        sa.Column("child_lead_email", sa.String(length=254), nullable=False),
        sa.Column("rules_number", NUMBER, nullable=False),
        sa.Column("archived_at", MOMENT, nullable=True),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.CheckConstraint("NOT (is_group AND wave_id IS NOT NULL)", name=op.f("ck_communities_group_or_wave")),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_communities_programme_id")),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_communities_theme_id")),
        sa.ForeignKeyConstraint(["wave_id"], ["waves.id"], name=op.f("fk_communities_wave_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_communities")),
        sa.UniqueConstraint("public_id", name=op.f("uq_communities_public_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_communities_programme", "communities", ["programme_id", "id"], unique=False)
    op.create_index(op.f("ix_communities_theme_id"), "communities", ["theme_id"], unique=False)
    op.create_index(op.f("ix_communities_wave_id"), "communities", ["wave_id"], unique=False)
    op.create_table(
        "categories",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("community_id", NUMBER, nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("summary", sa.String(length=300), nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name=op.f("fk_categories_community_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_categories")),
        sa.UniqueConstraint("community_id", "slug", name=op.f("uq_categories_community_id_slug")),
        sa.UniqueConstraint("public_id", name=op.f("uq_categories_public_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "community_events",
        sa.Column("event_id", NUMBER, nullable=False),
        sa.Column("community_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name=op.f("fk_community_events_community_id")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_community_events_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_community_events")),
    )
    op.create_index(op.f("ix_community_events_community_id"), "community_events", ["community_id"], unique=False)
    op.create_table(
        "conduct_rules",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("community_id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by_id", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name=op.f("fk_conduct_rules_community_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_conduct_rules_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conduct_rules")),
        sa.UniqueConstraint("community_id", "number", name=op.f("uq_conduct_rules_community_id_number")),
    )
    op.create_index(op.f("ix_conduct_rules_made_by_id"), "conduct_rules", ["made_by_id"], unique=False)
    op.create_table(
        "membership_invitations",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("programme_id", NUMBER, nullable=False),
        sa.Column("wave_id", NUMBER, nullable=True),
        sa.Column("area_id", NUMBER, nullable=True),
        sa.Column("community_id", NUMBER, nullable=True),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_folded", sa.String(length=254), nullable=False),
        sa.Column("invited_by_id", NUMBER, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("accepted_at", MOMENT, nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "area_id IS NULL OR wave_id IS NOT NULL", name=op.f("ck_membership_invitations_area_names_wave")
        ),
        sa.CheckConstraint(
            "community_id IS NULL OR (area_id IS NULL AND wave_id IS NULL)",
            name=op.f("ck_membership_invitations_group_or_place"),
        ),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_membership_invitations_area_id")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_membership_invitations_community_id")
        ),
        sa.ForeignKeyConstraint(["invited_by_id"], ["people.id"], name=op.f("fk_membership_invitations_invited_by_id")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes.id"], name=op.f("fk_membership_invitations_programme_id")
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["waves.id"], name=op.f("fk_membership_invitations_wave_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_invitations")),
        sa.UniqueConstraint("public_id", name=op.f("uq_membership_invitations_public_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_membership_invitations_area", "membership_invitations", ["area_id", "id"], unique=False)
    op.create_index(
        op.f("ix_membership_invitations_community_id"), "membership_invitations", ["community_id"], unique=False
    )
    op.create_index(
        op.f("ix_membership_invitations_email_folded"), "membership_invitations", ["email_folded"], unique=False
    )
    op.create_index(
        op.f("ix_membership_invitations_invited_by_id"), "membership_invitations", ["invited_by_id"], unique=False
    )
    op.create_index(
        "ix_membership_invitations_programme", "membership_invitations", ["programme_id", "id"], unique=False
    )
    op.create_index(op.f("ix_membership_invitations_wave_id"), "membership_invitations", ["wave_id"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("programme_id", NUMBER, nullable=False),
        sa.Column("wave_id", NUMBER, nullable=True),
        sa.Column("area_id", NUMBER, nullable=True),
        sa.Column("community_id", NUMBER, nullable=True),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=True),
        sa.Column("how", sa.String(length=30), nullable=False),
        sa.Column("added_by_id", NUMBER, nullable=True),
        sa.Column("joined_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint("area_id IS NULL OR wave_id IS NOT NULL", name=op.f("ck_memberships_area_names_wave")),
        sa.CheckConstraint(
            "community_id IS NULL OR (area_id IS NULL AND wave_id IS NULL)", name=op.f("ck_memberships_group_or_place")
        ),
        sa.ForeignKeyConstraint(["added_by_id"], ["people.id"], name=op.f("fk_memberships_added_by_id")),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_memberships_area_id")),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name=op.f("fk_memberships_community_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_memberships_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_memberships_person_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_memberships_programme_id")),
        sa.ForeignKeyConstraint(["wave_id"], ["waves.id"], name=op.f("fk_memberships_wave_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.UniqueConstraint("public_id", name=op.f("uq_memberships_public_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_memberships_added_by_id"), "memberships", ["added_by_id"], unique=False)
    op.create_index("ix_memberships_area", "memberships", ["area_id", "id"], unique=False)
    op.create_index("ix_memberships_community", "memberships", ["community_id", "id"], unique=False)
    op.create_index(op.f("ix_memberships_organisation_id"), "memberships", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_memberships_person_id"), "memberships", ["person_id"], unique=False)
    op.create_index("ix_memberships_programme", "memberships", ["programme_id", "id"], unique=False)
    op.create_index("ix_memberships_wave", "memberships", ["wave_id", "id"], unique=False)
    op.create_index(
        "uq_memberships_current",
        "memberships",
        ["person_id", "place", "role"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "participations",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("community_id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("joined_at", MOMENT, nullable=False),
        sa.Column("rules_accepted", NUMBER, nullable=False),
        sa.Column("rules_accepted_at", MOMENT, nullable=True),
        sa.Column("read_until", MOMENT, nullable=False),
        sa.Column("mutes", sa.Boolean(), nullable=False),
        sa.Column("pace", sa.String(length=30), nullable=False),
        sa.Column("told_until", MOMENT, nullable=False),
        sa.Column("published_posts", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name=op.f("fk_participations_community_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_participations_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participations")),
        sa.UniqueConstraint("community_id", "person_id", name=op.f("uq_participations_community_id_person_id")),
    )
    op.create_index("ix_participations_pace", "participations", ["pace", "told_until", "id"], unique=False)
    op.create_index(op.f("ix_participations_person_id"), "participations", ["person_id"], unique=False)


def downgrade():
    op.drop_table("participations")
    op.drop_table("memberships")
    op.drop_table("membership_invitations")
    op.drop_table("conduct_rules")
    op.drop_table("community_events")
    op.drop_table("categories")
    op.drop_table("communities")
    op.drop_table("member_profiles")
