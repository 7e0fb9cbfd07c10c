"""What the window's query bar asks of the program, with the real one."""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

import resources
from app.config import Config
from app.window.backend import ServiceBackend
from search.errors import MediaError
from search.kept import Kept
from search.records import Suggestion
from ui.backend import SearchRequest


@pytest.fixture
def backend(home: Path, sample_library: Path, tmp_path: Path) -> Iterator[ServiceBackend]:
    shutil.copytree(sample_library, tmp_path / "library")
    backend = ServiceBackend(Config(library=str(tmp_path / "library")))
    yield backend
    backend._client().close()


def test_names_are_suggested_with_their_counts(backend: ServiceBackend, tmp_path: Path) -> None:
    Kept(tmp_path / "library").save("Launches", "rocket")
    assert backend.suggest("x saved:", 5) == [Suggestion("x saved:Launches", "saved")]
    folders = {one.text: one.count for one in backend.suggest("in:", 20)}
    assert folders["in:trips"] >= 1


def test_a_picture_is_examined_and_its_repairs_are_drawn(backend: ServiceBackend, tmp_path: Path) -> None:
    photo = resources.path("samples") / "trips" / "rocket launch.jpg"
    dark = tmp_path / "dark.png"
    with Image.open(photo) as image:
        image.point(lambda value: value // 7).save(dark)
    found = backend.examine(dark)
    brighter = next(one for one in found.repairs if one.kind == "dark")
    assert found.evidence
    with (
        Image.open(io.BytesIO(backend.repaired_image(dark, 0, 80))) as before,
        Image.open(io.BytesIO(backend.repaired_image(dark, brighter.number, 80))) as after,
    ):
        assert before.width == after.width == 80
        assert sum(after.convert("L").histogram()[100:]) > sum(before.convert("L").histogram()[100:])
    off = backend.search(SearchRequest(f'like:@"{dark}"', fixing="off"))
    assert off.fixes == ()
    with pytest.raises(MediaError):
        backend.examine(tmp_path / "none.png")


def test_faces_are_found_and_one_of_them_searched(
    starter: None, backend: ServiceBackend, media_dir: Path
) -> None:
    photo = media_dir / "faces" / "df_group_selfie.jpg"
    boxes = backend.faces_in(photo, None)
    assert len(boxes) > 1
    assert all(0 <= box[0] < box[2] <= 1 and 0 <= box[1] < box[3] <= 1 for box in boxes)


def test_a_recording_is_written_down(starter: None, backend: ServiceBackend, media_dir: Path) -> None:
    heard = backend.listen(media_dir / "speech" / "caption_1030985833_b0902ea560.mp3")
    assert "black dog" in heard.query.replace("~", "").lower()
    assert len(heard.words) > 8
