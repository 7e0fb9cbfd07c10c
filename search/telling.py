"""How the fixes of a query are told a person. Imports nothing heavy: the window says it, too."""

from search.records import Fix

PICTURE_FIXES = frozenset(
    ("border", "screenshot", "perspective", "panels", "rotate", "skew", "mirror", "specks", "noise")
) | frozenset(("blur", "motion", "blocks", "dark", "bright", "contrast", "cast"))


def told_of(fix: Fix) -> str:
    """Return the sentence that tells a person of a fix of a query."""
    if fix.kind.partition("+")[0] not in PICTURE_FIXES:
        return fix.detail
    if fix.applied:
        return f"Searched with the picture {fix.detail}; --fix off searches the original."
    if fix.detail.startswith("could be"):
        return f"The picture {fix.detail}; --fix auto searches it so where that finds more."
    return f"Searched as well with the picture {fix.detail}."
