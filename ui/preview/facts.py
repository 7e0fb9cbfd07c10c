"""What is known of a file, in one line of text whose parts narrow the query when they are clicked."""

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from search.pieces import Inside
from search.query import Camera, Dates, InFolder, Part, Place, Rated, Somebody, Tag
from search.records import Hit
from search.spots import picture_in, spot_of
from ui.language import day, plural, tr
from ui.remedies import reason_in_window
from ui.wording import clock, file_size, page_number, place, readable, taken, unit_in

MOST_TAGS = 20
"""So many tags are shown of a file."""

MOST_PATHS = 12

Fact = tuple[str, Part | None]
"""What it says, and the part of a query that it stands for."""


class Facts(QWidget):
    """Emits `narrow_wanted(Part)`."""

    narrow_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: list[Part] = []
        self.about, self.people, self.copies, self.remarks = _label(), _label(), _label(), _label()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for label, name in (
            (self.about, tr("Facts")),
            (self.people, tr("People in it")),
            (self.copies, tr("Other places")),
            (self.remarks, tr("What could not be read")),
        ):
            column.addWidget(label)
            label.setAccessibleName(name)
            label.linkActivated.connect(lambda link: self.narrow_wanted.emit(self._parts[int(link)]))

    def show_hit(self, hit: Hit) -> None:
        """Show what comes with a hit."""
        self._parts = []
        self.about.setText(" · ".join(self._linked(facts(hit))))
        self.people.hide()
        self.copies.hide()
        self.remarks.hide()

    def show_inside(self, hit: Hit, found: Inside) -> None:
        """Add the people seen in it, and where else the same bytes lie."""
        people: list[Fact] = [(name, Somebody(name)) for name in found.people]
        self.people.setText(tr("With {names}", names=", ".join(self._linked(people))))
        self.people.setVisible(bool(people))
        others = [path for path in found.paths if path != hit.file.path]
        places: list[Fact] = [(readable(path), _folder(path)) for path in others[:MOST_PATHS]]
        lines = [tr("The same file is also here:"), *self._linked(places)]
        if (more := len(others) - MOST_PATHS) > 0:
            lines[-1] += " " + plural("and {n} more", "and {n} more", more)
        self.copies.setText("<br>".join(lines))
        self.copies.setVisible(bool(others))
        told = " ".join(reason_in_window(readable(one)) for one in found.remarks)
        self.remarks.setText(f"{tr('Not all of it could be read.')} {escape(told)}" if told else "")
        self.remarks.setVisible(bool(found.remarks))

    def text(self) -> str:
        """What is written, without the links."""
        labels = (self.about, self.people, self.copies, self.remarks)
        return " ".join(_plain(label.text()) for label in labels if label.text())

    def _linked(self, told: Sequence[Fact]) -> Iterator[str]:
        for text, part in told:
            shown = escape(text).replace("/", "/\u200b").replace("\\", "\\\u200b")
            if part is None:
                yield shown
                continue
            self._parts.append(part)
            yield f'<a href="{len(self._parts) - 1}">{shown}</a>'


def facts(hit: Hit) -> list[Fact]:
    """Return what there is to say of a hit's file, in the order it is said."""
    content, when = hit.content, taken(hit)
    told: list[Fact] = [(f"{day(when)}, {when:%H:%M}", Dates(when.date(), when.date()))]
    if content.kind == "pdf":
        page = page_number(hit.locator)
        whole = tr("page {page} of {pages}", page=page, pages=content.pages)
        told.append((whole if content.pages else tr("page {page}", page=page), None))
    elif content.kind == "document":
        where, picture = place(spot_of(hit.locator), unit_in(hit)), picture_in(hit.locator)
        if where and content.pages:
            where = tr("{where} of {total}", where=where, total=content.pages)
        told += [(where, None)] if where else []
        told += [(tr("picture {number}", number=picture), None)] if picture else []
    elif content.width and content.height:
        told.append((f"{content.width} × {content.height}", None))
    if content.duration_s:
        where, length = place(hit.locator), clock(content.duration_s)
        whole = tr("{length} long", length=length)
        told.append((tr("{where} of {total}", where=where, total=length) if where else whole, None))
    told.append((file_size(hit.file.size), None))
    if content.camera:
        told.append((content.camera, Camera(content.camera)))
    if content.title:
        told.append((content.title, None))
    if content.place:
        told.append((content.place, Place(content.place)))
    if content.rating:
        stars = tr("rejected") if content.rating == -1 else "★" * content.rating
        told.append((stars, Rated(content.rating, content.rating)))
    told += [(tag, Tag(tag)) for tag in content.tags[:MOST_TAGS]]
    return told + [(f"{name}: {value}", None) for name, value in content.fields]


def _folder(path: str) -> Part:
    return InFolder(str(Path(path).parent))


def _label() -> QLabel:
    label = QLabel(wordWrap=True, textFormat=Qt.TextFormat.RichText)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.LinksAccessibleByMouse
        | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        | Qt.TextInteractionFlag.TextSelectableByMouse
    )
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label


def _plain(rich: str) -> str:
    from PySide6.QtGui import QTextDocumentFragment

    return QTextDocumentFragment.fromHtml(rich).toPlainText().replace("\u200b", "")
