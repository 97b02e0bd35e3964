"""The agenda of the invented event that is open: two days, three streams beside each other, plenaries for all."""

from datetime import time

from webapp.demonstration.shapes import ContributionFacts, SessionFacts, organisation, speaker
from webapp.models.agenda import ContributionRole, SessionKind

PRACTICE, PARTNERS, LEARNING = "Direct work with families", "Working as one team", "Learning and leading"
STREAMS = (PRACTICE, PARTNERS, LEARNING)
ROOMS = {PRACTICE: "Weir Room", PARTNERS: "Lock Room", LEARNING: "Towpath Studio"}
HALL = "Main hall"

_CHAIR, _PANEL, _HOST = ContributionRole.CHAIR, ContributionRole.PANELLIST, ContributionRole.FACILITATOR

NGOZI, SEUN, SIAN = "Ngozi Thistlewood", "Dr Oluwaseun Adébáyọ̀-Whitcombe", "Siân Llewelyn-Prys"
BART, GOSIA = "Bartholomew Featherstonehaugh-Okonkwo", "Małgorzata Wrzesińska"
HARRIET, TOBIAS = "Detective Inspector Harriet Ravensbourne-Malik", "Tobias Quennell"
PRIYANKA, JO, IFEOMA = "Priyanka Vaidyanathan-Holloway", "Jo Lund", "Professor Ifeoma Castellane"
CALUM, WINIFRED = "Calum Strathdearn", "Winifred Abara-Lindqvist"
RHODRI, ZEYNEP = "Rhodri Pembury", "Zeynep Arkwright"

_Slot = tuple[time, time]
_ARRIVE, _OPENING, _PAUSE = (time(9, 30), time(9, 50)), (time(9, 50), time(10, 40)), (time(10, 40), time(11))
_FIRST, _LUNCH, _SECOND = (time(11), time(12)), (time(12), time(13)), (time(13), time(14))
_THIRD, _TEA, _CLOSING = (time(14, 10), time(15, 10)), (time(15, 10), time(15, 25)), (time(15, 25), time(16))


def _all(
    day: int, times: _Slot, title: str, summary: str, themes: str, *contributions: ContributionFacts
) -> SessionFacts:
    return SessionFacts(
        day, title, summary, "", SessionKind.PLENARY, times, None, HALL, tuple(themes.split()), contributions
    )


def _break(day: int, times: _Slot, title: str) -> SessionFacts:
    return SessionFacts(day, title, kind=SessionKind.BREAK, times=times)


def _one(
    day: int,
    times: _Slot,
    stream: str,
    title: str,
    summary: str,
    description: str,
    themes: str,
    *contributions: ContributionFacts,
) -> SessionFacts:
    return SessionFacts(
        day,
        title,
        summary,
        description,
        times=times,
        stream=stream,
        room=ROOMS[stream],
        themes=tuple(themes.split()),
        contributions=contributions,
    )


_FIRST_DAY = (
    _all(
        0,
        _ARRIVE,
        "Welcome to Marlbridge",
        "Who is here, what will happen, and where the quiet room is.",
        "",
        speaker(NGOZI, _CHAIR),
    ),
    _all(
        0,
        _OPENING,
        "What did you hope for when you rang us?",
        "A parent and a director compare notes on the first conversation.",
        "voice neighbourhood-help",
        speaker(TOBIAS),
        speaker(NGOZI),
    ),
    _break(0, _PAUSE, "Coffee and tea"),
    _one(
        0,
        _FIRST,
        PRACTICE,
        "The first twenty minutes at the door",
        "Small things that make a visit bearable, practised in pairs.",
        "Shoes on or off? Who sits where? What do you say about the notebook? You will try several beginnings of the "
        "same visit, and swap places with the family.",
        "neighbourhood-help voice",
        speaker(GOSIA, _HOST),
    ),
    _one(
        0,
        _FIRST,
        PARTNERS,
        "One front door, four telephones: how police, health, schools and social care answer together",
        "A shared front door after three years, with its figures.",
        "Harriet and Rhodri walk through one ordinary Tuesday at the front door, call by call, and show where the four "
        "agencies still trip over each other.",
        "safety",
        speaker(HARRIET),
        speaker(RHODRI),
    ),
    _one(
        0,
        _FIRST,
        LEARNING,
        "Is it any help? Choosing five measures and dropping fifty",
        "How Oxenvale cut its report to one page.",
        "Bring your own dashboard. By the end of the hour you will have crossed something out.",
        "data",
        speaker(CALUM, _HOST),
    ),
    _break(0, _LUNCH, "Lunch"),
    _one(
        0,
        _SECOND,
        PRACTICE,
        "Family meetings around a kitchen table",
        "Preparing, hosting and stepping back.",
        "Most of the work happens before anybody sits down. Siân shows how invitations are made, what to do about the "
        "uncle whom nobody mentions, and when to leave the room.",
        "family-networks",
        speaker(SIAN),
    ),
    _one(
        0,
        _SECOND,
        PARTNERS,
        "School in the plan, and the plan in school",
        "Attendance as a shared question rather than a letter home.",
        "Two schools describe what changed when a family help practitioner had a desk beside reception.",
        "neighbourhood-help safety",
        speaker(PRIYANKA),
        organisation("Canal Street Primary School, Marlbridge"),
    ),
    _one(
        0,
        _SECOND,
        LEARNING,
        "Supervision when the worry will not go away",
        "A reflective hour for those who supervise others.",
        "Seun offers a way to slow a conversation down, to be tried on a short, anonymous case.",
        "wellbeing",
        speaker(SEUN, _HOST),
    ),
    _one(
        0,
        _THIRD,
        PRACTICE,
        "Late buses: youth work in the hours when offices are closed",
        "Where teenagers are at ten in the evening, and who is there with them.",
        "Jo and Zeynep share a rota, a van and a telephone. Each of them can do things that the other cannot.",
        "edge-of-care",
        speaker(JO),
        speaker(ZEYNEP),
    ),
    _one(
        0,
        _THIRD,
        PARTNERS,
        "Information sharing without the folklore",
        "What you may share, what you must, and what people merely believe.",
        "Twelve short situations, a show of hands on each, and then the answer with its source.",
        "safety data",
        speaker(HARRIET),
        speaker(BART, _CHAIR),
    ),
    _one(
        0,
        _THIRD,
        LEARNING,
        "What becomes of a pilot when the money ends?",
        "Findings from nine services, five years on.",
        "Four of the nine still run. Ifeoma compares them with the others, and asks what you would protect first.",
        "data",
        speaker(IFEOMA),
    ),
    _break(0, _TEA, "Tea"),
    _all(
        0,
        _CLOSING,
        "One thing to try before tomorrow",
        "Ten minutes alone, ten with a neighbour, ten together.",
        "",
        speaker(BART, _HOST),
    ),
)

