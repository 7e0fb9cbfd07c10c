"""`crossfind index --estimate` through the real command, and how it learns how long things take."""

import json
import random
import zipfile
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from PIL import Image
from typer.testing import CliRunner

from app import pace_notes
from app.cli import app
from app.cli_estimate import duration, size


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "files"
    made.mkdir()
    with pymupdf.open() as document:
        for n in range(4):
            document.new_page().insert_text((50, 50), f"words of page {n}")
        document.save(made / "four.pdf")
    for n in range(3):
        Image.new("RGB", (64, 64), (80 * n, 0, 0)).save(made / f"{n}.png")
    return made


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["index", *arguments])


def test_nothing_is_indexed_and_all_is_told(folder: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    shown = run(str(folder), "--library", str(library), "--estimate", "--json")
    assert shown.exit_code == 0, shown.output
    told = json.loads(shown.stdout)
    assert not library.exists()
    assert told["estimate"]["pdf"] | {"bytes": 0} == {
        "files": 1,
        "bytes_read": (folder / "four.pdf").stat().st_size,
        "unit": "pages",
        "units": 4,
        "pictures": 0,
        "looked_into": 1,
        "bytes": 0,
        "looks_bytes": 0,
        "seconds": None,
    }
    assert told["estimate"]["image"]["files"] == 3
    assert told["bytes"] == sum(one["bytes"] for one in told["estimate"].values()) > 10_000
    assert told["seconds"] is None
    person = run(str(folder), "--library", str(library), "--estimate")
    assert "1 PDF (" in person.stdout
    assert "4 pages" in person.stdout
    assert "on disk" in person.stdout
    assert "once a run has read some" in person.stderr


def test_after_a_run_the_time_is_known_and_only_what_is_new_counts(folder: Path, tmp_path: Path) -> None:
    library = str(tmp_path / "library")
    assert run(str(folder), "--library", library, "--json").exit_code == 0
    assert run("--library", library, "--estimate").stdout == "Nothing is new or changed.\n"
    (folder / "more.png").write_bytes((folder / "0.png").read_bytes())
    told = json.loads(run("--library", library, "--estimate", "--json").stdout)
    assert {kind: one["files"] for kind, one in told["estimate"].items()} == {"image": 1}
    assert told["seconds"] == told["estimate"]["image"]["seconds"] >= 0


def test_pictures_in_documents_count(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    noise = random.Random(1).randbytes(3_000)
    with zipfile.ZipFile(folder / "slides.pptx", "w") as package:
        for name in ("ppt/media/1.png", "ppt/media/2.JPEG", "ppt/slides/slide1.xml"):
            package.writestr(name, noise)
        package.writestr("ppt/media/bullet.png", b"small")
    part = b"--Z\nContent-Type: image/png\n\nAAAA\n"
    (folder / "a.eml").write_bytes(b"From: a@b.c\nContent-Type: multipart/mixed; boundary=Z\n\n" + part)
    shown = f"<p><img src='data:image/png;base64,{'A' * 2_000}'><img src='a.png'></p>"
    (folder / "page.html").write_text(shown)
    (folder / "plain.txt").write_text("no picture: data:image/png;base64,AAAA")
    (folder / "broken.docx").write_bytes(b"PK\x03\x04 broken")
    library = str(tmp_path / "library")
    told = json.loads(run(str(folder), "--library", library, "--estimate", "--json").stdout)
    documents = told["estimate"]["document"]
    assert (documents["files"], documents["pictures"], documents["looked_into"]) == (5, 4, 5)
    assert "4 pictures in them" in run(str(folder), "--library", library, "--estimate").stdout
    for name in ("slides.pptx", "a.eml", "page.html"):
        (folder / name).unlink()
    fewer = json.loads(run(str(folder), "--library", library, "--estimate", "--json").stdout)
    per_document = fewer["bytes"] / 2
    assert documents["bytes"] > 5 * per_document + 4 * 9_000


def test_without_a_folder_one_is_asked_for(tmp_path: Path) -> None:
    shown = run("--library", str(tmp_path / "none"), "--estimate")
    assert shown.exit_code != 0


def test_the_pace_of_each_kind_is_told_from_runs_of_several(tmp_path: Path) -> None:
    assert pace_notes.pace(tmp_path) == {}
    each = {"image": 2e-6, "pdf": 5e-6}
    for images, pdfs in ((1_000_000, 100_000), (50_000, 2_000_000), (700_000, 700_000)):
        read = {"image": images, "pdf": pdfs}
        pace_notes.note(tmp_path, read, sum(each[kind] * count for kind, count in read.items()))
    assert pace_notes.pace(tmp_path) == pytest.approx(each, rel=0.02)
    pace_notes.note(tmp_path, {}, 5.0)
    assert pace_notes.pace(tmp_path) == pytest.approx(each, rel=0.02)
    for _ in range(30):
        pace_notes.note(tmp_path, {"image": 100}, 1.0)
    assert pace_notes.pace(tmp_path) == pytest.approx({"image": 0.01})
    (tmp_path / pace_notes.FILE).write_text('[{"read": 3}, "x"]')
    assert pace_notes.pace(tmp_path) == {}


def test_amounts_are_written_as_people_read_them() -> None:
    assert [size(count) for count in (12, 2_500, 31_000_000, 4.2e9)] == [
        "12 bytes",
        "2.5 kB",
        "31 MB",
        "4.2 GB",
    ]
    assert [duration(s) for s in (0.2, 61, 600, 9_000)] == ["1 s", "61 s", "10 min", "2.5 h"]
