"""Documents from end to end: indexed, searched, counted, and shown by their words."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from app.bootstrap import IndexWishes, start_indexing
from app.config import Config
from app.desk import Desk
from app.models import packaged
from search.errors import CrossfindError
from tests.indexers.writings.making import book, packed, para, shape, slides, word


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    head = b"From: Ada <ada@example.com>\nDate: Mon, 1 May 2023 09:30:00 +0200\nSubject: Berth\n\n"
    made = {
        "Lease.docx": word(para("The deposit", "berschrift1") + para("300 euros, paid before May.")),
        "Tides.pptx": slides(shape("Spring", "title") + shape("Highest water"), shape("Neap", "title")),
        "Moon.epub": book({"a.html": "<h1>Moon</h1><p>It pulls.", "b.html": "<p>So does the sun."}),
        "old.zip": packed({"letters/whale.txt": "A whale swam into the bay."}),
        "berth.eml": head + b"It is free.",
        "Brief.txt": "Die Miete für das Ruderboot".encode("cp1252"),
    }
    for name, data in made.items():
        path = tmp_path / "files" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    return tmp_path / "files"


def test_documents_are_found_at_their_places(crossfind: Any, folder: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    code, out, _ = crossfind("index", folder, "-l", library, "--json")
    assert (code, json.loads(out.splitlines()[-1])["summary"]["indexed"]) == (0, 6)
    expected = {
        "text:deposit": ("Lease.docx", 1),
        "neap": ("Tides.pptx", 2),
        '"does the sun"': ("Moon.epub", 2),
        "text:bay": ("old.zip", 2),
        "ada@example.com": ("berth.eml", 1),
        "Ruderboot": ("Brief.txt", 1),
        "type:document date:2023-05-01 berth": ("berth.eml", 1),
    }
    for query, (name, page) in expected.items():
        _, out, _ = crossfind("search", query, "-l", library, "--json", "--no-service")
        hit = json.loads(out)["hits"][0]
        assert (Path(hit["path"]).name, hit["type"]) == (name, "document")
        assert (hit["locator"]["kind"], hit["locator"]["page"]) == ("page", page)
    _, out, _ = crossfind("status", "-l", library, "--json")
    assert json.loads(out)["files"] == {"document": 6}
    _, out, _ = crossfind("search", "neap", "-l", library, "--no-service")
    assert "Tides.pptx, slide 2" in out
    _, out, _ = crossfind("search", "text:deposit", "-l", library, "--no-service")
    assert "Lease.docx  " in out


def test_the_words_of_a_place_come_from_the_library(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(packaged.SWITCH, "off")
    config = Config(library=str(tmp_path / "library"))
    for _ in start_indexing(config, IndexWishes((folder,)), threading.Event()).events:
        pass
    path = folder / "Tides.pptx"
    path.unlink()
    desk = Desk()
    try:
        assert desk.document_text(config, str(path), 1) == "Spring\nHighest water"
        assert desk.document_text(config, str(path), 9) == ""
        with pytest.raises(CrossfindError, match="not in the library"):
            desk.document_text(config, str(folder / "none.txt"), 1)
    finally:
        desk.close()


def test_what_of_a_file_is_left_out_is_told_in_the_run_and_with_the_file(
    crossfind: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(packaged.SWITCH, "off")
    library, path = tmp_path / "library", tmp_path / "files" / "old.zip"
    path.parent.mkdir()
    path.write_bytes(packed({"whale.txt": "A whale swam into the bay.", "lost.docx": b"PK\3\4"}))
    code, out, err = crossfind("index", path.parent, "-l", library)
    assert (code, "1 indexed" in out) == (0, True)
    assert f"not all of it: {path}: lost.docx" in err
    desk = Desk()
    try:
        remarks = desk.inside(Config(library=str(library)), str(path), "", None, None)["remarks"]
    finally:
        desk.close()
    assert len(remarks) == 1
    assert remarks[0].startswith("lost.docx")
    path.write_bytes(path.read_bytes() + b" ")
    _, out, _ = crossfind("index", path.parent, "-l", library, "--json")
    told = json.loads(out.splitlines()[0])
    assert (told["outcome"], told["reason"]) == ("indexed", remarks[0])
