"""Files as the desktop knows them: open, show in folder, copy, drag. Nothing here changes a file."""

import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, QDir, QMimeData, QProcess, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from ui.wording import readable


def url_of(path: Path) -> QUrl:
    """A file URL that keeps names which are not valid text."""
    return QUrl.fromEncoded(QByteArray(path.absolute().as_uri().encode()))


def mime_of(paths: Sequence[Path]) -> QMimeData:
    """What is dragged out or copied: file URLs for file managers and editors, paths as text for the rest."""
    data = QMimeData()
    urls = [url_of(path) for path in paths]
    data.setUrls(urls)
    data.setText("\n".join(readable(str(path)) for path in paths))
    if sys.platform.startswith("linux"):  # without it GNOME's file manager does not paste
        lines = [b"copy", *(url.toEncoded().data() for url in urls)]
        data.setData("x-special/gnome-copied-files", QByteArray(b"\n".join(lines)))
    return data


def copy_files(paths: Sequence[Path]) -> None:
    """Put files on the clipboard."""
    QGuiApplication.clipboard().setMimeData(mime_of(paths))


def copy_paths(paths: Sequence[Path]) -> None:
    """Put paths on the clipboard as text, one a line."""
    QGuiApplication.clipboard().setText("\n".join(readable(str(path)) for path in paths))


def open_file(path: Path) -> bool:
    """Open with the program the desktop uses for it; False when there is none."""
    return QDesktopServices.openUrl(url_of(path))


def reveal(path: Path) -> bool:
    """Show the file in the file manager, selected where the desktop can do that."""
    command = reveal_command(sys.platform, path)
    if command:
        return bool(QProcess.startDetached(command[0], command[1:])[0])
    if not _reveal_over_dbus(path):
        return open_file(path.parent)
    return True


def reveal_command(platform: str, path: Path) -> list[str]:
    """The command that selects a file in the file manager of `sys.platform`; empty where none does."""
    if platform == "win32":
        return ["explorer.exe", "/select,", QDir.toNativeSeparators(str(path))]
    return ["open", "-R", str(path)] if platform == "darwin" else []


def _reveal_over_dbus(path: Path) -> bool:
    try:
        from PySide6.QtDBus import QDBusConnection, QDBusMessage
    except ImportError:
        return False
    bus = QDBusConnection.sessionBus()
    service = "org.freedesktop.FileManager1"
    if not bus.isConnected():
        return False
    names = bus.interface()
    if service not in {*names.registeredServiceNames().value(), *names.activatableServiceNames().value()}:
        return False
    message = QDBusMessage.createMethodCall(service, "/org/freedesktop/FileManager1", service, "ShowItems")
    message.setArguments([[url_of(path).toString(QUrl.ComponentFormattingOption.FullyEncoded)], ""])
    return bool(bus.send(message))
