"""The invented waves, people and communities of the invented programme."""

from webapp.demonstration.communities_shapes import CategoryFacts, CommunityFacts, MemberFacts, WaveFacts
from webapp.models.belonging import MemberRole
from webapp.models.communities import Openness

__all__ = ["COMMUNITIES", "EXCHANGE", "MEMBERS", "WAVES", "WAVE_ONE"]

ONE, TWO = "Wave one", "Wave two"
MARLBRIDGE, BRACKENSHIRE, EASTMERE = "Marlbridge", "Brackenshire", "Eastmere"
OXENVALE, SALTMARCH, LARKSTONE = "Oxenvale", "Saltmarch", "Larkstone"

WAVES = (
    WaveFacts(
        ONE,
        "Three invented areas that began first, and say what they would do again.",
        (
            (
                MARLBRIDGE,
                "Marlbridge Council",
                "Family help in six neighbourhoods, with teams of several trades.",
            ),
            (BRACKENSHIRE, "Brackenshire County Council", "A family meeting is offered before any plan is written."),
            (
                EASTMERE,
                "Eastmere Borough Council",
                "One front door, and leads who are not all social workers.",
            ),
        ),
    ),
    WaveFacts(
        TWO,
        "Three invented areas that begin this year.",
        (
            (OXENVALE, "Oxenvale Council", "Starts with schools and family hubs."),
            (SALTMARCH, "Saltmarch Unitary Authority", "Starts with health visitors, and with what families say."),
            (LARKSTONE, "Larkstone City Council", "Starts with young people at the edge of care."),
        ),
    ),
)

AMINA, OWEN, RUTH, TOMASZ = "Amina Falkirk-Osei", "Owen Tredinnick", "Ruth Abiodun", "Tomasz Winterbourne"
GRACE, DEV, PIPPA, LEON = "Grace Mbeki-Sanderson", "Dev Ramanathan", "Pippa Hollister", "Leon Achterberg"
NADIRA, HUW, FERN, KWAME = "Nadira Shah-Coombes", "Huw Pentreath", "Fern Oakley", "Kwame Brightwater"
SORCHA, IDRIS = "Sorcha Delaney-Finch", "Idris Quayle"
ROBIN, SAMIRA, MORGAN = "Robin Ashdown", "Samira Okafor-Lane", "Morgan Ellery"

MEMBERS = (
    MemberFacts(ROBIN, "Family help practitioner", EASTMERE, email="practitioner@example.org"),
    MemberFacts(SAMIRA, "Participation lead", SALTMARCH, email="access.lead@example.org"),
    MemberFacts(
        AMINA,
        "Service manager, family help",
        MARLBRIDGE,
        MemberRole.LEAD,
        "Ask me about teams of several trades in one room, and about who supervises whom.",
    ),
    MemberFacts(OWEN, "Lead practitioner, family networks", BRACKENSHIRE, MemberRole.LEAD, "Kitchens, not offices."),
    MemberFacts(RUTH, "Team manager", EASTMERE, MemberRole.LEAD),
    MemberFacts(TOMASZ, "Data and performance analyst", MARLBRIDGE, about="I like a chart that changes a meeting."),
    MemberFacts(GRACE, "Health visitor and early help link", BRACKENSHIRE),
    MemberFacts(DEV, "Detective sergeant, child protection team", EASTMERE),
    MemberFacts(PIPPA, "Programme manager", OXENVALE, MemberRole.LEAD, "I ask what others think."),
    MemberFacts(LEON, "Head of service", LARKSTONE, MemberRole.LEAD),
    MemberFacts(NADIRA, "Designated safeguarding lead, secondary school", OXENVALE),
    MemberFacts(
        HUW, "Practice coach", SALTMARCH, MemberRole.COACH, "I coach three areas, and carry ideas between them."
    ),
    MemberFacts(FERN, "Parent adviser", SALTMARCH, about="Nothing about us without us."),
    MemberFacts(KWAME, "Family help practitioner", LARKSTONE),
    MemberFacts(SORCHA, "Principal social worker", BRACKENSHIRE),
    MemberFacts(IDRIS, "Commissioning manager", MARLBRIDGE),
)

RULES = """These rules are short, so that they are read.

- **Name no child and no family**, and nothing by which they could be recognised. Change what does not matter.
- Write as you would speak in the same room as the people you write about. One day you will be.
- Ask what you really want to know. There is no foolish question in a first year.
- Say where you know something from: practice, a paper, a feeling. All three are welcome.
- Disagree with ideas. Be kind to people.
- What is said in a private community stays there. Ask before you pass it on.

If you are worried about a child **now**, do not write here: follow your own area’s procedures at once."""

_HOW = CategoryFacts("How we do it", "What works in one area, told so that another can try it.")
_PEOPLE = CategoryFacts("Teams and supervision", "Who does what, and who holds them while they do it.")
_SYSTEMS = CategoryFacts("Data and systems", "Records, sharing, and charts that help.")
_NEWS = CategoryFacts("News and dates", "What is coming, and who needs to know.")

WAVE_ONE = "Wave one: what we would do again"
WAVE_TWO = "Wave two: getting started"
NETWORKS = "Family networks"
EXCHANGE = "Pathways exchange"
READING = "Lead practitioners’ reading group"

COMMUNITIES = (
    CommunityFacts(
        WAVE_ONE,
        "For the people of the three areas that began first: what went well, what did not, and what to pass on.",
        Openness.PRIVATE,
        wave=ONE,
        categories=(_HOW, _PEOPLE, _SYSTEMS),
        rules=RULES,
    ),
    CommunityFacts(
        WAVE_TWO,
        "Where the areas that begin this year ask each other what nobody has written down yet.",
        Openness.PRIVATE,
        wave=TWO,
        categories=(_HOW, _PEOPLE, _NEWS),
        rules=RULES,
        first_posts_held=1,
    ),
    CommunityFacts(
        NETWORKS,
        "Family meetings, kinship care and the people around a child, for everybody in the programme.",
        Openness.PROGRAMME,
        strand="family-networks",
        categories=(_HOW, CategoryFacts("Kinship carers", "Support, money and rest for those who said yes.")),
        rules=RULES,
    ),
    CommunityFacts(
        EXCHANGE,
        "Open to read for everybody: short answers to questions that come up everywhere.",
        Openness.PUBLIC,
        categories=(_HOW, _PEOPLE, _SYSTEMS, _NEWS),
        rules=RULES,
    ),
    CommunityFacts(
        READING,
        "Eight people, one paper a month, and what it changes on a Tuesday.",
        Openness.PRIVATE,
        members=(OWEN, AMINA, SORCHA, HUW, ROBIN, KWAME),
        rules=RULES,
    ),
)
