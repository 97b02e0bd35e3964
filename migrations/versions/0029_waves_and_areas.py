"""waves, areas and the timeline of a programme"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "waves",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("programme_id", NUMBER, nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("summary", sa.String(length=500), nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("precision", sa.String(length=30), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_waves_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waves")),
        sa.UniqueConstraint("programme_id", "slug", name=op.f("uq_waves_programme_id_slug")),
        sa.UniqueConstraint("public_id", name=op.f("uq_waves_public_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "areas",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("programme_id", NUMBER, nullable=False),
        sa.Column("wave_id", NUMBER, nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=True),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("summary", sa.String(length=500), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("email_domains", sa.JSON(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_areas_organisation_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_areas_programme_id")),
        sa.ForeignKeyConstraint(["wave_id"], ["waves.id"], name=op.f("fk_areas_wave_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_areas")),
        sa.UniqueConstraint("public_id", name=op.f("uq_areas_public_id")),
        sa.UniqueConstraint("wave_id", "slug", name=op.f("uq_areas_wave_id_slug")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_areas_organisation_id"), "areas", ["organisation_id"], unique=False)
    op.create_index("ix_areas_programme", "areas", ["programme_id", "id"], unique=False)
    op.create_table(
        "milestones",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("programme_id", NUMBER, nullable=False),
        sa.Column("wave_id", NUMBER, nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.String(length=500), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("precision", sa.String(length=30), nullable=False),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_milestones_ends_after_start")),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_milestones_programme_id")),
        sa.ForeignKeyConstraint(["wave_id"], ["waves.id"], name=op.f("fk_milestones_wave_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestones")),
        sa.UniqueConstraint("public_id", name=op.f("uq_milestones_public_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_milestones_programme", "milestones", ["programme_id", "starts_on", "id"], unique=False)
    op.create_index(op.f("ix_milestones_wave_id"), "milestones", ["wave_id"], unique=False)
    op.create_table(
        "wave_stages",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("wave_id", NUMBER, nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("precision", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["waves.id"], name=op.f("fk_wave_stages_wave_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wave_stages")),
    )
    op.create_index(op.f("ix_wave_stages_wave_id"), "wave_stages", ["wave_id"], unique=False)
    op.create_table(
        "area_contacts",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("area_id", NUMBER, nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("job_title", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("telephone", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_area_contacts_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_contacts")),
    )
    op.create_index(op.f("ix_area_contacts_area_id"), "area_contacts", ["area_id"], unique=False)
    op.create_table(
        "area_documents",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("area_id", NUMBER, nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("file_id", NUMBER, nullable=True),
        sa.Column("filename", sa.String(length=120), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("reach", sa.String(length=30), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.CheckConstraint("(file_id IS NULL) = (url <> '')", name=op.f("ck_area_documents_file_or_link")),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_area_documents_area_id")),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_area_documents_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_documents")),
        sa.UniqueConstraint("public_id", name=op.f("uq_area_documents_public_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_area_documents_area_id"), "area_documents", ["area_id"], unique=False)
    op.create_index(op.f("ix_area_documents_file_id"), "area_documents", ["file_id"], unique=False)
    op.create_table(
        "area_partners",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("area_id", NUMBER, nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("part", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_area_partners_area_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_area_partners_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_partners")),
        sa.UniqueConstraint("area_id", "organisation_id", name=op.f("uq_area_partners_area_id_organisation_id")),
    )
    op.create_index(op.f("ix_area_partners_organisation_id"), "area_partners", ["organisation_id"], unique=False)
    op.create_table(
        "area_strands",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("area_id", NUMBER, nullable=False),
        sa.Column("theme_id", NUMBER, nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("features", sa.JSON(), nullable=False),
        sa.Column("challenges", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_area_strands_area_id")),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_area_strands_theme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_strands")),
        sa.UniqueConstraint("area_id", "theme_id", name=op.f("uq_area_strands_area_id_theme_id")),
    )
    op.create_index(op.f("ix_area_strands_theme_id"), "area_strands", ["theme_id"], unique=False)
    op.create_table(
        "area_versions",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("area_id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("changed_by_id", NUMBER, nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_area_versions_area_id")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["people.id"], name=op.f("fk_area_versions_changed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_versions")),
        sa.UniqueConstraint("area_id", "number", name=op.f("uq_area_versions_area_id_number")),
    )
    op.create_index(op.f("ix_area_versions_changed_by_id"), "area_versions", ["changed_by_id"], unique=False)


def downgrade():
    op.drop_table("area_versions")
    op.drop_table("area_strands")
    op.drop_table("area_partners")
    op.drop_table("area_documents")
    op.drop_table("area_contacts")
    op.drop_table("wave_stages")
    op.drop_table("milestones")
    op.drop_table("areas")
    op.drop_table("waves")
