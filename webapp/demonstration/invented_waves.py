"""What the invented areas do, strand by strand, and what happens when in their programme."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from webapp.demonstration.communities_facts import (
    BRACKENSHIRE,
    EASTMERE,
    LARKSTONE,
    MARLBRIDGE,
    ONE,
    OXENVALE,
    SALTMARCH,
    TWO,
)
from webapp.demonstration.invented_programme import PATHWAYS
from webapp.demonstration.loading import Loaded
from webapp.extensions import db
from webapp.models.areas import Area, AreaPartner, AreaStrand, Milestone, Wave, WaveStage
from webapp.models.library import Precision
from webapp.models.programmes import Programme

_HELP, _NETWORKS, _SAFETY, _EDGE = "neighbourhood-help", "family-networks", "safety", "edge-of-care"
_MODEL = (
    "Three teams of **several professions** sit in the buildings that families use already. Whoever is asked first "
    "stays the one whom the family knows.\n\n- A meeting on each Monday looks at who waits, and why.\n- The same page "
    "is used for a first talk and for a plan."
)

# By area and strand: key features, key challenges. What an invented area does not say is left out on purpose.
STRANDS: dict[str, dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    MARLBRIDGE: {
        _HELP: (
            ("Teams of several trades in six neighbourhoods", "One worker stays with a family from first to last"),
            ("Health visitors are borrowed, and asked back when wards are short", "Two record systems side by side"),
        ),
        _NETWORKS: (
            ("A coordinator in each team rings relatives within ten days",),
            ("Relatives far away, and what travel costs",),
        ),
        _SAFETY: (
            ("Police, health and social care share one room each morning",),
            ("Schools cannot send somebody each day", "Reading one another’s abbreviations"),
        ),
        _EDGE: (("A telephone that is answered until midnight",), ("Finding youth workers who stay",)),
    },
    BRACKENSHIRE: {
        _HELP: (("A bus that is a family hub on market days",), ("Forty miles from one end to the other",)),
        _NETWORKS: (
            (
                "A family meeting is offered before any plan is written",
                "Independent hosts, many of them once invited themselves",
                "A small fund that the meeting spends",
            ),
            ("Time to prepare, when everybody wants a date", "Saying no to a plan that is not safe"),
        ),
        _SAFETY: (("One lead practitioner chairs from the first day to the last",), ("Who stands in for the chair",)),
    },
    EASTMERE: {
        _HELP: (
            ("One front door, by telephone and in person", "Lead practitioners who are not all social workers"),
            ("Pay that differs for the same work", "Supervision by somebody from another trade"),
        ),
        _NETWORKS: (("Meetings in the languages that families speak",), ("Interpreters at short notice",)),
        _SAFETY: (
            ("A detective and a nurse sit in each team",),
            ("What may be shared, and who says so",),
        ),
        _EDGE: (("Young people choose one adult who stays",), ("A choice that falls on somebody who leaves",)),
    },
    OXENVALE: {
        _HELP: (("Begins in three schools and two family hubs",), ("School holidays",)),
        _NETWORKS: (("Kinship carers help to write the offer",), ()),
    },
    SALTMARCH: {
        _HELP: (("Health visitors lead the first talk",), ("Rotas that do not meet",)),
        _SAFETY: (("Parents advise on each letter that goes out",), ("Thanking advisers properly",)),
    },
    LARKSTONE: {_EDGE: (("A night team, first on two evenings a week",), ("Cover for sickness in a small team",))},
}
PARTNERS = {
    MARLBRIDGE: (
        ("Marlbridge Constabulary", "Child protection teams"),
        ("Marlbridge and Eastmere Integrated Care Board", "Health visitors and a named nurse"),
        ("Marlbridge Young Carers", "Speaks for young carers in each neighbourhood"),
    ),
    BRACKENSHIRE: (
        ("Brackenshire Association of Foster and Kinship Carers", "Hosts family meetings"),
        ("Brackenshire Police", "A lead practitioner in the east"),
    ),
    EASTMERE: (("Fathers Together Eastmere", "Evenings for fathers"),),
}
# By wave: how many months before or after the loading each stage begins and ends.
STAGES = {
    ONE: (("Making the local model", -16, -11), ("First teams", -10, -5), ("All of the area", -4, 7)),
    TWO: (("Choosing where to begin", -3, -2), ("Making the local model", -1, 4), ("First teams", 5, 14)),
}
# What, the month, the wave, and a sentence.
MILESTONES = (
    ("The programme is announced", -20, "", "An invented minister in an invented hall."),
    ("Wave one tells wave two what it would do again", -1, ONE, ""),
    ("Half-way report of the evaluation", 3, "", "With what families said, and what changed by it."),
    ("The programme decides about a third wave", 9, "", ""),
)


def deepen_waves(loaded: Loaded, *, today: date) -> None:
    """Give the invented waves their stages and dates and their areas a model; once there are dates, nothing happens."""
    programme = loaded.programmes[PATHWAYS]
    if db.session.scalar(select(Milestone.id).where(Milestone.programme_id == programme.id).limit(1)):
        return
    asked = select(Wave).where(Wave.programme_id == programme.id).order_by(Wave.id)
    found = db.session.scalars(asked.options(selectinload(Wave.stages), selectinload(Wave.areas)))
    waves = {wave.name: wave for wave in found}
    for name, stages in STAGES.items():
        wave = waves[name]
        wave.starts_on, wave.ends_on = _month(today, stages[0][1]), _month(today, stages[-1][2])
        wave.stages = [
            WaveStage(position=place, name=stage, starts_on=_month(today, first), ends_on=_month(today, last))
            for place, (stage, first, last) in enumerate(stages, start=1)
        ]
        for area in wave.areas:
            _deepen(area, programme, loaded)
    for title, month, wave_name, summary in MILESTONES:
        row = Milestone(
            programme_id=programme.id,
            wave_id=waves[wave_name].id if wave_name else None,
            title=title,
            summary=summary,
            starts_on=_month(today, month),
            precision=Precision.MONTH,
        )
        db.session.add(row)
    db.session.flush()


def _deepen(area: Area, programme: Programme, loaded: Loaded) -> None:
    for place, (slug, (features, challenges)) in enumerate(STRANDS.get(area.name, {}).items()):
        row = AreaStrand(
            area_id=area.id,
            theme_id=loaded.themes[programme.name, slug].id,
            model=_MODEL if area.name == MARLBRIDGE and place == 0 else "",
            features=list(features),
            challenges=list(challenges),
        )
        db.session.add(row)
    for name, part in PARTNERS.get(area.name, ()):
        db.session.add(AreaPartner(area_id=area.id, organisation_id=loaded.organisations[name].id, part=part))


def _month(today: date, months: int) -> date:
    years, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return date(years, month + 1, 1)
