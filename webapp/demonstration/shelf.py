"""What stands in the library of the demonstration: invented resources, made by invented people and organisations."""

from dataclasses import dataclass

from webapp.demonstration import invented_agenda as agenda
from webapp.demonstration.invented import EARLIER, ENDED, OPEN
from webapp.models.library import Precision, ResourceKind

_K, _DAY, _MONTH, _YEAR = ResourceKind, Precision.DAY, Precision.MONTH, Precision.YEAR
_KINSHIP = "Brackenshire Association of Foster and Kinship Carers"
_ICB = "Marlbridge and Eastmere Integrated Care Board"


@dataclass(frozen=True, kw_only=True)
class ResourceFacts:
    """A resource; days are counted back from the one on which the demonstration is loaded, `review` forward."""

    kind: ResourceKind
    title: str
    summary: str
    description: str = ""
    path: str = ""
    made: int | None = None
    known: Precision = _MONTH
    added: int = 30
    review: int | None = None
    authors: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    session: tuple[str, str] | None = None
    # What stands in its file, a line for each paragraph; without any it has none.
    paper: tuple[str, ...] = ()
    state: str = "published"

    @property
    def url(self) -> str:
        """An address that nobody can own."""
        return f"https://library.example.org/{self.path}" if self.path else ""


READING_ALOUD = "Reading a plan aloud with the child whom it is about"
FOLKLORE = "Information sharing without the folklore: a pocket guide"
KETTLE = "The kettle and the form: a first visit told from both sides"
MEETINGS = "A family meeting in ten small steps"
DESK = "A desk beside reception: family help in a school"
BUSES = "Late buses, episode 1: Ten o’clock at the bus station"
MONEY = "What kinship carers told us about money"
FRONT_DOOR = "Three years of one front door: what changed, and what only moved"

