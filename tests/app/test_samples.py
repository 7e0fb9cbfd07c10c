"""The sample media are small, varied, and every one has its source named."""

import resources

SAMPLES = resources.path("samples")


def test_samples_are_small_and_varied() -> None:
    files = [file for file in SAMPLES.rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in files) < 3_000_000
    assert {".jpg", ".pdf"} <= {file.suffix for file in files}


def test_every_photo_names_its_source() -> None:
    sources = (SAMPLES / "SOURCES.md").read_text(encoding="utf-8")
    photos = list(SAMPLES.rglob("*.jpg"))
    assert photos
    for photo in photos:
        assert photo.relative_to(SAMPLES).as_posix() in sources
