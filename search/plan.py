"""From a query tree to what is asked of the library: one SQL filter, and legs for each part that ranks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import assert_never

from search.errors import QuerySyntaxError
from search.filters import to_filter
from search.paired import Labels, paired
from search.people.records import FACE
from search.query import (
    And,
    Changed,
    Clip,
    Face,
    Kinds,
    Leaf,
    Like,
    Mixed,
    Not,
    Objects,
    Only,
    Paged,
    PageText,
    Part,
    Phrase,
    Query,
    Said,
    Same,
    SavedSearch,
    Scene,
    Somebody,
    Sound,
    SoundLike,
    Then,
    Words,
    is_filter,
    leaves,
    walk,
)
from search.records import MediaKind
from search.spaces import ClipReference, Composition, Mixture, PictureReference, SoundReference
from search.store import Words as WordQuery
from search.store.types import WordField
from search.variants import unstarred

SAID: tuple[WordField, ...] = ("speech", "subtitles")
WRITTEN: tuple[WordField, ...] = ("text", "ocr")
WORD_FIELDS: tuple[WordField, ...] = (*WRITTEN, *SAID, "label", "name", "metadata")

PAGE = "page"
"""The space of pages by late interaction with their words."""

PAGE_LOOK = "page_look"
"""The space of pages by late interaction with their pictures."""

PAGES = frozenset((PAGE, PAGE_LOOK))
"""Spaces that have many vectors for each page."""

MEANING = "meaning"
"""The space of passages of text."""

OBJECT = "object"
"""The space of things in pictures."""

FIGURE = "figure"
"""The space of figures on pages: charts, diagrams, photos."""

SPOKEN = "spoken"
"""The space of sentences and passages that are said."""

DEPICTED = "depicted"
"""The space of passages that stand in pictures."""

SOUND = "sound"
"""The space of what is to be heard, apart from what is said."""

QUIET = frozenset((SPOKEN, DEPICTED, SOUND, PAGE_LOOK, FIGURE))
"""Spaces that go without saying where a library has nothing in them."""

MOST_LEAVES = 40
"""How many parts of a query may ask a modality; filters do not count."""

ASIDE = 0.6
"""The most a sound counts for bare words, which mostly ask for what there is to see or read, and the looks of
a page where its words are asked for too."""

LABELLED, LIKELY = 0.9, 0.7
"""The most that what a detector takes a thing for counts when things are asked for, and what a thing looks
like: the former is right more often."""

_MOST: Mapping[WordField, float] = {"label": 0.6}


@dataclass(frozen=True, slots=True)
class Plan:
    """`where` filters the `files` table first (None: nothing to filter); `ranking` is what is left to
    decide per file and to rank by (None: the filter says it all). `question` is the same as it was written,
    `labels` are the names of the parts of questions that were split."""

    where: str | None
    filters: Part | None
    ranking: Part | None
    question: Part | None
    labels: Labels


Ask = str | PictureReference | SoundReference | Mixture | Composition | ClipReference


@dataclass(frozen=True, slots=True)
class VectorLeg:
    """Ask one space for what lies nearest to a text, a picture or a sound. `most` is what it may score."""

    space: str
    ask: Ask
    most: float = 1.0


@dataclass(frozen=True, slots=True)
class WordsLeg:
    """Ask one full-text index for words. `most` is what it may score; `together` has what answers a question
    stand in one place."""

    field: WordField
    words: WordQuery
    most: float = 1.0
    together: bool = False


Leg = VectorLeg | WordsLeg


def plan(query: Query, kind: MediaKind | None = None) -> Plan:
    """Split a query into what filters the library first and what ranks the rest."""
    root = query.root
    parts = root.parts if isinstance(root, And) else (root,)
    filters = [part for part in parts if is_filter(part)]
    if kind is not None:
        filters.append(Kinds((kind,)))
    ranking = [part for part in parts if not is_filter(part)]
    only, asked = _joined(filters), _joined(ranking)
    split, labels = paired(asked)
    return Plan(to_filter(only) if only else None, only, split, asked, labels)


def legs(leaf: Leaf, text_spaces: Sequence[str], picture_spaces: Sequence[str], base: Path) -> list[Leg]:
    """Return what a leaf asks; `base` is the folder that a relative `@path` starts from."""
    match leaf:
        case Words(text) | Phrase(text):
            words = WordQuery(text, "any" if isinstance(leaf, Words) else "phrase")
            meant = unstarred(text) if isinstance(leaf, Words) else text
            spaces = (space for space in text_spaces if space not in (OBJECT, *PAGES) and meant)
            meaning = [VectorLeg(space, meant, ASIDE if space == SOUND else 1.0) for space in spaces]
            return [*meaning, *(WordsLeg(field, words, _MOST.get(field, 1.0)) for field in WORD_FIELDS)]
        case Scene(text):
            return [VectorLeg(space, text) for space in ("scene", FIGURE) if space in ("scene", *text_spaces)]
        case Paged(text):
            spaces = (space for space in text_spaces if space in (*PAGES, MEANING, DEPICTED))
            looks = [VectorLeg(space, text, ASIDE) for space in text_spaces if space in ("scene", FIGURE)]
            near = [
                *(looks or [VectorLeg("scene", text, ASIDE)]),
                *(VectorLeg(space, text) for space in spaces),
            ]
            return [*near, *(WordsLeg(field, WordQuery(text, "any"), together=True) for field in WRITTEN)]
        case PageText(text):
            similar = [VectorLeg(space, text) for space in text_spaces if space in (MEANING, DEPICTED)]
            exact = [WordsLeg(field, WordQuery(text, "phrase")) for field in (*WRITTEN, *SAID)]
            return [*similar, *exact]
        case Said(text):
            similar = [VectorLeg(space, text) for space in text_spaces if space == SPOKEN]
            return [*similar, *(WordsLeg(field, WordQuery(text, "phrase")) for field in SAID)]
        case Objects(text):
            return [VectorLeg(OBJECT, text, LIKELY), WordsLeg("label", WordQuery(text, "any"), LABELLED)]
        case Sound(text):
            return [VectorLeg(SOUND, text)]
        case SoundLike(path):
            return [VectorLeg(SOUND, SoundReference(base / Path(path).expanduser()))]
        case Like():
            return [VectorLeg(space, _picture(leaf, base)) for space in picture_spaces]
        case Face(path, page, box):
            return [VectorLeg(FACE, PictureReference(base / Path(path).expanduser(), box, page))]
        case Mixed():
            return [VectorLeg("scene", _mixture(leaf, base))]
        case Changed():
            return [VectorLeg("scene", _composition(leaf, base))]
        case Clip(path, first_s, last_s):
            return [VectorLeg("scene", ClipReference(base / Path(path).expanduser(), first_s, last_s))]
        case Somebody() | Only() | SavedSearch():
            return []
        case _:
            assert_never(leaf)


def _mixture(mixed: Mixed, base: Path) -> Mixture:
    """Return what is summed: each text or picture with its factor."""
    terms = [(1, mixed.base), *((term.sign, term.what) for term in mixed.terms)]
    return Mixture(
        tuple(
            (sign * what.weight, what.text if isinstance(what, Phrase) else _picture(what, base))
            for sign, what in terms
        )
    )


def _composition(changed: Changed, base: Path) -> Composition:
    told = (changed.change, changed.without, changed.described, changed.keep, changed.insist)
    return Composition(_picture(changed.base, base), *told)


def _picture(like: Like, base: Path) -> PictureReference:
    return PictureReference(base / Path(like.path).expanduser(), like.box, like.page)


def needs_all(ranking: Part | None) -> bool:
    """Whether a query is decided by all that is good enough, and not by the best alone."""
    return ranking is not None and any(isinstance(part, And | Not | Same | Then) for part in walk(ranking))


def asks_pairs(ranking: Part | None) -> bool:
    """Whether places that lie apart may answer a query together."""
    every = () if ranking is None else walk(ranking)
    return any(isinstance(part, Same) and part.scope == "pair" for part in every)


def ordered(parts: Sequence[Part]) -> list[Part]:
    """Return the parts of an AND so that the search narrows soon: filters, single parts, the rest, NOT."""

    def turn(part: Part) -> int:
        if is_filter(part):
            return 0
        return 1 if isinstance(part, Leaf) else 3 if isinstance(part, Not) else 2

    return sorted(parts, key=turn)


def _joined(parts: Sequence[Part]) -> Part | None:
    if len(parts) > 1:
        return And(tuple(parts))
    return parts[0] if parts else None


def check_breadth(query: Query) -> None:
    """Refuse a query that would keep the machine busy for long: each leaf is several searches. Raises
    `QuerySyntaxError`."""
    beyond = next(islice(leaves(query.root), MOST_LEAVES, None), None)
    if beyond is not None:
        message = f"The query asks for more than {MOST_LEAVES} things at once."
        raise QuerySyntaxError(message, *beyond.span, "Leave some away, or join words without OR.")
