"""What must hold of ledgers on which joint changes are made, whoever acts and however."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from tallystick.base.identifiers import PublicKey
from tallystick.contracts.asset.model import Balance
from tallystick.contracts.exchange.model import (
    Decision,
    Outcome,
    PartState,
    Prepared,
    Reservation,
)
from tallystick.contracts.title.model import Title
from tallystick.testing.keys import key
from tests.coordination.model_founding import DEADLINE, FUNDS, SELLER, STRANGER


class Seen(NamedTuple):
    """What the laws ask of a ledger, read from a snapshot once."""

    parts: tuple[tuple[Prepared | None, ...], ...]
    """For each change each of its parts, as far as it is of this ledger."""

    decisions: tuple[Decision | None, ...]
    """For each change what was decided here."""

    decided: tuple[int, ...]
    """For each change how many different decisions ever stood here."""

    wrong: str
    """What is wrong with the things themselves, if anything is."""

    held: bool
    """Whether anything is held, reserved or waits."""


def _half_done(seen: Sequence[Seen], n: int, deciding: int) -> str:
    del deciding
    ends = set(states_of(seen, n)) & {PartState.CHANGED, PartState.UNCHANGED}
    return f"change {n} is both changed and unchanged" if len(ends) > 1 else ""


def _ended_undecided(seen: Sequence[Seen], n: int, deciding: int) -> str:
    decision = seen[deciding].decisions[n]
    outcome = None if decision is None else decision.outcome
    states = states_of(seen, n)
    if PartState.CHANGED in states and outcome is not Outcome.COMMITTED:
        return f"a part of change {n} moved, and nothing is committed"
    if PartState.UNCHANGED in states and outcome is not Outcome.ABORTED:
        return f"a part of change {n} was given back, and nothing is aborted"
    return ""


def _decided_twice(seen: Sequence[Seen], n: int, deciding: int) -> str:
    if sum(each.decided[n] for each in seen) > 1:
        return f"change {n} was decided twice"
    if any(each.decided[n] for place, each in enumerate(seen) if place != deciding):
        return f"change {n} was decided elsewhere"
    return ""


def _committed_unheld(seen: Sequence[Seen], n: int, deciding: int) -> str:
    decision = seen[deciding].decisions[n]
    if decision is None or decision.outcome is not Outcome.COMMITTED:
        return ""
    states = states_of(seen, n)
    missing = len(seen[deciding].parts[n]) - len(states)
    if missing or PartState.UNCHANGED in states:
        return f"change {n} is committed, and a part of it isn't held"
    return ""


def _committed_late(seen: Sequence[Seen], n: int, deciding: int) -> str:
    del deciding
    late = any(
        found.outcome is Outcome.COMMITTED and found.decided_at >= DEADLINE
        for each in seen
        for found in [each.decisions[n]]
        if found is not None
    )
    return f"change {n} was committed when its deadline had come" if late else ""


def _wrong_things(seen: Sequence[Seen], n: int, deciding: int) -> str:
    del n, deciding
    return next((each.wrong for each in seen if each.wrong), "")


LAWS: Final = (
    ("a change is never half done", _half_done),
    ("a part ends only as was decided", _ended_undecided),
    ("a change is decided once, by the ledger that decides", _decided_twice),
    ("what is committed is held or done in every part", _committed_unheld),
    ("nothing is committed from the deadline on", _committed_late),
    ("things are where the parts say, nothing is made or lost", _wrong_things),
)


def wrong_accounts(balances: Sequence[Balance], supply: int, parts: Sequence[Prepared]) -> str:
    """Compare what everybody has with what the parts of this ledger say."""
    seller, stranger, *targets = balances
    totals = [each.spendable + each.locked for each in balances]
    held = sum(_amount(each) for each in parts if waits(each))
    moved = [
        sum(_amount(each) for each in parts if _has_moved(each, target.owner)) for target in targets
    ]
    if not FUNDS == supply == sum(totals):
        return f"of {FUNDS} units there are {supply}, in accounts {sum(totals)}"
    if [each.locked for each in balances] != [held, 0, 0, 0]:
        return f"{seller.locked} units are locked, {held} are held for changes"
    if totals[2:] != moved or stranger.spendable not in {0, FUNDS}:
        return f"the buyers have {totals[2:]}, by the changes it should be {moved}"
    return ""


def wrong_title(car: Title, reserved: Reservation | None, parts: Sequence[Prepared]) -> str:
    """Compare whose the car is and who holds it with what the parts of this ledger say."""
    holders = [each.change for each in parts if waits(each)]
    owners = [
        each.part.target
        for each in parts
        if each.part.target != each.part.owner and _has_moved(each, each.part.target)
    ]
    if holders != ([] if car.lock is None else [car.lock.lock_id]):
        return f"{len(holders)} changes hold the car, its lock says otherwise"
    if holders and car.retired_at:
        return "a car that is held was retired"
    if len(owners) > 1 or car.owner not in (owners or [key(SELLER), key(STRANGER)]):
        return f"{len(owners)} changes moved the car, and it is somebody else's"
    return wrong_reservation(reserved, parts)


def wrong_reservation(reserved: Reservation | None, parts: Sequence[Prepared]) -> str:
    """Compare who is said to hold the whole of something with the parts of this ledger."""
    holders = [each.change for each in parts if waits(each)]
    if holders != ([] if reserved is None else [reserved.lock_id]):
        return f"{len(holders)} changes hold the whole, its reservation says otherwise"
    return ""


def _amount(part: Prepared) -> int:
    """Return how much a part of an asset is about."""
    return part.part.amount or FUNDS


def _has_moved(part: Prepared, target: PublicKey) -> bool:
    """Tell whether a part has brought something to somebody."""
    return part.state is PartState.CHANGED and part.part.target == target


def states_of(seen: Sequence[Seen], n: int) -> list[PartState]:
    """Return how far each part of a change has come that was ever prepared."""
    return [part.state for each in seen for part in each.parts[n] if part is not None]


def waits(part: Prepared) -> bool:
    """Tell whether a part is still held."""
    return part.state is PartState.PREPARED
