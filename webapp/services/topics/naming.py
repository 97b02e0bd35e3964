"""Whom a post mentions and which posts it quotes, kept as rows that say so."""

from webapp.extensions import db
from webapp.formats import posts
from webapp.models.topics import Post, PostMention, PostQuotation
from webapp.queries import topics as queries


def note_names(post: Post) -> None:
    """Let the rows say what the words of a locked post say: whom it mentions, and which posts it quotes."""
    forget_names(post)
    people = queries.people_by_handle(posts.mentions(post.body))
    db.session.add_all(PostMention(post_id=post.id, person_id=one.person_id) for one in people)
    quoted = queries.post_ids(posts.quoted_posts(post.body))
    db.session.add_all(PostQuotation(post_id=post.id, quoted_post_id=one) for one in quoted if one != post.id)
    db.session.flush()


def forget_names(post: Post) -> None:
    """Take these rows of a locked post away; those of passages of transcripts stay."""
    for row in queries.names_in(post.id):
        db.session.delete(row)
    db.session.flush()
