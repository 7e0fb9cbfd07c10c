"""How long the window's results take with many hits, beside Qt's own list view over plain strings.

    python -m benchmarks.grid [--hits 100000] [--out FOLDER]

Both views are 1,100 by 700 pixels, without a screen. Times are wall clock of the GUI thread, the median of
a few runs: showing new hits until they are painted, resizing by a little, going to the end, selecting all.
Then what the results do besides: putting hits in order and under headings, counting what they have in common,
and their way through the pipe as JSON.
"""

import argparse
import json
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, QStringListModel
from PySide6.QtWidgets import QApplication, QListView

from benchmarks.common import median_ms, table
from search.facets import facets
from search.output import from_json, to_json
from search.records import Content, Evidence, File, Hit, SearchResult, Whole
from ui.results.grid import Results
from ui.results.grouping import Arrangement, Grouping, Order, arranged
from ui.results.hit_model import HitModel
from ui.thumbnails import Thumbnails

SIZE = QSize(1100, 700)


def made_hits(count: int) -> list[Hit]:
    """Hits in 200 folders over some years, one in nine a PDF."""
    day = datetime(2015, 1, 1)
    return [_hit(n, count, day + timedelta(hours=n % 90_000)) for n in range(count)]


def _hit(n: int, count: int, taken: datetime) -> Hit:
    path = f"/pictures/{n % 200:03}/IMG_{n * 7919 % count:06}.jpg"
    media_type = "application/pdf" if n % 9 == 0 else "image/jpeg"
    evidence = (Evidence("scene", n + 1, 0.3, Whole(), None, 0.5),)
    content = Content(
        f"{n:064x}", media_type, 2_000_000, 4000, 3000, taken_at=taken, camera=f"Camera {n % 7}"
    )
    return Hit(
        n + 1,
        1 - n / count,
        File(path, content.digest, 2_000_000, n, "/pictures"),
        content,
        Whole(),
        None,
        evidence,
    )


def plain_view(count: int) -> tuple[QListView, Callable[[], None]]:
    """Qt's list view as it comes, in icon mode with a grid, over strings."""
    model = QStringListModel()
    view = QListView()
    view.setModel(model)
    view.setViewMode(QListView.ViewMode.IconMode)
    view.setMovement(QListView.Movement.Static)
    view.setResizeMode(QListView.ResizeMode.Adjust)
    view.setUniformItemSizes(True)
    view.setGridSize(QSize(176, 208))
    view.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
    names = [f"IMG_{n:06}.jpg" for n in range(count)]
    return view, lambda: model.setStringList(names)


def timed(app: QApplication, view: QListView, fill: Callable[[], None], repeats: int) -> list[float]:
    """Milliseconds for showing, resizing, going to the end, selecting everything."""
    view.resize(SIZE)
    view.show()
    widths = iter(range(1000))

    def settle() -> None:
        view.executeDelayedItemsLayout()
        app.processEvents()
        view.viewport().repaint()

    def show() -> None:
        fill()
        settle()

    def resize() -> None:
        view.resize(SIZE.width() - 300 + 5 * next(widths), SIZE.height())
        settle()

    def to_end() -> None:
        view.verticalScrollBar().setValue(0)
        view.scrollTo(view.model().index(view.model().rowCount() - 1, 0))
        settle()

    def select() -> None:
        view.clearSelection()
        view.selectAll()
        settle()

    return [median_ms(work, repeats, 1) for work in (show, resize, to_end, select)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--hits", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--out", type=Path, help="a folder for a picture of the results")
    chosen = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    hits = made_hits(chosen.hits)
    thumbnails = Thumbnails()
    model = HitModel(thumbnails)
    ours = Results(model)
    plain, fill = plain_view(chosen.hits)
    columns = [
        timed(app, plain, fill, chosen.repeats),
        timed(app, ours, lambda: model.show(hits), chosen.repeats),
    ]
    model.group("folder")
    columns.append(timed(app, ours, lambda: model.show(hits), chosen.repeats))
    model.group("none")
    ours.show_table(True)
    columns.append(timed(app, ours, lambda: model.show(hits), chosen.repeats))
    if chosen.out:
        ours.grab().save(str(chosen.out / "grid.png"))
    names = ("show", "resize", "go to the end", "select all")
    print(f"{chosen.hits:,} hits, milliseconds")
    table(
        ["", "QListView over strings (baseline)", "tiles", "tiles by folder", "table"],
        [[name, *(column[n] for column in columns)] for n, name in enumerate(names)],
    )
    print()
    table(["besides, off the GUI thread above 4,000", "ms"], besides(hits, chosen.repeats))
    thumbnails.shutdown()


def besides(hits: list[Hit], repeats: int) -> list[tuple[str, float]]:
    """What else is done with hits, and how long it takes."""
    orders: tuple[Order, ...] = ("date", "name", "folder", "kind")
    groupings: tuple[Grouping, ...] = ("file", "day", "folder", "person")
    wanted = {f"order by {order}": Arrangement(order) for order in orders}
    wanted |= {f"group by {by}": Arrangement(grouping=by) for by in groupings}
    rows = [(name, median_ms(partial(arranged, hits, one), repeats, 1)) for name, one in wanted.items()]
    result = SearchResult("x", 1.0, tuple(hits))
    written = json.dumps(to_json(result))
    rows.append(("facets", median_ms(lambda: facets(hits), repeats, 1)))
    rows.append(("to JSON", median_ms(lambda: json.dumps(to_json(result)), 1, 0)))
    rows.append(
        (f"from JSON ({len(written) / 1e6:.0f} MB)", median_ms(lambda: from_json(json.loads(written)), 1, 0))
    )
    return rows


if __name__ == "__main__":
    main()
