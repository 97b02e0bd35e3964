"""A programme that does not exist, and the people who speak at its events."""

from webapp.demonstration.shapes import PartFacts, ProgrammeFacts, SpeakerFacts, ThemeFacts
from webapp.models.programmes import Part, ThemeKind

PATHWAYS = "Pathways Together"

THEMES = (
    ThemeFacts(
        "neighbourhood-help", "Help in the neighbourhood", ThemeKind.STRAND, "Family help close to where people live."
    ),
    ThemeFacts(
        "family-networks", "Family networks", ThemeKind.STRAND, "Relatives and friends in the lead, and in support."
    ),
    ThemeFacts("safety", "Safety across agencies", ThemeKind.STRAND, "Protecting children as one team, not as four."),
    ThemeFacts(
        "edge-of-care",
        "Young people on the edge of care",
        ThemeKind.STRAND,
        "Staying alongside teenagers and their homes.",
    ),
    ThemeFacts(
        "voice", "Voices of children and families", ThemeKind.TOPIC, "What families say, and what is done with it."
    ),
    ThemeFacts(
        "wellbeing", "Wellbeing at work", ThemeKind.TOPIC, "Supervision, caseloads and teams that people stay in."
    ),
    ThemeFacts("data", "Data and learning", ThemeKind.TOPIC, "Knowing whether help is any help."),
)

PROGRAMMES = (
    ProgrammeFacts(
        PATHWAYS,
        "An invented programme, for demonstration: councils, health, police, schools and charities who learn together "
        "how to help families sooner.",
        "Pathways Together does not exist, and neither do its places, its people or its events. It is here so that you "
        "can try everything without touching anybody’s real registration.\n\n"
        "Its dates are counted from the day on which the demonstration was loaded.",
        THEMES,
        (
            PartFacts(Part.INNOVATOR, ("Marlbridge Council",), "neighbourhood-help"),
            PartFacts(Part.INNOVATOR, ("Brackenshire County Council",), "family-networks"),
            PartFacts(Part.ADOPTER, ("Eastmere Borough Council", "Oxenvale Council"), "neighbourhood-help"),
            PartFacts(Part.ADOPTER, ("Saltmarch Unitary Authority", "Larkstone City Council"), "family-networks"),
            PartFacts(Part.PARTNER, ("Office for Family Learning", "University of Marlbridge")),
        ),
    ),
)

SPEAKERS = (
    SpeakerFacts(
        "Ngozi Thistlewood",
        "Director of Family Help",
        "Marlbridge Council",
        "Ngozi began as a home help, trained as a social worker at thirty and now leads family help in Marlbridge. "
        "She still holds a duty shift once a month.",
    ),
    SpeakerFacts(
        "Dr Oluwaseun Adébáyọ̀-Whitcombe",
        "Consultant Clinical Psychologist and Joint Clinical Lead for Family Help Teams",
        "Marlbridge and Eastmere Integrated Care Board",
        "Seun supports practitioners who carry other people’s worries home with them, and writes about how teams "
        "make sense of risk.",
    ),
    SpeakerFacts(
        "Siân Llewelyn-Prys",
        "Service Manager, Family Networks",
        "Brackenshire County Council",
        "Siân has brought together some four hundred family meetings, many of them in kitchens.",
    ),
    SpeakerFacts(
        "Bartholomew Featherstonehaugh-Okonkwo",
        "Assistant Director for Quality, Practice and Principal Child and Family Social Worker",
        "Tarnhollow and Quillhaven Council",
        "Bart’s team reads ten records each month together with the families whom they are about.",
    ),
    SpeakerFacts(
        "Małgorzata Wrzesińska",
        "Family Help Lead Practitioner",
        "Eastmere Borough Council",
        "Gosia came to Eastmere as an interpreter and stayed as a practitioner.",
    ),
    SpeakerFacts(
        "Detective Inspector Harriet Ravensbourne-Malik",
        "Child Protection Team",
        "Marlbridge Constabulary",
        "Harriet shares an office, and a kettle, with social workers and health visitors.",
    ),
    SpeakerFacts(
        "Tobias Quennell",
        "Parent adviser",
        "Open Gate Families",
        "Tobias and his two daughters were helped by a family help team. He now helps that team to plan.",
    ),
    SpeakerFacts(
        "Priyanka Vaidyanathan-Holloway",
        "Head of the Virtual School",
        "Virtual School for Brackenshire and Norwatershire",
        "Priyanka taught chemistry for fifteen years and knows every school gate between two rivers.",
    ),
    SpeakerFacts("Jo Lund", "Youth worker", "Paper Kite Youth Collective", "Jo works late, mostly at bus stops."),
    SpeakerFacts(
        "Professor Ifeoma Castellane",
        "Professor of Social Work",
        "University of Marlbridge",
        "Ifeoma studies what happens after a pilot ends, and prefers counting to guessing.",
    ),
    SpeakerFacts(
        "Calum Strathdearn",
        "Data and Insight Manager",
        "Oxenvale Council",
        "Calum draws charts that practitioners ask to see again.",
    ),
    SpeakerFacts(
        "Winifred Abara-Lindqvist",
        "Kinship carer and trustee",
        "Brackenshire Association of Foster and Kinship Carers",
        "Winifred has brought up three grandchildren and trains panels on what that takes.",
    ),
    SpeakerFacts(
        "Rhodri Pembury",
        "Named Nurse for Safeguarding Children",
        "Brackenshire Community Health Trust",
        "Rhodri helps school nurses and health visitors to speak up early.",
    ),
    SpeakerFacts(
        "Zeynep Arkwright",
        "Team Manager, Edge of Care",
        "Larkstone City Council",
        "Zeynep’s team answers the telephone until midnight, so that fewer nights end at a police station.",
    ),
)
