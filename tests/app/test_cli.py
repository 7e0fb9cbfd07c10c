"""The command line as a person and as a program uses it: streams, exit codes, JSON."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import resources
from app import cli
from app.cli_asked import caret
from search.errors import QuerySyntaxError
from search.store import Library

SAMPLES = resources.path("samples")
ROOT = Path(__file__).parents[2]
PIPES: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)

pytestmark = pytest.mark.usefixtures("home")


class Told:
    """What one command printed and its exit code."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def crossfind(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Any:
    """Run the real entry point in this process."""

    def run(*arguments: object) -> Told:
        monkeypatch.setattr("sys.argv", ["crossfind", *map(str, arguments)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as stop:
            cli.main()
        out, err = capfd.readouterr()
        return Told(stop.value.code if isinstance(stop.value.code, int) else 0, out, err)

    return run


@pytest.fixture
def search(crossfind: Any, sample_library: Path) -> Any:
    """Search the sample library in this process."""

    def run(*arguments: object) -> Told:
        told: Told = crossfind("search", "--no-service", "-l", sample_library, *arguments)
        return told

    return run


def test_a_phrase_finds_its_page(search: Any) -> None:
    told = search('"rowing boat"', "--json")
    (hit,) = told.lines[0]["hits"]
    assert told.code == 0
    assert Path(hit["path"]).name == "lease RB-20417.pdf"
    assert {name: value for name, value in hit["locator"].items() if value is not None} == {
        "kind": "page",
        "page": 1,
    }
    assert hit["evidence"][0]["space"] == "text"
    assert (hit["rank"], hit["present"], hit["type"]) == (1, True, "pdf")


def test_a_relative_picture_starts_from_the_current_folder(
    search: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(SAMPLES)
    hits = search("like:@IMG_2041.jpg", "--json").lines[0]["hits"]
    assert [Path(hit["path"]).name for hit in hits[:2]] == ["IMG_2041.jpg", "coffee.jpg"]


def test_a_person_reads_where_and_why(search: Any) -> None:
    told = search("inverters")
    assert "solar report.pdf, page 1" in told.out
    assert "words on the page" in told.out


def test_nothing_found_is_an_answer_with_exit_code_1(search: Any) -> None:
    told = search("zyxwvut")
    assert (told.code, "Nothing good found" in told.out) == (1, True)
    assert "--floor 0 shows" in told.out or "Nothing weaker matches either" in told.out


def test_with_the_floor_at_0_nobody_is_sent_there(search: Any) -> None:
    told = search("name:quxquxqux", "--floor", "0")
    assert (told.code, "--floor" in told.out) == (1, False)


def test_a_bad_query_gets_a_caret_and_exit_code_2(search: Any) -> None:
    told = search("(boat")
    assert told.code == 2
    assert "^" in told.err
    assert told.out == ""


def test_letters_of_two_columns_are_pointed_at_where_they_stand() -> None:
    error = QuerySyntaxError("wrong", 4, 6)
    assert caret("犬 (\tab", error) == "  犬 ( ab\n       ^^"


def test_queries_from_a_file_are_answered_one_a_line(search: Any, tmp_path: Path) -> None:
    file = tmp_path / "queries.txt"
    file.write_text("inverters\n\n(broken\nname:galax\n", encoding="utf-8")
    told = search("--queries", file, "--json")
    answers = told.lines
    assert [answer["query"] for answer in answers] == ["inverters", "(broken", "name:galax"]
    assert "error" in answers[1]
    assert (len(answers[0]["hits"]), len(answers[2]["hits"]), told.code) == (1, 1, 1)


@pytest.mark.parametrize("arguments", [(), ("a", "--queries", __file__), ("a", "--floor", "2")])
def test_wrong_use_has_exit_code_2(search: Any, arguments: tuple[str, ...]) -> None:
    assert search(*arguments).code == 2


def test_no_library_says_how_to_make_one(crossfind: Any, tmp_path: Path) -> None:
    told = crossfind("search", "--no-service", "-l", tmp_path / "none", "boat")
    assert told.code == 1
    assert "crossfind index" in told.err


def test_index_reports_outcomes_and_a_summary(crossfind: Any, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    shutil.copy(SAMPLES / "cat.jpg", folder / "cat.jpg")
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 and no more")
    told = crossfind("index", folder, "-l", tmp_path / "library", "--json")
    *outcomes, last = told.lines
    assert {Path(o["path"]).name: o["outcome"] for o in outcomes} == {
        "cat.jpg": "indexed",
        "broken.jpg": "failed",
    }
    assert last["summary"] | {"seconds": 0} == {
        "indexed": 1, "unchanged": 0, "moved": 0, "skipped": 0, "failed": 1, "removed": 0, "seconds": 0,
    }  # fmt: skip
    assert told.code == 1
    assert "crossfind models pull" in told.err


def test_index_without_folders_needs_an_earlier_run(crossfind: Any, tmp_path: Path) -> None:
    told = crossfind("index", "-l", tmp_path / "library")
    assert (told.code, "There is no library in" in told.err) == (1, True)
    assert "plug that in" not in told.err
    assert not (tmp_path / "library").exists()


def test_a_library_on_a_drive_that_is_away_may_come_back(crossfind: Any, tmp_path: Path) -> None:
    told = crossfind("search", "red", "-l", tmp_path / "drive" / "library", "--no-service")
    assert (told.code, "if it lies on a drive, plug that in" in " ".join(told.err.split())) == (1, True)


def test_the_doctor_looks_at_an_empty_library(crossfind: Any, tmp_path: Path) -> None:
    Library.create(tmp_path / "library").close()
    told = crossfind("doctor", "-l", tmp_path / "library")
    assert (told.code, "no files; 0 could not be read" in told.out) == (0, True)


def test_forget_then_prune_then_doctor(crossfind: Any, sample_library: Path, tmp_path: Path) -> None:
    library = tmp_path / "copy"
    shutil.copytree(sample_library, library)
    told = crossfind("forget", SAMPLES / "cat.jpg", "-l", library)
    assert (told.code, "1 file forgotten" in told.out) == (0, True)
    assert "The next crossfind index reads it again" in told.out
    told = crossfind("forget", SAMPLES / "cat.jpg", "-l", library)
    assert (told.code, "not in the library" in told.err) == (1, True)
    status = crossfind("status", "-l", library, "--json").lines[0]
    assert status["files"] == {"image": 8, "pdf": 3}
    assert crossfind("prune", "-l", library).code == 0
    told = crossfind("doctor", "-l", library, "--json")
    assert (told.code, told.lines[0]["problems"]) == (0, [])


def test_status_tells_a_person_what_is_missing(crossfind: Any, sample_library: Path) -> None:
    told = crossfind("status", "-l", sample_library)
    assert "9 pictures, 3 PDFs" in told.out
    assert "words of pages and texts: " in told.out
    assert "crossfind models pull" in told.out


def test_version_is_told(crossfind: Any) -> None:
    assert crossfind("--version").out.startswith("crossfind 0.")


def test_a_bug_is_logged_and_never_shown_as_a_traceback(
    crossfind: Any, home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("app.reports.status", lambda _: {}["surprise"])
    told = crossfind("status")
    assert told.code == 70
    assert "Traceback" not in told.err
    assert "surprise" in (home / "logs" / "crossfind.log").read_text(encoding="utf-8")
    caplog.clear()


def test_a_run_stops_in_good_order_when_its_parent_closes_stdin(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    cat = (SAMPLES / "cat.jpg").read_bytes()
    for n in range(400):
        (folder / f"{n}.jpg").write_bytes(cat + bytes([n % 256, n // 256]))
    command = [sys.executable, "-m", "app", "index", folder, "-l", tmp_path / "library"]
    options = ["--json", "--until-stdin-closes"]
    with subprocess.Popen([*map(str, command), *options], cwd=ROOT, **PIPES) as process:
        assert process.stdout is not None
        first = json.loads(process.stdout.readline())
        assert process.stdin is not None
        process.stdin.close()
        last = process.stdout.read().splitlines()[-1]
        assert process.wait(60) == cli.INTERRUPTED
    assert first["outcome"] == "indexed"
    assert 0 < json.loads(last)["summary"]["indexed"] <= 400


def test_a_run_ends_well_while_stdin_stays_open(home: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "app", "index", SAMPLES / "sky", "-l", tmp_path / "library"]
    options = ["--json", "--until-stdin-closes", "--progress-json"]
    with subprocess.Popen([*map(str, command), *options], cwd=ROOT, **PIPES) as process:
        assert process.wait(60) == cli.DONE
        assert process.stdout is not None
        assert json.loads(process.stdout.read().splitlines()[-1])["summary"]["indexed"] == 2


@pytest.mark.parametrize("by_stdin", [True, False])
def test_a_run_pauses_and_goes_on(home: Path, tmp_path: Path, by_stdin: bool) -> None:
    folder, library = tmp_path / "many", tmp_path / "library"
    folder.mkdir()
    cat = (SAMPLES / "cat.jpg").read_bytes()
    for n in range(300):
        (folder / f"{n}.jpg").write_bytes(cat + bytes([n % 256, n // 256]))
    command = [sys.executable, "-m", "app", "index", folder, "-l", library]
    options = ["--json", "--until-stdin-closes", "--progress-json", "--effort", "90"]

    def say(process: "subprocess.Popen[bytes]", word: str) -> None:
        if by_stdin:
            assert process.stdin is not None
            process.stdin.write(word.encode() + b"\n")
            process.stdin.flush()
        else:
            told = [sys.executable, "-m", "app", "index", f"--{word}", "-l", str(library)]
            assert subprocess.run(told, cwd=ROOT, check=False).returncode == cli.DONE

    def stages(process: "subprocess.Popen[bytes]") -> Iterator[str]:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith(b'{"progress"'):
                yield json.loads(line)["progress"]["stage"]

    with (
        (tmp_path / "outcomes").open("wb") as outcomes,
        subprocess.Popen([*map(str, command), *options], cwd=ROOT, **PIPES | {"stdout": outcomes}) as process,
    ):
        told = stages(process)
        next(told)
        say(process, "pause")
        assert "paused" in told
        say(process, "resume")
        assert "indexing" in told
        assert list(told)[-1] == "tidying up"
        assert process.wait(60) == cli.DONE
    last = (tmp_path / "outcomes").read_text().splitlines()[-1]
    assert json.loads(last)["summary"]["indexed"] == 300


def test_what_is_not_running_cannot_be_paused(crossfind: Any, tmp_path: Path) -> None:
    told = crossfind("index", "--pause", "-l", tmp_path / "library")
    assert told.code == cli.INCOMPLETE
    assert "Nothing is being indexed" in told.err
    told = crossfind("index", "--resume", "-l", tmp_path / "library")
    assert (told.code, told.out) == (cli.INCOMPLETE, "No run is paused.\n")


class TestExplain:
    def test_for_a_person(self, crossfind: Any, sample_library: Path) -> None:
        told = crossfind("explain", "--no-service", "-l", sample_library, "inverters", "type:pdf")
        assert told.code == 0
        assert "type:pdf" in told.out
        legs = [line.split() for line in told.out.splitlines() if line.startswith("inverters")]
        assert {"text", "name"} <= {leg[1] for leg in legs}

    def test_for_a_program(self, crossfind: Any, sample_library: Path) -> None:
        told = crossfind("explain", "--no-service", "-l", sample_library, "inverters", "--json")
        (answer,) = told.lines
        text = next(leg for leg in answer["legs"] if leg["leg"] == "text")
        assert text["part"] == "inverters"
        assert text["found"] >= text["kept"] >= text["hits"] == 1
        assert answer["result"]["hits"][0]["path"].endswith(".pdf")

    def test_a_mistake_is_pointed_at(self, crossfind: Any, sample_library: Path) -> None:
        told = crossfind("explain", "--no-service", "-l", sample_library, "(boat")
        assert told.code == 2
        assert "^" in told.err


def test_groups_are_told_as_such(search: Any) -> None:
    told = search("type:image", "--group", "folder", "--sort", "name", "--json")
    groups = [hit["group"] for hit in told.lines[0]["hits"]]
    assert [Path(group["name"]) for group in groups] == sorted(Path(group["name"]) for group in groups)
    assert sum(group["files"] for group in groups) == len(search("type:image", "--json").lines[0]["hits"])
    assert " files" in search("type:image", "--group", "folder").out


def _crossfind(out: Any) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "app", "models", "list"]
    return subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.PIPE, text=True)


def test_a_reader_that_has_enough_is_no_error() -> None:
    with _crossfind(subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        told = process.stderr.read()
    assert process.returncode == 0
    assert "Error" not in told


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no device that is always full")
def test_a_full_disk_is_told() -> None:
    with Path("/dev/full").open("w") as full, _crossfind(full) as process:
        assert process.stderr is not None
        told = process.stderr.read()
    assert process.returncode == 1
    assert told == "crossfind: No room is left to write to. Make room on the disk and try again.\n"


@pytest.mark.parametrize("estimate", [(), ("--estimate",)])
def test_a_folder_that_never_was_makes_no_library(crossfind: Any, tmp_path: Path, estimate: Any) -> None:
    told = crossfind("index", tmp_path / "Picturs", "-l", tmp_path / "library", *estimate)
    assert (told.code, "There is no file or folder" in told.err) == (1, True)
    assert not (tmp_path / "library").exists()


def test_an_empty_library_says_how_to_fill_it(crossfind: Any, tmp_path: Path) -> None:
    told = crossfind("status", "-l", tmp_path / "library")
    assert (told.code, "crossfind index FOLDER" in told.out) == (0, True)


def test_what_is_learned_is_listed_by_both_commands(crossfind: Any) -> None:
    assert crossfind("modalities", "list").out == crossfind("modalities").out != ""


def test_a_film_that_is_not_there_is_no_query(crossfind: Any, tmp_path: Path) -> None:
    told = crossfind("cut", tmp_path / "mach.mp4", "1:23..1:40", "--out", tmp_path / "goal.mp4")
    assert (told.code, "There is no file" in told.err) == (1, True)


def test_passwords_that_are_no_text_are_told(crossfind: Any, tmp_path: Path) -> None:
    (tmp_path / "passwords").write_bytes(b"gr\xfc\xdfe\n")
    told = crossfind("index", tmp_path, "--password-file", tmp_path / "passwords", "-l", tmp_path / "library")
    assert (told.code, "Save it as UTF-8" in told.err) == (1, True)


def test_what_programs_read_is_utf_8_whatever_the_terminal_speaks(sample_library: Path) -> None:
    asked = [sys.executable, "-m", "app", "search", "--no-service", "-l", sample_library, "--json", "name:😀"]
    done = subprocess.run(
        asked, cwd=ROOT, env=os.environ | {"PYTHONIOENCODING": "ascii"}, stdout=subprocess.PIPE, check=False
    )
    assert json.loads(done.stdout)["query"] == "name:😀"
