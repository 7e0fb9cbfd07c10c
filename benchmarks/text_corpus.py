"""Texts and questions with known answers for `benchmarks.text`: real ones, and made-up ones of templates."""

import random
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.quality import lines, plain
from indexers.base import Job, Piece
from indexers.documents import INDEXER
from search.records import Page
from search.spots import spot_of


@dataclass(frozen=True, slots=True)
class Text:
    """One document: the words of its pages, its passages with their pages (from 1), what each of them stands
    under, and what a model is `given` for each, where that is more than its words."""

    digest: str
    pages: tuple[str, ...]
    passages: tuple[tuple[int, str], ...]
    over: tuple[str | None, ...]
    given: tuple[str, ...] = ()

    @property
    def encoded(self) -> tuple[str, ...]:
        """What a model is given for each passage."""
        return self.given or tuple(said for _, said in self.passages)


@dataclass(frozen=True, slots=True)
class Question:
    """A query and the one page that answers it."""

    kind: str
    text: str
    digest: str
    page: int


NAMES = (
    "Aldous",
    "Birgit",
    "Camille",
    "Dmitri",
    "Eleni",
    "Farouk",
    "Greta",
    "Hiroshi",
    "Ingrid",
    "Joaquin",
    "Katarina",
    "Leopold",
)
TOWNS = (
    "Ravensburg",
    "Oviedo",
    "Tartu",
    "Nagoya",
    "Galway",
    "Bergamo",
    "Uppsala",
    "Zadar",
    "Leuven",
    "Coimbra",
    "Aarhus",
    "Trieste",
)
GOODS = (
    "telescope",
    "greenhouse",
    "accordion",
    "dishwasher",
    "caravan",
    "microscope",
    "typewriter",
    "sailboat",
    "chandelier",
)
GERMAN = (
    "Rechnung",
    "Versicherung",
    "Lieferung",
    "Vereinbarung",
    "Genehmigung",
    "Anleitung",
    "Wohnung",
    "Heizung",
)
FIRSTS = (
    "Strom",
    "Haus",
    "Auto",
    "Garten",
    "Winter",
    "Sommer",
    "Kinder",
    "Dach",
    "Reise",
    "Boots",
)
KINDS = ("Invoice", "Contract", "Complaint", "Warranty", "Quotation", "Receipt")
FILLER = (
    "Please keep this letter with your papers.",
    "All amounts are in euros and include the tax.",
    "Our office is open from Monday to Friday.",
    "We thank you for the trust you have placed in us.",
    "Should anything be unclear, call us at any time.",
    "The general terms of business apply in their present form.",
)


def made_up(count: int, seed: int) -> tuple[list[Text], list[Question]]:
    """Letters with planted facts, and questions of several kinds about them."""
    draw = random.Random(seed)
    texts, asked = [], []
    for n in range(count):
        name, town, goods = (draw.choice(one) for one in (NAMES, TOWNS, GOODS))
        kind, german, code = (
            draw.choice(KINDS),
            draw.choice(FIRSTS) + draw.choice(GERMAN).lower(),
            _code(draw),
        )
        surname = "".join(draw.choice(("ba", "ke", "lo", "mi", "ru", "sta", "ven", "do")) for _ in range(3))
        person = f"{name} {surname.capitalize()}"
        first = f"{kind} for {person}. Number {code}. Concerning the {goods}s delivered to {town}."
        second = f"The rent is due on day {n % 28 + 1} of each month and the deposit is {n + 300} euros."
        pages = (
            " ".join((first, *draw.sample(FILLER, 3))),
            " ".join((second, f"Anlage: {german}.", *draw.sample(FILLER, 3))),
        )
        digest = f"made{seed}-{n}"
        title = f"{kind} {person}, {goods}s, {town}"
        texts.append(Text(digest, pages, tuple(enumerate(pages, start=1)), (title, title)))
        asked += [
            Question("exact", f"{kind} {person}".lower(), digest, 1),
            Question("number", code, digest, 1),
            Question("inflected", f"{goods} {surname}", digest, 1),
            Question("begun", f"{surname} {goods[:-2]}", digest, 1),
            Question("part of a compound", f"{_head(german)} {n + 300}", digest, 2),
            Question("needs the title", f"deposit of {person}", digest, 2),
        ]
    return texts, asked


