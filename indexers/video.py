"""Films: the moments of each shot as pictures for the picture spaces, thumbnails, and a storyboard.

The first part of a film is an overview; the parts behind it each hold some whole shots, so that memory and
time per part do not grow with its length.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PIL import Image

from indexers.base import Job, LeftOutError, Limits, Part, Piece
from indexers.exif import Facts
from indexers.frame_picture import displayed_size, is_sideways, picture_of
from indexers.frames import LONGEST_S, FrameReader, Look
from indexers.imaging import THUMBNAIL_SIDE, needed_side, thumbnail
from indexers.overview import glances, poster, storyboard
from indexers.picture_pieces import picture_pieces
from indexers.shots import LONGEST_SHOT_S, Shot, shots
from indexers.video_facts import read_facts
from indexers.video_file import cover, moving_pictures, opened
from search.errors import MediaError
from search.records import Content, TimeSpan, Whole
from search.storyboard import Shown, Storyboard

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

SECONDS_PER_PART = 1.5
MOMENTS_PER_PART = 16
"""Parts are short, so that the model has work soon; going on costs nothing while the film is kept open."""

_FRAMES = 1
"""Where the parts behind the overview begin: `Job.start` is this and the ticks of a shot's first look."""

_EASY = 1920 * 1080 * 30.0
"""Pixels a second up to which a shot may last `LONGEST_SHOT_S`; with more it is parted sooner."""

_SHORTEST_LIMIT_S = 4.0


class VideoIndexer:
    """Reads every kind of film."""

    name = "videos"
    media_types = frozenset(
        "video/" + kind
        for kind in (
            *("mp4", "quicktime", "x-matroska", "webm", "x-msvideo", "mpeg", "x-ms-wmv", "ogg", "x-flv"),
        )
    )
    spaces = frozenset(("scene", "look", "phash"))
    cost = 1

    def extract(self, job: Job) -> Part:
        """Read the overview, or shots from `job.start` on: as many as a few seconds allow, at least one."""
        return _overview(job) if job.start < _FRAMES else _shots(job)


def _overview(job: Job) -> Part:
    deadline = time.monotonic() + job.limits.seconds / 2
    with opened(job.path) as container:
        stream = moving_pictures(container)
        if stream is None:
            return _only_sound(job, container)
        _check_size(stream, job.limits)
        pixel = stream.sample_aspect_ratio
        reader = FrameReader(container, stream)
        duration_s = _duration(container) or reader.length()
        first = reader.keyframe_before(0.0)
        pictures = glances(reader, duration_s, pixel, deadline) if job.thumbnails else []
        if first is None and not pictures:
            raise MediaError("The video is damaged; none of its pictures can be decoded.")
        duration_s = max(duration_s, reader.end_s)
        width, height = displayed_size(stream.width, stream.height, pixel)
        if first is not None and is_sideways(first):
            width, height = height, width
        content = _content(job, read_facts(container), duration_s, (width, height))
    thumbnails: list[tuple[Shown, bytes]] = []
    if pictures:
        thumbnails = [(Whole(), thumbnail(poster(pictures))), (Storyboard(), storyboard(pictures))]
    wants_frames = any(spec is not None for spec in job.spaces.values())
    return Part(content, (), thumbnails, _FRAMES if wants_frames else None)


def _only_sound(job: Job, container: "InputContainer") -> Part:
    """Keep the facts and the cover of a file that could hold moving pictures and holds sound."""
    if not container.streams.audio:
        raise MediaError("The file holds neither pictures nor sound that can be read.")
    content = _content(job, read_facts(container), _duration(container), None)
    frame = cover(container) if job.thumbnails else None
    return Part(content, (), [(Whole(), thumbnail(picture_of(frame, THUMBNAIL_SIDE)))] if frame else [])


