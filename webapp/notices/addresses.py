"""The absolute addresses that letters give."""

from functools import cached_property
from urllib.parse import urlsplit

from webapp import tokens
from webapp.models.community_letters import STOPPING, stopping
from webapp.models.mailings import MailKind, declining
from webapp.models.surveys import answering
from webapp.notices.letters import LetterFacts


class Urls:
    """The absolute addresses that a letter may give, from the configured base address."""

    def __init__(self, facts: LetterFacts, base_url: str) -> None:
        self._facts = facts
        self._base = base_url

    @property
    def host(self) -> str:
        return urlsplit(self._base).hostname or "localhost"

    @property
    def home(self) -> str:
        return f"{self._base}/"

    @property
    def event(self) -> str:
        event = self._facts.event
        return f"{self._base}/events/{event.slug}-{event.public_id}" if event else self.events

    @property
    def series(self) -> str:
        """The public page of the series."""
        series = self._facts.series
        return f"{self._base}/series/{series.slug}-{series.public_id}" if series else self.events

    @cached_property
    def member(self) -> str:
        """A member's own page of the series, where meetings, and the membership, are given up."""
        token = tokens.make("series", self._facts.link_id, self._facts.link_nonce)
        return f"{self._base}/series/members/{token}"

    @property
    def events(self) -> str:
        return f"{self._base}/events"

    @property
    def reflections(self) -> str:
        """The reflection that was shared, or all that the recipient can open, by way of signing in."""
        reflection = self._facts.reflection
        return f"{self._base}/reflections{f'/{reflection.public_id}' if reflection and reflection.public_id else ''}"

    @cached_property
    def membership(self) -> str:
        """The link of somebody who was invited to belong to something."""
        token = tokens.make("membership", self._facts.link_id, self._facts.link_nonce)
        return f"{self._base}/memberships/invitations/{token}"

    @property
    def memberships(self) -> str:
        """What the recipient belongs to, by way of signing in."""
        return f"{self._base}/memberships"

    @property
    def belonging(self) -> str:
        """The page of what the membership is of; of a letter written before it was known, what they belong to."""
        membership = self._facts.membership
        return f"{self._base}/{membership.path}" if membership and membership.path else self.memberships

    @property
    def people(self) -> str:
        """The list of the people of the area that the letter is about, for its leads."""
        return f"{self.belonging}/people"

    @property
    def join(self) -> str:
        """Our own page, where those who have a place read how to join."""
        return f"{self.event}/join"

    @cached_property
    def registration(self) -> str:
        """The personal link, to see, change or cancel."""
        token = tokens.make("registration", self._facts.link_id, self._facts.link_nonce)
        return f"{self._base}/registrations/{token}"

    @cached_property
    def invited(self) -> str:
        """The personal link of somebody invited, to register by."""
        token = tokens.make("invited", self._facts.link_id, self._facts.link_nonce)
        return f"{self.event}/invited/{token}"

    @cached_property
    def ticket(self) -> str:
        """The page with the square code that checks the person in."""
        token = tokens.make("check-in", self._facts.link_id, self._facts.link_nonce)
        return f"{self._base}/check-in/{token}"

    @property
    def sessions(self) -> str:
        """Where the holder of the personal link signs up for single sessions, and leaves them."""
        return f"{self.registration}/sessions"

    @property
    def materials(self) -> str:
        """Where the holder of the personal link finds the materials that are for them."""
        return f"{self.registration}#materials"

    @property
    def leave(self) -> str:
        """Where the place in the session that the letter is about is given up, after one question."""
        session = self._facts.session
        return f"{self.sessions}/{session.slug}-{session.public_id}/leave" if session else self.cancel

    @property
    def calendar(self) -> str:
        """Where the holder of the personal link chooses how their calendar shows events."""
        return f"{self.registration}/calendar"

    @property
    def cancel(self) -> str:
        """Where the place is given up, after one question."""
        return f"{self.registration}/cancel"

    @property
    def survey(self) -> str:
        """The recipient's own page of the survey that a letter to many leads to; the event's where it leads to none."""
        words = self._facts.words
        if words is None or not words.survey:
            return self.event
        token = tokens.make(answering(words.survey), self._facts.link_id, self._facts.link_nonce)
        return f"{self._base}/surveys/{words.survey}/{token}"

    def material(self, public_id: str) -> str:
        """A file that organisers sent a link to."""
        return f"{self._base}/material/{public_id}"

    @cached_property
    def speaking(self) -> str:
        """The link of a speaker's own, to their sessions at the event."""
        token = tokens.make("speaker", self._facts.link_id, self._facts.link_nonce)
        return f"{self._base}/speaking/{token}"

    @property
    def manage_speakers(self) -> str:
        """Where organisers see who speaks at the event."""
        event = self._facts.event
        return f"{self._base}/manage/events/{event.slug}-{event.public_id}/speakers" if event else self._base

    @cached_property
    def sign_in(self) -> str:
        """The link that signs in once."""
        token = tokens.make("sign-in", self._facts.link_id, self._facts.link_nonce)
        return f"{self._base}/sign-in/{token}"

    @property
    def ask_sign_in(self) -> str:
        """Where a link to sign in is asked for."""
        return f"{self._base}/sign-in"

    @property
    def organise(self) -> str:
        """The event's page on the organisers' side, by way of signing in."""
        event = self._facts.event
        return f"{self.ask_sign_in}?next=/manage/events{f'/{event.slug}-{event.public_id}' if event else ''}"

    @property
    def moderating(self) -> str:
        """What waits for those who look after the community, or the one case that the letter is about."""
        about = self._facts.moderation
        if about is None:
            return f"{self._base}/communities"
        case = f"/{about.case}" if about.case else ""
        return f"{self._base}/communities/{about.slug}-{about.public_id}/moderation{case}"

    @property
    def community(self) -> str:
        """The community that the letter is about."""
        community = self._facts.community
        return self.of_community(community.slug, community.public_id) if community else f"{self._base}/communities"

    def of_community(self, slug: str, public_id: str) -> str:
        """The page of a community."""
        return f"{self._base}/communities/{slug}-{public_id}"

    def post(self, public_id: str) -> str:
        """A post, on its page of its topic."""
        return f"{self._base}/posts/{public_id}"

    @property
    def own_post(self) -> str:
        """The post of the recipient's own that the letter is about, or else its community."""
        community = self._facts.community
        return self.post(community.post) if community and community.post else self.community

    @property
    def letters_of_communities(self) -> str:
        """Where somebody chooses which letters they get of their communities."""
        return f"{self._base}/my/letters/communities"

    def stop_communities(self, letter_id: str, community_id: int = 0) -> str:
        """Where one press stops the letters of this community, or of all that the letter of this id tells of."""
        purpose = stopping(community_id) if community_id else STOPPING
        return f"{self._base}/communities/letters/{tokens.make(purpose, letter_id, '')}"

    def unsubscribe(self, kind: MailKind, letter_id: str) -> str:
        """Where one press declines this kind of letter for whom the letter of this public id came to (RFC 8058).

        It works for as long as there is a record of the letter, whatever becomes of personal links: all that it opens
        is the choice of letters.
        """
        return f"{self._base}/unsubscribe/{tokens.make(declining(kind), letter_id, '')}"
