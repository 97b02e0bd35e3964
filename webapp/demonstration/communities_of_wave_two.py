"""What the invented people of the second wave write to one another before they begin."""

from webapp.demonstration.communities_facts import (
    FERN,
    HUW,
    KWAME,
    LEON,
    MORGAN,
    NADIRA,
    PIPPA,
    SAMIRA,
    WAVE_TWO,
)
from webapp.demonstration.communities_shapes import PostFacts, TopicFacts
from webapp.models.topics import TopicKind

__all__ = ["OF_WAVE_TWO"]

_QUESTION = TopicKind.QUESTION
_NEWS = TopicKind.ANNOUNCEMENT
_HOW = "How we do it"
_PEOPLE = "Teams and supervision"
_DATES = "News and dates"

OF_WAVE_TWO = (
    TopicFacts(
        WAVE_TWO,
        "First workshop of wave two: dates to choose from",
        15,
        (
            PostFacts(
                MORGAN,
                (
                    "Three dates are possible for the first workshop of all three areas. It takes half a day, "
                    "online, with a long break. Say below if **none** of them is possible for you:\n\n- a Tuesday "
                    "morning\n- a Wednesday afternoon\n- a Thursday morning"
                ),
            ),
            PostFacts(
                NADIRA,
                "Schools: never a Monday, and please not the week of the examinations. Wednesday is good.",
                6,
            ),
            PostFacts(
                FERN,
                "If parents are to come, between ten and two.",
            ),
        ),
        kind=_NEWS,
        category=_DATES,
        pinned=True,
    ),
    TopicFacts(
        WAVE_TWO,
        "How did you explain the new front door to schools?",
        9,
        (
            PostFacts(
                PIPPA,
                (
                    "We open one front door in spring. Schools have had four telephone numbers for ten years, and "
                    "they trust two of them. How did others tell them, and when?"
                ),
            ),
            PostFacts(
                NADIRA,
                (
                    "From the other side of the telephone: *do not tell us in a newsletter.* Come to the meeting of "
                    "safeguarding leads, bring the person who will answer, and leave their photograph."
                ),
                5,
            ),
            PostFacts(
                HUW,
                (
                    "In one area that I coach they kept the old numbers alive for a term, with a person who said: "
                    "“You are through to the new front door, and I am the same person as last week.” Referrals did "
                    "not dip."
                ),
                21,
            ),
            PostFacts(
                PIPPA,
                "{quote 3}\n\nA term of old numbers costs next to nothing. Sold. Thank you both.",
            ),
        ),
        kind=_QUESTION,
        category=_HOW,
        strand="neighbourhood-help",
        accepted=3,
        same=(SAMIRA, LEON),
    ),
    TopicFacts(
        WAVE_TWO,
        "Parents on our board: paid, or expenses?",
        6,
        (
            PostFacts(
                FERN,
                (
                    "I am asked to sit on three boards. Two pay a voucher, one pays a wage, and the voucher is "
                    "deducted from my benefits. What do others do?"
                ),
            ),
            PostFacts(
                SAMIRA,
                "We pay an hourly rate, and a benefits adviser sits with each parent *before* they say yes.",
                8,
            ),
            PostFacts(
                LEON,
                "May we have your letter to parents, Samira? Ours reads like a tenancy agreement.",
                14,
            ),
            PostFacts(
                SAMIRA,
                "Here it is, one page, written by two parents.",
                paper=(
                    "What we offer when you sit on our board",
                    (
                        "You are paid for each hour, reading included. An adviser looks at your benefits with you "
                        "first. You can stop at any time and need not say why. Somebody whom you choose may come "
                        "with you."
                    ),
                ),
            ),
        ),
        kind=_QUESTION,
        category=_PEOPLE,
        strand="voice",
        same=(PIPPA, HUW, KWAME),
    ),
    TopicFacts(
        WAVE_TWO,
        "Recruiting lead practitioners: adverts that worked",
        2.5,
        (
            PostFacts(
                LEON,
                (
                    "Our advert for *lead practitioners* brought 41 people, of whom 36 were social workers whom we "
                    "then lose elsewhere. What did your advert say?"
                ),
            ),
            PostFacts(
                KWAME,
                (
                    "We wrote what a week looks like, hour by hour, in place of the duties. It frightened off the "
                    "right people."
                ),
                5,
            ),
            PostFacts(
                PIPPA,
                "Could you share it?",
                16,
            ),
        ),
        category=_PEOPLE,
        strand="wellbeing",
    ),
)
