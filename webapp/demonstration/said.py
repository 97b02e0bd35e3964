"""What invented people wrote in answer to surveys, by the question, with the themes that an analyst found in it.

Each sentence is given to one of them, so that in one survey nobody says word for word what
somebody else said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Said:
    """One answer in words, and the themes put on it."""

    text: str
    themes: tuple[str, ...] = ()


FIRST_THING = "What is the first thing that you will do with it?"
HINDRANCE = "What is it, and what would help?"
KEEP_OR_CHANGE = "What should we keep, and what should we change?"
IN_THE_WAY = "What got in the way?"
TAKE_AWAY = "Which of these did you take away?"
REMEMBERED = "What will you remember of it?"
DIFFERENTLY = "What did you do differently?"
NEXT_STEP = "What would help you to go further?"

_LISTENING, _WRITING, _TEAM, _PARTNERS = "Listening first", "Writing together", "Talking in the team", "Partners"
_TIME, _FORMS, _MANAGERS = "Time and caseload", "Forms and systems", "Support from managers"
_PACE, _TECHNOLOGY, _PEOPLE = "Agenda and pace", "Technology", "Who was there"

SAID: Mapping[str, Sequence[Said]] = {
    FIRST_THING: (
        Said("Ask one question less and wait longer for the answer.", (_LISTENING,)),
        Said("Read the plan aloud to those whom it is about, and write down what they change.", (_WRITING,)),
        Said("Bring the school in before the first meeting, not after it.", (_PARTNERS,)),
        Said("Draw the week with them instead of asking for the feelings.", (_LISTENING,)),
        Said("Show my team the three plans and ask which one a child would recognise.", (_TEAM, _WRITING)),
        Said("Say on the telephone who I am, why I come and how long I stay.", (_LISTENING,)),
        Said("Send a photograph of myself before I knock.", (_LISTENING,)),
        Said("Leave a copy of what I wrote on the kitchen table, and come back for the corrections.", (_WRITING,)),
        Said("Ten minutes about one visit in each team meeting, without advice in the first five.", (_TEAM,)),
        Said("Ring the health visitor before the visit, so that nobody has to tell it all twice.", (_PARTNERS,)),
        Said("Ask what went well before, and put that at the top of the note.", (_LISTENING, _WRITING)),
        Said("Go with a colleague from the charity next door, once, and see how they do it.", (_PARTNERS, _TEAM)),
        Said("Practise the first two minutes with the student whom I supervise.", (_TEAM,)),
    ),
    HINDRANCE: (
        Said("Caseloads. It would help to have two visits counted as one piece of work.", (_TIME,)),
        Said("Nothing in our forms has room for a drawing.", (_FORMS,)),
        Said("The note must be in the system by noon of the next day. Two days would do.", (_FORMS, _TIME)),
        Said("My manager is for it, the one above has other numbers to reach.", (_MANAGERS,)),
        Said("Half of the team is new, and I spend my time on finding agency staff.", (_TIME,)),
        Said("We cannot print where families live. A cheap printer in the car is all I ask for.", (_FORMS,)),
        Said("Somebody would have to say that slower is allowed.", (_MANAGERS, _TIME)),
        Said("Travel: three of my families live an hour apart.", (_TIME,)),
    ),
    KEEP_OR_CHANGE: (
        Said("More time for the groups; the plenaries could be shorter.", (_PACE,)),
        Said("Keep the break between the sessions. That is where people talked.", (_PACE,)),
        Said("Somebody from the nurseries was missing.", (_PEOPLE,)),
        Said("Please go on asking parents to open the day. I listened differently after that.", (_PEOPLE,)),
        Said("The sound dropped whenever somebody shared a film.", (_TECHNOLOGY,)),
        Said("Slides beforehand, so that I can make notes on them.", (_TECHNOLOGY,)),
        Said("I would start at half past nine and end before the school run.", (_PACE,)),
        Said("Rooms of six, not of twelve: in ours only four people spoke.", (_PACE, _PEOPLE)),
        Said("Captions were good. Keep them on by default.", (_TECHNOLOGY,)),
        Said("An hour on night shifts and residential work next time.", (_PEOPLE,)),
        Said("Keep it as it is."),
    ),
    IN_THE_WAY: (
        Said("Our network blocks the meeting program, so I listened on my telephone in the car park.", (_TECHNOLOGY,)),
        Said("A duty call in the middle of the second session."),
        Said("I had no second screen for the captions.", (_TECHNOLOGY,)),
        Said("It was our busiest weekday.", (_TIME,)),
        Said("My camera may not be on at work, and in the groups that felt rude.", (_TECHNOLOGY,)),
        Said("I share one laptop with the night staff.", (_TECHNOLOGY,)),
        Said("The interpreter was booked for the afternoon only.", (_PEOPLE,)),
    ),
    TAKE_AWAY: (
        Said("A list of books"),
        Said("The courage to be slower"),
        Said("Questions for supervision"),
        Said("A film to show to students"),
        Said("Two new colleagues"),
    ),
    REMEMBERED: (
        Said("That silence is an answer, too."),
        Said("The grandmother who corrected the note in red ink."),
        Said("Who calls decides what the visit is going to be."),
        Said("How long ten seconds are."),
        Said("The shoes in the hall: look at them, and say nothing."),
        Said("That he remembered the biscuits and not the plan."),
        Said("The sentence that they wanted to have taken out."),
        Said("You can write it so that it may be read aloud."),
    ),
    DIFFERENTLY: (
        Said("I ring twice before a first visit: once to say who I am, once to ask whether it still suits.",
             (_LISTENING,)),
        Said("We write the last paragraph of the note together, on my laptop, at the table.", (_WRITING,)),
        Said("I stopped bringing the form to the first visit.", (_LISTENING, _FORMS)),
        Said("The school nurse and I go together now. One of us listens, the other one takes notes.", (_PARTNERS,)),
        Said("In the team we play the first two minutes to each other, once a month.", (_TEAM,)),
        Said("I leave my name, my days and a number that is answered.", (_LISTENING,)),
        Said("I ask whom they would like to have beside them.", (_LISTENING,)),
        Said("Every letter of mine goes past a parent adviser first. It takes a day, and saves three calls.",
             (_WRITING, _PARTNERS)),
        Said("My supervisor and I look at one note each month that a family has corrected.", (_WRITING, _TEAM)),
        Said("Less paper on my knees. It sounds small and is not.", (_LISTENING,)),
        Said("I tell at the end of a visit what I am going to write.", (_WRITING,)),
    ),
    NEXT_STEP: (
        Said("An afternoon to try it with people from other agencies.", (_PARTNERS, _TIME)),
        Said("A form with half as many boxes.", (_FORMS,)),
        Said("That somebody asks about it in supervision.", (_MANAGERS,)),
        Said("Seeing how another area does it, on the doorstep and not in slides.", (_PARTNERS,)),
        Said("Two free hours a week that are really free.", (_TIME,)),
        Said("A word from the director that longer first visits are wanted.", (_MANAGERS, _TIME)),
        Said("Films of good first minutes, with actors."),
        Said("Texts in plain words that I may copy.", (_WRITING,)),
    ),
}  # fmt: skip
