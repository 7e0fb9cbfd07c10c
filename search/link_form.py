"""How links between files are kept: as the text of segments of a space without vectors.

A link stands on a page (`Segment.locator`), and points to `path#page=4`, `path`, or `#page=4` for a page of
the same document. The path is as it was written, with forward slashes, mostly from the folder of the file.
"""

LINKS = "links"

PAGE_SIGN = "#page="

MOST_OF_A_PAGE = 20
"""A place that links to more places of its own document than this is a list of contents."""

MOST_OF_A_CONTENT = 500
"""Targets of a content that are kept."""
