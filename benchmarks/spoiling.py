"""Ways a picture that somebody searches with may be spoiled, each with its undoing where the damage is known.

All take and give RGB pictures; every one is repeatable for the same seed. What cannot be undone (a part that
was cut off) has no oracle: it gives back the spoiled picture.
"""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

Picture = Image.Image
Spoil = Callable[[Picture, Generator, Sequence[Picture]], tuple[Picture, Picture]]
"""Gives the spoiled picture and the one an oracle repairs it to; others may be needed beside it."""


@dataclass(frozen=True, slots=True)
class Spoiling:
    """One defect at one severity."""

    defect: str
    level: str
    spoil: Spoil


def _of(image: "np.ndarray[tuple[int, ...], np.dtype[np.float32]]") -> Picture:
    return Image.fromarray(np.clip(image, 0, 255).round().astype(np.uint8))


def _as_float(picture: Picture) -> "np.ndarray[tuple[int, ...], np.dtype[np.float32]]":
    return np.asarray(picture, np.float32)


def turned(degrees: int) -> Spoil:
    """Turn by a right angle."""
    return lambda p, _r, _o: (p.rotate(degrees, expand=True), p)


def skewed(degrees: float) -> Spoil:
    """Turn by any angle, black corners; the oracle turns back and keeps what is inside."""

    def spoil(p: Picture, _r: Generator, _o: Sequence[Picture]) -> tuple[Picture, Picture]:
        spoiled = p.rotate(degrees, Image.Resampling.BICUBIC, expand=True)
        back = spoiled.rotate(-degrees, Image.Resampling.BICUBIC)
        left, top = (back.width - p.width) // 2, (back.height - p.height) // 2
        return spoiled, back.crop((left + 2, top + 2, left + p.width - 2, top + p.height - 2))

    return spoil


def tilted(degrees: float) -> Spoil:
    """Turn by a small angle and cut to what has no corners missing; the oracle turns back likewise."""

    def inside(p: Picture, angle: float) -> Picture:
        rotated = p.rotate(angle, Image.Resampling.BICUBIC)
        share = 1 / (1 + np.tan(np.radians(abs(angle))) * max(p.size) / min(p.size))
        w, h = p.width * share, p.height * share
        return rotated.crop(
            (
                round((p.width - w) / 2),
                round((p.height - h) / 2),
                round((p.width + w) / 2),
                round((p.height + h) / 2),
            )
        )

    def spoil(p: Picture, _r: Generator, _o: Sequence[Picture]) -> tuple[Picture, Picture]:
        spoiled = inside(p, degrees)
        return spoiled, inside(spoiled, -degrees)

    return spoil


def mirrored(p: Picture, _r: Generator, _o: Sequence[Picture]) -> tuple[Picture, Picture]:
    """Left and right change places."""
    return ImageOps.mirror(p), p


def lit(factor: float) -> Spoil:
    """Multiply all values; the oracle divides, what was clipped stays lost."""

    def spoil(p: Picture, _r: Generator, _o: Sequence[Picture]) -> tuple[Picture, Picture]:
        spoiled = ImageEnhance.Brightness(p).enhance(factor)
        return spoiled, ImageEnhance.Brightness(spoiled).enhance(1 / factor)

    return spoil


def flattened(contrast: float) -> Spoil:
    """Take contrast away around the middle grey."""

    def spoil(p: Picture, _r: Generator, _o: Sequence[Picture]) -> tuple[Picture, Picture]:
        spoiled = _of((_as_float(p) - 128) * contrast + 128)
        return spoiled, _of((_as_float(spoiled) - 128) / contrast + 128)

    return spoil


def tinted(red: float, green: float, blue: float) -> Spoil:
    """Scale the channels, as a wrong white balance does."""

    def spoil(p: Picture, _r: Generator, _o: Sequence[Picture]) -> tuple[Picture, Picture]:
        gains = np.array([red, green, blue], np.float32)
        spoiled = _of(_as_float(p) * gains)
        return spoiled, _of(_as_float(spoiled) / gains)

    return spoil


