"""Organisations that do not exist, in every sector, for invented people to work for."""

from webapp.demonstration.shapes import OrganisationFacts
from webapp.models.organisations import Sector

_COUNCIL, _CENTRAL, _VCSE = Sector.LOCAL_AUTHORITY, Sector.CENTRAL_GOVERNMENT, Sector.VCSE
_HEALTH, _POLICE, _EDUCATION, _OTHER = Sector.HEALTH, Sector.POLICE, Sector.EDUCATION, Sector.OTHER

ORGANISATIONS = (
    OrganisationFacts("Marlbridge Council", _COUNCIL, ("Marlbridge City Council", "MCC")),
    OrganisationFacts("Eastmere Borough Council", _COUNCIL, ("EBC",)),
    OrganisationFacts("Kelderwick Metropolitan Borough Council", _COUNCIL, ("Kelderwick Council",)),
    OrganisationFacts("Brackenshire County Council", _COUNCIL, ("Brackenshire",)),
    OrganisationFacts("Oxenvale Council", _COUNCIL),
    OrganisationFacts("Tarnhollow and Quillhaven Council", _COUNCIL, ("Tarnhollow & Quillhaven", "TQC")),
    OrganisationFacts("London Borough of Fennimere", _COUNCIL, ("Fennimere Council",)),
    OrganisationFacts("Norwatershire County Council", _COUNCIL),
    OrganisationFacts("Saltmarch Unitary Authority", _COUNCIL),
    OrganisationFacts("Hollowdene Council", _COUNCIL),
    OrganisationFacts("Larkstone City Council", _COUNCIL),
    OrganisationFacts("Penhallick and the Wynter Isles Council", _COUNCIL),
    OrganisationFacts("Thrushcombe Borough Council", _COUNCIL),
    OrganisationFacts("Greater Kelder Combined Authority", _COUNCIL, ("GKCA",)),
    OrganisationFacts("Office for Family Learning", _CENTRAL, ("OFL",)),
    OrganisationFacts("Directorate of Neighbourhood Services", _CENTRAL),
    OrganisationFacts("Marlbridge Young Carers", _VCSE),
    OrganisationFacts("The Lantern Street Project", _VCSE, ("Lantern Street",)),
    OrganisationFacts("Kin and Kettle", _VCSE),
    OrganisationFacts("Fathers Together Eastmere", _VCSE),
    OrganisationFacts("Brackenshire Association of Foster and Kinship Carers", _VCSE, ("BAFKC",)),
    OrganisationFacts("Open Gate Families", _VCSE),
    OrganisationFacts("Paper Kite Youth Collective", _VCSE),
    OrganisationFacts("Marlbridge and Eastmere Integrated Care Board", _HEALTH, ("Marlbridge ICB",)),
    OrganisationFacts("Kelderwick Children’s Hospital", _HEALTH),
    OrganisationFacts("Brackenshire Community Health Trust", _HEALTH),
    OrganisationFacts("Saltmarch Health Visiting and School Nursing Service", _HEALTH),
    OrganisationFacts("Larkstone Child and Adolescent Mental Health Service", _HEALTH, ("Larkstone CAMHS",)),
    OrganisationFacts("Marlbridge Constabulary", _POLICE),
    OrganisationFacts("Brackenshire Police", _POLICE),
    OrganisationFacts("Norwatershire and Saltmarch Police", _POLICE),
    OrganisationFacts("University of Marlbridge", _EDUCATION),
    OrganisationFacts("Eastmere Further Education College", _EDUCATION),
    OrganisationFacts("Canal Street Primary School, Marlbridge", _EDUCATION),
    OrganisationFacts("Hollowdene Academy Trust", _EDUCATION),
    OrganisationFacts("Virtual School for Brackenshire and Norwatershire", _EDUCATION),
    OrganisationFacts("Thrushcombe Nursery School and Family Hub", _EDUCATION),
    OrganisationFacts("Kelder Housing Association", _OTHER),
    OrganisationFacts("Quillhaven Family Law Chambers", _OTHER),
    OrganisationFacts("Kestrelmoor Children’s Homes Cooperative", _OTHER),
)

# What people type who do not find their organisation in the list.
UNLISTED = (
    ("Self-employed trainer", _OTHER),
    ("St Orrin’s Church Hall playgroup", _VCSE),
    ("Independent reviewing officer, for several councils", _COUNCIL),
    ("Dr Mwangi and Partners surgery", _HEALTH),
    ("Little Otters childminding", _EDUCATION),
)
