"""What invented areas say of themselves: what was there, what they do strand by strand, and what they share."""

from dataclasses import dataclass

from webapp.demonstration.communities_facts import AMINA, BRACKENSHIRE, EASTMERE, MARLBRIDGE, OWEN, RUTH, TOMASZ
from webapp.models.areas import AreaReach

_HELP, _NETWORKS, _SAFETY, _EDGE = "neighbourhood-help", "family-networks", "safety", "edge-of-care"


@dataclass(frozen=True, kw_only=True)
class StrandFacts:
    """What was said of a strand, so many days ago."""

    strand: str
    days: int
    model: str = ""
    features: tuple[str, ...] = ()
    challenges: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SharedFacts:
    """A document that an area shares: a file of these pages, which takes the place of one of its title, or a link."""

    title: str
    days: int
    reach: AreaReach = AreaReach.PUBLIC
    filename: str = ""
    pages: tuple[tuple[str, str], ...] = ()
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class AreaFacts:
    """An area with what its people wrote, in the order in which they did."""

    name: str
    summary: str
    conditions: str
    contacts: tuple[tuple[str, str, str, str], ...] = ()
    strands: tuple[StrandFacts, ...] = ()
    shares: tuple[SharedFacts, ...] = ()


_MARLBRIDGE = AreaFacts(
    name=MARLBRIDGE,
    summary="Six neighbourhood teams of several trades, each behind one door that families already knew.",
    conditions="""Two things stood before, and we would not have begun without them:

- **A board that met anyway.** Health, police, schools and the council had sat together for years, on something else.
- **Buildings that people like.** Three libraries and a swimming pool lent us rooms, and nobody asks why you come.

What we lacked was *data that two agencies read alike*. It took a year.""",
    contacts=(
        (AMINA, "Service manager, family help", "family.help@example.org", "01632 960101"),
        (TOMASZ, "Data and performance analyst", "", "01632 960117"),
    ),
    strands=(
        StrandFacts(
            strand=_HELP,
            days=57,
            model="Families meet one team.",
            features=("Six teams of several trades", "One plan for a family"),
        ),
        StrandFacts(
            strand=_HELP,
            days=33,
            model="""Families meet **one team from the first call on**: a lead practitioner, a health visitor, somebody
from housing and a parent adviser share a room and a duty rota.

The lead practitioner stays. If things become more serious, others join; nobody hands over.""",
            features=(
                "Six teams of several trades, each for about nine schools",
                "One plan for a family, which the family keeps",
                "Lead practitioners from four professions, with one training",
                "Supervision in pairs across agencies",
            ),
            challenges=(
                "Two pay scales for the same work",
                "Four case systems: people still type things twice",
                "Who signs, when the lead practitioner is no social worker",
            ),
        ),
        StrandFacts(
            strand=_SAFETY,
            days=31,
            model="A small team with police and health joins the family’s own team, and leaves again.",
            features=("The same lead practitioner throughout", "Strategy talks within four hours, by video"),
            challenges=("Night cover", "Finding people who have done this before"),
        ),
        StrandFacts(
            strand=_NETWORKS,
            days=12,
            model="A family meeting is offered in the first fortnight, and again whenever plans change.",
            features=("Two conveners who belong to no team", "A small fund for travel, food and a spare bed"),
            challenges=("Offers that sound like a warning", "Relatives who live far away"),
        ),
    ),
    shares=(
        SharedFacts(
            title="Our pathway on one page",
            days=30,
            filename="our-pathway.pdf",
            pages=(("Our pathway", "One door\nOne team\nOne plan, which the family keeps"),),
        ),
        SharedFacts(
            title="Our pathway on one page",
            days=9,
            filename="our-pathway-2.pdf",
            pages=(("Our pathway, second go", "One door\nOne team that stays\nOne plan, in the family’s words"),),
        ),
        SharedFacts(
            title="Job description: lead practitioner",
            days=26,
            reach=AreaReach.PROGRAMME,
            filename="lead-practitioner.pdf",
            pages=(("Lead practitioner", "From any of four professions\nStays with the family\nHolds the plan"),),
        ),
        SharedFacts(
            title="Film: a Tuesday in a neighbourhood team",
            days=20,
            url="https://films.example.org/a-tuesday",
        ),
        SharedFacts(
            title="Notes for ourselves: what we would not do again",
            days=8,
            reach=AreaReach.AREA,
            filename="not-again.pdf",
            pages=(("Not again", "Begin with the form\nMove offices in August"),),
        ),
    ),
)
_BRACKENSHIRE = AreaFacts(
    name=BRACKENSHIRE,
    summary="A family meeting is offered before any plan is written, wherever in the county a family lives.",
    conditions="A family group service of ten years, and a county that is two hours wide: we had to learn to travel.",
    contacts=((OWEN, "Lead practitioner, family networks", "networks@example.org", ""),),
    strands=(
        StrandFacts(
            strand=_NETWORKS,
            days=50,
            model="""### Before the meeting

Somebody visits *everybody*, also those who say that they will not come.

### Afterwards

The plan is what the family wrote. Ours is attached to it, and is shorter.""",
            features=("Offered before any plan", "Held where the family wants", "Kinship carers train the conveners"),
            challenges=("Distances", "Grandparents who are asked for everything"),
        ),
        StrandFacts(
            strand=_HELP,
            days=44,
            features=("Family help from eleven village halls, on fixed days",),
            challenges=("Halls without a second room to talk in",),
        ),
    ),
    shares=(
        SharedFacts(
            title="What to say when you offer a meeting",
            days=40,
            filename="offering-a-meeting.pdf",
            pages=(
                ("Offering a meeting", "Say what it is for\nSay what it is not\nAsk whom they would call at night"),
            ),
        ),
    ),
)
_EASTMERE = AreaFacts(
    name=EASTMERE,
    summary="One front door, and lead practitioners who are not all social workers.",
    conditions="A small borough where everybody knows everybody: good for trust, hard for privacy.",
    contacts=((RUTH, "Team manager", "front.door@example.org", "01632 960133"),),
    strands=(
        StrandFacts(
            strand=_EDGE,
            days=24,
            model="One youth worker for one young person, for as long as it takes.",
            features=("A telephone that is answered until midnight",),
        ),
    ),
    shares=(
        SharedFacts(
            title="What to say when somebody rings",
            days=14,
            filename="when-somebody-rings.pdf",
            pages=(
                ("When somebody rings", "Say your own name first\nAsk what would help today\nRing back when you said"),
            ),
        ),
    ),
)

AREAS = (_MARLBRIDGE, _BRACKENSHIRE, _EASTMERE)
