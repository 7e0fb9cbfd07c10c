"""One page of a document or picture, or one moment of a film, as the window shows it."""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from indexers.base import USUAL_LIMITS
from indexers.enclosed import picture_at
from indexers.frame_picture import picture_of
from indexers.frames import FrameReader
from indexers.query_encoder import upright_picture
from indexers.shots import shown_s
from indexers.video_file import moving_pictures, opened
from search.errors import MediaError
from search.records import Page, TimeSpan
from search.spaces import PictureReference

MOST_PIXELS = 4096


def page_image(path: Path, page: int, width: int, passwords: Sequence[str] = ()) -> Image.Image:
    """Return a page (from 1) upright in RGB, `width` pixels wide; `passwords` may open it.

    Raises `MediaError`.
    """
    wanted = max(1, min(width, MOST_PIXELS))
    picture = upright_picture(PictureReference(path, page=page), wanted, USUAL_LIMITS, passwords)
    height = max(1, min(round(picture.height * wanted / picture.width), 4 * MOST_PIXELS))
    return picture.resize((wanted, height), Image.Resampling.BICUBIC, reducing_gap=2.0)


def enclosed_image(path: Path, place: Page, width: int, passwords: Sequence[str] = ()) -> Image.Image:
    """Return a picture in a document that is no PDF, upright in RGB, at most `width` pixels wide; `passwords`
    may open it. Raises `MediaError`."""
    picture = picture_at(path, place, max(1, min(width, MOST_PIXELS)), passwords)
    picture.thumbnail((max(1, min(width, MOST_PIXELS)), MOST_PIXELS), Image.Resampling.BICUBIC)
    return picture


def moment_image(path: Path, moment: TimeSpan, width: int) -> Image.Image:
    """Return a frame of a moment upright in RGB, at most `width` pixels wide. Raises `MediaError`."""
    with opened(path) as film:
        stream = moving_pictures(film)
        time_s = shown_s(moment.start_s, moment.end_s)
        frame = FrameReader(film, stream).frame_at(time_s) if stream else None
        if stream is None or frame is None:
            raise MediaError("This moment of the video cannot be decoded.")
        picture = picture_of(frame, MOST_PIXELS, stream.sample_aspect_ratio)
    picture.thumbnail((max(1, min(width, MOST_PIXELS)), MOST_PIXELS), Image.Resampling.BICUBIC)
    return picture
