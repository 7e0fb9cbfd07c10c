import pytest

from search.units import unit_of


@pytest.mark.parametrize(
    ("media_type", "unit"),
    [
        ("application/pdf", "page"),
        ("image/tiff", "page"),
        ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "slide"),
        ("application/vnd.oasis.opendocument.presentation", "slide"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "sheet"),
        ("application/vnd.oasis.opendocument.spreadsheet", "sheet"),
        ("application/epub+zip", "chapter"),
        ("application/mbox", "message"),
        ("application/zip", "member"),
        ("application/gzip", "member"),
        ("text/plain", "part"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "part"),
    ],
)
def test_what_places_are_called(media_type, unit):
    assert unit_of(media_type) == unit
