"""Pictures in documents: where they stand, which of them count, and from a file to a hit."""

import base64
import io
import tarfile
from email.message import EmailMessage

import openpyxl
import pytest
from openpyxl.drawing.image import Image as OnSheet
from PIL import Image

from indexers import enclosed, ocr, texts
from indexers.base import Job, LeftOutError, Limits
from indexers.media_types import HEAD_BYTES, sniff
from indexers.page_image import enclosed_image
from indexers.perceptual import PerceptualSpace
from indexers.query_encoder import SpaceEncoder
from search.engine import Engine
from search.errors import MediaError
from search.records import Indexed, Page, Region, Segment, Unchanged
from search.spaces import PictureInput
from search.store.rows import segment_of, segments_table
from search.store.types import SegmentRows
from tests.indexers.writings.making import (
    added,
    book,
    opendocument,
    packed,
    para,
    related,
    shape,
    shown,
    slides,
    word,
)

SQUARE = {"scene": PictureInput(48, 48), "look": None, "phash": None}


@pytest.fixture
def png(picture):
    def made(number, size=(96, 80), form="PNG"):
        file = io.BytesIO()
        picture(number, size).save(file, form)
        return file.getvalue()

    return made


def job(path, **changes) -> Job:
    data = path.read_bytes()
    facts = {"path": str(path), "digest": "d", "media_type": sniff(data[:HEAD_BYTES], path.name)}
    facts |= {"size": len(data), "mtime_ns": 0, "indexer": "enclosed", "spaces": SQUARE}
    return Job(**{**facts, **changes})


def places(part, space="scene"):
    return [(one.locator.number, one.locator.picture) for one in part.pieces if one.space == space]


def saved(path, data):
    path.write_bytes(data)
    return path


def read(path, data, **changes):
    return enclosed.INDEXER.extract(job(saved(path, data), **changes))


def deck(png):
    """Three slides with a logo each; on the second a photo, on the third a bullet and two more."""
    made = slides(shown("r0"), shape("Tides", "title") + shown("r0") + shown("r1", "A pier"), shown("r2"))
    parts = {f"ppt/slides/_rels/slide{n}.xml.rels": related(r0="../media/logo.png") for n in (2, 3)}
    parts["ppt/slides/_rels/slide2.xml.rels"] = related(r0="../media/logo.png", r1="../media/1.png")
    parts["ppt/slides/_rels/slide1.xml.rels"] = related(r2="../media/2.png")
    media = {"logo": png(0), "1": png(1), "2": png(2)}
    return added(made, parts | {f"ppt/media/{name}.png": data for name, data in media.items()})


def test_a_presentation_shows_what_stands_on_its_slides(tmp_path, png):
    part = read(tmp_path / "a.pptx", deck(png))
    assert places(part) == [(1, 1), (2, 1), (3, 1)]  # the logo counts once
    assert [place for place, _ in part.thumbnails] == [Page(1, 1), Page(2, 1), Page(3, 1)]
    assert (part.content, part.next, part.notes) == (None, None, ())


def test_what_a_picture_is_said_to_show_are_words_of_its_slide(tmp_path, png):
    made = job(saved(tmp_path / "a.pptx", deck(png)), spaces={"text": None}, indexer="texts")
    second = next(one.text for one in texts.INDEXER.extract(made).pieces if one.locator == Page(2))
    assert second == "Tides\nA pier"


def test_signs_rules_and_what_is_no_picture_are_left_out(tmp_path, png):
    body = "".join(shown(f"r{n}") for n in range(5)) + para("Words")
    names = {f"r{n}": f"media/{n}.png" for n in range(4)} | {"r4": "media/none.png"}
    media = {0: png(0, (63, 500)), 1: png(1, (40, 40)), 2: b"EMF drawing", 3: png(3)}
    parts = {f"word/media/{n}.png": data for n, data in media.items()}
    part = read(
        tmp_path / "a.docx", added(word(body), parts | {"word/_rels/document.xml.rels": related(**names)})
    )
    assert places(part) == [(1, 1)]


def test_texts_without_pages_say_in_which_part_a_picture_stands(tmp_path, png):
    long = para("The rowing boat lies at the pier of Oban. " * 60)
    body = shown("r1") + 4 * long + shown("r2")
    parts = {"word/_rels/document.xml.rels": related(r1="media/1.png", r2="media/2.png")}
    parts |= {f"word/media/{n}.png": png(n) for n in (1, 2)}
    assert places(read(tmp_path / "a.docx", added(word(body), parts))) == [(1, 1), (2, 1)]


