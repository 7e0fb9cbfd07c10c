import os

import pytest

from indexers.base import BUILTIN, Job, Part
from indexers.decode import change_of, extract
from indexers.flow import Trouble
from indexers.perceptual import PerceptualSpace

SPACE = PerceptualSpace()


@pytest.fixture
def job_for():
    def make(path, **changes) -> Job:
        status = os.stat(path)  # noqa: PTH116
        facts = {"path": str(path), "digest": "d", "media_type": "image/png", "size": status.st_size}
        more = {
            "mtime_ns": status.st_mtime_ns,
            "indexer": "pictures",
            "spaces": {"phash": SPACE.picture_input},
        }
        return Job(**{**facts, **more, **changes})

    return make


def run(job):
    return extract(job, BUILTIN, {"phash": SPACE})


def test_light_spaces_are_encoded_on_the_spot(tmp_path, save_picture, job_for):
    part = run(job_for(save_picture(tmp_path / "a.png", 1)))
    assert isinstance(part, Part)
    (piece,) = part.pieces
    assert piece.payload is None
    assert piece.vector.shape == (SPACE.fingerprint.dim,)


def test_blank_pictures_have_no_piece_in_them(tmp_path, job_for):
    from PIL import Image

    Image.new("RGB", (50, 50), "white").save(tmp_path / "a.png")
    part = run(job_for(tmp_path / "a.png"))
    assert isinstance(part, Part)
    assert list(part.pieces) == []
    assert part.content is not None


def test_media_errors_become_troubles(tmp_path, job_for):
    (tmp_path / "a.png").write_bytes(b"nothing")
    answer = run(job_for(tmp_path / "a.png"))
    assert isinstance(answer, Trouble)
    assert (answer.outcome, answer.transient) == ("failed", False)


def test_a_bug_in_an_indexer_costs_only_the_file(tmp_path, save_picture, job_for):
    answer = run(job_for(save_picture(tmp_path / "a.png"), indexer="no such indexer"))
    assert isinstance(answer, Trouble)
    assert answer.reason == "The file could not be decoded: KeyError, 'no such indexer'."


def test_a_file_that_changed_or_vanished_is_not_remembered(tmp_path, save_picture, job_for):
    path = save_picture(tmp_path / "a.png")
    before = job_for(path)
    save_picture(path, 2, (10, 10))
    answer = run(before)
    assert isinstance(answer, Trouble)
    assert answer.transient
    assert "changed" in answer.reason
    path.unlink()
    gone = run(before)
    assert isinstance(gone, Trouble)
    assert gone.transient
    assert "vanished" in gone.reason


def test_an_unchanged_file_has_no_change(tmp_path, save_picture):
    status = save_picture(tmp_path / "a.png").stat()
    assert change_of(str(tmp_path / "a.png"), status.st_size, status.st_mtime_ns) is None
