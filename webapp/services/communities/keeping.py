"""Communities set up by those who look after a programme: what they are for, their rules and their categories."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update

from webapp.errors import DomainError, NotFound
from webapp.extensions import db
from webapp.folding import slug
from webapp.models.accounts import Actor, ThingKind
from webapp.models.communities import Category, Community, ConductRules, Openness
from webapp.models.topics import Topic
from webapp.queries import communities as queries
from webapp.services.activity import record

MOST_CATEGORIES = 30


@dataclass(frozen=True, kw_only=True)
class CommunityWords:
    """What a community is, and how it keeps itself: `wave_id`, `theme_id` and `is_group` say of what it is."""

    name: str
    summary: str = ""
    openness: Openness = Openness.PRIVATE
    wave_id: int | None = None
    theme_id: int | None = None
    is_group: bool = False
    first_posts_held: int = 0
    mail_without_content: bool = False
    child_lead_name: str = ""
    child_lead_email: str = ""


@dataclass(frozen=True, kw_only=True)
class CategoryWords:
    """What a category is called and for."""

    name: str
    summary: str = ""


class CommunityChanged(DomainError):
    """Somebody else changed the community meanwhile."""

    code = "community_changed"
    status = 409
    message = "Somebody else changed this community meanwhile. Look at how it stands, then change it again."


class CommunityRefused(DomainError):
    """What was asked for cannot be; the message says why."""

    code = "community_refused"
    status = 409


def create(programme_id: int, words: CommunityWords, *, actor: Actor, now: datetime) -> Community:
    """Set up a community of a programme, with nobody in it but those who belong by its wave or programme."""
    row = Community(programme_id=programme_id, slug=slug(words.name), created_at=now, updated_at=now, **vars(words))
    db.session.add(row)
    db.session.flush()
    record("community_created", ThingKind.COMMUNITY, row.id, actor=actor, now=now, name=row.name)
    return row


def change(community_id: int, words: CommunityWords, *, version: int, actor: Actor, now: datetime) -> Community:
    """Change what a community is; as it is already, nothing happens. Raises CommunityChanged, and CommunityRefused.

    A group stays one, and nothing else becomes one: people belong to it by name.
    """
    row = queries.lock_community(community_id)
    if all(getattr(row, name) == value for name, value in vars(words).items()):
        return row
    if row.version != version:
        raise CommunityChanged
    if row.is_group != words.is_group:
        raise CommunityRefused("A group stays a group, and a community of a programme becomes none.")
    opened = words.openness if words.openness is not row.openness else None
    for name, value in vars(words).items():
        setattr(row, name, value)
    row.slug, row.updated_at = slug(words.name), now
    row.version += 1
    facts: dict[str, Any] = {"openness": opened.value} if opened is not None else {}
    record("community_changed", ThingKind.COMMUNITY, row.id, actor=actor, now=now, **facts)
    db.session.flush()
    return row


def archive(community_id: int, *, actor: Actor, now: datetime) -> None:
    """Let nobody write there any more; it is read as before."""
    row = queries.lock_community(community_id)
    if row.archived_at is None:
        row.archived_at, row.updated_at = now, now
        record("community_archived", ThingKind.COMMUNITY, row.id, actor=actor, now=now)


def bring_back(community_id: int, *, actor: Actor, now: datetime) -> None:
    """Let people write there again."""
    row = queries.lock_community(community_id)
    if row.archived_at is not None:
        row.archived_at, row.updated_at = None, now
        record("community_brought_back", ThingKind.COMMUNITY, row.id, actor=actor, now=now)


def set_rules(community_id: int, body: str, *, number: int, actor: Actor, now: datetime) -> Community:
    """Put rules of conduct in force in the place of those of this number; everybody accepts them anew.

    The same words as before change nothing. Raises CommunityChanged when others are in force.
    """
    row = queries.lock_community(community_id)
    in_force = queries.find_rules(row.id, row.rules_number)
    if in_force is not None and in_force.body == body:
        return row
    if row.rules_number != number:
        raise CommunityChanged
    row.rules_number += 1
    rules = ConductRules(
        community_id=row.id, number=row.rules_number, body=body, made_at=now, made_by_id=actor.person_id
    )
    db.session.add(rules)
    row.updated_at = now
    record("rules_set", ThingKind.COMMUNITY, row.id, actor=actor, now=now, number=row.rules_number)
    db.session.flush()
    return row


def put_category(
    community_id: int, words: CategoryWords, *, public_id: str = "", actor: Actor, now: datetime
) -> Category:
    """Add a category at the end, or change the one of this public id; raises NotFound and CommunityRefused."""
    community = queries.lock_community(community_id)
    categories = queries.categories_of(community.id)
    found = next((one for one in categories if one.public_id == public_id), None)
    if public_id and found is None:
        raise NotFound
    named = slug(words.name)
    if any(one.slug == named and one is not found for one in categories):
        raise CommunityRefused("There is a category of this name already.")
    if found is None:
        if len(categories) >= MOST_CATEGORIES:
            raise CommunityRefused(f"A community has up to {MOST_CATEGORIES} categories.")
        place = max((one.position for one in categories), default=0) + 1
        found = Category(community_id=community.id, position=place)
        db.session.add(found)
    found.name, found.summary, found.slug = words.name, words.summary, named
    db.session.flush()
    about: dict[str, Any] = {"actor": actor, "now": now, "name": found.name}
    if public_id:
        record("category_changed", ThingKind.CATEGORY, found.id, **about)
    else:
        record("category_added", ThingKind.CATEGORY, found.id, **about)
    return found


def move_category(community_id: int, public_id: str, *, up: bool, actor: Actor, now: datetime) -> None:
    """Move a category by one place; the first goes no further up, the last no further down. Raises NotFound."""
    community = queries.lock_community(community_id)
    categories = queries.categories_of(community.id)
    place = next((no for no, one in enumerate(categories) if one.public_id == public_id), None)
    if place is None:
        raise NotFound
    other = place + (-1 if up else 1)
    if 0 <= other < len(categories):
        categories[place], categories[other] = categories[other], categories[place]
        for number, one in enumerate(categories, 1):
            one.position = number
        record("category_moved", ThingKind.CATEGORY, categories[other].id, actor=actor, now=now)
    db.session.flush()


def remove_category(community_id: int, public_id: str, *, actor: Actor, now: datetime) -> None:
    """Take a category away; its topics stand in none then. Raises NotFound."""
    community = queries.lock_community(community_id)
    found = next((one for one in queries.categories_of(community.id) if one.public_id == public_id), None)
    if found is None:
        raise NotFound
    db.session.execute(update(Topic).where(Topic.category_id == found.id).values(category_id=None))
    record("category_removed", ThingKind.CATEGORY, found.id, actor=actor, now=now, name=found.name)
    db.session.delete(found)
    db.session.flush()
