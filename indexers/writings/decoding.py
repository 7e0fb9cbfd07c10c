"""From bytes to text, whatever the encoding."""

import codecs

from search.errors import MediaError

SAMPLE = 32_768
_CODES = (
    *("cp1252", "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr", "cp1251", "koi8_r", "cp1250"),
    *("cp1253", "cp1254", "cp1255", "cp1256", "cp874"),
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NEARLY = 0.01
"""So large a share of bytes may be wrong in a text in UTF-8."""

_STRANGE = 0.3
"""No larger share of the signs of a text control a machine, or are none at all."""


def decoded(data: bytes, declared: str | None = None) -> str:
    """Return the text that the bytes are; `declared` is what they say of themselves, believed if it fits.

    Raises `MediaError` for what is no text.
    """
    code, skip = encoding_of(data, declared)
    text = data[skip:].decode(code, "replace").replace("\r\n", "\n").replace("\r", "\n")
    sample = text[:SAMPLE]
    strange = sum(not sign.isprintable() and sign not in "\n\t\f\0" for sign in sample)
    if strange + sample.count("\ufffd") > _STRANGE * len(sample):
        raise MediaError("The file is no text that can be read.")
    return text.replace("\0", "").replace("\ufeff", "")


def encoding_of(data: bytes, declared: str | None = None) -> tuple[str, int]:
    """Return the name of the encoding, and how many bytes of mark stand before the text."""
    for mark, code in _MARKS:
        if data.startswith(mark):
            return code, len(mark)
    wide = _wide(data[:SAMPLE])
    if wide:
        return wide, 0
    if _is_utf8(data):
        return "utf-8", 0
    if declared and _knows(declared) and _fits(data, declared):
        return declared, 0
    return _guessed(data), 0


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3 and not data[: error.start].isascii():
            return True  # cut in the middle of a letter
        text = data.decode("utf-8", "replace")
        letters = sum(sign > "\x7f" for sign in text)
        return letters > 0 and text.count("\ufffd") <= _NEARLY * letters
    return True


def _wide(sample: bytes) -> str | None:
    """Tell text of two bytes a sign without a mark: every second byte is none."""
    half = len(sample) // 2
    if half < 2:
        return None
    first, second = sample[: 2 * half : 2].count(0), sample[1 : 2 * half : 2].count(0)
    if second > half * 0.4 and first < half * 0.05:
        return "utf-16-le"
    return "utf-16-be" if first > half * 0.4 and second < half * 0.05 else None


def _fits(data: bytes, code: str) -> bool:
    return data[:SAMPLE].decode(code, "replace").count("\ufffd") <= _NEARLY * min(len(data), SAMPLE)


def _knows(code: str) -> bool:
    try:
        return "\0" not in code and codecs.lookup(code)._is_text_encoding
    except (LookupError, ValueError):
        return False


def _guessed(data: bytes) -> str:
    """Guess by the lines that are not plain ASCII."""
    from charset_normalizer import from_bytes

    telling = bytearray()
    for line in data[: 64 * SAMPLE].splitlines(keepends=True):
        if not line.isascii():
            telling += line
        if len(telling) >= SAMPLE:
            break
    best = from_bytes(bytes(telling[:SAMPLE]), cp_isolation=list(_CODES)).best()
    return best.encoding if best else "cp1252"
