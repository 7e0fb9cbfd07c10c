from pathlib import Path

import pytest

from ui.results.programs import Program, ask_the_desktop, chosen, programs_for

ENTRY = "[Desktop Entry]\nType=Application\nName={name}\nExec={command}\n{more}"


@pytest.fixture
def desktop(tmp_path: Path) -> dict[str, str]:
    """A data folder of a desktop with three programs and a cache that names four."""
    folder = tmp_path / "share" / "applications"
    folder.mkdir(parents=True)
    (folder / "mimeinfo.cache").write_text(
        "[MIME Cache]\nimage/png=a.desktop;gone.desktop;t.desktop;b.desktop;\n"
    )
    (folder / "a.desktop").write_text(
        ENTRY.format(name="Painter", command="/usr/bin/paint --new %F %i", more="")
    )
    (folder / "b.desktop").write_text(ENTRY.format(name="Viewer", command='"/opt/my viewer"', more=""))
    (folder / "t.desktop").write_text(ENTRY.format(name="Shell", command="less %f", more="Terminal=true\n"))
    return {"XDG_DATA_HOME": str(tmp_path / "none"), "XDG_DATA_DIRS": str(tmp_path / "share")}


def test_the_desktops_programs_for_a_kind_of_file(desktop: dict[str, str]) -> None:
    found = programs_for("image/png", desktop, "linux")
    assert [one.name for one in found] == ["Painter", "Viewer"]
    paths = [Path("/a b.png"), Path("/c.png")]
    assert found[0].command_for(paths) == ["/usr/bin/paint", "--new", "/a b.png", "/c.png"]
    assert found[1].command_for(paths) == ["/opt/my viewer", "/a b.png", "/c.png"]
    assert programs_for("video/mp4", desktop, "linux") == []
    assert programs_for("image/png", desktop, "darwin") == []


def test_a_program_that_was_picked_is_started_as_the_system_does() -> None:
    assert chosen(Path("/Applications/Paint.app"), "darwin").command == (
        "open",
        "-a",
        "/Applications/Paint.app",
    )
    assert chosen(Path("/usr/bin/gimp"), "linux") == Program("gimp", ("/usr/bin/gimp",))
    assert not ask_the_desktop(Path("/a.png"), "linux")
    assert not Program("none", ("/there/is/no/such/program",)).open([Path("/a.png")])
