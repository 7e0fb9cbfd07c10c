"""Documents that are not read, and what a person can do about that."""

from collections.abc import Mapping
from typing import NoReturn

from indexers.base import LeftOutError
from indexers.document_types import described
from indexers.writings.blocks import Source

_INSTEAD: Mapping[str, str] = {
    "application/msword": "Save it as .docx, with Word or LibreOffice.",
    "application/vnd.ms-excel": "Save it as .xlsx, with Excel or LibreOffice.",
    "application/vnd.ms-excel.sheet.binary": "Save it as .xlsx, with Excel or LibreOffice.",
    "application/vnd.ms-powerpoint": "Save it as .pptx, with PowerPoint or LibreOffice.",
    "application/vnd.apple.pages": "Export it as PDF or Word, with Pages.",
    "application/vnd.apple.numbers": "Export it as Excel, with Numbers.",
    "application/vnd.apple.keynote": "Export it as PDF or PowerPoint, with Keynote.",
    "application/x-7z-compressed": "Unpack it, or pack it as .zip.",
    "application/vnd.rar": "Unpack it, or pack it as .zip.",
}
REFUSED = frozenset(_INSTEAD)


def refused(source: Source) -> NoReturn:
    """Say why a document is left out, and what helps. Raises `LeftOutError`, always."""
    what = described(source.media_type) or "a document"
    raise LeftOutError(f"It is {what}, which is not read.", _INSTEAD.get(source.media_type))
