"""Posts as nobody should type them: pieces of Markdown and hostile signs in any order, the same at each run."""

import random
from collections.abc import Iterator

PIECES = [
    *("*", "**", "***", "_", "`", "```", "~~~", "[", "]", "(", ")", "![", "](/posts/bcdfghjkmnpq)", '](/a "', "](<"),
    *(
        "](https://bank.example)",
        "](javascript:alert(1))",
        "](//evil.example)",
        "](/\\evil.example)",
        "](data:text/html,x)",
    ),
    *(
        "<",
        ">",
        "> ",
        ">> ",
        "- ",
        "1. ",
        "# ",
        "    ",
        "\t",
        "\n",
        "\n\n",
        "\\",
        "&",
        "&#x202e;",
        "&lt;",
        "|",
        "---",
        "===",
    ),
    *("<script>", "</p>", "<img src=x onerror=alert(1)>", "<a href='javascript:x'>", "<!--", "<https://a.example/%3E>"),
    *("@ann-lee", "@", "ann@example.org", "https://a.example/x", "HTTPS://", "https://а.example", '"', "'", " ", "  "),
    *("\u202e", "\u200b", "\u200d", "\ufeff", "\u0301", "\U000e0041", "é", "ש", "ع", "👩", "\x00", "\r\n", "\u2028"),
]
WORDS = [f"word{one}{two}" for one in "abcdefghijkl" for two in "mnopqrstuvwx"]
PEOPLE = {"ann-lee": ('Ann <b onclick="x">Lee</b>', "/people/ann")}


def odd_posts(number: int) -> Iterator[tuple[str, list[str]]]:
    """Posts of up to 40 pieces, with the words that stand between them, each once."""
    source = random.Random(7)
    for _ in range(number):
        words = source.sample(WORDS, source.randint(1, 20))
        parts = []
        for word in words:
            parts += source.choices(PIECES, k=source.randint(0, 3))
            # A word right behind an address is a part of it, and is read with it.
            parts += [source.choice(["", " ", "\n"]), word, source.choice(["", " ", " "])]
        yield "".join(parts), words
