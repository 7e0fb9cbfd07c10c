from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from search.records import Hit, Page
from ui.jobs import Jobs
from ui.results.hit_model import HitModel, HitRole
from ui.thumbnails import Thumbnails


def watched(model: HitModel) -> QAbstractItemModelTester:
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    tester.setUseFetchMore(False)
    return tester


def names(model: HitModel) -> list[str]:
    return [model.index(row).data() for row in range(model.rowCount())]


def test_the_model_keeps_qts_rules_through_resets_and_orders(
    thumbnails: Thumbnails, make_hit: Callable[..., Hit]
) -> None:
    model = HitModel(thumbnails)
    watched(model)
    model.show([make_hit(f"{n}.jpg", score=1 / (n + 1)) for n in range(30)])
    model.arrange("name")
    model.show([])
    model.show([make_hit("a.jpg")])
    assert model.rowCount() == 1
    assert model.rowCount(model.index(0)) == 0


def test_roles_say_what_a_delegate_needs(thumbnails: Thumbnails, make_hit: Callable[..., Hit]) -> None:
    model = HitModel(thumbnails)
    hit = make_hit("report.pdf", media_type="application/pdf", locator=Page(3), score=0.7, present=False)
    model.show([hit])
    index = model.index(0)
    assert index.data() == "report.pdf"
    assert index.data(HitRole.HIT) is hit
    assert index.data(HitRole.BADGE) == "p. 3"
    assert index.data(HitRole.SCORE) == 0.7
    assert index.data(HitRole.PRESENT) is False
    assert index.data(HitRole.THUMBNAIL) is None
    assert (
        index.data(Qt.ItemDataRole.AccessibleTextRole) == "report.pdf, p. 3, score 70%, drive not connected"
    )
    assert index.data(Qt.ItemDataRole.EditRole) is None
    assert model.data(QModelIndex()) is None
    assert {b"hit", b"thumbnail", b"badge", b"score", b"present"} <= {
        bytes(n.data()) for n in model.roleNames().values()
    }


def test_orders(thumbnails: Thumbnails, make_hit: Callable[..., Hit]) -> None:
    model = HitModel(thumbnails)
    model.show(
        [
            make_hit("b.jpg", taken_at=datetime(2020, 1, 1)),
            make_hit("C.jpg", taken_at=datetime(2022, 1, 1)),
            make_hit("a.jpg", taken_at=datetime(2021, 1, 1)),
        ]
    )
    assert names(model) == ["b.jpg", "C.jpg", "a.jpg"]
    model.arrange("date")
    assert names(model) == ["C.jpg", "a.jpg", "b.jpg"]
    model.arrange("name")
    assert names(model) == ["a.jpg", "b.jpg", "C.jpg"]
    model.arrange("relevance")
    assert names(model) == ["b.jpg", "C.jpg", "a.jpg"]


def test_a_thumbnail_that_arrives_changes_one_role_of_the_rows_that_asked(
    thumbnails: Thumbnails, make_hit: Callable[..., Hit], make_picture: Callable[..., Path], qtbot: QtBot
) -> None:
    path = make_picture("t.png")
    model = HitModel(thumbnails)
    model.show(
        [make_hit("a.jpg", thumbnail=path), make_hit("b.jpg"), make_hit("copy of a.jpg", thumbnail=path)]
    )
    changes: list[tuple[int, int, list[int]]] = []
    model.dataChanged.connect(lambda a, b, roles: changes.append((a.row(), b.row(), list(roles))))
    for row in range(3):
        assert model.index(row).data(HitRole.THUMBNAIL) is None
    qtbot.waitUntil(lambda: len(changes) == 2)
    assert sorted(changes) == [(0, 0, [HitRole.THUMBNAIL]), (2, 2, [HitRole.THUMBNAIL])]
    assert isinstance(model.index(0).data(HitRole.THUMBNAIL), QPixmap)


def test_a_damaged_thumbnail_is_no_thumbnail(
    thumbnails: Thumbnails, make_hit: Callable[..., Hit], tmp_path: Path, qtbot: QtBot
) -> None:
    broken = tmp_path / "broken.webp"
    broken.write_bytes(b"no picture")
    model = HitModel(thumbnails)
    model.show([make_hit(thumbnail=broken)])
    with qtbot.waitSignal(thumbnails.loaded):
        model.index(0).data(HitRole.THUMBNAIL)
    assert model.index(0).data(HitRole.THUMBNAIL) is None


