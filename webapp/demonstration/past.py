"""Two real events, as their public records describe them.

Titles, people, authorities and dates are facts; what the records do not tell (hours, rooms, who attended)
stays unknown. Descriptions are our own and neutral: nobody real is made to say anything.
"""

from datetime import date

from webapp.demonstration import pathfinder
from webapp.demonstration.programme import (
    DEPARTMENT,
    ORGANISATIONS,
    PROGRAMMES,
    SOCIAL_CARE_REFORM,
    STRENGTHENING_FAMILIES,
    WHAT_WORKS,
)
from webapp.demonstration.shapes import (
    DayFacts,
    EventFacts,
    Facts,
    SessionFacts,
    SpeakerFacts,
    organisation,
    speaker,
)
from webapp.models.agenda import ContributionRole, SessionKind
from webapp.models.events import Format

LEARNING_EVENT = "National Online Learning Event 2022"
NETWORK_EVENT = "Principal Social Worker Network event, April 2024"

# The records name no address to write to, so these pages are looked after by the demonstration itself.
KEEPER = ("Waymark demonstration", "demonstration@example.org")

SPEAKERS = (
    SpeakerFacts("Dawn Taylor", "Deputy Director for Innovation, Learning and Digital", DEPARTMENT),
    SpeakerFacts("Minister Quince", "Minister for Children and Families"),
    SpeakerFacts(
        "Angela Clarke", "Deputy Programme Director, Centre for Family Safeguarding Practice", "Hertfordshire"
    ),
    SpeakerFacts("Janice Nicholson", "Strategic Lead", "North Yorkshire"),
    SpeakerFacts("Steve Walker", "Director, Leeds Relational Practice Centre", "Leeds"),
    SpeakerFacts("Saleem Tariq", "Director of Children and Families", "Leeds"),
    SpeakerFacts("Bekah Atherton", "Assistant Director", DEPARTMENT),
    SpeakerFacts("Josh MacAlister", "Chair, The Independent Review of Children’s Social Care"),
    SpeakerFacts("Isabelle Trowler", "Chief Social Worker for Children and Families"),
)

_PANEL = ContributionRole.PANELLIST
_ALL_MODELS = ("no-wrong-door", "family-valued", "family-safeguarding")

_TUESDAY = (
    SessionFacts(
        0,
        "Warm welcome and introduction",
        "The opening of the two days.",
        "Dawn Taylor and the Minister for Children and Families open the event for everybody who joined online.",
        SessionKind.PLENARY,
        themes=_ALL_MODELS,
        contributions=(speaker("Dawn Taylor"), speaker("Minister Quince")),
    ),
    SessionFacts(
        0,
        "Family Safeguarding – Overview",
        "What Family Safeguarding is made of, from the authority that began it and two that took it up.",
        "Angela Clarke presents the model with colleagues from two adopter authorities, Cambridgeshire and Lancashire.",
        themes=("family-safeguarding",),
        contributions=(speaker("Angela Clarke"), organisation("Cambridgeshire"), organisation("Lancashire")),
    ),
    SessionFacts(
        0,
        "No Wrong Door model – Overview",
        "What No Wrong Door is made of, from the authority that began it and two that took it up.",
        "Janice Nicholson presents the model with colleagues from two adopter authorities, Redcar & Cleveland "
        "and Middlesbrough.",
        themes=("no-wrong-door",),
        contributions=(speaker("Janice Nicholson"), organisation("Redcar & Cleveland"), organisation("Middlesbrough")),
    ),
    SessionFacts(
        0,
        "Family Valued model – Overview",
        "What Family Valued is made of, from the authority that began it.",
        "Steve Walker presents the model together with members of his team in Leeds.",
        themes=("family-valued",),
        contributions=(speaker("Steve Walker"),),
    ),
    SessionFacts(
        0,
        "Insights into the implementation of Family Valued",
        "Four adopter authorities on bringing Family Valued in.",
        "Teams from Warwickshire, Coventry, Newcastle and Darlington describe how they put the model into practice.",
        themes=("family-valued",),
        contributions=tuple(organisation(name) for name in ("Warwickshire", "Coventry", "Newcastle", "Darlington")),
    ),
    SessionFacts(
        0,
        "Insights into the implementation of No Wrong Doors",
        "Five adopter authorities on bringing No Wrong Door in.",
        "Middlesbrough, Rochdale, Norfolk, Warrington and Redcar & Cleveland describe how they took the model on and "
        "what they changed to suit their area.",
        themes=("no-wrong-door",),
        contributions=tuple(
            organisation(name) for name in ("Middlesbrough", "Rochdale", "Norfolk", "Warrington", "Redcar & Cleveland")
        ),
    ),
    SessionFacts(
        0,
        "Insights into the implementation of Family Safeguarding",
        "Three adopter authorities on bringing Family Safeguarding in.",
        "Walsall, Wandsworth and Lancashire describe the course that the work took with them.",
        themes=("family-safeguarding",),
        contributions=tuple(organisation(name) for name in ("Walsall", "Wandsworth", "Lancashire")),
    ),
    SessionFacts(
        0,
        "Insights from the formal evaluations",
        "What the evaluators found, and what to weigh up before choosing a model.",
        "The What Works Centre presents its studies of the three models, for authorities that consider adopting one.",
        themes=(*_ALL_MODELS, "evaluation"),
        contributions=(organisation(WHAT_WORKS),),
    ),
)

