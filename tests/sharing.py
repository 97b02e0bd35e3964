"""How tests are shared out to several processes: whole files, and those that share something costly together."""

from typing import Any

from xdist.scheduler import LoadScopeScheduling

# The running program with its browser, and the source as parsed, are each made once for all that look at them.
TOGETHER = ("tests/browser", "tests/house")
# What takes longest comes first, so that no process is left with much to do when the others have ended.
FIRST = ("tests/browser", "tests/test_outbox_bad_luck.py", "tests/house", "tests/queries/test_registrations.py",
         "tests/test_jobs.py", "tests/demonstration/test_load.py", "tests/blueprints/manage/test_letters.py",
         "tests/test_outbox.py")  # fmt: skip


class Sharing(LoadScopeScheduling):
    """Gives each process one file after another, so that what a file makes for all its tests is made once.

    The marks of pytest-xdist for this are lost without a word from pytest 9.2 on.
    """

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return next((folder for folder in TOGETHER if path.startswith(f"{folder}/")), path)

    def _assign_work_unit(self, node: Any) -> None:
        for scope in reversed(FIRST):
            if scope in self.workqueue:
                self.workqueue.move_to_end(scope, last=False)
        super()._assign_work_unit(node)
