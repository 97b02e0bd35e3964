"""Letters about reflections: that one was shared, and that somebody belongs to a team."""

from webapp.models.accounts import Person
from webapp.models.mailings import MailKind
from webapp.models.reflections import Framework, Reflection, Team
from webapp.notices.letters import LetterFacts, Notice, ReflectionFacts, dump


def shared(person: Person, reflection: Reflection, framework: Framework, *, by: str, may_write: bool) -> Notice:
    """Tells somebody that they can open a reflection; what it is called and what it says stay in the service."""
    facts = ReflectionFacts(public_id=reflection.public_id, tool=framework.title, may_write=may_write)
    return _notice("reflection_shared", person, facts, by)


def joined_team(person: Person, team: Team, *, by: str) -> Notice:
    """Tells somebody that they belong to a team that reflects together."""
    return _notice("team_joined", person, ReflectionFacts(team=team.name), by)


def _notice(name: str, person: Person, facts: ReflectionFacts, by: str) -> Notice:
    return Notice(
        name=name,
        recipient_name=person.name,
        recipient_email=person.email,
        facts=dump(LetterFacts(reflection=facts, by=by)),
        kind=MailKind.ASKING,
        person_id=person.id,
    )