_SECOND_DAY = (
    _all(
        1,
        _ARRIVE,
        "Good morning, and what we heard yesterday",
        "Last night’s cards, read aloud.",
        "voice",
        speaker(BART, _CHAIR),
    ),
    _all(
        1,
        _OPENING,
        "Grandparents, aunts, neighbours: a panel on bringing up somebody else’s child",
        "Kinship care from inside the house.",
        "family-networks voice",
        speaker(SIAN, _CHAIR),
        speaker(WINIFRED, _PANEL),
        speaker(PRIYANKA, _PANEL),
        speaker(TOBIAS, _PANEL),
    ),
    _break(1, _PAUSE, "Coffee and tea"),
    _one(
        1,
        _FIRST,
        PRACTICE,
        "Talking with fathers who were never invited",
        "Finding, asking and including fathers.",
        "With recordings made by actors. You will rewrite three letters that fathers threw away.",
        "family-networks",
        organisation("Fathers Together Eastmere"),
    ),
    _one(
        1,
        _FIRST,
        PARTNERS,
        "Health visitors and family help: the handover that is not one",
        "Staying involved while somebody else leads.",
        "Rhodri and Gosia follow a baby’s first year through both services, and mark each point at which the family "
        "had to tell its story again.",
        "neighbourhood-help",
        speaker(RHODRI),
        speaker(GOSIA),
    ),
    _one(
        1,
        _FIRST,
        LEARNING,
        "Reading records with the people they are about",
        "Audit as a conversation.",
        "How one council asks families to comment on what was written, and what their comments did to the writing.",
        "voice data",
        speaker(BART),
    ),
    _break(1, _LUNCH, "Lunch"),
    _one(
        1,
        _SECOND,
        PRACTICE,
        "Going home: reunification step by step",
        "Plans for a return that lasts.",
        "A worked example over eighteen months, with the two weeks in which it nearly failed.",
        "edge-of-care family-networks",
        speaker(ZEYNEP),
    ),
    _one(
        1,
        _SECOND,
        PARTNERS,
        "Harm outside the home: mapping a street together",
        "A tabletop exercise with a map, for mixed groups of agencies.",
        "Each table receives a map, six cards and an hour. Please sit with people whom you do not know.",
        "safety edge-of-care",
        speaker(HARRIET, _HOST),
        speaker(JO, _HOST),
    ),
    _one(
        1,
        _SECOND,
        LEARNING,
        "Keeping good people: caseloads, breaks and the second year",
        "Why practitioners leave, asked of those who did.",
        "Findings from eighty leaving conversations, and four changes that cost little.",
        "wellbeing",
        speaker(IFEOMA),
        speaker(SEUN),
    ),
    _one(
        1,
        _THIRD,
        PRACTICE,
        "When a child says nothing",
        "Play, drawing, walking and waiting.",
        "Ways of spending time with a child who has no reason to trust you yet. Wear shoes that you can kneel in.",
        "voice",
        speaker(GOSIA, _HOST),
        speaker(TOBIAS),
    ),
    _one(
        1,
        _THIRD,
        PARTNERS,
        "Housing at the table from the start",
        "Arrears, repairs and overcrowding as part of the family’s plan.",
        "A housing officer explains what can be done in week one and cannot be done in week thirty.",
        "neighbourhood-help",
        organisation("Kelder Housing Association"),
    ),
    _one(
        1,
        _THIRD,
        LEARNING,
        "Leading a change that you did not choose: a clinic for managers in the middle",
        "Bring a dilemma, leave with a next step.",
        "Ngozi takes three dilemmas from the room. What is said here is not written down.",
        "wellbeing",
        speaker(NGOZI, _HOST),
    ),
    _break(1, _TEA, "Tea"),
    _all(
        1,
        _CLOSING,
        "What we will do differently, and who will ask us about it",
        "Promises in pairs, with a date on which to telephone.",
        "",
        speaker(NGOZI, _CHAIR),
        speaker(TOBIAS),
    ),
)

SESSIONS = _FIRST_DAY + _SECOND_DAY
