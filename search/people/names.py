"""Names of people: which are allowed, and whom a text means."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches

from search.errors import CrossfindError
from search.store.text import fold

LONGEST = 200


class PersonError(CrossfindError):
    """A person, a face or an edit of people that cannot be."""


def readable_name(text: str) -> str:
    """Return a name as it is kept. Raises `PersonError` for what cannot be one."""
    name = " ".join(text.split())
    if not name or not name.isprintable() or len(name) > LONGEST:
        raise PersonError("A name is one line of text.", "Write for example: crossfind people name 12 Ada")
    if name.isdecimal():
        raise PersonError("A name cannot be a number: person:12 means the person that lists show as 12.")
    return name


def find_persons(text: str, names: Mapping[int, str], there: Collection[int] = ()) -> set[int]:
    """Return the persons that a text means: all of this name, case and accents aside; else one by its number;
    else all whose name holds these words. Raises `PersonError` with who may be meant."""
    wanted = fold(text)
    folded = {number: fold(name) for number, name in names.items()}
    if same := {number for number, name in folded.items() if name == wanted}:
        return same
    if wanted.isdecimal() and (int(wanted) in there or int(wanted) in names):
        return {int(wanted)}
    words = set(wanted.split())
    if partly := {number for number, name in folded.items() if words and words <= set(name.split())}:
        return partly
    raise _unknown(text, names, folded)


def find_person(text: str, names: Mapping[int, str], there: Collection[int]) -> int:
    """Return the one person that a text means. Raises `PersonError`."""
    found = sorted(find_persons(text, names, there))
    if len(found) > 1:
        listed = ", ".join(f"{names[number]} ({number})" for number in found)
        raise PersonError(f"{text} may be {listed}.", "Write the number, or the whole name.")
    return found[0]


def _unknown(text: str, names: Mapping[int, str], folded: Mapping[int, str]) -> PersonError:
    if text.strip().isdecimal():
        return PersonError(f"There is no person {text}.", "See: crossfind people list")
    close = get_close_matches(fold(text), folded.values(), n=3, cutoff=0.6)
    near = [name for number, name in names.items() if folded[number] in close]
    if near:
        return PersonError(f"Nobody here is called {text}.", f"Did you mean {' or '.join(near)}?")
    if names:
        listed = ", ".join(sorted(names.values())[:8])
        return PersonError(f"Nobody here is called {text}.", f"There are {listed}.")
    return PersonError(
        f"Nobody here is called {text}: no face has a name yet.", "Name some: crossfind people list"
    )
