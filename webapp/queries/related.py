"""What stands beside a topic: others like it in communities that one reads, and what was written and said elsewhere."""

from itertools import combinations
from typing import NamedTuple

from sqlalchemy import select

from webapp.extensions import db
from webapp.models.accounts import Viewer, Visitor
from webapp.models.communities import Community
from webapp.models.passages import PassageKind
from webapp.models.topics import Topic
from webapp.queries import passages
from webapp.queries.communities import readable
from webapp.queries.passages import Hit
from webapp.queries.topics import seen_by
from webapp.searching import Question, Together, stems, vocabulary

LOOKED_AT = 60
# Of one transcript many may be the newest.
PASSAGES_LOOKED_AT = 20
MOST_TOPICS = 5
MOST_PASSAGES = 4
_MOST_WORDS = 6


class Named(NamedTuple):
    """What an address is made of."""

    slug: str
    public_id: str


class Like(NamedTuple):
    """A topic like another, and the community in which it stands."""

    likeness: int
    public_id: str
    slug: str
    title: str
    is_answered: bool
    community: Named
    community_name: str


def related_topics(topic: Topic, *, viewer: Viewer | Visitor) -> list[Like]:
    """Up to five topics like this one, the likest first: of its theme wherever the viewer reads, else of its community.

    Those with the newest posts are looked at, sixty of them; what is like is told by the words of their titles.
    """
    wanted = Topic.community_id == topic.community_id
    if topic.theme_id is not None:
        wanted = Topic.theme_id == topic.theme_id
    newest = (
        select(Topic.id)
        .where(wanted, seen_by(None, moderates=False), Topic.merged_into_id.is_(None), Topic.id != topic.id)
        .order_by(Topic.last_post_at.desc(), Topic.id.desc())
        .limit(LOOKED_AT)
    )
    statement = (
        select(Topic.public_id, Topic.slug, Topic.title, Topic.accepted_number)
        .add_columns(Community.slug, Community.public_id, Community.name)
        .join(Topic.community)
        .where(Topic.id.in_(newest), readable(viewer))
        .order_by(Topic.last_post_at.desc(), Topic.id.desc())
    )
    words = _words(topic.title)
    found = [
        Like(len(words & _words(title)), public_id, slug, title, accepted is not None, Named(*its), name)
        for public_id, slug, title, accepted, *its, name in db.session.execute(statement)
    ]
    # Of no theme, what has no word of the title is not like it. The newest come first among those that are as like.
    alike = [one for one in found if one.likeness or topic.theme_id is not None]
    return sorted(alike, key=lambda one: -one.likeness)[:MOST_TOPICS]


def passages_beside(topic: Topic, *, viewer: Viewer | Visitor) -> list[Hit]:
    """Up to four passages of articles and transcripts on the topic's theme that say two words of its title.

    Of each transcript one at most; nothing of a topic that has no theme, and nothing that the viewer may not see.
    """
    if topic.theme_id is None:
        return []
    hits = passages.find_beside(like(topic.title), topic.theme_id, viewer=viewer, most=PASSAGES_LOOKED_AT)
    by_whole = {(hit.kind, hit.parent_public_id or hit.public_id): hit for hit in reversed(hits)}
    found = sorted(by_whole.values(), key=hits.index)
    return [
        hit
        for kind in (PassageKind.ARTICLE, PassageKind.TURN)
        for hit in [one for one in found if one.kind is kind][: MOST_PASSAGES // 2]
    ]


def like(title: str) -> Question:
    """The question for what says two of the words of a title that count, or the one that there is."""
    counting = sorted(vocabulary(title), key=lambda word: (-len(word), word))[:_MOST_WORDS]
    its = [found[0] for found in (stems(word) for word in counting) if found]
    pairs: list[Together] = [((one,), (other,)) for one, other in combinations(dict.fromkeys(its), 2)]
    ways = tuple(pairs) or tuple(((one,),) for one in its)
    return Question(title, (ways,) if ways else ())


def _words(title: str) -> set[str]:
    return set(stems(" ".join(vocabulary(title))))
