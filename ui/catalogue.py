"""Reads the files of translators (`.po`), as gettext and its editors write them: there is no build step."""

import re
import struct
from ast import literal_eval
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_LINE = re.compile(r'(?:(msgctxt|msgid|msgid_plural|msgstr)(?:\[(\d)\])?\s+)?("(?:[^"\\]|\\.)*")\s*$')


@dataclass(frozen=True, slots=True)
class Entry:
    """One text and how it is said in another language: one form, or one for each kind of number.

    The header of a file is the entry of the empty text. `many` is "" for what is not counted.
    """

    text: str
    many: str
    context: str
    said: tuple[str, ...]


def read_entries(text: str) -> Iterator[Entry]:
    """Read the contents of a `.po` file; entries that are marked as doubtful (`fuzzy`) are left out.

    Raises:
        ValueError: a line that is neither a remark nor part of an entry; the message has its number.
    """
    parts: dict[str, str] = {}
    last, doubtful, number = "", False, 0
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#") or not line.strip():
            if parts:
                yield from _entry(parts, doubtful)
                parts, doubtful = {}, False
            doubtful = doubtful or (line.startswith("#,") and "fuzzy" in line)
            continue
        if (found := _LINE.match(line)) is None or not (found[1] or last):
            raise ValueError(f"line {number} is no part of a translation: {line}")
        if found[1]:
            last = found[1] if found[2] is None else f"msgstr{found[2]}"
        parts[last] = parts.get(last, "") + str(literal_eval(found[3]))
    if parts:
        yield from _entry(parts, doubtful)


def _entry(parts: dict[str, str], doubtful: bool) -> Iterator[Entry]:
    said = tuple(value for name, value in sorted(parts.items()) if name.startswith("msgstr"))
    if not doubtful:
        yield Entry(parts.get("msgid", ""), parts.get("msgid_plural", ""), parts.get("msgctxt", ""), said)


def compiled(entries: Iterable[Entry]) -> bytes:
    """Return entries as the `.mo` file that Python's gettext loads; what is not translated yet stays away.

    The format: <https://www.gnu.org/software/gettext/manual/html_node/MO-Files.html>, without a hash table.
    """
    keys, values = [], []
    for one in entries:
        if all(one.said):
            key = f"{one.context}\x04{one.text}" if one.context else one.text
            keys.append((f"{key}\0{one.many}" if one.many else key).encode())
            values.append("\0".join(one.said).encode())
    strings = keys + values
    at = 28 + 8 * len(strings)
    table = []
    for string in strings:
        table += [len(string), at]
        at += len(string) + 1
    head = struct.pack("<7I", 0x950412DE, 0, len(keys), 28, 28 + 8 * len(keys), 0, 0)
    return head + struct.pack(f"<{len(table)}I", *table) + b"".join(string + b"\0" for string in strings)
