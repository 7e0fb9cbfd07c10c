"""PDFs as they come: damaged, turned, filled in, locked, written in other directions; indexed and asked."""

import tracemalloc

import pymupdf
import pytest

from indexers import documents, ocr
from indexers.base import Job
from indexers.documents import INDEXER
from indexers.views import PageFacts
from search.engine import Engine
from search.errors import MediaError
from search.records import Page, Region

SPACES = {"text": None, "meaning": None}
WORDS = "A capybara rests by the river in the afternoon"


def read(path, **changes):
    """The words of every page that has some, by its number."""
    start, found = 0, {}
    while start is not None:
        job = Job(str(path), "d", "application/pdf", 1, 0, "documents", SPACES, False, start=start, **changes)
        part = INDEXER.extract(job)
        found |= {piece.locator.number: piece.text for piece in part.pieces if piece.space == "text"}
        start = part.next
    return found


def made(*pages, **size):
    with pymupdf.open() as document:
        for text in pages:
            document.new_page(**size).insert_text((20, 40), text)
        return document.tobytes()


def objects(*bodies):
    """A PDF of objects that are numbered from 1, the first being its catalogue; without a table of them."""
    numbered = "".join(f"{n} 0 obj{body}endobj\n" for n, body in enumerate(bodies, start=1))
    return f"%PDF-1.5\n{numbered}trailer<</Root 1 0 R>>\n%%EOF".encode()


def save(path, data):
    path.write_bytes(data)
    return path


class TestDamage:
    def test_a_file_cut_short_gives_what_is_left(self, tmp_path):
        data = made(*(f"{WORDS} {n}" for n in range(3)))
        cut = data[: data.rindex(b"endstream")]
        assert read(save(tmp_path / "a.pdf", cut))[1] == f"{WORDS} 0"

    def test_a_wrong_table_of_objects_is_mended(self, tmp_path):
        data = made(WORDS)
        at = data.rindex(b"xref\n0")
        assert read(save(tmp_path / "a.pdf", data[:at] + data[at:].replace(b"00000 n", b"99999 n")))

    def test_garbage_after_the_end(self, tmp_path):
        assert read(save(tmp_path / "a.pdf", made(WORDS) + b"\0garbage" * 5000)) == {1: WORDS}

    @pytest.mark.parametrize("count", [0, -3, 10**9])
    def test_no_pages_at_all(self, tmp_path, count):
        pages = f"<</Type/Pages/Kids[]/Count {count}>>"
        path = save(tmp_path / "a.pdf", objects("<</Type/Catalog/Pages 2 0 R>>", pages))
        with pytest.raises(MediaError, match=r"no pages|none of its pages"):
            read(path)

    def test_a_page_that_is_its_own_parent(self, tmp_path):
        tree = "<</Type/Pages/Kids[2 0 R]/Count 1>>"
        with pytest.raises(MediaError):
            read(save(tmp_path / "a.pdf", objects("<</Type/Catalog/Pages 2 0 R>>", tree)))


class TestLocked:
    def test_it_says_what_to_do(self, folder, run_index):
        with pymupdf.open() as document:
            document.new_page().insert_text((20, 40), WORDS)
            document.save(folder / "a.pdf", encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="öffne")
        [outcome] = run_index(folder)
        assert outcome.reason.startswith(
            "The PDF is encrypted and it needs a password. Give it with --password"
        )
        run_index(folder, passwords=("öffne",))
        [hit] = Engine(run_index.library, []).search("capybara").hits
        assert hit.locator == Page(1)

    def test_one_that_only_forbids_printing_is_read(self, tmp_path):
        with pymupdf.open() as document:
            document.new_page().insert_text((20, 40), WORDS)
            locked = {"encryption": pymupdf.PDF_ENCRYPT_AES_128, "owner_pw": "x", "permissions": 0}
            document.save(tmp_path / "a.pdf", **locked)
        assert read(tmp_path / "a.pdf") == {1: WORDS}


