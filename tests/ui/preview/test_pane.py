import io
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPalette, QTextDocument
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from search.errors import MediaError
from search.pieces import Inside, Piece
from search.records import Content, Evidence, File, Hit, Page, Region, TimeSpan, Whole
from ui.backend import Backend
from ui.jobs import Jobs
from ui.pictures import read_picture
from ui.preview.marks import marks
from ui.preview.pane import CHANNEL, Preview


def png(size: tuple[int, int], color: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, "PNG")
    return out.getvalue()


def hit_of(path: Path, **facts: object) -> Hit:
    content = Content("d", "image/jpeg", path.stat().st_size, **facts)  # type: ignore[arg-type]
    return Hit(1, 0.8, File(str(path), "d", content.size, 0, str(path.parent)), content, Whole(), None, ())


def settled(preview: Preview, jobs: Jobs, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not jobs.busy(CHANNEL))


def test_a_picture_is_shown_upright_and_whole(
    preview: Preview, jobs: Jobs, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "turned.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter clockwise
    Image.new("RGB", (300, 100), "red").save(path, exif=exif)
    preview.show_hit(hit_of(path))
    settled(preview, jobs, qtbot)
    assert (preview.picture.pixmap.width(), preview.picture.pixmap.height()) == (100, 300)


def test_what_qt_does_not_turn_is_drawn_by_the_backend(
    preview: Preview, jobs: Jobs, backend: Any, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "turned.png"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (300, 100), "red").save(path, exif=exif)
    backend.page = png((100, 300), "red")
    preview.show_hit(hit_of(path, width=100, height=300))
    settled(preview, jobs, qtbot)
    assert (preview.picture.pixmap.width(), preview.picture.pixmap.height()) == (100, 300)


@pytest.mark.parametrize(
    ("orientation", "expected"),
    [(1, (200, 100)), (3, (200, 100)), (6, (50, 100)), (8, (50, 100)), (5, (50, 100))],
)
def test_scaling_while_decoding_respects_the_orientation(
    tmp_path: Path, orientation: int, expected: tuple[int, int]
) -> None:
    path = tmp_path / "turned.jpg"
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.new("RGB", (400, 200), "red").save(path, exif=exif)
    image = read_picture(path, QSize(200, 100))
    assert (image.width(), image.height()) == expected


def test_pages_of_a_tiff_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "pages.tif"
    Image.new("RGB", (20, 10), "red").save(
        path, save_all=True, append_images=[Image.new("RGB", (20, 10), "blue")]
    )
    assert read_picture(path, QSize(100, 100), page=2).pixelColor(3, 3).name() == "#0000ff"


def test_a_page_of_a_document_is_drawn_by_the_backend(
    preview: Preview, jobs: Jobs, backend: Any, make_hit: Callable[..., Hit], qtbot: QtBot
) -> None:
    backend.page = png((140, 200), "yellow")
    hit = make_hit("a.pdf", media_type="application/pdf", locator=Page(3), pages=9, text="net  income rose")
    preview.show_hit(hit)
    settled(preview, jobs, qtbot)
    assert backend.pages == [(Path(hit.file.path), 3)]
    assert preview.picture.pixmap.width() == 140
    assert "page 3 of 9" in preview.facts.text()
    assert preview.snippet.text() == "net income rose"


def test_what_qt_cannot_read_is_shown_by_its_thumbnail(
    preview: Preview,
    jobs: Jobs,
    make_picture: Callable[..., Path],
    make_hit: Callable[..., Hit],
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    (tmp_path / "photo.heic").write_bytes(b"not for Qt")
    hit = make_hit("photo.heic", media_type="image/heic", thumbnail=make_picture("t.png", (32, 24)))
    preview.show_hit(hit)
    settled(preview, jobs, qtbot)
    qtbot.waitUntil(lambda: preview.picture.pixmap.width() == 32)
    assert preview.note.text() == "Shown from its thumbnail."
    assert preview.note.isVisible()


def test_a_moment_of_a_film_is_drawn_by_the_backend_and_told_with_its_time(
    preview: Preview,
    backend: Any,
    jobs: Jobs,
    qtbot: QtBot,
    make_hit: Callable[..., Hit],
    make_picture: Callable[..., Path],
) -> None:
    backend.page = png((160, 90), "green")
    facts = {"media_type": "video/mp4", "duration_s": 3725.0, "width": 1920, "height": 1080}
    small = make_picture("t.png", (32, 18))
    preview.show_hit(make_hit("a.mp4", locator=TimeSpan(72.4, 74.0), thumbnail=small, **facts))
    settled(preview, jobs, qtbot)
    assert "1920 × 1080 · 1:12 of 1:02:05 · " in preview.facts.text()
    assert [moment for _, moment in backend.moments] == [TimeSpan(72.4, 74.0)]
    assert preview.picture.pixmap.width() == 160
    preview.show_hit(make_hit("a.mp4", thumbnail=small, **facts))
    assert " · 1:02:05 long · " in preview.facts.text()
    settled(preview, jobs, qtbot)
    assert len(backend.moments) == 1
    qtbot.waitUntil(lambda: preview.note.text().startswith("It cannot be played here (Could not open"))


def test_a_file_on_an_absent_drive_is_shown_by_its_thumbnail_and_not_touched(
    preview: Preview,
    jobs: Jobs,
    make_picture: Callable[..., Path],
    make_hit: Callable[..., Hit],
    qtbot: QtBot,
) -> None:
    preview.show_hit(make_hit("a.jpg", present=False, thumbnail=make_picture("t.png", (32, 24))))
    assert not jobs.busy(CHANNEL)
    qtbot.waitUntil(lambda: preview.picture.pixmap.width() == 32)
    assert "not connected" in preview.note.text()


def test_a_file_without_any_picture_says_so(
    preview: Preview, jobs: Jobs, make_hit: Callable[..., Hit], qtbot: QtBot
) -> None:
    preview.show_hit(make_hit("notes.txt", media_type="text/plain"))
    settled(preview, jobs, qtbot)
    assert preview.picture.pixmap.isNull()
    assert not preview.note.isVisible()


def test_a_document_that_cannot_be_drawn_says_why(
    preview: Preview, jobs: Jobs, backend: Any, make_hit: Callable[..., Hit], qtbot: QtBot
) -> None:
    backend.error = MediaError("The PDF is locked.", "Give its password with --password.")
    hit = make_hit("a.pdf", media_type="application/pdf")
    Path(hit.file.path).touch()
    preview.show_hit(hit)
    settled(preview, jobs, qtbot)
    assert preview.note.text() == "The PDF is locked."
    Path(hit.file.path).unlink()
    preview.show_hit(None)
    preview.show_hit(hit)
    settled(preview, jobs, qtbot)
    assert preview.note.text() == "The file is not there any more. Update its folder."


def test_only_the_newest_hit_is_shown(
    preview: Preview,
    jobs: Jobs,
    backend: Any,
    make_hit: Callable[..., Hit],
    make_picture: Callable[..., Path],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gate = threading.Event()

    def slow_page(path: Path, page: int, width: int) -> bytes:
        assert gate.wait(10)
        return png((10, 10), "yellow")

    monkeypatch.setattr(backend, "page_image", slow_page)
    blue = make_picture("blue.png", (30, 20))
    preview.show_hit(make_hit("slow.pdf", media_type="application/pdf"))
    preview.show_hit(hit_of(blue))
    gate.set()
    settled(preview, jobs, qtbot)
    assert preview.picture.pixmap.width() == 30
    assert preview.name.text() == "blue.png"


def test_evidence_is_listed_strongest_first(
    preview: Preview, make_hit: Callable[..., Hit], qtbot: QtBot
) -> None:
    hit = make_hit("a.pdf", media_type="application/pdf", locator=Page(2))
    evidence = (
        Evidence("name", 4, 3.2, Whole(), None, 0.2),
        Evidence("text", 1, 9.1, Page(2), "net income", 0.9),
        Evidence("gait", 2, 0.5, Whole(), None, 0.5),
    )
    preview.show_hit(Hit(1, 0.9, hit.file, hit.content, hit.locator, None, evidence))
    grid = preview.evidence.layout()
    assert grid is not None
    texts = [item.widget().text() for n in range(0, grid.count(), 3) if (item := grid.itemAt(n))]  # type: ignore[union-attr]
    assert texts == ["Words in it, p. 2", "Gait", "Its name"]
    preview.show_hit(hit)
    assert grid.count() == 3


def test_evidence_goes_by_the_parts_of_a_question(preview: Preview, make_hit: Callable[..., Hit]) -> None:
    hit = make_hit("a.pdf", media_type="application/pdf", locator=Page(2))
    long = "the auditor who was chosen by the meeting of the members"
    evidence = (
        Evidence("scene", 1, 0.3, Page(2), None, 0.7, "chart of revenue"),
        Evidence("text", 1, 9.1, Page(3), "Miller, auditor", 0.9, long),
        Evidence("text", 2, 9.1, Page(2), "revenue", 0.8, "chart of revenue"),
        Evidence("name", 4, 3.2, Whole(), None, 0.95),
    )
    preview.show_hit(replace(hit, evidence=evidence))
    grid = preview.evidence.layout()
    assert grid is not None
    told = [item.widget() for n in range(grid.count()) if (item := grid.itemAt(n))]
    assert [
        one.text() for one in told if isinstance(one, QPushButton | QLabel) and "%" not in one.text()
    ] == [
        "“chart of revenue”",
        "Words in it, p. 2",
        "What it shows, p. 2",
        f"“{long}”",
        "Words in it, p. 3",
        "The whole question",
        "Its name",
    ]
    preview.show_hit(hit)
    assert grid.count() == 3


def test_what_a_file_says_is_no_markup(preview: Preview, make_hit: Callable[..., Hit]) -> None:
    hit = make_hit("a.pdf", media_type="text/plain", locator=Page(2))
    said = "<img src=x> <b>bold</b> & more"
    found = Evidence("text", 1, 9.1, Page(2), said, 0.9)
    preview.show_hit(replace(hit, evidence=(found,)))
    grid = preview.evidence.layout()
    item = grid.itemAt(0) if grid is not None else None
    name = item.widget() if item is not None else None
    assert isinstance(name, QPushButton)
    shown = QTextDocument()
    shown.setHtml(name.toolTip())
    assert f"“{said}”" in shown.toPlainText()


def test_nothing_selected_is_said(preview: Preview, make_hit: Callable[..., Hit]) -> None:
    preview.show_hit(make_hit("a.txt", media_type="text/plain"))
    preview.show_hit(None)
    assert preview.picture.pixmap.isNull()
    assert not preview.name.isVisible()


def test_the_fake_keeps_the_contract(backend: Any) -> None:
    real: Backend = backend
    assert real.status().total == 3


def test_the_place_of_a_find_is_framed(preview: Preview, jobs: Jobs, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "sign.png"
    Image.new("RGB", (200, 100), "white").save(path)
    line, block, elsewhere = (0.25, 0.4, 0.75, 0.5), (0.2, 0.3, 0.8, 0.9), (0.1, 0.1, 0.2, 0.2)
    evidence = (
        Evidence("ocr", 1, 3.0, Region(Whole(), line), None, 0.9),
        Evidence("ocr", 2, 2.0, Region(Whole(), block), None, 0.8),
        Evidence("ocr", 3, 1.0, Region(Page(2), elsewhere), None, 0.7),
        Evidence("scene", 4, 0.2, Whole(), None, 0.6),
    )
    preview.show_hit(replace(hit_of(path), locator=Region(Whole(), line), evidence=evidence))
    assert preview.picture.boxes == (line,)
    settled(preview, jobs, qtbot)
    view = preview.picture
    image, spot = view.grab().toImage(), view._spot()
    top = round(spot.top() + 0.4 * spot.height() - 3)
    middle = round(spot.center().x())
    accent = view.palette().color(QPalette.ColorRole.Highlight)
    framed = image.pixelColor(middle, top)
    assert max(abs(framed.red() - accent.red()), abs(framed.blue() - accent.blue())) < 40
    assert image.pixelColor(middle, round(spot.top() + 0.2 * spot.height())).red() > 250
    preview.show_hit(hit_of(path))
    assert preview.picture.boxes == ()


def test_the_best_passages_of_a_page_are_marked_and_not_framed(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").touch()
    best, other, worse, elsewhere = ((0.1, n / 10, 0.9, n / 10 + 0.05) for n in range(1, 5))
    evidence = (
        Evidence("meaning", 1, 0.6, Region(Page(2), best), "Belgium: 11.5", 0.8),
        Evidence("meaning", 2, 0.5, Region(Page(2), other), "Belgium: Brussels", 0.7),
        Evidence("meaning", 3, 0.3, Region(Page(2), worse), "Denmark: 5.8", 0.4),
        Evidence("meaning", 4, 0.6, Region(Page(3), elsewhere), "Belgium", 0.8),
        Evidence("text", 1, 9.0, Page(2), "Belgium", 0.9),
    )
    hit = replace(hit_of(tmp_path / "a.pdf"), locator=Page(2), evidence=evidence)
    word = (0.1, 0.11, 0.2, 0.13)
    found = marks(hit, (), [word])
    assert [mark.box for mark in found if mark.word] == [best, other, word]
    assert [mark for mark in found if not mark.word] == []


def test_what_is_in_a_film_fills_lanes_transcript_and_facts(
    preview: Preview, jobs: Jobs, backend: Any, make_hit: Callable[..., Hit], qtbot: QtBot
) -> None:
    backend.within = Inside(
        (Piece("scene", TimeSpan(0, 4), None, 0.5), Piece("speech", TimeSpan(1, 3), "A boat.", 0.9)),
        people=("Ada",),
    )
    preview.set_query("boat type:video")
    hit = make_hit("a.mp4", media_type="video/mp4", duration_s=4.0, locator=TimeSpan(1, 3))
    preview.show_hit(hit)
    qtbot.waitUntil(lambda: preview.stage.film.lanes.lanes == ("scene", "speech"))
    assert backend.insides == [(Path(hit.file.path), "boat type:video", None)]
    assert preview.details.tabText(1) == "What is said"
    assert "With Ada" in preview.facts.text()
    with qtbot.waitSignal(preview.stage.film.moved):
        preview.details.transcript.sought.emit(2.0)
    assert preview.stage.film.position == 2.0
    preview.show_hit(make_hit("b.jpg"))
    assert preview.details.count() == 1
    assert not preview.stage.film.isVisible()


def test_a_recording_shows_how_loud_it_is(
    preview: Preview, backend: Any, make_hit: Callable[..., Hit], qtbot: QtBot
) -> None:
    before = preview.stage.film.lanes.sizeHint().height()
    backend.wave = (0.1, 0.5)
    preview.show_hit(make_hit("a.ogg", media_type="audio/ogg", duration_s=4.0))
    qtbot.waitUntil(lambda: preview.stage.film.lanes.sizeHint().height() > before)


def test_hurrying_past_asks_nothing(
    preview: Preview, backend: Any, make_hit: Callable[..., Hit], qtbot: QtBot
) -> None:
    for number in range(5):
        preview.show_hit(make_hit(f"{number}.jpg"))
    qtbot.waitUntil(lambda: len(backend.insides) > 0)
    assert [path.name for path, _, _ in backend.insides] == ["4.jpg"]


def test_the_other_file_of_a_pair_is_shown_and_left_again(
    preview: Preview, jobs: Jobs, backend: Any, make_hit: Callable[..., Hit], qtbot: QtBot
) -> None:
    pdf = {"media_type": "application/pdf", "pages": 5}
    hit, other = make_hit("notes.pdf", locator=Page(2), **pdf), make_hit("report.pdf", score=0.1, **pdf)
    backend.page, backend.hits = png((140, 200), "yellow"), (make_hit("x report.pdf"), other)
    here = replace(hit.evidence[0], part="revenue")
    box = (0.1, 0.1, 0.2, 0.2)
    there = Evidence("text", 1, 9.1, Region(Page(4), box), "Miller", 0.9, "auditor", other.file.path)
    preview.show_hit(replace(hit, evidence=(here, there)))
    settled(preview, jobs, qtbot)
    rows = [row for row in preview.evidence.findChildren(QPushButton) if row.isVisibleTo(preview.evidence)]
    assert [row.text().split(", ")[-2:] for row in rows][1] == ["report.pdf", "p. 4"]
    assert all(box != one.box for one in marks(replace(hit, locator=Page(4), evidence=(there,)), ()))

    rows[1].click()
    qtbot.waitUntil(lambda: preview.stage.hit is not None and preview.stage.hit.file == other.file)
    assert preview.stage.hit is not None
    assert preview.stage.hit.locator == Region(Page(4), box)
    assert preview.name.text() == "notes.pdf"
    rows[0].click()
    assert preview.stage.hit.file == hit.file

    backend.hits = ()
    rows[1].click()
    qtbot.waitUntil(lambda: preview.note.text() == "report.pdf is not in the library any more.")
    settled(preview, jobs, qtbot)


def test_pages_are_turned(
    preview: Preview, jobs: Jobs, backend: Any, make_hit: Callable[..., Hit], qtbot: QtBot
) -> None:
    backend.page = png((140, 200), "yellow")
    preview.show_hit(make_hit("a.pdf", media_type="application/pdf", locator=Page(2), pages=3))
    settled(preview, jobs, qtbot)
    qtbot.keyClick(preview, Qt.Key.Key_PageDown)
    settled(preview, jobs, qtbot)
    assert preview.stage.pages.label.text() == "Page 3 of 3"
    qtbot.keyClick(preview, Qt.Key.Key_PageDown)
    preview.evidence.place_wanted.emit(Page(1), None)
    settled(preview, jobs, qtbot)
    assert [page for _, page in backend.pages] == [2, 3, 1]
    qtbot.waitUntil(lambda: [page for _, _, page in backend.insides][-1:] == [1])


def test_keys_ask_for_neighbours_and_for_the_large_view(
    preview: Preview, make_hit: Callable[..., Hit], qtbot: QtBot
) -> None:
    steps: list[int] = []
    large: list[bool] = []
    preview.step_wanted.connect(steps.append)
    preview.large_wanted.connect(large.append)
    preview.show_hit(make_hit("a.jpg"))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_J, Qt.Key.Key_K, Qt.Key.Key_Return):
        qtbot.keyClick(preview.picture, key)
    preview.tools.next.click()
    assert steps == [1, -1, 1, -1, 1]
    preview.set_large(True)
    qtbot.keyClick(preview.picture, Qt.Key.Key_Escape)
    assert large == [True, False]
    preview.show_hit(make_hit("a.mp4", media_type="video/mp4", duration_s=90.0, locator=TimeSpan(10, 20)))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        qtbot.keyClick(preview, key)
    qtbot.keyClick(preview, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(preview, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert preview.stage.film.position == 14.0
    assert steps == [1, -1, 1, -1, 1, 1]


def test_the_menu_asks_what_is_similar(
    preview: Preview, jobs: Jobs, backend: Any, make_picture: Callable[..., Path], qtbot: QtBot
) -> None:
    path = make_picture("a.png", (400, 300))
    backend.within = Inside((Piece("face", Region(Whole(), (0.4, 0.4, 0.6, 0.6)), "Ada"),))
    preview.show_hit(hit_of(path))
    settled(preview, jobs, qtbot)
    qtbot.waitUntil(lambda: preview.picture.mark_at(preview.picture._spot().center()) is not None)
    menu = preview.tools.similar
    preview._fill_menu(menu, preview.picture.mapToGlobal(preview.picture._spot().center().toPoint()))
    texts = [action.text() for action in menu.actions()]
    assert texts == [
        "Find Ada",
        "Find this face",
        "Find what is similar to this picture",
        "Find a part of it: draw a box",
    ]
    with qtbot.waitSignal(preview.asked) as asked:
        menu.actions()[0].trigger()
    assert asked.args == ["person:Ada"]
    menu.actions()[3].trigger()
    assert preview.picture.is_drawing
    qtbot.keyClick(preview.picture, Qt.Key.Key_Escape)
    assert not preview.picture.is_drawing


def test_what_is_said_is_saved(
    preview: Preview, make_hit: Callable[..., Hit], tmp_path: Path, qtbot: QtBot
) -> None:
    preview.show_hit(make_hit("a.mp4", media_type="video/mp4"))
    preview.save_transcript(Path("a.mp4"), "srt", tmp_path / "a.srt")
    qtbot.waitUntil(lambda: preview.note.text() == "Saved as a.srt.")
    assert (tmp_path / "a.srt").read_text() == "srt of a.mp4"
    preview.save_transcript(Path("a.mp4"), "srt", tmp_path / "none" / "a.srt")
    qtbot.waitUntil(lambda: preview.note.text().startswith("a.srt could not be saved: No such file"))


def test_a_film_that_cannot_be_played_shows_its_storyboard_and_says_why(
    preview: Preview,
    jobs: Jobs,
    backend: Any,
    make_hit: Callable[..., Hit],
    make_picture: Callable[..., Path],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", None)
    backend.within = Inside((), storyboard=make_picture("board.png", (160, 90)))
    preview.show_hit(make_hit("a.mp4", media_type="video/mp4", duration_s=3.0))
    qtbot.waitUntil(lambda: preview.note.text().startswith("Films and sounds cannot be played here"))
    qtbot.waitUntil(lambda: preview.picture.pixmap.width() == 160)
    backend.page = png((64, 48), "green")
    preview.stage.film.lanes.sought.emit(2.0)
    qtbot.waitUntil(lambda: preview.picture.pixmap.width() == 64)
    assert backend.moments[-1][1] == TimeSpan(2.0, 2.0)
