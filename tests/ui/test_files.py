import os
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication

from ui import files


class Opener(QObject):
    """Takes file URLs instead of the desktop."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[QUrl] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.urls.append(url)


@pytest.mark.parametrize("name", ["a.jpg", "two words #1?.pdf", "ünï “x” 100%.jpg", "日本.png"])
def test_urls_lead_back_to_the_path(tmp_path: Path, name: str) -> None:
    assert Path(files.url_of(tmp_path / name).toLocalFile()) == tmp_path / name


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has file names that are no text")
def test_a_name_that_is_no_text_keeps_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.jpg")
    assert bytes(files.url_of(path).toEncoded().data()).endswith(b"/caf%E9.jpg")
    assert files.mime_of([path]).text().endswith("/caf\ufffd.jpg")


def test_copied_files_can_be_pasted_as_files_and_as_text(tmp_path: Path, qapp: object) -> None:
    files.copy_files([tmp_path / "a b.jpg", tmp_path / "c.pdf"])
    mime = QGuiApplication.clipboard().mimeData()
    assert [Path(url.toLocalFile()).name for url in mime.urls()] == ["a b.jpg", "c.pdf"]
    assert mime.text() == f"{tmp_path / 'a b.jpg'}\n{tmp_path / 'c.pdf'}"
    files.copy_paths([tmp_path / "a b.jpg"])
    assert QGuiApplication.clipboard().text() == str(tmp_path / "a b.jpg")


def test_opening_asks_the_desktop(tmp_path: Path, qapp: object) -> None:
    opener = Opener()
    QDesktopServices.setUrlHandler("file", opener, "take")
    try:
        assert files.open_file(tmp_path / "a b.jpg")
    finally:
        QDesktopServices.unsetUrlHandler("file")
    assert [Path(url.toLocalFile()).name for url in opener.urls] == ["a b.jpg"]


@pytest.mark.parametrize(
    ("platform", "command"),
    [("win32", ["explorer.exe", "/select,"]), ("darwin", ["open", "-R"]), ("linux", [])],
)
def test_each_desktop_has_its_own_way_to_select_a_file(
    platform: str, command: list[str], tmp_path: Path
) -> None:
    made = files.reveal_command(platform, tmp_path / "a b.jpg")
    assert made[:2] == command
    assert not made or Path(made[2]) == tmp_path / "a b.jpg"


@pytest.mark.skipif(sys.platform != "linux", reason="the desktop bus is Linux's")
def test_without_a_desktop_bus_the_folder_is_opened(
    tmp_path: Path, qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_reveal_over_dbus", lambda _: False)
    opener = Opener()
    QDesktopServices.setUrlHandler("file", opener, "take")
    try:
        assert files.reveal(tmp_path / "a.jpg")
    finally:
        QDesktopServices.unsetUrlHandler("file")
    assert [Path(url.toLocalFile()) for url in opener.urls] == [tmp_path]
