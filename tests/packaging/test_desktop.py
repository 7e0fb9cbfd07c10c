"""What a Linux desktop reads about us agrees with the project."""

import configparser
import tomllib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[2]
PACKAGING = ROOT / "packaging"


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return found


def test_the_desktop_entry_starts_a_program_that_is_installed(project: dict[str, Any]) -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[assignment, method-assign]
    entry.read(PACKAGING / "crossfind.desktop", encoding="utf-8")
    facts = entry["Desktop Entry"]
    assert facts["Exec"] in project["gui-scripts"]
    assert (PACKAGING / f"{facts['Icon']}.svg").is_file()
    assert facts["Categories"].endswith(";")


def test_the_metainfo_tells_this_version_and_licence(project: dict[str, Any]) -> None:
    about = ElementTree.parse(PACKAGING / "crossfind.metainfo.xml").getroot()
    releases = [release.get("version") for release in about.iter("release")]
    assert releases[0] == project["version"]
    assert about.findtext("project_license") == project["license"]
    assert about.findtext("launchable") == "crossfind.desktop"
    commands = {*project["scripts"], *project["gui-scripts"]}
    assert {binary.text for binary in about.iter("binary")} <= commands


def test_the_icon_is_the_window_s(project: dict[str, Any]) -> None:
    ours = (ROOT / "resources" / "icons" / "crossfind.svg").read_bytes()
    assert (PACKAGING / "crossfind.svg").read_bytes() == ours


def test_the_recipe_can_be_read() -> None:
    compile((PACKAGING / "crossfind.spec").read_text(encoding="utf-8"), "crossfind.spec", "exec")
