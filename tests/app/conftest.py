"""A home of its own for every test of the program, and one indexed library of the samples."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import resources
from app import cli, client
from app.bootstrap import IndexWishes, start_indexing
from app.config import Config
from app.models import catalogue, packaged
from app.models.recipe import PackageSource
from search.errors import ModelError

SIDECAR = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"'
    ' xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#"><mwg-rs:Regions rdf:parseType="Resource">'
    "<mwg-rs:RegionList><rdf:Bag>{items}</rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>"
    "</rdf:Description></rdf:RDF></x:xmpmeta>"
)
ITEM = (
    '<rdf:li><rdf:Description mwg-rs:Name="{name}" mwg-rs:Type="Face"><mwg-rs:Area stArea:x="{x}"'
    ' stArea:y="0.5" stArea:w="0.2" stArea:h="0.4" stArea:unit="normalized"/></rdf:Description></rdf:li>'
)


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


@pytest.fixture
def named_photo() -> Callable[..., Path]:
    """Write a picture and a sidecar that names who is in it, from left to right."""

    def photo(path: Path, shade: int, *names: str) -> Path:
        path.parent.mkdir(exist_ok=True)
        Image.new("RGB", (64, 48), (shade, shade, 40)).save(path)
        items = "".join(ITEM.format(name=name, x=0.15 + 0.3 * n) for n, name in enumerate(names))
        path.with_name(path.name + ".xmp").write_text(SIDECAR.format(items=items), encoding="utf-8")
        return path

    return photo


@pytest.fixture
def family_photos(named_photo: Callable[..., Path], tmp_path: Path) -> Path:
    """A folder: Ada and Grace together, each alone, and Grace's twin, whom the file calls Gracie."""
    folder = tmp_path / "photos"
    for shade, (name, *who) in enumerate(
        [("both.png", "Ada", "Grace"), ("ada.png", "Ada"), ("grace.png", "Grace"), ("twin.png", "Gracie")]
    ):
        named_photo(folder / name, 50 * shade, *who)
    return folder
