"""The local models of the three areas of the pathfinder's first wave, strand by strand, from the slides on it.

Facts from the slides in our own sentences, and no more than they tell: what they leave out stays empty.
"""

from dataclasses import dataclass

SYSTEM, NETWORKS, HELP, PROTECTION = "safeguarding-partners", "family-networks", "family-help", "child-protection"


@dataclass(frozen=True)
class StrandFacts:
    """What an area says of one strand: the key features of its model, and its key challenges."""

    theme: str
    features: tuple[str, ...]
    challenges: tuple[str, ...]


@dataclass(frozen=True)
class AreaFacts:
    """An area by the name of the authority that leads it, with its model."""

    name: str
    summary: str
    strands: tuple[StrandFacts, ...]


LINCOLNSHIRE = AreaFacts(
    "Lincolnshire",
    "One front door for early help and social care, family network meetings for every child, and child protection "
    "teams of several agencies in each locality.",
    (
        StrandFacts(
            SYSTEM,
            (
                "Looks at what a chair of the partnership should do, so that scrutiny and assurance stay strong",
                "An education lead, seconded for a time, who works on all four strands",
                "Partners reach and share information and data more easily",
            ),
            (
                "Arrangements that work and that people can keep up with",
                "What the independent scrutineer is there for, and answers for",
                "Education as a strategic partner beside the other three",
            ),
        ),
        StrandFacts(
            NETWORKS,
            (
                "Families meet one clear offer of group decision-making, under the name of family network meetings",
                "A network meeting for each child and young person, and more family group conferences",
                "Support packages that reach families in time",
            ),
            (
                "Packages that may repeat help given elsewhere",
                "Criteria and decisions that everybody can follow",
                "Staying within what the law requires",
            ),
        ),
        StrandFacts(
            HELP,
            (
                "More backing for family help workers in other agencies, to keep matters from getting worse",
                "Early help and social care behind a single front door",
                "Training for those who lead family help while children are in their early years",
            ),
            (
                "Keeping it going",
                "Finding and holding staff",
                "Casework in early help that grows more complex",
                "Not losing what already works in the county",
            ),
        ),
        StrandFacts(
            PROTECTION,
            (
                "A pathway by which social workers at the first level develop",
                "Strategic teams in each locality, where education, police, health and probation advise social care",
            ),
            (
                "Lead practitioners who hold cases of more than one kind",
                "What trying new models asks of the workforce",
                "Holding on to practice that rests on relationships",
                "Room for social workers to move on",
                "A place that the team of several agencies can share",
            ),
        ),
    ),
)

WOLVERHAMPTON = AreaFacts(
    "Wolverhampton",
    "One assessment and one plan led by the family, family group decisions offered sooner, and one child protection "
    "team of several agencies for the whole city.",
    (
        StrandFacts(
            SYSTEM,
            (
                "A strategic lead for education, so that its voice counts across the city",
                "A strong partnership to build on: deputies with clear authority, chief executives kept informed",
            ),
            ("Which people make education a strategic partner, and in what way",),
        ),
        StrandFacts(
            NETWORKS,
            (
                "Family group conferences and decision-making come earlier, on top of the family meetings there were",
                "Independent workers for family decisions, allocated as soon as may be, who help a network to grow",
                "Support plans agreed locally, with room for invention, so that children safely stay in their families",
            ),
            ("Saying what a package of support is", "Pressure of time"),
        ),
        StrandFacts(
            HELP,
            (
                "A single assessment and a single plan that the family leads, so that nobody has to repeat their story",
                "Specialist services commissioned for what each locality needs, beside what family hubs offer",
                "A workforce across agencies that learns together and keeps its standards high",
                "Reflective supervision in groups for lead practitioners of family help",
            ),
            (
                "Family help that adds to the support there is",
                "Who does what, and how the workforce develops",
                "A legal framework that carries the delivery",
                "Expectations of the inspectorate",
            ),
        ),
        StrandFacts(
            PROTECTION,
            (
                "The team grows out of the safeguarding hub and the assessment team, which work well",
                "Advocacy is offered sooner to every family in child protection",
                "One central team for the city, whose lead practitioners each have links to the family help teams",
            ),
            (
                "A role for lead practitioners that does not confuse families when they are most anxious",
                "Clear duties where two workers share a family",
            ),
        ),
    ),
)

DORSET = AreaFacts(
    "Dorset",
    "One front door that begins with a conversation, early support led by the voluntary sector, and most children in "
    "need helped by family help.",
    (
        StrandFacts(
            SYSTEM,
            (
                "The director for education sits in the safeguarding partnership",
                "Leads from the education sector in each of its sub-groups",
                "A lead for the voluntary sector at the table of the board",
                "Boards of families who advise",
            ),
            (
                "Standing for a sector of education that is so diverse",
                "A partnership whose chair is not independent",
            ),
        ),
        StrandFacts(
            NETWORKS,
            (
                "Network meetings in family help and in permanence",
                "Support packages led by communities",
                "Independent family decision-making comes before any package",
            ),
            (
                "The law on kinship carers: whether fostering standards are the right measure of care",
                "Whether somebody other than the authority can hold the meetings",
            ),
        ),
        StrandFacts(
            HELP,
            (
                "One integrated front door where people talk with one another",
                "Early support through local offers that the voluntary sector leads",
                "Family hubs from which family help and child protection both work",
                "Localities that hold child protection, family help, and inclusion and belonging together",
                "Early help and work with children in need as one; family help holds all but the most complex fifth",
                "Oversight by social workers",
            ),
            (
                "The law on who holds cases of children in need",
                "A framework of skills for family workers, whose pay is equal by now",
                "Families with two leads, one of family help and one of child protection",
            ),
        ),
        StrandFacts(
            PROTECTION,
            (
                "The most complex fifth of children in need is held in child protection teams",
                "“Safeguarding Families Together”, and supervision in groups",
                "Lead practitioners try chairing conferences",
                "Hybrid teams of several agencies",
                "Lead practitioners for child protection",
                "Fewer cases for each worker",
            ),
            (
                "Partners’ people who belong to the team alone",
                "Who chairs conferences",
                "Ways for parents to be represented and to have an advocate",
            ),
        ),
    ),
)

AREAS = (DORSET, LINCOLNSHIRE, WOLVERHAMPTON)
