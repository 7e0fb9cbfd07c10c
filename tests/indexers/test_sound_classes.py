"""Which classes a text means, by the meaning of their names and by their words."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from indexers.sound_classes import ClassNames, Encode, phrases
from search.kept_vectors import KeptVectors
from search.spaces import Vector, unit_rows

NAMES = ("Dog", "Bark", "Violin, fiddle", "Police car (siren)", "Bee, wasp, etc.")


class Letters:
    """A meaning of sorts: how often each letter occurs."""

    def __init__(self) -> None:
        self.asked: list[Sequence[str]] = []

    def __call__(self, texts: Sequence[str]) -> Vector:
        self.asked.append(texts)
        counts = [[text.count(chr(letter)) for letter in range(97, 123)] for text in texts]
        return unit_rows(np.array(counts, np.float32))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Dog", ["dog"]),
        ("Violin, fiddle", ["violin, fiddle", "violin", "fiddle"]),
        ("Police car (siren)", ["police car (siren)", "police car", "siren police car"]),
        ("Bee, wasp, etc.", ["bee, wasp, etc.", "bee", "wasp"]),
    ],
)
def test_a_class_is_called_by_its_name_and_its_parts(name: str, expected: list[str]) -> None:
    assert list(phrases(name)) == expected


@pytest.mark.parametrize("encode", [None, Encode("letters", Letters())], ids=["words", "meaning"])
@pytest.mark.parametrize(("text", "most"), [("bark", 1), ("Fiddle", 2), ("wasp", 4), ("siren police car", 3)])
def test_the_class_that_is_named_weighs_most(encode: Encode | None, text: str, most: int) -> None:
    weights, sureness = ClassNames(NAMES, encode).weights(text)
    assert int(weights.argmax()) == most
    assert np.linalg.norm(weights) == pytest.approx(1)
    assert sureness == 1


@pytest.mark.parametrize("text", ["contract", "", "!"])
def test_words_that_name_no_class_are_unsure(text: str) -> None:
    assert ClassNames(NAMES).weights(text)[1] == 0


def test_more_words_than_a_name_has_and_other_endings_still_name_it() -> None:
    weights, sureness = ClassNames(NAMES).weights("a dog barking loudly")
    assert set(np.argsort(-weights)[:2]) == {0, 1}
    assert sureness > 0.5


def test_names_are_encoded_once_and_kept(tmp_path: Path) -> None:
    first, second = Letters(), Letters()
    told: list[str] = []
    kept = KeptVectors(tmp_path / "cache", told.append)
    wanted = ClassNames(NAMES, Encode("m", first), kept).weights("bark")
    assert told == [f"Learning what the names of {len(NAMES)} sounds mean, once; this takes a few seconds …"]
    names = ClassNames(NAMES, Encode("m", second), kept)
    assert names.weights("bark")[1] == wanted[1]
    assert names.weights("dog")[1] == 1
    assert ([len(asked) for asked in second.asked], len(told)) == ([1, 1], 1)
    other = Letters()
    ClassNames(NAMES, Encode("other", other), KeptVectors(tmp_path / "cache")).weights("bark")
    assert len(other.asked[0]) > 1


def test_a_broken_cache_is_made_anew(tmp_path: Path) -> None:
    letters = Letters()
    ClassNames(NAMES, Encode("m", letters), KeptVectors(tmp_path)).weights("bark")
    (file,) = tmp_path.iterdir()
    for content in (b"", b"nonsense", file.read_bytes()[:50]):
        file.write_bytes(content)
        assert ClassNames(NAMES, Encode("m", Letters()), KeptVectors(tmp_path)).weights("bark")[1] == 1
    assert file.stat().st_size > 1000
