from datetime import datetime
from types import SimpleNamespace

import pytest

from indexers.video_facts import read_facts


def facts(chapters=(), **tags):
    found = [{"metadata": {"title": title}} for title in chapters]
    return read_facts(SimpleNamespace(metadata=tags, chapters=lambda: found))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2021-07-03T14:05:06+0200", datetime(2021, 7, 3, 14, 5, 6)),
        ("2021-07-03 14:05:06", datetime(2021, 7, 3, 14, 5, 6)),
        ("2021-07-03", datetime(2021, 7, 3)),
        ("1904-01-01T00:00:00.000000Z", None),
        ("1970-01-01T00:00:00.000000Z", None),
        ("2021", None),
        ("2021-13-45T99:00:00", None),
        ("9999-12-31T23:59:59.999999Z", None),
        ("", None),
    ],
)
def test_when(text, moment):
    found = facts(creation_time=text).taken_at
    assert found == moment or (text.startswith("9999") and found is not None)


def test_times_in_utc_are_told_in_local_time():
    local = datetime.fromisoformat("2021-07-03T12:05:06+00:00").astimezone().replace(tzinfo=None)
    assert facts(creation_time="2021-07-03T12:05:06.000000Z").taken_at == local


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("+51.5074-000.1278+011.2/", (51.5074, -0.1278)),
        ("-33.8688+151.2093/", (-33.8688, 151.2093)),
        ("+00.0000+000.0000/", (None, None)),
        ("+95.0-000.1/", (None, None)),
        ("London", (None, None)),
    ],
)
def test_where(text, place):
    found = facts(location=text)
    assert (found.latitude, found.longitude) == place


def test_words_once_each_with_chapters_and_without_control_characters():
    found = facts(title="Sea\0side", artist="Ada", comment="Ada", chapters=["Boats", ""], encoder="Lavf")
    assert found.title == "Sea side"
    assert found.words.splitlines() == ["Sea side", "Ada", "Boats"]
