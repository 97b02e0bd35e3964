"""What letters to those who look after communities say: the placeholders of their words."""

from collections.abc import Mapping

from webapp.notices.telling import Placeholder, Telling, in_our_words, in_words, page, plain_name
from webapp.templating import british_moment


def _since(telling: Telling) -> str:
    since = telling.moderation.since
    if since is None:
        raise LookupError("This letter is about no worry.")
    return british_moment(since)


def _stands(telling: Telling) -> str:
    if telling.moderation.hidden:
        return "Nobody can read the post until it has been decided what becomes of it."
    return "The post can still be read: whoever is worried is no member, so this is for you to decide now."


MODERATING: Mapping[str, Placeholder] = {
    "moderated_community": in_our_words("The name of the community", lambda telling: telling.moderation.name),
    "worried_since": in_our_words("Since when somebody is worried", _since),
    "how_the_post_stands": in_our_words("Whether the post can be read meanwhile", _stands),
    "who_chose": in_words("Who chose them", lambda telling: plain_name(telling.facts.by) or "An organiser"),
    "case_page": page("The case, as a button", "Open it", lambda urls: urls.moderating, is_button=True),
    "waiting_page": page("What waits, as a button", "See what waits", lambda urls: urls.moderating, is_button=True),
}
