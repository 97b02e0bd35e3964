"""Surveys that are ready to be taken and changed: what one asks after an event, a session, an issue, a while."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from webapp.models.organisations import Sector
from webapp.models.surveys_asked import NO, YES, Asked, Choice, Condition, Kind, Question, Row, Scale, Section


@dataclass(frozen=True, kw_only=True)
class ReadySurvey:
    """A survey to begin with: its key, what it is called and good for, and what it asks."""

    key: str
    title: str
    summary: str
    asked: Asked

    @property
    def minutes(self) -> int:
        """About how long answering takes: a long text a minute, everything else a quarter of one."""
        questions = [one for one in self.asked.questions if one.kind.is_asked]
        texts = sum(one.kind is Kind.LONG_TEXT for one in questions)
        return max(1, round(texts + (len(questions) - texts) / 4))


def ready_surveys() -> Sequence[ReadySurvey]:
    """All of them, in the order in which they are offered."""
    return READY


def find_ready(key: str) -> ReadySurvey | None:
    """The one of that key, or None."""
    return next((one for one in READY if one.key == key), None)


class _Writer:
    """Puts a document together and counts its numbers."""

    def __init__(self, introduction: str, thanks: str) -> None:
        self.introduction = introduction
        self.thanks = thanks
        self.sections: list[tuple[int, str, str, list[Question]]] = []
        self.last = 0

    def _next(self) -> int:
        self.last += 1
        return self.last

    def section(self, title: str, text: str = "") -> None:
        self.sections.append((self._next(), title, text, []))

    def ask(
        self,
        kind: Kind,
        label: str,
        *choices: str,
        rows: Sequence[str] = (),
        other: bool = False,
        after: tuple[int, Sequence[int]] | None = None,
        **more: Any,
    ) -> int:
        """Ask one more question, `after` those answers to an earlier one, and give its number."""
        no = self._next()
        last = len(choices) + len(rows)
        question = Question(
            no=no,
            kind=kind,
            label=label,
            choices=tuple(Choice(no=number, label=text) for number, text in enumerate(choices, 1)),
            rows=tuple(Row(no=number, label=text) for number, text in enumerate(rows, len(choices) + 1)),
            other=last + 1 if other else 0,
            last=last + other,
            shown=Condition(question=after[0], values=tuple(after[1])) if after else None,
            **more,
        )
        self.sections[-1][3].append(question)
        return no

    def document(self) -> Asked:
        sections = tuple(
            Section(no=no, title=title, help=text, questions=tuple(questions))
            for no, title, text, questions in self.sections
        )
        return Asked(introduction=self.introduction, thanks=self.thanks, sections=sections, last=self.last)


def _event() -> Asked:
    write = _Writer(
        "Tell us how the event was for you. It takes about four minutes, and what you say decides what we change.",
        "Thank you. The organisers read every answer before they plan the next event.",
    )
    write.section("The event as a whole")
    write.ask(
        Kind.RATING, "How useful was the event for your work?", low="Not useful", high="Very useful", required=True
    )
    write.ask(
        Kind.MATRIX,
        "How well did these go?",
        "Badly",
        "Fairly well",
        "Well",
        "Very well",
        rows=("Registering and joining instructions", "The agenda and its pace", "Sound, picture or rooms",
              "Chances to ask and to talk to others"),
    )  # fmt: skip
    write.ask(
        Kind.SEVERAL_CHOICES,
        "Which of these did you take away?",
        "Something new about practice",
        "An idea from another area",
        "Somebody to get in touch with",
        "Material to use with my team",
        "Nothing new this time",
        other=True,
    )
    write.section("What comes of it")
    write.ask(Kind.LIKERT, "I know what I want to do differently", scale=Scale.AGREEMENT)
    write.ask(Kind.LIKERT, "I could explain what I learnt to a colleague", scale=Scale.AGREEMENT)
    write.ask(Kind.LONG_TEXT, "What is the first thing that you will do with it?")
    hindered = write.ask(Kind.YES_NO, "Is there something that could stop you?")
    write.ask(Kind.LONG_TEXT, "What is it, and what would help?", after=(hindered, [YES]))
    write.section("Next time")
    write.ask(
        Kind.RECOMMENDATION,
        "How likely are you to recommend an event like this to a colleague?",
        low="Not at all likely",
        high="Extremely likely",
    )
    write.ask(Kind.LONG_TEXT, "What should we keep, and what should we change?")
    barrier = write.ask(
        Kind.YES_NO, "Could you take part as you wanted to?", help="Think of access, timing, technology and cost."
    )
    write.ask(Kind.LONG_TEXT, "What got in the way?", after=(barrier, [NO]))
    return write.document()


def _session() -> Asked:
    write = _Writer(
        "Two minutes about this session, while it is fresh.",
        "Thank you. The speakers see what you said, without your name.",
    )
    write.section("This session")
    write.ask(Kind.RATING, "How useful was this session?", low="Not useful", high="Very useful", required=True)
    write.ask(Kind.LIKERT, "It was clear what the speakers wanted us to take away", scale=Scale.AGREEMENT)
    write.ask(Kind.LIKERT, "There was enough time for questions", scale=Scale.AGREEMENT)
    write.ask(Kind.ONE_CHOICE, "How was the level for you?", "Too basic", "About right", "Too advanced")
    write.ask(Kind.SHORT_TEXT, "What is the one thing that you will remember?")
    write.ask(Kind.LONG_TEXT, "What was left open?", help="A question to the speakers, or something to come back to.")
    return write.document()


def _journal() -> Asked:
    write = _Writer(
        "A short survey about this issue of the journal. What you say shapes the next one.",
        "Thank you for reading, and for telling us.",
    )
    write.section("This issue")
    read = write.ask(
        Kind.ONE_CHOICE,
        "How much of this issue have you read?",
        "All of it", "Several articles", "One article", "I looked through it", "Nothing yet",
        required=True,
    )  # fmt: skip
    write.ask(Kind.LIKERT, "How useful was what you read?", scale=Scale.USEFULNESS, after=(read, [1, 2, 3, 4]))
    write.ask(Kind.SHORT_TEXT, "Which article helped you most?", after=(read, [1, 2, 3]))
    write.ask(
        Kind.SEVERAL_CHOICES,
        "What will you do with it?",
        "Talk about it in my team",
        "Pass it on to a colleague",
        "Try something in practice",
        "Get in touch with an area or author",
        "Keep it for later",
        "Nothing for now",
        other=True,
        after=(read, [1, 2, 3, 4]),
    )
    write.section("The next issues")
    write.ask(
        Kind.RANKING,
        "What would you like to read more of?",
        "Voices of children and families",
        "How an area did it, step by step",
        "What research and evaluation say",
        "Tools and templates",
        "Interviews",
        help="Give 1 to what you want most. You need not rank all of them.",
    )
    write.ask(Kind.LONG_TEXT, "What question about your work should an article answer?")
    write.ask(Kind.YES_NO, "Could your area or team write about something?")
    return write.document()


def _practice() -> Asked:
    write = _Writer(
        "About ten weeks ago you took part in a learning event. Tell us what, if anything, came of it: that little"
        " changed is as useful to know as that much did.",
        "Thank you. Together, these answers show what learning does in practice.",
    )
    write.section("What you did")
    changed = write.ask(
        Kind.ONE_CHOICE,
        "Have you done something differently because of it?",
        "Yes, and it has stayed", "Yes, I tried it once or twice", "Not yet, but I plan to", "No",
        required=True,
    )  # fmt: skip
    write.ask(Kind.LONG_TEXT, "What did you do differently?", help="Please name no child and no family.",
              after=(changed, [1, 2]))  # fmt: skip
    write.ask(Kind.LIKERT, "How useful was it in practice?", scale=Scale.USEFULNESS, after=(changed, [1, 2]))
    write.ask(
        Kind.SEVERAL_CHOICES,
        "Who noticed a difference?",
        "Children or families",
        "My team",
        "My manager",
        "Partners in other agencies",
        "Nobody that I know of",
        other=True,
        after=(changed, [1, 2]),
    )
    write.ask(
        Kind.SEVERAL_CHOICES,
        "What has stood in the way?",
        "Time and caseload",
        "No support from managers",
        "Partners were not on board",
        "It did not fit our area",
        "I was not sure how to begin",
        other=True,
        after=(changed, [3, 4]),
    )
    write.section("Where you are now")
    write.ask(Kind.LIKERT, "How confident are you in using what you learnt?", scale=Scale.CONFIDENCE)
    shared = write.ask(Kind.YES_NO, "Have you shared what you learnt with others?")
    write.ask(Kind.NUMBER, "With about how many people?", help="A rough number is enough.", after=(shared, [YES]))
    write.ask(Kind.LONG_TEXT, "What would help you to go further?")
    return write.document()


def with_about_you(asked: Asked) -> Asked:
    """The document with a last section that asks for sector and role, by which results are then split."""
    no = asked.last
    roles = (
        "Practitioner",
        "Manager or supervisor",
        "Senior leader",
        "Commissioner or policy lead",
        "Lived experience",
    )
    questions = (
        ("Which sector do you work in?", tuple(sector.label for sector in Sector), False),
        ("What do you do there?", roles, True),
    )
    made = tuple(
        Question(
            no=no + place,
            kind=Kind.ONE_CHOICE,
            label=label,
            choices=tuple(Choice(no=number, label=text) for number, text in enumerate(choices, start=1)),
            other=len(choices) + 1 if other else 0,
            last=len(choices) + other,
            splits=True,
        )
        for place, (label, choices, other) in enumerate(questions, start=2)
    )
    section = Section(no=no + 1, title="About you", help=ABOUT_YOU, questions=made)
    return replace(asked, sections=(*asked.sections, section), last=no + 3)


ABOUT_YOU = "So that we see whether it was useful to everybody. You may leave it out. Few people are never shown."

READY = (
    ReadySurvey(
        key="event",
        title="Event feedback",
        summary="How useful it was, what people took away, what they will do, and what to change next time",
        asked=_event(),
    ),
    ReadySurvey(
        key="session",
        title="Session feedback",
        summary="Six short questions about one session, for its speakers",
        asked=_session(),
    ),
    ReadySurvey(
        key="journal",
        title="Journal feedback",
        summary="What people read of an issue, what they will do with it, and what they want to read next",
        asked=_journal(),
    ),
    ReadySurvey(
        key="practice",
        title="Change in practice after ten weeks",
        summary="What people did differently since, who noticed, and what stood in the way",
        asked=_practice(),
    ),
)
