from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from ui.thumbnails import EDGE, Thumbnails


def test_a_thumbnail_arrives_later_and_stays(
    thumbnails: Thumbnails, make_picture: Callable[..., Path], qtbot: QtBot
) -> None:
    path = make_picture("a.png", (40, 30))
    with qtbot.waitSignal(thumbnails.loaded, check_params_cb=lambda arrived: arrived == path):
        assert thumbnails.get(path) is None
    pixmap = thumbnails.get(path)
    assert pixmap is not None
    assert (pixmap.width(), pixmap.height()) == (40, 30)


def test_a_large_picture_is_scaled_while_decoding(
    thumbnails: Thumbnails, make_picture: Callable[..., Path], qtbot: QtBot
) -> None:
    path = make_picture("large.png", (2048, 512))
    with qtbot.waitSignal(thumbnails.loaded):
        thumbnails.get(path)
    pixmap = thumbnails.get(path)
    assert pixmap is not None
    assert (pixmap.width(), pixmap.height()) == (EDGE, EDGE // 4)


def test_the_least_recently_seen_leaves_when_the_cache_is_full(
    make_picture: Callable[..., Path], qtbot: QtBot
) -> None:
    one = 10 * 10 * 4
    thumbnails = Thumbnails(capacity=2 * one)
    paths = [make_picture(f"{n}.png", (10, 10)) for n in range(3)]
    for path in paths[:2]:
        with qtbot.waitSignal(thumbnails.loaded):
            thumbnails.get(path)
    thumbnails.get(paths[0])
    with qtbot.waitSignal(thumbnails.loaded):
        thumbnails.get(paths[2])
    assert thumbnails.get(paths[0]) is not None
    assert thumbnails.get(paths[1]) is None
    thumbnails.shutdown()


def test_an_unreadable_file_is_tried_once_until_asked_to_try_again(
    thumbnails: Thumbnails, tmp_path: Path, make_picture: Callable[..., Path], qtbot: QtBot
) -> None:
    path = tmp_path / "later.png"
    with qtbot.waitSignal(thumbnails.loaded):
        thumbnails.get(path)
    unreadable = thumbnails.get(path)
    assert unreadable is not None
    assert unreadable.isNull()
    make_picture("later.png")
    thumbnails.forget_unreadable()
    with qtbot.waitSignal(thumbnails.loaded):
        assert thumbnails.get(path) is None
    readable = thumbnails.get(path)
    assert readable is not None
    assert not readable.isNull()


def test_after_a_long_scroll_only_the_last_wishes_are_decoded(
    make_picture: Callable[..., Path], qtbot: QtBot
) -> None:
    thumbnails = Thumbnails(workers=1, waiting=5)
    arrived: list[Path] = []
    thumbnails.loaded.connect(arrived.append)
    paths = [make_picture("one.png").with_name(f"{n}.png") for n in range(500)]
    for path in paths:
        thumbnails.get(path)
    qtbot.waitUntil(lambda: paths[-1] in arrived and len(arrived) >= 5)
    qtbot.wait(50)
    assert set(paths[-5:]) <= set(arrived)
    assert len(arrived) < len(paths) / 2
    thumbnails.shutdown()
