"""Tells the articles of a journal apart, and sees to it that each line of the document is found again somewhere."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from webapp.formats.journals.blocks import Block, Form, heading_text
from webapp.formats.journals.bodies import write_body
from webapp.formats.journals.contents import Found, find_contents
from webapp.formats.journals.headings import by_headings
from webapp.formats.journals.heads import read_head
from webapp.formats.journals.matching import Beginning, find_beginnings, part_at_titles
from webapp.formats.journals.numbers import cover_line, said_number, without_number
from webapp.formats.journals.spelling import Spelling, learnt
from webapp.formats.journals.titles import ACKNOWLEDGEMENTS, is_title, key, kind_of, phrase
from webapp.formats.journals.values import (
    Article,
    Entry,
    Kind,
    Line,
    Reading,
    Remark,
    Source,
    Unplaced,
    UnreadableJournalError,
)
from webapp.formats.journals.word import PICTURE

_EDGES = re.compile(r"^[0-9]{1,4}[ \t|·•–—-]{1,9}|[ \t|·•–—-]{1,9}(?:page )?[0-9]{1,4}$", re.IGNORECASE)
_PICTURES = "{} pictures of the document were not read. Add them as figures."
_WIDE_GAP, _MOST_REMARKS = 3, 200
MOST_ARTICLES = 100


@dataclass
class _Span:
    """The blocks of an article before it is read: from its title on, up to `end`."""

    beginning: Beginning
    end: int
    entry: Found | None = None
    title: str = ""


@dataclass
class _Made:
    """A reading while it is made."""

    blocks: list[Block]
    front: list[Line] = field(default_factory=list)
    asides: list[Line] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    title: str = ""
    subtitle: str = ""
    number: int | None = None
    season: str = ""
    acknowledgements: str = ""
    spelling: Spelling = field(default_factory=Spelling)

    def leave(self, blocks: Sequence[Block], reason: str) -> None:
        """Tell the lines of blocks that are in no article."""
        for block in blocks:
            if block.form is Form.ORNAMENT:
                self.asides += block.lines
            else:
                self.unplaced += [Unplaced(line.number, line.text, reason) for line in block.lines]

    def thank(self, place: int, end: int) -> None:
        """Take what stands below a heading as the acknowledgements of the issue, and the heading with it."""
        blocks = self.blocks[place:end]
        said = [block.text for block in blocks[1:] if block.form is not Form.ORNAMENT]
        self.acknowledgements = "\n\n".join([*filter(None, [self.acknowledgements]), *said])
        self.front += [line for block in blocks for line in block.lines]

    def take_number(self, found: tuple[int | None, str] | None) -> None:
        """Take the number and the season of the issue, unless they were found before."""
        number, season = found or (None, "")
        self.number, self.season = self.number or number or None, self.season or season


def read_blocks(blocks: list[Block], source: Source, encoding: str, remarks: Sequence[Remark]) -> Reading:
    """Give the issue that these blocks are, article by article; raises UnreadableJournalError for none at all."""
    if not any(block.form is not Form.ORNAMENT for block in blocks):
        raise UnreadableJournalError("There is nothing in this journal to read.")
    made = _Made(blocks, remarks=[] if source is Source.WORD else list(remarks))
    listing = find_contents(blocks)
    start = listing.end if listing is not None else 0
    spans: list[_Span] = []
    if listing is not None:
        part_at_titles(blocks, listing.entries, start)
        spans = _spans(made, listing.entries, find_beginnings(blocks, listing.entries, start))
    if not spans:
        spans = _by_headings(made, start)
    _take_acknowledgements(made, spans)
    _cut_the_end(made, spans)
    first = spans[0].beginning.title if spans else len(blocks)
    _read_front(made, first, (listing.start, listing.end) if listing else (first, first))
    made.spelling = learnt(blocks)
    pages = _on_each_page(made, spans)
    articles = [_article(made, span, pages) for span in spans]
    if source is Source.WORD:
        articles = _with_remarks(made, spans, articles, remarks)
    return Reading(
        source=source,
        encoding=encoding,
        title=made.spelling.sentence_case(made.title),
        subtitle=made.spelling.sentence_case(made.subtitle),
        number=made.number or said_number(blocks[first:]),
        season=made.season,
        entries=tuple(_entries(listing.entries if listing else [], spans)),
        acknowledgements=made.acknowledgements,
        articles=tuple(articles),
        front=tuple(sorted(made.front, key=lambda line: line.number)),
        asides=tuple(sorted(made.asides, key=lambda line: line.number)),
        unplaced=tuple(sorted(made.unplaced, key=lambda line: line.number)),
        remarks=tuple(made.remarks[:_MOST_REMARKS]),
    )


def _with_remarks(
    made: _Made, spans: Sequence[_Span], articles: Sequence[Article], remarks: Sequence[Remark]
) -> list[Article]:
    """Give the articles with what was not read of each; what is no article's is told of the document."""
    ends = [made.blocks[span.end].number if span.end < len(made.blocks) else None for span in spans]
    told: Counter[tuple[int | None, str]] = Counter()
    for remark in remarks:
        own = (
            place
            for place, (span, end) in enumerate(zip(spans, ends, strict=True))
            if remark.line is not None
            and remark.line >= made.blocks[span.beginning.title].number
            and (end is None or remark.line < end)
        )
        told[next(own, None), remark.sentence] += 1
    found: dict[int | None, list[Remark]] = {}
    for (place, sentence), times in told.items():
        several = _PICTURES.format(times) if sentence == PICTURE and times > 1 else sentence
        found.setdefault(place, []).append(Remark(several))
    made.remarks[:0] = found.get(None, [])
    return [
        replace(article, remarks=(*found.get(place, []), *article.remarks)) for place, article in enumerate(articles)
    ]


