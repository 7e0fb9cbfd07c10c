import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from ui.wrapping import WrappingLayout


@pytest.fixture
def box(qtbot: QtBot) -> QWidget:
    """Four squares of different heights."""
    box = QWidget()
    qtbot.addWidget(box)
    layout = WrappingLayout(box, spacing=10)
    for edge in (20, 40, 30, 50):
        label = QLabel(box)
        label.setFixedSize(50, edge)
        layout.addWidget(label)
    box.show()
    return box


def tops(box: QWidget) -> list[int]:
    return [label.y() for label in box.findChildren(QLabel) if not label.isHidden()]


def test_what_does_not_fit_goes_to_the_next_row(box: QWidget, qtbot: QtBot) -> None:
    layout = box.layout()
    layout.setContentsMargins(0, 0, 0, 0)
    assert layout.heightForWidth(1000) == 50
    assert layout.heightForWidth(110) == 40 + 10 + 50
    assert layout.heightForWidth(10) == 20 + 40 + 30 + 50 + 3 * 10
    box.resize(110, 200)
    qtbot.waitUntil(lambda: tops(box) == [10, 0, 60, 50])


def test_hidden_widgets_take_no_room_and_items_can_be_taken(box: QWidget) -> None:
    layout = box.layout()
    layout.setContentsMargins(0, 0, 0, 0)
    box.findChildren(QLabel)[3].hide()
    assert layout.heightForWidth(1000) == 40
    while layout.takeAt(0) is not None:
        pass
    assert layout.count() == 0
    assert layout.heightForWidth(100) == 0
