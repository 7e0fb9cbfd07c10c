"""What the program advises, as the window says it."""

import pytest

from search.errors import CrossfindError
from ui.remedies import Advice, Way, advice, is_locked, reason_in_window, told


@pytest.mark.parametrize(
    ("remedy", "text", "way"),
    [
        (None, "It is so.", ""),
        ("Is the disk full?", "It is so. Is the disk full?", ""),
        ("crossfind models pull clip", "It is so.", "models"),
        ('pip install "crossfind[starter]"', "It is so.", "models"),
        ("crossfind index FOLDER", "It is so.", "add folder"),
        ("Learn it anew with: crossfind index", "It is so.", "update"),
        ("Give it with --password or --password-file.", "It is so.", "password"),
        (
            "Raise it with --max-megapixels.",
            "It is so. Search by a smaller copy of it, or allow larger ones in the settings.",
            "settings",
        ),
        ("Use --device cpu.", "It is so. Choose another device in the settings.", "settings"),
        ("Try again, or add --no-service.", "It is so. Close Crossfind and open it anew.", ""),
        ("See: crossfind people list", "It is so.", ""),
    ],
)
def test_what_a_command_would_mend_a_button_does(remedy: str | None, text: str, way: Way) -> None:
    said = advice("It is so.", remedy)
    assert said == Advice(text, way)
    assert bool(said.button) == bool(way)


def test_reasons_in_the_library_lose_their_options() -> None:
    locked = "The PDF is encrypted and it needs a password. Give it with --password or --password-file."
    assert reason_in_window(locked) == "The PDF is encrypted and it needs a password."
    assert is_locked(locked)
    large = "The picture is too large (340 megapixels). Raise it with --max-megapixels."
    assert reason_in_window(large) == (
        "The picture is too large (340 megapixels). Settings, Running, allows more."
    )
    slow = "The file was given up: it took longer than 60 seconds (--time-limit)."
    assert reason_in_window(slow) == (
        "The file was given up: it took longer than 60 seconds. Settings, Running, allows more."
    )
    text = "The text is larger than 20 MB. Have it read all the same with --max-text-mb."
    assert reason_in_window(text) == "The text is larger than 20 MB. Settings, Running, allows more."
    assert not is_locked(large)
    packed = "The archive is encrypted. Give its password with --password, or unpack it."
    assert reason_in_window(packed) == "The archive is encrypted."
    assert is_locked(packed)
    full = "The disk is full. Free some space and run the same command again; what was written is kept."
    assert (
        reason_in_window(full) == "The disk is full. Free some space and try again; what was written is kept."
    )
    damaged = "A table cannot be read (a.lance). Check and repair it with: crossfind doctor"
    assert reason_in_window(damaged) == "A table cannot be read (a.lance)."


def test_faults_of_ours_are_not_told_in_their_own_words() -> None:
    assert told(CrossfindError("It is so.", "Use --device cpu."), "No.").startswith("It is so.")
    assert told(RuntimeError("list index"), "It failed.") == "It failed."
