"""When two boxes are the same face, and when two faces cannot be the same person."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from search.people.records import Anchor, Place
from search.records import Box, TimeSpan

SAME_FACE = 0.3
"""Boxes that share so much of their joint area are one face: detectors frame faces differently, and the
regions that programs write into files are larger still."""

_INSTANT_S = 0.001

T = TypeVar("T")


def overlap(one: Box, other: Box) -> float:
    """Return intersection over union of two boxes, 0..1."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    both = width * height
    return both / (_area(one) + _area(other) - both)


def together(one: Place, other: Place) -> bool:
    """Whether two places of one content are seen at once: the same picture or page, or a shared moment.

    Shots that follow each other share none.
    """
    if isinstance(one, TimeSpan) and isinstance(other, TimeSpan):
        shared_s = min(one.end_s, other.end_s) - max(one.start_s, other.start_s)
        return shared_s > _INSTANT_S or one == other
    return one == other


def rivals(anchors: Sequence[Anchor]) -> list[list[int]]:
    """Return for each face those seen together with it, who must be other people; by place in the list."""
    found: list[list[int]] = [[] for _ in anchors]
    for numbers in _by_content(enumerate(anchors)).values():
        for at, one in enumerate(numbers):
            for other in numbers[at + 1 :]:
                if together(anchors[one].place, anchors[other].place):
                    found[one].append(other)
                    found[other].append(one)
    return found


def matched(wanted: Mapping[T, Anchor], there: Mapping[int, Anchor]) -> dict[T, int]:
    """Find faces again: return which of those `there` each wanted one is; what has gone is left out.

    Each is given away once, the largest overlap first.
    """
    by_content = _by_content(there.items())
    pairs = []
    for order, (key, anchor) in enumerate(wanted.items()):
        for number in by_content.get(anchor.digest, ()):
            if together(anchor.place, there[number].place):
                share = overlap(anchor.box, there[number].box)
                if share >= SAME_FACE:
                    pairs.append((-share, order, number, key))
    found: dict[T, int] = {}
    taken: set[int] = set()
    for _, _, number, key in sorted(pairs, key=lambda pair: pair[:3]):
        if key not in found and number not in taken:
            found[key] = number
            taken.add(number)
    return found


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _by_content(anchors: Iterable[tuple[int, Anchor]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, anchor in anchors:
        found.setdefault(anchor.digest, []).append(number)
    return found
