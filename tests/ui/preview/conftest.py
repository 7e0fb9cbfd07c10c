"""A film that is made on the spot, and the preview over the fake backend."""

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from ui.jobs import Jobs
from ui.preview.pane import Preview
from ui.thumbnails import Thumbnails

COLOURS = ((200, 40, 40), (40, 180, 60), (40, 60, 200), (220, 200, 40))


@pytest.fixture
def jobs(qapp: object) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.shutdown()


@pytest.fixture
def preview(qtbot: QtBot, backend: Any, jobs: Jobs, thumbnails: Thumbnails) -> Preview:
    made = Preview(backend, jobs, thumbnails, [QAction("Open")])
    qtbot.addWidget(made)
    made.resize(400, 600)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture(scope="session")
def make_film(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Make a film of one colour a second, 10 frames a second, with or without a humming sound."""
    import av

    def make(seconds: int = 4, sound: bool = True) -> Path:
        path = tmp_path_factory.mktemp("film") / "film.mp4"
        with av.open(str(path), "w") as file:
            pictures = file.add_stream("mpeg4", rate=10)
            pictures.width, pictures.height, pictures.pix_fmt = 64, 48, "yuv420p"
            sounds = file.add_stream("aac", rate=16_000, layout="mono") if sound else None
            for number in range(seconds * 10):
                pixels = np.full((48, 64, 3), COLOURS[number // 10 % len(COLOURS)], np.uint8)
                frame = av.VideoFrame.from_ndarray(pixels, "rgb24")
                file.mux(pictures.encode(frame))
            file.mux(pictures.encode())
            if sounds is not None:
                wave = np.sin(np.arange(seconds * 16_000) * 2 * math.pi * 220 / 16_000).astype(np.float32)
                heard = av.AudioFrame.from_ndarray(wave[None] * 0.1, "fltp", "mono")
                heard.sample_rate = 16_000
                file.mux(sounds.encode(heard))
                file.mux(sounds.encode())
        return path

    return make
