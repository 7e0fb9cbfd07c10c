"""Parts what was looked at into shots, and chooses the moments of each that show something new.

A cut is where one look differs from the one before by much, and by several times more than looks in this
shot usually do: the content detector with an adaptive threshold of PySceneDetect, on brightness and colour
differences instead of hue and saturation, which are arbitrary in dark pictures. See docs/decisions/0016.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from indexers.frame_picture import Sketch
from indexers.frames import Look

MOMENT_S = 2.0
"""At least one moment is kept for so many seconds in which something changes."""

LONGEST_SHOT_S = 30.0
SHORTEST_S = 0.5
CUT = 24.0
"""From this difference on two looks may lie on both sides of a cut."""

TIMES_USUAL = 3.0
CHANGE = 6.0
"""A moment that differs less from the one before shows nothing new."""

_SPOTS = (8, 6)
"""Into so many spots, across and down, a look is parted to see whether one of them changed."""

_LOOKS_BACK = 6

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Moment(Generic[T]):
    """A stretch of a shot, in seconds, and what stands for it."""

    start_s: float
    end_s: float
    picture: T


@dataclass(frozen=True, slots=True)
class Shot(Generic[T]):
    """A stretch of film without a cut. `next` is where the one behind begins, in ticks; None at the end."""

    start_s: float
    end_s: float
    moments: tuple[Moment[T], ...]
    next: int | None


def shots(
    looks: Iterable[Look],
    take: Callable[[Look], T],
    end_s: Callable[[], float],
    longest_s: float = LONGEST_SHOT_S,
    novelty: Callable[[Sketch, Sketch], float] | None = None,
) -> Iterator[Shot[T]]:
    """Yield the shots one after the other; `take` is called once for each moment that is kept: one whose
    `novelty` to the one before is `CHANGE` or more (by default how much they differ on the whole).

    What comes out from a shot on depends on nothing before it, so reading may begin at any shot. A shot that
    is longer than `longest_s` is parted there. `end_s` tells the film's end when all looks were taken.
    """
    shot: _Growing[T] | None = None
    for look in looks:
        if shot is not None and not shot.ends_at(look):
            shot.add(look)
            continue
        if shot is not None:
            yield shot.closed(look.time_s, look.ticks)
        shot = _Growing(look, take, longest_s, novelty or difference)
    if shot is not None:
        yield shot.closed(max(end_s(), shot.last.time_s), None)


def shown_s(start_s: float, end_s: float) -> float:
    """Return when in a stretch of film the frame is taken that stands for it."""
    return min(start_s + MOMENT_S / 2, (start_s + end_s) / 2)


def difference(one: Sketch, other: Sketch) -> float:
    """Return how different two looks are, 0..255: mean difference of brightness, and of both colours."""
    apart: Sketch = np.maximum(one, other) - np.minimum(one, other)
    return float(apart.sum(dtype=np.uint32)) * len(apart) / apart.size


def local_change(one: Sketch, other: Sketch) -> float:
    """Return how much the spot that changed most differs in brightness, 0..255: a line of text that comes or
    goes hardly changes the whole."""
    brightness = np.abs(one[0].astype(np.int16) - other[0])
    spots = brightness.reshape(_SPOTS[1], -1, _SPOTS[0], brightness.shape[1] // _SPOTS[0]).mean(axis=(1, 3))
    return float(spots.max())


class _Growing(Generic[T]):
    """A shot whose end is not known yet."""

    def __init__(
        self,
        look: Look,
        take: Callable[[Look], T],
        longest_s: float,
        novelty: Callable[[Sketch, Sketch], float],
    ) -> None:
        self.last = look
        self._start_s = look.time_s
        self._take = take
        self._longest_s = longest_s
        self._novelty = novelty
        self._usual: deque[float] = deque(maxlen=_LOOKS_BACK)
        self._kept: list[tuple[float, T]] = []
        self._newest: Sketch | None = None
        self._held = look
        self._slot = 0.0
        self._begin_s = look.time_s

    def ends_at(self, look: Look) -> bool:
        """Tell whether a new shot begins with this look; remembers how much it differs."""
        change = difference(look.sketch, self.last.sketch)
        usual = sum(self._usual) / len(self._usual) if self._usual else 0.0
        self._usual.append(change)
        age = look.time_s - self._start_s
        is_cut = change >= CUT and change >= TIMES_USUAL * usual and age >= SHORTEST_S
        return is_cut or age >= self._longest_s

    def add(self, look: Look) -> None:
        """Go on; the look nearest behind the middle of each `MOMENT_S` stands for it, and for what is
        altogether different the first look."""
        self.last = look
        slot = (look.time_s - self._start_s) // MOMENT_S
        is_other = (
            look.time_s - self._begin_s >= SHORTEST_S and difference(look.sketch, self._held.sketch) >= CUT
        )
        if slot != self._slot or is_other:
            self._settle()
            self._begin_s = look.time_s if is_other else self._start_s + slot * MOMENT_S
            self._slot, self._held = slot, look
        elif self._held.time_s < self._start_s + (slot + 0.5) * MOMENT_S:
            self._held = look

    def closed(self, end_s: float, next_: int | None) -> Shot[T]:
        """Return the whole shot."""
        self._settle()
        starts = [start for start, _ in self._kept]
        moments = [
            Moment(start, end, picture)
            for (start, picture), end in zip(self._kept, [*starts[1:], end_s], strict=True)
        ]
        return Shot(self._start_s, end_s, tuple(moments), next_)

    def _settle(self) -> None:
        """Keep what is held when it differs from what was kept last."""
        if self._newest is None or self._novelty(self._held.sketch, self._newest) >= CHANGE:
            self._newest = self._held.sketch
            self._kept.append((self._begin_s, self._take(self._held)))
