"""
What always holds about assets.

Each is checked on what a block changed and, by an audit, on everything: there the state before is
empty, and a change is what there is.
"""

from collections import defaultdict
from collections.abc import Iterator
from operator import attrgetter
from typing import Final

from tallystick.base.amounts import AMOUNT_MAX
from tallystick.base.identifiers import RecordId
from tallystick.core.holding import holding_id
from tallystick.core.invariant import Changes, Invariant

from .model import (
    AssetClass,
    Balance,
    Kind,
    LockedAmount,
    Series,
    lock_record_id,
    series_id,
)

_TERMS: Final = attrgetter(
    "name",
    "unit",
    "scale",
    "kind",
    "issuers",
    "supply_cap",
    "last_mint_at",
    "transferable",
    "burners",
    "defined_at",
)
"""What never changes about a class."""

_HOLD: Final = attrgetter("holding", "holder", "lock_id")
"""What a lock's id is computed from."""


def _created_or_lost(changes: Changes) -> Iterator[str]:
    """
    Compare what classes say was minted and burned with what accounts gained.

    A series does not say what was burned of it, so serial classes are compared all together; but
    one that stood before gains nothing, and a new one no more than was minted.
    """
    gained: defaultdict[RecordId, int] = defaultdict(int)
    for _, old, new in changes.of(Balance):
        gained[(new or old).unit] += _total(new) - _total(old)
    minted = {id: new.kwh for id, old, new in changes.of(Series) if old is None}
    serial = 0
    for id, old, new in changes.of(AssetClass):
        supply = _supply(new) - _supply(old)
        if (new or old).kind is Kind.SERIAL:
            serial += supply
        elif gained.pop(id, 0) != supply:
            yield f"accounts of {id.hex()} do not gain the {supply} that came to be"
    for unit, amount in gained.items():
        if amount > minted.get(unit, 0):
            yield f"accounts of series {unit.hex()} gain {amount}, minted {minted.get(unit, 0)}"
    if sum(gained.values()) != serial:
        yield f"accounts of series do not gain the {serial} that came to be"


def _total(balance: Balance | None) -> int:
    """Return what an account holds."""
    return 0 if balance is None else balance.spendable + balance.locked


def _supply(asset: AssetClass | None) -> int:
    """Return what exists of a class."""
    return 0 if asset is None else asset.minted - asset.burned


def _locked_and_not_held(changes: Changes) -> Iterator[str]:
    """Compare what accounts say is locked with what contracts hold."""
    differences: defaultdict[RecordId, int] = defaultdict(int)
    for id, before, after in changes.of(Balance):
        differences[id] += (after.locked if after else 0) - (before.locked if before else 0)
    for _, before, after in changes.of(LockedAmount):
        holding = (after or before).holding
        differences[holding] -= (after.amount if after else 0) - (before.amount if before else 0)
    for holding, difference in differences.items():
        if difference:
            yield f"account {holding.hex()} has {difference} locked that nobody holds"


def _rewritten(changes: Changes) -> Iterator[str]:
    """Find classes whose terms changed or whose totals shrank, and series that changed at all."""
    for id, old, new in changes.of(AssetClass):
        if new is None:
            yield f"class {id.hex()} vanished"
        elif new.burned > new.minted:
            yield f"of class {id.hex()} more was burned than minted"
        elif old is not None and (
            _TERMS(old) != _TERMS(new) or new.minted < old.minted or new.burned < old.burned
        ):
            yield f"class {id.hex()} was rewritten"
    for id, before, after in changes.of(Series):
        if before is not None and before != after:
            yield f"series {id.hex()} was rewritten"


def _minted_past_the_record(changes: Changes) -> Iterator[str]:
    """Compare what classes say was minted with what stands there for readings."""
    recorded: defaultdict[RecordId, int] = defaultdict(int)
    for id, before, after in changes.of(Series):
        if before is None:
            recorded[after.asset] += after.kwh
            if id != series_id(after.asset, after.reading_id):
                yield f"series {id.hex()} stands under another reading's id"
    for id, old, new in changes.of(AssetClass):
        minted = (new.minted if new else 0) - (old.minted if old else 0)
        known = recorded.pop(id, 0)
        if known > minted or (known < minted and (new or old).kind is Kind.SERIAL):
            yield f"class {id.hex()} minted {minted}, its series say {known}"
    for id, known in recorded.items():
        yield f"class {id.hex()} minted nothing, its series say {known}"


def _impossible(changes: Changes) -> Iterator[str]:
    """Find what is below zero, over its cap, or where nobody would look for it."""
    for id, _, balance in changes.of(Balance):
        if balance is None:
            continue
        if balance.spendable < 0 or balance.locked < 0:
            yield f"account {id.hex()} is below zero"
        if id != holding_id(balance.unit, balance.owner):
            yield f"account {id.hex()} stands under another's id"
    for id, before, held in changes.of(LockedAmount):
        if held is None:
            continue
        if held.amount < 1:
            yield f"lock {id.hex()} holds nothing"
        if before is not None and _HOLD(before) == _HOLD(held):
            continue  # It has stood there before, so its id was found to be its own.
        if id != lock_record_id(held.holding, held.holder, held.lock_id):
            yield f"lock {id.hex()} stands under another's id"
    for id, _, asset in changes.of(AssetClass):
        if asset is not None and _supply(asset) > (asset.supply_cap or AMOUNT_MAX):
            yield f"class {id.hex()} exceeds its cap"


INVARIANTS = (
    Invariant("What was minted and not burned is held, to the last unit.", _created_or_lost),
    Invariant("What is locked in an account is held by contracts.", _locked_and_not_held),
    Invariant("Terms of a class and what was minted for a reading never change.", _rewritten),
    Invariant(
        "What was minted for a reading stands under that reading's id, and a serial class mints "
        "nothing else.",
        _minted_past_the_record,
    ),
    Invariant(
        "Accounts and locks stand under their own ids and never fall below zero; no class exceeds "
        "its cap.",
        _impossible,
    ),
)
