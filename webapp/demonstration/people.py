"""Some three hundred invented people with an address at example.org, the same ones at every load."""

import re
from dataclasses import dataclass
from random import Random

from webapp.demonstration.invented_organisations import ORGANISATIONS, UNLISTED
from webapp.folding import fold
from webapp.models.organisations import Sector

__all__ = ["Attendee", "attendees"]

_GIVEN = (
    "Aaliyah Abigail Adaeze Aidan Ailsa Alun Amara Amrit Anneliese Arjun Ayodele Beatrix Bethan Bilal Bronwen Callum "
    "Carys Chidi Clémence Cormac Dafydd Daisy Declan Deepika Dilys Ebony Eilidh Elif Emeka Esther Farah Felicity "
    "Fergus Fiona Gareth Genevieve Gwendolyn Hamish Hannah Hassan Hye-jin Imogen Isla Ivo Jasmine Joachim Joy Kofi "
    "Leila Lowri Magnus Mairead Marguerite Mei Mohammed Nadia Nia Niamh Obi Olga Oona Padraig Parveen Quentin Ranjit "
    "Rosalind Rui Saoirse Sergio Shanice Tamsin Tariq Una Vikram Wioletta Xanthe Yusuf Zofia Zoë"
)
_FAMILY = (
    "Abercrombie Achebe Adeyemi-Hartlepool Ahmadi Ambleside Anand Barleycorn Bexhill Bhattacharya Blackthorn "
    "Braithwaite Brânză Carrowmore Chanda Chukwu Coldharbour Cottonwood D’Arblay Dalgleish Demir Dunmore Ezekwesili "
    "Fairweather Fennelly Garside-Okoro Ghent Greenhalgh Gwyther Hallorann Hawthornthwaite Hossain Ibekwe Inglenook "
    "Jankowska Jeyaratnam Kavanagh Kingfisher Kowalczyk Larkrise Li Llwyd Lovelock MacGillivray Mahmoudi Merriweather "
    "Mistry Montague-Oyelaran Moorcroft N’Dour Nettleship Ng Nwachukwu Oakenshaw Oduya Osei Pargeter Pettigrew "
    "Quartermaine Rahimi Rossignol Rowntree-Patel Sandringham Sethi Silverdale Sørensen Stonehouse Takahashi "
    "Tattersall Thackeray Underhill Vanrooyen Venkataraman Wetherby Wójcik Yarrow Ziegler"
)

_ROLES = {
    Sector.LOCAL_AUTHORITY: (
        "Social worker",
        "Family help practitioner",
        "Team manager",
        "Newly qualified social worker",
        "Independent reviewing officer",
        "Early years adviser",
        "Principal Child and Family Social Worker",
        "Head of Service for Family Help, Safeguarding, Quality Assurance and Workforce Development",
        "Commissioner",
    ),
    Sector.CENTRAL_GOVERNMENT: ("Policy adviser", "Analyst", "Regional improvement lead"),
    Sector.VCSE: ("Family support worker", "Volunteer coordinator", "Chief executive", "Youth worker", "Trustee"),
    Sector.HEALTH: (
        "Health visitor",
        "School nurse",
        "Named doctor for safeguarding",
        "Clinical psychologist",
        "Speech and language therapist",
    ),
    Sector.POLICE: ("Police constable", "Detective sergeant", "Early intervention officer"),
    Sector.EDUCATION: (
        "Designated safeguarding lead",
        "Headteacher",
        "Lecturer in social work",
        "Education welfare officer",
        "Special educational needs coordinator",
    ),
    Sector.OTHER: ("Housing officer", "Children’s guardian", "Residential worker", "Trainer"),
}

_SHARES = {
    Sector.LOCAL_AUTHORITY: 44,
    Sector.HEALTH: 16,
    Sector.VCSE: 14,
    Sector.EDUCATION: 11,
    Sector.POLICE: 7,
    Sector.CENTRAL_GOVERNMENT: 4,
    Sector.OTHER: 4,
}

_ACCESS = (
    "Step-free way in, please.",
    "I lip-read: a seat near the speaker helps.",
    "British Sign Language interpreter.",
    "Slides beforehand in large print (18 point).",
    "A quiet room for breaks.",
    "I use a screen reader, so please send documents as text.",
    "I come with an assistance dog.",
    "Captions on all online sessions.",
)
_DIETARY = ("Vegan", "Halal", "No nuts: severe allergy", "Gluten free", "Vegetarian, no eggs", "Kosher", "No dairy")

# Shares of a throw between 0 and 1; some people have both kinds of needs.
_TYPED = 0.08
_ACCESS_UNTIL = 0.07
_DIETARY_FROM, _DIETARY_UNTIL = 0.05, 0.13


@dataclass(frozen=True)
class Attendee:
    """Somebody invented who registers, and what they type."""

    name: str
    email: str
    organisation: str
    sector: Sector
    role: str
    access: str
    dietary: str


def attendees(count: int) -> list[Attendee]:
    """So many invented people, no two with one name, over all sectors; about one in eight has needs."""
    random = Random(20220614)  # noqa: S311 - the same people every time, and nothing to guard
    names = [f"{given} {family}" for given in _GIVEN.split() for family in _FAMILY.split()]
    sectors = random.choices(list(_SHARES), list(_SHARES.values()), k=count)
    return [_attendee(name, sector, random) for name, sector in zip(random.sample(names, count), sectors, strict=True)]


def _attendee(name: str, sector: Sector, random: Random) -> Attendee:
    listed = [organisation.name for organisation in ORGANISATIONS if organisation.sector is sector]
    unlisted = [typed for typed, its_sector in UNLISTED if its_sector is sector]
    choices = unlisted if unlisted and random.random() < _TYPED else listed
    needs = random.random()
    return Attendee(
        name=name,
        email=f"{_address(name)}@example.org",
        organisation=random.choice(choices),
        sector=sector,
        role=random.choice(_ROLES[sector]),
        access=random.choice(_ACCESS) if needs < _ACCESS_UNTIL else "",
        dietary=random.choice(_DIETARY) if _DIETARY_FROM < needs < _DIETARY_UNTIL else "",
    )


def _address(name: str) -> str:
    plain = fold(name).replace("ø", "o").replace("'", "")
    return re.sub(r"[^a-z-]+", ".", plain).strip(".")
