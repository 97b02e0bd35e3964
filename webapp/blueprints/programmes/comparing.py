"""The areas of a wave, or of two, beside one another: as a page for phones, screens and paper, and as files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Response, render_template, request

from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.answers import kept_page
from webapp.blueprints.programmes import bp
from webapp.errors import NotFound
from webapp.formats.prose import plain
from webapp.formats.spreadsheets import Cell, csv_bytes, xlsx_bytes
from webapp.kept import Page
from webapp.models.areas import Wave
from webapp.models.operations import FileType
from webapp.models.programmes import Programme
from webapp.queries import programmes as queries
from webapp.queries.comparison import Comparison, Said, compare
from webapp.queries.revisions import site_revision
from webapp.queries.waves import waves_of

MOST_WAVES = 2
HEADER = ["Wave", "Area", "Strand", "What", "In the area’s words"]
NOTHING = "Nothing written yet"
LONGEST_SHOWN = 400


@dataclass(frozen=True)
class Choice:
    """Which waves and which strand are compared, as the address says it."""

    waves: Sequence[str]
    strand: str

    @classmethod
    def of_request(cls) -> "Choice":
        """What was chosen, cut to what can be an id."""
        waves = [one[:12] for one in request.args.getlist("wave")[: MOST_WAVES + 1]]
        return cls(list(dict.fromkeys(waves)), request.args.get("strand", "")[:12])

    @property
    def key(self) -> str:
        """The same for every way of saying it."""
        return " ".join([*self.waves, "of", self.strand])


@dataclass(frozen=True)
class Compared:
    """The programme, all its waves that have areas, and the comparison of those that are chosen."""

    programme: Programme
    waves: Sequence[Wave]
    comparison: Comparison
    problem: str
    is_known: bool


@bp.get("/programmes/<ref:programme>/compare", endpoint="compare")
@allow(Who.ANYONE)
def compared(programme: Ref) -> Response:
    """What the areas say of each strand, and what they do not say yet."""
    choice = Choice.of_request()

    def build(_now: datetime) -> Page:
        found = _found(programme.public_id, choice)
        put_right(programme, found.programme, ".compare", programme=found.programme)
        html = render_template(
            "programmes/compare.html",
            programme=found.programme,
            waves=found.waves,
            comparison=found.comparison,
            chosen=[wave.public_id for wave in found.comparison.waves],
            strand=choice.strand,
            problem=found.problem,
            shown=_shown,
        )
        # What is asked for in words that nobody's page offers is not kept.
        return Page(html, keep=found.is_known and not found.problem)

    return kept_page(site_revision, build, key=choice.key)


@bp.get("/programmes/<ref:programme>/compare.<any(csv, xlsx):filetype>")
@allow(Who.ANYONE)
def download(programme: Ref, filetype: str) -> Response:
    """The same as a file: a row for each local model, feature and challenge, and one for what an area leaves out."""
    found = _found(programme.public_id, Choice.of_request())
    rows = _rows(found.comparison)
    title = f"{found.programme.name} areas"
    whole = csv_bytes(HEADER, rows) if filetype == FileType.CSV else xlsx_bytes(title, HEADER, rows)
    response = Response(whole, mimetype=FileType(filetype).mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=f"{found.programme.slug}-areas.{filetype}")
    return response


def _found(public_id: str, choice: Choice) -> Compared:
    programme = queries.get_programme(public_id)
    waves = [wave for wave in waves_of(programme.id) if wave.areas]
    if not waves or not programme.strands:
        raise NotFound
    known = {wave.public_id: wave for wave in waves}
    chosen = [known[one] for one in choice.waves if one in known] or waves[:1]
    problem = f"Choose {MOST_WAVES} waves or fewer" if len(choice.waves) > MOST_WAVES else ""
    comparison = compare(programme.id, sorted(chosen[:MOST_WAVES], key=waves.index))
    strands = [one for one in comparison.strands if one.theme.public_id == choice.strand]
    if strands:
        comparison = Comparison(comparison.waves, comparison.areas, strands)
    is_known = all(one in known for one in choice.waves) and bool(strands or not choice.strand)
    return Compared(programme, waves, comparison, problem, is_known)


def _shown(said: Said) -> tuple[str, bool]:
    """The beginning of a local model in plain words, and whether it goes on."""
    words = " ".join(plain(said.model).split())
    if len(words) <= LONGEST_SHOWN:
        return words, False
    return words[:LONGEST_SHOWN].rpartition(" ")[0] + " …", True


def _rows(comparison: Comparison) -> Iterator[list[Cell]]:
    names = {wave.id: wave.name for wave in comparison.waves}
    for strand in comparison.strands:
        for said in strand.said:
            where: list[Cell] = [names[said.area.wave_id], said.area.name, strand.theme.name]
            yield [*where, "Local model", plain(said.model).strip() or NOTHING]
            for what, points in (("Key feature", said.features), ("Key challenge", said.challenges)):
                yield from ([*where, what, point] for point in points)
                if not points:
                    yield [*where, what, NOTHING]
