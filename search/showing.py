"""Which of the clues that were found are shown with a hit, and in which order."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from search.fusion import Clue
from search.plan import FIGURE, MEANING
from search.records import Evidence, Locator, Whole
from search.spots import picture_in, spot_of
from search.wording import Terms

EVIDENCE = 12
"""At most this many pieces of evidence are shown with a hit."""


def shown(clues: Sequence[Clue], place: Locator) -> tuple[Evidence, ...]:
    """Return the evidence of a hit at a place, the strongest first.

    Where a pair of places answers a question and the hit is one of them, what answers each part goes first,
    and of the rest only what lies at one of the two. Any other hit has nothing to do with the pair.
    """
    paired = [clue for clue in clues if clue.evidence.part is not None]
    others = [clue for clue in clues if clue.evidence.part is None]
    if not any(clue.evidence.locator == place and clue.evidence.path is None for clue in paired):
        paired = paired if not others else []
    if paired:
        ends = {spot_of(clue.evidence.locator) for clue in paired if clue.evidence.path is None} | {Whole()}
        others = [clue for clue in others if spot_of(clue.evidence.locator) in ends]
    strongest = sorted(others, key=lambda clue: -clue.evidence.calibrated)
    unique = dict.fromkeys(
        (clue.evidence, clue.source, clue.terms, clue.exactly) for clue in (*paired, *strongest)
    )
    return tuple(
        replace(one, text=_told(source, terms) or one.text, locator=exactly or one.locator)
        for one, source, terms, exactly in islice(unique, EVIDENCE)
    )


def _told(source: str | None, terms: Terms | None) -> str | None:
    return terms.snippet(source) if terms and source else source


def is_of(evidence: Evidence, place: Locator) -> bool:
    """Whether evidence that is shown was found at a place, or is a passage, figure or picture of its page."""
    own = evidence.locator
    is_part = evidence.space in (MEANING, FIGURE) or picture_in(own) is not None
    return place in (own, spot_of(own) if is_part else None)


def place_shown(place: Locator, best: Sequence[Evidence]) -> Locator:
    """Return the place of a hit: the picture or figure on its page where that is the best of the evidence
    there."""
    is_exact = bool(best) and (best[0].space == FIGURE or picture_in(best[0].locator) is not None)
    return best[0].locator if is_exact else place
