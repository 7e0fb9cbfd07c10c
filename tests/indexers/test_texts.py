"""Documents in a run: pieces, places, what is left out, and what a library does without."""

import gzip
import tracemalloc

import pytest

from indexers import texts
from indexers.base import Job, LeftOutError, Limits
from indexers.document_types import BY_TYPE, described
from indexers.media_types import HEAD_BYTES, by_extension, fits, sniff
from indexers.writings import archive
from indexers.writings import pieces as cutting
from indexers.writings.blocks import MORE, MOST_NOTES, Heading, Paragraph, Place, Row
from indexers.writings.pieces import Pieces
from search.errors import MediaError
from search.records import Failed, Indexed, Page, Skipped, Unchanged, media_kind
from tests.indexers.writings.making import packed, para, word

SPACES = {"text": None, "meaning": None}


def job(path, **changes) -> Job:
    data = path.read_bytes()
    facts = {"path": str(path), "digest": "d", "media_type": sniff(data[:HEAD_BYTES], path.name)}
    return Job(**{**facts, "size": len(data), "mtime_ns": 0, "indexer": "texts", "spaces": SPACES, **changes})


def taken(*blocks, spaces=("text", "meaning"), **given):
    pieces = Pieces(spaces, **given)
    for block in blocks:
        pieces.take(block)
    pieces.end()
    return pieces


def of(space, pieces):
    return [(piece.locator.number, piece.text) for piece in pieces.found if piece.space == space]


LONG = "The rowing boat lies at the pier of Oban and may be hired for a day or a week. " * 4


def test_places_are_numbered_and_passages_lean_to_what_they_stand_under():
    pieces = taken(Place("Fees"), Heading("Deposit"), Paragraph(LONG), Place("Berths"), Paragraph("A12"))
    assert of("text", pieces) == [(1, f"Fees\nDeposit\n{LONG.strip()}"), (2, "Berths\nA12")]
    (meaning,) = [piece for piece in pieces.found if piece.space == "meaning"]
    assert meaning.text == f"Deposit\n{LONG.strip()}"
    assert (meaning.payload, meaning.over) == (meaning.text, "Fees")


def test_a_text_without_places_is_cut_to_pages_between_paragraphs():
    pieces = taken(*(Paragraph(f"{n} {LONG}") for n in range(30)))
    found = of("text", pieces)
    assert [number for number, _ in found] == list(range(1, pieces.number + 1))
    assert "\n".join(text for _, text in found) == "\n".join(f"{n} {LONG}".strip() for n in range(30))
    assert max(len(text) for _, text in found) < cutting.PAGE + 2 * len(LONG)


def test_a_long_place_has_many_pieces_of_one_number():
    pieces = taken(Place("One"), *(Paragraph(LONG) for _ in range(30)))
    assert {number for number, _ in of("text", pieces)} == {1}
    assert len(of("text", pieces)) > 2


def test_rows_are_found_by_their_words_and_mean_what_their_header_says():
    header = ("Ship", "Port")
    rows = [Row(("Petrel", "Oban on the western coast of Scotland"), header) for _ in range(3)]
    pieces = taken(Place(""), Row(header), *rows)
    assert of("text", pieces)[0][1].startswith("Ship | Port\nPetrel | Oban on")
    assert "Ship: Petrel, Port: Oban on" in of("meaning", pieces)[0][1]


def test_every_part_of_a_long_table_begins_with_the_names_of_its_columns():
    header = ("Ship", "Port")
    pieces = taken(Row(header), *(Row((f"Nr {n}", LONG[:70]), header) for n in range(200)))
    found = of("text", pieces)
    assert len(found) == pieces.number > 3
    assert all(text.startswith("Ship | Port\nNr ") for _, text in found)


def test_a_text_that_just_fills_a_part_has_no_empty_one_behind():
    for length in (cutting.PAGE - 1, cutting.PAGE, cutting.PAGE + 1):
        pieces = taken(Paragraph("x" * length))
        assert len({number for number, _ in of("text", pieces)}) == pieces.number


def test_passages_of_an_endless_paragraph_lie_in_their_parts():
    pieces = taken(Paragraph(" ".join(f"{n} {LONG}" for n in range(40))))
    assert {number for number, _ in of("meaning", pieces)} == set(range(1, pieces.number + 1))


def test_large_tables_are_meant_in_part_only(monkeypatch):
    monkeypatch.setattr(cutting, "MOST_ROWS_MEANT", 2)
    rows = [Row((f"Ship number{n}", "Harbour of Oban")) for n in range(10)]
    for begin in ([Place("")], []):
        pieces = taken(*begin, *rows)
        assert "number9" in of("text", pieces)[0][1]
        assert "number1" in str(of("meaning", pieces))
        assert "number9" not in str(of("meaning", pieces))


def test_a_title_that_is_told_twice_is_written_once():
    assert of("text", taken(Place("June"), Heading("June"), Paragraph("Iona"))) == [(1, "June\nIona")]


