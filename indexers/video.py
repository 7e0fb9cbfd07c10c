"""Films: the moments of each shot as pictures for the picture spaces, thumbnails, and a storyboard.

The first part of a film is an overview; the parts behind it each hold some whole shots, so that memory and
time per part do not grow with its length.
"""

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from indexers.base import Job, Part, Piece
from indexers.film_reading import check_size, read_shots
from indexers.frame_picture import displayed_size, is_sideways, picture_of
from indexers.frames import LONGEST_S, FrameReader
from indexers.imaging import THUMBNAIL_SIDE, needed_side, thumbnail
from indexers.overview import glances, poster, storyboard
from indexers.picture_pieces import picture_pieces
from indexers.video_file import cover, moving_pictures, opened
from search.errors import MediaError
from search.records import Content, TimeSpan, Whole
from search.storyboard import Shown, Storyboard

if TYPE_CHECKING:
    from av.container import InputContainer

MOMENTS_PER_PART = 16

_FRAMES = 1
"""Where the parts behind the overview begin: `Job.start` is this and the ticks of a shot's first look."""


SCENE = "scene"
"""The space in which a shot of several moments has a vector of its own."""


class VideoIndexer:
    """Reads every kind of film."""

    name = "videos"
    media_types = frozenset(
        "video/" + kind
        for kind in (
            *("mp4", "quicktime", "x-matroska", "webm", "x-msvideo", "mpeg", "x-ms-wmv", "ogg", "x-flv"),
        )
    )
    spaces = frozenset((SCENE, "look", "phash"))
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
        check_size(stream, job.limits)
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
        content = _content(job, duration_s, (width, height))
    thumbnails: list[tuple[Shown, bytes]] = []
    if pictures:
        thumbnails = [(Whole(), thumbnail(poster(pictures))), (Storyboard(), storyboard(pictures))]
    wants_frames = any(spec is not None for spec in job.spaces.values())
    return Part(content, (), thumbnails, _FRAMES if wants_frames else None)


def _only_sound(job: Job, container: "InputContainer") -> Part:
    """Keep the facts and the cover of a file that could hold moving pictures and holds sound."""
    if not container.streams.audio:
        raise MediaError("The file holds neither pictures nor sound that can be read.")
    content = _content(job, _duration(container), None)
    frame = cover(container) if job.thumbnails else None
    return Part(content, (), [(Whole(), thumbnail(picture_of(frame, THUMBNAIL_SIDE)))] if frame else [])


def _content(job: Job, duration_s: float | None, size: tuple[int, int] | None) -> Content:
    return Content(
        digest=job.digest,
        media_type=job.media_type,
        size=job.size,
        width=size[0] if size else None,
        height=size[1] if size else None,
        duration_s=duration_s,
    )


def _duration(container: "InputContainer") -> float | None:
    """Return what the container says, in seconds; None when it says nothing or nonsense."""
    seconds = (container.duration or 0) / 1e6
    return seconds if 0 < seconds <= LONGEST_S else None


def _shots(job: Job) -> Part:
    """Read whole shots until there are enough. One of several moments is a piece as well, and holds them."""
    need = needed_side(job.spaces.values(), job.thumbnails)
    stretch = read_shots(job, job.start - _FRAMES, MOMENTS_PER_PART, need=need)
    pieces: list[Piece] = []
    thumbnails: list[tuple[Shown, bytes]] = []
    for shot in stretch.shots:
        parent = None
        if len(shot.moments) > 1 and job.spaces.get(SCENE) is not None:
            parent = sum(piece.space == SCENE for piece in pieces)
            pieces.append(Piece(SCENE, TimeSpan(round(shot.start_s, 3), round(shot.end_s, 3))))
        for moment in shot.moments:
            place = TimeSpan(round(moment.start_s, 3), round(moment.end_s, 3))
            found = picture_pieces(place, moment.picture, job.spaces)
            pieces += [replace(one, parent=parent) if one.space == SCENE else one for one in found]
            if job.thumbnails:
                thumbnails.append((place, thumbnail(moment.picture)))
    following = None if stretch.next is None else _FRAMES + stretch.next
    return Part(None, pieces, thumbnails, following, of=stretch.of)


INDEXER = VideoIndexer()
