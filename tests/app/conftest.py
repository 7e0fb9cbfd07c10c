"""A home of its own for every test of the program, and one indexed library of the samples."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import resources
from app import cli, client
from app.bootstrap import IndexWishes, start_indexing
from app.config import Config
from app.models import catalogue, packaged
from app.models.recipe import PackageSource
from search.errors import ModelError


@pytest.fixture(autouse=True)
def no_models_in_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Making one ready takes seconds and megabytes; the tests that are about it ask for `starter`."""
    monkeypatch.setenv(packaged.SWITCH, "off")


@pytest.fixture
def starter(no_models_in_packages: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The models that installed packages carry are used; skips where the packages are not all there."""
    monkeypatch.delenv(packaged.SWITCH)
    for entry in catalogue.shipped():
        if isinstance(entry.source, PackageSource):
            try:
                there = packaged.find(entry.id, entry.source)
            except ModelError as error:
                pytest.skip(str(error))
            if there is None:
                pytest.skip(f"the packages of {entry.id} are not installed: {entry.command}")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Everything Crossfind keeps goes below this folder; a resident process started in it is stopped."""
    monkeypatch.setenv("CROSSFIND_HOME", str(tmp_path / "home"))
    for name in ("CROSSFIND_LIBRARY", "CROSSFIND_MODELS"):
        monkeypatch.delenv(name, raising=False)
    yield tmp_path / "home"
    client.stop_service()


@pytest.fixture
def crossfind(home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Any:
    """Run the real entry point in this process; returns exit code, output, errors."""

    def run(*arguments: object) -> tuple[object, str, str]:
        monkeypatch.setattr("sys.argv", ["crossfind", *map(str, arguments)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as stop:
            cli.main()
        return stop.value.code, *capfd.readouterr()

    return run


@pytest.fixture(scope="session")
def sample_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of the sample media, made without any model. Tests must not change it."""
    folder = tmp_path_factory.mktemp("samples") / "library"
    wishes = IndexWishes((resources.path("samples"),), exclude=("*.md",))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CROSSFIND_HOME", str(folder.parent / "home"))
        patch.delenv("CROSSFIND_MODELS", raising=False)
        patch.setenv(packaged.SWITCH, "off")
        for _ in start_indexing(Config(library=str(folder)), wishes, threading.Event()).events:
            pass
    return folder
