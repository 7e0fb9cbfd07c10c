"""Which language a query is in, as far as letters and small words tell, and whether a model understands it.

Small words that stand in names that English texts use too (`la`, `van`) count half. Where an English small
word stands beside them, or nothing tells, a query passes for one that every model understands.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

_SURE: Mapping[str, str] = {
    "German": "und oder ein eine einen einem einer ist sind nicht für auf bei nach aus vom zum zur über wo",
    "French": "et ou une avec dans est sont pour qui où aux chez sous mes nos",
    "Spanish": "y una con por para esta cómo dónde desde sobre mis",
    "Italian": "una con della nel nella sono è che gli degli dove",
    "Dutch": "het een voor niet met bij zijn mijn onze waar",
    "Portuguese": "uma com em não na nas nos pelo meu minha onde",
}
_NAMES: Mapping[str, str] = {
    "German": "der die das den dem des von im am mit",
    "French": "le la les de du des au sur",
    "Spanish": "el la los las de del en",
    "Italian": "il lo la di da del",
    "Dutch": "de van op te den der",
    "Portuguese": "o os as do da dos das de",
}
_ENGLISH_WORDS = "the of and with for from to at is are by his her their in on a an my"
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_ENOUGH = 2
_WORD = re.compile(r"[^\W\d_]+")
_NAMED = {"en": "English"}
EVERY = "multilingual"
"""What a model says that understands many languages."""


@dataclass(frozen=True, slots=True)
class Tongues:
    """The languages (ISO 639-1) a model understands, none where that is not known, and the command that gets
    one that understands more."""

    languages: tuple[str, ...]
    remedy: str | None = None

    def complaint(self, model: str, text: str) -> str | None:
        """Return why a model cannot be asked with a text, None where it can or nobody knows."""
        if not self.languages or EVERY in self.languages:
            return None
        seen = language_of(text)
        known = [_NAMED.get(one, one) for one in self.languages]
        if seen is None or seen in known:
            return None
        return f"The model {model} understands {' and '.join(known)}, and the query seems to be {seen}."


def language_of(text: str) -> str | None:
    """Return the language, or the letters, of a text that is surely not English; else None."""
    letters = [letter for letter in text if letter.isalpha()]
    scripts = Counter(unicodedata.name(letter, "?").partition(" ")[0].partition("-")[0] for letter in letters)
    script = max(scripts, key=lambda one: scripts[one], default="LATIN")
    if script != "LATIN":
        return f"in {'Chinese' if script == 'CJK' else script.capitalize()} letters"
    words = {word.casefold() for word in _WORD.findall(unicodedata.normalize("NFC", text))}
    if words & _ENGLISH:
        return None
    weights = {name: 2 * len(words & _sure(name)) + len(words & _in_names(name)) for name in _SURE}
    language = max(weights, key=lambda name: weights[name])
    return language if weights[language] >= _ENOUGH else None


def _sure(language: str) -> frozenset[str]:
    return frozenset(_SURE[language].split())


def _in_names(language: str) -> frozenset[str]:
    return frozenset(_NAMES[language].split())
