"""The whole set of hostile files: every one ends with one clear sentence, and nothing hangs."""

import sys
import tarfile

import pytest

from indexers.media_types import by_extension
from search.records import Failed, Indexed, Skipped, Unchanged


@pytest.mark.timeout(600)
def test_every_hostile_file_has_an_outcome(media_dir, run_index, tmp_path):
    roots = [media_dir / "hostile", media_dir / "pdf"]
    expected = {
        str(path)
        for root in roots
        for path in root.rglob("*")
        if path.is_file() and (by_extension(path.name) or "").startswith(("image/", "application/", "video/"))
    }
    if sys.platform != "win32":
        with tarfile.open(media_dir / "hostile" / "names.tar") as archive:
            archive.extractall(tmp_path / "names", filter="data")
        roots.append(tmp_path / "names")
        expected |= {str(path) for path in (tmp_path / "names").rglob("*") if path.is_file()}
    outcomes = {outcome.path: outcome for outcome in run_index(*roots)}
    assert expected <= set(outcomes)
    for path in expected:
        outcome = outcomes[path]
        assert isinstance(outcome, Indexed | Skipped | Failed)
        if not isinstance(outcome, Indexed):
            assert outcome.reason.endswith(".")
            assert outcome.reason[0].isupper()
            assert 15 < len(outcome.reason) < 200
            assert "\n" not in outcome.reason
            assert "Traceback" not in outcome.reason
    good = [
        path
        for path in expected
        if "/images_odd/" in path or "/exif_orientation/" in path or "/avif/" in path
    ]
    good += [path for path in expected if "/video_odd/" in path or path.endswith((".mkv", ".webm"))]
    assert [path for path in good if not isinstance(outcomes[path], Indexed)] == []
    for name in ("truncated_99pct.jpg", "truncated_70pct.jpg", "bitflips.jpg", "garbage_before_header.pdf"):
        assert isinstance(next(o for p, o in outcomes.items() if p.endswith(name)), Indexed)
    again = {outcome.path: outcome for outcome in run_index(*roots)}
    for path in expected:
        first = outcomes[path]
        assert again[path] == (Unchanged(path) if isinstance(first, Indexed) else first)
