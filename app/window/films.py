"""What the preview asks about the inside of a file, answered by the resident process."""

import base64
from collections.abc import Sequence
from pathlib import Path

from app import passwords
from app.window.link import Link
from search.pieces import Inside, Warm, inside_from_json
from ui.preview.backend import TranscriptForm


class FilmsBackend(Link):
    """Implements `ui.preview.backend.PreviewBackend`."""

    def inside(self, path: Path, query: str, page: int | None = None) -> Inside:
        """Tell what is in a file and how well it answers the query."""
        return inside_from_json(self._ask("inside", path=str(path), query=query, page=page))

    def heat(self, path: Path, query: str, page: int) -> tuple[Warm, ...]:
        """Tell which parts of a page answer the query."""
        found = self._ask("heat", path=str(path), query=query, page=page)
        return tuple(Warm((left, top, right, bottom), heat) for left, top, right, bottom, heat in found)

    def waveform(self, path: Path) -> tuple[float, ...]:
        """Say how loud a recording is over its length."""
        return tuple(self._ask("waveform", path=str(path)))

    def enclosed_image(self, path: Path, page: int, picture: int, width: int) -> bytes:
        """Draw a picture in a document."""
        place = {"page": page, "picture": picture}
        return base64.b64decode(self._ask("enclosed_image", path=str(path), width=width, **place))

    def document_text(self, path: Path, page: int) -> str:
        """Return what a document says at one of its places."""
        text: str = self._ask("document_text", path=str(path), page=page)
        return text

    def passwords(self) -> Sequence[str]:
        """Return the passwords that the library remembers."""
        return passwords.remembered(self._settings.library_folder)

    def transcript(self, path: Path, form: TranscriptForm) -> str:
        """Write down what is said in a file."""
        text: str = self._ask("transcript", path=str(path), form=form)
        return text
