"""What the invented people of the first wave write to one another: questions, answers, issues."""

from webapp.demonstration.communities_facts import (
    AMINA,
    DEV,
    GRACE,
    IDRIS,
    MORGAN,
    OWEN,
    ROBIN,
    RUTH,
    SORCHA,
    TOMASZ,
    WAVE_ONE,
)
from webapp.demonstration.communities_shapes import PostFacts, TopicFacts
from webapp.models.topics import IssueStage, TopicKind

__all__ = ["OF_WAVE_ONE"]

_QUESTION = TopicKind.QUESTION
_ISSUE = TopicKind.ISSUE
_NEWS = TopicKind.ANNOUNCEMENT
_HOW = "How we do it"
_PEOPLE = "Teams and supervision"
_SYSTEMS = "Data and systems"

OF_WAVE_ONE = (
    TopicFacts(
        WAVE_ONE,
        "Welcome, and how this community works",
        96,
        (
            PostFacts(
                MORGAN,
                (
                    "Welcome, all three areas.\n\nThis is the place for what does not fit into a report:\n\n- "
                    "**ask** when you are stuck, and mark the answer that helped\n- **raise an issue** when "
                    "something stands in everybody’s way; one of us takes it on and says here what became of it\n- "
                    "**tell** the others what you stopped doing, too\n\nLetters come once a day. You can choose "
                    "another pace at any time."
                ),
            ),
            PostFacts(
                RUTH,
                "Thank you. I would add: *half-finished thoughts are welcome.* We learnt most from those.",
                5,
            ),
        ),
        kind=_NEWS,
        pinned=True,
    ),
    TopicFacts(
        WAVE_ONE,
        "Who leads when the lead practitioner is not a social worker?",
        41,
        (
            PostFacts(
                RUTH,
                (
                    "We now have nine lead practitioners who come from early help, health visiting and one from a "
                    "school. Families like it. What keeps me awake is supervision:\n\n1. Who signs off a plan when "
                    "worries grow?\n2. Who supervises a health visitor on family help work: our team, or "
                    "hers?\n\nWhat do you do in @amina-falkirk-osei’s teams?"
                ),
            ),
            PostFacts(
                AMINA,
                (
                    "Two lines, written down in one page:\n\n- **professional** supervision stays with the home "
                    "agency, every six weeks\n- **family** supervision is with the team manager, every three weeks, "
                    "and *that* is where a plan changes\n\nSign-off: the team manager, always a social worker, "
                    "within one working day of worries growing. The lead practitioner stays the lead for the family, "
                    "which is the point."
                ),
                4,
                paper=(
                    "Two lines of supervision on one page",
                    (
                        "Professional supervision stays with the home agency. Family supervision is with the team "
                        "manager. A plan changes in family supervision and nowhere else. The family is told who "
                        "decides what."
                    ),
                ),
            ),
            PostFacts(
                GRACE,
                (
                    "{quote 2}\n\nAs the health visitor in question: it works because both supervisors *met once*, "
                    "for an hour, before we began. Without that I would have carried messages between two offices."
                ),
                20,
            ),
            PostFacts(
                DEV,
                (
                    "From the police side, please put the name of whoever decides on the front page. At two in the "
                    "morning we need one telephone number, and not a structure."
                ),
                7,
                before="From the police side, please put the name on the front page.",
            ),
            PostFacts(
                RUTH,
                "This is what I needed. We take the one page, and Dev’s telephone number, to our board on Thursday.",
                26,
            ),
            PostFacts(
                RUTH,
                (
                    "It went through, with one change: the *family* is told who decides what, in the first week, in "
                    "writing. A father on our board asked for that."
                ),
                150,
            ),
        ),
        kind=_QUESTION,
        category=_PEOPLE,
        strand="neighbourhood-help",
        accepted=2,
        same=(OWEN, SORCHA, ROBIN),
    ),
    TopicFacts(
        WAVE_ONE,
        "Health records: we may look, and nobody knows what we may write down",
        33,
        (
            PostFacts(
                GRACE,
                (
                    "Our family help teams may *read* the health visiting record with consent. Nobody can tell us "
                    "what may be copied into ours. Three teams do it in three ways."
                ),
            ),
            PostFacts(
                TOMASZ,
                (
                    "The same with us. I counted: in 40 plans of last month the same fact stands in up to four "
                    "places, and twice in different words."
                ),
                18,
            ),
            PostFacts(
                MORGAN,
                (
                    "I take this one on. I have asked the information governance leads of all three areas for one "
                    "joint answer."
                ),
                30,
            ),
            PostFacts(
                MORGAN,
                (
                    "A first answer: **a summary in the family’s own words, agreed with them, dated, with its "
                    "source**; no copies of clinical notes. The written version comes before the end of next month."
                ),
                200,
            ),
            PostFacts(
                SORCHA,
                "That we can teach in ten minutes. Thank you.",
                9,
            ),
        ),
        kind=_ISSUE,
        category=_SYSTEMS,
        strand="safety",
        same=(RUTH, DEV, IDRIS, ROBIN, AMINA),
        stage=IssueStage.LOOKED_AT,
        owner=MORGAN,
        due_in=24,
    ),
    TopicFacts(
        WAVE_ONE,
        "Families ask for one named person in the evening: nobody is funded for it",
        19,
        (
            PostFacts(
                ROBIN,
                (
                    "In nine of the last twelve family meetings somebody asked: *whom do we ring after five?* Our "
                    "answer is the out-of-hours team, who have never met them."
                ),
            ),
            PostFacts(
                IDRIS,
                (
                    "We asked our commissioners for a pilot: two evenings a week, one worker, one telephone. It "
                    "costs less than I feared. I can share the sums."
                ),
                22,
            ),
            PostFacts(
                ROBIN,
                "Yes please to the sums.",
                2,
            ),
        ),
        kind=_ISSUE,
        category=_HOW,
        strand="neighbourhood-help",
        same=(RUTH, OWEN),
        stage=IssueStage.RAISED,
    ),
    TopicFacts(
        WAVE_ONE,
        "One team, three case systems: what we gave up trying to do",
        26,
        (
            PostFacts(
                TOMASZ,
                (
                    "For a year we tried to join three case systems. We stopped. What we do now:\n\n1. one short "
                    "*family summary* that everybody may see\n2. a weekly check that the summary is younger than 14 "
                    "days\n3. a chart by team, shown on Mondays\n\nSummaries younger than 14 days went from 38% to "
                    "91% in four months. Nobody was told off; the chart was enough."
                ),
            ),
            PostFacts(
                SORCHA,
                "How long does one summary take to write?",
                6,
            ),
            PostFacts(
                TOMASZ,
                "Twelve minutes the first time, three when it is renewed. We timed thirty of them.",
                2,
            ),
            PostFacts(
                OWEN,
                (
                    "{quote 3}\n\nThree minutes is less than finding the right screen took before. We are going to "
                    "try this."
                ),
                16,
            ),
        ),
        category=_SYSTEMS,
        strand="data",
    ),
    TopicFacts(
        WAVE_ONE,
        "What we tell wave two on their first day",
        12,
        (
            PostFacts(
                AMINA,
                (
                    "Let us collect it here: **one sentence each, what you wish somebody had told you.** I "
                    "begin:\n\n> Move the desks before you move the budgets."
                ),
            ),
            PostFacts(
                OWEN,
                "Offer the family meeting *before* you have a plan. A plan on the table is a closed door.",
                1,
            ),
            PostFacts(
                RUTH,
                "Hire the administrator first.",
                1,
            ),
            PostFacts(
                DEV,
                "Invite the police to lunch, not to governance.",
                2,
            ),
            PostFacts(
                GRACE,
                "Ask health visitors which day they can. It is never Tuesday.",
                1,
            ),
            PostFacts(
                TOMASZ,
                "Count one thing from week one, even if it is the wrong thing.",
            ),
            PostFacts(
                SORCHA,
                "Read ten records together with the families whom they are about. Then write your practice guide.",
                4,
            ),
            PostFacts(
                ROBIN,
                "Ring on Fridays. Weekends are long.",
                2,
            ),
            PostFacts(
                IDRIS,
                "Sign short contracts with long notice.",
                6,
            ),
            PostFacts(
                AMINA,
                "Say out loud what you stop doing. Otherwise nobody stops.",
            ),
            PostFacts(
                OWEN,
                "Grandmothers arrive early. Have the kettle on.",
                12,
            ),
            PostFacts(
                RUTH,
                "Write the letter to families last, and let a parent read it first.",
                2,
            ),
            PostFacts(
                DEV,
                "Give every team the same telephone list. Print it.",
                4,
            ),
            PostFacts(
                GRACE,
                "Babies come to meetings. Have a mat.",
                1,
            ),
            PostFacts(
                TOMASZ,
                "Show the chart to the people in it before anybody else sees it.",
                5,
            ),
            PostFacts(
                SORCHA,
                "Protect an hour a week in which nobody may book anything.",
                2,
            ),
            PostFacts(
                ROBIN,
                "Take the bus to a visit once. You learn what it costs.",
            ),
            PostFacts(
                IDRIS,
                "Ask finance what worries them. They know things.",
                8,
            ),
            PostFacts(
                AMINA,
                "Celebrate the first plan that a family wrote. We have it on the wall, with their leave.",
            ),
            PostFacts(
                OWEN,
                "Keep a list of what families thanked you for. Read it in November.",
                2,
            ),
            PostFacts(
                RUTH,
                "Somebody will leave in month four. Plan for it.",
                5,
            ),
            PostFacts(
                DEV,
                "Tell us when it goes well. We only ever hear of the other days.",
                2,
            ),
            PostFacts(
                GRACE,
                "Teach the word *enough*.",
                1,
            ),
            PostFacts(
                MORGAN,
                "I am putting all of this into one page for the first day of wave two, without names. Thank you.",
                20,
            ),
        ),
        category=_HOW,
    ),
)