def _content(job: Job, facts: Facts, duration_s: float | None, size: tuple[int, int] | None) -> Content:
    return Content(
        digest=job.digest,
        media_type=job.media_type,
        size=job.size,
        width=size[0] if size else None,
        height=size[1] if size else None,
        duration_s=duration_s,
        taken_at=facts.taken_at,
        latitude=facts.latitude,
        longitude=facts.longitude,
        camera=facts.camera,
        title=facts.title,
        words=facts.words,
    )


def _duration(container: "InputContainer") -> float | None:
    """Return what the container says, in seconds; None when it says nothing or nonsense."""
    seconds = (container.duration or 0) / 1e6
    return seconds if 0 < seconds <= LONGEST_S else None


def _check_size(stream: "VideoStream", limits: Limits) -> None:
    megapixels = stream.width * stream.height / 1e6
    if megapixels > limits.megapixels:
        message = f"The video is too large ({megapixels:.0f} megapixels; the limit is {limits.megapixels:g})."
        raise LeftOutError(message, "Raise it with --max-megapixels.")
    if not megapixels:
        raise MediaError("The video is damaged; it does not say how large its pictures are.")


@dataclass(frozen=True, slots=True)
class _Reading:
    """A film that is open, and where it stands: before the shot that the job for its next part begins with.

    Only a short cut past opening it, seeking and decoding up to that shot again.
    """

    job: Job
    file: ExitStack
    shots: Iterator[Shot[Image.Image]]


_kept: list[_Reading] = []
"""The film that the part before was of, if any: a worker reads one film at a time."""


def _shots(job: Job) -> Part:
    """Read whole shots until there are enough."""
    deadline = time.monotonic() + min(SECONDS_PER_PART, job.limits.seconds / 4)
    pieces: list[Piece] = []
    thumbnails: list[tuple[Shown, bytes]] = []
    with ExitStack() as file:
        reading = _continued(job) or _begun(job)
        file.push(reading.file)
        for shot in reading.shots:
            for moment in shot.moments:
                place = TimeSpan(round(moment.start_s, 3), round(moment.end_s, 3))
                pieces += picture_pieces(place, moment.picture, job.spaces)
                if job.thumbnails:
                    thumbnails.append((place, thumbnail(moment.picture)))
            is_enough = len(pieces) >= MOMENTS_PER_PART * len(job.spaces) or time.monotonic() > deadline
            if is_enough and shot.next is not None:
                following = replace(job, start=_FRAMES + shot.next)
                _kept.append(_Reading(following, file.pop_all(), reading.shots))
                return Part(None, pieces, thumbnails, following.start)
    return Part(None, pieces, thumbnails)


def _continued(job: Job) -> _Reading | None:
    """Return the film that stands where this job begins; any other is closed."""
    while _kept:
        reading = _kept.pop()
        if reading.job == job:
            return reading
        reading.file.close()
    return None


def _begun(job: Job) -> _Reading:
    """Open the film and go to the shot that the job begins with."""
    with ExitStack() as file:
        container = file.enter_context(opened(job.path))
        stream = moving_pictures(container)
        if stream is None:
            raise MediaError("The video cannot be read any more.")
        reader = FrameReader(container, stream)
        need = needed_side(job.spaces.values(), job.thumbnails)
        pixel = stream.sample_aspect_ratio

        def take(look: Look) -> Image.Image:
            return picture_of(look.frame, need, pixel)

        found = shots(reader.looks(job.start - _FRAMES), take, lambda: reader.end_s, _longest_shot(stream))
        return _Reading(job, file.pop_all(), found)


def _longest_shot(stream: "VideoStream") -> float:
    """Return how long a shot may be, in seconds, so that decoding one stays well within the time limit."""
    rate = float(stream.average_rate or stream.guessed_rate or 30)
    effort = stream.width * stream.height * min(max(rate, 1.0), 1000.0) / _EASY
    return max(_SHORTEST_LIMIT_S, LONGEST_SHOT_S / max(1.0, effort))


INDEXER = VideoIndexer()
