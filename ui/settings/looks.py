"""How the window looks: its language; light, dark or as the system does; how large its text is."""

from typing import Literal, cast, get_args

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QComboBox

from ui.language import SYSTEM, languages, tr
from ui.settings.page import Page

Scheme = Literal["system", "light", "dark"]
SIZES = (90, 100, 115, 130, 150, 175)
_SCHEMES = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}
_USUAL_POINTS = "crossfind usual text size"


def apply_looks(app: QApplication, scheme: Scheme, percent: int) -> None:
    """Make the whole program look so; `percent` is relative to the system's text size."""
    usual = app.property(_USUAL_POINTS)
    if usual is None:
        usual = app.font().pointSizeF()
        app.setProperty(_USUAL_POINTS, usual)
    if (size := usual * percent / 100) > 0 and abs(app.font().pointSizeF() - size) > 0.01:
        font = QFont(app.font())
        font.setPointSizeF(size)
        app.setFont(font)
    hints = app.styleHints()
    if scheme == "system":
        hints.unsetColorScheme()
        app.setPalette(QPalette())
        return
    hints.setColorScheme(_SCHEMES[scheme])
    is_dark = app.palette().color(QPalette.ColorRole.Window).lightness() < 128
    if is_dark != (scheme == "dark"):  # a desktop that Qt cannot tell
        app.setPalette(dark_palette() if scheme == "dark" else light_palette())


def looks_of(settings: QSettings | None) -> tuple[Scheme, int]:
    """Return what is remembered; anything else than we wrote is the usual."""
    if settings is None:
        return "system", 100
    scheme = str(settings.value("appearance/scheme", "system"))
    percent = str(settings.value("appearance/text", 100))
    return (
        cast("Scheme", scheme) if scheme in get_args(Scheme) else "system",
        int(percent) if percent.isdecimal() and int(percent) in SIZES else 100,
    )


def language_of(settings: QSettings | None) -> str:
    """Return which language is wanted, as `ui.language.use` takes it."""
    return str(settings.value("appearance/language", SYSTEM)) if settings is not None else SYSTEM


class LooksPage(Page):
    """`chosen` carries scheme and size of text in percent, `language_chosen` what `ui.language.use` takes."""

    chosen = Signal(str, int)
    language_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__(tr("Appearance"))
        self.scheme, self.text, self.language = QComboBox(), QComboBox(), QComboBox()
        self.language.addItem(tr("As the system"), SYSTEM)
        for one in languages():
            self.language.addItem(one.name, one.code)
        for value, text in (("system", tr("As the system")), ("light", tr("Light")), ("dark", tr("Dark"))):
            self.scheme.addItem(text, value)
        for percent in SIZES:
            self.text.addItem(f"{percent} %", percent)
        self.row(self.language, text=tr("&Language"))
        self.note(tr("Another language counts from the next start. What you search for may be in any."))
        self.row(self.scheme, text=tr("&Colours"))
        self.row(self.text, text=tr("Size of &text"))
        self.note(tr("Dates and numbers are written as your system writes them."))
        for box in (self.scheme, self.text):
            box.activated.connect(self._choose)
        self.language.activated.connect(lambda: self.language_chosen.emit(self.language.currentData()))

    def show_looks(self, scheme: Scheme, percent: int, language: str = SYSTEM) -> None:
        """Show what is chosen."""
        self.language.setCurrentIndex(max(0, self.language.findData(language)))
        self.scheme.setCurrentIndex(self.scheme.findData(scheme))
        self.text.setCurrentIndex(self.text.findData(percent))

    def _choose(self) -> None:
        self.chosen.emit(self.scheme.currentData(), self.text.currentData())


def light_palette() -> QPalette:
    """A light palette as desktops have it."""
    return _palette(False)


def dark_palette() -> QPalette:
    """A dark palette as desktops have it."""
    return _palette(True)


def _palette(dark: bool) -> QPalette:
    roles = QPalette.ColorRole
    colors = {
        roles.Window: ("#26282b", "#f2f2f2"),
        roles.Base: ("#1c1e20", "#ffffff"),
        roles.AlternateBase: ("#232528", "#f7f7f7"),
        roles.WindowText: ("#e6e6e6", "#1d1d1f"),
        roles.Text: ("#e6e6e6", "#1d1d1f"),
        roles.ButtonText: ("#e6e6e6", "#1d1d1f"),
        roles.Button: ("#34373b", "#f2f2f2"),
        roles.ToolTipBase: ("#34373b", "#ffffff"),
        roles.ToolTipText: ("#e6e6e6", "#1d1d1f"),
        roles.Highlight: ("#4a90d9", "#2f78c4"),
        roles.HighlightedText: ("#ffffff", "#ffffff"),
        roles.Link: ("#7ab4f0", "#1a5fb4"),
        roles.PlaceholderText: ("#82e6e6e6", "#821d1d1f"),
    }
    palette = QPalette(QColor(colors[roles.Window][not dark]))
    for role, pair in colors.items():
        palette.setColor(role, QColor(pair[not dark]))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor("#7d8085" if dark else "#8e8e93"))
    return palette
