"""Communities of practice: who takes part in them, and how each keeps itself."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import NEVER_AGAIN, Base, Key, PublicId, Timestamps, folded, string_enum
from webapp.models.accounts import Person
from webapp.models.areas import Wave
from webapp.models.events import Event
from webapp.models.programmes import Programme, Theme

LONGEST_RULES = 10_000


class Openness(StrEnum):
    """Who reads what is written in a community; only members of its programme ever write."""

    PRIVATE = "private"
    PROGRAMME = "programme"
    PUBLIC = "public"

    @property
    def label(self) -> str:
        return {"private": "Private", "programme": "Open to the programme", "public": "Public"}[self]


class Community(Timestamps, Base):
    """Where people of a programme ask and answer: of a wave, about a strand, across waves, or a group by name.

    A wave's has `wave_id`, one about a strand `theme_id`, a group `is_group`; what has none of them is across waves.
    """

    __tablename__ = "communities"
    __table_args__ = (
        CheckConstraint("NOT (is_group AND wave_id IS NOT NULL)", name="group_or_wave"),
        Index("ix_communities_programme", "programme_id", "id"),
        NEVER_AGAIN,
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    slug: Mapped[str] = mapped_column(String(120))
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    wave_id: Mapped[int | None] = mapped_column(ForeignKey("waves.id"), index=True)
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"), index=True)
    is_group: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(String(500), default="")
    openness: Mapped[Openness] = mapped_column(string_enum(Openness), default=Openness.PRIVATE)
    # How many posts of somebody new a moderator sees before anybody else; 0 holds none.
    first_posts_held: Mapped[int] = mapped_column(default=0)
    # Letters tell that something was written, and not what.
    mail_without_content: Mapped[bool] = mapped_column(default=False)
    # The named lead, who is told at once when somebody is worried about a child.
    child_lead_name: Mapped[str] = mapped_column(String(200), default="")
    child_lead_email: Mapped[str] = mapped_column(String(254), default="")
    # The number of the rules of conduct in force; 0 before there are any.
    rules_number: Mapped[int] = mapped_column(default=0)
    archived_at: Mapped[datetime | None]
    demonstration: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    programme: Mapped[Programme] = relationship(lazy="raise_on_sql")
    wave: Mapped[Wave | None] = relationship(lazy="raise_on_sql")
    theme: Mapped[Theme | None] = relationship(lazy="raise_on_sql")
    categories: Mapped[list["Category"]] = relationship(
        back_populates="community", lazy="raise_on_sql", order_by="Category.position, Category.id"
    )

    def is_read_by_all_of(self, other: "Community") -> bool:
        """Whether all who read the other community read this one: what is said here may be said there.

        Who looks after either is left aside. People of a group may come from outside of its programme.
        """
        if self.id == other.id or self.openness is Openness.PUBLIC:
            return True
        if other.openness is Openness.PUBLIC or other.is_group or self.programme_id != other.programme_id:
            return False
        if self.openness is Openness.PROGRAMME or not (self.is_group or self.wave_id):
            return True
        of_wave = other.wave_id is not None and other.openness is not Openness.PROGRAMME
        return self.wave_id is not None and of_wave and self.wave_id == other.wave_id


class Category(Base):
    """A part of a community, under which topics stand."""

    __tablename__ = "categories"
    __table_args__ = (UniqueConstraint("community_id", "slug"), NEVER_AGAIN)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    slug: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(String(300), default="")
    position: Mapped[int]

    community: Mapped[Community] = relationship(back_populates="categories", lazy="raise_on_sql")


class ConductRules(Base):
    """The rules of conduct of a community as they stood from a time on; a change is a new number."""

    __tablename__ = "conduct_rules"
    __table_args__ = (UniqueConstraint("community_id", "number"),)

    id: Mapped[Key]
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    number: Mapped[int]
    # Markdown.
    body: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)


class CommunityEvent(Base):
    """A meeting of a community, which is an event like any other."""

    __tablename__ = "community_events"

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"), index=True)

    event: Mapped[Event] = relationship(lazy="raise_on_sql")
    community: Mapped[Community] = relationship(lazy="raise_on_sql")


class MailPace(StrEnum):
    """How often a community writes to somebody."""

    IMMEDIATE = "immediate"
    DAILY = "daily"
    WEEKLY = "weekly"
    NONE = "none"

    @property
    def label(self) -> str:
        return {
            "immediate": "An e-mail for each post",
            "daily": "Once a day",
            "weekly": "Once a week",
            "none": "No e-mails",
        }[self]


class Participation(Base):
    """How one person takes part in one community: the rules accepted, what is read since when, and letters.

    It stands from the first time that somebody accepts the rules, follows or writes; it gives no access by itself.
    """

    __tablename__ = "participations"
    __table_args__ = (
        UniqueConstraint("community_id", "person_id"),
        # Whom a new post is told to at once.
        Index("ix_participations_letters", "community_id", "pace", "person_id"),
    )

    id: Mapped[Key]
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    joined_at: Mapped[datetime]
    # The number of the rules that they accepted last; 0 for none.
    rules_accepted: Mapped[int] = mapped_column(default=0)
    rules_accepted_at: Mapped[datetime | None]
    # Topics older than this count as read.
    read_until: Mapped[datetime]
    mutes: Mapped[bool] = mapped_column(default=False)
    pace: Mapped[MailPace] = mapped_column(string_enum(MailPace), default=MailPace.DAILY)
    # Up to when the last digest told.
    told_until: Mapped[datetime]
    # How many of their posts were published; where first posts are held, this decides.
    published_posts: Mapped[int] = mapped_column(default=0)

    community: Mapped[Community] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class MemberProfile(Timestamps, Base):
    """What somebody chose to tell others in communities; the handle is how posts mention them."""

    __tablename__ = "member_profiles"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), unique=True)
    handle: Mapped[str] = mapped_column(String(40), unique=True)
    job_title: Mapped[str] = mapped_column(String(120), default="")
    job_title_folded: Mapped[str] = mapped_column(folded(120), default="", index=True)
    about: Mapped[str] = mapped_column(Text, default="")
    # Whether others see to which areas they belong, by which role, and for which organisation.
    shows_places: Mapped[bool] = mapped_column(default=True, server_default=true())
    shows_organisation: Mapped[bool] = mapped_column(default=False, server_default=false())
    shows_email: Mapped[bool] = mapped_column(default=False)
    # Whether others find them among the people of their communities.
    listed: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    person: Mapped[Person] = relationship(lazy="raise_on_sql")
