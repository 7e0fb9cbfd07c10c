"""Finds what is wrong with a picture and proposes repairs: at most six, each beside the original."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from PIL import Image

from indexers.fixes import blur, border, inside, light, noise, parts, perspective, skew, turning
from indexers.fixes.defect import Defect, Family, Kind, Look, Repair, reduced
from indexers.fixes.perspective import is_level
from indexers.fixes.turning import Eyes

FAMILIES: tuple[tuple[frozenset[Kind], Family], ...] = (
    (frozenset({"border"}), border.FAMILY),
    (frozenset({"screenshot", "panels"}), inside.FAMILY),
    (frozenset({"perspective"}), perspective.FAMILY),
    (frozenset({"skew"}), skew.FAMILY),
    (frozenset({"specks", "noise", "blocks"}), noise.FAMILY),
    (frozenset({"blur", "motion"}), blur.FAMILY),
    (frozenset({"dark", "bright", "contrast", "cast"}), light.FAMILY),
)
"""In the order in which defects of one picture are undone: what lies outermost first, noise before blur
(which would sharpen it), light last (which would lift it)."""

MOST = 6
CLOSELY = 1024
"""Models look at a picture at this longest side."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A repaired picture beside the original. `told` completes "Searched with the picture ...".

    `before` and `after` are the measure of the first defect, which a repair lowers.
    """

    defects: tuple[Defect, ...]
    told: str
    picture: Image.Image = field(compare=False)
    before: float
    after: float

    @property
    def kind(self) -> str:
        """The kinds of the defects, joined by a plus."""
        return "+".join(defect.kind for defect in self.defects)

    @property
    def severity(self) -> float:
        """How plain the defect is that is plainest."""
        return max(defect.severity for defect in self.defects)

    @property
    def improved(self) -> bool:
        """Whether there is less of the defect now."""
        return self.after < self.before


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found in a picture, the plainest first, and the repairs proposed."""

    defects: tuple[Defect, ...]
    candidates: tuple[Candidate, ...]


def family_of(kind: Kind) -> Family:
    """Return the family that knows a kind of defect."""
    return next(family for kinds, family in FAMILIES if kind in kinds)


def examine(picture: Image.Image) -> Examination:
    """Diagnose an upright RGB picture and propose repairs."""
    defects = diagnose(picture)
    return Examination(defects, propose(picture, defects))


def examine_closely(picture: Image.Image, eyes: Eyes) -> Examination:
    """Diagnose with models as well: what faces, letters and things tell. Raises `ModelError`."""
    pixels = np.ascontiguousarray(np.asarray(reduced(picture, CLOSELY), np.uint8))
    faces = eyes.faces(pixels) if eyes.faces else ()
    things = eyes.things(pixels) if eyes.things else ()
    turns = turning.diagnose(pixels, faces, eyes.lines)
    others = parts.diagnose(picture.size, things, faces)
    plain = diagnose(picture)
    seen = [
        Candidate((defect,), repair.told, repair.picture, 1.0, 0.0)
        for defects, repairs in ((turns, turning.propose), (others, parts.propose))
        for defect in defects
        for repair in repairs(picture, defect)
    ]
    candidates = (*seen[: len(turns)], *propose(picture, plain), *seen[len(turns) :])
    return Examination((*turns, *plain, *others), candidates[:MOST])


def diagnose(picture: Image.Image) -> tuple[Defect, ...]:
    """Return what seems wrong with an upright RGB picture, the plainest first."""
    look = Look(picture)
    found = [defect for _, family in FAMILIES for defect in family.diagnose(look)]
    found = _without_doubles(found)
    return tuple(sorted(found, key=lambda defect: -defect.severity))


def _without_doubles(found: list[Defect]) -> list[Defect]:
    """Take one explanation where several families see the same: corners, bars and frames look alike."""
    by_kind = {defect.kind: defect for defect in found}
    skew, screen, border = by_kind.get("skew"), by_kind.get("screenshot"), by_kind.get("border")
    out: set[Kind] = set()
    if skew and skew.params["corners"]:
        out |= {"border", "perspective", "screenshot", "panels"}
    elif border and screen and _left(screen) > 0.9 * _left(border):
        out |= {"screenshot", "perspective"}
    elif border and not screen and "panels" not in by_kind:
        page = by_kind.get("perspective")
        out |= {"border"} if page and not is_level(page.corners) else {"perspective"}
    elif screen or "panels" in by_kind:
        out |= {"border", "skew", "perspective"}
    return [defect for defect in found if defect.kind not in out]


def _left(defect: Defect) -> float:
    left, top, right, bottom = defect.boxes[0]
    return (right - left) * (bottom - top)


def propose(picture: Image.Image, defects: Sequence[Defect]) -> tuple[Candidate, ...]:
    """Repair each of the three plainest defects, and the two plainest together; at most six candidates."""
    look = Look(picture)
    plainest = list(defects[:3])
    single = [
        candidate
        for defect in plainest
        for candidate in _candidates(
            picture, look, (defect,), family_of(defect.kind).propose(picture, defect)
        )
    ]
    both = _both(picture, look, plainest[:2])
    return (*both, *islice(single, MOST - len(both)))


def _both(picture: Image.Image, look: Look, pair: Sequence[Defect]) -> list[Candidate]:
    """Undo two defects, one after the other; the second is diagnosed anew without the first."""
    if len(pair) < 2 or family_of(pair[0].kind) is family_of(pair[1].kind):
        return []
    order = [kinds for kinds, _ in FAMILIES]
    first, second = sorted(pair, key=lambda d: next(n for n, kinds in enumerate(order) if d.kind in kinds))
    if first.kind == "panels":
        return []
    family = family_of(second.kind)
    found: list[Repair] = []
    for one in family_of(first.kind).propose(picture, first)[:1]:
        again = [d for d in family.diagnose(Look(one.picture)) if d.kind == second.kind]
        for defect in again[:1]:
            found += [
                Repair(f"{one.told} and {two.told}", two.picture)
                for two in family.propose(one.picture, defect)[:1]
            ]
    return _candidates(picture, look, (first, second), found)


def _candidates(
    picture: Image.Image, look: Look, defects: tuple[Defect, ...], repairs: Sequence[Repair]
) -> list[Candidate]:
    family = family_of(defects[0].kind)
    before = family.measure(look, defects[0])
    return [
        Candidate(
            defects, repair.told, repair.picture, before, family.measure(Look(repair.picture), defects[0])
        )
        for repair in repairs
        if min(repair.picture.size) >= min(16, *picture.size)
    ]
