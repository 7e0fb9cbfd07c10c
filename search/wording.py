"""How well a text answers a few words, and which part of it to show."""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from search.function_words import FUNCTION_WORDS
from search.store.text import fold, name_words

OTHERWISE = 0.6
"""The most that other forms of the words count: less than the words themselves, wherever they stand."""

TOGETHER = 120
"""Characters, about a sentence: what answers a question stands in one, and its words elsewhere on the page
are chance. Of 80 to 200 the best or nearly so, on planted facts and on real PDFs (decision 69)."""

WIDTH = 160
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_WORD = re.compile(r"[^\W_]+")


_Spot = tuple[int, int, str, float]
"""Where something stands that was looked for: begin, end, for which word, and with what credit."""


@dataclass(frozen=True, slots=True)
class Match:
    """How a text answers: `coverage` is the share of the words it holds, weighted by what they say, and 1
    where only such words are missing that say little; `closeness` is 1 where they stand side by side in order
    and falls with the distance they span; `credit` is 1 where it holds the words themselves and less the less
    alike the other forms are that it holds."""

    coverage: float
    closeness: float
    credit: float = 1.0


class Terms:
    """The words of a query, folded, ready to be looked for in many texts.

    `forms` are other words that may stand for one of them, each with its credit 0..1.
    """

    def __init__(self, text: str, forms: Mapping[str, Mapping[str, float]] | None = None) -> None:
        self.folded = fold(text)
        self.words = words_of(text)
        self._phrase = re.compile(r"[\W_]+".join(map(_pattern, _WORD.findall(self.folded))) or "(?!)")
        self._stands_for: dict[str, dict[str, float]] = {word: {word: 1.0} for word in self.words}
        for word, others in (forms or {}).items():
            for other, credit in others.items():
                self._stands_for.setdefault(other, {}).setdefault(word, credit)
        pattern = "|".join(map(_pattern, sorted(self._stands_for, key=len, reverse=True)))
        self._any = re.compile(pattern or "(?!)")
        self._is_plain = all(_WORD.fullmatch(one) and not _UNSPACED.search(one) for one in self._stands_for)
        self._weights = {word: 0.1 if word in FUNCTION_WORDS else 1.0 for word in self.words}
        self._telling = frozenset(self.words) - FUNCTION_WORDS or frozenset(self.words)

    @property
    def others(self) -> tuple[str, ...]:
        """The other forms that are looked for."""
        return tuple(word for word in self._stands_for if word not in self._weights)

    def match(self, folded: str) -> Match:
        """Look for the words in a folded text; signs without letters are looked for as they stand."""
        if not self.words:
            return Match(1.0, 1.0) if self.folded and self.folded in folded else Match(0.0, 0.0)
        return self._match(folded, self._places(folded))

    def _match(self, folded: str, places: Sequence[_Spot]) -> Match:
        present: dict[str, float] = {}
        for _, _, word, credit in places:
            present[word] = max(credit, present.get(word, 0.0))
        held = sum(self._weights[word] for word in present)
        coverage = held / sum(self._weights.values())
        credit = sum(self._weights[word] * one for word, one in present.items()) / held if held else 1.0
        if not present.keys() >= self._telling:
            return Match(coverage, 0.0, credit)
        if self._phrase.search(folded):
            return Match(1.0, 1.0)
        wanted = self._telling if len(present) < len(self.words) else present.keys()
        stretch = _least_span([place[:3] for place in places if place[2] in wanted], len(wanted))
        return Match(1.0, min(1.0, 0.9 * len(self.folded) / stretch) * coverage, credit)

    def match_page(self, folded: str) -> tuple[Match, float]:
        """Return the match of a folded text, and the greatest share of the words, weighted alike, that any
        `TOGETHER` characters of it hold."""
        if not self.words:
            return self.match(folded), 0.0
        places = self._places(folded)
        return self._match(folded, places), self._together(places)

    def _together(self, places: Sequence[_Spot]) -> float:
        held: Counter[str] = Counter()
        best = now = 0.0
        first = 0
        for _, end, word, _ in places:
            now += 0 if held[word] else self._weights[word]
            held[word] += 1
            while end - places[first][0] > TOGETHER and places[first][1] < end:
                left = places[first][2]
                held[left] -= 1
                now -= 0 if held[left] else self._weights[left]
                first += 1
            best = max(best, now)
        return min(1.0, best / sum(self._weights.values()))

    def snippet(self, text: str) -> str:
        """Return about `WIDTH` characters of the text around the best place for these words."""
        plain = " ".join(text.split())
        if len(plain) <= WIDTH:
            return plain
        at = self._place(plain)
        start = max(0, min(at - WIDTH // 3, len(plain) - WIDTH))
        start = _word_start(plain, start)
        end = min(len(plain), start + WIDTH)
        cut = plain.rfind(" ", start, end + 1) if end < len(plain) else end
        end = cut if cut > at + 1 else end
        return f"{'… ' if start else ''}{plain[start:end].strip()}{' …' if end < len(plain) else ''}"

    def stretch(self, text: str) -> tuple[int, int] | None:
        """Return where in a text, in characters, the words stand closest together: the phrase, or the first
        shortest stretch that holds as many of them as there are; None where there is none."""
        places, phrase = self._in(text)
        if phrase or not places:
            return phrase
        telling = [place[:3] for place in places if place[2] in self._telling]
        chosen = telling or [place[:3] for place in places]
        return _shortest(chosen, len({word for _, _, word in chosen}))

    def _in(self, text: str) -> tuple[list[_Spot], tuple[int, int] | None]:
        """Return where words, and where the phrase, stand in a text as it is written."""
        lowered, folded = text.lower(), _folded(text)
        if len(folded) == len(text):
            found = self._phrase.search(folded)
            return self._places(folded), found.span() if found else None
        tokens = [(*one.span(), fold(one[0])) for one in _WORD.finditer(text)]
        found = self._phrase.search(lowered) if len(lowered) == len(text) else None
        stands_for = self._stands_for
        places = [(a, b, to, c) for a, b, word in tokens for to, c in stands_for.get(word, {}).items()]
        return places, found.span() if found else None

    def _places(self, folded: str) -> list[_Spot]:
        """Return where words stand, from the first on; words of letters and digits alone are looked for one
        after the other, which takes a fifth of the time of reading the text word by word."""
        if self._is_plain:
            return sorted(
                (start, end, word, credit)
                for form, words in self._stands_for.items()
                for start, end in _standing(folded, form)
                for word, credit in words.items()
            )
        return [
            (found.start(), found.end(), word, credit)
            for found in self._any.finditer(folded)
            for word, credit in self._stands_for[found[0]].items()
        ]

    def _place(self, plain: str) -> int:
        """Return where the phrase, or else the first word that says something, stands in the text."""
        lowered = plain.lower()
        searched = lowered if len(lowered) == len(plain) else plain
        if found := self._phrase.search(searched):
            return found.start()
        says = {word for word in self._stands_for if self._weights.get(word, 1) == 1} or set(self.words)
        if self._is_plain and plain.isascii():
            starts = (start for word in says for start, _ in _standing(lowered, word))
            return min(starts, default=self._part(searched, says))
        for token in _WORD.finditer(plain):
            folded = fold(token[0])
            if folded in says or (_UNSPACED.search(folded) and any(word in folded for word in says)):
                return token.start()
        return self._part(searched, says)

    def _part(self, searched: str, says: Collection[str]) -> int:
        """Return where the first of some words stands as a part of another, 0 where none does."""
        return min((at for word in says if (at := searched.find(word)) >= 0), default=0)


def _standing(text: str, word: str) -> list[tuple[int, int]]:
    """Return where a word of letters and digits stands by itself, not in another: begins and ends."""
    found = []
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if not (text[at - 1 : at].isalnum() or text[end : end + 1].isalnum()):
            found.append((at, end))
        at = text.find(word, end)
    return found


def text_score(match: Match, relative: float) -> float:
    """Calibrate a text that holds words; `relative` is its BM25 as a share 0..1 of the best one's."""
    if match.coverage < 1:
        return _credited(_partly(match.coverage, relative), match)
    return _credited(0.62 + 0.18 * match.closeness + 0.15 * relative, match)


def page_score(terms: Terms, text: str, relative: float) -> float:
    """Calibrate a page that holds words of a question: all of them as any text, some of them by how many
    stand together, for most of a page has nothing to do with its answer."""
    match, together = terms.match_page(_folded(text))
    if match.coverage == 1 or not together:
        return text_score(_found(terms, match), relative)
    return _credited(_partly(together, relative), match)


def _partly(coverage: float, relative: float) -> float:
    return (0.4 + 0.25 * relative) * math.pow(coverage, 1.5)


def _credited(score: float, match: Match) -> float:
    """Let other forms of words count for less than the words themselves, however well they fit."""
    return score if match.credit == 1 else min(OTHERWISE, score * match.credit)


def found_match(terms: Terms, text: str) -> Match:
    """Match a text that the full-text index found: it holds at least one of the words, though its rules
    of where words end may differ from ours."""
    return _found(terms, terms.match(_folded(text)))


def _found(terms: Terms, match: Match) -> Match:
    return match if match.coverage or not terms.words else Match(1 / len(terms.words), 0.0)


def _folded(text: str) -> str:
    return text.lower() if text.isascii() else fold(text)


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text, folded, each once."""
    return tuple(dict.fromkeys(_WORD.findall(fold(text))))


def phrase_score(relative: float) -> float:
    """Calibrate a text that holds a whole phrase: never below a guess by similarity."""
    return 0.96 + 0.03 * relative


def name_score(terms: Terms, path: str, relative: float) -> float:
    """Calibrate a path that holds words: the file's own name counts more than its folders' names."""
    place = PurePath(path)
    name = fold(place.name)
    if terms.folded in (name, fold(place.stem)):
        return 1.0
    own = terms.match(name_words(place.name))
    if own.coverage == 1:
        return _credited(0.7 + 0.2 * own.closeness + 0.05 * relative, own)
    if terms.folded in name:
        return 0.75
    whole = terms.match(name_words(path))
    return _credited(0.65 if whole.coverage == 1 else 0.5 * whole.coverage**2, whole)


def _pattern(word: str) -> str:
    if _UNSPACED.search(word):
        return re.escape(word)
    return rf"(?<![^\W_]){re.escape(word)}(?![^\W_])"


def _least_span(places: Sequence[tuple[int, int, str]], wanted: int) -> int:
    """Return the length in characters of the shortest stretch that holds all wanted words."""
    stretch = _shortest(places, wanted)
    return stretch[1] - stretch[0] if stretch else 10**9


def _shortest(places: Sequence[tuple[int, int, str]], wanted: int) -> tuple[int, int] | None:
    """Return the first shortest stretch that holds so many words; `places` are where each begins and ends."""
    last: dict[str, int] = {}
    best: tuple[int, int] | None = None
    for start, end, word in places:
        last[word] = start
        if len(last) == wanted:
            first = min(last.values())
            if best is None or end - first < best[1] - best[0]:
                best = first, end
    return best


def _word_start(text: str, start: int) -> int:
    """Move a cut forward to the beginning of a word, if one is near."""
    space = text.find(" ", start, start + 20) if start else -1
    return space + 1 if space >= 0 else start


def first(texts: Iterable[str | None]) -> str | None:
    """Return the first text that is there."""
    return next((text for text in texts if text), None)
