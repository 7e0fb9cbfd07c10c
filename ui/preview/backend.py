"""What the preview asks of the program beyond searching."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Protocol

from search.pieces import Inside, Warm

TranscriptForm = Literal["srt", "vtt", "txt"]
"""How what is said can be written down: two forms that players read, and plain text."""


class PreviewBackend(Protocol):
    """Read-only questions about one file; called off the GUI thread."""

    def inside(self, path: Path, query: str, page: int | None = None) -> Inside:
        """Tell what is in a file and how well it answers the query; `page` (from 1) keeps to that page of a
        document. Raises `CrossfindError`, for one that is not in the library."""

    def heat(self, path: Path, query: str, page: int) -> tuple[Warm, ...]:
        """Tell which parts of a page (from 1) of a document answer the query, the warmest last. Raises
        `CrossfindError` where no model can tell."""

    def waveform(self, path: Path) -> tuple[float, ...]:
        """Say how loud a recording is, 0..1, in equal parts of its length; nothing where that takes long.

        Raises `MediaError`.
        """

    def enclosed_image(self, path: Path, page: int, picture: int, width: int) -> bytes:
        """Draw a picture (from 1) that stands at a place of a document, at most `width` pixels wide: PNG
        bytes. Raises `MediaError`."""

    def document_text(self, path: Path, page: int) -> str:
        """Return what a document says on a page, slide, sheet, chapter ... (from 1), "" for nothing. Raises
        `CrossfindError`, for one that is not in the library."""

    def passwords(self) -> Sequence[str]:
        """Return the passwords of locked documents that the library remembers. Quick."""

    def transcript(self, path: Path, form: TranscriptForm) -> str:
        """Write down what is said in a file. Raises `CrossfindError` when that is nothing."""
