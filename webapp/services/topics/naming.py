"""Whom a post mentions, and which posts and turns of transcripts it quotes, kept as rows that say so."""

from webapp.extensions import db
from webapp.formats import posts
from webapp.models.topics import Post, PostMention, PostQuotation
from webapp.queries import quotations
from webapp.queries import topics as queries


def note_names(post: Post) -> None:
    """Let the rows say what the words of a locked post say: whom it mentions, and what it quotes.

    Of one that said something else before, `forget_names` goes first.

    What is out of sight, or was taken out of a transcript, is quoted by nobody: such a quotation is taken out of the
    words.
    """
    quoted = posts.quoted_posts(post.body)
    for gone in quotations.lock_out_of_sight(quoted):
        post.body = posts.without_quotations(post.body, gone)
    turns = quotations.lock_quotable_turns(posts.quoted_turns(post.body))
    for public_id, stands in turns.items():
        if stands is None:
            post.body = posts.without_quotations(post.body, public_id)
    people = queries.people_by_handle(posts.mentions(post.body))
    db.session.add_all(PostMention(post_id=post.id, person_id=one.person_id) for one in people)
    ids = queries.post_ids(posts.quoted_posts(post.body)) if quoted else []
    db.session.add_all(PostQuotation(post_id=post.id, quoted_post_id=one) for one in ids if one != post.id)
    left = set(posts.quoted_turns(post.body)) if turns else set()
    noted = (one for public_id, one in turns.items() if one is not None and public_id in left)
    db.session.add_all(PostQuotation(post_id=post.id, turn_id=one) for one in noted)
    db.session.flush()


def forget_names(post: Post) -> None:
    """Take these rows of a locked post away."""
    for row in queries.names_in(post.id):
        db.session.delete(row)
    db.session.flush()
