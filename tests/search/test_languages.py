import pytest

from search.languages import Tongues, language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Rechnung für Strom", "German"),
        ("ein Hund am Strand", "German"),
        ("der Hund mit dem Ball", "German"),
        ("un chien sur la plage avec une balle", "French"),
        ("perro en la playa", "Spanish"),
        ("una donna nella neve", "Italian"),
        ("een hond op het strand", "Dutch"),
        ("um cachorro na praia", "Portuguese"),
        ("собака на пляже", "in Cyrillic letters"),
        ("狗在海滩上", "in Chinese letters"),
        ("海辺のいぬとねこ", "in Hiragana letters"),
    ],
)
def test_other_languages_are_told(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "42",
        "dog",
        "la la land",
        "Vincent van Gogh",
        "el capitan",
        "le mans race",
        "a dog and a cat",
        "Leonardo da Vinci portrait",
        "los angeles at night",
        "the und sign",
        "café menu",
        "IMG 2024",
        "Hund",
        "die hard",
        "rio de janeiro",
        "war is over if you want it",
        "who is over there",
    ],
)
def test_what_may_be_english_is_left_alone(text: str) -> None:
    assert language_of(text) is None


def test_only_a_model_that_surely_does_not_understand_complains() -> None:
    said = Tongues(("en",), "get another").complaint("minilm", "ein Hund am Strand")
    assert said == "The model minilm understands English, and the query seems to be German."
    assert Tongues(("en",)).complaint("minilm", "a dog at the beach") is None
    assert Tongues(("multilingual",)).complaint("m", "ein Hund am Strand") is None
    assert Tongues(()).complaint("m", "ein Hund am Strand") is None
