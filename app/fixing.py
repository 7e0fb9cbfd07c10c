"""What may be wrong with one picture, and the picture repaired: for `crossfind fix` and for the window."""

from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from app.bootstrap import Equipment
from app.config import Config
from app.limits import query_limits
from app.models.choice import serves
from app.models.readers import line_finder
from indexers import imaging
from indexers.base import Limits
from indexers.fixes import cover
from indexers.fixes.defect import Defect
from indexers.fixes.diagnosis import Candidate, Examination, examine_closely
from indexers.fixes.turning import Eyes
from indexers.ocr import OCR
from indexers.query_encoder import upright_picture
from search.errors import CrossfindError, MediaError, ModelError
from search.new_files import new_file
from search.records import Box
from search.spaces import PictureReference

WRITTEN_SIDE = 4096
"""The shorter side of a picture that is written keeps up to this many pixels."""

CHOICES = frozenset(("panels", "parts", "tight"))
"""Of these repairs a person has to choose one: none of them is right by itself."""


@dataclass(frozen=True, slots=True)
class Fixing:
    """A picture, upright, with what was found in it. `exif` says by how much EXIF had it turned."""

    path: Path
    picture: Image.Image
    examination: Examination
    exif: str | None = None

    @property
    def usual(self) -> Candidate | None:
        """The repair to make unless another is chosen; None where none is plainly right."""
        good = (c for c in self.examination.candidates if c.improved and c.kind not in CHOICES)
        return next(good, None)


def examined(config: Config, path: Path, mask: Path | None = None) -> Fixing:
    """Look closely at a picture, with the models that are there; needs no library and no model.

    Raises `MediaError` for a file that is no picture and for a mask that marks nothing, `LeftOutError`.
    """
    picture = upright_picture(PictureReference(path), WRITTEN_SIDE, query_limits(config))
    with ExitStack() as models:
        found = examine_closely(picture, _eyes(config, models))
    if mask is not None:
        with imaging.opened(mask, query_limits(config)) as image:
            image.load()
            defect, repair = cover.painted_over(picture, cover.mask_of(image))
        covered = Candidate((defect,), repair.told, repair.picture, 1.0, 0.0)
        found = Examination((defect, *found.defects), (covered, *found.candidates))
    return Fixing(path, picture, found, _exif_turn(path, query_limits(config)))


def faces_in(config: Config, path: Path, page: int | None = None) -> tuple[Box, ...]:
    """Return where the faces in a picture or page are, the largest first.

    Raises `MediaError` for a file that is no picture, and `ModelError` without a model for faces.
    """
    models = Equipment(config).faces
    if models is None:
        raise ModelError("No model for faces is installed.", "Get one with: crossfind models pull yunet")
    return models.encoder().boxes(PictureReference(path, page=page))


def _eyes(config: Config, models: ExitStack) -> Eyes:
    """Load what models there are to look with; one that cannot be loaded is left out."""
    equipment = Equipment(config)
    faces = lines = things = None
    with suppress(ModelError):
        if equipment.faces:
            finder = equipment.faces.build()
            models.callback(finder.close)
            faces = lambda pixels: finder.find(pixels, turned=True)  # noqa: E731
    with suppress(ModelError):
        reading = next((model for model in equipment.models if serves(model, OCR)), None)
        if reading:
            reader = line_finder(reading)
            models.callback(reader.close)
            lines = reader.lines
    with suppress(ModelError):
        if equipment.objects:
            detector = equipment.objects.finder()
            models.callback(detector.close)
            things = detector.find
    return Eyes(faces, lines, things)


def _exif_turn(path: Path, limits: Limits) -> str | None:
    turns = {2: "mirrored", 3: "180°", 4: "180°, mirrored", 6: "90° to the right", 8: "90° to the left"}
    turns |= {5: "90° to the right, mirrored", 7: "90° to the left, mirrored"}
    with suppress(MediaError), imaging.opened(path, limits) as image:
        return turns.get(image.getexif().get(0x0112, 1))
    return None


def write(picture: Image.Image, out: Path, original: Path, *, force: bool) -> None:
    """Write a repaired picture to a file of its own; its suffix tells the format, PNG where it has none.

    Raises `CrossfindError` when the file is there already (unless `force`), is the original, or cannot be
    written.
    """
    if out.exists() and out.samefile(original):
        raise CrossfindError(
            f"{out} is the picture itself.", "Choose another name; originals are never changed."
        )
    if out.exists() and not force:
        raise CrossfindError(f"{out} is there already.", "Choose another name, or add --force.")
    suffix = out.suffix.lower() or ".png"
    form = Image.registered_extensions().get(suffix)
    if form not in ("PNG", "JPEG", "WEBP", "TIFF", "BMP"):
        raise CrossfindError(
            f"A picture cannot be written as {suffix}.", "Use .png, .jpg, .webp, .tif or .bmp."
        )
    try:
        with new_file(out, force=force) as beside:
            picture.save(beside, form, quality=95)
    except OSError as error:
        raise CrossfindError(f"{out} cannot be written: {error.strerror or error}.") from error


def to_json(fixing: Fixing, written: Path | None = None) -> dict[str, Any]:
    """Return all of it as plain data; boxes and corners in shares of the upright picture."""
    return {
        "path": str(fixing.path),
        "size": list(fixing.picture.size),
        "exif": fixing.exif,
        "defects": [_defect(defect) for defect in fixing.examination.defects],
        "candidates": [
            {
                "kind": candidate.kind,
                "told": candidate.told,
                "severity": candidate.severity,
                "before": round(candidate.before, 4),
                "after": round(candidate.after, 4),
                "improved": candidate.improved,
                "size": list(candidate.picture.size),
            }
            for candidate in fixing.examination.candidates
        ],
        "written": str(written) if written else None,
    }


def _defect(defect: Defect) -> dict[str, Any]:
    return {
        "kind": defect.kind,
        "severity": defect.severity,
        "evidence": defect.evidence,
        "params": dict(defect.params),
        "boxes": [list(box) for box in defect.boxes],
        "corners": [list(point) for point in defect.corners],
    }
