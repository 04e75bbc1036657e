"""
What a coordinator does next for a joint change, given what the ledgers say.

Everything here is pure, and `coordinator.py` carries it out:

    ended = change_together(ledgers, parts, deciding=…, lasting=…, signer=Secrets(secrets))

Nothing that a coordinator remembers decides anything. It reads the ledgers before every step, so it
may be killed between any two of them, run twice at once, or never come back.

Parts are prepared on the deciding ledger first and then by ascending ledger id, so that two who
want the same things meet at the same door. Whoever is refused there holds nothing. If they still
meet crosswise, the change of lower id waits and the other gives way: whoever waits is always the
lower one, so nobody waits in a circle.
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import Final

from msgspec import Struct

from tallystick.base.encoding import Malformed, decode, encode
from tallystick.base.identifiers import LedgerId, LockId
from tallystick.contracts.exchange.model import (
    PARTS_MAX,
    SALT_BYTES,
    Change,
    Outcome,
    Part,
    PartState,
    change_id,
)
from tallystick.core.holding import can_own

ENDED: Final[Mapping[Outcome, frozenset[PartState | None]]] = {
    Outcome.COMMITTED: frozenset({PartState.CHANGED}),
    Outcome.ABORTED: frozenset({PartState.UNCHANGED, None}),
}
"""How a part looks that waits for nothing. What was committed is held, even if it was not seen."""


class UnsoundParts(ValueError):
    """No ledger could prepare these parts together."""


class Refusal(Struct, frozen=True):
    """Why a ledger did not do what it was asked."""

    ledger: LedgerId
    """Which ledger."""

    contract: str
    """The contract that refused; empty if the transaction did not qualify as one."""

    code: int
    """Its reason; see the errors of that contract."""

    message: str
    """The same for people."""

    held_by: LockId | None = None
    """The change or the hash-time lock that holds what is wanted, if that is why."""

    until: int = 0
    """By when that is decided. [ms since the epoch, UTC]"""


class Seen(Struct, frozen=True):
    """What the ledgers say of a change."""

    parts: tuple[PartState | None, ...]
    """How far each part has come; nothing for those that no ledger holds."""

    outcome: Outcome | None
    """What was decided, if anything was."""

    time: int
    """The time of the deciding ledger. [ms since the epoch, UTC]"""

    closed: bool = False
    """Whether that ledger has a block at or after the deadline, so that it commits no more."""


class PrepareParts(Struct, frozen=True):
    """Prepare parts of one ledger."""

    ledger: LedgerId
    """Where."""

    parts: tuple[int, ...]
    """Which, by index."""


class Decide(Struct, frozen=True):
    """Have the deciding ledger record an outcome."""

    outcome: Outcome
    """Which."""


class FinishParts(Struct, frozen=True):
    """Show the decision wherever a part still waits for it."""

    parts: tuple[int, ...]
    """Which, by index."""


class Wait(Struct, frozen=True):
    """Nothing can be done now."""

    until: int
    """When something will be at the latest. [ms since the epoch, UTC]"""


class Over(Struct, frozen=True):
    """Everything has ended, on every ledger in the same way."""

    outcome: Outcome
    """How."""


Step = PrepareParts | Decide | FinishParts | Wait | Over


def plan(parts: Sequence[Part], *, deciding: LedgerId, deadline: int, salt: bytes = b"") -> Change:
    """
    Return a change of these parts in their order, under a fresh salt unless one is given.

    Raises `UnsoundParts` if no ledger could prepare them together.
    """
    change = Change(
        deciding=deciding,
        deadline=deadline,
        parts=tuple(sorted(parts, key=_place)),
        salt=salt or secrets.token_bytes(SALT_BYTES),
    )
    check_parts(change)
    return change


def check_parts(change: Change) -> None:
    """Refuse a change that no ledger could prepare, whoever planned it: `UnsoundParts`."""
    if not 1 <= len(change.parts) <= PARTS_MAX:
        raise UnsoundParts(f"{len(change.parts)} parts, a change has 1 to {PARTS_MAX}")
    for before, after in pairwise(map(_place, change.parts)):
        if before == after:
            raise UnsoundParts("a holding stands there twice: name it once, with the sum")
        if before > after:
            raise UnsoundParts("the parts don't ascend by ledger, contract and holding")
    for part in change.parts:
        if not can_own(part.target):
            raise UnsoundParts(f"target {part.target.hex()}: neither a key nor a vault")
    try:
        decode(encode(change), Change)
    except Malformed as error:
        raise UnsoundParts(str(error)) from error


def prepare_order(change: Change) -> list[LedgerId]:
    """Return in which order parts are prepared: first where it is decided, then by ledger id."""
    ledgers = {part.ledger for part in change.parts}
    return sorted(ledgers, key=lambda ledger: (ledger != change.deciding, ledger))


def next_step(
    change: Change, seen: Seen, mine: Collection[int], refusal: Refusal | None = None
) -> Step:
    """
    Return what to do next for a change, as whoever owns the parts `mine`.

    `refusal` is why a ledger did not prepare one of them when it was asked last.
    """
    if seen.outcome is not None:
        ended = ENDED[seen.outcome]
        waiting = tuple(n for n, state in enumerate(seen.parts) if state not in ended)
        return FinishParts(waiting) if waiting else Over(seen.outcome)
    if seen.closed and PartState.PREPARED not in seen.parts:
        return Over(Outcome.ABORTED)
    if seen.time >= change.deadline:
        return Decide(Outcome.ABORTED)
    missing = [n for n, state in enumerate(seen.parts) if state is None]
    if not missing:
        return Decide(Outcome.COMMITTED)
    if refusal is not None:
        return _after_refusal(change, seen, refusal)
    ledger = next(
        each
        for each in prepare_order(change)
        if any(change.parts[n].ledger == each for n in missing)
    )
    parts = tuple(n for n in missing if n in mine and change.parts[n].ledger == ledger)
    return PrepareParts(ledger, parts) if parts else Wait(change.deadline)


def may_wait(change: Change, seen: Seen, refusal: Refusal) -> bool:
    """
    Tell whether a change may keep what it holds until another one ends.

    Only the one of lower id may, so that of two who hold what the other wants one gives way.
    """
    holds = any(state is PartState.PREPARED for state in seen.parts)
    return refusal.held_by is not None and holds and change_id(change) < refusal.held_by


def _after_refusal(change: Change, seen: Seen, refusal: Refusal) -> Step:
    """Wait for the other, or give way at once."""
    return Wait(refusal.until) if may_wait(change, seen, refusal) else Decide(Outcome.ABORTED)


def _place(part: Part) -> tuple[bytes, str, bytes]:
    """Return by what the parts of a change ascend."""
    return part.ledger, part.contract, part.holding
