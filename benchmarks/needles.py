"""PDFs with facts planted in them, and questions about those: in text, in tables, in charts, in scanned pages
and in several languages.

Every page says the same kinds of things about other people and places, and holds one fact of its own;
another page, somewhere else, mentions who it is about. So a fact is answered by one page (grade 2) and
touched upon by another (grade 1).
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pymupdf

PAGES_A_FILE = 100

FIRST = (
    "Ada Bruno Clara David Elena Felix Greta Hassan Ines Jonas Karin Liam Mona Nils Olga Paul Rosa Sven Uwe"
)
LAST = "Abel Brandt Conti Duarte Ekholm Ferrer Grant Haddad Ivanova Jensen Kovacs Lindt Moreau Novak Petit"
PLACES = "river church station forest market beach castle bridge garden harbour school hospital museum"
THINGS = "boat clock horse piano letter hat bicycle lamp drum kite cake violin carpet mirror telescope basket"
COLOURS = "red blue green yellow black white golden brown"
FILLER = (
    "The minutes of the meeting at the {place} were read and nobody objected.",
    "Rain fell on most days of the month, and the {place} was closed.",
    "A committee was asked to look into the matter of the {colour} {thing} again.",
    "Visitors are kindly asked to leave their {thing} at the door of the {place}.",
    "The report of {first} was heard with attention and praised by all.",
    "Nothing was said of the {thing}, which had been {colour} once.",
    "The {place} will be painted {colour} in the course of the coming year.",
)
FACTS = {
    "text": (
        "{name} sold a {colour} {thing} near the {place} in {year}.",
        "in which year did {name} get money for the {thing} at the {place}",
    ),
    "table": (
        "{name}   |   {place}   |   {thing}   |   {number} EUR",
        "how many EUR stand beside {name} and the {thing}",
    ),
    "de": (
        "{name} verkaufte im Jahr {year} ein Haus am Fluss und zog für {number} Tage nach {last}stadt.",
        "wann hat {name} das Haus am Fluss verkauft",
    ),
    "fr": (
        "{name} a vendu une maison près de la gare en {year} pour {number} francs.",
        "combien de francs {name} a reçu pour la maison",
    ),
    "chart": (
        "{name}: guests of the {place}",
        "chart of the guests that {name} had at the {place}",
    ),
    "scan": (
        "{name} lost a {colour} {thing} on the way to the {place} in {year}.",
        "what became of the {thing} that {name} took to the {place}",
    ),
}
SHARES = {"text": 0.35, "table": 0.25, "de": 0.13, "fr": 0.12, "chart": 0.13, "scan": 0.02}
"""How many of the facts are of each kind; a scanned page takes a second to read."""

TEXT, CHART = pymupdf.Rect(50, 50, 550, 560), pymupdf.Rect(80, 600, 520, 760)
BARS, DPI = 5, 150
ECHO = "{name} was mentioned again, without further remarks."


@dataclass(frozen=True, slots=True)
class Question:
    """A question, its kind, and the pages that answer it: file name and page, from 1, to their grade."""

    text: str
    kind: str
    grades: dict[tuple[str, int], int]


def documents(folder: Path, pages: int, seed: int) -> list[Question]:
    """Write PDFs of so many pages in all; return what can be asked of them."""
    random = np.random.default_rng(seed)
    facts = [_fact(random) for _ in range(pages)]
    names = Counter(fact["name"] for fact, _ in facts)
    echoes = random.permutation(pages)
    asked: list[Question] = []
    for first in range(0, pages, PAGES_A_FILE):
        with pymupdf.open() as document:
            for at in range(first, min(first + PAGES_A_FILE, pages)):
                fact, kind = facts[at]
                echo, _ = facts[echoes[at]]
                told = FACTS[kind][0].format(**fact)
                said = [ECHO.format(**echo)] if kind == "chart" else [told, ECHO.format(**echo)]
                lines = [line.format(**_values(random)) for line in random.choice(FILLER, 10)]
                for line in said:
                    lines.insert(int(random.integers(len(lines))), line)
                page = document.new_page()
                page.insert_textbox(TEXT, "\n\n".join(lines), fontsize=10)
                if kind == "chart":
                    _draw_chart(page, told, random)
                elif kind == "scan":
                    _scan(document, page)
            document.save(folder / _file(first))
    touched = {int(fact): at for at, fact in enumerate(echoes)}
    for at, (fact, kind) in enumerate(facts):
        if names[fact["name"]] <= 6:
            grades = {_place(touched[at]): 1} | {_place(at): 2}
            asked.append(Question(FACTS[kind][1].format(**fact), kind, grades))
    once = Counter(one.text for one in asked)
    return [one for one in asked if once[one.text] == 1]


def _draw_chart(page: pymupdf.Page, title: str, random: np.random.Generator) -> None:
    """Draw bars, each with its year below and its number above."""
    page.insert_text((CHART.x0, CHART.y0 - 20), title, fontsize=12)
    counts = random.integers(100, 9999, BARS)
    years = random.integers(1850, 2015) + np.arange(BARS)
    step = CHART.width / BARS
    for n, (count, year) in enumerate(zip(counts.tolist(), years.tolist(), strict=True)):
        left, top = CHART.x0 + n * step, CHART.y1 - CHART.height * count / 10_000
        page.draw_rect(pymupdf.Rect(left + 10, top, left + step - 10, CHART.y1), fill=(0.2, 0.4, 0.7))
        page.insert_text((left + 20, top - 3), str(count), fontsize=9)
        page.insert_text((left + 20, CHART.y1 + 12), str(year), fontsize=9)


def _scan(document: pymupdf.Document, page: pymupdf.Page) -> None:
    """Put a picture of a page in its place."""
    picture, number = page.get_pixmap(dpi=DPI, colorspace="gray"), page.number
    document.delete_page(number)
    scanned = document.new_page(number)
    scanned.insert_image(scanned.rect, stream=picture.tobytes("jpeg"))


def _fact(random: np.random.Generator) -> tuple[dict[str, str], str]:
    kind = str(random.choice(list(SHARES), p=list(SHARES.values())))
    return _values(random), kind


def _values(random: np.random.Generator) -> dict[str, str]:
    def one(of: str) -> str:
        return str(random.choice(of.split()))

    first, last = one(FIRST), one(LAST)
    numbers = {"year": str(random.integers(1850, 2020)), "number": str(random.integers(100, 9999))}
    words = {"place": one(PLACES), "thing": one(THINGS), "colour": one(COLOURS)}
    return {"first": first, "last": last, "name": f"{first} {last}"} | numbers | words


def _place(at: int) -> tuple[str, int]:
    return _file(at), at % PAGES_A_FILE + 1


def _file(at: int) -> str:
    return f"report {at // PAGES_A_FILE:03}.pdf"
