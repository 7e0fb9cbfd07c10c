"""What `crossfind watch` prints of a run."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from app.watch_news import FEW, News


def run_of(file: Path, facts: Sequence[dict[str, Any]]) -> list[str]:
    """A command that tells these facts, kept in a file, as `crossfind index --json` does."""
    file.write_text("\n".join(map(json.dumps, facts)), encoding="utf-8")
    return [sys.executable, "-c", f"print(open({str(file)!r}, encoding='utf-8').read())"]


def facts(outcome: str, count: int) -> list[dict[str, Any]]:
    return [{"outcome": outcome, "path": f"/{n}.jpg", "reason": None} for n in range(count)]


def test_of_very_many_files_the_first_are_named_and_the_rest_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    many, news = 2324, News()
    assert news.of_run(
        run_of(tmp_path / "told", [*facts("indexed", many), *facts("removed", FEW), {"summary": {}}])
    )
    lines = [line.split("  ", 1)[1] for line in capsys.readouterr().out.splitlines()]
    assert lines[:FEW] == [f"indexed  /{n}.jpg" for n in range(FEW)]
    assert lines[FEW:-1] == [f"removed  /{n}.jpg" for n in range(FEW)]
    assert lines[-1] == "indexed  and 2,314 more"
    assert news.of_run(
        run_of(tmp_path / "told", [*facts("indexed", 1), {"summary": {}}])
    )  # each run begins anew
    assert capsys.readouterr().out.splitlines()[0].endswith("indexed  /0.jpg")


def test_as_json_every_file_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told, trouble = facts("moved", 50), {"outcome": "failed", "path": "/x.jpg", "reason": "It is cut off."}
    news = News(as_json=True)
    for _ in range(2):
        assert news.of_run(
            run_of(tmp_path / "told", [*told, trouble, *facts("unchanged", 3), {"summary": {}}])
        )
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines == [*told, trouble, *told]
