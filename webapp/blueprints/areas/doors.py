"""The area that an address names, for everybody and for its own people; and who changed its profile meanwhile."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import access
from webapp.blueprints.addresses import Ref, put_right
from webapp.errors import Forbidden
from webapp.models.accounts import Person
from webapp.models.areas import Area
from webapp.queries import area_profiles as queries

Answer = str | Response | tuple[str, int]


def kept_area(ref: Ref, endpoint: str, **values: Any) -> Area:
    """The area, for who keeps its profile.

    Raises NotFound, and Forbidden with a sentence that says who does keep it.
    """
    found = queries.get_area(ref.public_id)
    if not access.may_keep_area(current_user, found):
        raise Forbidden(
            f"The profile of {found.name} is kept by its own people. Whoever leads it can let you join them."
        )
    put_right(ref, found, f".{endpoint}", area=found, **values)
    return found


def who_changed(area: Area, since: int, names: Mapping[str, str]) -> Callable[[str], str]:
    """Who changed a field last, since the version with this number; `names` says what a change calls a field."""
    changes = queries.versions_since(area.id, since)
    last = next((_named(one.changed_by) for one in changes if one.changed_by), "")

    def who(name: str) -> str:
        wanted = names.get(name, name)
        made = (one.changed_by for one in changes if wanted in one.content.get("said", {}))
        return next((_named(person) for person in made if person), last)

    return who


def _named(person: Person) -> str:
    return "you, in another window," if person.id == current_user.id else person.name
