import pymupdf
import pytest

from indexers.page_lines import UNREADABLE, joined, lines_of, unreadable

ENGLISH = (
    "The rent is to be paid on the first day of each month and it is lowered when the heating fails. " * 4
)


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        (
            ("an exam-", "ple of well-known", "Two-", "Column text"),
            "an example of well-known Two- Column text",
        ),
        (("soft\u00ad", "ware"), "software"),
        (("縦書きの", "日本語"), "縦書きの日本語"),
        (("ein", "Haus"), "ein Haus"),
        ((), ""),
    ],
)
def test_lines_are_joined_as_they_are_read(lines, whole):
    text, given = joined(lines)
    assert text == whole
    assert sum(given) == len("".join(whole.split()))


@pytest.mark.parametrize(
    ("text", "is_junk"),
    [
        (ENGLISH, False),
        ("Größe: 3 m² – schön ✓", False),
        ("هذه وثيقة عن السلام", False),
        ("三列目の文章", False),
        ("", False),
        ("\ufffd" * 20 + "page", True),
        ("(cid:12)(cid:44)(cid:7)", True),
        ("\ue001\ue002\ue003 a", True),
        (ENGLISH.translate({ord(v): "bcdfgq"[n] for n, v in enumerate("aeiouy")}), True),
    ],
)
def test_fonts_that_do_not_say_what_they_mean(text, is_junk):
    assert (unreadable(text) >= UNREADABLE) is is_junk


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_boxes_are_those_of_the_upright_page(tmp_path, rotation):
    """Text that a person sees upright at the top left of a page, however the page is stored."""
    with pymupdf.open() as document:
        page = document.new_page(width=400, height=600)
        page.set_rotation(rotation)
        at = pymupdf.Point(40, 60) * page.derotation_matrix
        page.insert_text(at, "A pangolin walks", rotate=rotation)
        [line] = lines_of(page).lines
        share = lines_of(page).share(line.box)
        width, height = page.rect.width, page.rect.height
    assert line.across
    assert share[0] == pytest.approx(40 / width, abs=0.01)
    assert share[3] == pytest.approx(60 / height, abs=0.02)
    assert (share[2] - share[0]) * width > 5 * (share[3] - share[1]) * height