def test_an_endless_line_is_cut():
    pieces = taken(Paragraph("x" * 50_000))
    assert "".join(text for _, text in of("text", pieces)).replace("\n", "") == "x" * 50_000
    assert max(len(text) for _, text in of("text", pieces)) <= 2 * cutting.PAGE


def test_only_what_is_wanted(write):
    path = write("a.txt", LONG.encode())
    part = texts.INDEXER.extract(job(path, spaces={"text": None}, thumbnails=False))
    assert {piece.space for piece in part.pieces} == {"text"}
    assert part.thumbnails == []
    part = texts.INDEXER.extract(job(path))
    assert {piece.space for piece in part.pieces} == {"text", "meaning"}
    assert (part.content.pages, part.content.kind) == (1, "document")
    ((place, picture),) = part.thumbnails
    assert place == Page(1)
    assert picture[:4] == b"RIFF"


def test_a_mailbox_comes_in_parts(write, monkeypatch):
    monkeypatch.setattr(texts, "SIGNS_PER_PART", 100)
    said = "From ada Mon May  1 09:30:00 2023\nSubject: Nr {}\n\nBody {}\n\n"
    path = write("a.mbox", "".join(said.format(n, LONG) for n in range(7)).encode())
    start, parts = 0, []
    while start is not None:
        parts.append(texts.INDEXER.extract(job(path, start=start)))
        start = parts[-1].next
    assert len(parts) == 7
    assert [part.content.pages if part.content else None for part in parts] == [7, *[None] * 6]
    words = [piece for part in parts for piece in part.pieces if piece.space == "text"]
    assert [piece.locator for piece in words] == [Page(n + 1) for n in range(7)]
    assert [place for part in parts for place, _ in part.thumbnails] == [Page(n + 1) for n in range(7)]


def test_a_large_text_is_left_out_unless_it_is_wanted(write):
    path = write("a.log.txt", b"word " * 300)
    small = Limits(text_mb=0.001)
    for read in (texts.INDEXER.extract, texts.read_facts):
        with pytest.raises(LeftOutError, match="--max-text-mb"):
            read(job(path, limits=small))
    assert texts.INDEXER.extract(job(path)).pieces


def test_what_is_damaged_in_the_middle_is_read_up_to_there(write):
    whole = gzip.compress(b"\n\n".join(f"Nr {n} {LONG}".encode() for n in range(2000)), 0)
    part = texts.INDEXER.extract(job(write("a.docx", word(para("Before") + "<oh"))))
    assert [piece.text for piece in part.pieces] == ["Before", "Before"]
    with pytest.raises(MediaError, match="its XML cannot be read"):
        texts.INDEXER.extract(job(write("d.docx", word("<oh"))))
    with pytest.raises(MediaError, match=r"cannot be read as a compressed archive \(gzip\)"):
        texts.INDEXER.extract(job(write("b.txt.gz", b"\x1f\x8b\x08" + bytes(50))))
    part = texts.INDEXER.extract(job(write("c.txt.gz", whole[:-5000])))
    assert part.content.pages == 1
    assert "Nr 1500" in "".join(piece.text for piece in part.pieces)


def test_time_that_is_up_ends_a_document_where_it_is(write, monkeypatch):
    monkeypatch.setattr(texts, "SECONDS_PER_PART", -1.0)
    part = texts.INDEXER.extract(job(write("a.txt", f"First\n\n{LONG}\n\n{LONG}".encode())))
    assert of("text", replace_found(part)) == [(1, "First")]


def replace_found(part):
    pieces = Pieces(())
    pieces.found = list(part.pieces)
    return pieces


def test_a_document_much_larger_than_what_is_kept_takes_bounded_memory(write, monkeypatch):
    monkeypatch.setattr(cutting, "MOST_SIGNS", 100_000)
    path = write("a.docx", word(para(LONG) * 60_000))
    tracemalloc.start()
    part = texts.INDEXER.extract(job(path, thumbnails=False))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 100_000 <= sum(len(p.text) for p in part.pieces if p.space == "text") < 150_000
    assert peak < 8_000_000


def test_every_type_of_document_has_a_kind_a_name_and_a_reader():
    from indexers.base import load
    from indexers.writings.reading import reader_of

    registry = load()
    for media_type in BY_TYPE:
        assert media_kind(media_type) == "document"
        assert reader_of(media_type) is not None
        assert registry.of_type(media_type)
        assert (described(media_type) or "a ").startswith(("a ", "an ", "plain", "source"))


