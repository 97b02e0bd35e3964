"""What mail programs are told of a letter of a community: which list it is of, where it stands, and how it stops."""

from collections.abc import Sequence

from webapp.models.mailings import Letter
from webapp.notices.addresses import Urls
from webapp.notices.composing import words
from webapp.notices.letters import LetterFacts


def list_headers(letter: Letter, facts: LetterFacts, urls: Urls) -> Sequence[tuple[str, str]]:
    """The headers of a list: of one community its own name (RFC 2919), and its page; of several a common one."""
    if not facts.told:
        return ()
    if len(facts.told) > 1:
        return [("List-Id", f"Communities <digest.communities.{urls.host}>")]
    (told,) = facts.told
    identifier = f"<{told.public_id}.communities.{urls.host}>"
    shown = words("List-Id", told.name)
    # A phrase: what are no atoms is quoted, or encoded already (RFC 2919, section 3).
    if not shown.startswith("=?"):
        shown = '"' + shown.replace("\\", "\\\\").replace('"', '\\"') + '"'
    headers = [
        ("List-Id", f"{shown}\r\n {identifier}"),
        ("List-Archive", f"<{urls.of_community(told.slug, told.public_id)}>"),
    ]
    if letter.post_id is not None:
        # Programs put the letters of one topic together by this; no letter has that id.
        headers.append(("References", f"<topic-{told.topics[0].public_id}@{urls.host}>"))
    return headers


def way_out(letter: Letter, facts: LetterFacts, urls: Urls) -> str:
    """Where one press stops the letters of all communities that a letter tells of; nothing where it tells of none."""
    return urls.stop_communities(letter.public_id) if facts.told else ""