def deconvolved(p: Picture, kernel: "np.ndarray[tuple[int, ...], np.dtype[np.float32]]") -> Picture:
    """Undo a known kernel by Wiener's filter."""
    image = _as_float(p)
    pad = 32
    padded = np.pad(image, ((pad, pad), (pad, pad), (0, 0)), "reflect")
    psf = np.zeros(padded.shape[:2], np.float32)
    kh, kw = kernel.shape
    psf[:kh, :kw] = kernel
    psf = np.roll(psf, (-(kh // 2), -(kw // 2)), (0, 1))
    H = np.fft.rfft2(psf)  # noqa: N806
    G = np.conj(H) / (np.abs(H) ** 2 + 0.01)  # noqa: N806
    done = np.stack([np.fft.irfft2(np.fft.rfft2(padded[..., c]) * G, padded.shape[:2]) for c in range(3)], -1)
    return _of(done[pad:-pad, pad:-pad].astype(np.float32))


def blurred(sigma: float) -> Spoil:
    """Gaussian blur, sigma at a longest side of 512."""

    def spoil(p: Picture, _r: Generator, _o: Sequence[Picture]) -> tuple[Picture, Picture]:
        true = sigma * max(p.size) / 512
        spoiled = p.filter(ImageFilter.GaussianBlur(true))
        line = cv2.getGaussianKernel(2 * int(3 * true) + 1, true)
        return spoiled, deconvolved(spoiled, (line @ line.T).astype(np.float32))

    return spoil


def moved(length: int) -> Spoil:
    """Motion in a random direction, pixels at a longest side of 512."""

    def spoil(p: Picture, r: Generator, _o: Sequence[Picture]) -> tuple[Picture, Picture]:
        size = max(3, round(length * max(p.size) / 512)) | 1
        kernel = np.zeros((size, size), np.float32)
        kernel[size // 2] = 1
        turn = cv2.getRotationMatrix2D((size // 2, size // 2), float(r.uniform(0, 180)), 1.0)
        kernel = cv2.warpAffine(kernel, turn, (size, size)).astype(np.float32)
        kernel /= kernel.sum()
        over = cv2.filter2D(_as_float(p), -1, kernel, borderType=cv2.BORDER_REFLECT)
        spoiled = _of(np.asarray(over, np.float32))
        return spoiled, deconvolved(spoiled, kernel)

    return spoil


def noisy(sigma: float) -> Spoil:
    """Gaussian noise; the picture is as large as what is sent around, so little of it averages out."""

    def spoil(p: Picture, r: Generator, _o: Sequence[Picture]) -> tuple[Picture, Picture]:
        image = _as_float(p)
        spoiled = _of(image + r.normal(0, sigma, image.shape).astype(np.float32))
        h = 0.8 * sigma
        return spoiled, Image.fromarray(
            cv2.fastNlMeansDenoisingColored(np.asarray(spoiled), None, h, h, 5, 15)
        )

    return spoil


def specked(share: float) -> Spoil:
    """Salt and pepper; the oracle takes a median of 3 x 3 (5 x 5 where there is much)."""

    def spoil(p: Picture, r: Generator, _o: Sequence[Picture]) -> tuple[Picture, Picture]:
        image = np.array(p)
        hit = r.random(image.shape[:2])
        image[hit < share / 2] = 0
        image[hit > 1 - share / 2] = 255
        return Image.fromarray(image), Image.fromarray(cv2.medianBlur(image, 3))

    return spoil


def blocky(quality: int) -> Spoil:
    """JPEG at a very low quality; the oracle smooths with a bilateral filter."""

    def spoil(p: Picture, _r: Generator, _o: Sequence[Picture]) -> tuple[Picture, Picture]:
        file = io.BytesIO()
        p.save(file, "JPEG", quality=quality)
        spoiled = Image.open(file).convert("RGB")
        return spoiled, Image.fromarray(cv2.bilateralFilter(np.asarray(spoiled), 9, 40, 5))

    return spoil


def barred(colour: tuple[int, int, int], share: float) -> Spoil:
    """Bars above and below (letterbox), or all around (margins) for white."""

    def spoil(p: Picture, _r: Generator, _o: Sequence[Picture]) -> tuple[Picture, Picture]:
        y = round(p.height * share)
        x = round(p.width * share) if colour == (255, 255, 255) else 0
        ground = Image.new("RGB", (p.width + 2 * x, p.height + 2 * y), colour)
        ground.paste(p, (x, y))
        return ground, p

    return spoil


def in_chrome(p: Picture, r: Generator, _o: Sequence[Picture]) -> tuple[Picture, Picture]:
    """A screenshot: a photo between the bars and words of a program on a telephone."""
    width = p.width
    dark = bool(r.random() < 0.5)
    paper, ink = ((24, 24, 28), (225, 225, 225)) if dark else ((250, 250, 250), (40, 40, 40))
    top, bottom = round(0.24 * p.height), round(0.5 * p.height)
    screen = Image.new("RGB", (width, top + p.height + bottom), paper)
    screen.paste(p, (0, top))
    draw = ImageDraw.Draw(screen)
    size = max(10, width // 28)
    draw.text((size, size * 0.4), "12:41", fill=ink, font_size=size)
    draw.ellipse((size, top - 3 * size, 3 * size, top - size), fill=(90, 140, 200))
    draw.text((4 * size, top - 2.6 * size), "someone from the club", fill=ink, font_size=size)
    for n, words in enumerate(
        ("142 likes", "What a day! Who comes along next time?", "View all 12 comments")
    ):
        draw.text((size, top + p.height + size * (1 + 2 * n)), words, fill=ink, font_size=size)
    return screen, p


def beside(others: int) -> Spoil:
    """A collage: the picture with others around it; the oracle knows which part is meant."""

    def spoil(p: Picture, r: Generator, o: Sequence[Picture]) -> tuple[Picture, Picture]:
        width, height = 400, 300
        chosen = [o[int(n)] for n in r.choice(len(o), others, replace=False)]
        tiles = [ImageOps.fit(one, (width, height)) for one in [p, *chosen]]
        order = r.permutation(len(tiles))
        columns = len(tiles) if len(tiles) < 4 else 2
        sheet = Image.new("RGB", (columns * width, height * -(-len(tiles) // columns)))
        for place, n in enumerate(order):
            sheet.paste(tiles[int(n)], ((place % columns) * width, (place // columns) * height))
        return sheet, tiles[0]

    return spoil


def cropped(keep: float) -> Spoil:
    """Only a part is there: `keep` of the area, somewhere."""

    def spoil(p: Picture, r: Generator, _o: Sequence[Picture]) -> tuple[Picture, Picture]:
        side = keep**0.5
        w, h = round(p.width * side), round(p.height * side)
        x, y = int(r.integers(0, p.width - w + 1)), int(r.integers(0, p.height - h + 1))
        part = p.crop((x, y, x + w, y + h))
        return part, part

    return spoil


def covered(share: float) -> Spoil:
    """A box of one colour lies on it; the oracle paints over what it knows to be covered."""

    def spoil(p: Picture, r: Generator, _o: Sequence[Picture]) -> tuple[Picture, Picture]:
        side = share**0.5
        w, h = round(p.width * side), round(p.height * side)
        x, y = int(r.integers(0, p.width - w + 1)), int(r.integers(0, p.height - h + 1))
        image = np.array(p)
        image[y : y + h, x : x + w] = r.integers(0, 256, 3)
        small = cv2.resize(image, (image.shape[1] // 3, image.shape[0] // 3), interpolation=cv2.INTER_AREA)
        mask = np.zeros(small.shape[:2], np.uint8)
        mask[max(0, y // 3 - 2) : (y + h) // 3 + 2, max(0, x // 3 - 2) : (x + w) // 3 + 2] = 255
        return Image.fromarray(image), Image.fromarray(cv2.inpaint(small, mask, 3, cv2.INPAINT_TELEA))

    return spoil


def stamped(alpha: float) -> Spoil:
    """Text over all of it."""

    def spoil(p: Picture, _r: Generator, _o: Sequence[Picture]) -> tuple[Picture, Picture]:
        layer = p.copy()
        draw = ImageDraw.Draw(layer)
        for y in range(0, p.height, p.height // 5):
            draw.text((p.width * 0.05, y), "SAMPLE  SAMPLE  SAMPLE", fill="white", font_size=p.width // 14)
        return Image.blend(p, layer, alpha), p

    return spoil


def embedded(share: float) -> Spoil:
    """The picture hangs in another photo, seen from the side; the oracle knows its corners."""

    def spoil(p: Picture, r: Generator, o: Sequence[Picture]) -> tuple[Picture, Picture]:
        scene = np.array(ImageOps.fit(o[int(r.integers(len(o)))], (900, 700)))
        framed = np.asarray(ImageOps.expand(p, round(0.03 * max(p.size)), (245, 245, 240)))
        h, w = framed.shape[:2]
        scale = (share * 900 * 700 / (w * h)) ** 0.5
        w2, h2 = min(w * scale, 860), min(h * scale, 660)
        x, y = r.uniform(10, 890 - w2), r.uniform(10, 690 - h2)
        goal = np.array([[x, y], [x + w2, y], [x + w2, y + h2], [x, y + h2]], np.float32)
        goal += r.uniform(-0.06, 0.06, (4, 2)).astype(np.float32) * (w2, h2)
        goal = np.clip(goal, 2, (897, 697)).astype(np.float32)
        source = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
        matrix = cv2.getPerspectiveTransform(source, goal)
        over = cv2.warpPerspective(framed, matrix, (900, 700), flags=cv2.INTER_AREA)
        mask = cv2.warpPerspective(np.ones((h, w), np.uint8), matrix, (900, 700))
        scene[mask > 0] = over[mask > 0]
        back = cv2.warpPerspective(scene, np.linalg.inv(matrix), (w, h))
        edge = round(0.03 * max(p.size))
        return Image.fromarray(scene), Image.fromarray(back).crop((edge, edge, w - edge, h - edge))

    return spoil


def _all() -> list[Spoiling]:
    rows: Mapping[str, Mapping[str, Spoil]] = {
        "turned": {f"{a}°": turned(a) for a in (90, 180, 270)},
        "skewed, corners": {f"{a}°": skewed(a) for a in (10, -10, 25, -25, 45, -45)},
        "skewed, cut": {f"{a}°": tilted(a) for a in (5, -5, 10, -10)},
        "mirrored": {"": mirrored},
        "dark": {str(f): lit(f) for f in (0.2, 0.4)},
        "bright": {str(f): lit(f) for f in (1.8, 2.5)},
        "low contrast": {str(f): flattened(f) for f in (0.15, 0.3)},
        "colour cast": {"red": tinted(1, 0.6, 0.4), "blue": tinted(0.45, 0.7, 1)},
        "blur": {f"sigma {s}": blurred(s) for s in (1, 2, 4)},
        "motion": {str(n): moved(n) for n in (9, 21)},
        "noise": {f"sigma {s}": noisy(s) for s in (10, 25, 50)},
        "salt, pepper": {f"{s:.0%}": specked(s) for s in (0.02, 0.08)},
        "JPEG": {f"q{q}": blocky(q) for q in (4, 8)},
        "letterbox": {f"{s}": barred((0, 0, 0), s) for s in (0.15, 0.35)},
        "margins": {f"{s}": barred((255, 255, 255), s) for s in (0.1, 0.3)},
        "screenshot": {"": in_chrome},
        "in a scene": {f"{s:.0%}": embedded(s) for s in (0.25, 0.5)},
        "among others": {f"{n}": beside(n) for n in (1, 2, 3)},
        "part": {f"{k:.0%}": cropped(k) for k in (0.7, 0.5, 0.3)},
        "covered": {f"{k:.0%}": covered(k) for k in (0.15, 0.3, 0.45)},
        "stamped": {f"{a}": stamped(a) for a in (0.3, 0.6)},
    }
    return [
        Spoiling(defect, level, spoil) for defect, levels in rows.items() for level, spoil in levels.items()
    ]


SPOILINGS = _all()


def seen_again(picture: Picture, rng: Generator, side: int = 640) -> Picture:
    """Another view of a picture: three quarters to nine tenths of it, smaller, encoded anew."""
    share = float(rng.uniform(0.86, 0.95))
    w, h = round(picture.width * share), round(picture.height * share)
    x, y = int(rng.integers(0, picture.width - w + 1)), int(rng.integers(0, picture.height - h + 1))
    view = picture.crop((x, y, x + w, y + h))
    view.thumbnail((side, side), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    view.save(file, "JPEG", quality=int(rng.integers(70, 92)))
    return Image.open(file).convert("RGB")
