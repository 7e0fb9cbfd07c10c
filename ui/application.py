"""Starts Qt, opens the window, and makes sure that nothing that goes wrong goes unsaid."""

import logging
import signal
import sys
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QSettings, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from ui.backend import Backend
from ui.icons import application_icon
from ui.language import use
from ui.main_window import MainWindow
from ui.settings.looks import language_of

logger = logging.getLogger(__name__)
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
}


def run_window(backend: Backend, settings_file: Path | None = None) -> int:
    """Open the window and return the exit code of the event loop.

    `settings_file` (INI) keeps the window's size and choices; without it Qt chooses the place.
    """
    qInstallMessageHandler(_log_qt_message)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(app, QApplication):
        raise RuntimeError("a Qt application without windows is running already")
    app.setApplicationName("crossfind")
    app.setApplicationDisplayName("Crossfind")
    app.setDesktopFileName("crossfind")
    app.setWindowIcon(application_icon())
    settings = _settings(settings_file)
    use(language_of(settings))
    window = MainWindow(backend, settings)
    _report_faults(window)
    _close_on_interrupt(window)
    window.show()
    return app.exec()


def _settings(file: Path | None) -> QSettings:
    if file is not None:
        return QSettings(str(file), QSettings.Format.IniFormat)
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "crossfind", "window")


def _report_faults(window: MainWindow) -> None:
    """Show exceptions that reach the event loop in the window instead of losing them."""

    def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        logger.error("an unexpected error in the window", exc_info=(kind, error, trace))
        window.fail(error)

    sys.excepthook = report


def _close_on_interrupt(window: MainWindow) -> None:
    """Let Ctrl-C in a terminal close the window in good order."""
    signal.signal(signal.SIGINT, lambda *_: window.close())
    ticking = QTimer(window, interval=250)  # gives Python a chance to see the signal
    ticking.timeout.connect(lambda: None)
    ticking.start()


def _log_qt_message(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    logger.log(_LEVELS.get(kind, logging.ERROR), "Qt: %s", message)
