"""What was typed with another keyboard layout switched on than was meant: `ghbdtn` for `привет`."""

from collections.abc import Iterator
from typing import NamedTuple


class Layout(NamedTuple):
    """The letters of the keys of a layout, key by key as in `QWERTY`."""

    name: str
    keys: str


QWERTY = Layout("English", "`qwertyuiop[]asdfghjkl;'zxcvbnm,.")

LAYOUTS = (
    Layout("Russian", "ёйцукенгшщзхъфывапролджэячсмитьбю"),
    Layout("Ukrainian", "ʼйцукенгшщзхїфівапролджєячсмитьбю"),
    Layout("Greek", "`;ςερτυθιοπ[]ασδφγηξκλ΄'ζχψωβνμ,."),
    Layout("Hebrew", ";/'קראטוןםפ][שדגכעיחלךף,זסבהנמצתץ"),
    Layout("Arabic", "ذضصثقفغعهخحجدشسيبلاتنمكطئءؤرﻻىةوز"),
    Layout("German", "^qwertzuiopü+asdfghjklöäyxcvbnm,."),
    Layout("French", "²azertyuiop^$qsdfghjklmùwxcvbn,;:"),
)
"""The layouts that texts are turned to and from. Source: the usual layouts of these languages."""


def retyped(text: str) -> Iterator[tuple[str, str]]:
    """Yield, for each layout, what the same keys give with it, and what they give with the English layout
    where it was the other one that was on: the text, and the name of the layout that was meant."""
    for layout in LAYOUTS:
        for meant, tapped in ((layout, QWERTY), (QWERTY, layout)):
            table = str.maketrans(dict(zip(tapped.keys, meant.keys, strict=True)))
            made = text.lower().translate(table)
            if made != text.lower():
                yield made, meant.name
