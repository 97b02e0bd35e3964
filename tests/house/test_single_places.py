"""One commit, one clock, one place for each select: what may stand in one place only stands nowhere else."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.source import calls, dotted, modules
from webapp import revisions

pytestmark = pytest.mark.memory

CLOCKS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "datetime.datetime.now",
    "date.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
    "formatdate",
    "localtime",
    "uuid1",
    "func.now",
    "func.current_timestamp",
}


def _called(*folders: str) -> Iterator[tuple[str, str, str]]:
    for module in modules(*folders):
        for name, call in calls(module.tree):
            yield module.path, name, module.at(call)


def test_commit_stands_only_in_the_transaction() -> None:
    commits = [(path, place) for path, name, place in _called("webapp") if name.rpartition(".")[2] == "commit"]
    assert {path for path, _ in commits} == {"webapp/transaction.py"}, commits


def test_wall_clock_is_read_only_by_the_clock() -> None:
    read = {
        path
        for path, name, _ in _called("webapp", "config", "wsgi.py")
        if name in CLOCKS and not path.startswith("webapp/development/")
    }
    assert read == {"webapp/clock.py"}


def test_no_column_gives_itself_a_time() -> None:
    given = [
        module.at(node)
        for module in modules("webapp/models", "webapp/database.py", "migrations")
        for node in module.nodes
        if isinstance(node, ast.keyword) and node.arg in {"default", "onupdate", "server_default", "server_onupdate"}
        if re.search(r"now|today|CURRENT|utc", ast.unparse(node.value))
    ]
    assert given == []


def test_door_holds_no_select_and_no_session() -> None:
    door = ("webapp/blueprints", "webapp/access.py", "webapp/kept.py", "webapp/jobs.py", "webapp/cli.py")
    selects = [
        place for _, name, place in _called(*door) if name.rpartition(".")[2] in {"select", "scalars", "execute"}
    ]
    sessions = [
        module.at(node)
        for module in modules(*door)
        for node in module.nodes
        if isinstance(node, ast.Attribute) and dotted(node).startswith("db.")
    ]
    assert (selects, sessions) == ([], [])


def test_rows_are_added_and_deleted_only_in_rooms_that_may() -> None:
    writers = {
        path
        for path, name, _ in _called("webapp")
        if re.fullmatch(r"(db\.)?session\.(add|add_all|delete|flush|merge|begin_nested)", name)
    }
    assert {path for path in writers if not path.startswith(("webapp/services/", "webapp/demonstration/"))} == {
        "webapp/indexing.py",
        "webapp/outbox/posting.py",
        "webapp/transaction.py",
    }


def test_what_is_public_changes_row_by_row_so_that_kept_pages_hear_of_it() -> None:
    # A statement that changes many rows at once passes by the session, and with it webapp.revisions.
    public = {kind.__name__ for kind in revisions.PUBLIC}
    found = [
        module.at(node)
        for module in modules("webapp")
        for node in module.nodes
        if isinstance(node, ast.Call)
        if dotted(node.func).rpartition(".")[2] in {"update", "delete"} and node.args
        if dotted(node.args[0]).partition(".")[0] in public and module.path != "webapp/revisions.py"
    ]
    assert found == []


def test_queries_only_read() -> None:
    verbs = r"(^|\.)(insert|update|delete|add|add_all|flush|merge|insert_or)$"
    assert [place for _, name, place in _called("webapp/queries") if re.search(verbs, name)] == []


def test_nobody_but_the_queries_selects() -> None:
    exempt = (
        "webapp/queries/",
        "webapp/demonstration/",  # looks for what it loaded before
        "webapp/development/",  # select() on sockets
        "webapp/revisions.py",  # of the row that is being written
    )
    found = [
        place for path, name, place in _called("webapp") if name in {"select", "exists"} and not path.startswith(exempt)
    ]
    assert found == []


def test_letters_are_rendered_in_one_place() -> None:
    taken = {
        (module.path, alias.name)
        for module in modules("webapp/notices")
        for node in module.nodes
        if isinstance(node, ast.ImportFrom) and node.module == "flask"
        for alias in node.names
    }
    assert taken == {("webapp/notices/rendering.py", "current_app")}


def test_numbers_are_read_in_two_fields_only() -> None:
    # The field of WTForms takes what people type for a number of any size, and refuses it in words of its own.
    users = {path for path, name, _ in _called("webapp") if name.rpartition(".")[2] == "IntegerField"}
    heirs = {
        module.path
        for module in modules("webapp")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef) and "IntegerField" in {dotted(base) for base in node.bases}
    }
    assert (users, heirs) == (set(), {"webapp/blueprints/dates.py", "webapp/blueprints/forms.py"})
