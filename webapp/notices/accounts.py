"""Letters about signing in."""

from webapp.models.accounts import Person, SignInLink
from webapp.models.mailings import Lane, MailKind
from webapp.notices.letters import LetterFacts, Notice, dump


def sign_in_link(link: SignInLink, name: str, *, minutes: int) -> Notice:
    """The link that signs in once, in the lane that nothing else can block."""
    return Notice(
        name="sign_in_link",
        recipient_name=name,
        recipient_email=link.email,
        facts=dump(LetterFacts(link_id=link.public_id, link_nonce=link.nonce, minutes=minutes)),
        lane=Lane.URGENT,
        kind=MailKind.SIGN_IN,
        expires_at=link.expires_at,
    )


def password_changed(person: Person) -> Notice:
    """Tells the owner of an account that its password was set or changed."""
    return Notice(
        name="password_changed",
        recipient_name=person.name,
        recipient_email=person.email,
        facts=dump(LetterFacts()),
        lane=Lane.URGENT,
        kind=MailKind.SIGN_IN,
        person_id=person.id,
    )
