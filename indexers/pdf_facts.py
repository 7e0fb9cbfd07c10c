"""What a PDF says about itself: its information dictionary and its XMP packet."""

import re
from datetime import datetime
from typing import TYPE_CHECKING

from indexers import xmp, xmp_facts
from indexers.facts import BAD_DATA, Facts, clean, joined, one_each

if TYPE_CHECKING:
    import pymupdf

_DATE = re.compile(r"D?:?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?")


def read_facts(document: "pymupdf.Document") -> Facts:
    """Collect it; what is damaged says nothing."""
    said = {key: clean(value) for key, value in (document.metadata or {}).items() if isinstance(value, str)}
    keywords = said.get("keywords", "")
    facts = Facts(
        taken_at=_date(said.get("creationDate", "")),
        title=said.get("title") or None,
        words=joined(said.get(key) for key in ("title", "author", "subject", "keywords")),
        tags=one_each(re.split("[;,]", keywords)),
    )
    return facts.completed(xmp_facts.read_facts(xmp.parse(_packet(document))))


def _packet(document: "pymupdf.Document") -> str:
    from pymupdf.mupdf import FzErrorBase

    try:
        return document.get_xml_metadata() or ""
    except (FzErrorBase, RuntimeError, *BAD_DATA):
        return ""


def _date(text: str) -> datetime | None:
    """Read a PDF date such as `D:20240131120000+01'00'` as local time."""
    found = _DATE.match(text)
    if not found:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        return datetime(year, month or 1, day or 1, hour, minute, second)
    except ValueError:
        return None
