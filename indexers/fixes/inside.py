"""Pictures within the picture: a screenshot with a photo in it, several pictures side by side."""

from collections.abc import Iterator, Sequence

import numpy as np
from PIL import Image

from indexers.fixes.border import content_box
from indexers.fixes.defect import Defect, Family, Grey, Look, Repair, cut, graded
from search.records import Box

MOST_PANELS = 4
_CHROME = 0.15, 0.7
_SEAM, _STEP, _RATIO = 0.8, 10.0, 4.0
"""At a seam nearly all rows jump, by so much, and so many times as much as a little beside it."""

_APART = 0.65
"""On so many rows the two sides still differ two pixels away: a line drawn in one picture is no seam."""

_LEAST_SIDE, _LEAST_SHARE = 24, 0.1
_PLAIN = 0.55
"""In a part of a program's window one value of 64 prevails in most cells of 16 x 16, in a photo in few."""

_CELL = 16
_ORDINALS = ("first", "second", "third", "fourth")

Place = tuple[int, int, int, int]


def diagnose(look: Look) -> list[Defect]:
    """Look for seams, and for what is between them: several pictures, or one among the parts of a screen."""
    parts = list(_parts(look.grey, (0, 0, *look.size)))
    if len(parts) < 2:
        return []
    rich = sorted(
        (part for part in parts if not _is_plain(look.grey, part)), key=lambda box: (box[1], box[0])
    )
    boxes = tuple(_share(part, look.size) for part in rich[:MOST_PANELS])
    if len(rich) == 1:
        share = 1 - (boxes[0][2] - boxes[0][0]) * (boxes[0][3] - boxes[0][1])
        told = f"a screenshot: {share:.0%} of it is flat areas around one picture"
        return (
            [Defect("screenshot", graded(share, *_CHROME), told, boxes=boxes)] if share > _CHROME[0] else []
        )
    if 2 <= len(rich) <= 2 * MOST_PANELS:
        told = f"several pictures in one: straight seams part {len(rich)}"
        return [Defect("panels", graded(len(rich), 1, 4), told, boxes=boxes)]
    return []


def _share(box: Place, size: tuple[int, int]) -> Box:
    width, height = size
    return (box[0] / width, box[1] / height, box[2] / width, box[3] / height)


def _parts(grey: Grey, box: Place, depth: int = 0) -> Iterator[Place]:
    """Part a picture at its clearest seam, and the parts again."""
    left, top, right, bottom = box
    part = grey[top:bottom, left:right]
    least = max(_LEAST_SIDE, round(_LEAST_SHARE * max(grey.shape)))
    across, down = _seam(part, least), _seam(part.T, least)
    if depth > 3 or (across is None and down is None):
        yield box
    elif down is None or (across is not None and across[1] >= down[1]):
        assert across is not None
        yield from _parts(grey, (left, top, left + across[0], bottom), depth + 1)
        yield from _parts(grey, (left + across[0], top, right, bottom), depth + 1)
    else:
        yield from _parts(grey, (left, top, right, top + down[0]), depth + 1)
        yield from _parts(grey, (left, top + down[0], right, bottom), depth + 1)


def _seam(part: Grey, least: int) -> tuple[int, float] | None:
    """Return the column at which one picture ends and another begins, and how clear that is."""
    width = part.shape[1]
    if width < 2 * least or part.shape[0] < least or width < 16:
        return None
    steps = np.abs(np.diff(part, axis=1))
    wide = np.maximum(steps[:, 1:-1], np.maximum(steps[:, :-2], steps[:, 2:]))  # scaling spreads a seam
    share, height = (wide > _STEP).mean(axis=0), np.median(wide, axis=0)
    away = np.zeros(len(share))
    apart = np.abs(part[:, 6:] - part[:, :-6])  # column x + 6 against x: the seam lies in the middle
    away[1 : 1 + apart.shape[1]] = (apart > _STEP).mean(axis=0)[: len(away) - 1]
    padded = np.pad(height, 6, "edge")
    beside = [padded[6 + k : len(padded) - 6 + k] for k in (-6, -5, -4, 4, 5, 6)]
    is_seam = (share > _SEAM) & (away > _APART) & (height > _RATIO * (np.median(beside, axis=0) + 1.5))
    is_seam[: least - 1] = is_seam[width - least - 1 :] = False
    if not is_seam.any():
        return None
    clear = np.where(is_seam, share * height, 0)
    at = int(np.argmax(clear))
    return at + 2, float(clear[at])


def _is_plain(grey: Grey, place: Place) -> bool:
    """Whether a part shows no photo: one value prevails in most of its cells."""
    left, top, right, bottom = place
    part = grey[top:bottom, left:right]
    h, w = part.shape[0] // _CELL, part.shape[1] // _CELL
    if h == 0 or w == 0:
        return True
    levels = (part[: h * _CELL, : w * _CELL] / 4).astype(np.int64)
    cells = levels.reshape(h, _CELL, w, _CELL).transpose(0, 2, 1, 3).reshape(h * w, -1)
    counts = np.zeros((h * w, 65), np.int32)
    np.add.at(counts, (np.arange(h * w)[:, None], cells), 1)
    most = (counts[:, :-1] + counts[:, 1:]).max(axis=1)
    return float((most > _PLAIN * _CELL**2).mean()) > 0.7


def propose(picture: Image.Image, defect: Defect) -> Sequence[Repair]:
    """Cut out the photo, or each of the pictures."""
    if defect.kind == "screenshot":
        return [Repair("cut out of its screenshot", cut(picture, defect.boxes[0]))]
    several = [cut(picture, box) for box in defect.boxes]
    return [
        Repair(f"cut down to the {_ORDINALS[n]} of its pictures", cut(part, content_box(Look(part))))
        for n, part in enumerate(several)
    ]


def measure(look: Look, _: Defect) -> float:
    """Return how many parts there are."""
    return float(len(list(_parts(look.grey, (0, 0, *look.size)))))


FAMILY = Family(diagnose, propose, measure)