def _by_headings(made: _Made, start: int) -> list[_Span]:
    beginnings, sentence = by_headings(made.blocks, start)
    made.remarks.append(Remark(sentence))
    taken = beginnings[:MOST_ARTICLES]
    ends = [*(each.title for each in taken[1:]), len(made.blocks)]
    return [_Span(beginning, end) for beginning, end in zip(taken, ends, strict=True)] if taken else []


def _entries(listed: Sequence[Found], spans: Sequence[_Span]) -> Iterator[Entry]:
    places = {id(span.entry): place for place, span in enumerate(spans) if span.entry is not None}
    for found in listed:
        yield Entry(found.title, found.page, found.line, places.get(id(found)))


def _spans(made: _Made, entries: Sequence[Found], found: dict[int, Beginning]) -> list[_Span]:
    """Give the stretches of the articles; entries without a title in the text take what is printed on their pages."""
    spans: list[_Span] = []
    order = sorted(found)
    for place, number in enumerate(order):
        end = found[order[place + 1]].title if place + 1 < len(order) else len(made.blocks)
        own = _Span(found[number], end, entries[number])
        spans.append(own)
        upto = order[place + 1] if place + 1 < len(order) else len(entries)
        spans += _without_title(made, own, entries[number + 1 : upto])
    if order and order[0] > 0:
        for entry in entries[: order[0]]:
            _miss(made, entry)
    for span in spans:
        if not span.beginning.sure and span.entry is not None and not span.title:
            sentence = f"“{span.entry.title}” of the contents was taken to be this article. Look whether it is."
            made.remarks.append(Remark(sentence, made.blocks[span.beginning.title].number))
    return spans


def _miss(made: _Made, entry: Found) -> None:
    made.remarks.append(Remark(f"No article was found for “{entry.title}” of the contents.", entry.line))


def _without_title(made: _Made, before: _Span, entries: Sequence[Found]) -> Iterator[_Span]:
    """Part a stretch where a line begins to be printed on its pages that is not its own title."""
    for entry in entries:
        own = made.blocks[before.beginning.title].key
        inside = range(before.beginning.named + 2, before.end)
        keys = [made.blocks[place].key for place in inside]
        counts = Counter(keys)
        place = next(
            (
                place
                for place, each in zip(inside, keys, strict=True)
                if counts[each] > 1 and len(each) > 2 and each != own and is_title(made.blocks[place].text)
            ),
            None,
        )
        if place is None:
            _miss(made, entry)
            continue
        text = heading_text(made.blocks[place])
        sentence = (
            f"“{entry.title}” stands nowhere in the text. It was taken to begin at “{text[:100]}”, which is printed on"
            " the pages that follow. Look whether it does."
        )
        made.remarks.append(Remark(sentence, made.blocks[place].number))
        span = _Span(Beginning(place, place, False), before.end, entry, entry.title)
        before.end = place
        before = span
        yield span


def _take_acknowledgements(made: _Made, spans: list[_Span]) -> None:
    """Take out of the articles what stands below a heading that says thanks for the issue as a whole."""
    for span in spans[:]:
        title = span.beginning.title
        if len(spans) > 1 and not span.title and _thanks(made.blocks[title]):
            # What stands before the first article is read with the front.
            if span is not spans[0]:
                made.thank(title, span.end)
            spans.remove(span)
    for span in spans:
        top = made.blocks[span.beginning.title].level
        for place in range(span.beginning.named + 1, span.end):
            block = made.blocks[place]
            own = block.form is Form.HEADING and (block.level <= top or not top) and _thanks(block)
            if own and not any(
                each.form is Form.HEADING and each.level <= block.level for each in made.blocks[place + 1 : span.end]
            ):
                made.thank(place, span.end)
                span.end = place
                break


def _thanks(block: Block) -> bool:
    return len(block.text) < 60 and phrase(block.text) in ACKNOWLEDGEMENTS


