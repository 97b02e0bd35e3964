"""The real pathfinder, as the slides on its first wave describe it: waves, areas, dates and emerging issues.

Facts in our own sentences. Days and months that the slides do not give stay unknown, and nobody real is named. The
issues are written down by an invented person, in a community that carries the mark of the demonstration.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from webapp.demonstration.loading import Loaded
from webapp.demonstration.pathfinder_areas import AREAS, HELP, NETWORKS, PROTECTION, SYSTEM, AreaFacts
from webapp.demonstration.shapes import OrganisationFacts, PartFacts, ProgrammeFacts, ThemeFacts
from webapp.extensions import db
from webapp.folding import slug
from webapp.models.accounts import Actor, ActorKind, Person
from webapp.models.areas import Area, AreaStrand, Milestone, Wave, WaveStage
from webapp.models.communities import Community, Openness
from webapp.models.library import Precision
from webapp.models.organisations import Sector
from webapp.models.programmes import Part, Programme, ThemeKind
from webapp.models.topics import TopicKind
from webapp.services import topics

PATHFINDER = "Families First for Children pathfinder"
DEPARTMENT = "Department for Education"
ISSUES = "Emerging issues of the pathfinder"
_COUNCIL, _OTHER = Sector.LOCAL_AUTHORITY, Sector.OTHER
_MONTH, _YEAR = Precision.MONTH, Precision.YEAR

ORGANISATIONS = (
    OrganisationFacts("Dorset", _COUNCIL, ("Dorset Council",)),
    OrganisationFacts("Lincolnshire", _COUNCIL, ("Lincolnshire County Council",)),
    OrganisationFacts("Wolverhampton", _COUNCIL, ("City of Wolverhampton Council",)),
    OrganisationFacts("Association of Directors of Children’s Services", _OTHER, ("ADCS",)),
    OrganisationFacts("Verian", _OTHER, ("Kantar Public",)),
    OrganisationFacts("Alma Economics", _OTHER),
    OrganisationFacts("National Children’s Bureau", Sector.VCSE, ("NCB",)),
)
_EVALUATES = "One of the consortium that evaluates how it is put in place, what it does and what it costs"

PROGRAMME = ProgrammeFacts(
    PATHFINDER,
    "Reforms of family help, family networks and child protection, tried in a few places before wider decisions.",
    "The pathfinder came out of the strategy “Stable Homes, Built on Love” of February 2023, which followed three "
    "reviews published the year before: of children’s social care, of the murders of two children, and of the market "
    "for placements. £45 million was set aside for it.\n\n"
    "It asks how the reform is best carried out at the front line, not whether it works: that is how a pathfinder "
    "differs from a pilot. Beside it a pilot in seven authorities tries support packages for family networks alone.\n\n"
    "## How it is made\n\n"
    "The areas of the first wave design their own models with their partners, practitioners, children and families, "
    "within one specification. Workshops across the programme take up what all three meet. An expert reference group "
    "of directors from the nine regions and the three areas comes together each month; police, health, inspectorates "
    "and other departments take part in a working group.\n\n"
    "## What helped to begin\n\n"
    "- Leadership, and local politicians who stand behind it\n"
    "- Finances that are stable, and money spent on early help\n"
    "- Practice that is robust, and staff who stay",
    (
        ThemeFacts(
            SYSTEM,
            "Safeguarding partners: system reform and multi-agency safeguarding arrangements",
            ThemeKind.STRAND,
            "One culture that puts families first across the whole system, clear arrangements that partners share, "
            "information that flows, and a stronger part for education. The strand goes by both names.",
        ),
        ThemeFacts(
            NETWORKS,
            "Family networks",
            ThemeKind.STRAND,
            "Relatives and friends decide together with the family, sooner and at each stage, with money where money "
            "is what keeps children safely at home or with kin.",
        ),
        ThemeFacts(
            HELP,
            "Family help",
            ThemeKind.STRAND,
            "Local teams of several professions that families find welcoming, with the right help at the right time.",
        ),
        ThemeFacts(
            PROTECTION,
            "Child protection",
            ThemeKind.STRAND,
            "Expert teams of several agencies who work closely with family help, and parents who are represented.",
        ),
    ),
    (
        PartFacts(Part.PARTNER, (DEPARTMENT,), task="Runs the programme"),
        PartFacts(
            Part.PARTNER,
            ("Association of Directors of Children’s Services",),
            task="Set up the expert reference group together with the department",
        ),
        PartFacts(Part.PARTNER, ("Verian", "Alma Economics", "National Children’s Bureau"), task=_EVALUATES),
    ),
)


@dataclass(frozen=True)
class StageFacts:
    """A stage or a date of the timeline, as far as the slides know it; `wave` is empty for the whole programme."""

    title: str
    starts: date | None = None
    ends: date | None = None
    known: Precision = _YEAR
    summary: str = ""
    wave: str = ""


@dataclass(frozen=True)
class WaveFacts:
    """A wave with its stages and its areas."""

    name: str
    summary: str
    starts: date | None
    stages: tuple[StageFacts, ...]
    areas: tuple[AreaFacts, ...] = ()


ONE, TWO, PILOT = "Wave 1", "Wave 2", "Family networks pilot"
_2023, _2024 = date(2023, 1, 1), date(2024, 1, 1)
WAVES = (
    WaveFacts(
        ONE,
        "Dorset, Lincolnshire and Wolverhampton design and try the whole of the reform.",
        _2023,
        (StageFacts("Co-design with local partners"), StageFacts("Implementation, and plans for it in each area")),
        AREAS,
    ),
    WaveFacts(
        TWO,
        "Further areas, for whom the specification is refined by what the first wave learnt. A delivery partner makes "
        "learning materials and a community of practice for them.",
        _2024,
        (
            StageFacts("Applications"),
            StageFacts("Development of local models", _2024, _2024),
            StageFacts("Implementation, with coaching by the delivery partner"),
        ),
    ),
    WaveFacts(
        PILOT,
        "Seven local authorities try flexible funding of support packages, so that relatives and friends can step in.",
        _2023,
        (StageFacts("First wave of the pilot"), StageFacts("Second wave of the pilot")),
    ),
)
MILESTONES = (
    StageFacts("Three reviews of children’s social care are published", date(2022, 1, 1), known=_YEAR),
    StageFacts(
        "“Stable Homes, Built on Love” is published",
        date(2023, 2, 1),
        known=_MONTH,
        summary="Strategy and consultation, backed by £200 million.",
    ),
    StageFacts("An expert reference group is set up, which meets each month", date(2023, 8, 1), known=_MONTH, wave=ONE),
    StageFacts(
        "Recruiting and keeping foster carers: the first region begins",
        date(2023, 9, 1),
        known=_MONTH,
        summary="A neighbouring programme, in the North East.",
    ),
    StageFacts(
        "Recruiting and keeping foster carers: nine further programmes",
        date(2024, 6, 1),
        date(2024, 8, 1),
        _MONTH,
        "In the summer; the days are not known.",
    ),
)
# By strand: what emerged, and a sentence on it.
EMERGING = (
    (SYSTEM, "Winning partners over", "How partners come to stand behind the reform, and stay there."),
    (SYSTEM, "Money that lasts", "How the new model is paid for once the programme is over."),
    (SYSTEM, "The part of education", "What schools and colleges decide, and who speaks for them."),
    (
        SYSTEM,
        "Sharing information across agencies",
        "How it is done in practice, and what has to be settled nationally.",
    ),
    (SYSTEM, "Which outcomes count", "What is to be different for children, and how anybody would know."),
    (
        NETWORKS,
        "Support packages that create dependency",
        "Whether packages tie families to them for long, and whether some kinds of care seem to count for more.",
    ),
    (NETWORKS, "When a package is refused", "What happens to a family whose package is not, or no longer, granted."),
    (HELP, "Crossing thresholds", "How families move between kinds of help without beginning again."),
    (HELP, "Who holds cases", "Who holds which case, and who oversees and supervises them."),
    (HELP, "Lead practitioners of family help", "What they need to be trained in, and how they develop."),
    (
        HELP,
        "Being open with families",
        "That families know, agree to and understand each change in the help they have.",
    ),
    (
        PROTECTION,
        "Partners with frames of their own",
        "How partners’ rules, priorities and limits fit together, under one vision and purpose.",
    ),
    (PROTECTION, "Experience of lead practitioners", "How much experience the role asks for, and of what kind."),
    (PROTECTION, "Representation of parents", "How, and at which moment, every family is offered it."),
)
_NOTED = "Taken from what was shown of the first wave, and written down here for demonstration."


def load_pathfinder(loaded: Loaded, people: dict[str, Person], *, writer: str, now: datetime) -> None:
    """The waves, areas, dates and issues of the pathfinder, in the open unit; once there are waves, nothing happens."""
    programme = loaded.programmes[PATHFINDER]
    if db.session.scalar(select(Wave.id).where(Wave.programme_id == programme.id).limit(1)):
        return
    waves = {facts.name: _wave(facts, place, programme, loaded, now) for place, facts in enumerate(WAVES, start=1)}
    for one in MILESTONES:
        row = Milestone(
            programme_id=programme.id,
            wave_id=waves[one.wave].id if one.wave else None,
            title=one.title,
            summary=one.summary,
            starts_on=one.starts,
            ends_on=one.ends,
            precision=one.known,
        )
        db.session.add(row)
    _raise_issues(programme, loaded, people[writer], now)
    db.session.flush()


def _wave(facts: WaveFacts, place: int, programme: Programme, loaded: Loaded, now: datetime) -> Wave:
    stages = [
        WaveStage(position=number, name=one.title, starts_on=one.starts, ends_on=one.ends, precision=one.known)
        for number, one in enumerate(facts.stages, start=1)
    ]
    wave = Wave(
        programme_id=programme.id,
        slug=slug(facts.name),
        name=facts.name,
        summary=facts.summary,
        position=place,
        starts_on=facts.starts,
        precision=_YEAR,
        stages=stages,
        created_at=now,
        updated_at=now,
    )
    db.session.add(wave)
    db.session.flush()
    for area in facts.areas:
        strands = [
            AreaStrand(
                theme_id=loaded.themes[PATHFINDER, one.theme].id,
                features=list(one.features),
                challenges=list(one.challenges),
            )
            for one in area.strands
        ]
        row = Area(
            programme_id=programme.id,
            wave_id=wave.id,
            organisation_id=loaded.organisations[area.name].id,
            slug=slug(area.name),
            name=area.name,
            summary=area.summary,
            strands=strands,
            created_at=now,
            updated_at=now,
        )
        db.session.add(row)
    return wave


def _raise_issues(programme: Programme, loaded: Loaded, writer: Person, now: datetime) -> None:
    community = Community(
        programme_id=programme.id,
        slug=slug(ISSUES),
        name=ISSUES,
        summary="What came up in the first wave, strand by strand.",
        openness=Openness.PUBLIC,
        demonstration=True,
        created_at=now,
        updated_at=now,
    )
    db.session.add(community)
    db.session.flush()
    # On one working day after another, so that no list shows all of them as new at once.
    for place, (theme, title, words) in enumerate(EMERGING):
        at = now - timedelta(days=2 * (len(EMERGING) - place), hours=place % 5)
        start = topics.Start(title=title, kind=TopicKind.ISSUE, theme_id=loaded.themes[PATHFINDER, theme].id)
        topics.begin(
            community,
            start,
            words=topics.Words(body=f"{words}\n\n{_NOTED}"),
            actor=Actor(ActorKind.PERSON, writer.id),
            name=writer.name,
            now=at,
        )
