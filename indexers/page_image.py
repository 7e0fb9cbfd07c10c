"""One page of a document or picture as the window shows it."""

from pathlib import Path

from PIL import Image

from indexers.base import USUAL_LIMITS
from indexers.query_encoder import upright_picture
from search.spaces import PictureReference

MOST_PIXELS = 4096


def page_image(path: Path, page: int, width: int) -> Image.Image:
    """Return a page (from 1) upright in RGB, `width` pixels wide. Raises `MediaError`."""
    wanted = max(1, min(width, MOST_PIXELS))
    picture = upright_picture(PictureReference(path, page=page), wanted, USUAL_LIMITS)
    height = max(1, min(round(picture.height * wanted / picture.width), 4 * MOST_PIXELS))
    return picture.resize((wanted, height), Image.Resampling.BICUBIC, reducing_gap=2.0)
