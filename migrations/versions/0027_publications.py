"""publications, their issues and articles"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def id_():
    return sa.Column("id", NUMBER, nullable=False)


def public_id():
    return sa.Column("public_id", sa.String(length=12), nullable=False)


def number(name, *, nullable=False):
    return sa.Column(name, NUMBER, nullable=nullable)


def moment(name, *, nullable=False):
    return sa.Column(name, MOMENT, nullable=nullable)


def text(name, length=None, *, nullable=False):
    return sa.Column(name, sa.String(length=length) if length else sa.Text(), nullable=nullable)


def json(name):
    return sa.Column(name, sa.JSON(), nullable=False)


def flag(name, **more):
    return sa.Column(name, sa.Boolean(), nullable=False, **more)


def key(table):
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def to(table, column, other, **more):
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), **more)


def unique(table, *columns):
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def index(table, column):
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def upgrade():
    table = "publications"
    op.create_table(
        table,
        id_(),
        public_id(),
        text("slug", 120),
        number("programme_id"),
        text("title", 200),
        text("description"),
        flag("demonstration"),
        number("version"),
        moment("created_at"),
        moment("updated_at"),
        to(table, "programme_id", "programmes"),
        key(table),
        unique(table, "public_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_publications_programme", table, ["programme_id", "id"])

    table = "issues"
    op.create_table(
        table,
        id_(),
        public_id(),
        text("slug", 120),
        number("publication_id"),
        number("number"),
        text("title", 200),
        text("season", 60),
        text("introduction"),
        text("acknowledgements"),
        json("key_messages"),
        text("state", 30),
        moment("publishes_at", nullable=True),
        text("zone", 60),
        flag("is_ahead", server_default=sa.false()),
        number("cover_id", nullable=True),
        text("cover_alt", 300, nullable=True),
        number("survey_id", nullable=True),
        number("source_id", nullable=True),
        text("source_name", 120),
        json("remarks"),
        number("version"),
        moment("created_at"),
        moment("updated_at"),
        sa.CheckConstraint(
            "state <> 'published' OR publishes_at IS NOT NULL", name=op.f("ck_issues_published_at_a_time")
        ),
        to(table, "publication_id", "publications"),
        to(table, "cover_id", "files"),
        # Of a survey that is deleted the issue stays.
        to(table, "survey_id", "surveys", ondelete="SET NULL"),
        to(table, "source_id", "files"),
        key(table),
        unique(table, "public_id"),
        unique(table, "publication_id", "number"),
        sqlite_autoincrement=True,
    )
    for column in ("cover_id", "survey_id", "source_id"):
        index(table, column)

    table = "articles"
    op.create_table(
        table,
        id_(),
        public_id(),
        text("slug", 120),
        number("issue_id"),
        number("position"),
        text("kind", 30),
        text("title", 200),
        text("standfirst"),
        text("body"),
        json("key_messages"),
        json("quotes"),
        number("last_quote"),
        number("last_figure"),
        text("state", 30),
        moment("publishes_at", nullable=True),
        flag("is_ahead", server_default=sa.false()),
        text("checked_by", 200),
        moment("checked_at", nullable=True),
        number("checked_version", nullable=True),
        number("version"),
        moment("created_at"),
        moment("updated_at"),
        sa.CheckConstraint(
            "state <> 'published' OR checked_at IS NOT NULL", name=op.f("ck_articles_checked_before_it_is_published")
        ),
        to(table, "issue_id", "issues"),
        key(table),
        unique(table, "public_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_articles_order", table, ["issue_id", "position", "id"])

    table = "article_themes"
    op.create_table(
        table,
        number("article_id"),
        number("theme_id"),
        to(table, "article_id", "articles", ondelete="CASCADE"),
        to(table, "theme_id", "themes"),
        sa.PrimaryKeyConstraint("article_id", "theme_id", name=op.f(f"pk_{table}")),
    )
    index(table, "theme_id")

    table = "article_authors"
    op.create_table(
        table,
        id_(),
        number("article_id"),
        number("position"),
        text("name", 200),
        text("role", 200),
        text("organisation_name", 200),
        number("speaker_id", nullable=True),
        number("organisation_id", nullable=True),
        to(table, "article_id", "articles", ondelete="CASCADE"),
        # Who is taken out as a speaker still wrote what they wrote.
        to(table, "speaker_id", "speakers", ondelete="SET NULL"),
        to(table, "organisation_id", "organisations"),
        key(table),
    )
    op.create_index("ix_article_authors_order", table, ["article_id", "position", "id"])
    for column in ("speaker_id", "organisation_id"):
        index(table, column)

    table = "figures"
    op.create_table(
        table,
        id_(),
        public_id(),
        number("article_id"),
        number("no"),
        number("file_id"),
        number("width"),
        number("height"),
        text("alt"),
        flag("is_decoration"),
        text("caption"),
        text("credit", 200),
        to(table, "article_id", "articles", ondelete="CASCADE"),
        to(table, "file_id", "files"),
        key(table),
        unique(table, "public_id"),
        unique(table, "article_id", "no"),
    )
    index(table, "file_id")

    table = "article_versions"
    op.create_table(
        table,
        id_(),
        number("article_id"),
        number("number"),
        moment("at"),
        number("by_id", nullable=True),
        json("said"),
        to(table, "article_id", "articles", ondelete="CASCADE"),
        to(table, "by_id", "people"),
        key(table),
        unique(table, "article_id", "number"),
    )
    index(table, "by_id")


def downgrade():
    for table in (
        "article_versions",
        "figures",
        "article_authors",
        "article_themes",
        "articles",
        "issues",
        "publications",
    ):
        op.drop_table(table)
    # The program of that step has no words for what was done to them, and cannot read passages of these kinds, nor what
    # somebody saved of them.
    op.execute("DELETE FROM passages WHERE source = 'issue'")
    op.execute("DELETE FROM saved_items WHERE thing_kind = 'article'")
    op.execute("DELETE FROM activity WHERE thing_kind IN ('publication', 'issue', 'article')")
