"""Brings any Pillow picture to 8-bit sRGB: deep greys, CMYK, Lab, palettes, transparency, profiles."""

from functools import lru_cache
from io import BytesIO

import numpy as np
from PIL import Image, ImageCms

WHITE = (255, 255, 255)
DARK = (64, 64, 64)
_DEEP = frozenset(("I", "I;16", "I;16B", "I;16L", "I;16N", "F"))
_TRANSPARENT = frozenset(("RGBA", "LA", "PA", "RGBa", "La"))


def to_rgb(image: Image.Image) -> Image.Image:
    """Return the picture in mode RGB, in sRGB where it carries a colour profile that can be read.

    Transparent parts become white; dark grey when what is visible is itself nearly white.
    """
    profile = image.info.get("icc_profile")
    if image.mode in _DEEP:
        return _eight_bits(image).convert("RGB")
    if image.mode in _TRANSPARENT or "transparency" in image.info:
        return _in_srgb(_on_ground(image.convert("RGBA")), profile)
    if image.mode == "LAB":
        return _transformed(image, None, "LAB") or image.convert("L").convert("RGB")
    if image.mode == "CMYK":
        return _transformed(image, profile, "CMYK") or image.convert("RGB")
    return _in_srgb(image.convert("RGB"), profile)


def _eight_bits(image: Image.Image) -> Image.Image:
    """Scale a deep grey picture by the number of bits it really uses; floats by their range."""
    values = np.asarray(image)
    if values.dtype.kind == "f":
        finite = np.nan_to_num(values.astype(np.float64), posinf=0.0, neginf=0.0)
        low, high = float(finite.min()), float(finite.max())
        scaled = (finite - low) * (255 / (high - low)) if high > low else np.zeros_like(finite)
        return Image.fromarray(scaled.astype(np.uint8))
    positive = np.maximum(values.astype(np.int64), 0)
    bits = max(8, int(positive.max()).bit_length())
    return Image.fromarray((positive >> (bits + bits % 2 - 8)).astype(np.uint8))


def _on_ground(image: Image.Image) -> Image.Image:
    small = np.asarray(image.reduce(max(1, min(image.size) // 64)), dtype=np.float32)
    alpha = small[..., 3]
    light = float((small[..., :3].mean(axis=-1) * alpha).sum() / max(float(alpha.sum()), 1.0))
    ground = Image.new("RGBA", image.size, DARK if light > 240 and alpha.min() < 128 else WHITE)
    return Image.alpha_composite(ground, image).convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    return (_transformed(image, profile, "RGB") if profile else None) or image


def _transformed(image: Image.Image, profile: bytes | None, mode: str) -> Image.Image | None:
    transform = _transform(profile, mode)
    return None if transform is None else ImageCms.applyTransform(image, transform)


@lru_cache(maxsize=16)
def _transform(profile: bytes | None, mode: str) -> ImageCms.ImageCmsTransform | None:
    """Build the way from a profile to sRGB; None when it is sRGB already or unusable."""
    try:
        if mode == "LAB":
            source = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        elif profile is None:
            return None
        else:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            if "srgb" in ImageCms.getProfileDescription(source).lower():
                return None
        return ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), mode, "RGB")
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return None
