"""A film that a person asks with: its moments, taken as those of the library's films are."""

import time
from collections.abc import Iterator

import numpy as np
from PIL import Image

from indexers.film_reading import check_size
from indexers.frame_picture import picture_of
from indexers.frames import FrameReader, Look
from indexers.imaging import needed_side, prepare
from indexers.media_types import HEAD_BYTES, sniff
from indexers.query_encoder import SpaceEncoder
from indexers.shots import Moment, shots
from indexers.video_file import moving_pictures, opened
from search.errors import MediaError, ModelError
from search.records import media_kind
from search.spaces import ClipReference, Footage, Pixels

MOMENTS = 48
"""At most so many moments of a film are looked for, from its beginning or that of the stretch: a minute and a
half of a film in which something goes on all the time."""

_BATCH = 16


class FilmSpaceEncoder(SpaceEncoder):
    """Answers the engine for a `Space` of pictures; implements `search.spaces.FilmEncoder`."""

    def encode_film(self, clip: ClipReference) -> Footage:
        """Return the first moments of a film or stretch; see `search.spaces.FilmEncoder`."""
        spec = self._space.picture_input
        if spec is None:
            raise ModelError(f"The space {self._space.name} compares no pictures.")
        deadline = time.monotonic() + self._limits.seconds / 2
        pictures: list[Pixels] = []
        starts: list[float] = []
        end_s, is_cut = 0.0, False
        for moment in self._moments(clip, needed_side([spec])):
            if len(starts) == MOMENTS or time.monotonic() > deadline:
                is_cut = True
                break
            starts.append(round(max(moment.start_s, clip.first_s or 0.0), 3))
            pictures.append(prepare(moment.picture, spec))
            end_s = moment.end_s
        if not pictures:
            raise MediaError(_nothing(clip))
        end_s = min(end_s, clip.last_s or end_s)
        batches = (pictures[n : n + _BATCH] for n in range(0, len(pictures), _BATCH))
        vectors = np.concatenate([self._space.encode(batch) for batch in batches])
        return Footage(vectors, tuple(starts), max(round(end_s, 3), starts[-1]), is_cut)

    def _moments(self, clip: ClipReference, need: int) -> Iterator[Moment[Image.Image]]:
        """Yield the moments of the stretch; those of a shot that lasts longer end with it."""
        _require_film(clip)
        with opened(clip.path) as container:
            stream = moving_pictures(container)
            if stream is None:
                remedy = f'To search by its sound write sound:@"{clip.path.name}".'
                raise MediaError(f"There are no moving pictures in {clip.path.name}.", remedy)
            check_size(stream, self._limits)
            reader, pixel = FrameReader(container, stream), stream.sample_aspect_ratio

            def take(look: Look) -> Image.Image:
                return picture_of(look.frame, need, pixel)

            def within() -> Iterator[Look]:
                for look in reader.looks(round((clip.first_s or 0.0) / float(stream.time_base or 1))):
                    if clip.last_s is not None and look.time_s >= clip.last_s:
                        return
                    yield look

            for shot in shots(within(), take, lambda: reader.end_s):
                yield from shot.moments


def _require_film(clip: ClipReference) -> None:
    """Raise `MediaError` for what is surely something else: it would be called damaged."""
    try:
        with clip.path.open("rb") as file:
            kind = sniff(file.read(HEAD_BYTES), clip.path.name)
    except OSError as error:
        raise MediaError(f"{clip.path} cannot be read: {error.strerror}.") from error
    if kind is not None and media_kind(kind) in ("image", "pdf"):
        raise MediaError(f"{clip.path.name} is no film.", f'Write like:@"{clip.path.name}" to search by it.')


def _nothing(clip: ClipReference) -> str:
    if clip.first_s is not None:
        return f"{clip.path.name} shows nothing from second {clip.first_s:g} on."
    return f"{clip.path.name} is damaged; none of its pictures can be decoded."
