"""Keeps pictures that were pasted or dragged without a file, privately and no longer than the window."""

import tempfile
from collections.abc import Callable
from itertools import count
from pathlib import Path

from PySide6.QtGui import QImage

from search.errors import MediaError
from ui.jobs import Jobs
from ui.language import tr

CHANNEL = "query picture"


class QueryPictures:
    """Writes picture data to PNG files in a folder that only this user can enter."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._numbers = count(1)
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def keep(
        self,
        image: QImage,
        done: Callable[[Path], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        """Save the picture off the GUI thread and hand its path to `done`."""
        target = self._folder_path() / f"picture-{next(self._numbers)}.png"
        own = image.copy()  # the clipboard's pixels may change while we write
        self._jobs.submit(CHANNEL, lambda: _save(own, target), done, failed)

    def close(self) -> None:
        """Delete the pictures; the jobs must have ended."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _folder_path(self) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="crossfind-", ignore_cleanup_errors=True)
        return Path(self._folder.name)


def _save(image: QImage, target: Path) -> Path:
    if not image.save(str(target)):
        raise MediaError(tr("The picture cannot be kept for the search."), tr("Is the disk full?"))
    return target