def test_books_pages_sheets_and_opendocument(tmp_path, png):
    chapters = {
        "a.html": "<h1>Sea</h1><p>Calm.<img src='../img/1.png'>",
        "b.html": "<svg><image href='2%20.png'/></svg>",
    }
    epub = added(book(chapters), {"img/1.png": png(1), "OPS/2 .png": png(2)})
    assert places(read(tmp_path / "a.epub", epub)) == [(1, 1), (2, 1)]
    inline = base64.encodebytes(png(3)).decode()
    inner = "<img src='other.png'><img src='data:image/png;base64,??'>"
    page = f"<p>Calm.<img src='data:image/png;base64,{inline}'>{inner}"
    assert places(read(tmp_path / "a.html", page.encode())) == [(1, 1)]
    made = openpyxl.Workbook()
    made.create_sheet("Charts").add_image(OnSheet(io.BytesIO(png(4))), "B2")
    made.save(tmp_path / "a.xlsx")
    assert places(enclosed.INDEXER.extract(job(tmp_path / "a.xlsx"))) == [(2, 1)]
    drawn = '<draw:frame><draw:image xmlns:x="l" x:href="./Pictures/1.png"/></draw:frame>'
    drawn = f"<draw:page/><draw:page>{drawn}</draw:page>"
    odp = added(
        opendocument(f"<office:presentation>{drawn}</office:presentation>", "presentation"),
        {"Pictures/1.png": png(5)},
    )
    assert places(read(tmp_path / "a.odp", odp)) == [(2, 1)]


def mail(png, *numbers, inline=False):
    made = EmailMessage()
    made["From"], made["Subject"] = "Ada <ada@example.org>", f"Photos {numbers}"
    made.set_content("Here they are.")
    for n in numbers:
        made.add_attachment(png(n), "image", "png", filename=None if inline else f"{n}.png")
    return bytes(made)


def test_mail_mailboxes_and_archives(tmp_path, png):
    assert places(read(tmp_path / "a.eml", mail(png, 1, 2))) == [(1, 1), (1, 2)]
    assert places(read(tmp_path / "b.eml", mail(png, 1, inline=True))) == [(1, 1)]
    held = {"notes.txt": "Calm.", "trip/1.png": png(1), "deck.pptx": deck(png), "__MACOSX/._1.png": png(9)}
    part = read(tmp_path / "a.zip", packed(held))
    assert places(part) == [(3, 1), (3, 2), (3, 3)]  # the photo is one of those in the presentation
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for name, data in (("1.png", png(1)), ("calm.txt", b"Calm."), ("2.png", png(2))):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    assert places(read(tmp_path / "a.tar.gz", file.getvalue())) == [(3, 1), (4, 1)]


def every_part(path, **changes):
    start, found = 0, []
    while start is not None:
        part = enclosed.INDEXER.extract(job(path, start=start, **changes))
        found.append(part)
        start = part.next
    return found


def test_many_pictures_come_in_parts(tmp_path, png, monkeypatch):
    monkeypatch.setattr(enclosed.Stretch.__init__, "__defaults__", (2,))
    path = saved(tmp_path / "a.zip", packed({f"{n}.png": png(n) for n in range(5)}))
    parts = every_part(path)
    assert [places(part) for part in parts] == [[(2, 1), (3, 1)], [(4, 1), (5, 1)], [(6, 1)]]
    monkeypatch.setattr(enclosed, "MOST", 3)
    parts = every_part(path)
    assert [place for part in parts for place in places(part)] == [(2, 1), (3, 1), (4, 1)]
    assert parts[-1].notes == ("Only its first 3 pictures are looked at.",)


def test_mailboxes_go_on_in_the_middle_of_a_message(tmp_path, png, monkeypatch):
    monkeypatch.setattr(enclosed.Stretch.__init__, "__defaults__", (2,))
    letters = [mail(png, 0), mail(png, 1, 2, 3), mail(png), mail(png, 1)]
    path = saved(tmp_path / "a.mbox", b"".join(b"From a@b Mon\n" + one + b"\n\n" for one in letters))
    assert [places(part) for part in every_part(path)] == [[(1, 1), (2, 1)], [(2, 2), (2, 3)], [(4, 1)]]
    monkeypatch.setattr(enclosed, "SECONDS_PER_PART", 0.0)  # a part has time for a message at least
    parts = every_part(path)
    assert [place for part in parts for place in places(part)] == [(1, 1), (2, 1), (2, 2), (2, 3), (4, 1)]
    assert len(parts) > 3
    assert places(enclosed.INDEXER.extract(job(path, start=parts[1].next)))[0][0] > 1