RESOURCES = (
    ResourceFacts(
        kind=_K.REPORT,
        title=FRONT_DOOR,
        summary="Figures and interviews from three invented councils whose police, health, schools and social care"
        " answer together.",
        description="## In short\n\n- Calls are answered sooner. Families do not always notice.\n- Two agencies still"
        " keep their own lists.\n- What helped most was sharing a room, and that costs least.\n\n## How to read"
        " it\n\nChapter 2 has the figures. Chapter 4 tells one ordinary Tuesday, call by call, and can be read by"
        " itself.",
        path="front-door.pdf",
        made=75,
        added=12,
        review=540,
        authors=(agenda.IFEOMA, agenda.CALUM),
        organisations=("University of Marlbridge", "Oxenvale Council"),
        themes=("safety", "data"),
        session=(OPEN, "One front door, four telephones: how police, health, schools and social care answer together"),
    ),
    ResourceFacts(
        kind=_K.GUIDE,
        title=READING_ALOUD,
        summary="How to prepare it, what to bring, and what to do when the sentence that a child chooses is awkward.",
        description="Written after the day on listening to children, for those who want to try it next week.\n\nIt"
        " takes about **ten minutes** with the child, and ten before. The file has a page to print for your own notes.",
        made=20,
        known=_DAY,
        added=18,
        review=345,
        authors=(agenda.RHODRI, agenda.TOBIAS),
        organisations=("Brackenshire Community Health Trust", "Open Gate Families"),
        themes=("voice",),
        session=(ENDED, "From words to plans"),
        paper=(
            "An invented guide, for demonstration.",
            "Before: choose a quiet place together, and read the plan once by yourself, aloud.",
            "With the child: read slowly, and stop whenever a hand goes up. Ask which sentence is theirs.",
            "Afterwards: put their sentence at the top, as it was said. If it is awkward, it stays awkward.",
        ),
    ),
    ResourceFacts(
        kind=_K.TOOLKIT,
        title=MEETINGS,
        summary="Invitations, a list for the day, and cards for the moment at which nobody says anything.",
        description="Most of the work happens before anybody sits down. The steps are small so that different people"
        " can take them.\n\n1. Ask who should be there, and who should not.\n2. Ask again a day later.\n3. Let the"
        " family choose the room, and the biscuits.",
        path="family-meetings",
        made=260,
        known=_MONTH,
        added=61,
        review=200,
        authors=(agenda.SIAN,),
        organisations=("Brackenshire County Council", _KINSHIP),
        themes=("family-networks", "voice"),
        session=(OPEN, "Family meetings around a kitchen table"),
    ),
    ResourceFacts(
        kind=_K.VIDEO,
        title=KETTLE,
        summary="Twelve minutes with a parent and a practitioner who remember the same hour differently. With"
        " captions.",
        path="watch/kettle",
        made=70,
        known=_DAY,
        added=66,
        authors=(agenda.TOBIAS,),
        organisations=("Open Gate Families",),
        themes=("neighbourhood-help", "voice"),
        session=(EARLIER, "The kettle and the form"),
    ),
    ResourceFacts(
        kind=_K.PODCAST_EPISODE,
        title=BUSES,
        summary="Where teenagers are at ten in the evening, and who is there with them. 24 minutes, with a transcript.",
        path="late-buses/1",
        made=48,
        known=_DAY,
        added=47,
        authors=(agenda.JO, agenda.ZEYNEP),
        organisations=("Paper Kite Youth Collective", "Larkstone City Council"),
        themes=("edge-of-care",),
    ),
    ResourceFacts(
        kind=_K.PODCAST_EPISODE,
        title="Late buses, episode 2: Who has the keys to the van?",
        summary="Two services share a rota, a van and a telephone. Each can do things that the other cannot. 31"
        " minutes.",
        path="late-buses/2",
        made=20,
        known=_DAY,
        added=19,
        authors=(agenda.JO, agenda.ZEYNEP),
        organisations=("Paper Kite Youth Collective", "Larkstone City Council"),
        themes=("edge-of-care", "wellbeing"),
    ),
    ResourceFacts(
        kind=_K.SLIDES,
        title="Five measures, and the fifty that we dropped",
        summary="How one council cut its report to a page, and who missed what.",
        path="five-measures",
        made=33,
        known=_DAY,
        added=31,
        authors=(agenda.CALUM,),
        organisations=("Oxenvale Council",),
        themes=("data",),
        session=(OPEN, "Is it any help? Choosing five measures and dropping fifty"),
    ),
    ResourceFacts(
        kind=_K.LINK,
        title="Find a health visitor in Saltmarch",
        summary="Who works where, on which days, and the number that is answered until eight in the evening.",
        path="saltmarch/health-visitors",
        added=120,
        organisations=("Saltmarch Health Visiting and School Nursing Service",),
        themes=("neighbourhood-help",),
    ),
    ResourceFacts(
        kind=_K.GUIDE,
        title=FOLKLORE,
        summary="What you may share, what you must, and what people merely believe. Twelve short situations.",
        description="The situations are invented. They are no legal advice, and the law may have changed since.",
        path="folklore",
        made=800,
        known=_MONTH,
        added=190,
        review=-40,
        authors=(agenda.HARRIET,),
        organisations=("Marlbridge Constabulary", _ICB),
        themes=("safety",),
    ),
    ResourceFacts(
        kind=_K.REPORT,
        title=MONEY,
        summary="What it costs to bring up a grandchild, in the words of forty invented carers.",
        path="kinship-and-money.pdf",
        made=600,
        known=_YEAR,
        added=150,
        review=90,
        authors=(agenda.WINIFRED,),
        organisations=(_KINSHIP,),
        themes=("family-networks", "voice"),
    ),
    ResourceFacts(
        kind=_K.TOOLKIT,
        title="Supervision when the worry will not go away: cards for an hour",
        summary="Sixteen cards to slow a conversation down, to cut out and to lay on the table.",
        made=140,
        known=_MONTH,
        added=88,
        authors=(agenda.SEUN,),
        organisations=(_ICB,),
        themes=("wellbeing",),
        session=(OPEN, "Supervision when the worry will not go away"),
        paper=(
            "Invented cards, for demonstration.",
            "Card 1: What did you see, and what did you add?",
            "Card 2: Whose worry is it, and since when?",
            "Card 3: What would you do if you had an hour more? Half an hour?",
        ),
    ),
    ResourceFacts(
        kind=_K.GUIDE,
        title=DESK,
        summary="What two schools agreed before a family help practitioner moved in, and what they wish they had"
        " asked.",
        path="desk-beside-reception",
        made=310,
        known=_MONTH,
        added=101,
        review=60,
        authors=(agenda.PRIYANKA,),
        organisations=("Canal Street Primary School, Marlbridge", "Hollowdene Academy Trust"),
        themes=("neighbourhood-help",),
        session=(ENDED, "The school as a witness"),
    ),
    ResourceFacts(
        kind=_K.GUIDE,
        title="First visits: a list to tick, first edition",
        summary="The list that most teams have replaced by talking.",
        path="first-visits-1",
        made=1500,
        known=_YEAR,
        added=200,
        organisations=("Eastmere Borough Council",),
        themes=("neighbourhood-help",),
        state="archived",
    ),
    ResourceFacts(
        kind=_K.VIDEO,
        title="Written together, read together: the recording, cut to eight minutes",
        summary="To be published once everybody in it has agreed.",
        path="watch/written-together",
        added=3,
        organisations=("Brackenshire County Council",),
        themes=("voice",),
        session=(EARLIER, "Written together, read together"),
        state="draft",
    ),
)

# Title, introduction, and what is in it.
COLLECTIONS = (
    (
        "New in family help: where to begin",
        (
            "Five things for the first weeks, chosen by the people of this invented programme. None takes more than an"
            " hour.\n\nBegin with whichever worries you most, and bring one question to your supervision."
        ),
        (KETTLE, MEETINGS, FOLKLORE, DESK, BUSES),
    ),
    (
        "What children and carers say",
        "Their words first, and then what others made of them.",
        (READING_ALOUD, MONEY, KETTLE),
    ),
)
NOTES = {
    READING_ALOUD: "Try this before the review in two weeks. Ask whether the small room is free.",
    FRONT_DOOR: "Only chapter 4, for the team meeting.",
    BUSES: "",
}
