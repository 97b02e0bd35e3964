"""At which domains an address may let its owner join: those of one body, not those at which anybody gets an address."""

from collections.abc import Sequence

from webapp.services.admission import lies_below

# Below these many bodies that have nothing to do with one another have their own domains.
_SHARED_UK = ("ac", "co", "gov", "ltd", "me", "mod", "net", "nhs", "org", "parliament", "plc", "police", "sch")
_SHARED = {f"{one}.uk" for one in _SHARED_UK} | {
    "gov.scot",
    "gov.wales",
    "llyw.cymru",
    "uk.com",
    "org.im",
    "co.im",
    "gov.im",
    "gov.ie",
    "com.au",
    "co.nz",
}
# Here anybody gets an address.
_FREE_MAIL = """
gmail.com googlemail.com outlook.com outlook.co.uk hotmail.com hotmail.co.uk live.com live.co.uk msn.com
yahoo.com yahoo.co.uk ymail.com rocketmail.com aol.com aol.co.uk icloud.com me.com mac.com btinternet.com
btopenworld.com sky.com talktalk.net virginmedia.com ntlworld.com blueyonder.co.uk tiscali.co.uk plus.net
plusnet.com proton.me protonmail.com pm.me gmx.com gmx.co.uk gmx.net mail.com email.com zoho.com fastmail.com
hey.com tutanota.com tuta.com yandex.com mail.ru qq.com web.de mailinator.com
"""
_FREE = frozenset(_FREE_MAIL.split())
# Bodies with staff or members all over the country.
_NATIONAL = [
    "nhs.net",
    "education.gov.uk",
    "justice.gov.uk",
    "homeoffice.gov.uk",
    "dhsc.gov.uk",
    "levellingup.gov.uk",
    "communities.gov.uk",
    "cabinetoffice.gov.uk",
    "digital.cabinet-office.gov.uk",
    "hmcts.net",
    "cafcass.gov.uk",
    "ofsted.gov.uk",
    "pnn.police.uk",
    "cjsm.net",
    "civilservice.gov.uk",
    "barnardos.org.uk",
    "nspcc.org.uk",
    "local.gov.uk",
]


def is_anybodys(domain: str) -> bool:
    """Whether people who have nothing to do with one another have addresses at the domain, or below it."""
    return "." not in domain or domain in _SHARED or domain in _FREE


def anybodys(domains: Sequence[str]) -> list[str]:
    """Those of the domains that open an area to nearly anybody."""
    return [one for one in domains if is_anybodys(one)]


def national(domains: Sequence[str]) -> list[str]:
    """Those of the domains at which people all over the country have addresses, so that one asks back."""
    return [one for one in domains if lies_below(f"x@{one}", _NATIONAL)]


def may_join_by(email: str, domains: Sequence[str]) -> bool:
    """Whether the address lets its owner join an area of these domains; those that open it to anybody count not."""
    return lies_below(email, [one for one in domains if not is_anybodys(one)])
