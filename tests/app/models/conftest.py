"""A hub that the code under test talks to in place of the real one."""

import json
from collections.abc import Iterator
from pathlib import Path

import huggingface_hub
import huggingface_hub.constants as constants
import pytest

from tests.app.models.hub import Hub, running

CONFIG = {
    "model_cfg": {"embed_dim": 8, "vision_cfg": {"image_size": 32}, "text_cfg": {"context_length": 16}},
    "preprocess_cfg": {"mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5], "resize_mode": "squash"},
}


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A running hub that huggingface_hub talks to instead of the real one."""
    with running() as state:
        monkeypatch.setattr(constants, "ENDPOINT", state.address)
        template = state.address + "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
        monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 50_000)  # what a break may lose; 10 MB in life
        state.files = {
            "open_clip_config.json": json.dumps(CONFIG).encode(),
            "open_clip_model.safetensors": bytes(range(256)) * 4000,
        }
        yield state
        huggingface_hub.close_session()


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The person's models folder, not made yet."""
    return tmp_path / "data" / "models"
