"""Published resources in lists: filtered, in an order, page by page."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, extract, func, select
from sqlalchemy.orm import joinedload, selectinload

from webapp.extensions import db
from webapp.models.library import (
    Collection,
    Resource,
    ResourceKind,
    ResourceOrganisation,
    listed,
    resource_themes,
)
from webapp.models.organisations import Organisation
from webapp.models.programmes import Programme, Theme
from webapp.models.search import SearchKind
from webapp.queries.paging import Page, nearest
from webapp.queries.search import condition, matching_ids

PAGE_SIZE = 20
COUNTED = 1000
OFFERED = 500


@dataclass(frozen=True, kw_only=True)
class ResourceFilter:
    """What somebody looks for in the library; programme, theme and organisation by their public ids."""

    text: str = ""
    kind: ResourceKind | None = None
    programme: str = ""
    theme: str = ""
    organisation: str = ""
    year: int | None = None
    by_title: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether it asks for all there is."""
        return self == ResourceFilter(by_title=self.by_title)


def find_resources(wanted: ResourceFilter, *, page: int) -> Page[Resource]:
    """Published resources with what a list shows, the last added first or by title; 20 a page, counted to 1,000."""
    statement = _filtered(wanted)
    counted = select(func.count()).select_from(statement.with_only_columns(Resource.id).limit(COUNTED + 1).subquery())
    total = db.session.scalar(counted) or 0
    more, total = total > COUNTED, min(total, COUNTED)
    number = nearest(page, total, PAGE_SIZE)
    if not total:
        return Page([], number, PAGE_SIZE, 0)
    ordered = (
        statement.order_by(Resource.title_sort, Resource.id)
        if wanted.by_title
        else statement.order_by(Resource.added_at.desc(), Resource.id.desc())
    )
    shown = shown_in_lists(ordered.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))
    return Page(list(db.session.scalars(shown)), number, PAGE_SIZE, total, more)


def shown_in_lists(statement: Select[Resource]) -> Select[Resource]:
    """The same with all that a list shows of each resource, by as many statements however many there are."""
    return statement.options(
        joinedload(Resource.programme),
        selectinload(Resource.authors),
        selectinload(Resource.publishers).joinedload(ResourceOrganisation.organisation),
    )


def _filtered(wanted: ResourceFilter) -> Select[Resource]:
    statement = select(Resource).where(listed(Resource))
    if wanted.kind:
        statement = statement.where(Resource.kind == wanted.kind)
    if wanted.programme:
        chosen = select(Programme.id).where(Programme.public_id == wanted.programme).scalar_subquery()
        statement = statement.where(Resource.programme_id == chosen)
    if wanted.theme:
        with_theme = select(resource_themes.c.resource_id).join(Theme, Theme.id == resource_themes.c.theme_id)
        statement = statement.where(Resource.id.in_(with_theme.where(Theme.public_id == wanted.theme)))
    if wanted.organisation:
        by_it = select(ResourceOrganisation.resource_id).join(ResourceOrganisation.organisation)
        statement = statement.where(Resource.id.in_(by_it.where(Organisation.public_id == wanted.organisation)))
    if wanted.year:
        first, last = date(wanted.year, 1, 1), date(wanted.year, 12, 31)
        statement = statement.where(Resource.published_on >= first, Resource.published_on <= last)
    return statement.where(with_words(wanted.text)) if wanted.text else statement


def with_words(text: str) -> ColumnElement[bool]:
    """The condition that a resource has, for each word typed, a word beginning with it."""
    thing_id = Resource.__table__.c.id
    ids = matching_ids(SearchKind.RESOURCE, 0, text)
    return condition(SearchKind.RESOURCE, 0, text, thing_id) if ids is None else thing_id.in_(ids)


def newest_resources(limit: int) -> list[Resource]:
    """The published resources that were added last, the last one first, with what a list shows of each."""
    statement = select(Resource).where(listed(Resource)).order_by(Resource.added_at.desc(), Resource.id.desc())
    return list(db.session.scalars(shown_in_lists(statement.limit(limit))))


def newest_titles(limit: int, *, programme_id: int | None = None) -> list[Resource | Collection]:
    """The published resources, and then collections, added last, of a programme or all: so many of each at most."""
    found: list[Resource | Collection] = []
    models: tuple[type[Resource | Collection], ...] = (Resource, Collection)
    for model in models:
        statement = select(model).where(listed(model)).order_by(model.added_at.desc(), model.id.desc())
        if programme_id is not None:
            statement = statement.where(model.programme_id == programme_id)
        found += db.session.scalars(statement.limit(limit))
    return found


def organisations_listed() -> list[Organisation]:
    """The organisations behind published resources by name, 500 at most."""
    of_some = select(ResourceOrganisation.organisation_id).join(ResourceOrganisation.resource).where(listed(Resource))
    statement = select(Organisation).where(Organisation.id.in_(of_some))
    return list(db.session.scalars(statement.order_by(Organisation.name_folded).limit(OFFERED)))


def years_listed() -> list[int]:
    """The years in which published resources were made public, the last one first."""
    year = extract("year", Resource.published_on)
    statement = select(year).where(listed(Resource), Resource.published_on.is_not(None)).distinct()
    return sorted((int(found) for found in db.session.scalars(statement)), reverse=True)
