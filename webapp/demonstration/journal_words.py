"""What stands in the invented journal: two issues by people who do not exist, about places that do not exist."""

from webapp.demonstration.shapes import ArticleFacts, IssueFacts
from webapp.models.publications import ArticleKind

JOURNAL = "The Pathways Journal"
ABOUT = (
    "Twice a year, people in the areas of Pathways Together write about what they tried, what came of it and what they"
    " would do otherwise.\n\nThe journal is invented, for demonstration, as are its authors and the places they write"
    " about."
)
LATE, UNWRITTEN = "Who answers at midnight?", "Grandparents know the bus times"

FIRST = IssueFacts(
    number=1,
    title="Starting small",
    introduction="Three teams on the first half year, when nothing was finished and everything was learnt.",
    key_messages=(
        "Begin with one street, one school or one meeting, and say out loud when it is over.",
        "Families who have seen a plan being made will say where it is thin.",
    ),
    acknowledgements="",
    articles=(
        ArticleFacts(
            title="Welcome",
            kind=ArticleKind.WELCOME,
            authors=(),
            body="""
This is the first issue of a journal that we would have liked to read ourselves: short, honest about what did not
work, and written by those who did the work.

You need not read it in order. If you have five minutes, read what Siân Llewelyn-Prys says about kitchens.
""",
        ),
        ArticleFacts(
            title="Four hundred kitchens",
            kind=ArticleKind.ARTICLE,
            authors=("Siân Llewelyn-Prys",),
            themes=("family-networks",),
            standfirst="A family meeting works better where the family feels at home. That sounds plain, and it took us"
            " two years to believe it.",
            key_messages=(
                "Ask where the family would meet if nobody from the council came.",
                "Whoever invites people decides who belongs to the network, so let the family invite.",
            ),
            quotes=(("We came with folders. They had cake. I knew then who was prepared.", "Siân Llewelyn-Prys"),),
            body="""
# Where it was held

In our first year nine meetings in ten took place in an office. People came on time, sat where there was a chair and
waited to be asked. In our second year we let the family choose, and nearly all chose a kitchen.

Nothing else about the meeting changed. The questions were the same and so was the form. What changed was who spoke
first: in the office it was one of us, in the kitchen it was an aunt.

{{quote 1}}

# What we would do otherwise

We should have asked about the telephone sooner. An uncle on a ship and a sister in another county are part of the
family, and a kitchen has room for a screen as well as an office has.

We should also have counted less. For six months we reported how many people came. Nobody ever asked us whether they
were the right ones.
""",
        ),
        ArticleFacts(
            title="Ten records, read aloud",
            kind=ArticleKind.ARTICLE,
            authors=("Bartholomew Featherstonehaugh-Okonkwo",),
            themes=("voice",),
            standfirst="Each month we sit down with families and read what we wrote about them. It is the best training"
            " that we have.",
            quotes=(
                ("Nobody had ever shown me the page where I became a case.", "A mother, who asked us to print it"),
            ),
            body="""
It began with a complaint. A father had asked for his record and sent it back with corrections in green ink: names,
a date, the colour of a door. Most of it was small. All of it was right.

So now we read ten records a month together with those whom they are about. We read aloud, because words sound
different when the person they describe is in the room.

{{quote 1}}

What we hear most often is not that something is untrue. It is that something is missing: the good week, the
neighbour who helped, the reason why somebody was late. *We had written down the problem, and left out the life
around it.*

Our records have become shorter. They have also become kinder, which nobody asked for and everybody noticed.
""",
        ),
    ),
)

