"""What is said of the repairs of a query picture, and the turns that a sentence tells of."""

import re

from search.people.records import FACE
from search.records import Fix, SearchResult
from search.telling import PICTURE_FIXES
from ui.language import number, tr
from ui.saying import said

_TURN = re.compile(r"turned by (90|180|270)°(?: to the (right|left))?")


def is_of_picture(fix: Fix) -> bool:
    """Whether it is said in the strip: a repair of a picture, or which of its faces is searched."""
    return fix.kind == FACE or fix.kind.partition("+")[0] in PICTURE_FIXES


def applied(result: SearchResult) -> Fix | None:
    """Return the repair by which was searched, if there was one."""
    return next(
        (fix for fix in result.fixes if fix.applied and fix.kind != FACE and is_of_picture(fix)), None
    )


def tried(result: SearchResult) -> tuple[Fix, ...]:
    """Return the repairs that were asked as well and did not lead."""
    return tuple(fix for fix in result.fixes if not fix.applied and is_of_picture(fix))


def face_remark(result: SearchResult) -> str:
    """Say that one of several faces is searched; empty when that is plain."""
    told = next((fix.detail for fix in result.fixes if fix.kind == FACE), "")
    return said(told.partition(" For another")[0])


def told_of(fix: Fix) -> str:
    """Say what was done, and how much surer the library is then."""
    what, evidence = parts_of(fix)
    reason = f"\n{evidence[:1].upper()}{evidence[1:]}" if evidence else ""
    if not (gain := fix.confidence_gain):
        return tr("The picture was {what}.", what=what) + reason
    surer = f"{'+' if gain > 0 else '−'}{number(abs(gain), 1)}"
    return tr("The picture was {what}, {surer} surer.", what=what, surer=surer) + reason


def parts_of(fix: Fix) -> tuple[str, str]:
    """Return what was done to the picture, "turned by 90°", and why, as the window says it."""
    what, _, evidence = fix.detail.partition(" (")
    return said(what), said(evidence.removesuffix(")"))


def turn_of(fix: Fix) -> int:
    """Return by how many degrees to the right the picture was turned; 0 when that is not what was done."""
    found = _TURN.search(fix.detail)
    if found is None:
        return 0
    degrees = int(found[1])
    return 360 - degrees if found[2] == "left" else degrees
