"""Our own icons, drawn in the colour the palette asks for, sharp at every scale."""

from functools import cache, lru_cache
from importlib import resources

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

_SIZES = (16, 20, 24, 32, 48)
"""What buttons and menus show, and twice as fine."""

_LARGE = (64, 128, 256)


@cache
def _source(name: str) -> str:
    return (resources.files("resources") / "icons" / f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=256)
def _renderer(name: str, color: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_source(name).replace("currentColor", color).encode()))


@lru_cache(maxsize=512)
def pixmap(name: str, color: str, size: int) -> QPixmap:
    """Draw the icon `size` device pixels wide; `color` is `#rrggbb`. Needs a running application."""
    renderer = _renderer(name, color)
    picture = QPixmap(size, size)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return picture


def icon(name: str, palette: QPalette) -> QIcon:
    """Return the icon in the palette's text colour, with a paler disabled form."""
    made = QIcon()
    text = palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.ButtonText)
    pale = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)
    for size in _SIZES:
        made.addPixmap(pixmap(name, text.name(), size), QIcon.Mode.Normal)
        made.addPixmap(pixmap(name, pale.name(), size), QIcon.Mode.Disabled)
    return made


def application_icon() -> QIcon:
    """The program's own icon."""
    made = QIcon()
    for size in (*_SIZES, *_LARGE):
        made.addPixmap(pixmap("crossfind", "#000000", size))
    return made


def mixed(one: QColor, other: QColor, share: float) -> QColor:
    """Blend two colours; `share` 0..1 is how much of `one` is kept."""
    return QColor.fromRgbF(
        one.redF() * share + other.redF() * (1 - share),
        one.greenF() * share + other.greenF() * (1 - share),
        one.blueF() * share + other.blueF() * (1 - share),
    )
