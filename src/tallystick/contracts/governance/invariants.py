"""What always holds about how a ledger is ruled."""

from collections.abc import Iterator
from itertools import pairwise

from tallystick.core.invariant import Changes, Invariant
from tallystick.core.release import ParametersPlan, ReleasePlan

from .model import Proposal


def _rewritten(changes: Changes) -> Iterator[str]:
    """Find proposals that vanished, changed what they say, or were decided twice."""
    for id, old, new in changes.of(Proposal):
        if new is None:
            yield f"proposal {id.hex()} vanished"
        elif old is not None and (
            (old.resolution, old.ballot, old.question, old.proposed_height)
            != (new.resolution, new.ballot, new.question, new.proposed_height)
        ):
            yield f"proposal {id.hex()} was rewritten"
        elif old is not None and (
            (old.enacted_height and old.enacted_height != new.enacted_height)
            or (old.applied_height and old.applied_height != new.applied_height)
        ):
            yield f"proposal {id.hex()} was decided twice"


def _out_of_time(changes: Changes) -> Iterator[str]:
    """Find proposals that were enacted at their height or later, or applied before it."""
    for id, _, new in changes.of(Proposal):
        if new is None:
            continue
        height, enacted, applied = new.resolution.height, new.enacted_height, new.applied_height
        if enacted and not new.proposed_height <= enacted < height:
            yield f"proposal {id.hex()} for block {height} was enacted in block {enacted}"
        if applied and not (enacted and height <= applied):
            yield f"proposal {id.hex()} for block {height} was applied in block {applied}"


def _forgotten(changes: Changes) -> Iterator[str]:
    """Find plans that forgot a release, or are out of order."""
    for _, old, new in changes.of(ReleasePlan):
        if new is None or (old is not None and not set(old.releases) <= set(new.releases)):
            yield "a release was forgotten"
        elif any(one.height > other.height for one, other in pairwise(new.releases)):
            yield "releases are out of order"
    for id, _, new in changes.of(ParametersPlan):
        if new is None:
            yield f"the plan {id.hex()} of parameters vanished"
        elif any(one.height > other.height for one, other in pairwise(new.settings)):
            yield f"the plan {id.hex()} of parameters is out of order"


INVARIANTS = (
    Invariant("A proposal stays what it was, and is decided once.", _rewritten),
    Invariant("It is enacted before its height, and applied from it on.", _out_of_time),
    Invariant("What was released is never forgotten, and plans are in order.", _forgotten),
)