_WEDNESDAY = (
    SessionFacts(
        1,
        "Family Valued: Implementing Family Led Decision Making",
        "Families in the lead, and professionals who make room for them.",
        "How plans change when a family draws them up, and what that asks of services that are used to finding the "
        "answer themselves.",
        themes=("family-valued", "partnership"),
    ),
    SessionFacts(
        1,
        "No Wrong Doors: Enabling the System to Work for the Child",
        "A closer look at how No Wrong Door is delivered.",
        "The day-to-day running of the model, and what it means for young people, their families and the services "
        "around them.",
        themes=("no-wrong-door",),
    ),
    SessionFacts(
        1,
        "Being Family Safeguarding: Leading system and cultural change",
        "Changing the habits of a whole service.",
        "Adopting Family Safeguarding as a change of culture, not only of teams and forms.",
        themes=("family-safeguarding", "leadership"),
    ),
    SessionFacts(
        1,
        "Connecting SFPC and Supporting Families",
        "Two national programmes side by side.",
        "Bekah Atherton relates the three models to the results that the Supporting Families programme looks for.",
        themes=_ALL_MODELS,
        contributions=(speaker("Bekah Atherton"),),
    ),
    SessionFacts(
        1,
        "Professional and families working together in new ways",
        "Partnership across all three models.",
        "What partnership with families and with other services brings, what makes it hard, and what helps.",
        themes=(*_ALL_MODELS, "partnership"),
    ),
    SessionFacts(
        1,
        "Workforce and retention",
        "How the models bear on recruiting people and keeping them.",
        "Openings and difficulties that each model holds for staffing.",
        themes=(*_ALL_MODELS, "workforce"),
    ),
    SessionFacts(
        1,
        "Exploring the role of leadership",
        "Leading a model from the first day to the years after.",
        "One leader from each of the three models, in a panel about five attributes of leadership in the programme.",
        themes=(*_ALL_MODELS, "leadership"),
        # The journal names the panel that met at this event.
        contributions=(
            speaker("Angela Clarke", _PANEL),
            speaker("Saleem Tariq", _PANEL),
            speaker("Janice Nicholson", _PANEL),
        ),
    ),
    SessionFacts(
        1,
        "In discussion: Josh MacAlister and Isabelle Trowler",
        "The closing conversation.",
        "The programme seen beside what the Care Review recommends: a conversation between the chair of the review "
        "and the Chief Social Worker.",
        SessionKind.PLENARY,
        contributions=(speaker("Josh MacAlister", _PANEL), speaker("Isabelle Trowler", _PANEL)),
    ),
)

_NETWORK_SESSIONS = (
    SessionFacts(
        0,
        "Where the reform stands",
        "Six pillars, and what has been done under each.",
        "The strategy of 2023, the work of its first year pillar by pillar, and the documents published that December.",
        themes=(
            "family-help",
            "child-protection",
            "family-networks",
            "stable-homes",
            "social-workers",
            "learning-system",
        ),
        contributions=(speaker("Isabelle Trowler"),),
    ),
    SessionFacts(
        0,
        "What the department turns to next",
        "Learning events, the case for funding, and a future Bill.",
        "Three lines of work in the department, and the position of local government in which they go on.",
        contributions=(speaker("Isabelle Trowler"),),
    ),
    SessionFacts(
        0,
        "The National Framework and a reflective tool",
        "A tool for talking about practice in teams and with partners.",
        "How the tool came about with the chairs of the network, what it is for, and when members receive it.",
        themes=("learning-system", "social-workers"),
        contributions=(speaker("Isabelle Trowler"),),
    ),
    SessionFacts(
        0,
        "Priorities for 2024, and looking forward to 2030",
        "This year’s priorities, the longer view, and questions for the room.",
        "Closes with questions to the members of the network about their own authority.",
        contributions=(speaker("Isabelle Trowler"),),
    ),
)

EVENTS = (
    EventFacts(
        STRENGTHENING_FAMILIES,
        LEARNING_EVENT,
        "Two days online about three models of work with families, told by those who made the models "
        "and those who adopted them.",
        "The models come from North Yorkshire (No Wrong Door), Leeds (Family Valued) and Hertfordshire (Family "
        "Safeguarding). The first day introduced each of them and told how adopters had fared. The second took up "
        "questions that they share: leadership, staff, and partnership with families.\n\n"
        "The hours of the sessions are not on record.",
        Format.ONLINE,
        (DayFacts(date(2022, 6, 14)), DayFacts(date(2022, 6, 15))),
        *KEEPER,
        sessions=_TUESDAY + _WEDNESDAY,
        themes=(*_ALL_MODELS, "leadership", "workforce", "partnership", "evaluation"),
        hashtag="#SFPCLearningEvent",
        reach="More than 600 people from across the UK: councils, central government, the voluntary sector and health.",
        thanks="With thanks to all who presented, chaired, asked and listened.",
        takes_registrations=False,
    ),
    EventFacts(
        SOCIAL_CARE_REFORM,
        NETWORK_EVENT,
        "What the Chief Social Worker showed the network of principal social workers about the reform.",
        "Slides on the state of the reform and on the year ahead, with a reflective tool for members to take home.\n\n"
        "The hours are not known, nor whether people met in a room or online.",
        Format.UNKNOWN,
        (DayFacts(date(2024, 4, 30)),),
        *KEEPER,
        sessions=_NETWORK_SESSIONS,
        themes=(
            "family-help",
            "child-protection",
            "family-networks",
            "stable-homes",
            "social-workers",
            "learning-system",
        ),
        takes_registrations=False,
    ),
)

REAL = Facts(
    demonstration=False,
    organisations=(*ORGANISATIONS, *pathfinder.ORGANISATIONS),
    programmes=(*PROGRAMMES, pathfinder.PROGRAMME),
    speakers=SPEAKERS,
    events=EVENTS,
)
