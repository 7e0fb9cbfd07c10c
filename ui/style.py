"""The little styling there is: everything else is the platform's own, and all colours are the palette's."""

from PySide6.QtGui import QColor, QPalette

from ui.icons import mixed


def style_sheet(palette: QPalette) -> str:
    """Style for the parts we name ourselves, light or dark as the palette is."""
    text = palette.color(QPalette.ColorRole.WindowText)
    window = palette.color(QPalette.ColorRole.Window)
    accent = palette.color(QPalette.ColorRole.Highlight)
    link = palette.color(QPalette.ColorRole.Link)
    negative = QColor("#d93025")
    line = mixed(text, window, 0.16).name()
    line_strong = mixed(text, window, 0.34).name()
    return f"""
        QLabel#heading {{ font-size: 18pt; font-weight: 600; }}
        QLabel#part {{ font-weight: 600; }}
        QFrame#chip {{ background: {mixed(accent, window, 0.18).name()}; border: 1px solid
            {mixed(accent, window, 0.45).name()}; border-radius: 6px; }}
        QFrame#chip:focus {{ border: 2px solid {accent.name()}; }}
        QFrame#chip[negated="true"] {{ background: {mixed(negative, window, 0.14).name()};
            border-color: {mixed(negative, window, 0.5).name()}; }}
        QLabel#chip-not {{ color: {mixed(negative, text, 0.75).name()}; font-weight: 600; }}
        QLabel#chip-title, QLabel#chip-sign {{ color: {mixed(text, window, 0.68).name()}; }}
        QFrame#overlay {{ background: {window.name()}; border: 1px solid {line_strong}; border-radius: 8px; }}
        QListView#suggestions {{ border: 1px solid {line_strong}; }}
        QLabel#popup-heading {{ font-weight: 600; }}
        QFrame#notice {{ background: {mixed(accent, window, 0.10).name()}; border: none;
            border-bottom: 1px solid {line}; }}
        QFrame#notice[tone="warning"] {{ background: {mixed(QColor("#e8a33d"), window, 0.22).name()}; }}
        QToolBar#rail {{ border: none; border-right: 1px solid {line}; padding: 4px; spacing: 2px; }}
        QFrame#indexing {{ border: none; border-top: 1px solid {line}; }}
        QPushButton#reason {{ color: {link.name()}; border: none; padding: 1px 0; text-align: left; }}
        QPushButton#reason:disabled {{ color: {text.name()}; }}
        QPushButton#reason:hover, QPushButton#reason:focus {{ text-decoration: underline; }}
        QPushButton#link {{ color: {link.name()}; border: none; padding: 2px 8px; }}
        QPushButton#link:hover, QPushButton#link:focus {{ text-decoration: underline; }}
    """
