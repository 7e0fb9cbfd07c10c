"""How text is made comparable: paths that survive any byte, words folded the same way on both sides."""

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_INVISIBLE = dict.fromkeys((0x00AD, 0x200B, 0x2060, 0xFEFF))
_COMBINING = re.compile("[\u0300-\u036f]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
ESCAPE = "\x00"
"""What stands in a path's text before four hex digits."""
_ESCAPED = re.compile(ESCAPE + "([0-9a-f]{4})")
_SEAM = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")


def path_to_text(path: str) -> str:
    """Write a path as valid Unicode; bytes that are no UTF-8 become NUL and four hex digits."""
    if path.isascii():
        return path
    return _LONE_SURROGATE.sub(lambda found: f"\x00{ord(found[0]):04x}", path)


def text_to_path(text: str) -> str:
    """Undo `path_to_text`."""
    if ESCAPE not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def fold(text: str) -> str:
    """Bring text to the form it is compared in.

    Case, accents of Latin, Greek and Cyrillic letters, ligatures, width, soft hyphens and the kind of
    white space make no difference afterwards; kana, Thai and Indic signs are kept.
    """
    if text.isascii():
        return _SPACES.sub(" ", text.lower()).strip()
    plain = unicodedata.normalize("NFKC", _LONE_SURROGATE.sub("\ufffd", text).translate(_INVISIBLE))
    plain = _COMBINING.sub("", unicodedata.normalize("NFD", plain.casefold()))
    return _SPACES.sub(" ", unicodedata.normalize("NFC", plain)).strip()


def name_words(relative: str) -> str:
    """Return the words of a path below its root: as written, and again cut between words and numbers.

    `Trip/BeachHouse2024.jpg` is found by beach, house and 2024 as well as by beachhouse2024.
    """
    spaced = relative.replace("/", " ").replace("\\", " ")
    cut = _SEAM.sub(" ", spaced)
    return fold(spaced) if cut == spaced else fold(f"{spaced} {cut}")


def has_words(text: str) -> bool:
    """Whether folded text holds anything a word index keeps: a letter, a digit or a sign of a script."""
    return any(unicodedata.category(character)[0] in "LNM" for character in text)