SECOND = IssueFacts(
    number=2,
    title="Words that stay",
    introduction="What becomes of something once it has been said? This issue follows words from a kitchen table to a"
    " plan, to a chart, and back.",
    key_messages=(
        "A plan that begins with the child’s own sentence is argued about less and kept more.",
        "Teams that share a room share their doubts sooner. Sharing a form did nothing of the kind.",
        "A chart is finished when a practitioner has found the mistake in it.",
    ),
    acknowledgements="We thank the families who read these pages before anybody else did, and took out what was"
    " theirs.",
    articles=(
        ArticleFacts(
            title="Foreword",
            kind=ArticleKind.FOREWORD,
            authors=("Ngozi Thistlewood",),
            body="""
When I was a home help, the most useful thing in the house was the list on the fridge. It said what mattered that
day, in the words of the people who lived there. I have since read a great many plans, and few of them were as
clear.

This issue is about such words: who says them, who writes them down, and what happens to them on the way. I have
been on a duty desk long enough to know that words are lost for dull reasons. A form has no field for them. A
meeting runs late. Somebody sums up.

The teams who write here have found small ways to keep them. None of it is a system, and I would like it to stay so.
*You cannot roll out listening.* You can make room for it, and then see to it that nobody tidies the room away.
""",
        ),
        ArticleFacts(
            title="The sentence at the top of the plan",
            kind=ArticleKind.ARTICLE,
            authors=("Rhodri Pembury", "Tobias Quennell"),
            themes=("voice", "family-networks"),
            standfirst="Every plan in Brackenshire now begins with one sentence that the child would recognise as their"
            " own. A nurse and a parent adviser tell how it came to that, and what it costs.",
            key_messages=(
                "One sentence is enough. Two become a summary.",
                "The child chooses it, and may change it at any time.",
                "Show it to the parents on the evening before, not in front of everybody.",
            ),
            quotes=(
                ("It takes ten minutes, and it is the ten minutes that people remember.", "Rhodri Pembury"),
                ("I was handed the sentence in an envelope, the night before. That was a kindness.", "Tobias Quennell"),
            ),
            body="""
Our plans used to begin with a reference number. Below it stood a heading, below that a box, and in the box three
lines on why everybody had come together. A child who read it, and some did, would have thought that it was about
somebody else.

# One sentence, not two

We tried several beginnings. A drawing was lovely and could not be read out. A whole page of the child’s words was
more than a meeting could hold. What worked in the end was **one sentence**, chosen by the child after we had read
the plan back to them.

Some of these sentences are about large things. Many are about small ones: a lift to football, a bedroom door that
shuts, a social worker who was late three times. The small ones turned out to be good tests. A plan that cannot see
to a door will hardly see to the rest.

{{quote 1}}

## When the sentence is awkward

Now and then it is about us. One child said that the car smelt of dog. It stood at the top of the plan, four
agencies read it, and nobody knew where to look. The car has been cleaned. More to the point, the next sentence was
about something that mattered more, and we do not think we should have heard it otherwise.

# What it costs

For parents it can be hard. To be read one’s child’s words in front of a policewoman, a teacher and two people whose
names one did not catch is a good deal to ask. We used to do just that, and thought that we were being open.

{{quote 2}}

We now give parents the sentence on the evening before, on paper, by somebody they know. It takes time that we do
not have. We have stopped doing something else instead: the summary at the end of the meeting, which nobody missed.

# What we do not know yet

Very young children do not give us a sentence. We write down what we saw, such as whom they looked for and what made
them stop crying. Whether that is *their* sentence or ours is a question that we argue about each time, and we would
rather argue than settle it.

Nor do we know whether the sentence still fits after half a year. From this spring it is read out first at each
review:

1. the child hears it, or reads it;
2. the child keeps it, changes it or throws it out;
3. only then does anybody else speak.

If you try it, write to us. We collect what went wrong with more interest than what went well.
""",
        ),
        ArticleFacts(
            title="A kettle, a table and four agencies",
            kind=ArticleKind.ARTICLE,
            authors=("Detective Inspector Harriet Ravensbourne-Malik", "Małgorzata Wrzesińska"),
            themes=("safety", "neighbourhood-help"),
            standfirst="Four agencies in Marlbridge moved into one room. First visits came sooner, and not for the"
            " reason that we had written in the bid.",
            key_messages=(
                "Sit together before you share a system. The second is easier after the first.",
                "Leave one table without a computer.",
            ),
            quotes=(("Nobody telephones somebody who sits next to them to ask whether they are sure.", ""),),
            figure="visits",
            body="""
The bid said that sharing information would bring help sooner. It was a good bid, and for a year we built what it
had promised: one form, one inbox, one rota. The number of days from a first call to a first visit stayed where it
was.

Then a boiler broke in the health centre, and for eleven weeks health visitors, police, the school nurse and the
family help team worked in one room above the library.

{{figure 1}}

# What changed

It was not the form. It was that somebody could say “this does not feel right” without having to write it down
first. In four offices a doubt had to become a referral before anyone else could hear it. In one room it could stay
a doubt for an hour, while somebody else remembered the older brother.

{{quote 1}}

We measured it, a little sheepishly, with a clipboard. In a week there were:

- 61 questions across the room that led to nothing more;
- 14 that led to a telephone call on the same day;
- 3 that would each have become a referral in its own right.

# What we would warn you of

A shared room is also a room in which people overhear. We agreed on day two that names are said at the table and not
at the desks, and that the table has no computer. The rule is written on the kettle, since everybody goes there.

When the boiler was mended we stayed. The library says that it is glad of the company, and would like its kettle
back.
""",
        ),
        ArticleFacts(
            title="What the numbers did not say",
            kind=ArticleKind.ARTICLE,
            authors=("Calum Strathdearn", "Professor Ifeoma Castellane"),
            themes=("data",),
            standfirst="We drew the same chart three times. Each time a practitioner found what was wrong with it.",
            key_messages=("Show a chart to the people it is about before you show it to those who decide.",),
            quotes=(("That is not a fall in need. That is August.", "A team manager, on the first chart"),),
            body="""
Oxenvale wanted to know whether earlier help meant fewer families coming back. We had the records of two years and a
fair question. It ought to have taken an afternoon.

# Three charts

The first showed a steep fall. We were pleased for about an hour.

{{quote 1}}

The second left out the summers. It showed nothing at all. The third counted families instead of referrals, and what
it showed was smaller than anybody had hoped, and real.

| Chart | What it counted | What was wrong |
|---|---|---|
| First | Referrals by month | Schools are closed in August |
| Second | Referrals, term time only | One family can be six referrals |
| Third | Families who came back within a year | Nothing that we have found so far |

# Counting with those who know

All three mistakes were found by people who had not been invited to look. Since then we show each chart to a team
before it is shown to a board, and we ask one question: *what happened that week?* There is always somebody who
knows.

It slows us down by about ten days. We think of that as the price of not being wrong in public.
""",
        ),
        ArticleFacts(
            title=LATE,
            kind=ArticleKind.ARTICLE,
            authors=("Zeynep Arkwright",),
            themes=("edge-of-care",),
            standfirst="A team in Larkstone has answered the telephone until midnight for a year. Most calls are short,"
            " and few are about what we had trained for.",
            quotes=(("They do not want to be rescued. They want somebody to be awake.", "Zeynep Arkwright"),),
            body="""
The first call came on the first evening at twenty to twelve. A boy of fifteen had missed the last bus and did not
want to say so at home. It took four minutes and a taxi.

We had prepared for crises. What we got, mostly, was this: somebody who had nearly done something sensible, and
needed a second person to do the rest of it with.

{{quote 1}}

Over the year two hundred and six nights had at least one call, and thirty-one of them might otherwise have ended at
a police station. We cannot prove that. The sergeants, who are careful people, say that they have noticed.
""",
        ),
        ArticleFacts(
            title=UNWRITTEN,
            kind=ArticleKind.ARTICLE,
            authors=("Winifred Abara-Lindqvist",),
            themes=("family-networks",),
            body="",
        ),
    ),
)
