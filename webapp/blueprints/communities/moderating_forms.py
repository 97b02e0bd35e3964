"""Reporting a post, deciding about one, and choosing who does."""

from collections.abc import Sequence
from typing import Any, Self

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput, GovTextArea, GovTextInput
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from webapp.blueprints.asking import OneOf
from webapp.blueprints.forms import AtMost, CarriedNumber, EmailAddress, Form, Given, line, lines
from webapp.blueprints.guards import GuardedForm
from webapp.guarding import examine, reword
from webapp.models.moderation import LONGEST_WORDS, CaseReason, Decision
from webapp.models.topics import Post, PostState
from webapp.services.moderation import Ruling, Said

# In the order in which they are offered: what must not wait stands first.
REASONS = tuple(one for one in CaseReason if one.is_reported)


class ReportForm(GuardedForm):
    """Why somebody wants moderators to look at a post.

    Somebody who is worried about a child is never held up: what may identify it is left out of their words instead.
    """

    order = ("reason", "words")

    reason = RadioField(
        "Why should a moderator look at it?",
        widget=GovRadioInput(),
        choices=[SelectChoice(one.value, one.label) for one in REASONS],
        validators=[OneOf("Select why a moderator should look at it")],
        validate_choice=False,
    )
    words = TextAreaField(
        "What should they know? (optional)",
        widget=GovTextArea(),
        filters=[lines],
        description="Say what it is about, without repeating a name or anything else that tells who it is."
        " Moderators read it. Whoever wrote the post does not, and never learns who reported it.",
        validators=[AtMost(LONGEST_WORDS, "What you say")],
    )

    @property
    def guarded(self) -> Sequence[str]:  # type: ignore[override]  # asked as the form is checked
        """The texts that the guard looks through and may ask about."""
        return () if self.is_about_child else ("words",)

    @property
    def is_about_child(self) -> bool:
        """Whether somebody is worried about a child."""
        return bool(self.reason.data == CaseReason.CHILD)

    def said(self, *, withholds: bool) -> Said:
        """The same as the service takes it."""
        words = str(self.words.data or "")
        if self.is_about_child:
            words = reword(words, examine(words))[:LONGEST_WORDS]
        return Said(reason=CaseReason(self.reason.data), words=words, withholds=withholds)


class DecisionForm(GuardedForm):
    """What becomes of a post, with the reason that its writer is told."""

    guarded = ("told",)
    order = ("decision", "with_title", "told")

    decision = RadioField(
        "What becomes of this post?",
        widget=GovRadioInput(),
        validators=[OneOf("Select what becomes of it")],
        validate_choice=False,
    )
    with_title = BooleanField("Take the title of the topic away, too", widget=GovCheckboxInput())
    told = TextAreaField(
        "What do you tell its writer?",
        widget=GovTextArea(),
        filters=[lines],
        description="The writer gets this by letter. It has to be said where you refuse or redact the post."
        " Do not repeat what must not be read.",
        validators=[AtMost(LONGEST_WORDS, "What you tell its writer")],
    )
    post_version = CarriedNumber()

    def of(self, post: Post, *, opens: bool) -> Self:
        """Offer what can be decided about a post as it stands; of a title only where the post `opens` its topic."""
        self.decision.choices = [SelectChoice(one.value, label) for one, label in _choices(post)]
        if not opens:
            del self.with_title
        if not self.is_submitted():
            self.post_version.data = post.version
        return self

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether it can be decided so: the writer is told why, where something is kept from others."""
        valid = super().validate(extra_validators)
        if self.decision.data in {Decision.REFUSED, Decision.REDACTED} and not self.told.data:
            self.told.errors = ["Tell the writer why"]
            return False
        return valid

    def ruling(self) -> Ruling:
        """The same as the service takes it."""
        return Ruling(
            decision=Decision(self.decision.data),
            told=str(self.told.data or ""),
            post_version=self.post_version.data or 0,
            with_title=bool("with_title" in self and self.with_title.data),
        )


def _choices(post: Post) -> list[tuple[Decision, str]]:
    if post.state is PostState.PUBLISHED:
        first = [(Decision.KEPT, "Let it stand: the writer is not told that it was reported")]
    elif post.state is PostState.WAITING and post.number is not None:
        first = [(Decision.PUBLISHED, "Let it be read again, in its place")]
    elif post.state is PostState.WAITING:
        first = [(Decision.PUBLISHED, "Publish it")]
    else:
        first = [(Decision.KEPT, "Close this: the post was taken away already")]
    if post.state in {PostState.PUBLISHED, PostState.WAITING}:
        first.append((Decision.REFUSED, "Refuse it: nobody reads it but its writer, who keeps the words"))
    if post.state is not PostState.REDACTED:
        words = "Redact it: its words go for good, from here, from quotations, earlier versions, drafts and the search"
        first.append((Decision.REDACTED, words))
    return first


class ModeratorForm(Form):
    """Somebody who is to moderate a community."""

    order = ("name", "email")

    name = StringField(
        "Full name",
        widget=GovTextInput(),
        filters=[line],
        validators=[Given("Enter their full name"), AtMost(200, "Full name")],
    )
    email = StringField(
        "E-mail address",
        widget=GovTextInput(),
        filters=[line],
        validators=[Given("Enter their e-mail address"), AtMost(254, "The address"), EmailAddress()],
    )