def test_a_bomb_is_told_and_costs_nothing_else(tmp_path, png):
    bomb = io.BytesIO()
    Image.new("1", (4000, 4000)).save(bomb, "PNG")
    held = {"1.png": png(1), "2.png": bomb.getvalue(), "3.png": png(3)[:300], "4.png": png(4)}
    part = read(tmp_path / "a.zip", packed(held), limits=Limits(megapixels=1))
    assert places(part) == [(2, 1), (5, 1)]
    assert any("16 megapixels" in note and "--max-megapixels" in note for note in part.notes)
    assert len(part.notes) == 2


def test_a_document_that_is_locked_or_none_is_told(tmp_path):
    with pytest.raises(LeftOutError, match="encrypted"):
        read(tmp_path / "a.odt", opendocument("", manifest="<m><encryption-data/></m>"))
    with pytest.raises(MediaError):
        read(tmp_path / "a.docx", b"PK\3\4 nothing")


def test_a_picture_is_found_again_by_its_place(tmp_path, png, picture):
    path = saved(tmp_path / "a.pptx", deck(png))
    image = enclosed_image(path, Page(2, 1), 500)
    assert image.tobytes() == picture(1, (96, 80)).tobytes()
    assert enclosed_image(path, Page(3, 1), 48).size == (48, 40)
    letters = b"".join(b"From a@b Mon\n" + mail(png, n) + b"\n\n" for n in range(3))
    box = saved(tmp_path / "a.mbox", letters)
    assert enclosed_image(box, Page(3, 1), 500).tobytes() == picture(2, (96, 80)).tobytes()
    with pytest.raises(MediaError, match="not in the document any more"):
        enclosed_image(path, Page(2, 2), 500)
    with pytest.raises(MediaError, match="cannot be read"):
        enclosed_image(tmp_path / "none.pptx", Page(1, 1), 500)


def test_text_in_pictures_of_documents_is_read_where_it_stands(tmp_path, png):
    path = saved(tmp_path / "a.pptx", added(deck(png), {"ppt/media/1.png": png(1, (100, 400))}))
    fit = {"ocr": PictureInput(300, 300, "fit")}
    pieces = ocr.INDEXER.extract(job(path, spaces=fit)).pieces
    assert [one.locator for one in pieces if isinstance(one.locator, Page)] == [Page(1, 1), Page(3, 1)]
    strips = [one.locator for one in pieces if isinstance(one.locator, Region)]
    assert {one.of for one in strips} == {Page(2, 1)}
    assert len(strips) > 1


def test_a_picture_is_kept_by_its_page_and_number(scene):
    places_ = [Page(4), Page(4, 2), Region(Page(7, 1), (0.0, 0.25, 1.0, 0.5))]
    segments = [Segment("d", "scene", n, place) for n, place in enumerate(places_)]
    vectors = scene.encode(["", "", ""])
    rows = segments_table("scene", SegmentRows(scene.fingerprint, segments, vectors))
    assert [segment_of(row, "scene") for row in rows.to_pylist()] == segments


def test_a_picture_on_a_slide_is_found_there_and_agrees_with_its_words(
    run_index, library, folder, png, tmp_path
):
    saved(folder / "a.pptx", deck(png))
    asked = saved(tmp_path / "asked.png", png(1))
    [found] = run_index(folder)
    assert isinstance(found, Indexed)
    engine = Engine(library, [SpaceEncoder(PerceptualSpace())])
    [hit] = engine.search(f'like:@"{asked}"').hits
    assert (hit.locator, hit.file.name) == (Page(2, 1), "a.pptx")
    assert hit.thumbnail is not None
    with Image.open(hit.thumbnail) as thumbnail:
        assert thumbnail.size == (96, 80)
    [both] = engine.search(f'SAME page (like:@"{asked}" text:tides)').hits
    assert both.locator == Page(2, 1)
    assert {one.space for one in both.evidence} == {"phash", "text"}
    assert not engine.search(f'SAME page (like:@"{asked}" text:neap)').hits
    [words] = engine.search("text:tides").hits
    assert words.locator == Page(2)


def test_what_was_left_out_is_told_of_the_file(run_index, folder, png):
    saved(folder / "a.zip", packed({"1.png": png(1), "2.png": png(2)[:200]}))
    [found] = run_index(folder)
    assert isinstance(found, Indexed)
    assert found.reason
    assert "cut off" in found.reason
    [again] = run_index(folder)
    assert isinstance(again, Unchanged)
