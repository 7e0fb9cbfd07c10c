"""Why PySide6 6.12 is shut out: it lost a reference to True with every signal (docs/decisions/0010)."""

import sys

from PySide6.QtCore import QObject, Signal


class Bell(QObject):
    rung = Signal()


def test_emitting_a_signal_keeps_the_reference_to_true() -> None:
    bell = Bell()
    bell.rung.emit()
    before = sys.getrefcount(True)
    for _ in range(500):
        bell.rung.emit()
    assert sys.getrefcount(True) > before - 100
