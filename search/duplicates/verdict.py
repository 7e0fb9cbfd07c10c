"""What two pictures, or two films, are to each other, and the words for it."""

from dataclasses import dataclass
from datetime import datetime

from search.duplicates.likely import BURST_S
from search.duplicates.records import Agreement, Kind
from search.records import Content

SAME_PICTURE = 0.72
"""Differences of copies reach 0.65 on photos of the half that constants were chosen on; 2 % cut off each side
make 1.4 at the least."""

SAME_TONES = 0.95
"""And the whole agrees at least so: two blank pages are no copies of each other."""

SURE_HASH = 0.9
"""Without a thumbnail this cosine of the hashes makes a copy."""

ONE_SCENE, SOON_ONE_SCENE = 0.75, 0.5
"""What lies on each other agrees at least so where one scene is shown; the second for pictures that were
taken within seconds, in which something may have moved. Other pictures reach 0.4, few pages of text 0.55."""

ALIKE = 0.8
"""The same for pictures with too few corners, as they lie."""

TONES = 0.93
CROPPED = 0.97
LEAST_S = 1.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the second of two is to the first."""

    kind: Kind
    why: str
    likeness: float


def judge_pictures(
    first: Content, second: Content, agreement: Agreement | None, hashes: float
) -> Verdict | None:
    """Say what the second picture is to the first; None when they have nothing to do with each other.

    `hashes` is the cosine of their perceptual hashes. Pictures taken at different seconds are never copies.
    """
    apart = _apart_s(first.taken_at, second.taken_at)
    is_later = apart is not None and abs(apart) >= LEAST_S
    if agreement is None:
        is_copy = hashes >= SURE_HASH and not is_later
        return Verdict("copy", _encoding(first, second), hashes) if is_copy else None
    likeness = max(agreement.likeness, agreement.matched, 0.0)
    is_same = agreement.difference <= SAME_PICTURE and agreement.likeness >= SAME_TONES
    if is_same and not is_later:
        return Verdict("copy", _encoding(first, second), likeness)
    is_soon = apart is not None and abs(apart) <= BURST_S
    least = SOON_ONE_SCENE if is_soon and is_later else ONE_SCENE
    if agreement.matched < least and agreement.likeness < ALIKE:
        return None
    if is_later and apart is not None:
        return Verdict("near", f"taken {_lapse(abs(apart))} {'after' if apart > 0 else 'before'}", likeness)
    return Verdict("near", _changed(agreement), likeness)


def _changed(agreement: Agreement) -> str:
    if agreement.matched >= ONE_SCENE and agreement.first_shown < CROPPED:
        return f"shows {agreement.first_shown:.0%} of it" + (
            "" if agreement.second_shown >= CROPPED else ", and more"
        )
    if agreement.matched >= ONE_SCENE and agreement.second_shown < CROPPED:
        return "shows more around it"
    return "other tones or colours" if agreement.likeness >= TONES else "shows the same, moved or edited"


def _encoding(first: Content, second: Content) -> str:
    """Say how a copy differs in form."""
    sizes = [(one.width or 0) * (one.height or 0) for one in (first, second)]
    if sizes[0] != sizes[1] and all(sizes):
        return f"{'smaller' if sizes[1] < sizes[0] else 'larger'}: {second.width} × {second.height}"
    if first.media_type != second.media_type:
        return f"as {second.media_type.partition('/')[2]}"
    return "encoded anew"


def _apart_s(first: datetime | None, second: datetime | None) -> float | None:
    return None if first is None or second is None else (second - first).total_seconds()


def _lapse(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"
