"""Facts of every kind of file come into the library and follow sidecars; nothing is written to the files."""

import os
from datetime import datetime

import mutagen
import mutagen.id3
import mutagen.mp4
import pymupdf
import pytest
from PIL import Image

from indexers.base import FACTS, Job
from indexers.metadata import INDEXER
from indexers.sound_tags import read_facts
from indexers.xmp import MOST_BYTES
from search.engine import Engine, SearchOptions
from search.records import Content, Failed, Indexed, Moved, Unchanged

PACKET = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
    ' xmp:Rating="{rating}"><dc:subject><rdf:Bag>{items}</rdf:Bag></dc:subject></rdf:Description>'
    "</rdf:RDF></x:xmpmeta>"
)


def packet(*tags: str, rating: int = 0) -> str:
    return PACKET.format(rating=rating, items="".join(f"<rdf:li>{tag}</rdf:li>" for tag in tags))


def facts_of(path, media_type: str) -> Content:
    job = Job(str(path), "d", media_type, 1, 1, "metadata", {FACTS: None})
    part = INDEXER.extract(job)
    assert part.content is not None
    assert (list(part.pieces), part.next) == ([], None)
    return part.content


def test_a_picture_with_a_sidecar_that_knows_better(tmp_path, save_picture) -> None:
    exif = Image.Exif()
    exif[271], exif[272] = "Canon", "EOS 5D"
    exif.get_ifd(0x8769)[36867] = "2024:05:01 12:30:45"
    path = save_picture(tmp_path / "a.jpg", 1, exif=exif, xmp=packet("sea", rating=2).encode())
    assert facts_of(path, "image/jpeg").rating == 2
    (tmp_path / "a.xmp").write_text(packet("Sea", "holiday", rating=5))
    found = facts_of(path, "image/jpeg")
    assert (found.rating, found.tags, found.camera) == (5, ("Sea", "holiday"), "Canon EOS 5D")
    assert found.taken_at == datetime(2024, 5, 1, 12, 30, 45)
    (tmp_path / "a.jpg.xmp").write_text(packet(rating=1))
    assert facts_of(path, "image/jpeg").rating == 1


