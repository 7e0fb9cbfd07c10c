import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from app.show import ordinal, place, print_result, reasons
from search.records import (
    Content,
    Evidence,
    File,
    Grouped,
    Hit,
    Locator,
    Page,
    Region,
    SearchResult,
    TimeSpan,
    Whole,
)


def evidence(space: str, calibrated: float) -> Evidence:
    return Evidence(space, 1, 0.5, Whole(), None, calibrated)


def test_only_what_counts_is_told_the_strongest_first() -> None:
    found = (evidence("look", 0.9), evidence("scene", 0.4), evidence("phash", 0.01))
    assert reasons(found) == "same picture, looks like it"


def test_a_leg_is_told_once_and_the_best_one_always() -> None:
    assert reasons((evidence("text", 0.7), evidence("text", 0.6))) == "words on the page"
    assert reasons((evidence("scene", 0.02), evidence("look", 0.01))) == "looks like it"
    assert reasons((evidence("smell", 0.5),)) == "smell"


@pytest.mark.parametrize(
    ("locator", "said"),
    [
        (Whole(), ""),
        (Page(3), ", page 3"),
        (TimeSpan(65.9, 70), ", at 1:05"),
        (TimeSpan(3725, 3730), ", at 1:02:05"),
        (Region(TimeSpan(5, 6), (0, 0, 1, 1)), ", at 0:05, a part"),
    ],
)
def test_places_as_a_person_says_them(locator: Locator, said: str) -> None:
    assert place(locator) == said


@pytest.mark.parametrize(
    ("rank", "said"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (112, "112th"), (121, "121st")]
)
def test_places_in_a_row(rank: int, said: str) -> None:
    assert ordinal(rank) == said


def test_every_reason_is_told_with_its_place_words_and_score(capsys: pytest.CaptureFixture[str]) -> None:
    found = (
        Evidence("speech", 2, 3.5, TimeSpan(61, 64.25), "a dog  barks", 0.95),
        Evidence("label", 11, 1.0, Region(Whole(), (0.1, 0.2, 0.5, 1)), "dog", 0.05),
    )
    hit = Hit(1, 0.95, File("/a/x.mp4", "d", 1, 1, "/a"), Content("d", "video/mp4", 1), Whole(), None, found)
    days = Hit(2, 0.95, hit.file, hit.content, Whole(), None, found, group=Grouped("2024-05-01", 3))
    out = Console(width=200, highlight=False)
    print_result(SearchResult("dog", 1.0, (hit, days)), out, why=True)
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert "0.95  said (speech, 2nd there, 3.500)  at 1:01 (61.0 to 64.2 s)  “a dog barks”" in lines
    assert "0.05  an object in it (label, 11th there, 1.000)  a part [0.10,0.20,0.50,1.00]  “dog”" in lines
    assert "2024-05-01 · 3 files" in lines
    print_result(SearchResult("dog", 1.0, (hit,)), out)
    assert "2nd there" not in capsys.readouterr().out


def test_what_answers_each_part_of_a_question_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    found = (
        Evidence("scene", 1, 0.4, Region(Page(2), (0, 0, 1, 0.5)), None, 0.9, "chart of revenue"),
        Evidence("text", 1, 9.0, Page(3), "Miller is  the auditor.", 0.8, "auditor"),
        Evidence("text", 2, 7.0, Page(3), "An auditor came.", 0.7, "auditor"),
    )
    content = Content("d", "application/pdf", 1)
    hit = Hit(1, 0.9, File("/a/x.pdf", "d", 1, 1, "/a"), content, Page(2), "never told", found)
    out = Console(width=200, highlight=False)
    print_result(SearchResult("q", 1.0, (hit,)), out)
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert lines[1:3] == [
        "“chart of revenue”, page 2, a part: looks like it",
        "“auditor”, page 3: Miller is the auditor.",
    ]
    assert "never told" not in "".join(lines)
    print_result(SearchResult("q", 1.0, (hit,)), out, why=True)
    assert "page 3  “An auditor came.”  for “auditor”" in capsys.readouterr().out
    linked = replace(hit, evidence=(found[0], replace(found[1], path="/b/books 2024.pdf")))
    print_result(SearchResult("q", 1.0, (linked,)), out)
    assert "“auditor”, books 2024.pdf, page 3: Miller is the auditor." in capsys.readouterr().out


def test_a_name_with_letters_that_the_locale_does_not_have_is_shown_without_a_link() -> None:
    code = "from pathlib import Path; from app.show import _link; print(_link(Path('/a/\\xfc.jpg')))"
    poor = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "POSIX"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        env=os.environ | poor,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
