import pytest

from app.cli_index_report import how_far
from search.records import Learned, Progress

FILM = (Learned("videos", 1, 1), Learned("speech", 0, 1, 0.001, 0.4))


@pytest.mark.parametrize(
    ("progress", "told"),
    [
        (Progress(0, 1, 0.0, 725.0, "indexing", FILM), "0 of 1 file · 70% · 12 min left"),
        (Progress(3, 12, 0.05, None, "indexing"), "3 of 12 files · 25% · 3 files/min"),
        (Progress(3, 12, 2.5, 4.0, "indexing"), "3 of 12 files · 25% · 2.5 files/s · 4.0 s left"),
        (Progress(7, None, 0.0, None, "looking for files"), "7 files"),
    ],
)
def test_how_far_a_run_is_stands_in_one_line(progress: Progress, told: str) -> None:
    assert how_far(progress) == told