def _cut_the_end(made: _Made, spans: list[_Span]) -> None:
    """Take off the last article what stands after a wide gap and begins with a name of a body, not with a sentence."""
    if not spans:
        return
    last = spans[-1]
    blocks = made.blocks
    for place in range(last.beginning.named + 5, last.end):
        block = blocks[place]
        if _thanks(block) and place + 1 < last.end:
            made.thank(place, last.end)
        elif _begins_the_back(blocks, place):
            made.leave(blocks[place : last.end], "it seems to stand after the last article")
        else:
            continue
        last.end = place
        return


def _begins_the_back(blocks: Sequence[Block], place: int) -> bool:
    block = blocks[place]
    if block.gap < _WIDE_GAP or block.form is not Form.TEXT or len(block.text) > 60:
        return False
    return is_title(block.text, len(block.texts)) and not block.text.isupper() and not block.text.endswith((".", "?"))


def _read_front(made: _Made, first: int, listing: tuple[int, int]) -> None:
    """Read what stands before the first article: titles, contents, acknowledgements."""
    start, end = listing
    blocks = made.blocks
    for block in blocks[start:end]:
        made.front += block.lines
    before = [place for place in range(first) if not start <= place < end]
    place = 0
    while place < len(before):
        block = blocks[before[place]]
        place += 1
        said = phrase(block.texts[0][:80])
        if said in ACKNOWLEDGEMENTS and len(block.texts[0]) < 60 and not made.acknowledgements:
            rest = [*([block.split(1)] if len(block.texts) > 1 else [])]
            while place < len(before) and blocks[before[place]].form not in {Form.HEADING, Form.TITLE}:
                rest.append(blocks[before[place]])
                place += 1
            made.front += block.lines + [line for each in rest for line in each.lines]
            made.acknowledgements = "\n\n".join(each.text for each in rest if each.form is not Form.ORNAMENT)
        elif block.form is Form.ORNAMENT:
            made.asides += block.lines
        elif found := cover_line(heading_text(block)):
            made.front += block.lines
            made.take_number(found)
        elif _is_of_the_title(block) and not (made.title and made.subtitle) and before[place - 1] < max(start, 1) + 1:
            made.front += block.lines
            title, found = without_number(heading_text(block))
            made.take_number(found)
            if made.title:
                made.subtitle = title
            else:
                made.title = title
        else:
            made.leave([block], "it stands before the first article")


def _is_of_the_title(block: Block) -> bool:
    return block.form in {Form.TITLE, Form.SUBTITLE, Form.HEADING, Form.TEXT} and is_title(block.text, len(block.texts))


def _on_each_page(made: _Made, spans: Sequence[_Span]) -> set[tuple[str, ...]]:
    """Give what is printed on each page: the title of the issue, and lines that change by their number alone."""
    found = {key(f"{made.title} {made.subtitle}"), key(made.title)} - {()}
    numbered: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for span in spans:
        for block in made.blocks[span.beginning.title : span.end]:
            if len(block.text) <= 120 and block.form in {Form.TEXT, Form.ITEM} and len(block.texts) == 1:
                bare = key(_EDGES.sub("", block.lines[0].text.strip()))
                if bare and bare != block.key:
                    numbered.setdefault(bare, set()).add(block.key)
    for bare, whole in numbered.items():
        if len(whole) > 2:
            found |= {bare, *whole}
    return found


def _article(made: _Made, span: _Span, pages: set[tuple[str, ...]]) -> Article:
    blocks = made.blocks
    start = span.beginning.title
    block = blocks[start]
    title = span.title or heading_text(block)
    entry = span.entry.title if span.entry is not None else ""
    rest = blocks[start + 1 : span.end]
    printed = pages | {block.key}
    words = " ".join(" ".join(key(each.text)) for each in rest[:40])
    named = span.beginning.named - start - 1 if span.beginning.named > start else None
    head = read_head(rest, named, "" if span.title else entry, printed, words)
    kind = kind_of(title) if kind_of(title) is not Kind.ARTICLE else kind_of(entry)
    body = write_body(
        [*head.left, *rest[head.body :]], printed, kind, made.spelling, level=block.level or int(bool(span.title))
    )
    asides = [*head.asides, *body.asides]
    made.asides += asides
    aside = {line.number for line in asides}
    lines = [line.number for each in blocks[start : span.end] for line in each.lines if line.number not in aside]
    kicker = [heading_text(block)] if span.title else head.kicker
    article = Article(
        kind=kind,
        title=made.spelling.sentence_case(title),
        kicker=made.spelling.sentence_case(" ".join(kicker)),
        authors=tuple(head.authors),
        byline="\n".join(head.byline),
        standfirst=head.standfirst,
        body=body.text,
        messages=tuple(body.messages),
        quotes=tuple(body.quotes),
        captions=tuple(body.captions),
        lines=tuple(lines),
        remarks=(*head.remarks, *body.remarks),
    )
    if not article.body and not article.messages:
        article = replace(article, remarks=(*article.remarks, Remark("No words follow this title.", block.number)))
    return article
