"""What a person's hands do to a window: drop files on it, press keys, drag hits out of it.

Events go where Qt would send them: keys to what has the focus, the mouse to what lies under it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDrag, QDragEnterEvent, QDropEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.main_window import MainWindow

ANSWER_MS = 60_000
"""So long an answer may take: the resident process may have to start and load a model before it."""

Button, Modifier = Qt.MouseButton, Qt.KeyboardModifier
AT = QPoint(300, 300)


def with_files(*paths: Path) -> QMimeData:
    """What a file manager hands over when these files are dragged out of it."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def hold_over(window: QWidget, mime: QMimeData) -> bool:
    """Drag something over a window; tells whether it may be let fall there."""
    enter = QDragEnterEvent(AT, Qt.DropAction.CopyAction, mime, Button.LeftButton, Modifier.NoModifier)
    QApplication.sendEvent(window, enter)
    return enter.isAccepted()


def drop(window: QWidget, mime: QMimeData) -> None:
    """Drag something over a window, which must take it, and let it fall."""
    assert hold_over(window, mime)
    let_go = QDropEvent(QPointF(AT), Qt.DropAction.CopyAction, mime, Button.LeftButton, Modifier.NoModifier)
    QApplication.sendEvent(window, let_go)
    assert let_go.isAccepted()


def key(pressed: Qt.Key, held: Modifier = Modifier.NoModifier) -> None:
    """Press a key; whatever has the focus gets it."""
    focused = QApplication.focusWidget()
    assert focused is not None, "nothing has the focus"
    QTest.keyClick(focused, pressed, held)


def press(view: QAbstractItemView, at: QPoint) -> None:
    """Press the left button of the mouse."""
    _send(view, QEvent.Type.MouseButtonPress, at, Button.LeftButton, Button.LeftButton)


def move(view: QAbstractItemView, at: QPoint, held: Button = Button.LeftButton) -> None:
    """Move the mouse, its left button still pressed unless another is `held`."""
    _send(view, QEvent.Type.MouseMove, at, Button.NoButton, held)


def release(view: QAbstractItemView, at: QPoint) -> None:
    """Let the left button go."""
    _send(view, QEvent.Type.MouseButtonRelease, at, Button.LeftButton, Button.NoButton)


def pull(view: QAbstractItemView, row: int) -> None:
    """Press on a row, move it away far enough to drag it, and let it go."""
    at = view.visualRect(view.model().index(row, 0)).center()
    press(view, at)
    for far in (1, 2, 3):
        move(view, at + far * QPoint(QApplication.startDragDistance() + 1, 0))
    release(view, at)


def carried(monkeypatch: pytest.MonkeyPatch) -> list[list[Path]]:
    """Fills with the files of each drag that begins: the other program's side of it. A real drag would wait
    for a mouse that is not there, so only that is left out."""
    drags: list[list[Path]] = []

    def take(drag: QDrag, *_: object) -> Qt.DropAction:
        drags.append([Path(url.toLocalFile()) for url in drag.mimeData().urls()])
        return Qt.DropAction.CopyAction

    monkeypatch.setattr(QDrag, "exec", take)
    return drags


@contextmanager
def answered(qtbot: QtBot, window: MainWindow) -> Iterator[None]:
    """Wait, after what is done within, until the window shows an answer."""
    with qtbot.waitSignal(window.flow.found, timeout=ANSWER_MS):
        yield


def until(qtbot: QtBot, seen: Callable[[], bool]) -> None:
    """Wait until something is to be seen."""
    qtbot.waitUntil(seen, timeout=ANSWER_MS)


def _send(view: QAbstractItemView, kind: QEvent.Type, at: QPoint, button: Button, held: Button) -> None:
    globally = QPointF(view.viewport().mapToGlobal(at))
    event = QMouseEvent(kind, QPointF(at), globally, button, held, Modifier.NoModifier)
    QApplication.sendEvent(view.viewport(), event)
