"""The user's own fields by path: imported, searched, exported, forgotten."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
from PIL import Image

from app import cli, own_tables
from indexers import face_regions, xmp
from indexers.facts import Facts
from indexers.xmp_facts import read_facts
from search.errors import CrossfindError
from search.people.records import Anchor, Sighting
from search.records import Whole
from search.store import Library
from search.store.people import PeopleBatch

Written = Callable[[str], str]
composed, decomposed = partial(normalize, "NFC"), partial(normalize, "NFD")

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def crossfind(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Any:
    """Run the real entry point on one library; returns exit code, output, errors."""

    def run(*arguments: object) -> tuple[object, str, str]:
        library = ("--library", tmp_path / "library")
        monkeypatch.setattr("sys.argv", ["crossfind", *map(str, (*arguments, *library))])
        capfd.readouterr()
        with pytest.raises(SystemExit) as stop:
            cli.main()
        return stop.value.code, *capfd.readouterr()

    return run


@pytest.fixture
def folder(tmp_path: Path, crossfind: Any) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    for name, colour in (("a.png", "red"), ("b.png", "blue")):
        Image.new("RGB", (40, 30), colour).save(folder / name)
    crossfind("index", folder, "--only", "metadata")
    return folder


@pytest.fixture
def found(crossfind: Any) -> Any:
    def search(query: str) -> list[str]:
        code, out, told = crossfind("search", "--json", "--no-service", query)
        assert code in (cli.DONE, cli.INCOMPLETE), told
        return sorted(Path(hit["path"]).name for hit in json.loads(out)["hits"])

    return search


def table(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def test_import_search_export_forget(crossfind: Any, found: Any, folder: Path, tmp_path: Path) -> None:
    rows = (
        "path;Title;Rating;Tags;Date;Place;Project;Client\n"
        "files/a.png;Gruß;4;Places/Italy|sea;2001-02-03;Capri, Italy;Apollo 11;NASA\n"
        "nothing.png;x;1;;;;;\n"
        f"{folder / 'b.png'};;nine;;someday;;Gemini;\n"
    )
    code, out, _ = crossfind("metadata", "import", table(tmp_path / "own.csv", rows, "utf-16"))
    assert code == cli.INCOMPLETE
    assert "Imported for 2 files" in out
    assert "1 not in the library: nothing.png" in out
    assert "nine is no rating" in out
    assert "someday is no date" in out
    for query in (
        *(
            "tag:italy",
            "rating:>=4",
            "place:capri",
            "date:2001-02",
            'meta:"project=apollo 11"',
            "meta:client",
        ),
        *("gruss", "nasa", '"Apollo 11"'),
    ):
        assert found(query) == ["a.png"], query
    assert found("meta:project=gemini") == ["b.png"]
    crossfind("index", folder, "--retry")
    assert found("tag:italy") == ["a.png"]
    (folder / "sub").mkdir()
    (folder / "a.png").rename(folder / "sub" / "c.png")
    crossfind("index", folder)
    assert found("meta:client=nasa") == ["c.png"]

    for name in ("out.csv", "out.json"):
        assert crossfind("metadata", "export", tmp_path / name)[0] == cli.DONE
    code, out, _ = crossfind("metadata", "show", folder / "sub" / "c.png")
    assert (code, "Apollo 11" in out, "Gruß" in out) == (cli.DONE, True, True)
    _, out, _ = crossfind("metadata", "forget", folder)
    assert "2 files forgotten" in out
    assert found("meta:project") == found("nasa") == found("rating:4") == []
    for name in ("out.csv", "out.json"):
        crossfind("metadata", "forget", folder)
        assert crossfind("metadata", "import", tmp_path / name)[0] == cli.DONE
        assert found("tag:sea place:italy date:2001 meta:client=nasa rating:4") == ["c.png"]


def test_importing_again_replaces(crossfind: Any, found: Any, folder: Path, tmp_path: Path) -> None:
    crossfind(
        "metadata", "import", table(tmp_path / "1.json", '{"files/a.png": {"project": ["x", "y"], "n": 1}}')
    )
    assert found("meta:project=x meta:project=y meta:n=1") == ["a.png"]
    crossfind("metadata", "import", table(tmp_path / "2.jsonl", '{"path": "files/a.png", "project": "z"}\n'))
    assert found("meta:project=z") == ["a.png"]
    assert found("meta:project=x") == found("meta:n") == []
    code, out, _ = crossfind("metadata", "show", "--json", folder / "a.png")
    assert json.loads(out)["imported"] == {"project": ["z"]}
    assert code == cli.DONE
    assert crossfind("metadata", "show", tmp_path / "none.png")[0] == cli.INCOMPLETE


@pytest.mark.parametrize(("on_disk", "in_table"), [(decomposed, composed), (composed, decomposed)])
def test_accents_are_written_in_two_ways(
    crossfind: Any, found: Any, folder: Path, tmp_path: Path, on_disk: Written, in_table: Written
) -> None:
    (folder / "a.png").rename(folder / on_disk("café.png"))
    crossfind("index", folder, "--only", "metadata")
    rows = in_table("path,project\nfiles/café.png,x\n")
    assert crossfind("metadata", "import", table(tmp_path / "own.csv", rows))[0] == cli.DONE
    assert list(map(composed, found("meta:project=x"))) == [composed("café.png")]


def test_prune_and_doctor_keep_what_is_the_users(
    crossfind: Any, found: Any, folder: Path, tmp_path: Path
) -> None:
    crossfind("metadata", "import", table(tmp_path / "1.csv", "file,p\na.png,x\nb.png,y\n"))
    assert crossfind("prune")[0] == cli.DONE
    assert crossfind("doctor")[0] == cli.DONE
    assert found("meta:p") == ["a.png", "b.png"]
    crossfind("forget", folder / "a.png")
    crossfind("index", folder)
    assert found("meta:p") == ["b.png"]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.csv", b"", "no rows"),
        ("a.csv", b"colour,size\nred,1\n", "no column of paths"),
        ("a.json", b"{", "no JSON"),
        ("a.json", b"[1, 2]", "neither a list of objects"),
        ("a.json", b"[" * 100_000, "no JSON"),
        ("a.csv", b"path,x\n" + b"a" * 11_000_000 + b",1\n", "no table"),
    ],
)
def test_what_is_no_table(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(CrossfindError, match=message):
        list(own_tables.read(tmp_path / name))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_any_csv(tmp_path: Path, encoding: str, sign: str) -> None:
    text = 'SourceFile,Größe,note\na.jpg,12,"two\nlines"\nb.jpg,7\n'.replace(",", sign)
    rows = list(own_tables.read(table(tmp_path / "a.csv", text, encoding)))
    assert rows == [("a.jpg", {"Größe": ["12"], "note": ["two", "lines"]}), ("b.jpg", {"Größe": ["7"]})]


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.glob("*.png")}


def sidecar(path: Path) -> Facts:
    return read_facts(xmp.of_file(path))


def test_sidecars_are_written_only_when_asked_for(
    crossfind: Any, found: Any, folder: Path, tmp_path: Path
) -> None:
    before = state(folder)
    crossfind("metadata", "import", table(tmp_path / "1.csv", "path,tags,rating,title\na.png,x/y;z,4,Ode\n"))
    crossfind("index", folder)
    assert not list(folder.glob("*.xmp"))
    assert "1 sidecar would be written" in crossfind("metadata", "export-xmp", "--dry-run")[1]
    assert not list(folder.glob("*.xmp"))

    assert crossfind("metadata", "export-xmp")[:2] == (cli.DONE, "1 sidecar written\n")
    facts = sidecar(folder / "a.png.xmp")
    assert (facts.tags, facts.rating, facts.title) == (("x/y", "z"), 4, "Ode")
    assert [path.name for path in folder.glob("*.xmp")] == ["a.png.xmp"]
    assert state(folder) == before
    crossfind("index", folder)
    crossfind("metadata", "forget", folder)
    assert found("tag:x/y rating:4") == ["a.png"], "the sidecar says it now"
    assert crossfind("metadata", "export-xmp")[1] == "0 sidecars written\n"


def test_sidecars_of_others_are_kept_or_added_to(crossfind: Any, folder: Path, tmp_path: Path) -> None:
    other = folder / "a.xmp"
    other.write_text(
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description xmlns:q="http://example.org/" q:mine="1"/></rdf:RDF></x:xmpmeta>'
    )
    (folder / "b.png.xmp").write_text("<broken")
    theirs = other.read_bytes()
    crossfind("index", folder)
    crossfind("metadata", "import", table(tmp_path / "1.csv", "path,tags\na.png,x\nb.png,y\n"))
    code, out, _ = crossfind("metadata", "export-xmp", folder)
    assert (code, "0 sidecars written" in out, "2 of other programs kept" in out) == (cli.DONE, True, True)
    assert other.read_bytes() == theirs
    code, out, _ = crossfind("metadata", "export-xmp", folder, "--replace", "--json")
    told = json.loads(out)
    assert (code, told["written"]) == (cli.INCOMPLETE, [str(other)])
    assert "damaged" in told["failed"][0]
    assert (folder / "b.png.xmp").read_text() == "<broken"
    packet = xmp.of_file(other)
    assert (packet.text("q:mine"), packet.texts("dc:subject")) == ("1", ["x"])

    assert crossfind("metadata", "export-xmp", folder / "b.png", "--out", tmp_path / "out")[0] == cli.DONE
    assert sidecar(tmp_path / "out" / "files" / "b.png.xmp").tags == ("y",)
    assert not (tmp_path / "out" / "files" / "a.png.xmp").exists()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_names_of_faces_are_written(crossfind: Any, folder: Path, tmp_path: Path, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = folder / "turned.jpg"
    Image.new("RGB", (40, 30), "green").save(path, exif=exif)
    crossfind("index", path, "--only", "metadata")
    library = Library.open(tmp_path / "library")
    digest = library.digest_at(str(path))
    assert digest is not None
    box = (0.1, 0.2, 0.3, 0.5)
    with library.writer() as writer:
        faces = [Sighting(1, Anchor(digest, Whole(), box), 0, 0.9, 1, 1)]
        writer.write_people(PeopleBatch(faces, names={1: "Ada"}))
    library.close()
    assert "1 sidecar written" in crossfind("metadata", "export-xmp")[1]
    with Image.open(path) as image:
        ((name, read),) = face_regions.of_picture(image, [xmp.of_file(folder / "turned.jpg.xmp")])
    assert (name, read) == ("Ada", pytest.approx(box, abs=1e-5))
