"""Photographs the window over a real library: light, dark, each page. Looks are made by the real program.

    xvfb-run -a python docs/screenshots/make.py --library DIR --query "a dog on the beach" --query "type:pdf table"

Works without a screen too (`QT_QPA_PLATFORM=offscreen`); `QT_SCALE_FACTOR=2` makes them twice as fine.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

sys.path.insert(0, str(Path(__file__).parents[2]))
from app import config
from app.window.backend import ServiceBackend
from search.records import MediaKind
from ui.main_window import MainWindow

HERE = Path(__file__).parent
LONGEST_S = 120


def main(arguments: Sequence[str]) -> int:
    """Make all pictures and say where they are."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--library", type=Path, required=True, help="the library's folder")
    parser.add_argument("--models-dir", type=Path, help="a further folder with models")
    parser.add_argument("--query", action="append", help="what to search for; repeatable")
    parser.add_argument("--out", type=Path, default=HERE, help="where the PNG files go")
    parser.add_argument("--size", default="1180x760", help="width x height of the window")
    chosen = parser.parse_args(arguments)
    settings = replace(config.load(), library=str(chosen.library.absolute()))
    if chosen.models_dir:
        settings = replace(settings, models_dir=str(chosen.models_dir.absolute()))
    chosen.out.mkdir(parents=True, exist_ok=True)
    app = QApplication(sys.argv[:1])
    window = MainWindow(ServiceBackend(settings))
    window.resize(*map(int, chosen.size.split("x")))
    window.show()
    wait_for(lambda: not window.jobs.busy("status") and not window.jobs.busy("search"))
    queries = chosen.query or ["a dog on the beach", "red car", "type:pdf table of results"]
    for name, palette in (("light", app.palette()), ("dark", dark_palette())):
        app.setPalette(palette)
        photograph(window, chosen.out, name, queries)
    window.close()
    return 0


def photograph(window: MainWindow, out: Path, look: str, queries: Sequence[str]) -> None:
    """Walk through the window and save what it shows."""
    window.query.clear()
    save(window, out / f"{look}-start.png")
    for number, query in enumerate(queries, 1):
        search(window, query)
        save(window, out / f"{look}-search-{number}.png")
    if select_first(window, "pdf"):
        save(window, out / f"{look}-page.png")
    search(window, queries[0])
    if select_first(window, "video"):
        save(window, out / f"{look}-film.png")
        window.actions_.large.trigger()
        settle(window)
        save(window, out / f"{look}-large.png")
        window.actions_.large.trigger()
    if select_first(window, "image"):
        window.actions_.similar.trigger()
        settle(window)
        save(window, out / f"{look}-similar.png")
    search(window, 'text:"xyzzy plugh"')
    save(window, out / f"{look}-nothing.png")
    window.query.set_words("red car date:someday")
    settle(window)
    save(window, out / f"{look}-error.png")


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


def save(window: MainWindow, target: Path) -> None:
    """Write what the window shows."""
    pause(400)
    if not window.grab().save(str(target)):
        raise OSError(f"{target} cannot be written")
    print(target)


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


def dark_palette() -> QPalette:
    """A dark palette as desktops have it, for machines without a desktop."""
    window, text = QColor("#26282b"), QColor("#e6e6e6")
    palette = QPalette(window)
    roles = QPalette.ColorRole
    for role, color in (
        (roles.Window, window),
        (roles.Base, QColor("#1c1e20")),
        (roles.AlternateBase, QColor("#232528")),
        (roles.WindowText, text),
        (roles.Text, text),
        (roles.ButtonText, text),
        (roles.Button, QColor("#34373b")),
        (roles.ToolTipBase, QColor("#34373b")),
        (roles.ToolTipText, text),
        (roles.Highlight, QColor("#4a90d9")),
        (roles.HighlightedText, QColor("#ffffff")),
        (roles.Link, QColor("#7ab4f0")),
        (roles.PlaceholderText, QColor(230, 230, 230, 130)),
    ):
        palette.setColor(role, color)
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor("#7d8085"))
    return palette


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