def test_a_file_that_cannot_be_read_has_its_sidecar(tmp_path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff nothing")
    (tmp_path / "a.jpg.xmp").write_text(packet("lost"))
    assert facts_of(tmp_path / "a.jpg", "image/jpeg").tags == ("lost",)


@pytest.mark.parametrize(
    "data", [b"", b"<x", b"\0" * 1000, b"<x:xmpmeta>" * 100_000, b"\xff" * (MOST_BYTES + 5)]
)
def test_hostile_sidecars_cost_only_themselves(tmp_path, save_picture, data) -> None:
    path = save_picture(tmp_path / "a.jpg", 1)
    (tmp_path / "a.xmp").write_bytes(data)
    assert facts_of(path, "image/jpeg") == Content("d", "image/jpeg", 1)


def test_pdf(tmp_path) -> None:
    facts = {"title": "On bees", "author": "A. Keeper", "keywords": "honey; Wax"}
    with pymupdf.open() as document:
        document.new_page()
        document.set_metadata({**facts, "creationDate": "D:20210203040506+01'00'"})
        document.set_xml_metadata(packet("hive", rating=3))
        document.save(tmp_path / "a.pdf")
    found = facts_of(tmp_path / "a.pdf", "application/pdf")
    assert (found.title, found.words) == ("On bees", "On bees\nA. Keeper\nhoney; Wax")
    assert (found.taken_at, found.rating) == (datetime(2021, 2, 3, 4, 5, 6), 3)
    assert found.tags == ("honey", "Wax", "hive")


@pytest.mark.parametrize("date", ["", "D:", "D:20219901", "nonsense", "D:00000000"])
def test_bad_dates_of_pdfs(tmp_path, date) -> None:
    with pymupdf.open() as document:
        document.new_page()
        document.set_metadata({"creationDate": date})
        document.save(tmp_path / "a.pdf")
    assert facts_of(tmp_path / "a.pdf", "application/pdf").taken_at is None


def test_a_film_says_where_and_with_what_it_was_made(tmp_path, save_film, picture) -> None:
    tags = {
        "com.apple.quicktime.location.ISO6709": "+48.2082+016.3738+171/",
        "com.apple.quicktime.make": "Apple",
        "com.apple.quicktime.model": "iPhone 14 Pro",
        "com.apple.quicktime.creationdate": "2024-05-01T12:30:45+0200",
        "title": "Ring road",
        "genre": "Travel",
    }
    path = save_film(tmp_path / "a.mov", [picture(1)], 1.0, tags=tags)
    found = facts_of(path, "video/quicktime")
    assert (found.latitude, found.longitude) == (48.2082, 16.3738)
    assert (found.camera, found.title, found.tags) == ("Apple iPhone 14 Pro", "Ring road", ("Travel",))
    assert found.taken_at == datetime(2024, 5, 1, 12, 30, 45)


def test_xmp_inside_a_film(tmp_path, save_film, picture) -> None:
    path = save_film(tmp_path / "a.mp4", [picture(1)], 1.0)
    body = bytes.fromhex("BE7ACFCB97A942E89C71999491E3AFAC") + packet("inside", rating=4).encode()
    path.write_bytes(path.read_bytes() + (len(body) + 8).to_bytes(4, "big") + b"uuid" + body)
    found = facts_of(path, "video/mp4")
    assert (found.tags, found.rating) == (("inside",), 4)


def test_tags_of_recordings(tmp_path, save_film) -> None:
    path = save_film(tmp_path / "a.m4a", [], sound=True)
    song = mutagen.mp4.MP4(path)
    song["\xa9nam"], song["\xa9ART"], song["\xa9gen"] = "Kind of Blue", "Miles Davis", "Jazz"
    song["\xa9day"], song["\xa9lyr"] = "1959-08-17", "no words"
    song.save()
    found = facts_of(path, "audio/mp4")
    assert (found.title, found.tags, found.taken_at) == ("Kind of Blue", ("Jazz",), datetime(1959, 8, 17))
    assert {"Miles Davis", "no words"} <= set(found.words.split("\n"))


def test_id3(tmp_path) -> None:
    tags = mutagen.id3.ID3()
    tags.add(mutagen.id3.TIT2(text="Ode"))
    tags.add(mutagen.id3.TPE1(text=["Ada", "Grace"]))
    tags.add(mutagen.id3.TCON(text="(32)"))
    tags.add(mutagen.id3.COMM(lang="eng", text="taped in the kitchen"))
    tags.add(mutagen.id3.USLT(lang="deu", text="Freude, schöner\nGötterfunken"))
    tags.add(mutagen.id3.TDRC(text="1824"))
    tags.add(mutagen.id3.POPM(email="x", rating=196))
    path = tmp_path / "a.mp3"
    path.write_bytes((b"\xff\xfb\x90\x64" + b"\0" * 413) * 8)
    tags.save(path)
    found = read_facts(str(path))
    assert (found.title, found.tags, found.rating) == ("Ode", ("Classical",), 4)
    assert found.taken_at == datetime(1824, 1, 1)
    said = set(found.words.split("\n"))
    assert {"Ada", "Grace", "taped in the kitchen", "Freude, schöner Götterfunken"} <= said


def test_vorbis_comments(tmp_path, media_dir) -> None:
    source = next(iter(sorted((media_dir / "sounds").glob("**/*.flac"))), None)
    if source is None:
        pytest.skip("no FLAC among the test media")
    path = tmp_path / "a.flac"
    path.write_bytes(source.read_bytes())
    file = mutagen.File(path)
    file["TITLE"], file["artist"], file["RATING"], file["genre"] = "Rain", "Nobody", "80", "Field recording"
    file.save()
    found = read_facts(str(path))
    assert (found.title, found.rating, found.tags) == ("Rain", 4, ("Field recording",))


@pytest.mark.parametrize(
    "data", [b"", b"ID3\4\0\0\x7f\x7f\x7f\x7f", b"fLaC\0\0\0\x22" + b"\xff" * 40, b"OggS" * 99]
)
def test_hostile_recordings_say_nothing(tmp_path, data) -> None:
    for ending in ("mp3", "flac", "ogg", "m4a", "wma", "ape"):
        path = tmp_path / f"a.{ending}"
        path.write_bytes(data)
        assert read_facts(str(path)).title is None
        assert facts_of(path, "audio/mpeg").words == ""


def only(run_index, library, path) -> Content:
    digest = library.digest_at(str(path))
    return library.contents([digest])[digest]


def asked(library, query: str) -> list[str]:
    return [hit.file.name for hit in Engine(library).search(query, SearchOptions()).hits]


def test_a_sidecar_is_noticed_changed_and_gone(folder, save_picture, run_index, library) -> None:
    path = save_picture(folder / "a.png", 1)
    save_picture(folder / "b.png", 2)
    run_index(folder)
    before = path.stat(), path.read_bytes()
    encoded = run_index.scene.encoded
    sidecar = folder / "a.xmp"
    sidecar.write_text(packet("Places/Italy", rating=4))
    assert run_index(folder) == [Indexed(str(path), 0), Unchanged(str(folder / "b.png"))]
    assert asked(library, "tag:italy") == asked(library, "rating:>=4") == asked(library, "italy") == ["a.png"]
    assert run_index(folder) == [Unchanged(str(path)), Unchanged(str(folder / "b.png"))]
    sidecar.write_text(packet("Places/France"))
    os.utime(sidecar, ns=(1, 1))
    run_index(folder)
    assert only(run_index, library, path).tags == ("Places/France",)
    assert asked(library, "tag:italy") == []
    sidecar.unlink()
    run_index(folder)
    assert only(run_index, library, path).tags == ()
    assert run_index.scene.encoded == encoded, "no picture was decoded again"
    assert (path.stat(), path.read_bytes()) == before


def test_a_moved_file_takes_its_sidecar_along(folder, save_picture, run_index, library) -> None:
    path = save_picture(folder / "a.png", 1)
    (folder / "a.xmp").write_text(packet("sea"))
    run_index(folder)
    (folder / "sub").mkdir()
    for name in ("a.png", "a.xmp"):
        (folder / name).rename(folder / "sub" / name)
    assert run_index(folder) == [Moved(str(folder / "sub" / "a.png"), str(path))]
    assert asked(library, "tag:sea") == ["a.png"]
    (folder / "sub" / "a.png").rename(folder / "b.png")
    run_index(folder)
    assert asked(library, "tag:sea") == []


def test_only_pictures_brings_their_facts(folder, save_picture, save_pdf, run_index, library) -> None:
    save_picture(folder / "a.jpg", 1, xmp=packet("sea").encode())
    save_pdf(folder / "b.pdf", "words")
    run_index(folder, only=frozenset(("pictures",)))
    assert asked(library, "tag:sea") == ["a.jpg"]
    assert asked(library, "type:pdf") == []


def test_facts_of_a_damaged_picture(folder, run_index, library) -> None:
    (folder / "a.jpg").write_bytes(b"\xff\xd8\xff" + b"\1" * 100)
    (folder / "a.xmp").write_text(packet("lost"))
    (outcome,) = run_index(folder)
    assert isinstance(outcome, Failed)
    assert asked(library, "tag:lost") == ["a.jpg"]


def test_a_locked_pdf_is_read_once_its_password_is_given(folder, save_pdf, run_index, library) -> None:
    options = {"encryption": pymupdf.PDF_ENCRYPT_AES_256, "user_pw": "x", "owner_pw": "y"}
    path = save_pdf(folder / "a.pdf", "words", **options)
    with pymupdf.open(path) as document:
        document.authenticate("y")
        document.set_metadata({"title": "Secret", "keywords": "hidden"})
        document.save(folder / "b.pdf", encryption=pymupdf.PDF_ENCRYPT_KEEP)
    run_index(folder)
    assert asked(library, "tag:hidden") == []
    run_index(folder, passwords=("x",))
    assert asked(library, "tag:hidden") == ["b.pdf"]
