"""The picture of a place in a document: its title and its first words on a white page."""

from html import escape

from PIL import Image

from indexers.imaging import thumbnail
from indexers.writings.pieces import Card

WIDTH, HEIGHT, MARGIN = 230, 300, 18
_LONGEST = 1_500
_STYLE = (
    "* {font-family: sans-serif; font-size: 11px; color: #222} h1 {font-size: 15px; margin: 0 0 6px} "
    "p {margin: 0 0 5px}"
)


def drawn(card: Card) -> bytes:
    """Return a small WebP file; every script that MuPDF has letters for can be read."""
    import pymupdf

    shown = "".join(f"<p>{escape(line)}</p>" for line in _first(card.lines))
    title = f"<h1>{escape(card.title)}</h1>" if card.title else ""
    with pymupdf.open() as document:
        page = document.new_page(width=WIDTH, height=HEIGHT)
        room = pymupdf.Rect(MARGIN, MARGIN, WIDTH - MARGIN, 20 * HEIGHT)  # what does not fit is cut off
        page.insert_htmlbox(room, f"{title}{shown or '<p> </p>'}", css=_STYLE, scale_low=1)
        pixels = page.get_pixmap(matrix=pymupdf.Matrix(1.6, 1.6), colorspace=pymupdf.csRGB, alpha=False)
        return thumbnail(Image.frombuffer("RGB", (pixels.width, pixels.height), pixels.samples))


def _first(lines: list[str]) -> list[str]:
    kept: list[str] = []
    for line in lines:
        kept.append(line)
        if sum(map(len, kept)) > _LONGEST:
            break
    return kept
