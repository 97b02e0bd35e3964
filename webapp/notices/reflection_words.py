"""What letters about reflections and teams say: the placeholders of their words."""

from collections.abc import Mapping

from webapp.notices.telling import Placeholder, in_our_words, in_words, page, plain_name

REFLECTIONS: Mapping[str, Placeholder] = {
    "who_shares": in_words("Who shares it", lambda telling: plain_name(telling.facts.by) or "Somebody"),
    "reflective_tool": in_our_words("The title of the reflective tool", lambda telling: telling.reflection.tool),
    "may_do": in_our_words(
        "“read it”, or “read it and write in it”",
        lambda telling: "read it and write in it" if telling.reflection.may_write else "read it",
    ),
    "team": in_words("The name of the team", lambda telling: plain_name(telling.reflection.team) or "a team"),
    "reflections_page": page(
        "The reflection, or all reflections, as a button",
        "Open it",
        lambda urls: urls.reflections,
        is_button=True,
    ),
}
