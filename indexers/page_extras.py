"""Words on a PDF page that are not in its text: what was filled into a form, and what somebody noted."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from indexers.page_layout import Component
from indexers.page_lines import clean
from search.records import Box

if TYPE_CHECKING:
    import pymupdf

_MOST, _LONGEST = 1_000, 4_000


def extras(page: "pymupdf.Page", text: str) -> list[Component]:
    """Return the values of form fields and the notes of a page whose words are not in `text` yet."""
    found: list[Component] = []
    for said, box in (*_filled_in(page), *_noted(page)):
        words = clean(said[:_LONGEST])
        if words and words not in text and len(found) < _MOST and any(map(str.isalnum, words)):
            found.append(Component("note", words, box))
            text = f"{text}\n{words}"
    return found


def _filled_in(page: "pymupdf.Page") -> Iterator[tuple[str, Box]]:
    """Yield what is written into fields and chosen in lists."""
    import pymupdf

    kinds = (
        pymupdf.PDF_WIDGET_TYPE_TEXT,
        pymupdf.PDF_WIDGET_TYPE_COMBOBOX,
        pymupdf.PDF_WIDGET_TYPE_LISTBOX,
    )
    for field in page.widgets():
        value = field.field_value
        if field.field_type in kinds and value:
            said = value if isinstance(value, str) else " ".join(map(str, value))
            yield said, _box(page, field.rect)


def _noted(page: "pymupdf.Page") -> Iterator[tuple[str, Box]]:
    """Yield what the annotations of a page say."""
    if page.first_annot is None:
        return
    for note in page.annots():
        if said := note.info.get("content"):
            yield said, _box(page, note.rect)


def _box(page: "pymupdf.Page", rect: "pymupdf.Rect") -> Box:
    box = rect * page.rotation_matrix
    return box.x0, box.y0, box.x1, box.y1