def test_the_tooltip_shows_the_snippet_and_takes_nothing_for_markup(
    thumbnails: Thumbnails, make_hit: Callable[..., Hit]
) -> None:
    model = HitModel(thumbnails)
    model.show(
        [make_hit("<b>x</b>.pdf", locator=Page(2), text="net  income\n" + "word " * 100, present=False)]
    )
    tip = model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert "&lt;b&gt;x&lt;/b&gt;.pdf" in tip
    assert "p. 2, 2020-09-13, 12 kB" in tip
    assert "net income word" in tip
    assert tip.endswith("word …")
    assert "drive is not connected" in tip


def test_dragging_gives_each_file_once_as_url_and_as_text(
    thumbnails: Thumbnails, make_hit: Callable[..., Hit], tmp_path: Path
) -> None:
    model = HitModel(thumbnails)
    model.show(
        [make_hit("a b.pdf", locator=Page(1)), make_hit("a b.pdf", locator=Page(2)), make_hit("ü.jpg")]
    )
    mime = model.mimeData([model.index(2), model.index(0), model.index(1)])
    assert [url.toLocalFile() for url in mime.urls()] == [str(tmp_path / "a b.pdf"), str(tmp_path / "ü.jpg")]
    assert mime.text().splitlines() == [str(tmp_path / "a b.pdf"), str(tmp_path / "ü.jpg")]
    assert model.supportedDragActions() == Qt.DropAction.CopyAction
    assert model.flags(model.index(0)) & Qt.ItemFlag.ItemIsDragEnabled
    assert model.flags(QModelIndex()) == Qt.ItemFlag.NoItemFlags


def test_headings_fold_and_unfold_and_the_rest_of_a_file_opens(
    thumbnails: Thumbnails, make_hit: Callable[..., Hit]
) -> None:
    model = HitModel(thumbnails)
    watched(model)
    model.group("file")
    model.show([make_hit("a.pdf", locator=Page(n)) for n in range(1, 9)] + [make_hit("b.jpg")])
    assert names(model) == ["a.pdf"] * 5 + ["4 more in this file", "b.jpg", "b.jpg"]
    assert model.headings() == [0, 6]
    assert model.index(6).data(Qt.ItemDataRole.AccessibleTextRole) == "b.jpg, 1 place, open"
    model.turn(model.index(5))
    assert model.rowCount() == 11
    assert model.headings() == [0, 9]
    model.turn(model.index(0))
    assert names(model) == ["a.pdf", "b.jpg", "b.jpg"]
    assert not model.flags(model.index(0)) & Qt.ItemFlag.ItemIsSelectable
    model.turn(model.index(0))
    assert model.rowCount() == 11
    model.fold_all(True)
    assert names(model) == ["a.pdf", "b.jpg"]
    model.group("none")
    assert model.headings() == []


def test_more_of_the_same_hits_are_added_at_the_end(
    thumbnails: Thumbnails, make_hit: Callable[..., Hit]
) -> None:
    model = HitModel(thumbnails)
    watched(model)
    hits = [make_hit(f"{n}.jpg", score=1 - n / 10) for n in range(6)]
    model.show(hits[:3])
    resets: list[object] = []
    model.modelReset.connect(lambda: resets.append(None))
    assert model.lengthen(hits)
    assert not resets
    assert model.rowCount() == 6
    assert not model.lengthen(hits[::-1])
    model.cut_off(0.75)
    assert (model.rowCount(), model.shown, len(model.found)) == (3, 3, 6)
    assert not model.lengthen([*hits, make_hit("x.jpg")])


def test_thousands_are_put_in_order_in_the_background(
    thumbnails: Thumbnails, make_hit: Callable[..., Hit], qtbot: QtBot
) -> None:
    jobs = Jobs()
    model = HitModel(thumbnails, jobs=jobs)
    hits = [make_hit(f"{n:04}.jpg") for n in reversed(range(6000))]
    model.show(hits)
    assert model.rowCount() == 0
    qtbot.waitUntil(lambda: model.rowCount() == 6000)
    model.arrange("name")
    qtbot.waitUntil(lambda: model.index(1).data() == "0001.jpg")
    jobs.shutdown()
