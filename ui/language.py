"""The language of the window: English stands in the code, other languages in `resources/languages`.

Code gives whole sentences with named gaps, never pieces: `tr("{name} is there.", name=name)`. Texts in tables
at module level are only marked where they stand, `mark("Date")`, and translated when shown, `tr(title)`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from gettext import GNUTranslations, NullTranslations
from io import BytesIO

from PySide6.QtCore import QCoreApplication, QDate, QLibraryInfo, QLocale, QTranslator

import resources
from ui.catalogue import Entry, compiled, read_entries

SOURCE = "en"
"""The language of the code."""

SYSTEM = "system"
"""Chosen where the window is to speak as the system does."""

_FOLDER = "languages"


@dataclass(frozen=True, slots=True)
class Language:
    """A language that the window can be shown in; `name` is what its speakers call it."""

    code: str
    name: str


@dataclass(slots=True)
class _Shown:
    messages: NullTranslations
    locale: QLocale
    entries: Sequence[Entry] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    by_context: dict[str, Mapping[str, str]] = field(default_factory=dict)


_shown = _Shown(NullTranslations(), QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))


def tr(text: str, /, *, context: str = "", **values: object) -> str:
    """Say a text in the language of the window, with `values` in its gaps.

    `context` tells apart what is written alike in English and means different things, as in `mark`.
    """
    if not text:
        return ""
    messages = _shown.messages
    found = messages.pgettext(context, text) if context else messages.gettext(text)
    return found.format(**values) if values else found


def plural(one: str, many: str, number_: int, /, **values: object) -> str:
    """Say a text about a number of things, which fills the gap `{n}`; a language may have six forms of it."""
    return _shown.messages.ngettext(one, many, number_).format(n=number(number_), **values)


def mark(text: str, *, context: str = "") -> str:  # noqa: ARG001
    """Return a text as it is, and have it translated: what shows it calls `tr`, with the same context."""
    return text


def source_of(shown: str) -> str:
    """Return the English of a text without gaps, by which what is kept names it whatever the language."""
    return _shown.sources.get(shown, shown)


def translations(context: str) -> Mapping[str, str]:
    """Return the texts of a context and how they are said; the same object until another language is used."""
    if context not in _shown.by_context:
        there = (one for one in _shown.entries if one.context == context and all(one.said))
        _shown.by_context[context] = {one.text: one.said[0] for one in there}
    return _shown.by_context[context]


def number(value: float, decimals: int = 0) -> str:
    """Write a number with the separators of the language."""
    return _shown.locale.toString(float(value), "f", decimals)


def percent(share: float) -> str:
    """Write a share of 1 in per cent."""
    return tr("{n}%", n=number(100 * share))


def day(when: date) -> str:
    """Write a day with the name of its month: 15 March 2024."""
    return _date(when, tr("d MMMM yyyy"))


def month(when: date) -> str:
    """Write a month by its name: March 2024."""
    return _date(when, tr("MMMM yyyy"))


def numbered_day(when: date) -> str:
    """Write a day in digits: 2024-03-15."""
    return _date(when, day_pattern())


def day_pattern() -> str:
    """Return how a day is written in digits, in Qt's letters."""
    return tr("yyyy-MM-dd")


def _date(when: date, pattern: str) -> str:
    return _shown.locale.toString(QDate(when.year, when.month, when.day), pattern)


def languages() -> tuple[Language, ...]:
    """Return the languages that there are, English first."""
    codes = sorted(file.stem for file in resources.path(_FOLDER).glob("*.po"))
    named = (Language(code, QLocale(code).nativeLanguageName().capitalize()) for code in codes)
    return Language(SOURCE, "English"), *named


def use(chosen: str) -> str:
    """Show what is built from now on in a language, `SYSTEM` for the system's, and return its code.

    Anything that is not there is English. Qt's own texts and dates follow where a Qt application is running.
    """
    code = _code_of(chosen)
    entries: Sequence[Entry] = ()
    if code != SOURCE:
        entries = tuple(read_entries(resources.path(f"{_FOLDER}/{code}.po").read_text("utf-8")))
    _shown.messages = GNUTranslations(BytesIO(compiled(entries))) if entries else NullTranslations()
    _shown.entries, _shown.by_context = entries, {}
    _shown.sources = {one.said[0]: one.text for one in entries}
    _shown.locale = _locale_of(code)
    QLocale.setDefault(_shown.locale)
    _translate_qt(code)
    return code


def _code_of(chosen: str) -> str:
    known = {one.code for one in languages()}
    wanted = QLocale.system().uiLanguages() if chosen == SYSTEM else [chosen]
    short = (name.replace("_", "-").partition("-")[0] for name in wanted)
    return next((name for name in short if name in known), SOURCE)


def _locale_of(code: str) -> QLocale:
    """The words of the language with the customs of the system's country."""
    language, system = QLocale(code).language(), QLocale.system()
    if system.language() == QLocale.Language.C:
        return QLocale(language)
    return system if system.language() == language else QLocale(language, system.territory())


def _translate_qt(code: str) -> None:
    """Have Qt's own dialogs and buttons speak the language, if Qt knows it."""
    app = QCoreApplication.instance()
    if app is None:
        return
    for old in app.findChildren(QTranslator, _FOLDER):
        app.removeTranslator(old)
        old.deleteLater()
    translator = QTranslator(app)
    translator.setObjectName(_FOLDER)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if code != SOURCE and translator.load(f"qtbase_{code}", folder):
        app.installTranslator(translator)
