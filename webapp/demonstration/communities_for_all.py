"""What the invented people write where all of the programme, or everybody, reads it."""

from webapp.demonstration.communities_facts import (
    AMINA,
    EXCHANGE,
    FERN,
    GRACE,
    HUW,
    IDRIS,
    KWAME,
    LEON,
    MORGAN,
    NADIRA,
    NETWORKS,
    OWEN,
    PIPPA,
    READING,
    ROBIN,
    RUTH,
    SAMIRA,
    SORCHA,
    TOMASZ,
)
from webapp.demonstration.communities_shapes import PollFacts, PostFacts, TopicFacts
from webapp.models.topics import TopicKind

__all__ = ["FOR_ALL"]

_QUESTION = TopicKind.QUESTION
_NEWS = TopicKind.ANNOUNCEMENT
_HOW = "How we do it"
_PEOPLE = "Teams and supervision"
_SYSTEMS = "Data and systems"

FOR_ALL = (
    TopicFacts(
        NETWORKS,
        "How soon do you offer a family meeting?",
        22,
        (
            PostFacts(
                OWEN,
                (
                    "Before any plan, and before most professionals have met. We offer it in the first conversation, "
                    "in words that a tired person can take in: *“Who would you like around the table?”*"
                ),
            ),
            PostFacts(
                KWAME,
                "And when they say nobody?",
                4,
            ),
            PostFacts(
                OWEN,
                (
                    "{quote 2}\n\nThen we ask who used to be there. Seven times in ten there is somebody. Once it "
                    "was a bus driver."
                ),
                2,
            ),
            PostFacts(
                FERN,
                "Please also ask *whom not*. Safety is who you leave out.",
                6,
            ),
            PostFacts(
                SORCHA,
                "{quote 4}\n\nWe have put that sentence into our guide, with your leave.",
                18,
            ),
            PostFacts(
                KWAME,
                "Withdrawn: I posted this in the wrong topic.",
                deleted=True,
            ),
        ),
        category=_HOW,
        strand="family-networks",
    ),
    TopicFacts(
        NETWORKS,
        "Kinship carers: the first ten days",
        11,
        (
            PostFacts(
                SORCHA,
                (
                    "A grandmother said yes on a Friday night. By Monday she had three children, no beds and eleven "
                    "telephone numbers. **What does your area do in the first ten days?**"
                ),
            ),
            PostFacts(
                OWEN,
                (
                    "One person, one number, a card with money on it the same day, and a second visit on day three "
                    "that asks about *her* sleep."
                ),
                7,
            ),
            PostFacts(
                RUTH,
                "Who pays for the card? Our finance team asks for a form that takes nine days.",
                15,
            ),
            PostFacts(
                IDRIS,
                "We advance a small fund to each team, and account for it each quarter. I will post our wording.",
                5,
            ),
        ),
        kind=_QUESTION,
        category="Kinship carers",
        strand="family-networks",
        same=(FERN, KWAME, SAMIRA, NADIRA),
    ),
    TopicFacts(
        NETWORKS,
        "Family meetings online: worth it, or never?",
        4,
        (
            PostFacts(
                HUW,
                (
                    "An aunt in another country joined by telephone from a kitchen chair, and changed the plan. I "
                    "was wrong about online."
                ),
            ),
            PostFacts(
                FERN,
                (
                    "Only if the family chooses it. We once sat in front of a screen for an hour, because it suited "
                    "the diary of one professional."
                ),
                9,
            ),
            PostFacts(
                ROBIN,
                "We ask on the invitation: *in the room, by telephone, or both?* Most say both.",
                4,
            ),
        ),
        category=_HOW,
        strand="family-networks",
    ),
    TopicFacts(
        NETWORKS,
        "Who may be told what: sharing with a family network",
        58,
        (
            PostFacts(
                GRACE,
                "Before a family meeting, who decides what the network may know of a parent’s health?",
            ),
            PostFacts(
                OWEN,
                (
                    "The parent does, on one sheet with three columns: *all may know*, *these people may know*, "
                    "*nobody*."
                ),
                5,
            ),
            PostFacts(
                GRACE,
                "Closing this, since the sheet is in the library now.",
                170,
            ),
        ),
        kind=_QUESTION,
        category=_HOW,
        accepted=2,
        closed=True,
    ),
    TopicFacts(
        EXCHANGE,
        "Read this first: what is public here, and what is not",
        120,
        (
            PostFacts(
                MORGAN,
                (
                    "Everybody can read this community, members of the programme write in it. So write nothing here "
                    "that you would not say in a room with a journalist, a parent and your own manager. For "
                    "everything else your wave has a community of its own."
                ),
            ),
        ),
        kind=_NEWS,
        pinned=True,
    ),
    TopicFacts(
        EXCHANGE,
        "What is a lead practitioner?",
        74,
        (
            PostFacts(
                NADIRA,
                "I read the word in four documents, and it means three things. In one sentence, what is it?",
            ),
            PostFacts(
                AMINA,
                (
                    "The one person who works with the whole family, writes the plan with them, and brings in "
                    "everybody else, whatever their profession."
                ),
            ),
            PostFacts(
                PIPPA,
                "Can it be a teacher?",
                10,
            ),
            PostFacts(
                AMINA,
                (
                    "It can be anybody who has the time, the training and the supervision. Time is what teachers "
                    "lack most."
                ),
                2,
            ),
        ),
        kind=_QUESTION,
        category=_PEOPLE,
        accepted=2,
        same=(FERN, LEON, SAMIRA),
    ),
    TopicFacts(
        EXCHANGE,
        "A chart that changed a meeting",
        30,
        (
            PostFacts(
                TOMASZ,
                (
                    "We show **days from the first call to the first visit**, each family one dot. No average. In "
                    "the second week somebody pointed to a dot on the far right and said: *that is mine, and I know "
                    "why.* That was the meeting."
                ),
            ),
            PostFacts(
                LEON,
                "How do you keep it from becoming a league table?",
                6,
            ),
            PostFacts(
                TOMASZ,
                "Teams have no names on it. Everybody knows their own dot.",
            ),
            PostFacts(
                SAMIRA,
                "We showed ours to parents. They asked for a second chart: days in which nobody rang back.",
                50,
            ),
        ),
        category=_SYSTEMS,
        strand="data",
    ),
    TopicFacts(
        EXCHANGE,
        "Words that we have stopped using",
        8,
        (
            PostFacts(
                FERN,
                (
                    "A list that parents in three areas made. Please use it in your letters:\n\n- not *hard to "
                    "reach*: **we have not reached them yet**\n- not *did not engage*: **did not come, and we did "
                    "not ask why**\n- not *placement*: **home**\n- not *contact*: **time with their family**"
                ),
            ),
            PostFacts(
                SORCHA,
                "Printed and on the wall. May I add *not known to us*? It sounds like an accusation.",
                8,
            ),
            PostFacts(
                FERN,
                "Please do.",
                1,
            ),
        ),
        category=_HOW,
        strand="voice",
    ),
    TopicFacts(
        READING,
        "This month: who holds the worry?",
        18,
        (
            PostFacts(
                SORCHA,
                (
                    "This month’s question is for the meeting in two weeks: *where does the worry go at the end of "
                    "the day?* Bring one example from your own practice, changed so that nobody could be recognised."
                ),
            ),
            PostFacts(
                HUW,
                "I bring a team that writes the worry on a card, and leaves it with the manager until morning.",
                9,
            ),
            PostFacts(
                KWAME,
                "And the manager?",
                1,
            ),
            PostFacts(
                HUW,
                "Has a card of their own. That is the point.",
                1,
            ),
            PostFacts(
                ROBIN,
                "Can we read something short on supervision in groups next? I am to begin one.",
                40,
            ),
        ),
        poll=PollFacts(
            "What do we read next?",
            (
                "Something short on supervision in groups",
                "A chapter on reflective case discussion",
                "Nothing: we talk about our own practice",
            ),
            ((SORCHA, (1, 3)), (HUW, (1,)), (KWAME, (2,)), (ROBIN, (1, 2))),
            most=2,
        ),
    ),
)
