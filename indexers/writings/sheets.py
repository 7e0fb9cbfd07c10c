"""Excel workbooks: each sheet, row by row, then its pictures. What formulas came to is read, neither they nor
macros."""

import datetime as dt
import re
import warnings
from collections.abc import Iterator
from typing import Any

from indexers.link_targets import target_of
from indexers.writings.blocks import Block, Link, Picture, Place, Source
from indexers.writings.columns import headed
from indexers.writings.drawings import Drawings
from indexers.writings.package import Package
from indexers.writings.properties import of_package
from search.errors import MediaError

WHAT = "Excel workbook"
_SAYS_NOTHING = re.compile(r"(?i)(sheet|tabelle|feuil|hoja|foglio|blad|лист|工作表)\s*\d*")
_HEAD = 4096


def sheets(source: Source) -> Iterator[Block]:
    """Read a workbook; every sheet is a place."""
    package = Package(source.file, WHAT)
    main = next(iter(package.names("xl/workbook", ".xml")), "")
    if not main:
        raise MediaError("The file is a ZIP archive, not an Excel workbook as its name says.")
    yield of_package(package, "docProps/core.xml")
    for name in package.names("xl/", ".xml"):
        with package.open(name) as part:  # too large, locked or a trap?
            if b"<!DOCTYPE" in part.read(_HEAD):
                raise MediaError(
                    "The Excel workbook declares an XML document type, which could point to other files."
                )
    import openpyxl

    parts = _parts(package, main)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(source.file, read_only=True, data_only=True, keep_links=False)
        try:
            for sheet in book.worksheets:
                yield Place(sheet_title(sheet.title))
                sheet.reset_dimensions()
                yield from headed([_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True))
                if beside := parts.get(sheet.title):
                    yield from _beside(package, beside)
        finally:
            book.close()


def sheet_title(title: str) -> str:
    """Return what a sheet is called, "" when that says nothing."""
    return "" if _SAYS_NOTHING.fullmatch(title.strip()) else title.strip()


def _parts(package: Package, main: str) -> dict[str, str]:
    """Return which part of the package holds the sheet of a title."""
    targets = package.targets(main)
    sheets = (one.attributes for one in package.events(main) if one.name == "sheet" and one.attributes)
    return {one.get("name", ""): targets.get(one.get("id", ""), ("", ""))[1] for one in sheets}


def _beside(package: Package, sheet: str) -> Iterator[Picture | Link]:
    """Yield what a sheet links to, and its pictures."""
    yield from (Link(target) for one in package.outside(sheet).values() if (target := target_of(one)))
    for kind, drawing in package.targets(sheet).values():
        if kind == "drawing" and drawing in package:
            drawings = Drawings(package, drawing)
            for event in package.events(drawing):
                yield from drawings.take(event)


def _text(value: Any) -> str:
    """Write a cell as it may be searched: dates as 2024-05-01, numbers without needless digits."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return f"{value:.12g}"
        case dt.datetime() if value.time() == dt.time():
            return value.date().isoformat()
        case dt.datetime():
            return value.isoformat(" ", "minutes")
        case _:
            return str(value)
