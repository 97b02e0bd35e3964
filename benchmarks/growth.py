"""What growth costs: each page with few events and registrations, and with very many, showing equal rows."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, product
from statistics import median
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from werkzeug.test import EnvironBuilder

from benchmarks import crowd
from benchmarks.crowd import TARGET, Made, Size
from benchmarks.figures import Figure, at_most
from benchmarks.run import Run
from benchmarks.servers import Installation
from webapp import kept, tokens
from webapp.blueprints.manage.forms import ORDERS
from webapp.folding import slug

FEW = Size(events=100, registrations=9_900)
MANY = Size(events=10_000, registrations=1_000_000)
QUICK = Size(events=1_000, registrations=100_000)
GOAL = 1.3
# An event that has been attended: a list of a hundred registrations, and so on up to a hundred thousand.
HUNDRED = Size(events=100, registrations=99 * crowd.PER_EVENT + 100, attended=True)
THOUSAND = Size(events=100, registrations=99 * crowd.PER_EVENT + 1_000, attended=True)
TEN_THOUSAND = Size(events=100, registrations=99 * crowd.PER_EVENT + 10_000, attended=True)
HUNDRED_THOUSAND = Size(events=100, registrations=99 * crowd.PER_EVENT + 100_000, attended=True)
GOAL_OF_LISTS = 1.5
Ask = Callable[[str, str], tuple[int, bytes]]


@dataclass(frozen=True)
class Asked:
    """One page: its group in the table, its name, who asks, and its address in a database of a given size."""

    group: str
    name: str
    address: Callable[[Made], str]
    who: str = ""


def measure(run: Run) -> Iterator[Figure]:
    """The figures of growth on each database: of each group of pages, the one to which growth does most."""
    many = QUICK if run.quick else MANY
    for database in run.databases:
        yield from _measure_lists(run, database)
        small, made_small = _filled(run, database, "few", FEW)
        large, made_large = _filled(run, database, "many", many)
        run.say(
            f"{database} holds {many.events:,} events and {many.registrations:,} registrations,"
            f" {many.on_target:,} of them on one event"
        )
        ratios: dict[str, dict[str, float]] = {}
        for page in pages():
            ratio, words = _compare(page, (small, made_small), (large, made_large), run.quick_or(5, 21))
            ratios.setdefault(page.group, {})[page.name] = ratio
            run.say(f"  {page.group}, {page.name}: {words}")
        for group, found in ratios.items():
            worst = max(found, key=lambda name: found[name])
            name = f"growth: {group}, {database} (of {len(found)}, worst: {worst})"
            yield at_most(name, found[worst], GOAL, "times the time with few")


def _measure_lists(run: Run, database: str) -> Iterator[Figure]:
    """What an organiser asks of one event, over 100 and over 100,000 registrations.

    Where a hundred do not fill the page as a hundred thousand do, they are compared with the fewest that do.
    """
    sizes = {"100": HUNDRED, "1000": THOUSAND, "10000": TEN_THOUSAND, "100000": HUNDRED_THOUSAND}
    *fewer, most = (_filled(run, database, name, size) for name, size in sizes.items())
    ratios: dict[str, dict[str, float]] = {}
    for page in of_one_event():
        full = Request(*most, page).send()[1]
        alike = (one for one in fewer if are_alike(Request(*one, page).send()[1], full))
        base = next(alike, fewer[-1])
        ratio, words = _compare(page, base, most, run.quick_or(5, 9))
        ratios.setdefault(page.group, {})[page.name] = ratio
        run.say(f"  {page.group}, {page.name}, over {base[1].size.on_target:,}: {words}")
    for group, found in ratios.items():
        worst = max(found, key=lambda name: found[name])
        name = f"growth: {group}, {database} (of {len(found)}, worst: {worst})"
        yield at_most(name, found[worst], GOAL_OF_LISTS, "times the time with the fewest that fill the page")


_TOLD = {"from": "day", "q": "words"}


def of_one_event() -> Iterator[Asked]:
    """Every two filters of the list with each order, pages of it, and the pages that count the whole event."""
    filters = {
        "state": ("confirmed", "waiting"),
        "sector": ("health",),
        "mode": ("online",),
        "organisation": (f"{crowd.PLACES[0]} {crowd.BODIES[0]}",),
        "tag": tuple(crowd.TAGS),
        "from": ("a day",),
        "q": ("council", "example council"),
    }
    single = [{name: value} for name, values in filters.items() for value in values]
    pairs = [one | two for one, two in combinations(single, 2) if one.keys() != two.keys()]
    for chosen, order in product([{}, *single, *pairs], ORDERS):
        told = ", ".join([*chosen.values(), f"sorted by {order}"])
        by = " and ".join(_TOLD.get(name, name) for name in chosen)
        yield Asked(f"a list by {by}" if by else "a list of all", told, _narrowed(chosen, order), "owner")
    largest = f"organisation={crowd.PLACES[0]} {crowd.BODIES[0]}&".replace(" ", "+")
    for query in ("", "sort=name&", "state=confirmed&", "sector=health&sort=name&", "tag=Dinner&", largest):
        for where, share in (("middle", 4), ("last", 1)):
            yield Asked("pages of a list", f"{where} page of {query or 'all'}", _page(query, share), "owner")
    yield Asked("numbers of an event", "overview", _of_event(""), "owner")
    yield Asked("numbers of an event", "organisations", _of_event("/organisations"), "owner")
    yield Asked("attendance of an event", "check-in", _of_event("/check-in"), "owner")
    for query in ("", "came=here", "came=missed", "sector=health", "q=council"):
        yield Asked("attendance of an event", query or "all", _of_event(f"/attendance?{query}"), "owner")


def _narrowed(chosen: dict[str, str], order: str) -> Callable[[Made], str]:
    def address(made: Made) -> str:
        day = crowd.day_after(made.now, -crowd.BUSIEST).isoformat()
        days = {"from": day, "to": day} if "from" in chosen else {}
        return _managed(urlencode(chosen | days | {"sort": order}))(made)

    return address


def _of_event(rest: str) -> Callable[[Made], str]:
    return lambda made: f"/manage{_target(rest)(made)}"


def pages() -> list[Asked]:
    """All that is asked for of an event to come, among few and many others."""
    return [*_lists(), *_of_the_event(), *_own(), *_organisers()]


def _lists() -> Iterator[Asked]:
    programme, rare_programme = crowd.public_id("pp", 1), crowd.public_id("pp", 3)
    theme, rare_theme = crowd.public_id("tt", 1), crowd.public_id("tt", 9)
    lists = {
        "to come": "",
        "past": "when=past",
        "common programme": f"programme={programme}",
        "rare programme": f"programme={rare_programme}",
        "common theme": f"theme={theme}",
        "rare theme": f"theme={rare_theme}",
        "common format": "format=online",
        "rare format": "format=hybrid",
        "past and theme": f"when=past&theme={theme}",
    }
    for name, query in lists.items():
        yield Asked("events page", name, _at(f"/events?{query}"))
    yield Asked("events page", "page far on", lambda made: f"/events?page={min(50, made.size.events // 2 // 20)}")
    yield Asked("events page", "from a date", lambda made: f"/events?from={crowd.day_after(made.now, 20)}")
    yield Asked("events page", "until a date", lambda made: f"/events?to={crowd.day_after(made.now, 590)}")
    searches = {
        "common word": "learning",
        "rare word": "zephyr",
        "common and rare word": "learning zephyr",
        "half a word": "lear",
        "no such word": "xylophone",
        "word in the past": "learning&when=past",
        "word and theme": f"learning&theme={theme}",
        "word and rare theme": f"learning&theme={rare_theme}",
    }
    for name, words in searches.items():
        yield Asked("text search on the events page", name, _at(f"/events?q={words.replace(' ', '+')}"))
    yield Asked("other public pages", "home", _at("/"))
    yield Asked("other public pages", "programmes", _at("/programmes"))
    yield Asked("other public pages", "programme", _at(f"/programmes/{slug('Kinship pilot')}-{rare_programme}"))
    yield Asked("other public pages", "suggested organisations", _at("/organisations/suggest?q=bak"))
    speaker = f"{slug(crowd.speaker_name(5))}-{crowd.public_id('ss', 5)}"
    yield Asked("other public pages", "speaker", _at(f"/speakers/{speaker}"))


def _of_the_event() -> Iterator[Asked]:
    for name, rest in (
        ("event", ""),
        ("agenda", "/agenda"),
        ("session", f"/sessions/session-3-{crowd.public_id('gg', 3)}"),
    ):
        yield Asked("pages of one event", name, _target(rest))
        yield Asked("pages of one event", f"{name}, signed in", _target(rest), "person")
    yield Asked("pages of one event", "calendar file", _target("/calendar.ics"))
    yield Asked("pages of one event", "joining", _target("/join"), "person")
    yield Asked("pages of one event", "registration form", _target("/register"))


def _own() -> Iterator[Asked]:
    yield Asked("one's own pages", "My events", _at("/my/events"), "person")
    yield Asked("one's own pages", "My agenda", _at("/my/agenda"), "person")
    yield Asked("one's own pages", "My agenda as a file", _at("/my/agenda.ics"), "person")
    yield Asked("one's own pages", "account", _at("/account"), "person")
    yield Asked("one's own pages", "a place", lambda _made: f"/registrations/{_link(1)}")
    yield Asked(
        "one's own pages", "first on the waiting list", lambda made: f"/registrations/{_link(made.first_waiting)}"
    )
    yield Asked(
        "one's own pages", "last on the waiting list", lambda made: f"/registrations/{_link(made.last_waiting)}"
    )


def _organisers() -> Iterator[Asked]:
    for who in ("owner", "organiser", "one"):
        yield Asked("organisers' events", f"seen by {who}", _at("/manage/events"), who)
    yield Asked("organisers' events", "last page", _at("/manage/events?page=100"), "owner")
    lists = {"as they came": ""}
    for order in ("arrival", "name", "organisation"):
        lists |= {f"by {order}": f"sort={order}", f"by {order}, last first": f"sort=-{order}"}
    lists |= {
        "confirmed": "state=confirmed",
        "waiting by name": "state=waiting&sort=name",
        "health by organisation": "sector=health&sort=organisation",
        "confirmed, health, by name": "state=confirmed&sector=health&sort=name",
    }
    for name, query in lists.items():
        yield Asked("registrations of an event", name, _managed(query), "owner")
    for name, query in (("", ""), (" by name", "sort=name&"), (" of those confirmed", "state=confirmed&")):
        for where, share in (("middle", 4), ("far", 2)):
            yield Asked("registrations of an event", f"page {where} on{name}", _page(query, share), "owner")
    yield Asked("registrations of an event", "one registration", _managed("", f"/{crowd.public_id('gg', 5)}"), "owner")
    yield Asked(
        "registrations of an event",
        "one who waits",
        lambda made: _managed("", f"/{crowd.public_id('gg', made.last_waiting - 1)}")(made),
        "owner",
    )
    searches = {
        "common word": "council",
        "rare word": "quentin",
        "common and rare word": "example xylander",
        "two common words": "example council",
        "half a word": "co",
        "common word by name": "council&sort=name",
        "common word, last first": "council&sort=-arrival",
        "common word of those waiting": "council&state=waiting&sort=name",
        "rare word of those confirmed": "quentin&state=confirmed",
        "no such word": "zzzz",
    }
    for name, words in searches.items():
        yield Asked("text search on an event's registrations", name, _managed(f"q={words.replace(' ', '+')}"), "owner")

    yield Asked(
        "text search on an event's registrations",
        "address",
        lambda made: _managed(f"q=person{made.size.people - 1}@example.org")(made),
        "owner",
    )


def _page(query: str, share: int) -> Callable[[Made], str]:
    """A full page, so far into the list of those confirmed or of all."""
    return lambda made: _managed(f"{query}page={made.size.on_target // 2 // crowd.PAGE // share * 2}")(made)


def _at(address: str) -> Callable[[Made], str]:
    return lambda _made: address


def _target(rest: str) -> Callable[[Made], str]:
    return lambda made: crowd.event_address(TARGET, made.size, made.now) + rest


def _managed(query: str, rest: str = "") -> Callable[[Made], str]:
    return lambda made: f"/manage{crowd.event_address(TARGET, made.size, made.now)}/registrations{rest}?{query}"


def _link(registration_id: int) -> str:
    return tokens.make("registration", crowd.public_id("gg", registration_id - 1), crowd.NONCE)


def _filled(run: Run, database: str, name: str, size: Size) -> tuple[Flask, Made]:
    installation = Installation(f"{name}-{database}", run.folder, run.database(name, database))
    app = installation.migrate()
    begin = time.monotonic()
    made = crowd.fill(app, size)
    run.say(f"{database} filled with {name} in {time.monotonic() - begin:.0f} s")
    return app, made


def _compare(page: Asked, few: tuple[Flask, Made], many: tuple[Flask, Made], rounds: int) -> tuple[float, str]:
    """How many times as long a page takes with many, each asked for in turn; and that in words."""
    requests = [Request(app, made, page) for app, made in (few, many)]
    times: list[list[float]] = [[], []]
    sizes = [request.send()[1] for request in requests]
    for number in range(rounds + 1):
        for place in (0, 1) if number % 2 else (1, 0):
            passed, _ = requests[place].send()
            if number:
                times[place].append(passed)
    # Slices of bad luck are longer than a request: the quicker half of each tells what it takes.
    quick = [median(sorted(found)[: len(found) // 2 + 1]) for found in times]
    ratio = quick[1] / quick[0]
    told = f"{quick[0] * 1e3:.1f} ms and {quick[1] * 1e3:.1f} ms, {ratio:.2f} times"
    if not are_alike(*sizes):
        told += f"; NOT EQUAL: {sizes[0]} and {sizes[1]} bytes"
    return ratio, told


def are_alike(one: int, other: int) -> bool:
    """Whether two pages are about as long."""
    return abs(other - one) <= 0.1 * one


class Request:
    """One request to an application in this process, sent without a client that would add its own time."""

    def __init__(self, app: Flask, made: Made, page: Asked) -> None:
        self.app = app
        with app.app_context():
            address = page.address(made)
        headers = {"Cookie": made.cookies[page.who]} if page.who else {}
        self.address = address
        self.environ = EnvironBuilder(
            address, base_url="https://waymark.example.org", headers=list(headers.items())
        ).get_environ()

    def send(self) -> tuple[float, int]:
        """Ask with nothing kept; gives the seconds and the length of the page. Raises ValueError unless it is 200."""
        kept.clear()
        status: list[str] = []

        def begin(given: str, _headers: Any, _error: Any = None, /) -> Callable[[bytes], object]:
            status.append(given)
            return lambda _bytes: None

        environ: dict[str, Any] = dict(self.environ)
        start = time.perf_counter()
        answer = self.app.wsgi_app(environ, begin)
        body = b"".join(answer)
        passed = time.perf_counter() - start
        if hasattr(answer, "close"):
            answer.close()
        if not status[0].startswith("200"):
            raise ValueError(f"{status[0]} at {self.address}: {body[:300]!r}")
        return passed, len(body)
