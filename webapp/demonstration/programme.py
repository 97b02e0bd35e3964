"""The real programmes, their themes, and the organisations that play a part in them.

Facts from the public documents of the reform (Learning Journal, issue 4; the record of the national learning
event of June 2022; the slides of April 2024). Organisations go by the names that the record of the event gives
them; fuller names from the journal are aliases. All sentences are our own.
"""

from webapp.demonstration.shapes import OrganisationFacts, PartFacts, ProgrammeFacts, ThemeFacts
from webapp.models.organisations import Sector
from webapp.models.programmes import Part, ThemeKind

STRENGTHENING_FAMILIES = "Strengthening Families, Protecting Children"
SOCIAL_CARE_REFORM = "Children’s social care reform"

DEPARTMENT = "Department for Education"
WHAT_WORKS = "What Works for Children’s Social Care"

_COUNCIL = Sector.LOCAL_AUTHORITY

ORGANISATIONS = (
    OrganisationFacts(DEPARTMENT, Sector.CENTRAL_GOVERNMENT, ("DfE",)),
    OrganisationFacts("North Yorkshire", _COUNCIL, ("North Yorkshire County Council", "North Yorkshire Council")),
    OrganisationFacts("Leeds", _COUNCIL, ("Leeds City Council",)),
    OrganisationFacts("Hertfordshire", _COUNCIL, ("Hertfordshire County Council",)),
    OrganisationFacts("Cambridgeshire", _COUNCIL, ("Cambridgeshire County Council",)),
    OrganisationFacts("Coventry", _COUNCIL),
    OrganisationFacts("Darlington", _COUNCIL, ("Darlington Borough Council",)),
    OrganisationFacts("Lancashire", _COUNCIL),
    OrganisationFacts("Middlesbrough", _COUNCIL),
    OrganisationFacts("Newcastle", _COUNCIL),
    OrganisationFacts("Norfolk", _COUNCIL),
    OrganisationFacts("Redcar & Cleveland", _COUNCIL, ("Redcar and Cleveland",)),
    OrganisationFacts("Rochdale", _COUNCIL),
    OrganisationFacts("Sefton", _COUNCIL),
    OrganisationFacts("Solihull", _COUNCIL),
    OrganisationFacts("Walsall", _COUNCIL),
    OrganisationFacts("Wandsworth", _COUNCIL, ("Wandsworth Borough Council",)),
    OrganisationFacts("Warrington", _COUNCIL, ("Warrington Borough Council",)),
    OrganisationFacts("Warwickshire", _COUNCIL),
    OrganisationFacts("Mutual Ventures", Sector.OTHER, ("MV",)),
    OrganisationFacts("Innovation Unit", Sector.OTHER, ("IU",)),
    OrganisationFacts("Social Care Institute for Excellence", Sector.OTHER, ("SCIE",)),
    OrganisationFacts(WHAT_WORKS, Sector.OTHER, ("WWCSC", "What Works Centre")),
)

_MODELS = (
    ThemeFacts(
        "no-wrong-door",
        "No Wrong Door",
        ThemeKind.PRACTICE_MODEL,
        "From North Yorkshire: a residential hub and one team of several professions for young people "
        "whose home or care placement is under strain.",
    ),
    ThemeFacts(
        "family-valued",
        "Family Valued",
        ThemeKind.PRACTICE_MODEL,
        "From Leeds: restorative, relational work that asks families to lead the plans for their own children.",
    ),
    ThemeFacts(
        "family-safeguarding",
        "Family Safeguarding",
        ThemeKind.PRACTICE_MODEL,
        "From Hertfordshire: children’s social workers share a team with specialists who help the adults at home.",
    ),
)

_TOPICS = (
    ThemeFacts(
        "leadership", "Leadership", ThemeKind.TOPIC, "How leaders take on a new way of working and keep it going."
    ),
    ThemeFacts(
        "workforce", "Workforce", ThemeKind.TOPIC, "Finding, supporting and keeping the people who do the work."
    ),
    ThemeFacts(
        "partnership",
        "Working in partnership",
        ThemeKind.TOPIC,
        "Families, councils, health, police and schools acting as one.",
    ),
    ThemeFacts(
        "evaluation", "Evaluation", ThemeKind.TOPIC, "What is known about the models, and how it came to be known."
    ),
)

_PILLARS = (
    ThemeFacts("family-help", "Family help", ThemeKind.PILLAR, "Support early enough for children to thrive at home."),
    ThemeFacts(
        "child-protection",
        "Child protection across agencies",
        ThemeKind.PILLAR,
        "Agencies that act together, and firmly, when a child is at risk of harm.",
    ),
    ThemeFacts(
        "family-networks", "Family networks", ThemeKind.PILLAR, "Relatives and friends as the first people to turn to."
    ),
    ThemeFacts(
        "stable-homes", "Stable, loving homes", ThemeKind.PILLAR, "Lasting relationships for children who are in care."
    ),
    ThemeFacts(
        "social-workers",
        "A skilled social worker for each child",
        ThemeKind.PILLAR,
        "Training, support and esteem for those who work with children and families.",
    ),
    ThemeFacts(
        "learning-system",
        "A system that learns",
        ThemeKind.PILLAR,
        "Evidence and data put to use, so that services get better year by year.",
    ),
)

PROGRAMMES = (
    ProgrammeFacts(
        STRENGTHENING_FAMILIES,
        "Three ways of working with families, each made by one local authority and taken up by others.",
        "A programme of the Department for Education that runs for five years. North Yorkshire, Leeds and "
        "Hertfordshire each share the model that they made; other local authorities adopt one of the three and fit "
        "it to their own area. The aim is that fewer children need to come into care, and that this is safe.\n\n"
        "Mutual Ventures, Innovation Unit and the Social Care Institute for Excellence coach the authorities and "
        "run the learning. What Works for Children’s Social Care carries out the evaluation.",
        _MODELS + _TOPICS,
        (
            PartFacts(Part.INNOVATOR, ("North Yorkshire",), "no-wrong-door"),
            PartFacts(Part.INNOVATOR, ("Leeds",), "family-valued"),
            PartFacts(Part.INNOVATOR, ("Hertfordshire",), "family-safeguarding"),
            PartFacts(
                Part.ADOPTER,
                ("Middlesbrough", "Norfolk", "Redcar & Cleveland", "Rochdale", "Warrington"),
                "no-wrong-door",
            ),
            PartFacts(
                Part.ADOPTER,
                # The journal names Sefton and Solihull as the next two to take the model up.
                ("Coventry", "Darlington", "Newcastle", "Warwickshire", "Sefton", "Solihull"),
                "family-valued",
            ),
            PartFacts(Part.ADOPTER, ("Cambridgeshire", "Lancashire", "Walsall", "Wandsworth"), "family-safeguarding"),
            PartFacts(
                Part.PARTNER,
                (
                    DEPARTMENT,
                    "Mutual Ventures",
                    "Innovation Unit",
                    "Social Care Institute for Excellence",
                    WHAT_WORKS,
                ),
            ),
        ),
    ),
    ProgrammeFacts(
        SOCIAL_CARE_REFORM,
        "The reform of children’s social care in England, set out in 2023 under six pillars.",
        "“Stable Homes, Built on Love”, published in February 2023, describes a shift from intervening in a crisis "
        "to helping families sooner. The work is ordered under six pillars and goes forward in phases.",
        _PILLARS,
        (PartFacts(Part.PARTNER, (DEPARTMENT,)),),
    ),
)
