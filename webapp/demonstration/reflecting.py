"""A reflective tool on the four outcomes of the National Framework, and what an invented person and team wrote.

The names of the outcomes are those of the Children's Social Care National Framework of December 2023; the prompts are
our own, and so is every word that is written with them.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from config import Settings
from webapp.demonstration.accounts import PRACTITIONER
from webapp.demonstration.invented_programme import PATHWAYS
from webapp.demonstration.letters import settle
from webapp.demonstration.loading import Loaded
from webapp.demonstration.meetings import MEMBERS
from webapp.extensions import db
from webapp.folding import fold_email
from webapp.models.accounts import SYSTEM, Person, Viewer
from webapp.models.mailings import Letter
from webapp.models.reflections import Framework, Reflection, ReflectionEntry
from webapp.services import reflections as services
from webapp.services.reflections import EntryWords, OutcomeWords

TOOL = "The National Framework in our practice"
SUMMARY = (
    "For demonstration. The four outcomes are those of the Children’s Social Care National Framework of December 2023."
    " The prompts are Waymark’s own, written for this demonstration."
)
OUTCOMES = (
    (
        "Children, young people and families stay together and get the help they need",
        (
            "Think of a first visit or call of the last month: what will the family remember of it?",
            "When relationships in a family pull in different directions, who do you think it through with?",
        ),
    ),
    (
        "Children and young people are supported by their family network",
        (
            "Whom did you ask a family about who was not in the room?",
            "What did you try that was new to you, and how will you know whether it helped?",
        ),
    ),
    (
        "Children and young people are safe in and outside of their homes",
        (
            "What did a colleague ask you lately that made you look again?",
            "Which group or organisation near you do you know only by name, and what could be a first step?",
        ),
    ),
    (
        "Children in care and care leavers have stable, loving homes",
        (
            "After a child has come into care, what do you still offer to those who were their family before?",
            "What did you last speak up for, and what came of it?",
        ),
    ),
)
# By the place of the prompt: what was written on the first occasion and on the second.
ALONE = (
    {
        0: "That I was late, and that I said so. I asked what they would like to talk about first, which I usually do"
        " not. It took longer and went better.",
        2: "Nobody. I had the form open and filled it in as we spoke.",
        4: "Whether I would write the same if I knew that the family reads it.",
    },
    {
        0: "I now send my photograph and a line about myself before a first visit. Two families mentioned it.",
        2: "The aunt who does the school run. She came to the next meeting, and knew things none of us did.",
        5: "The boxing club behind the station. I will go there with the youth worker in the first week of next month.",
    },
)
TOGETHER = (
    {
        1: "We bring one such situation to each team meeting, with ten minutes on the clock and no advice in the first"
        " five.",
        3: "A meeting planned by the grandparents and not by us. We agreed to ask them after a month what it changed.",
        6: "Little. Contact is arranged, and after that it gets quiet. We want to name one of us for each family.",
    },
    {
        3: "They said that it was the first time they had been asked before and not after. We keep doing it.",
        6: "Three families have somebody they can ring. Two of them did.",
    },
)
TEAM = "Harbour family help"


def load_reflections(
    loaded: Loaded, people: dict[str, Person], *, now: datetime, settings: Settings | None
) -> Framework | None:
    """The tool with a reflection of one person and one of a team; None where it is there already."""
    programme = loaded.programmes[PATHWAYS]
    if db.session.scalar(select(Framework.id).where(Framework.programme_id == programme.id, Framework.title == TOOL)):
        return None
    then = now - timedelta(days=70)
    tool = _tool(programme.id, then)
    robin = _viewer(people[PRACTITIONER.email])
    entry = services.begin(
        tool.id, title="My first months in family help", team_id=None, held_on=then.date(), viewer=robin, now=then
    )
    _write(entry, ALONE, "supervision", robin, then)

    ailsa = _viewer(_person(MEMBERS[0].address))
    team = services.make_team(TEAM, viewer=ailsa, now=then)
    services.add_member(team.id, PRACTITIONER.email, viewer=ailsa, now=then)
    services.add_member(team.id, MEMBERS[1].address, viewer=ailsa, now=then)
    entry = services.begin(
        tool.id, title="Harbour: what we try", team_id=team.id, held_on=then.date(), viewer=ailsa, now=then
    )
    _write(entry, TOGETHER, "team meeting", ailsa, then)
    settle(Letter.notice == "team_joined", settings, now=now)
    return tool


def _tool(programme_id: int, then: datetime) -> Framework:
    acting: dict[str, Any] = {"actor": SYSTEM, "now": then}
    tool = services.create(programme_id, title=TOOL, summary=SUMMARY, **acting)
    tool.demonstration = True
    for title, prompts in OUTCOMES:
        words = OutcomeWords(title=title, about="", prompts=[(None, prompt) for prompt in prompts])
        services.put_outcome(tool.id, None, words, version=tool.version, **acting)
        db.session.flush()
    services.publish(tool.id, **acting)
    return tool


def _write(
    first: ReflectionEntry, said: tuple[dict[int, str], ...], about: str, viewer: Viewer, then: datetime
) -> None:
    """The first entry, and another five weeks later."""
    for number, texts in enumerate(said):
        at = then + timedelta(days=35 * number, hours=1)
        title = f"{about.capitalize()} {number + 1}"
        entry = (
            services.add_entry(first.reflection_id, held_on=at.date(), title=title, viewer=viewer, now=at)
            if number
            else first
        )
        prompts = _prompt_numbers(first.reflection_id)
        words = EntryWords(
            held_on=at.date(), title=title, texts={prompts[place]: text for place, text in texts.items()}
        )
        services.save(
            entry.reflection_id, entry.public_id, words, version=entry.version, checked=True, viewer=viewer, now=at
        )


def _prompt_numbers(reflection_id: int) -> list[int]:
    tool = db.session.scalars(
        select(Framework)
        .join(Reflection, Reflection.framework_id == Framework.id)
        .where(Reflection.id == reflection_id)
    ).one()
    return [prompt.no for prompt in tool.drafted.prompts]


def _person(email: str) -> Person:
    return db.session.scalars(select(Person).where(Person.email_folded == fold_email(email))).one()


def _viewer(person: Person) -> Viewer:
    """The person as if they had signed in."""
    return Viewer(id=person.id, public_id=person.public_id, name=person.name, email=person.email, session_token="")
