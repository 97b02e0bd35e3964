"""the library: resources, collections, and what people save"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
SORT = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")


def id_():
    return sa.Column("id", NUMBER, nullable=False)


def public_id():
    return sa.Column("public_id", sa.String(length=12), nullable=False)


def number(name, *, nullable=False):
    return sa.Column(name, NUMBER, nullable=nullable)


def moment(name, *, nullable=False):
    return sa.Column(name, MOMENT, nullable=nullable)


def text(name, length=None):
    return sa.Column(name, sa.String(length=length) if length else sa.Text(), nullable=False)


def key(table, *columns):
    return sa.PrimaryKeyConstraint(*(columns or ("id",)), name=op.f(f"pk_{table}"))


def to(table, column, other, **more):
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), **more)


def unique(table, *columns):
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def index(table, column):
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def check(table, name, condition):
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def shelved():
    """What resources and collections have in common."""
    return (
        text("slug", 120),
        text("title", 200),
        sa.Column("title_sort", SORT, nullable=False),
        text("state", 30),
        moment("added_at", nullable=True),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        number("version"),
        number("programme_id"),
        moment("created_at"),
        moment("updated_at"),
    )


def upgrade():
    table = "resources"
    op.create_table(
        table,
        id_(),
        public_id(),
        *shelved(),
        text("kind", 30),
        text("summary", 500),
        text("description"),
        text("url", 2000),
        number("file_id", nullable=True),
        text("filename", 120),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("published_precision", sa.String(length=30), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        check(table, "leads_somewhere", "state = 'draft' OR url <> '' OR file_id IS NOT NULL"),
        check(table, "added_once_published", "state = 'draft' OR added_at IS NOT NULL"),
        check(table, "dated_in_full_or_not", "(published_on IS NULL) = (published_precision IS NULL)"),
        to(table, "programme_id", "programmes"),
        to(table, "file_id", "files"),
        key(table),
        unique(table, "public_id"),
    )
    index(table, "file_id")
    op.create_index("ix_resources_newest", table, ["state", "added_at", "id"])
    op.create_index("ix_resources_by_title", table, ["state", "title_sort", "id"])
    op.create_index("ix_resources_programme", table, ["programme_id", "id"])

    for other in ("theme", "session"):
        table = f"resource_{other}s"
        op.create_table(
            table,
            number("resource_id"),
            number(f"{other}_id"),
            to(table, "resource_id", "resources"),
            to(table, f"{other}_id", f"{other}s"),
            key(table, "resource_id", f"{other}_id"),
        )
        index(table, f"{other}_id")

    table = "resource_authors"
    op.create_table(
        table,
        id_(),
        number("resource_id"),
        number("position"),
        text("name", 200),
        number("speaker_id", nullable=True),
        to(table, "resource_id", "resources"),
        # Of a speaker who is taken out the author stays, by name.
        to(table, "speaker_id", "speakers", ondelete="SET NULL"),
        key(table),
    )
    for column in ("resource_id", "speaker_id"):
        index(table, column)

    table = "resource_organisations"
    op.create_table(
        table,
        id_(),
        number("resource_id"),
        number("organisation_id"),
        number("position"),
        to(table, "resource_id", "resources"),
        to(table, "organisation_id", "organisations"),
        key(table),
        unique(table, "resource_id", "organisation_id"),
    )
    index(table, "organisation_id")

    table = "collections"
    op.create_table(
        table,
        id_(),
        public_id(),
        *shelved(),
        text("introduction"),
        check(table, "added_once_published", "state = 'draft' OR added_at IS NOT NULL"),
        to(table, "programme_id", "programmes"),
        key(table),
        unique(table, "public_id"),
    )
    op.create_index("ix_collections_programme", table, ["programme_id", "id"])

    table = "collection_items"
    op.create_table(
        table,
        id_(),
        number("collection_id"),
        number("resource_id"),
        number("position"),
        to(table, "collection_id", "collections"),
        to(table, "resource_id", "resources"),
        key(table),
        unique(table, "collection_id", "resource_id"),
    )
    index(table, "resource_id")

    table = "saved_items"
    op.create_table(
        table,
        id_(),
        public_id(),
        number("person_id"),
        text("thing_kind", 30),
        number("thing_id"),
        text("note"),
        moment("saved_at"),
        to(table, "person_id", "people"),
        key(table),
        unique(table, "public_id"),
        unique(table, "person_id", "thing_kind", "thing_id"),
    )
    op.create_index("ix_saved_items_newest", table, ["person_id", "saved_at", "id"])


def downgrade():
    # The program of that step has no words for what was done to them, and cannot read passages of these kinds.
    op.execute("DELETE FROM activity WHERE thing_kind IN ('resource', 'collection')")
    op.execute("DELETE FROM passages WHERE source IN ('resource', 'collection')")
    op.execute("DELETE FROM search_words WHERE kind = 'resource'")
    for table in (
        "saved_items",
        "collection_items",
        "collections",
        "resource_organisations",
        "resource_authors",
        "resource_sessions",
        "resource_themes",
        "resources",
    ):
        op.drop_table(table)
