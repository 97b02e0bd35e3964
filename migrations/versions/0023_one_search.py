"""one search over passages of all that can be found"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FOLDED = sa.String(20).with_variant(sa.String(20, collation="C"), "postgresql")
WORDS = sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql")

# Of the field, as its public documents write them; organisers add to them and take away.
ABBREVIATIONS = (
    ("ADCS", "Association of Directors of Children’s Services"),
    ("CIN", "child in need"),
    ("CPD", "continuing professional development"),
    ("CSC", "children’s social care"),
    ("DfE", "Department for Education"),
    ("DLUHC", "Department for Levelling Up, Housing and Communities"),
    ("FFCP", "Families First for Children pathfinder"),
    ("FGC", "family group conference"),
    ("FGC", "family group conferencing"),
    ("FGDM", "family group decision making"),
    ("FHLP", "family help lead practitioner"),
    ("FNSP", "family network support package"),
    ("LCPP", "lead child protection practitioner"),
    ("MACPT", "multi-agency child protection team"),
    ("MASA", "multi-agency safeguarding arrangements"),
    ("NWD", "No Wrong Door"),
    ("PSW", "principal social worker"),
    ("SCIE", "Social Care Institute for Excellence"),
    ("SFPC", "Strengthening Families, Protecting Children"),
    ("VCSE", "voluntary, community and social enterprise"),
    ("WWCSC", "What Works for Children’s Social Care"),
)
ALPHABET = "23456789bcdfghjkmnpqrstvwxyz"


def upgrade():
    op.create_table(
        "passages",
        sa.Column("place", BIG, nullable=False, autoincrement=False),
        sa.Column("source", sa.String(30), nullable=False),
        sa.Column("source_id", BIG, nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("thing_id", BIG, nullable=False),
        sa.Column("part", BIG, nullable=False),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("slug", sa.String(120), nullable=False),
        sa.Column("parent_public_id", sa.String(12), nullable=False),
        sa.Column("parent_slug", sa.String(120), nullable=False),
        sa.Column("event_id", BIG, nullable=True),
        sa.Column("programme_id", BIG, nullable=True),
        sa.Column("is_private", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("words", WORDS, nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_passages")),
        sa.UniqueConstraint("kind", "thing_id", "part", name=op.f("uq_passages_kind_thing_id_part")),
    )
    op.create_index(op.f("ix_passages_source"), "passages", ["source", "source_id", "place"])
    op.create_table(
        "known_words",
        sa.Column("id", BIG, nullable=False),
        sa.Column("word", sa.String(60).with_variant(sa.String(60, collation="C"), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_words")),
    )
    op.create_index(op.f("ix_known_words_word"), "known_words", ["word"])
    long = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
    op.create_table(
        "search_abbreviations",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("short", sa.String(20), nullable=False),
        sa.Column("short_folded", FOLDED, nullable=False),
        sa.Column("long", sa.String(200), nullable=False),
        sa.Column("long_folded", long, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_abbreviations")),
        sa.UniqueConstraint("public_id", name=op.f("uq_search_abbreviations_public_id")),
        sa.UniqueConstraint(
            "short_folded", "long_folded", name=op.f("uq_search_abbreviations_short_folded_long_folded")
        ),
    )
    if op.get_context().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE passage_index USING fts5"
            "(words, content='passages', content_rowid='place', tokenize='ascii', columnsize=0)"
        )
        op.execute(
            "CREATE TRIGGER passages_added AFTER INSERT ON passages BEGIN"
            " INSERT INTO passage_index (rowid, words) VALUES (new.place, new.words); END"
        )
        op.execute(
            "CREATE TRIGGER passages_removed AFTER DELETE ON passages BEGIN"
            " INSERT INTO passage_index (passage_index, rowid, words) VALUES ('delete', old.place, old.words); END"
        )
    else:
        op.create_index(
            op.f("ix_passages_words"),
            "passages",
            ["words"],
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
        )
    _fill_abbreviations()


def downgrade():
    if op.get_context().dialect.name == "sqlite":
        op.execute("DROP TABLE passage_index")
    op.drop_table("search_abbreviations")
    op.drop_table("known_words")
    op.drop_table("passages")


def _fill_abbreviations():
    rows = sa.table(
        "search_abbreviations",
        *(sa.column(name) for name in ("public_id", "short", "short_folded", "long", "long_folded", "version")),
        sa.column("created_at", sa.DateTime(timezone=True)),
        sa.column("updated_at", sa.DateTime(timezone=True)),
    )
    # The day on which this step was written, since none of them was made by anybody at any time.
    at = datetime(2026, 11, 29, tzinfo=UTC)
    op.bulk_insert(
        rows,
        [
            {
                "public_id": _public_id(number),
                "short": short,
                "short_folded": short.lower(),
                "long": long,
                "long_folded": long.lower().replace("’", "'"),
                "version": 1,
                "created_at": at,
                "updated_at": at,
            }
            for number, (short, long) in enumerate(ABBREVIATIONS)
        ],
    )


def _public_id(number):
    # Nothing is hidden behind these, so they may be guessed; they only must not be given to two.
    return "bbbbbbbbbb" + ALPHABET[number // len(ALPHABET)] + ALPHABET[number % len(ALPHABET)]
