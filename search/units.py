"""What the numbered places of a file are called: pages, slides, sheets, chapters, messages."""

from search.records import media_kind

_UNITS = (
    ("presentation", "slide"),
    ("spreadsheet", "sheet"),
    ("epub", "chapter"),
    ("mbox", "message"),
    ("zip", "member"),
    ("x-tar", "member"),
    ("application/x-bzip2", "member"),
    ("application/x-xz", "member"),
)


def unit_of(media_type: str) -> str:
    """Return the word for one place of a file of this MIME type; texts without pages are cut to parts."""
    if media_kind(media_type) != "document":
        return "page"
    return next((unit for sign, unit in _UNITS if sign in media_type), "part")