class TestForms:
    @pytest.fixture(params=[True, False], ids=["drawn", "not drawn"])
    def form(self, tmp_path, request):
        with pymupdf.open() as document:
            page = document.new_page()
            for n, (name, value) in enumerate((("Name", "Zebulon Quagmire"), ("Town", "Ouagadougou"))):
                field = pymupdf.Widget()
                field.field_name, field.field_value = name, value
                field.field_type = pymupdf.PDF_WIDGET_TYPE_TEXT
                field.rect = pymupdf.Rect(100, 100 + 40 * n, 300, 120 + 40 * n)
                page.add_widget(field)
            choice = pymupdf.Widget()
            choice.field_name, choice.field_type = "Colour", pymupdf.PDF_WIDGET_TYPE_COMBOBOX
            choice.choice_values, choice.field_value = ["vermilion", "teal"], "vermilion"
            choice.rect = pymupdf.Rect(100, 200, 300, 220)
            page.add_widget(choice)
            for number in range(1, document.xref_length()):
                if not request.param and document.xref_get_key(number, "Subtype")[1] == "/Widget":
                    document.xref_set_key(number, "AP", "null")
            document.save(tmp_path / "form.pdf")
        return tmp_path / "form.pdf"

    def test_what_is_filled_in_are_words(self, form):
        [text] = read(form).values()
        assert sorted(text.splitlines()) == ["Ouagadougou", "Zebulon Quagmire", "vermilion"]
        assert "teal" not in text

    def test_a_real_form(self, media_dir):
        text = read(media_dir / "pdf" / "libreoffice-form.pdf")[1]
        assert text.count("Alice") == 1
        assert "Nationality:" in text


class TestBesideTheText:
    def test_notes_are_words_and_attachments_and_scripts_are_not(self, tmp_path):
        with pymupdf.open() as document:
            page = document.new_page()
            page.insert_text((50, 100), WORDS)
            page.add_text_annot((200, 200), "remember the marzipan")
            marked = page.add_highlight_annot(pymupdf.Rect(50, 85, 120, 105))
            marked.set_info(content="a dubious claim")
            marked.update()
            page.add_freetext_annot(pymupdf.Rect(50, 300, 250, 340), "free turnip text")
            document.embfile_add("a.txt", b"hidden axolotl")
            script = document.get_new_xref()
            document.update_object(script, '<</S/JavaScript/JS(app.alert\\("tapir"\\))>>')
            document.xref_set_key(document.pdf_catalog(), "OpenAction", f"{script} 0 R")
            document.save(tmp_path / "a.pdf")
        [text] = read(tmp_path / "a.pdf").values()
        lines = [WORDS, "free turnip text", "remember the marzipan", "a dubious claim"]
        assert text.splitlines() == lines


