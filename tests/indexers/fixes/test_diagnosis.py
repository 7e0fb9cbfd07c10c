"""Spoils a drawn scene in every way, and asks what is wrong with it and whether the repair is better."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from indexers.fixes.defect import Look
from indexers.fixes.diagnosis import MOST, diagnose, examine
from indexers.fixes.measures import edge_sigma, noise_sigma
from indexers.fixes.perspective import rectified
from indexers.fixes.skew import straightened

Change = Callable[[Image.Image], Image.Image]


def scene(seed: int = 1, size: tuple[int, int] = (512, 384)) -> Image.Image:
    """Clouds, hills and sharp things of many colours: as much detail as a photo has."""
    rng = np.random.default_rng(seed)
    w, h = size
    field = sum(
        cv2.resize(
            rng.normal(0, 90 / n, (4 * n, 5 * n, 3)).astype(np.float32), size, interpolation=cv2.INTER_CUBIC
        )
        for n in (1, 2, 4, 8, 16)
    )
    picture = Image.fromarray(np.clip(125 + 0.55 * np.asarray(field), 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    for _ in range(40):
        x, y, r = (int(n) for n in rng.integers((0, 0, 8), (w, h, 40)))
        box = x - r, y - r, x + r, y + r // 2
        draw.ellipse(box, fill=tuple(int(n) for n in rng.integers(0, 256, 3)))
    return picture


def on(ground: Image.Image, picture: Image.Image, corners: list[tuple[int, int]]) -> Image.Image:
    w, h = picture.size
    matrix = cv2.getPerspectiveTransform(
        np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32), np.array(corners, np.float32)
    )
    over = cv2.warpPerspective(np.asarray(picture), matrix, ground.size)
    mask = cv2.warpPerspective(np.ones((h, w), np.uint8), matrix, ground.size)
    whole = np.array(ground)
    whole[mask > 0] = over[mask > 0]
    return Image.fromarray(whole)


def with_noise(picture: Image.Image) -> Image.Image:
    rng = np.random.default_rng(3)
    return Image.fromarray(
        np.clip(np.asarray(picture) + rng.normal(0, 25, (*picture.size[::-1], 3)), 0, 255).astype(np.uint8)
    )


def with_specks(picture: Image.Image) -> Image.Image:
    image, hit = np.array(picture), np.random.default_rng(4).random(picture.size[::-1])
    image[hit < 0.02], image[hit > 0.98] = 0, 255
    return Image.fromarray(image)


def shaken(picture: Image.Image) -> Image.Image:
    return Image.fromarray(cv2.filter2D(np.asarray(picture), -1, np.full((1, 15), 1 / 15, np.float32)))


def screenshot(picture: Image.Image) -> Image.Image:
    screen = Image.new("RGB", (picture.width, 900), (250, 250, 250))
    screen.paste(picture, (0, 200))
    draw = ImageDraw.Draw(screen)
    for y in (20, 120, 620, 660, 700):
        draw.text((20, y), "somebody wrote something here", fill=(40, 40, 40), font_size=18)
    return screen


def beside(picture: Image.Image) -> Image.Image:
    sheet = Image.new("RGB", (2 * picture.width, picture.height))
    sheet.paste(picture, (0, 0))
    sheet.paste(scene(9).point(lambda value: (value + 120) % 256), (picture.width, 0))
    return sheet


def in_a_room(picture: Image.Image) -> Image.Image:
    room = Image.new("RGB", (800, 600), (120, 110, 100))
    framed = ImageOps.expand(picture, 12, (250, 250, 245))
    return on(room, framed, [(150, 120), (600, 90), (640, 480), (170, 430)])


CHANGES: dict[str, Change] = {
    "dark": lambda p: ImageEnhance.Brightness(p).enhance(0.3),
    "contrast": lambda p: ImageEnhance.Contrast(p).enhance(0.2),
    "cast": lambda p: Image.fromarray((np.asarray(p) * [1, 0.6, 0.4]).astype(np.uint8)),
    "blur": lambda p: p.filter(ImageFilter.GaussianBlur(3)),
    "motion": shaken,
    "noise": with_noise,
    "specks": with_specks,
    "border": lambda p: ImageOps.expand(p, (0, 70), (0, 0, 0)),
    "screenshot": screenshot,
    "panels": beside,
    "perspective": in_a_room,
    "skew": lambda p: p.rotate(20, Image.Resampling.BICUBIC, expand=True),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_a_defect_is_seen_with_evidence_and_repaired_for_the_better(kind: str) -> None:
    found = examine(CHANGES[kind](scene()))
    assert kind in {defect.kind for defect in found.defects}, found.defects
    defect = next(defect for defect in found.defects if defect.kind == kind)
    assert 0.2 <= defect.severity <= 1
    assert any(letter.isdigit() for letter in defect.evidence) or defect.kind == "perspective"
    assert any(c.improved for c in found.candidates if kind in c.kind.split("+")), found.candidates
    assert len(found.candidates) <= MOST


@pytest.mark.parametrize("seed", range(6))
def test_nothing_is_wrong_with_a_clean_picture(seed: int) -> None:
    assert diagnose(scene(seed)) == ()


def closeness(one: Image.Image, other: Image.Image) -> float:
    same = other.resize(one.size)
    grey = (np.asarray(one.convert("L"), float).ravel(), np.asarray(same.convert("L"), float).ravel())
    return float(np.corrcoef(*grey)[0, 1])


@pytest.mark.parametrize("kind", ["border", "screenshot", "perspective"])
def test_the_picture_within_is_cut_out(kind: str) -> None:
    repaired = next(c for c in examine(CHANGES[kind](scene())).candidates if c.kind == kind).picture
    assert closeness(scene(), repaired) > 0.9


@pytest.mark.parametrize("angle", [-40, -20, -5, 5, 20, 40])
def test_what_stands_askew_is_set_upright(angle: float) -> None:
    spoiled = scene().rotate(angle, Image.Resampling.BICUBIC, expand=True)
    (defect,) = (defect for defect in diagnose(spoiled) if defect.kind == "skew")
    assert defect.params["angle"] == pytest.approx(angle, abs=1.5)
    upright = straightened(spoiled, defect.params["angle"], has_corners=True)
    assert closeness(scene(), upright) > 0.9


def test_two_defects_are_undone_together() -> None:
    spoiled = ImageOps.expand(ImageEnhance.Brightness(scene()).enhance(0.25), (0, 80), (0, 0, 0))
    found = examine(spoiled)
    both = found.candidates[0]
    assert both.kind == "border+dark"
    assert closeness(scene(), both.picture) > 0.95
    assert np.asarray(both.picture).mean() == pytest.approx(np.asarray(scene()).mean(), abs=35)


@pytest.mark.parametrize("sigma", [8, 20])
def test_noise_is_measured(sigma: float) -> None:
    grey = np.asarray(scene().filter(ImageFilter.GaussianBlur(1)).convert("L"), np.float32)
    noisy = grey + np.random.default_rng(0).normal(0, sigma, grey.shape).astype(np.float32)
    assert noise_sigma(noisy) == pytest.approx(sigma, rel=0.35)


@pytest.mark.parametrize("sigma", [1.5, 3.0])
def test_blur_is_measured(sigma: float) -> None:
    blurred = scene().filter(ImageFilter.GaussianBlur(sigma))
    assert edge_sigma(Look(blurred).grey) == pytest.approx(sigma, rel=0.35)


ODD = {
    "one pixel": Image.new("RGB", (1, 1), "red"),
    "a line": Image.new("RGB", (900, 1), "white"),
    "black": Image.new("RGB", (300, 200)),
    "white": Image.new("RGB", (300, 200), "white"),
    "two pixels": Image.fromarray(np.array([[[0, 0, 0], [255, 255, 255]]], np.uint8)),
    "noise alone": Image.fromarray(np.random.default_rng(0).integers(0, 256, (90, 120, 3), np.uint8)),
    "long": Image.fromarray(np.random.default_rng(0).integers(0, 256, (20, 3000, 3), np.uint8)),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_pictures_cost_nothing(name: str) -> None:
    for candidate in examine(ODD[name]).candidates:
        assert min(candidate.picture.size) >= 1


def test_corners_need_not_be_a_rectangle() -> None:
    flat = rectified(scene(), [(0.1, 0.1), (0.9, 0.2), (0.8, 0.9), (0.2, 0.8)])
    assert flat.width > 300
    assert flat.height > 200
