"""Photographs every page of the window over a real library, light and dark. Looks are made by the real program.

    python docs/screenshots/samples.py ~/Pictures && crossfind index ~/Pictures --library DIR
    xvfb-run -a python docs/screenshots/make.py --library DIR --query "a rocket launch" --query "said:liftoff"

Works without a screen too (`QT_QPA_PLATFORM=offscreen`); `QT_SCALE_FACTOR=2` makes them twice as fine. The pictures
have 256 colours, so that they stay small. `--only settings` makes those whose names have it in them.
"""

import argparse
import io
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget

sys.path.insert(0, str(Path(__file__).parents[2]))
from app import config
from app.window.backend import ServiceBackend
from search.records import MediaKind
from ui.language import source_of, use
from ui.main_window import MainWindow
from ui.settings.looks import dark_palette, light_palette

HERE = Path(__file__).parent
LONGEST_S = 120


def main(arguments: Sequence[str]) -> int:
    """Make all pictures and say where they are."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--library", type=Path, required=True, help="the library's folder")
    parser.add_argument("--models-dir", type=Path, help="a further folder with models")
    parser.add_argument("--query", action="append", help="what to search for; repeatable")
    parser.add_argument("--repair", type=Path, help="a picture that is askew, dark or noisy, to search by")
    parser.add_argument("--only", default="", help="only pictures whose names have this in them")
    parser.add_argument("--out", type=Path, default=HERE, help="where the PNG files go")
    parser.add_argument("--language", default="en", help="the window's language, as in de")
    parser.add_argument("--size", default="1180x760", help="width x height of the window")
    chosen = parser.parse_args(arguments)
    settings = replace(config.load(), library=str(chosen.library.absolute()))
    if chosen.models_dir:
        settings = replace(settings, models_dir=str(chosen.models_dir.absolute()))
    chosen.out.mkdir(parents=True, exist_ok=True)
    app = QApplication(sys.argv[:1])
    use(chosen.language)
    queries = chosen.query or ["a dog on the beach", "red car", "type:pdf table of results"]
    for look, palette in (("light", light_palette()), ("dark", dark_palette())):
        app.setPalette(palette)
        camera = Camera(chosen.out, look, chosen.only)
        with tempfile.TemporaryDirectory() as folder:
            first_run(opened(replace(settings, library=f"{folder}/library"), chosen.size), camera)
        window = opened(settings, chosen.size)
        searches(window, camera, queries, chosen.repair)
        places(window, camera)
        dialogs(window, camera)
        window.close()
    return 0


class Camera:
    """Saves what widgets show under `LOOK-NAME.png`, unless other names are wanted."""

    def __init__(self, out: Path, look: str, only: str) -> None:
        self._out, self._look, self._only = out, look, only

    def take(self, widget: QWidget, name: str) -> None:
        """Write what a widget shows."""
        if self._only not in name:
            return
        pause(400)
        buffer = QBuffer()
        buffer.open(QBuffer.OpenModeFlag.ReadWrite)
        widget.grab().save(buffer, "PNG")  # type: ignore[call-overload]  # PySide6 takes a device as well
        target = self._out / f"{self._look}-{name}.png"
        with Image.open(io.BytesIO(bytes(buffer.data().data()))) as taken:
            taken.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(target, optimize=True)
        print(target)


def opened(settings: config.Config, size: str) -> MainWindow:
    """Open a window and wait until it knows its library."""
    window = MainWindow(ServiceBackend(settings))
    window.resize(*map(int, size.split("x")))
    window.show()
    wait_for(lambda: not window.jobs.busy("status") and not window.jobs.busy("search"))
    pause(300)
    window.missing.hush()
    return window


def first_run(window: MainWindow, camera: Camera) -> None:
    """The page that a new library begins with."""
    wait_for(lambda: not window.jobs.busy("first run models"))
    camera.take(window, "first-run")
    window.close()


def searches(window: MainWindow, camera: Camera, queries: Sequence[str], repair: Path | None) -> None:
    """Walk through answers and what may stand in their place."""
    camera.take(window, "start")
    for number, query in enumerate(queries, 1):
        search(window, query)
        camera.take(window, f"search-{number}")
    for kind in ("pdf", "video", "audio"):
        search(window, f"type:{kind}")
        if select_first(window, kind):
            camera.take(window, kind)
    search(window, queries[0])
    show_table(window, True)
    camera.take(window, "list")
    show_table(window, False)
    for query in queries:
        search(window, query)
        if select_first(window, "video"):
            pause(2000)  # what is in the film is asked for, its storyboard drawn
            camera.take(window, "film")
            window.actions_.large.trigger()
            pause(2000)
            camera.take(window, "large")
            window.actions_.large.trigger()
            break
    search(window, queries[0])
    if select_first(window, "image"):
        window.actions_.similar.trigger()
        settle(window)
        camera.take(window, "similar")
    if repair is not None:
        search(window, f'like:@"{repair.absolute()}"')
        camera.take(window, "repaired")
    search(window, 'text:"xyzzy plugh"')
    camera.take(window, "nothing")
    window.query.set_words("red car date:someday")
    settle(window)
    camera.take(window, "error")
    window.query.clear()


def show_table(window: MainWindow, on: bool) -> None:
    """Show results as a table, or as tiles."""
    window.view.choices.table.setChecked(on)
    settle(window)


def places(window: MainWindow, camera: Camera) -> None:
    """The other pages of the window."""
    for place in window.places.actions_[1:]:
        place.trigger()
        pause(1500)
        camera.take(window, source_of(place.text()).lower())
    window.places.actions_[0].trigger()


def dialogs(window: MainWindow, camera: Camera) -> None:
    """Settings and help."""
    settings = window.around.settings
    settings.open()
    wait_for(lambda: not any(map(window.jobs.busy, ("settings", "settings models", "settings about"))))
    if (dialog := settings.dialog) is not None:
        for page in dialog.pages:
            dialog.turn_to(page)
            camera.take(dialog, f"settings-{source_of(page.title).split()[0].lower()}")
        dialog.close()
    for action in (window.actions_.keys, window.actions_.language, window.actions_.about):
        action.trigger()
    wait_for(lambda: not any(map(window.jobs.busy, ("about", "about models"))))
    window.around.help.show_fault("Traceback (most recent call last):\n  ...\nValueError: an example")
    for name in ("keys", "language", "about"):
        part = getattr(window.around.help, name)
        camera.take(part, f"help-{name}")
        part.close()


def search(window: MainWindow, query: str) -> None:
    """Ask and wait until everything on screen has arrived."""
    window.query.set_words(query)
    settle(window)


def select_first(window: MainWindow, kind: MediaKind) -> bool:
    """Select the first hit of a kind; False when there is none."""
    for row in range(window.model.rowCount()):
        hit = window.model.hit(window.model.index(row))
        if hit is not None and hit.content.kind == kind:
            window.view.results.select_row(row)
            settle(window)
            return True
    return False


def settle(window: MainWindow) -> None:
    """Wait for the answer, the preview and the thumbnails."""
    wait_for(lambda: not any(map(window.jobs.busy, ("search", "preview", "preview inside", "status", "query picture"))))
    pause(700)
    wait_for(lambda: not window.jobs.busy("preview"))


def wait_for(done: Callable[[], bool]) -> None:
    """Run the event loop until something has come true."""
    for _ in range(LONGEST_S * 20):
        pause(50)
        if done():
            return
    raise TimeoutError(f"the window was still busy after {LONGEST_S} s")


def pause(milliseconds: int) -> None:
    """Run the event loop for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
