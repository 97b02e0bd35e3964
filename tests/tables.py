"""Reads the tables of a page as people do."""

from xml.etree import ElementTree as ET

from tests.browsing import HTML, Page


def cells(page: Page, *, place: int = 0) -> list[list[str]]:
    """The words of each cell of each row of the page's first table, or of another by its place."""
    body = page.all("tbody")[place] if page.all("tbody") else []
    return [[words(cell) for cell in row] for row in body]


def headings(page: Page, *, place: int = 0) -> dict[str, str | None]:
    """The headings of the columns, each with how it stands in the order."""
    (row,) = page.all("thead")[place].iter(f"{HTML}tr")
    return {words(cell): cell.get("aria-sort") for cell in row}


def words(element: ET.Element) -> str:
    """An element's words, where lines break too."""
    return " ".join(" ".join(element.itertext()).split())
