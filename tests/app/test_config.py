"""The settings file: defaults, values, and one clear sentence for what is wrong."""

from pathlib import Path

import pytest

from app import config
from app.config import Config, ConfigError


def written(folder: Path, text: str) -> Path:
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_no_file_means_the_defaults(tmp_path: Path) -> None:
    assert config.load(tmp_path / "absent.toml") == Config()


def test_values_are_read(tmp_path: Path) -> None:
    text = (
        'profile = "fast"\nworkers = 3\nexclude = ["*.tmp"]\nlibrary = "/x"\n[models]\nscene = "clip-mini"\n'
    )
    loaded = config.load(written(tmp_path, text))
    assert (loaded.profile, loaded.workers, loaded.exclude) == ("fast", 3, ("*.tmp",))
    assert loaded.models == {"scene": "clip-mini"}
    assert loaded.library_folder == Path("/x").absolute()


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
