"""The settings file: defaults, values, and one clear sentence for what is wrong."""

from dataclasses import replace
from pathlib import Path

import pytest

from app import config, gui
from app.config import Config, ConfigError


def written(folder: Path, text: str) -> Path:
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_no_file_means_the_defaults(tmp_path: Path) -> None:
    assert config.load(tmp_path / "absent.toml") == Config()


def test_the_environment_names_library_and_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(config.LIBRARY, "")
    monkeypatch.setenv(config.MODELS, str(tmp_path / "models"))
    assert config.from_environment() == {"models_dir": str(tmp_path / "models")}
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(config.LIBRARY, "mine")
    assert config.from_environment()["library"] == str(tmp_path / "mine")


def test_the_window_that_is_double_clicked_follows_it_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[object] = []
    monkeypatch.setenv(config.LIBRARY, str(tmp_path))
    monkeypatch.delenv(config.MODELS, raising=False)
    monkeypatch.setattr(gui, "run", lambda settings: given.append(dict(settings)) or 0)
    monkeypatch.setattr(gui.logs, "configure", lambda **_: None)
    with pytest.raises(SystemExit):
        gui.main()
    assert given == [{"library": str(tmp_path)}]


def test_values_are_read(tmp_path: Path) -> None:
    text = (
        'profile = "fast"\nworkers = 3\nexclude = ["*.tmp"]\nlibrary = "/x"\n[models]\nscene = "clip-mini"\n'
    )
    loaded = config.load(written(tmp_path, text))
    assert (loaded.profile, loaded.workers, loaded.exclude) == ("fast", 3, ("*.tmp",))
    assert loaded.models == {"scene": "clip-mini"}
    assert loaded.library_folder == Path("/x").absolute()


def test_what_is_saved_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "config.toml"
    chosen = Config('/here "and" there', "best", {"scene": "clip-mini"}, "/m", "cpu", 3, ("*.tmp", "#x"))
    chosen = replace(chosen, service=False, service_idle_s=5, effort=20, on_power=True, when_idle=True)
    chosen = replace(chosen, page_memory_mb=64)
    config.save(replace(chosen, hear_subtitled=True), file)
    assert config.load(file) == replace(chosen, hear_subtitled=True)
    config.save(Config(), file)
    assert file.read_text() == ""
    assert [path.name for path in file.parent.iterdir()] == ["config.toml"]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="could not be written"):
        config.save(Config(), tmp_path / "file" / "config.toml")


@pytest.mark.parametrize(
    "text",
    [
        'profile = "best"\nworkers = "many"\ncolour = 3\neffort = 20\n',
        'profile = "best"\nlibrary = \neffort = 20\n[models\nscene = "x"',
    ],
    ids=["wrong values", "no TOML"],
)
def test_a_broken_file_is_kept_and_what_was_right_in_it_stays_in_use(tmp_path: Path, text: str) -> None:
    file = written(tmp_path, text)
    (tmp_path / "config.broken-1.toml").touch()
    kept = config.mend(file)
    assert (kept.name, kept.read_text()) == ("config.broken-2.toml", text)
    assert config.load(file) == Config(profile="best", effort=20)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("profile = 'huge'", "fast, balanced, best"),
        ("workers = 'many'", "workers must be like 0"),
        ("colour = 1", "unknown settings: colour"),
        ("library = ", "cannot be read"),
    ],
    ids=["unknown profile", "wrong type", "unknown name", "not TOML"],
)
def test_mistakes_are_named(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        config.load(written(tmp_path, text))
