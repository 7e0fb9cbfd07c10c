"""Takes a film apart into shots, some whole shots at a time, for indexers that read in parts.

A film is kept open between two parts that follow each other: only a short cut past opening it, seeking and
decoding up to the shot where the second begins.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PIL import Image

from indexers.base import Job, LeftOutError, Limits
from indexers.frame_picture import picture_of, picture_within
from indexers.frames import FrameReader, Look
from indexers.shots import LONGEST_SHOT_S, Shot, difference, local_change, shots
from indexers.sound import duration
from indexers.video_file import moving_pictures, opened
from search.errors import MediaError

if TYPE_CHECKING:
    from av.video.stream import VideoStream

SECONDS_PER_PART = 1.5
"""Parts are short, so that the model has work soon; going on costs nothing while the film is kept open."""

_EASY = 1920 * 1080 * 30.0
"""Pixels a second up to which a shot may last `LONGEST_SHOT_S`; with more it is parted sooner."""

_SHORTEST_LIMIT_S = 4.0


@dataclass(frozen=True, slots=True)
class Stretch:
    """Whole shots that follow each other. `next` is where the one behind begins (ticks), None at the end;
    `of` is where the film ends (ticks), None where it does not say.
    """

    shots: tuple[Shot[Image.Image], ...]
    next: int | None
    of: float | None


def read_shots(
    job: Job, begin: int, most: int, *, need: int = 0, within: int = 0, closely: bool = False
) -> Stretch:
    """Read shots from `begin` (ticks of a shot's first look, or 0) on: as many as a moment allows.

    At least one; no further one when there are `most` moments. Their pictures are upright RGB, the shorter
    side reduced to `need` pixels or the longer one to `within`. Read `closely`, moments are kept as well in
    which only a spot is new. Nothing comes of a file of mere sound.
    Raises `MediaError` for a film that is damaged, `LeftOutError` for one that is too large.
    """
    deadline = time.monotonic() + min(SECONDS_PER_PART, job.limits.seconds / 4)
    found: list[Shot[Image.Image]] = []
    with ExitStack() as file:
        place = _Place(job.path, job.digest, job.indexer, need, within, closely, begin)
        reading = _continued(place) or _begun(job, place)
        file.push(reading.file)
        for shot in reading.shots:
            found.append(shot)
            moments = sum(len(one.moments) for one in found)
            if shot.next is not None and (moments >= most or time.monotonic() > deadline):
                there = replace(reading, place=replace(place, ticks=shot.next), file=file.pop_all())
                _kept.append(there)
                return Stretch(tuple(found), shot.next, reading.end)
    return Stretch(tuple(found), None, reading.end)


def check_size(stream: "VideoStream", limits: Limits) -> None:
    """Raise `LeftOutError` for a film with too large pictures, `MediaError` for one that does not tell."""
    megapixels = stream.width * stream.height / 1e6
    if megapixels > limits.megapixels:
        message = f"The video is too large ({megapixels:.0f} megapixels; the limit is {limits.megapixels:g})."
        raise LeftOutError(message, "Raise it with --max-megapixels.")
    if not megapixels:
        raise MediaError("The video is damaged; it does not say how large its pictures are.")


def close() -> None:
    """Close the film that is kept open, if any."""
    while _kept:
        _kept.pop().file.close()


@dataclass(frozen=True, slots=True)
class _Place:
    """Before which shot of which film a reading stands, and what it is for."""

    path: str
    digest: str
    indexer: str
    need: int
    within: int
    closely: bool
    ticks: int


@dataclass(frozen=True, slots=True)
class _Reading:
    """A film that is open, where it stands, and where it ends (ticks), if it says so."""

    place: _Place
    file: ExitStack
    shots: Iterator[Shot[Image.Image]]
    end: float | None = None


_kept: list[_Reading] = []
"""The film that the part before was of, if any: a worker reads one film at a time."""


def _continued(place: _Place) -> _Reading | None:
    """Return the film that stands at this place; any other is closed."""
    if _kept and _kept[-1].place == place:
        return _kept.pop()
    close()
    return None


def _begun(job: Job, place: _Place) -> _Reading:
    """Open the film and go to the shot that is to be read first."""
    with ExitStack() as file:
        container = file.enter_context(opened(job.path))
        stream = moving_pictures(container)
        if stream is None:
            return _Reading(place, file.pop_all(), iter(()))
        check_size(stream, job.limits)
        reader = FrameReader(container, stream)
        pixel = stream.sample_aspect_ratio

        def take(look: Look) -> Image.Image:
            if place.within:
                return picture_within(look.frame, place.within, pixel)
            return picture_of(look.frame, place.need, pixel)

        looks, longest_s = reader.looks(place.ticks), _longest_shot(stream)
        novelty = local_change if place.closely else difference
        found = shots(looks, take, lambda: reader.end_s, longest_s, novelty)
        length_s = duration(container)
        end = length_s / float(stream.time_base) if length_s and stream.time_base else None
        return _Reading(place, file.pop_all(), found, end)


def _longest_shot(stream: "VideoStream") -> float:
    """Return how long a shot may be, in seconds, so that decoding one stays well within the time limit."""
    rate = float(stream.average_rate or stream.guessed_rate or 30)
    effort = stream.width * stream.height * min(max(rate, 1.0), 1000.0) / _EASY
    return max(_SHORTEST_LIMIT_S, LONGEST_SHOT_S / max(1.0, effort))
