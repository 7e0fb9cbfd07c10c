"""The words of a document in the preview."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from search.errors import CrossfindError
from search.records import Page
from ui.preview.text_view import TextView

TEXT = "The harbour\n" + 200 * "Calm all day.\n" + "The berth costs 300 euros.\n" + 200 * "More.\n"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SLIDES = "application/vnd.oasis.opendocument.presentation"


def test_found_words_are_marked_and_the_passage_is_in_sight(qtbot):
    view = TextView()
    qtbot.addWidget(view)
    view.resize(300, 200)
    view.show()
    view.show_text(TEXT, ("berth", "300 euros"), "… The berth costs 300 euros. More")
    assert view.marked == ["berth", "300", "euros"]
    assert view.toPlainText()[view.textCursor().position() :].startswith("berth costs")
    assert view.verticalScrollBar().value() > 100
    view.show_text(TEXT, ("berth",))
    assert view.toPlainText()[view.textCursor().position() :].startswith("berth costs")
    view.show_text(TEXT, (), "The berth costs")
    assert view.toPlainText()[view.textCursor().position() :].startswith("The berth costs")
    view.show_text("<img src='http://example.com/x.png'>", ("nothing",))
    assert (view.toPlainText(), view.marked) == ("<img src='http://example.com/x.png'>", [])
    assert view.textCursor().position() == 0


def test_a_document_is_shown_by_its_words_and_turned(preview, backend, make_hit, qtbot):
    backend.texts = {2: "Spring tides", 3: "Neap tides"}
    preview.set_query("tides")
    preview.show_hit(make_hit("a.odp", media_type=SLIDES, locator=Page(2), pages=3))
    qtbot.waitUntil(lambda: preview.stage.views.currentWidget() is preview.stage.text)
    assert preview.stage.text.toPlainText() == "Spring tides"
    assert preview.stage.text.marked == ["tides"]
    assert preview.stage.pages.label.text() == "Slide 2 of 3"
    qtbot.mouseClick(preview.stage.pages.after, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: preview.stage.text.toPlainText() == "Neap tides")
    assert "slide 2 of 3" in preview.facts.text()
    preview.show_hit(make_hit("b.jpg"))
    assert preview.stage.views.currentWidget() is preview.stage.picture
    qtbot.waitUntil(lambda: not preview._jobs.busy("preview"))


def test_a_document_whose_drive_is_away_is_read_from_the_library(preview, backend, make_hit, qtbot):
    backend.texts = {1: "Kept words"}
    preview.show_hit(make_hit("a.docx", media_type=DOCX, locator=Page(1), pages=1, present=False))
    qtbot.waitUntil(lambda: preview.stage.text.toPlainText() == "Kept words")
    assert not preview.stage.pages.isVisible()
    assert "part" not in preview.facts.text()


def test_what_cannot_be_read_is_said(preview, backend, make_hit, qtbot, monkeypatch):
    def fail(*_: object) -> str:
        raise CrossfindError("It is not in the library.")

    monkeypatch.setattr(backend, "document_text", fail)
    preview.show_hit(make_hit("a.docx", media_type=DOCX))
    qtbot.waitUntil(lambda: preview.note.text() == "It is not in the library.")
    assert isinstance(preview.grab().toImage(), QImage)


def test_a_picture_in_a_document_is_shown_and_the_words_beside_it(preview, backend, make_hit, qtbot):
    backend.texts = {2: "Spring tides"}
    hit = make_hit("a.odp", media_type=SLIDES, locator=Page(2, 3), pages=3)
    preview.show_hit(hit)
    qtbot.waitUntil(lambda: bool(backend.enclosed) and not preview._jobs.busy("preview"))
    assert backend.enclosed[0][1:] == (2, 3)
    assert preview.stage.views.currentWidget() is preview.stage.picture
    assert "slide 2 of 3 · picture 3" in preview.facts.text()
    preview.stage.go_to(Page(2))
    qtbot.waitUntil(lambda: preview.stage.views.currentWidget() is preview.stage.text)
    assert preview.stage.text.toPlainText() == "Spring tides"
    preview.stage.go_to(Page(2, 1))
    qtbot.waitUntil(lambda: len(backend.enclosed) == 2)
    assert preview.stage.views.currentWidget() is preview.stage.picture
    qtbot.waitUntil(lambda: not preview._jobs.busy("preview"))
