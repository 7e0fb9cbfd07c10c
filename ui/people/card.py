"""Paints one card: a round face, who it is, how many pictures; and the field in which a name is typed."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    QStringListModel,
    Qt,
)
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPalette, QPixmap
from PySide6.QtWidgets import (
    QCompleter,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui.icons import mixed, pixmap
from ui.language import tr
from ui.people.models import CardRole

Index = QModelIndex | QPersistentModelIndex

FACE = 104
"""How wide a face is painted, in pixels."""

WIDTH = 148
_PAD, _GAP, _ROUND = 10, 6, 8


class CardDelegate(QStyledItemDelegate):
    """`names` are those that completion offers; `is_brief` leaves the second line out."""

    def __init__(self, parent: QObject | None = None, is_brief: bool = False) -> None:
        super().__init__(parent)
        self._names = QStringListModel(self)
        self._is_brief = is_brief

    def know(self, names: Sequence[str]) -> None:
        """Offer these names while one is typed."""
        self._names.setStringList(list(names))

    def cell(self, line: int) -> QSize:
        """The size of a card for a text line of `line` pixels."""
        lines = 1 if self._is_brief else 2
        return QSize(WIDTH, FACE + 2 * _PAD + lines * (line + _GAP) + 6)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return self.cell(option.fontMetrics.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        card = option.rect.adjusted(3, 3, -3, -3)
        _paint_ground(painter, option, card)
        spot = QRect(card.center().x() - FACE // 2, card.top() + _PAD - 3, FACE, FACE)
        _paint_face(painter, option.palette, spot, index.data(CardRole.PORTRAIT))
        first = _line(option, card, 0)
        text = option.palette.color(QPalette.ColorRole.Text)
        pale = mixed(text, option.palette.color(QPalette.ColorRole.Base), 0.62)
        is_quiet = bool(index.data(CardRole.IS_UNNAMED)) or self._is_brief
        _write(painter, option, first, str(index.data() or ""), pale if is_quiet else text)
        if not self._is_brief:
            _write(painter, option, _line(option, card, 1), str(index.data(CardRole.DETAIL) or ""), pale)
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        field = QLineEdit(parent)
        field.setPlaceholderText(tr("Name"))
        field.setAccessibleName(tr("Name of this person"))
        completer = QCompleter(self._names, field)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        field.setCompleter(completer)
        return field

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        line = _line(option, option.rect.adjusted(3, 3, -3, -3), 0)
        height = max(editor.sizeHint().height(), line.height())
        editor.setGeometry(option.rect.left() + 4, line.top() - 4, option.rect.width() - 8, height)


def _line(option: QStyleOptionViewItem, card: QRect, number: int) -> QRect:
    height = option.fontMetrics.height()
    top = card.top() + _PAD - 3 + FACE + _GAP + number * (height + _GAP // 2)
    return QRect(card.left() + 4, top, card.width() - 8, height)


def _write(painter: QPainter, option: QStyleOptionViewItem, line: QRect, text: str, color: QColor) -> None:
    painter.setPen(color)
    shown = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, line.width())
    painter.drawText(line, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, shown)


def _paint_ground(painter: QPainter, option: QStyleOptionViewItem, card: QRect) -> None:
    highlight = option.palette.color(QPalette.ColorRole.Highlight)
    fill = QColor(Qt.GlobalColor.transparent)
    if option.state & QStyle.StateFlag.State_Selected:
        fill = QColor(highlight)
        fill.setAlphaF(0.28)
    elif option.state & QStyle.StateFlag.State_MouseOver:
        fill = option.palette.color(QPalette.ColorRole.Text)
        fill.setAlphaF(0.06)
    focused = option.state & QStyle.StateFlag.State_HasFocus
    painter.setPen(highlight if focused else Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRoundedRect(QRectF(card).adjusted(0.5, 0.5, -0.5, -0.5), _ROUND, _ROUND)


def _paint_face(painter: QPainter, palette: QPalette, spot: QRect, face: QPixmap | None) -> None:
    """Paint a face in a circle, or the sign of a person until it is there."""
    text, base = palette.color(QPalette.ColorRole.Text), palette.color(QPalette.ColorRole.Base)
    circle = QPainterPath()
    circle.addEllipse(QRectF(spot))
    painter.fillPath(circle, mixed(text, base, 0.07))
    if face is None:
        edge = spot.width() // 3
        sign = QRect(0, 0, edge, edge)
        sign.moveCenter(spot.center())
        painter.drawPixmap(sign, pixmap("people", mixed(text, base, 0.4).name(), 96))
        return
    painter.save()
    painter.setClipPath(circle)
    painter.drawPixmap(spot, face)
    painter.restore()
