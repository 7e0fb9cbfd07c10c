"""Messages, numbers and dates in the language of the window."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from string import Formatter
from typing import Any

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QDialogButtonBox
from pytestqt.qtbot import QtBot

import resources
from tools.messages import Wanted, keys, texts_in, updated, wanted_texts, written
from ui import language
from ui.catalogue import Entry, compiled, read_entries
from ui.language import SOURCE, SYSTEM, mark, plural, source_of, tr, use
from ui.main_window import MainWindow
from ui.remedies import advice
from ui.saying import CONTEXT as SAID
from ui.settings.looks import LooksPage, language_of

OTHERS = [one.code for one in language.languages() if one.code != SOURCE]
HEADER = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    use("de")
    yield
    use(SOURCE)


def entries(code: str) -> tuple[Entry, ...]:
    return tuple(read_entries(resources.path(f"languages/{code}.po").read_text("utf-8")))


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_of_the_window_is_translated_and_nothing_else(code: str) -> None:
    """Every text of `ui`, and every sentence that `search`, `indexers` and `app` say to a person."""
    _header, *there = entries(code)
    wanted = keys(one.entry for one in wanted_texts())
    assert keys(there) == wanted, f"run python -m tools.messages, then translate what is new in {code}.po"
    assert [one.text for one in there if not all(one.said)] == []


@pytest.mark.parametrize("code", OTHERS)
def test_translations_have_the_gaps_of_the_text(code: str) -> None:
    for one in entries(code)[1:]:
        allowed = gaps(one.text) | gaps(one.many or one.text)
        for said in one.said:
            assert gaps(said) <= allowed, one.text
            assert gaps(said) >= allowed - {"n"}, one.text


@pytest.mark.parametrize("code", OTHERS)
def test_translations_keep_what_programs_read(code: str) -> None:
    """Marks of keys in menus, the dots of what opens a dialog, patterns of file names, ends of lines."""
    for one in entries(code)[1:]:
        for said in one.said:
            assert ("&" in one.text) == ("&" in said), one.text
            assert one.text.endswith(" …") == said.endswith(" …"), one.text
            assert one.text.count("(*") == said.count("(*"), one.text
            assert one.text.count("\n") == said.count("\n"), one.text
            assert (one.text[:1] == " ") == (said[:1] == " "), one.text


@pytest.mark.parametrize("code", OTHERS)
def test_a_file_of_translators_is_as_the_tool_writes_it(code: str) -> None:
    text = resources.path(f"languages/{code}.po").read_text("utf-8")
    wanted = wanted_texts()
    assert written(updated(read_entries(text), wanted), wanted) == text


def test_messages_and_numbers_are_english_at_first() -> None:
    assert tr("{name} is there.", name="Ada") == "Ada is there."
    assert plural("{n} file", "{n} files", 1) == "1 file"
    assert plural("{n} file", "{n} files", 1234) == "1,234 files"
    assert language.number(0.5, 1) == "0.5"
    assert language.percent(0.8) == "80%"
    assert language.day(date(2024, 3, 5)) == "5 March 2024"
    assert language.month(date(2024, 3, 5)) == "March 2024"
    assert language.numbered_day(date(2024, 3, 5)) == "2024-03-05"


def test_messages_numbers_and_dates_in_german(german: None) -> None:
    assert tr("{name} is there.", name="Ada") == "Ada is there."  # not a text of the window
    assert tr("Search") == "Suchen"
    assert tr("Sound") != tr("Sound", context="kind")
    assert tr("") == ""
    assert plural("{n} file", "{n} files", 1) == "1 Datei"
    assert plural("{n} file", "{n} files", 1234) == "1.234 Dateien"
    assert language.percent(0.8) == "80 %"
    assert language.day(date(2024, 3, 5)) == "5. März 2024"
    assert language.month(date(2024, 3, 5)) == "März 2024"
    assert language.numbered_day(date(2024, 3, 5)) == "05.03.2024"
    assert source_of("Suchen") == "Search"
    assert source_of("Ada") == "Ada"


def test_what_is_marked_is_translated_when_it_is_shown(german: None) -> None:
    title = mark("Search")
    assert title == "Search"
    assert tr(title) == "Suchen"


def test_a_language_that_is_not_there_is_english(qapp: QApplication) -> None:
    assert use("tlh") == SOURCE
    assert use("de_AT") == "de"
    assert use(SYSTEM) in {SOURCE, *OTHERS}
    use(SOURCE)
    assert tr("Search") == "Search"


def test_buttons_of_qt_speak_the_language_too(qtbot: QtBot, german: None) -> None:
    cancel = QDialogButtonBox.StandardButton.Cancel
    box = QDialogButtonBox(cancel)
    qtbot.addWidget(box)
    assert box.button(cancel).text().replace("&", "") == "Abbrechen"
    use(SOURCE)
    other = QDialogButtonBox(cancel)
    qtbot.addWidget(other)
    assert other.button(cancel).text().replace("&", "") == "Cancel"


def test_files_of_translators_are_read_as_their_editors_write_them() -> None:
    text = (
        HEADER + '# a remark\n#: ui/x.py:3\nmsgctxt "menu"\nmsgid ""\n"Save "\n"\\"it\\""\n'
        'msgstr "Sichern"\n\n'
        '#, fuzzy\nmsgid "Open"\nmsgstr "Zu"\n\n'
        'msgid "{n} file"\nmsgid_plural "{n} files"\nmsgstr[0] "{n} Datei"\nmsgstr[1] "{n} Dateien"\n'
    )
    header, save, files = read_entries(text)
    assert "nplurals=2" in header.said[0]
    assert save == Entry('Save "it"', "", "menu", ("Sichern",))
    assert files == Entry("{n} file", "{n} files", "", ("{n} Datei", "{n} Dateien"))
    with pytest.raises(ValueError, match="line 5"):
        list(read_entries(HEADER + "Save it"))


def test_an_entry_without_a_translation_stays_away() -> None:
    from gettext import GNUTranslations
    from io import BytesIO

    made = GNUTranslations(BytesIO(compiled([Entry("a", "", "", ("b",)), Entry("c", "", "", ("",))])))
    assert (made.gettext("a"), made.gettext("c")) == ("b", "c")


def test_texts_are_found_in_the_code() -> None:
    code = 'tr("a")\nmark("b", context="x")\nplural("c", "d", 3)\nother("e")\ntr(f)\n'
    assert list(texts_in(code, "x.py")) == [
        Entry("a", "", "", ()),
        Entry("b", "", "x", ()),
        Entry("c", "d", "", ()),
    ]
    with pytest.raises(ValueError, match=r"x\.py:1"):
        list(texts_in('tr(f"a {b}")', "x.py"))


def test_sentences_of_the_program_are_said_in_the_language(german: None) -> None:
    assert advice("The query is empty.", "Type what you are looking for.").text == (
        "Die Suchanfrage ist leer. Schreib, was du suchst."
    )
    assert advice("a.jpg is broken.", None).text == "a.jpg is broken."


def test_a_sentence_whose_gap_is_called_otherwise_keeps_its_translation() -> None:
    wanted = [Wanted(Entry("{file} is missing in {n:number} folders.", "", SAID, ()), ("search/x.py",))]
    said = Entry("{name} is missing in {n:number} folders.", "", SAID, ("In {n} Ordnern fehlt {name}.",))
    new = updated([*read_entries(HEADER), said], wanted)
    assert new[1].text == "{file} is missing in {n:number} folders."
    assert new[1].said == ("In {n} Ordnern fehlt {file}.",)


def test_bringing_a_file_up_to_date_keeps_what_is_translated() -> None:
    wanted = wanted_texts()[:2]
    first = wanted[0].entry
    old = [*read_entries(HEADER), Entry(first.text, "", "", ("ja",)), Entry("gone", "", "", ("weg",))]
    new = updated(old, wanted)
    assert [one.text for one in new[1:]] == [one.entry.text for one in wanted]
    assert [one.said for one in new[1:]] == [("ja",), ("",)]


def test_a_language_is_chosen_in_the_settings(qtbot: QtBot, tmp_path: object) -> None:
    page = LooksPage()
    qtbot.addWidget(page)
    page.show_looks("system", 100, "de")
    assert page.language.currentText() == "Deutsch"
    page.show_looks("system", 100)
    assert page.language.currentData() == SYSTEM
    page.language.setCurrentIndex(page.language.findText("English"))
    with qtbot.waitSignal(page.language_chosen) as chosen:
        page.language.activated.emit(page.language.currentIndex())
    assert chosen.args == ["en"]
    settings = QSettings(f"{tmp_path}/window.ini", QSettings.Format.IniFormat)
    assert language_of(settings) == SYSTEM
    settings.setValue("appearance/language", "de")
    assert language_of(settings) == "de"
    assert language_of(None) == SYSTEM


@pytest.mark.parametrize("code", [SOURCE, *OTHERS])
def test_in_a_menu_each_letter_opens_one_entry(qtbot: QtBot, backend: Any, code: str) -> None:
    use(code)
    try:
        window = MainWindow(backend)
        qtbot.addWidget(window)
        for menu in (action.menu() for action in window.menuBar().actions()):
            texts = [action.text().replace("&&", "") for action in menu.actions()]
            letters = Counter(text[text.index("&") + 1].lower() for text in texts if "&" in text)
            assert [letter for letter, count in letters.items() if count > 1] == [], menu.title()
    finally:
        use(SOURCE)
