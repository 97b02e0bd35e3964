"""Areas beside one another, strand by strand: what each says, and what it does not say yet."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from webapp.extensions import db
from webapp.models.areas import Area, AreaStrand, Wave
from webapp.models.programmes import Theme
from webapp.queries.programmes import themes_of


@dataclass(frozen=True)
class Said:
    """What one area says of one strand; empty where it says nothing."""

    area: Area
    model: str = ""
    features: Sequence[str] = ()
    challenges: Sequence[str] = ()

    @property
    def is_missing(self) -> bool:
        """Whether nothing is said of it at all."""
        return not (self.model or self.features or self.challenges)

    @property
    def lacking(self) -> Sequence[str]:
        """What is not written, in words."""
        parts = (("local model", self.model), ("key features", self.features), ("key challenges", self.challenges))
        return [name for name, written in parts if not written]


@dataclass(frozen=True)
class StrandCompared:
    """One strand, and what each of the areas says of it, in their order."""

    theme: Theme
    said: Sequence[Said]


@dataclass(frozen=True)
class Comparison:
    """The waves, their areas in order, and each strand across the areas."""

    waves: Sequence[Wave]
    areas: Sequence[Area]
    strands: Sequence[StrandCompared]

    @property
    def missing(self) -> Sequence[tuple[Area, Sequence[str]]]:
        """The areas that say nothing of some strands, or not all of it, each with these in words."""
        found = [
            (area, [_gap(one.theme, one.said[place]) for one in self.strands if one.said[place].lacking])
            for place, area in enumerate(self.areas)
        ]
        return [(area, gaps) for area, gaps in found if gaps]


def compare(programme_id: int, waves: Sequence[Wave]) -> Comparison:
    """The areas of these waves of a programme, in the order of the waves and by name, strand by strand."""
    statement = select(Area).where(Area.wave_id.in_([wave.id for wave in waves])).options(selectinload(Area.strands))
    place = {wave.id: number for number, wave in enumerate(waves)}
    areas = sorted(db.session.scalars(statement), key=lambda area: (place[area.wave_id], area.name.casefold(), area.id))
    known = {(one.area_id, one.theme_id): one for area in areas for one in area.strands}
    strands = [
        StrandCompared(theme, [_said(area, known.get((area.id, theme.id))) for area in areas])
        for theme in themes_of(programme_id)
        if theme.kind.is_strand
    ]
    return Comparison(waves, areas, strands)


def _gap(theme: Theme, said: Said) -> str:
    return theme.name if said.is_missing else f"{theme.name} ({', '.join(said.lacking)})"


def _said(area: Area, strand: AreaStrand | None) -> Said:
    return Said(area, strand.model, strand.features, strand.challenges) if strand else Said(area)
