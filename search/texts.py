"""What a document says at one of its places, as the library keeps it."""

from search.errors import CrossfindError
from search.store import Library
from search.store.schema import PLACE_COLUMNS
from search.store.sql import quote


def text_at(library: Library, path: str, page: int) -> str:
    """Return the words of a page, slide, sheet, chapter or message (from 1), a line for each paragraph.

    "" when it has none. Raises `CrossfindError` for a file that is not in the library, and `LibraryError`.
    """
    digest = library.digest_at(path)
    if digest is None:
        raise CrossfindError(f"{path} is not in the library.", "Index it first: crossfind index FOLDER")
    rows = library.rows("text", PLACE_COLUMNS, f"digest = {quote(digest)} AND page = {page:d}").to_pylist()
    return "\n".join(row["text"] or "" for row in sorted(rows, key=lambda row: int(row["n"])))
