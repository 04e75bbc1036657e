"""What always holds about shared productions."""

from collections.abc import Iterator

from tallystick.core.invariant import Changes, Invariant

from .model import Deposit, Enrolled, Shared, SharingKey


def _rewritten(changes: Changes) -> Iterator[str]:
    """Find keys, enrolments and divisions that changed or vanished."""
    for kind in (SharingKey, Enrolled, Shared):
        for id, old, new in changes.of(kind):
            if old is not None and old != new:
                yield f"{kind.__name__} {id.hex()} was rewritten"


def _uneven(changes: Changes) -> Iterator[str]:
    """Find divisions that credit more than there was, or lose money on the way."""
    for id, _, shared in changes.of(Shared):
        if shared is None:
            continue
        if sum(shared.credited_wh) > shared.produced_wh:
            yield f"of {id.hex()} more was credited than produced"
        if sum(shared.paid) != sum(shared.received):
            yield f"for {id.hex()} {sum(shared.paid)} was paid, {sum(shared.received)} received"
    for id, _, deposit in changes.of(Deposit):
        if deposit is not None and deposit.left < 0:
            yield f"deposit {id.hex()} is below zero"


INVARIANTS = (
    Invariant(
        "A key, what is enrolled, and how a production was divided, never change.", _rewritten
    ),
    Invariant("No more is credited than was produced, and what is paid is received.", _uneven),
)
