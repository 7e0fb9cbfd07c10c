"""What lies over a picture, where a person has marked it: a sticker, a stamp, a watermark."""

import numpy as np
from PIL import Image

from indexers.fixes.defect import Defect, Repair, reduced
from search.errors import MediaError

_WORKED_ON = 1024
_WIDER = 0.006
_RADIUS = 3
_MOST = 0.6


def painted_over(picture: Image.Image, mask: Image.Image) -> tuple[Defect, Repair]:
    """Fill what `mask` marks (bright or opaque there) from what is around it (Telea's inpainting).

    The mask is stretched to the picture. Nothing is known of what was there: search has a picture without
    the thing, not the picture as it was. Raises `MediaError` for a mask that marks nothing or nearly all.
    """
    import cv2

    small = reduced(picture, _WORKED_ON)
    marked = (np.asarray(mask.resize(small.size, Image.Resampling.BILINEAR)) > 127).astype(np.uint8)
    share = float(marked.mean())
    if not 0 < share <= _MOST:
        raise MediaError(
            f"The mask marks {share:.0%} of the picture.",
            f"Paint white what is to be taken out, up to {_MOST:.0%} of the picture, and the rest black.",
        )
    wider = max(1, round(_WIDER * max(small.size)))
    grown = cv2.dilate(marked, np.ones((2 * wider + 1, 2 * wider + 1), np.uint8))
    marked = np.asarray(grown, np.uint8)
    filled = cv2.inpaint(np.ascontiguousarray(np.asarray(small)), marked, _RADIUS, cv2.INPAINT_TELEA)
    layer = Image.fromarray(np.asarray(filled, np.uint8)).resize(picture.size, Image.Resampling.BICUBIC)
    seam = Image.fromarray(marked * 255).resize(picture.size, Image.Resampling.BILINEAR)
    told = f"{share:.0%} of it is marked as covered"
    return Defect("cover", 1.0, told), Repair("painted over", Image.composite(layer, picture, seam))


def mask_of(image: Image.Image) -> Image.Image:
    """Return a mask from a picture of one: what is opaque where it has transparency, else what is bright."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        alpha = image.convert("RGBA").getchannel("A")
        if alpha.getextrema() != (255, 255):
            return alpha
    return image.convert("L")
