"""The real player of Qt over a real film, without a screen and without a sound device."""

import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from search.records import Hit, TimeSpan
from ui.preview.film import Film
from ui.preview.frame_view import FrameView
from ui.preview.player import Player

RED, GREEN, BLUE = 0, 1, 2


@pytest.fixture
def player(qapp: object) -> Iterator[Player]:
    made = Player()
    yield made
    made.close()


@pytest.fixture
def view(qtbot: QtBot, player: Player) -> FrameView:
    made = FrameView()
    qtbot.addWidget(made)
    made.resize(160, 120)
    made.show()
    player.frame_came.connect(made.show_frame)
    return made


def strongest(view: FrameView) -> int | None:
    """Which of red, green and blue the frame in view is; None while there is none."""
    if view.image.isNull():
        return None
    colour = view.image.pixelColor(32, 24)
    parts = (colour.red(), colour.green(), colour.blue())
    return parts.index(max(parts))


def test_it_opens_paused_at_the_second(
    player: Player, view: FrameView, make_film: Callable[..., Path], qtbot: QtBot
) -> None:
    player.open(make_film(), 2.5)
    qtbot.waitUntil(lambda: strongest(view) == BLUE)
    assert not player.is_playing
    assert player.position == pytest.approx(2.5, abs=0.11)


def test_it_plays_and_goes_where_it_is_told(
    player: Player, view: FrameView, make_film: Callable[..., Path], qtbot: QtBot
) -> None:
    seconds: list[float] = []
    player.moved.connect(seconds.append)
    player.open(make_film(), 1.2)
    player.toggle()  # before it has been read: it plays when it has
    qtbot.waitUntil(lambda: player.is_playing and len(seconds) > 3)
    player.toggle()
    assert not player.is_playing
    assert seconds == sorted(seconds)
    player.seek(0.5)
    qtbot.waitUntil(lambda: strongest(view) == RED)
    player.seek(99.0)
    assert player.position == pytest.approx(4.0, abs=0.2)


def test_a_loop_stays_in_its_stretch(player: Player, make_film: Callable[..., Path], qtbot: QtBot) -> None:
    seconds: list[float] = []
    player.set_loop(TimeSpan(1.0, 1.4))
    player.set_speed(2.0)
    player.open(make_film(sound=False), 1.0)
    player.moved.connect(seconds.append)
    player.play()
    qtbot.waitUntil(lambda: sum(b < a for a, b in pairwise(seconds)) >= 2)
    player.pause()
    assert max(seconds) < 2.5


def test_what_is_no_film_says_so(player: Player, tmp_path: Path, qtbot: QtBot) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no film at all" * 100)
    with qtbot.waitSignal(player.unable) as told:
        player.open(broken, 0.0)
    assert told.args[0].startswith("It cannot be played here")  # type: ignore[index]
    player.toggle()
    assert not player.is_playing


def test_one_film_after_another(
    player: Player, view: FrameView, make_film: Callable[..., Path], qtbot: QtBot
) -> None:
    film = make_film()
    player.open(film, 0.5)
    player.open(film, 1.5)
    player.close()
    player.open(film, 2.5)
    qtbot.waitUntil(lambda: strongest(view) == BLUE)


def test_loudness_stays_in_its_bounds(player: Player) -> None:
    player.set_volume(1.7, muted=True)
    assert (player.volume, player.is_muted) == (1.0, True)


@pytest.fixture
def film(qtbot: QtBot) -> Film:
    made = Film()
    qtbot.addWidget(made)
    made.resize(400, 120)
    made.show()
    return made


def film_hit(make_hit: Callable[..., Hit], path: Path | str, **facts: Any) -> Hit:
    return make_hit(path, media_type="video/mp4", duration_s=4.0, locator=TimeSpan(1.0, 2.0), **facts)


def test_without_the_library_stills_are_asked_for_instead(
    film: Film, make_hit: Callable[..., Hit], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", None)
    with qtbot.waitSignal(film.unable) as told:
        film.show_hit(film_hit(make_hit, "a.mp4"))
    assert told.args[0].startswith("Films and sounds cannot be played here")  # type: ignore[index]
    with qtbot.waitSignal(film.moment_wanted) as wanted:
        film.seek(3.0)
    assert wanted.args == [3.0]
    assert film.transport.time.text() == "0:03 / 0:04"
    film.toggle()
    assert film.position == 3.0


def test_a_film_on_an_absent_drive_is_not_opened(film: Film, make_hit: Callable[..., Hit]) -> None:
    film.show_hit(film_hit(make_hit, "a.mp4", present=False))
    assert film.is_broken
    assert film.position == 1.0


def test_the_row_of_buttons_plays_loops_and_mutes(
    film: Film, make_film: Callable[..., Path], make_hit: Callable[..., Hit], qtbot: QtBot
) -> None:
    film.show_hit(film_hit(make_hit, make_film()))
    transport = film.transport
    transport.loop.click()
    transport.mute.click()
    transport.speed.setCurrentText("2×")
    assert (film.player.is_muted, film.player.speed) == (True, 2.0)
    transport.play.click()
    qtbot.waitUntil(lambda: film.player.is_playing)
    assert transport.play.accessibleName() == "Pause"
    film.hide()
    assert not film.player.is_playing