class TestDirections:
    @pytest.mark.parametrize("rotation", [0, 90, 180, 270])
    def test_turned_pages(self, tmp_path, rotation):
        with pymupdf.open() as document:
            page = document.new_page(width=300, height=500)
            page.set_rotation(rotation)
            for n, text in enumerate(("first line of a page", "second line of a page")):
                at = pymupdf.Point(30, 50 + 120 * n) * page.derotation_matrix
                page.insert_text(at, text, rotate=rotation)
            document.save(tmp_path / "a.pdf")
        assert read(tmp_path / "a.pdf")[1].splitlines() == ["first line of a page", "second line of a page"]

    def test_hebrew_is_in_the_order_it_is_read(self, tmp_path):
        words = "שלום עולם, זהו מסמך על גמלים במדבר"
        with pymupdf.open() as document:
            box = pymupdf.Rect(50, 50, 500, 300)
            document.new_page().insert_htmlbox(box, f'<p dir="rtl">{words}</p>')
            document.save(tmp_path / "a.pdf")
        assert read(tmp_path / "a.pdf") == {1: words}

    def test_arabic_is_in_the_order_it_is_read(self, media_dir):
        text = read(media_dir / "pdf" / "docling_right_to_left_01.pdf")[1]
        assert "عندما يجتمع التفكير التحليلي مع مهارات البرمجة، يصبح من الممكن" in text

    @pytest.mark.parametrize("font", ["UniJIS-UTF16-V", "UniJIS-UTF16-H"])
    def test_upright_columns_are_read_from_right_to_left(self, tmp_path, font):
        """Once as vertical writing, once each sign by itself below the other."""
        columns = ((500, "縦書きの日本語です"), (470, "二列目の文章となる"), (440, "三列目"))
        shown = ""
        for left, column in columns:
            signs = [column] if font.endswith("V") else list(column)
            for n, some in enumerate(signs):
                text = some.encode("utf-16-be").hex()
                shown += f"BT /F1 14 Tf 1 0 0 1 {left} {700 - 14 * n} Tm <{text}> Tj ET "
        data = objects(
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
            "/Resources<</Font<</F1 5 0 R>>>>>>",
            f"<</Length {len(shown)}>>stream\n{shown}\nendstream",
            f"<</Type/Font/Subtype/Type0/BaseFont/Mincho/Encoding/{font}/DescendantFonts[6 0 R]>>",
            "<</Type/Font/Subtype/CIDFontType0/BaseFont/Mincho/FontDescriptor 7 0 R"
            "/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)/Supplement 6>>>>",
            "<</Type/FontDescriptor/FontName/Mincho/Flags 6/FontBBox[0 -200 1000 900]/ItalicAngle 0"
            "/Ascent 800/Descent -200/CapHeight 700/StemV 80>>",
        )
        text = read(save(tmp_path / "a.pdf", data))[1]
        assert text.splitlines() == [column for _, column in columns]


class TestSizes:
    @pytest.mark.parametrize("size", [(1, 1), (28_346, 700), (28_346, 28_346), (1, 5_000)])
    def test_a_page_of_any_size(self, tmp_path, size):
        width, height = size
        path = save(tmp_path / "a.pdf", made(WORDS, width=width, height=height))
        job = Job(str(path), "d", "application/pdf", 1, 0, "documents", SPACES)
        part = INDEXER.extract(job)
        assert part.content.pages == 1
        assert len(part.thumbnails) == 1
        places = [piece.locator for piece in part.pieces if piece.space == "meaning"]
        assert all(isinstance(one, Region) and max(one.box) <= 1 and min(one.box) >= 0 for one in places)

    def test_a_thousand_pages_come_in_small_parts(self, folder, run_index):
        path = save(folder / "a.pdf", made(*(f"{WORDS} {n}" for n in range(1, 1001))))
        job = Job(str(path), "d", "application/pdf", 1, 0, "documents", SPACES, thumbnails=False)
        tracemalloc.start()
        part = INDEXER.extract(job)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert part.next == documents.PAGES_PER_PART
        assert peak < 4_000_000
        [outcome] = run_index(folder, spaces=[])
        assert outcome.segments == 1000
        [hit] = Engine(run_index.library, []).search('text:"afternoon 1000"').hits
        assert hit.locator == Page(1000)


class TestFontsWithoutNames:
    @pytest.fixture
    def nameless(self, tmp_path):
        """A page in an embedded font that does not say which letter each of its shapes is."""
        with pymupdf.open() as document:
            page = document.new_page()
            page.insert_font(fontname="F0", fontbuffer=pymupdf.Font("helv").buffer)
            page.insert_text((50, 100), WORDS, fontname="F0")
            for number in range(1, document.xref_length()):
                if document.xref_get_key(number, "ToUnicode")[0] != "null":
                    document.xref_set_key(number, "ToUnicode", "null")
            document.save(tmp_path / "a.pdf", garbage=3)
        return tmp_path / "a.pdf"

    def test_they_are_read_from_the_picture(self, nameless):
        assert read(nameless) == {}
        with documents.opened(nameless) as document:
            assert ocr.is_only_picture(PageFacts(document[0]))

    def test_real_ones(self, media_dir):
        for file, is_junk in (("ThuluthFeatures.pdf", True), ("tracemonkey.pdf", False)):
            with documents.opened(media_dir / "pdf" / file) as document:
                assert ocr.is_only_picture(PageFacts(document[0])) is is_junk
