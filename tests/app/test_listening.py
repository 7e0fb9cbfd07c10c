"""Spoken queries: what is searched for, what is marked, and a real voice."""

import json
from pathlib import Path
from typing import Any

import pytest

import resources
from app.listening import HeardWord, as_query, doubting, marked
from search.parser import parse
from search.query import Words


@pytest.mark.parametrize(
    ("said", "query"),
    [
        ("A black dog, and a brown dog.", "A black dog and a brown dog"),
        ('He said: "Hello (there)!"', "He said Hello there"),
        ("cats OR dogs AND NOT birds", "cats or dogs and not birds"),
        ("version 2.5 -- the 'new' one", "version 2.5 the new one"),
        ("sound:@/etc/passwd type:pdf^2", "sound /etc/passwd type pdf 2"),
        (" ... ", ""),
    ],
)
def test_nothing_that_is_said_is_a_sign_of_the_language(said: str, query: str) -> None:
    assert as_query(said) == query
    if query:
        assert isinstance(parse(query).root, Words)


def test_words_that_may_be_misheard_are_marked() -> None:
    words = (HeardWord("red", 0.9), HeardWord("toy.", 0.3))
    assert marked(words) == "red ⟨toy.⟩"


@pytest.mark.parametrize(
    ("heard", "query"),
    [
        ([("Photos", 0.9), ("of", 0.3), ("Aida.", 0.4)], "Photos of Aida~"),
        ([("well-known", 0.1), ("3", 0.1), ("-", 0.1)], "well-known 3"),
        ([("猫", 0.2), ("咪", 0.9)], "猫咪"),
    ],
)
def test_words_that_may_be_misheard_are_looked_for_loosely(
    heard: list[tuple[str, float]], query: str
) -> None:
    words = [HeardWord(text, sure) for text, sure in heard]
    plain = query.replace("~", "")
    assert doubting(plain, words) == query
    assert isinstance(parse(query).root, Words)


def test_a_real_voice_is_understood(starter: None, crossfind: Any, media_dir: Path, tmp_path: Path) -> None:
    crossfind("index", resources.path("samples"), "--only", "metadata")
    voice = media_dir / "speech" / "caption_1030985833_b0902ea560.mp3"
    told = json.loads(crossfind("ask", "--voice", voice, "--json", "--no-service")[1])
    assert "black dog" in told["voice"]["query"].replace("~", "").lower()
    assert told["query"] == told["voice"]["query"]
    assert len(told["voice"]["words"]) > 8
    assert all(0 <= word["probability"] <= 1 for word in told["voice"]["words"])
    assert "resample" in [fix["kind"] for fix in told["fixes"]]
    edited = json.loads(crossfind("ask", "--voice", voice, "--edit", "coffee", "--json", "--no-service")[1])
    assert (edited["query"], edited["voice"]["edited"]) == ("coffee", True)


def test_what_cannot_be_heard_is_one_sentence(starter: None, crossfind: Any, tmp_path: Path) -> None:
    import wave

    path = tmp_path / "silence.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes(bytes(32_000))
    code, out_, err = crossfind("ask", "--voice", path, "--no-service")
    assert (code, out_) == (1, "")
    assert "it is silent" in err
    code, _, err = crossfind("ask", "--voice", tmp_path / "none.wav", "--no-service")
    assert code == 2
    assert "does not exist" in err
