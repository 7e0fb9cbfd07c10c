"""Sentences of the program in the language of the window."""

import re
from collections.abc import Iterator
from string import Formatter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

import resources
from search.searching import SEARCHING
from tools.sentences import sentences_in
from ui.catalogue import read_entries
from ui.language import SOURCE, use
from ui.remedies import advice, reason_in_window
from ui.saying import CONTEXT, Reader, said

TOLD = {
    one.text: one.said[0]
    for one in read_entries(resources.path("languages/de.po").read_text("utf-8"))
    if one.context == CONTEXT
}
VALUES = st.text("xyzXYZäß019/_-", min_size=1, max_size=12)
NUMBERS = st.integers(0, 99999)


@pytest.fixture(scope="module", autouse=True)
def german(qapp: QApplication) -> Iterator[None]:
    use("de")
    yield
    use(SOURCE)


def filled(template: str, values: dict[str, str]) -> str:
    return re.sub(r"(?<!{){(\w+):\w+}", r"{\1}", template).format(**values)


@given(
    template=st.sampled_from([text for text in TOLD if len(re.sub(r"{[^}]*}|\W", "", text)) >= 4]),
    data=st.data(),
)
def test_what_stands_in_the_gaps_is_said_with_the_sentence(template: str, data: st.DataObject) -> None:
    gaps = [(name, kind) for _, name, kind, _ in Formatter().parse(template) if name is not None]
    values = {name: str(data.draw(NUMBERS)) if kind == "number" else data.draw(VALUES) for name, kind in gaps}
    shown = {
        name: f"{int(value):,}".replace(",", ".") if (name, "number") in gaps else value
        for name, value in values.items()
    }
    read = Reader({template: TOLD[template]}).read(filled(template, values))
    assert read.said == TOLD[template].format(**shown)


def test_sentences_one_after_the_other_are_read_each() -> None:
    text = "/a b/c.pdf cannot be read: Permission denied. Check the path behind the @. Nobody knows this."
    assert said(text) == (
        "/a b/c.pdf kann nicht gelesen werden: keine Berechtigung. Prüf den Pfad hinter dem @. "
        "Nobody knows this."
    )


def test_of_several_sentences_the_one_that_explains_most_is_meant() -> None:
    assert said("x.bin is missing.") == "x.bin fehlt."
    assert said("The model a in b is damaged: c is missing.") == (
        "Das Modell a in b ist beschädigt: c fehlt."
    )


def test_names_with_words_of_sentences_stay() -> None:
    name = "The file is empty.pdf"
    assert said(f"{name} is not in the library.") == f"{name} ist nicht in der Bibliothek."
    assert said("video is not in the library.") == "video ist nicht in der Bibliothek."
    assert said("black or white.jpg does not exist.") == "black or white.jpg gibt es nicht."


def test_a_sentence_within_another_is_said_too() -> None:
    assert said("notes.docx: The file is empty.") == "notes.docx: Die Datei ist leer."
    assert said("The file is a Word document; files of this kind are not indexed.") == (
        "Die Datei ist ein Word-Dokument; Dateien dieser Art werden nicht eingelesen."
    )
    assert said("It is unheard of. (3 pictures)") == "It is unheard of. (3 Bilder)"
    assert said("The picture is damaged: x. (3 pictures)") == "Das Bild ist beschädigt: x. (3 Bilder)"


def test_first_letters_and_full_stops_are_as_they_were() -> None:
    assert (
        said("no model for searching pictures by what they show is installed")
        == "kein Modell für die Suche nach Bildinhalten ist installiert"
    )
    assert (
        said("No model for searching pictures by what they show is installed.")
        == "Kein Modell für die Suche nach Bildinhalten ist installiert."
    )
    assert said("Too bright: 35% of it is pure white.") == "Zu hell: 35 % davon sind reines Weiß."


def test_numbers_are_written_as_in_the_language() -> None:
    assert said("The picture is too large (1234.5 megapixels; the limit is 200 megapixels).") == (
        "Das Bild ist zu groß (1.234,5 Megapixel; die Grenze ist 200 Megapixel)."
    )
    assert said("a constant shift of +0.012 taken away") == "eine feste Verschiebung von +0,012 abgezogen"
    assert said("Only the first 2,000 of its 20,000 names are kept.") == (
        "Nur die ersten 2.000 der 20.000 Namen darin werden behalten."
    )


def test_a_choice_of_names_is_said_as_one() -> None:
    assert said("Did you mean Ada or Bea or Cy?") == "Meintest du Ada oder Bea oder Cy?"


def test_repairs_and_their_reasons_are_said() -> None:
    text = "turned by 90° to the right and brightened"
    assert said(text) == "um 90° nach rechts gedreht und aufgehellt"
    assert said("black and white things") == "black and white things"


def test_commands_are_left_out() -> None:
    locked = "The PDF is encrypted and it needs a password. Give it with --password or --password-file."
    assert reason_in_window(locked) == "Das PDF ist verschlüsselt und braucht ein Passwort."
    slow = "The file could not be decoded: it took longer than 60 seconds (--time-limit)."
    assert reason_in_window(slow) == (
        "Die Datei ließ sich nicht entschlüsseln: es dauerte länger als 60 Sekunden. "
        "Einstellungen, Ausführung, erlaubt mehr."
    )
    assert advice("/a is not in the library.", "Index it first: crossfind index FOLDER").text == (
        "/a ist nicht in der Bibliothek."
    )


def test_in_english_sentences_stay_as_they_are() -> None:
    use(SOURCE)
    assert said("/a is not in the library.") == "/a is not in the library."
    use("de")
    assert said("/a is not in the library.") == "/a ist nicht in der Bibliothek."


@given(st.text("abc. :{}!?;\n", max_size=80))
@example("{")
@example("a and b")
def test_anything_else_stays(text: str) -> None:
    assert said(text) == text


CODE = '''
from search.errors import CrossfindError

LIMIT = 3
_WHY = {"a": "it is too old", "b": "it is too new"}


class OwnError(CrossfindError):
    """Ours."""


def _wrong(message: str) -> OwnError:
    return OwnError(message, "Use another one.")


def check(path: str, size: float, what: str, near: list[str]) -> None:
    """Not a sentence of the program."""
    if size > LIMIT:
        lock = "locked" if what else "open for good"
        raise OwnError(f"{path} has {size:.1f} GB and is {lock}.", f"Did you mean {' or '.join(near)}?")
    if path == "a":
        raise _wrong(f"{path} cannot be used: {_WHY[what]}.")
    raise ValueError(f"{path} is a fault of ours")
'''


def test_sentences_are_found_where_they_are_written() -> None:
    assert set(sentences_in({"search/x.py": CODE})) == {
        "{path} has {size:number} GB and is locked.",
        "{path} has {size:number} GB and is open for good.",
        "Did you mean {near:or}?",
        "{path} cannot be used: it is too old.",
        "{path} cannot be used: it is too new.",
        "Use another one.",
    }
    assert sentences_in({"app/cli_x.py": CODE}) == {}


def test_every_kind_of_search_is_called_something_in_the_language() -> None:
    assert [phrase for phrase in SEARCHING.values() if said(phrase) == phrase] == []
