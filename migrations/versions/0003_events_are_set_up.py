"""events are set up: draft agendas and their releases, roles, sign-ups, invitees, attendance, imports, files"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ALPHABET = "23456789bcdfghjkmnpqrstvwxyz"
# The letters that the program before had no words for.
NOTICES = (
    "agenda_changed",
    "event_cancelled",
    "event_changed",
    "helper_invited",
    "invited",
    "registration_swapped",
    "session_changed",
    "sign_up_left",
    "sign_up_promoted",
    "sign_up_waiting",
    "signed_up",
    "speaker_declined",
    "speaker_invited",
)


def upgrade():
    # By the moment, so that the activity of a day is found without reading all that came after it.
    op.drop_index("ix_activity_event", table_name="activity")
    op.create_index("ix_activity_event", "activity", ["event_id", "at", "id"])
    op.create_index("ix_activity_event_kind", "activity", ["event_id", "thing_kind", "at", "id"])
    op.create_table(
        "files",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
        sa.UniqueConstraint("digest", name=op.f("uq_files_digest")),
        sa.UniqueConstraint("public_id", name=op.f("uq_files_public_id")),
    )
    op.create_table(
        "speaker_aliases",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("speaker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "name_folded",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["speaker_id"], ["speakers.id"], name=op.f("fk_speaker_aliases_speaker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speaker_aliases")),
        sa.UniqueConstraint("speaker_id", "name_folded", name=op.f("uq_speaker_aliases_speaker_id_name_folded")),
    )
    op.create_index("ix_speaker_aliases_name_folded", "speaker_aliases", ["name_folded"])

    op.create_table(
        "agenda_drafts",
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("released_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_agenda_drafts_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_agenda_drafts")),
    )
    op.create_table(
        "agenda_releases",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("agenda", sa.JSON(), nullable=False),
        sa.Column("people_told", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisations_told", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("clashes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_agenda_releases_event_id")),
        sa.ForeignKeyConstraint(["released_by_id"], ["people.id"], name=op.f("fk_agenda_releases_released_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_releases")),
        sa.UniqueConstraint("event_id", "number", name=op.f("uq_agenda_releases_event_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_agenda_releases_public_id")),
    )
    op.create_table(
        "attachments",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("speaker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "thing_kind",
            sa.Enum(
                "site",
                "programme",
                "event",
                "session",
                "person",
                "registration",
                "speaker",
                "draft_session",
                "stream",
                "room",
                "question",
                "grant",
                "invitee",
                "release",
                "import",
                "attendance_report",
                name="thingkind",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("thing_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("filename", sa.String(length=120), nullable=False),
        sa.Column(
            "reach", sa.Enum("organisers", "public", name="filereach", native_enum=False, length=30), nullable=False
        ),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_attachments_event_id")),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_attachments_file_id")),
        sa.ForeignKeyConstraint(["speaker_id"], ["speakers.id"], name=op.f("fk_attachments_speaker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint("public_id", name=op.f("uq_attachments_public_id")),
    )
    op.create_index("ix_attachments_event_id", "attachments", ["event_id"])
    op.create_index("ix_attachments_file_id", "attachments", ["file_id"])
    op.create_index("ix_attachments_speaker_id", "attachments", ["speaker_id"])
    op.create_index("ix_attachments_thing", "attachments", ["thing_kind", "thing_id", "id"])

    op.create_table(
        "imports",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column(
            "kind", sa.Enum("agenda", "registrations", name="importkind", native_enum=False, length=30), nullable=False
        ),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum("staged", "requested", "applied", "failed", name="importstate", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("done", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("total", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("problem", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_imports_event_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_imports_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
        sa.UniqueConstraint("public_id", name=op.f("uq_imports_public_id")),
    )
    op.create_index("ix_imports_event", "imports", ["event_id", "kind", "id"])
    op.create_index("ix_imports_expires_at", "imports", ["expires_at"])
    op.create_index("ix_imports_waiting", "imports", ["state", "id"])

    op.create_table(
        "rooms",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("capacity", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_rooms_capacity_positive")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_rooms_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rooms")),
        sa.UniqueConstraint("event_id", "name", name=op.f("uq_rooms_event_id_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_rooms_public_id")),
    )
    op.create_table(
        "speaker_invitations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("speaker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times_sent", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_speaker_invitations_event_id")),
        sa.ForeignKeyConstraint(["speaker_id"], ["speakers.id"], name=op.f("fk_speaker_invitations_speaker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speaker_invitations")),
        sa.UniqueConstraint("event_id", "speaker_id", name=op.f("uq_speaker_invitations_event_id_speaker_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_speaker_invitations_public_id")),
    )
    op.create_index("ix_speaker_invitations_speaker_id", "speaker_invitations", ["speaker_id"])

    op.create_table(
        "check_ins",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("registration_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "source",
            sa.Enum("name", "qr_code", "self", name="checkinsource", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_check_ins_by_id")),
        sa.ForeignKeyConstraint(["day_id"], ["event_days.id"], name=op.f("fk_check_ins_day_id")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_check_ins_event_id")),
        sa.ForeignKeyConstraint(["registration_id"], ["registrations.id"], name=op.f("fk_check_ins_registration_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_ins")),
        sa.UniqueConstraint("registration_id", "day_id", name=op.f("uq_check_ins_registration_id_day_id")),
    )
    op.create_index("ix_check_ins_day", "check_ins", ["event_id", "day_id", "at"])

    op.create_table(
        "draft_streams",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stream_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_draft_streams_event_id")),
        sa.ForeignKeyConstraint(["stream_id"], ["streams.id"], name=op.f("fk_draft_streams_stream_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_streams")),
        sa.UniqueConstraint("public_id", name=op.f("uq_draft_streams_public_id")),
        sa.UniqueConstraint("stream_id", name=op.f("uq_draft_streams_stream_id")),
    )
    op.create_index("ix_draft_streams_event_id", "draft_streams", ["event_id"])

    op.create_table(
        "import_rows",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "fate",
            sa.Enum("new", "changed", "same", "refused", name="fate", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("message", sa.String(length=1000), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_import_rows_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_rows")),
        sa.UniqueConstraint("import_id", "number", name=op.f("uq_import_rows_import_id_number")),
    )
    op.create_index("ix_import_rows_fate", "import_rows", ["import_id", "fate", "number"])

    op.create_table(
        "invitees",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_folded", sa.String(length=254), nullable=False),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times_sent", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("registration_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_invitees_event_id")),
        sa.ForeignKeyConstraint(["registration_id"], ["registrations.id"], name=op.f("fk_invitees_registration_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitees")),
        sa.UniqueConstraint("event_id", "email_folded", name=op.f("uq_invitees_event_id_email_folded")),
        sa.UniqueConstraint("public_id", name=op.f("uq_invitees_public_id")),
    )
    op.create_table(
        "registration_notes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("registration_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_registration_notes_author_id")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_registration_notes_registration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_notes")),
        sa.UniqueConstraint("public_id", name=op.f("uq_registration_notes_public_id")),
    )
    op.create_index("ix_registration_notes_registration_id", "registration_notes", ["registration_id"])

    op.create_table(
        "registration_tags",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("registration_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column(
            "name_folded",
            sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_registration_tags_event_id")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_registration_tags_registration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_tags")),
        sa.UniqueConstraint(
            "registration_id", "name_folded", name=op.f("uq_registration_tags_registration_id_name_folded")
        ),
    )
    op.create_index("ix_registration_tags_event", "registration_tags", ["event_id", "name_folded", "registration_id"])

    op.create_table(
        "attendance_reports",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "source", sa.Enum("teams", "zoom", name="reportsource", native_enum=False, length=30), nullable=False
        ),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("unread", sa.JSON(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["day_id"], ["event_days.id"], name=op.f("fk_attendance_reports_day_id")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_attendance_reports_event_id")),
        sa.ForeignKeyConstraint(["imported_by_id"], ["people.id"], name=op.f("fk_attendance_reports_imported_by_id")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_attendance_reports_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_reports")),
        sa.UniqueConstraint(
            "event_id",
            "day_id",
            "session_id",
            "digest",
            name=op.f("uq_attendance_reports_event_id_day_id_session_id_digest"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_attendance_reports_public_id")),
    )
    op.create_index("ix_attendance_reports_event_id", "attendance_reports", ["event_id"])

    op.create_table(
        "draft_sessions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("day_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("stream_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("room_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("plenary", "session", "break", name="sessionkind", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum("scheduled", "cancelled", name="sessionstate", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.String(length=500), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("starts", sa.Time(), nullable=True),
        sa.Column("ends", sa.Time(), nullable=True),
        sa.Column("minutes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("takes_sign_ups", sa.Boolean(), nullable=False),
        sa.Column("capacity_online", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("capacity_in_person", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("joining_instructions", sa.Text(), nullable=False),
        sa.Column("joining_url", sa.String(length=500), nullable=False),
        sa.Column("is_not_recorded", sa.Boolean(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("technical_needs", sa.Text(), nullable=False),
        sa.Column("source_key", sa.String(length=120), nullable=True),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(starts IS NULL) = (ends IS NULL)", name=op.f("ck_draft_sessions_both_times_or_none")),
        sa.CheckConstraint("ends > starts", name=op.f("ck_draft_sessions_ends_after_start")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_draft_sessions_minutes_positive")),
        sa.ForeignKeyConstraint(["day_id"], ["event_days.id"], name=op.f("fk_draft_sessions_day_id")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_draft_sessions_event_id")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_draft_sessions_room_id")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_draft_sessions_session_id")),
        sa.ForeignKeyConstraint(["stream_id"], ["draft_streams.id"], name=op.f("fk_draft_sessions_stream_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_sessions")),
        sa.UniqueConstraint("event_id", "source_key", name=op.f("uq_draft_sessions_event_id_source_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_draft_sessions_public_id")),
        sa.UniqueConstraint("session_id", name=op.f("uq_draft_sessions_session_id")),
    )
    op.create_index("ix_draft_sessions_day_id", "draft_sessions", ["day_id"])
    op.create_index("ix_draft_sessions_event_day", "draft_sessions", ["event_id", "day_id", "position"])
    op.create_index("ix_draft_sessions_room_id", "draft_sessions", ["room_id"])
    op.create_index("ix_draft_sessions_stream_id", "draft_sessions", ["stream_id"])

    op.create_table(
        "sign_ups",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("registration_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum("confirmed", "waiting", "cancelled", name="signupstate", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("mode", sa.Enum("online", "in_person", name="mode", native_enum=False, length=30), nullable=False),
        sa.Column("arrival", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_sign_ups_event_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sign_ups_person_id")),
        sa.ForeignKeyConstraint(["registration_id"], ["registrations.id"], name=op.f("fk_sign_ups_registration_id")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_sign_ups_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ups")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sign_ups_public_id")),
        sa.UniqueConstraint("session_id", "registration_id", name=op.f("uq_sign_ups_session_id_registration_id")),
    )
    op.create_index("ix_sign_ups_event_id", "sign_ups", ["event_id"])
    op.create_index("ix_sign_ups_person", "sign_ups", ["person_id", "event_id"])
    op.create_index("ix_sign_ups_queue", "sign_ups", ["session_id", "mode", "state", "arrival"])
    op.create_index("ix_sign_ups_registration_id", "sign_ups", ["registration_id"])

    op.create_table(
        "attendance_records",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("registration_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "match",
            sa.Enum("email", "name", "organiser", "unsure", "nobody", name="match", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("minutes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stays", sa.JSON(), nullable=False),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_attendance_records_minutes_not_negative")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_attendance_records_registration_id")
        ),
        sa.ForeignKeyConstraint(["report_id"], ["attendance_reports.id"], name=op.f("fk_attendance_records_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_records")),
        sa.UniqueConstraint("public_id", name=op.f("uq_attendance_records_public_id")),
    )
    op.create_index("ix_attendance_records_match", "attendance_records", ["report_id", "match", "id"])
    op.create_index("ix_attendance_records_registration", "attendance_records", ["registration_id", "report_id"])

    op.create_table(
        "draft_contributions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("draft_session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("speaker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "presenter", "panellist", "chair", "facilitator", name="contributionrole", native_enum=False, length=30
            ),
            nullable=False,
        ),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "answer",
            sa.Enum("not_asked", "asked", "confirmed", "declined", name="speakeranswer", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "speaker_id IS NOT NULL OR organisation_id IS NOT NULL", name=op.f("ck_draft_contributions_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["draft_session_id"], ["draft_sessions.id"], name=op.f("fk_draft_contributions_draft_session_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_draft_contributions_organisation_id")
        ),
        sa.ForeignKeyConstraint(["speaker_id"], ["speakers.id"], name=op.f("fk_draft_contributions_speaker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_contributions")),
        sa.UniqueConstraint(
            "draft_session_id",
            "speaker_id",
            "organisation_id",
            "role",
            name=op.f("uq_draft_contributions_draft_session_id_speaker_id_organisation_id_role"),
        ),
    )
    op.create_index("ix_draft_contributions_organisation_id", "draft_contributions", ["organisation_id"])
    op.create_index("ix_draft_contributions_speaker_id", "draft_contributions", ["speaker_id"])

    op.create_table(
        "draft_session_themes",
        sa.Column("draft_session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("theme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_session_id"], ["draft_sessions.id"], name=op.f("fk_draft_session_themes_draft_session_id")
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_draft_session_themes_theme_id")),
        sa.PrimaryKeyConstraint("draft_session_id", "theme_id", name=op.f("pk_draft_session_themes")),
    )
    op.create_index("ix_draft_session_themes_theme_id", "draft_session_themes", ["theme_id"])

    op.add_column("contributions", sa.Column("job_title", sa.String(length=200), server_default="", nullable=False))

    op.add_column("event_days", sa.Column("check_in_code", sa.String(length=8), nullable=True))

    with op.batch_alter_table("event_questions") as batch:
        batch.add_column(
            sa.Column("depends_on_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch.add_column(sa.Column("depends_on_values", sa.JSON(), server_default="[]", nullable=False))
        batch.add_column(sa.Column("for_organisers", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch.add_column(
            sa.Column(
                "version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), server_default="1", nullable=False
            )
        )
        batch.create_foreign_key(
            batch.f("fk_event_questions_depends_on_id"), "event_questions", ["depends_on_id"], ["id"]
        )

    op.add_column(
        "events",
        sa.Column(
            "admission",
            sa.Enum("anyone", "domains", "programme", "invitation", name="admission", native_enum=False, length=30),
            server_default="anyone",
            nullable=False,
        ),
    )
    op.add_column("events", sa.Column("admitted_domains", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("events", sa.Column("joining_url", sa.String(length=500), server_default="", nullable=False))
    op.add_column("events", sa.Column("joining_from", sa.DateTime(timezone=True), nullable=True))

    op.add_column("programmes", sa.Column("email_domains", sa.JSON(), server_default="[]", nullable=False))

    op.add_column("sessions", sa.Column("takes_sign_ups", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("sessions", sa.Column("joining_instructions", sa.Text(), server_default="", nullable=False))
    op.add_column("sessions", sa.Column("joining_url", sa.String(length=500), server_default="", nullable=False))
    op.add_column("sessions", sa.Column("is_not_recorded", sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table("speakers") as batch:
        batch.add_column(sa.Column("photo_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch.add_column(sa.Column("photo_alt", sa.String(length=300), server_default="", nullable=False))
        batch.add_column(sa.Column("links", sa.JSON(), server_default="[]", nullable=False))
        batch.add_column(
            sa.Column("merged_into_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch.add_column(
            sa.Column(
                "version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), server_default="1", nullable=False
            )
        )
        batch.create_foreign_key(batch.f("fk_speakers_merged_into_id"), "speakers", ["merged_into_id"], ["id"])
        batch.create_foreign_key(batch.f("fk_speakers_photo_id"), "files", ["photo_id"], ["id"])

    _draft_what_is_released(op.get_bind())


def _draft_what_is_released(connection):
    """Make the draft agenda of each event that has sessions: the same, so that organisers go on from it."""
    events = [row[0] for row in connection.execute(sa.text("SELECT DISTINCT event_id FROM sessions ORDER BY event_id"))]
    _insert(
        connection,
        "INSERT INTO agenda_drafts (event_id, version, released_version, changed_at)"
        " SELECT id, 1, 1, updated_at FROM events WHERE id = :event",
        [{"event": event} for event in events],
    )
    rooms = connection.execute(
        sa.text(
            "SELECT DISTINCT event_id, substr(room, 1, 120) AS name FROM sessions WHERE room <> '' ORDER BY event_id, name"
        )
    ).all()
    _insert(
        connection,
        "INSERT INTO rooms (public_id, event_id, name, position) VALUES (:public_id, :event, :name, :position)",
        [
            {
                "public_id": "".join(secrets.choice(ALPHABET) for _ in range(12)),
                "event": event,
                "name": name,
                "position": position,
            }
            for position, (event, name) in enumerate(rooms, start=1)
        ],
    )
    connection.execute(
        sa.text(
            "INSERT INTO draft_streams (public_id, event_id, stream_id, name, position)"
            " SELECT public_id, event_id, id, name, position FROM streams"
        )
    )
    connection.execute(
        sa.text(
            "INSERT INTO draft_sessions (public_id, event_id, session_id, day_id, stream_id, room_id, position, kind,"
            " state, title, summary, description, language, starts, ends, minutes, takes_sign_ups,"
            " joining_instructions, joining_url, is_not_recorded, notes, technical_needs, version, created_at,"
            " updated_at)"
            " SELECT s.public_id, s.event_id, s.id, s.day_id, d.id, r.id, s.position, s.kind, s.state, s.title,"
            " s.summary, s.description, s.language, s.starts, s.ends, 45, :no, '', '', :no, '', '', 1, s.created_at,"
            " s.updated_at FROM sessions s LEFT JOIN draft_streams d ON d.stream_id = s.stream_id"
            " LEFT JOIN rooms r ON r.event_id = s.event_id AND r.name = substr(s.room, 1, 120)"
        ).bindparams(sa.bindparam("no", False, sa.Boolean()))
    )
    connection.execute(
        sa.text(
            "INSERT INTO draft_contributions (draft_session_id, speaker_id, organisation_id, role, position, answer)"
            " SELECT d.id, c.speaker_id, c.organisation_id, c.role, c.position, 'not_asked'"
            " FROM contributions c JOIN draft_sessions d ON d.session_id = c.session_id"
        )
    )
    connection.execute(
        sa.text(
            "INSERT INTO draft_session_themes (draft_session_id, theme_id)"
            " SELECT d.id, t.theme_id FROM session_themes t JOIN draft_sessions d ON d.session_id = t.session_id"
        )
    )


def _insert(connection, statement, rows):
    if rows:
        connection.execute(sa.text(statement), rows)


def downgrade():
    # What the older program does not know would stop it.
    op.execute("DELETE FROM grants WHERE role IN ('agenda', 'check_in', 'reader')")
    op.execute("UPDATE event_questions SET kind = 'short_text' WHERE kind IN ('number', 'date', 'consent')")
    outbox = sa.table("outbox", sa.column("notice"), sa.column("state"))
    on_their_way = outbox.c.notice.in_(NOTICES) & outbox.c.state.in_(("waiting", "sending", "deferred", "held"))
    op.execute(outbox.update().where(on_their_way).values(state="cancelled"))
    # What it would show or give to everybody that was for some: answers of organisers, and places of admitted people.
    op.execute("UPDATE event_questions SET retired_at = CURRENT_TIMESTAMP WHERE for_organisers AND retired_at IS NULL")
    op.execute("UPDATE events SET takes_registrations = false WHERE admission <> 'anyone'")
    # The counts of sign-ups, which go with the sign-ups.
    op.execute("DELETE FROM places WHERE session_id IS NOT NULL")
    with op.batch_alter_table("speakers") as batch:
        batch.drop_constraint(batch.f("fk_speakers_photo_id"), type_="foreignkey")
        batch.drop_constraint(batch.f("fk_speakers_merged_into_id"), type_="foreignkey")
        batch.drop_column("version")
        batch.drop_column("merged_into_id")
        batch.drop_column("links")
        batch.drop_column("photo_alt")
        batch.drop_column("photo_id")

    op.drop_column("sessions", "is_not_recorded")
    op.drop_column("sessions", "joining_url")
    op.drop_column("sessions", "joining_instructions")
    op.drop_column("sessions", "takes_sign_ups")

    op.drop_column("programmes", "email_domains")

    op.drop_column("events", "joining_from")
    op.drop_column("events", "joining_url")
    op.drop_column("events", "admitted_domains")
    op.drop_column("events", "admission")

    with op.batch_alter_table("event_questions") as batch:
        batch.drop_constraint(batch.f("fk_event_questions_depends_on_id"), type_="foreignkey")
        batch.drop_column("version")
        batch.drop_column("for_organisers")
        batch.drop_column("depends_on_values")
        batch.drop_column("depends_on_id")

    op.drop_column("event_days", "check_in_code")

    op.drop_column("contributions", "job_title")

    op.drop_table("draft_session_themes")

    op.drop_table("draft_contributions")

    op.drop_table("attendance_records")

    op.drop_table("sign_ups")

    op.drop_table("draft_sessions")

    op.drop_table("attendance_reports")

    op.drop_table("registration_tags")

    op.drop_table("registration_notes")
    op.drop_table("invitees")

    op.drop_table("import_rows")

    op.drop_table("draft_streams")

    op.drop_table("check_ins")

    op.drop_table("speaker_invitations")
    op.drop_table("rooms")

    op.drop_table("imports")

    op.drop_table("attachments")
    op.drop_table("agenda_releases")
    op.drop_table("agenda_drafts")

    op.drop_table("speaker_aliases")
    op.drop_table("files")
    op.drop_index("ix_activity_event_kind", table_name="activity")
    op.drop_index("ix_activity_event", table_name="activity")
    op.create_index("ix_activity_event", "activity", ["event_id", "id"])