def documents(media: Path) -> tuple[list[Text], list[Question]]:
    """The PDFs of the test media, and the questions that their text layers answer."""
    asked = [
        Question("question", plain(str(one["question"])), str(one["file"]), int(str(one["page"])))
        for one in lines(media / "pdf" / "questions.jsonl")
        if one["evidence_in"] == "text layer"
    ]
    files = {one.digest for one in asked}
    texts = [document(media / "pdf" / file) for file in sorted(files)]
    return texts, asked


def transcripts(media: Path, seed: int) -> tuple[list[Text], list[Question]]:
    """What is said in the recordings, and three telling words of each that follow each other."""
    draw = random.Random(seed)
    texts, asked = [], []
    for one in lines(media / "speech" / "transcripts.jsonl"):
        said = str(one.get("text") or "")
        words = [word for word in plain(said).split() if len(word) > 3]
        if one.get("language") != "en" or len(words) < 6:
            continue
        at = draw.randrange(len(words) - 2)
        texts.append(Text(str(one["file"]), (said,), ((1, said),), (None,)))
        asked.append(Question("said", " ".join(words[at : at + 3]), str(one["file"]), 1))
    return texts, asked


def some_of_each(questions: Sequence[Question], count: int) -> list[Question]:
    """The first questions of each kind."""
    kinds = dict.fromkeys(one.kind for one in questions)
    return [one for kind in kinds for one in [q for q in questions if q.kind == kind][:count]]


def mistyped(questions: Sequence[Question], seed: int) -> list[Question]:
    """The same questions with one wrong key in one of their longer words; numbers are left as they are."""
    draw = random.Random(seed)
    made = []
    for one in questions:
        words = one.text.split()
        able = [n for n, word in enumerate(words) if len(word) > 4 and word.isalpha()]
        if able:
            at = draw.choice(able)
            words[at] = _wrong(words[at], draw)
            made.append(Question(one.kind, " ".join(words), one.digest, one.page))
    return made


def _wrong(word: str, draw: random.Random) -> str:
    at = draw.randrange(1, len(word) - 1)
    letter = draw.choice(string.ascii_lowercase)
    match draw.randrange(4):
        case 0:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case 1:
            return word[:at] + word[at + 1 :]
        case 2:
            return word[:at] + letter + word[at:]
        case _:
            return word[:at] + letter + word[at + 1 :]


def _code(draw: random.Random) -> str:
    return (
        f"{draw.choice(string.ascii_uppercase)}{draw.choice(string.ascii_uppercase)}{draw.randrange(10**5)}"
    )


def _head(compound: str) -> str:
    return next(word.lower() for word in GERMAN if compound.endswith(word.lower()))


def document(path: Path) -> Text:
    """What an indexing run makes of a PDF."""
    words = {page: piece.text or "" for page, piece in _pieces(path, "text")}
    passages = list(_pieces(path, "meaning"))
    pages = tuple(words.get(number, "") for number in range(1, max(words, default=0) + 1))
    alone = tuple((page, piece.text or "") for page, piece in passages)
    over = tuple(piece.over for _, piece in passages)
    return Text(path.name, pages, alone, over, tuple(str(piece.payload) for _, piece in passages))


def _pieces(path: Path, space: str) -> Iterator[tuple[int, Piece]]:
    """Yield pieces with their pages."""
    start: int | None = 0
    size = path.stat().st_size
    while start is not None:
        job = Job(str(path), "", "application/pdf", size, 0, "documents", {space: None}, False, start=start)
        part = INDEXER.extract(job)
        for piece in part.pieces:
            place = spot_of(piece.locator)
            if isinstance(place, Page) and piece.text:
                yield place.number, piece
        start = part.next
