"""The pane beside the grid: the picture or page, what the file is, and why it matched."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QAction, QFont, QImage, QPalette, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from search.errors import CrossfindError
from search.records import Hit
from ui.backend import Backend
from ui.jobs import Jobs
from ui.pictures import from_bytes, read_picture
from ui.preview.evidence import EvidenceView
from ui.preview.picture_view import PictureView
from ui.thumbnails import Thumbnails
from ui.wording import clock, file_name, file_size, moment_of, page_number, place, readable, regions, taken

CHANNEL = "preview"
EDGE = 2048
PAGE_WIDTH = 1400


class Preview(QWidget):
    """Shows one hit. Its thumbnail is there at once, the full picture when it has been decoded."""

    def __init__(
        self,
        backend: Backend,
        jobs: Jobs,
        thumbnails: Thumbnails,
        actions: Sequence[QAction],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._backend, self._jobs, self._thumbnails = backend, jobs, thumbnails
        self._hit: Hit | None = None
        self._full = False
        self.picture = PictureView()
        self.name, self.path, self.facts = _label(), _label(), _label()
        self.note, self.snippet = _label(selectable=True), _label(selectable=True)
        self._why = _label("Why it matched")
        self.evidence = EvidenceView()
        self._build(actions)
        thumbnails.loaded.connect(self._thumbnail_arrived)
        self.show_hit(None)

    def show_hit(self, hit: Hit | None) -> None:
        """Show a hit, or that nothing is selected."""
        self._hit, self._full = hit, False
        self._jobs.cancel(CHANNEL)
        self._details.setVisible(hit is not None)
        if hit is None:
            self.picture.show_boxes(())
            self.picture.show_message("Select a result to see it here")
            return
        self._describe(hit)
        self.picture.show_boxes(regions(hit))
        self._show_thumbnail(hit)
        if hit.file.present:
            self._jobs.submit(
                CHANNEL, lambda: _full_picture(self._backend, hit), self._show_full, self._not_shown
            )
        else:
            self._remark("Its drive is not connected; this is the kept thumbnail.")

    def _build(self, actions: Sequence[QAction]) -> None:
        bold = QFont(self.font())
        bold.setBold(True)
        self.name.setFont(bold)
        self._why.setFont(bold)
        for label in (self.path, self.facts):
            label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._details = QWidget()
        column = QVBoxLayout(self._details)
        column.setContentsMargins(12, 8, 12, 12)
        column.setSpacing(6)
        column.addLayout(_buttons(actions))
        parts = (self.name, self.path, self.facts, self.note, self.snippet, self._why, self.evidence)
        for part in parts:
            column.addWidget(part)
        column.addStretch(1)
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self._details)
        area.setAccessibleName("Details")
        split = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
        split.addWidget(self.picture)
        split.addWidget(area)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(split)
        self.setMinimumWidth(240)
        self.setAccessibleName("Preview")

    def _describe(self, hit: Hit) -> None:
        self.name.setText(file_name(hit))
        self.path.setText(_breakable(str(Path(readable(hit.file.path)).parent)))
        self.facts.setText(" · ".join(_facts(hit)))
        self.picture.setAccessibleName(f"Preview of {file_name(hit)}")
        self._remark("")
        text = " ".join((hit.text or "").split())
        self.snippet.setText(text if len(text) <= 600 else text[:600] + " …")
        self.snippet.setVisible(bool(text))
        self._why.setVisible(bool(hit.evidence))
        self.evidence.show_hit(hit)

    def _show_thumbnail(self, hit: Hit) -> None:
        pixmap = self._thumbnails.get(hit.thumbnail) if hit.thumbnail else None
        if pixmap is None or pixmap.isNull():
            self.picture.show_message("")
        else:
            self.picture.show_pixmap(pixmap, enlarge=True)

    @Slot(object)
    def _thumbnail_arrived(self, path: Path) -> None:
        if self._hit is not None and self._hit.thumbnail == path and not self._full:
            self._show_thumbnail(self._hit)

    def _show_full(self, image: QImage) -> None:
        if not image.isNull():
            self._full = True
            self.picture.show_pixmap(QPixmap.fromImage(image))
        elif self._hit is not None and self._hit.thumbnail is not None:
            self._remark("Shown from its thumbnail.")
        else:
            self.picture.show_message("There is no preview of this file")

    def _not_shown(self, error: BaseException) -> None:
        self._remark(str(error) if isinstance(error, CrossfindError) else "The preview failed.")

    def _remark(self, text: str) -> None:
        self.note.setText(text)
        self.note.setVisible(bool(text))


def _full_picture(backend: Backend, hit: Hit) -> QImage:
    """Decode what the hit points at; null when only its thumbnail can be shown. Runs in a job."""
    path, page = Path(hit.file.path), page_number(hit.locator)
    match hit.content.kind:
        case "image":
            return read_picture(path, QSize(EDGE, EDGE), page)
        case "pdf":
            return from_bytes(backend.page_image(path, page, PAGE_WIDTH))
        case "video" if (moment := moment_of(hit.locator)) is not None:
            return from_bytes(backend.moment_image(path, moment, PAGE_WIDTH))
        case _:
            return QImage()


MOST_TAGS = 20
"""So many tags are shown of a file."""


def _facts(hit: Hit) -> list[str]:
    content = hit.content
    facts = [f"{taken(hit):%d %B %Y, %H:%M}".lstrip("0")]
    if hit.content.kind == "pdf":
        facts.append(f"page {page_number(hit.locator)}" + (f" of {content.pages}" if content.pages else ""))
    elif content.width and content.height:
        facts.append(f"{content.width} × {content.height}")
    if content.duration_s:
        where = place(hit.locator)
        length = clock(content.duration_s)
        facts.append(f"{where} of {length}" if where else f"{length} long")
    facts.append(file_size(hit.file.size))
    stars = "rejected" if content.rating == -1 else "★" * (content.rating or 0)
    own = (f"{name}: {value}" for name, value in content.fields)
    said = (content.camera, content.title, content.place, stars, *content.tags[:MOST_TAGS], *own)
    return facts + [value for value in said if value]


def _buttons(actions: Sequence[QAction]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(2)
    for action in actions:
        button = QToolButton()
        button.setDefaultAction(action)
        button.setAutoRaise(True)
        button.setIconSize(QSize(18, 18))
        row.addWidget(button)
    row.addStretch(1)
    return row


def _label(text: str = "", selectable: bool = False) -> QLabel:
    label = QLabel(text, wordWrap=True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if selectable:
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _breakable(path: str) -> str:
    """Let a long path wrap after its separators."""
    return path.replace("/", "/\u200b").replace("\\", "\\\u200b")
