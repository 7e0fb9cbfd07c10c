"""What there is to index, told from names, sizes and headers."""

import wave
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from PIL import Image

from indexers import survey as module
from indexers.survey import survey


def a_pdf(path: Path, pages: int) -> None:
    with pymupdf.open() as document:
        for _ in range(pages):
            document.new_page()
        document.save(path)


def a_recording(path: Path, seconds: int) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(2 * 8000 * seconds))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "files"
    (made / "deep").mkdir(parents=True)
    a_pdf(made / "three.pdf", 3)
    a_pdf(made / "deep" / "two.pdf", 2)
    (made / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    a_recording(made / "deep" / "minute.wav", 60)
    (made / "broken.mp3").write_bytes(b"ID3")
    for n in range(3):
        Image.new("RGB", (8, 8)).save(made / f"{n}.png")
    (made / "program.exe").write_bytes(b"MZ")
    return made


def test_files_pages_and_hours_are_counted(folder: Path) -> None:
    found = survey([(str(folder), ())])
    assert {kind: (one.files, one.looked) for kind, one in found.items()} == {
        "pdf": (3, 3),
        "audio": (2, 2),
        "image": (3, 3),
    }
    assert found["pdf"].units == 5
    assert found["audio"].units == pytest.approx(1 / 60)
    assert found["image"].units == 3
    assert found["image"].bytes == sum(file.stat().st_size for file in folder.glob("*.png"))


def test_what_is_left_out_or_known_is_not_counted(folder: Path) -> None:
    assert survey([(str(folder), ("*.pdf", "deep"))]).keys() == {"audio", "image"}
    assert survey([(str(folder), ())], {str(folder / "deep")})["pdf"].units == 3
    assert survey([(str(folder), ())], known=lambda seen: not seen[0].endswith("0.png"))["image"].files == 1
    assert survey([(str(folder / "away"), ())]) == {}
    assert survey([(str(folder / "three.pdf"), ())])["pdf"].units == 3


def test_of_many_only_some_are_opened(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(module, "LOOKED_INTO", 4)
    for n in range(12):
        a_pdf(tmp_path / f"{n}.pdf", 5)
    amount = survey([(str(tmp_path), ())])["pdf"]
    assert (amount.files, amount.looked) == (12, 4)
    assert amount.units == pytest.approx(60, rel=0.05)
