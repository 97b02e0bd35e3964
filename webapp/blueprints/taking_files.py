"""Files that forms take: each is kept as soon as it could be taken, so that it need not be sent again."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from wtforms import HiddenField, ValidationError

from webapp import clock
from webapp.blueprints.downloads import files_folder
from webapp.blueprints.forms import Form
from webapp.errors import NotFound
from webapp.formats.documents import UnusableDocumentError, document_type, safe_name
from webapp.services import files


@dataclass(frozen=True)
class Kept:
    """A file that lies in the folder, the name under which it is sent, and what proves that it was sent."""

    receipt: str
    written: files.Written
    filename: str


def title_from(filename: str) -> str:
    """The title that the name of a file makes."""
    return filename.rpartition(".")[0].replace("_", " ").strip() or filename


class KeepingForm(Form):
    """A form with files, which keeps those that could be taken while something else in it is mended."""

    # Browsers let go of chosen files when the form comes back: what was taken of them lies here, and this says which.
    taken = HiddenField()

    largest = 50 * 1024 * 1024
    most = 10
    thing = ""
    holder = ""
    _known: tuple[str, list[Kept]] = ("", [])

    def held_by(self, thing: str, holder: str) -> Self:
        """The public id of what files are taken for, and by whom: only they can go on with them."""
        self.thing, self.holder = thing, holder
        return self

    @property
    def kept(self) -> list[Kept]:
        """The files that were taken, this time or before, as far as the page proves that they were."""
        carried = self.taken.data or ""
        if self._known[0] != carried:
            self._known = carried, self._proven(carried)
        return self._known[1]

    def keep(self, given: Any) -> Kept:
        """Read a file that was sent, and put it into the folder; UnusableDocumentError says what we do not take."""
        content = given.read(self.largest + 1)
        if len(content) > self.largest:
            raise UnusableDocumentError(f"The file must be {self.largest // 1024 // 1024} MB or smaller")
        kind = document_type(content, given.filename)
        written = files.write(content, kind.media_type, folder=files_folder(), now=clock.now())
        return Kept(files.receipt(written, self.thing, self.holder), written, safe_name(given.filename, kind))

    def carry_on(self, kept: Sequence[Kept]) -> None:
        """Let the page carry these files."""
        carried = json.dumps([[one.receipt, one.filename] for one in kept]) if kept else ""
        self.taken.raw_data, self.taken.data = None, carried
        self._known = carried, list(kept)

    def _proven(self, carried: str) -> list[Kept]:
        try:
            rows = json.loads(carried or "[]")
            return [self._redeem(receipt, filename) for receipt, filename in rows[: self.most]]
        except (ValueError, TypeError, RecursionError, NotFound):
            return []

    def _redeem(self, receipt: str, filename: str) -> Kept:
        content = files.redeem(receipt, self.thing, self.holder, folder=files_folder())
        kind = document_type(content, filename)
        written = files.Written(digest=receipt[:64], media_type=kind.media_type, size=len(content))
        return Kept(receipt, written, safe_name(filename, kind))

    def take(self, given: Any, *, needed: bool = False) -> None:
        """Keep those of the files sent that can be; ValidationError says what is wrong with the others."""
        kept, problems = list(self.kept), []
        sent = [one for one in given or () if one and one.filename]
        if needed and not sent and not kept:
            raise ValidationError("Choose a file")
        if len(sent) + len(kept) > self.most:
            raise ValidationError(f"Choose {self.most} files or fewer at a time")
        for one in sent:
            try:
                kept.append(self.keep(one))
            except UnusableDocumentError as error:
                problems.append(f"“{one.filename[:100]}”: {error}" if len(sent) > 1 else str(error))
        self.carry_on(kept)
        if problems:
            raise ValidationError(" ".join(problems))
