"""The dependency rules between the top-level folders, kept true by a test."""

import ast
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY_IMPORT: dict[str, set[str]] = {
    "resources": set(),
    "search": set(),
    "indexers": {"search"},
    "ui": {"search", "resources"},
    "app": {"search", "indexers", "ui", "resources"},
}
HEAVY = ("torch", "PySide6", "lancedb", "open_clip", "onnxruntime")
SEARCH_MAY_USE = {"numpy", "pyarrow", "lark"}
STORE_MAY_USE = SEARCH_MAY_USE | {"lancedb", "filelock", "tomli_w"}


def imported_names(module: Path) -> set[str]:
    """Return the top-level name of every import in the file, nested ones too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module.relative_to(ROOT)} has a relative import"
            names.add((node.module or "").partition(".")[0])
    return names


def modules_of(folder: str) -> list[Path]:
    found = sorted((ROOT / folder).rglob("*.py"))
    assert found, f"{folder} holds no module"
    return found


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_folder_imports_only_what_it_may(folder: str) -> None:
    for module in modules_of(folder):
        ours = (imported_names(module) & MAY_IMPORT.keys()) - {folder}
        assert ours <= MAY_IMPORT[folder], f"{module.relative_to(ROOT)} imports {ours}"


@pytest.mark.parametrize("folder", ["search", "indexers", "resources"])
def test_only_the_window_knows_qt(folder: str) -> None:
    for module in modules_of(folder):
        assert "PySide6" not in imported_names(module), module.relative_to(ROOT)


def test_the_window_knows_no_model_and_no_database() -> None:
    forbidden = {"lancedb", "torch", "open_clip", "onnxruntime", "pymupdf", "fitz"}
    for module in modules_of("ui"):
        assert not imported_names(module) & forbidden, module.relative_to(ROOT)


def test_search_needs_little_and_only_the_store_knows_lancedb() -> None:
    for module in modules_of("search"):
        allowed = STORE_MAY_USE if "store" in module.relative_to(ROOT).parts else SEARCH_MAY_USE
        outside = imported_names(module) - sys.stdlib_module_names - {"search"}
        assert outside <= allowed, f"{module.relative_to(ROOT)} imports {outside - allowed}"


def test_no_other_distribution_owns_our_names() -> None:
    owners = packages_distributions()
    for folder in MAY_IMPORT:
        assert set(owners.get(folder, ["crossfind"])) == {"crossfind"}


@pytest.mark.parametrize("package", ["search", "search.store", "search.engine", "indexers.base", "app.cli"])
def test_importing_the_core_stays_cheap(package: str) -> None:
    code = f"import sys, {package}; print([m for m in {HEAVY!r} if m in sys.modules])"
    command = [sys.executable, "-c", code]
    out = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_the_window_opens_without_tables_and_models() -> None:
    """What it imports before it is shown is what a person waits for; `search.records` is light."""
    slow = ("numpy", "pyarrow", "typer", "cv2", "PySide6.QtMultimedia", *(set(HEAVY) - {"PySide6"}))
    code = (
        "import sys, app.window.backend, app.window.settings, ui.application; "
        f"print([m for m in {slow!r} if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nsys.argv = ['crossfind', '--help']\nfrom app.cli import main\n"
        f"try:\n    main()\nexcept SystemExit:\n    pass\nprint([m for m in {HEAVY!r} if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert out.stdout.strip().endswith("[]")
