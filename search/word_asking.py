"""Asks a full-text index for words, and for other forms of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from search import wording
from search.fusion import Clue
from search.lexicon import Spelt
from search.plan import FIGURE, MEANING, WordsLeg
from search.records import Evidence, Region
from search.spots import picture_in, spot_of
from search.store import Found, Library
from search.store import Words as WordQuery
from search.variants import undoubted

Clues = list[tuple[Clue, str]]
"""Clues with the digests of what they speak of."""


@dataclass(frozen=True, slots=True)
class WordSearch:
    """The full-text indexes of a library; `spelt` knows the other forms of words."""

    library: Library
    spelt: Spelt

    def ask(self, leg: WordsLeg, limit: int, scope: Collection[str] | None) -> Clues:
        """Return what holds the words of a leg, or some of them, best first."""
        terms = self.spelt.terms(leg.words)
        words = replace(leg.words, text=undoubted(leg.words.text))
        found = self.library.find_words(leg.field, words, limit, scope)
        loose = self._otherwise(leg, terms, found, limit, scope)
        alone = not found and not loose and leg.words.mode == "any"
        part = alone and " " not in terms.folded and len(terms.folded) > 2
        if part:
            found = self.library.find_words(leg.field, WordQuery(words.text, "part"), limit, scope)
        relative = [*_relative(found), *_relative(loose)]
        clues = []
        for rank, (one, share) in enumerate(zip([*found, *loose], relative, strict=True), start=1):
            score = leg.most * _word_score(leg, terms, one, share, part)
            source = one.segment.text if leg.field != "name" else None
            clues.append((clue_of(one, leg.field, rank, score, source, terms), one.segment.digest))
        return clues

    def _otherwise(
        self,
        leg: WordsLeg,
        terms: wording.Terms,
        found: Sequence[Found],
        limit: int,
        scope: Collection[str] | None,
    ) -> list[Found]:
        """Find what holds other forms of the words, without what was found before: asked apart, because the
        database ranks a rare form above the word itself and would leave out what holds the word."""
        if not terms.others:
            return []
        wider = WordQuery(" ".join((*terms.words, *terms.others)))
        known = {(one.segment.id, one.path) for one in found}
        others = self.library.find_words(leg.field, wider, limit, scope)
        return [one for one in others if (one.segment.id, one.path) not in known]


def clue_of(
    found: Found,
    leg: str,
    rank: int,
    score: float,
    source: str | None = None,
    terms: wording.Terms | None = None,
) -> Clue:
    """Return what a find speaks for; `source` and `terms` are what its snippet is made of. A passage, a
    figure, and a picture in a document speak for their page."""
    place = found.segment.locator
    is_part = (leg in (MEANING, FIGURE) and isinstance(place, Region)) or picture_in(place) is not None
    exactly = place if is_part else None
    evidence = Evidence(leg, rank, found.score, spot_of(place) if is_part else place, None, score)
    return Clue(evidence, found.path, source, terms, exactly)


def _relative(found: Sequence[Found]) -> list[float]:
    """Return the scores as shares of the best one."""
    best = max((one.score for one in found), default=1.0) or 1.0
    return [one.score / best for one in found]


def _word_score(leg: WordsLeg, terms: wording.Terms, found: Found, relative: float, part: bool) -> float:
    text = found.segment.text or ""
    if leg.field == "name":
        return wording.name_score(terms, found.path or text, relative)
    if part:
        return 0.55 + 0.05 * relative
    if leg.words.mode == "phrase":
        return wording.phrase_score(relative)
    if leg.together:
        return wording.page_score(terms, text, relative)
    return wording.text_score(wording.found_match(terms, text), relative)
