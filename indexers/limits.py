"""Which files that cost too much, or were too large, deserve another try because a limit was raised."""

import re

from indexers.base import Limits

_OF_OPTION = {
    "--max-megapixels": "megapixels",
    "--max-text-mb": "text_mb",
    "--time-limit": "seconds",
    "--memory-limit": "memory_mb",
}
_AT = re.compile(r"(?:limit is|longer than|more than|larger than) ([0-9]+(?:\.[0-9]+)?(?:e\+?[0-9]+)?)")


def allow_now(limits: Limits, reason: str) -> bool:
    """Whether a file that ran into a limit may pass these; its reason names the option and what it was then.

    False for a file that failed otherwise, so that it is not read in vain with every run.
    """
    limit = next((name for option, name in _OF_OPTION.items() if option in reason), None)
    before = _AT.search(reason)
    return limit is not None and before is not None and getattr(limits, limit) > float(before[1])