@pytest.mark.parametrize(
    ("head", "name", "media_type"),
    [
        (
            b"PK\x03\x04" + bytes(22) + b"\x08\0\0\0mimetypeapplication/epub+zipPK",
            "a.zip",
            "application/epub+zip",
        ),
        (b"PK\x03\x04", "a.odt", "application/vnd.oasis.opendocument.text"),
        (b"PK\x03\x04", "a.txt", "application/zip"),
        (b"{\\rtf1", "a.doc", "application/rtf"),
        (b"<html>", "a.txt", "text/html"),
        (b"<html>", "a.md", "text/markdown"),
        (b"a,b", "a.csv", "text/csv"),
        ("Привет".encode(), "a.txt", "text/plain"),
        (b"\xff\xd8\xff", "a.txt", "image/jpeg"),
        (b"%PDF-1.4", "a.docx", "application/pdf"),
        (bytes(257) + b"ustar", "a.tar", "application/x-tar"),
    ],
)
def test_what_a_document_is(head, name, media_type):
    assert sniff(head, name) == media_type


def test_a_download_that_went_wrong_is_no_document():
    assert not fits("text/html", "a.jpg")
    assert not fits("application/zip", "a.pdf")
    assert fits("text/html", "a.txt")
    assert fits("application/pdf", "a.txt")
    assert fits("text/plain", "a")
    assert by_extension("a.ts") != "text/x-source"


def test_a_run_over_documents(run_index, library, write):
    write("a.docx", word(para("The deposit")))
    folder = write("b.txt", b"The sea is calm.").parent
    write("c.jpg", b"<html>not found</html>")
    write("d.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    write("e.docx", b"PK\x03\x04 broken")
    write("f.py", b"import sea")
    write("node_modules/g.md", b"# no")
    found = {outcome.path.rpartition("/")[2]: outcome for outcome in run_index(folder)}
    assert {name: type(one) for name, one in found.items()} == {
        "a.docx": Indexed,
        "b.txt": Indexed,
        "c.jpg": Skipped,
        "d.doc": Skipped,
        "e.docx": Failed,
    }
    assert "not a picture" in found["c.jpg"].reason
    again = {outcome.path.rpartition("/")[2]: outcome for outcome in run_index(folder)}
    assert isinstance(again["a.docx"], Unchanged)
    assert again["d.doc"] == found["d.doc"]
    digest = library.digest_at(str(folder / "a.docx"))
    content = library.contents([digest])[digest]
    assert (content.kind, content.title, content.pages) == ("document", "Lease of a boat", 1)
    assert "Ada Byron" in content.words


def test_source_code_is_read_where_a_library_asks_for_it(run_index, library, write):
    folder = write("f.py", b"import sea").parent
    assert run_index(folder) == []
    assert library.switched_off == {"code"}
    with library.writer() as writer:
        writer.switch_off(())
    assert library.switched_off == frozenset()
    assert [type(one) for one in run_index(folder)] == [Indexed]
    with library.writer() as writer:
        writer.switch_off(("code", "faces"))
    assert library.switched_off == {"code", "faces"}
    (folder / "f.py").write_bytes(b"import harbour")
    assert run_index(folder) == []
    assert library.digest_at(str(folder / "f.py")) is not None


def test_what_is_cut_off_is_told(tmp_path, monkeypatch):
    path = tmp_path / "a.docx"
    path.write_bytes(word("".join(para(f"{n} {LONG}") for n in range(5))))
    assert texts.INDEXER.extract(job(path)).notes == ()
    monkeypatch.setattr(cutting, "MOST_SIGNS", 1000)
    assert texts.INDEXER.extract(job(path)).notes == (texts.LONG,)
    monkeypatch.setattr(texts, "SECONDS_PER_PART", 0.0)
    monkeypatch.setattr(cutting, "MOST_SIGNS", 5_000_000)
    assert texts.INDEXER.extract(job(path)).notes == (texts.LATE,)


def test_what_is_damaged_in_the_middle_is_told(tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes(word(para(LONG) + "</w:body><"))
    part = texts.INDEXER.extract(job(path))
    assert part.notes == (texts.DAMAGED,)
    assert LONG.strip() in (part.pieces[0].text or "")


def test_what_archives_hold_that_is_not_read_is_told(tmp_path, monkeypatch):
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    path = tmp_path / "a.zip"
    path.write_bytes(packed({"a.txt": "Calm.", "b.docx": b"PK\3\4", "c.doc": old, "d.txt": "Calm."}))
    notes = texts.INDEXER.extract(job(path, indexer="archives")).notes
    assert notes[0] == "b.docx: The Word document is damaged: it cannot be unpacked."
    assert notes[1].startswith("c.doc: It is an old Word document, which is not read.")
    assert len(notes) == 2
    monkeypatch.setattr(archive, "MOST_READ", 3)
    monkeypatch.setattr(archive, "LARGEST", 4)
    notes = texts.INDEXER.extract(job(path, indexer="archives")).notes
    assert "Of what lies in it only the first 3 documents are read." in notes
    assert any(note.startswith("a.txt is larger than") for note in notes)


def test_very_many_notes_are_summed_up(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(packed({f"{n}.docx": b"PK\3\4" for n in range(50)}))
    notes = texts.INDEXER.extract(job(path, indexer="archives")).notes
    assert len(notes) == MOST_NOTES
    assert notes[-1] == MORE
