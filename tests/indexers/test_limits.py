"""Which files are tried again when limits are raised."""

import pytest

from indexers.base import Limits
from indexers.limits import allow_now


@pytest.mark.parametrize(
    ("reason", "raised"),
    [
        (
            "The picture is too large (340 megapixels; the limit is 200 megapixels). "
            "Raise it with --max-megapixels.",
            Limits(megapixels=400),
        ),
        ("The text is larger than 20 MB. Have it read all the same with --max-text-mb.", Limits(text_mb=21)),
        ("The file was given up: it took longer than 60 seconds (--time-limit).", Limits(seconds=61)),
        (
            "The file was given up: it needed more than 2048 MB of memory (--memory-limit).",
            Limits(memory_mb=4096),
        ),
    ],
)
def test_only_where_the_limit_it_ran_into_is_higher_now(reason: str, raised: Limits) -> None:
    assert allow_now(raised, reason)
    assert not allow_now(Limits(), reason)


def test_large_limits_are_read_as_they_are_written() -> None:
    reason = f"The text is larger than {1e6:g} MB. Have it read all the same with --max-text-mb."
    assert not allow_now(Limits(text_mb=900_000), reason)
    assert allow_now(Limits(text_mb=2e6), reason)


def test_what_failed_otherwise_is_not_tried_again() -> None:
    high = Limits(1e6, 1e6, 1e6, 1e6)
    assert not allow_now(high, "The picture is damaged.")
    assert not allow_now(high, "The PDF is encrypted and it needs a password. Give it with --password.")
