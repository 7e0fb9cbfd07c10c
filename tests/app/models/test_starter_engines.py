"""The folders that are made from packages are what the engines expect: each does one real thing."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.models.faces import FaceModels
from app.models.installed import InstalledModel, installed, ready
from app.models.spaces import build_spaces
from indexers.whisper_speech import WhisperSpeech

pytestmark = pytest.mark.usefixtures("home", "starter")


def prepared(id_: str) -> InstalledModel:
    model = installed().get(id_)
    assert model is not None
    return ready(model)


def test_meaning_of_text() -> None:
    (space,) = build_spaces(prepared("minilm-l6"), device="cpu")
    profit, earnings, dog = space.encode(
        ["The profit rose.", "Earnings went up.", "A dog plays in the snow."]
    )
    assert space.name == "meaning"
    assert profit @ earnings > profit @ dog + 0.3


def test_speech(media_dir: Path) -> None:
    from faster_whisper import decode_audio

    model = prepared("whisper-base")
    speech = WhisperSpeech(model.folder, model.manifest.facts, device="cpu", threads=2)
    samples = np.asarray(decode_audio(str(media_dir / "speech" / "LJ001-0002.flac")))
    assert "comparatively modern" in speech.transcribe(samples).text


def test_faces(media_dir: Path) -> None:
    model = prepared("dlib-faces")
    faces = FaceModels(model).build()
    vectors = []
    for name in ("df_person01_img1.jpg", "df_person01_img2.jpg", "df_person02_img13.jpg"):
        with Image.open(media_dir / "faces" / name) as photo:
            vectors.append(faces.find(np.asarray(photo.convert("RGB")))[0].vector)
    one, again, other = vectors
    assert one @ again > one @ other
