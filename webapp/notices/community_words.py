"""What letters of communities say: the placeholders of their words, and what is new, community by community.

What many are told alike is put together once: a digest to 50,000 people is made of a few parts.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from html import escape

from webapp.notices.community_facts import CommunityTold, PostTold, TopicTold
from webapp.notices.telling import Placeholder, Telling, in_our_words, in_words, page, plain_name
from webapp.notices.wording import Address, Block, Kind, inert

_HEADING = 'style="margin:24px 0 8px;font-size:18px;line-height:1.25"'
_LIST = 'style="margin:16px 0;padding:0;list-style:none"'
_ITEM = 'style="margin:0 0 16px"'
_SAID = 'style="margin:16px 0;padding:0 0 0 12px;border-left:4px solid #b1b4b6;white-space:pre-line"'
_LINK = 'style="color:#0b4f5c"'
_NOTHING = Block(text="", html="")
_HIDING = "Letters of this community do not tell what was written. Open it to read it."
_CUT = "It goes on in the community."


def _topic(telling: Telling) -> TopicTold:
    return telling.told.topics[0]


def _post(telling: Telling) -> PostTold:
    return _topic(telling).posts[0]


def _author(post: PostTold) -> str:
    return plain_name(post.author) or "Somebody"


def _about(telling: Telling) -> str:
    """The community, and the topic unless it hides that, as a subject names it."""
    told = telling.told
    return told.name if told.hides else f"{told.name}: {inert(_topic(telling).title)}"


def _wrote(telling: Telling) -> str:
    told = telling.told
    if told.hides:
        return f"Somebody wrote in {told.name}."
    return f"{_author(_post(telling))} wrote in “{inert(_topic(telling).title)}”, in {told.name}:"


def _mentions(telling: Telling) -> str:
    told = telling.told
    if told.hides:
        return f"Somebody mentions you in {told.name}."
    return f"{_author(_post(telling))} mentions you in “{inert(_topic(telling).title)}”, in {told.name}:"


def _accepted(telling: Telling) -> str:
    told = telling.told
    whose = "Your answer was accepted" if telling.facts.state == "own" else "A question that you have was answered"
    return f"{whose} in {told.name}." if told.hides else f"{whose}: “{inert(_topic(telling).title)}”, in {told.name}."


def _said(telling: Telling) -> Block:
    """What was written; that letters do not tell it, where the community hides it."""
    if telling.told.hides:
        return Block(text=_HIDING, html=f"<p>{_HIDING}</p>")
    post = _post(telling)
    more = f"<p>{_CUT}</p>" if post.is_cut else ""
    text = "\n".join(f"> {line}".rstrip() for line in post.words.split("\n"))
    return Block(
        text=f"{text}\n\n{_CUT}" if post.is_cut else text,
        html=f"<p {_SAID}>{escape(post.words)}</p>{more}",
    )


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _how_many(telling: Telling) -> str:
    told = telling.facts.told
    count = _number(sum(one.count for one in told), "new post")
    return f"{count} in {told[0].name if len(told) == 1 else f'{len(told)} communities'}"


def _news(telling: Telling) -> Block:
    """What is new, community by community; of each, where there are several, how its letters stop."""
    told, letter_id = telling.facts.told, telling.letter_id
    text, html = [], []
    for one in told:
        made = _section(one, telling.urls.of_community(one.slug, one.public_id), telling.urls.post(""))
        text.append(made.text)
        html.append(made.html)
        if len(told) > 1 and letter_id:
            stop = telling.urls.stop_communities(letter_id, one.id)
            text.append(f"No more letters of this community:\n{stop}\n")
            html.append(f'<p><a href="{escape(stop)}" {_LINK}>No more letters of {escape(one.name)}</a></p>')
    return Block(text="\n".join(text), html="".join(html))


@lru_cache(maxsize=1024)
def _section(told: CommunityTold, address: str, posts: str) -> Block:
    if told.hides:
        number = f"{_number(told.count, 'new post')} in {_number(len(told.topics) + told.more, 'topic')}."
        return Block(
            text=f"{told.name}:\n{number} {_HIDING}\n{address}\n",
            html=f"<h2 {_HEADING}>{escape(told.name)}</h2><p>{number} {_HIDING}</p>"
            f'<p><a href="{escape(address)}" {_LINK}>Open {escape(told.name)}</a></p>',
        )
    text, html = [f"{told.name}:\n"], [f"<h2 {_HEADING}>{escape(told.name)}</h2><ul {_LIST}>"]
    for topic in told.topics:
        first, link = topic.posts[0], f"{posts}{topic.posts[0].public_id}"
        title, by = inert(topic.title), _by(topic)
        line = f"“{first.words}”" if first.words else ""
        text.append("\n  ".join(part for part in (f"- {title}", by, line, link) if part))
        said = f"<br>{escape(line)}" if line else ""
        html.append(
            f'<li {_ITEM}><a href="{escape(link)}" {_LINK}><strong>{escape(title)}</strong></a>'
            f"<br>{escape(by)}{said}</li>"
        )
    html.append("</ul>")
    rest = f"And {_number(told.more, 'more topic')}" if told.more else f"Open {told.name}"
    text.append(f"\n{rest}:\n{address}\n")
    html.append(f'<p><a href="{escape(address)}" {_LINK}>{escape(rest)}</a></p>')
    return Block(text="\n".join(text), html="".join(html))


def _by(topic: TopicTold) -> str:
    """How many new posts there are, and by whom the first of them are."""
    names = list(dict.fromkeys(_author(post) for post in topic.posts))
    others = topic.count > len(topic.posts)
    listed = [*names, "others"] if others else names
    joined = listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}"
    return f"{_number(topic.count, 'new post')} by {joined}"


def _reason(telling: Telling) -> Block:
    """What the moderator says of it."""
    reason = telling.facts.reason.strip()
    if not reason:
        return _NOTHING
    return Block(text=f"Why:\n{reason}", html=f"<h2 {_HEADING}>Why</h2><p {_SAID}>{escape(reason)}</p>")


def _block(explained: str, value: Callable[[Telling], Block]) -> Placeholder:
    return Placeholder(kind=Kind.BLOCK, explained=explained, value=value)


def _post_page(telling: Telling) -> Address:
    return Address(url=telling.urls.post(_post(telling).public_id), label="Open the post", is_button=True)


COMMUNITIES: Mapping[str, Placeholder] = {
    "post_about": in_our_words("The community and the topic", _about),
    "who_wrote": in_our_words("Who wrote, and where", _wrote),
    "who_mentions": in_our_words("Who mentions the recipient, and where", _mentions),
    "what_was_accepted": in_our_words("Whose answer was accepted, and to what question", _accepted),
    "community_told": in_our_words("The name of the community", lambda telling: telling.told.name),
    "post_words": _block("What was written, unless the community’s letters do not tell that", _said),
    "post_page": Placeholder(kind=Kind.ADDRESS, explained="The post, as a button", value=_post_page),
    "how_many_posts": in_our_words("How many new posts there are, and where", _how_many),
    "news_by_community": _block("What is new, community by community", _news),
    "letters_choice": page(
        "Where the recipient chooses which letters of communities come",
        "E-mails from your communities",
        lambda urls: urls.letters_of_communities,
    ),
    "community": in_words("The name of the community", lambda telling: telling.community.name),
    "own_topic": in_words("The topic in which the recipient wrote", lambda telling: telling.community.topic),
    "own_post_page": page(
        "What the recipient wrote, as a button", "Open it", lambda urls: urls.own_post, is_button=True
    ),
    "moderator_says": _block("What the moderator says of it", _reason),
    "community_page": page("The community", "The community", lambda urls: urls.community),
}
