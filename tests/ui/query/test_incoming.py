from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage

from ui.query.incoming import Folders, GivenFiles, PictureData, Unusable, Words, acceptable, read_mime, way_of


def with_urls(*urls: QUrl) -> QMimeData:
    mime = QMimeData()
    mime.setUrls(list(urls))
    return mime


def test_files_come_in_their_order(tmp_path: Path) -> None:
    paths = [tmp_path / "b c.jpg", tmp_path / "a.pdf"]
    for path in paths:
        path.touch()
    mime = with_urls(*(QUrl.fromLocalFile(str(path)) for path in paths))
    assert acceptable(mime)
    assert read_mime(mime) == GivenFiles(tuple(paths))


def test_a_folder_wins_over_files(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").touch()
    mime = with_urls(QUrl.fromLocalFile(str(tmp_path / "a.jpg")), QUrl.fromLocalFile(str(tmp_path)))
    assert read_mime(mime) == Folders((tmp_path,))


def test_a_file_that_has_gone_is_named(tmp_path: Path) -> None:
    got = read_mime(with_urls(QUrl.fromLocalFile(str(tmp_path / "gone.jpg"))))
    assert got == Unusable("gone.jpg is not there any more.")


def test_a_picture_from_a_web_page_is_used_without_the_network(qapp: object) -> None:
    mime = with_urls(QUrl("https://example.org/a.png"))
    image = QImage(4, 3, QImage.Format.Format_RGB32)
    image.fill(0xFF336699)
    mime.setImageData(image)
    got = read_mime(mime)
    assert isinstance(got, PictureData)
    assert got.image.size() == image.size()


def test_an_address_alone_is_refused_with_the_way_out() -> None:
    got = read_mime(with_urls(QUrl("https://example.org/a.png")))
    assert isinstance(got, Unusable)
    assert "Save the picture" in got.reason


def test_the_address_of_a_picture_as_text_is_refused_and_other_addresses_are_words() -> None:
    mime = QMimeData()
    mime.setText("https://example.org/a.PNG?size=2")
    got = read_mime(mime)
    assert isinstance(got, Unusable)
    assert "never goes online" in got.reason
    mime.setText("https://example.org/a page")
    assert read_mime(mime) == Words("https://example.org/a page")


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("a.JPG", "like"),
        ("a.heic", "like"),
        ("a.pdf", "like"),
        ("a", "like"),
        ("a.mkv", "clip"),
        ("a.mp4", "clip"),
        ("a.OGG", "sound"),
        ("a.flac", "sound"),
    ],
)
def test_the_name_tells_how_a_file_is_searched_by(name: str, how: str) -> None:
    assert way_of(Path(name)) == how


@pytest.mark.parametrize(("text", "words"), [("  two\n words ", "two words"), ("x", "x")])
def test_text_becomes_one_line(text: str, words: str) -> None:
    mime = QMimeData()
    mime.setText(text)
    assert acceptable(mime)
    assert read_mime(mime) == Words(words)


def test_nothing_usable_says_so() -> None:
    mime = QMimeData()
    mime.setData("application/x-thing", b"1")
    assert not acceptable(mime)
    assert isinstance(read_mime(mime), Unusable)
