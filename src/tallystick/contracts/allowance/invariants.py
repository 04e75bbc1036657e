"""
What always holds about allowances.

Each is checked on what a block changed and, by an audit, on everything: there the state before is
empty, and a change is what there is.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from operator import attrgetter
from typing import Final

from tallystick.base.identifiers import RecordId
from tallystick.core.holding import holding_id
from tallystick.core.invariant import Changes, Invariant

from .holdings import End, Holding, LockedBlocks, Retirement, Vintage, amount_of
from .ids import account_id, locked_id, obligation_id, retirement_id, vintage_id
from .model import Account, Obligation, Unit, UnitStatus

_KEEPERS: Final = (Holding, LockedBlocks, Retirement)
"""Where a number can be."""

_ACCOUNT_CONSTANTS: Final = attrgetter(
    "programme", "zone", "key", "kind", "commitment", "opened_at"
)
_UNIT_CONSTANTS: Final = attrgetter(
    "programme", "zone", "facts", "account", "emission_keys", "production_keys"
)
_SERVED: Final = (UnitStatus.APPLIED, UnitStatus.ADMITTED)

Edges = defaultdict[RecordId, defaultdict[int, int]]
"""For each vintage, at which numbers how many places begin to hold them, ends counted down."""


def _lost_or_doubled(changes: Changes) -> Iterator[str]:
    edges: Edges = defaultdict(lambda: defaultdict(int))
    for kind in _KEEPERS:
        for _, old, new in changes.of(kind):
            _mark(edges, old, -1)
            _mark(edges, new, +1)
    for id, old, new in changes.of(Vintage):
        edges[id][1 + (0 if old is None else old.issued)] -= 1
        edges[id][1 + (0 if new is None else new.issued)] += 1
    for vintage, changed in edges.items():
        places = 0
        for number in sorted(changed):
            places += changed[number]
            if places:
                yield f"allowance {number} of {vintage.hex()} is in {places:+} places too many"
                break


def _mark(edges: Edges, kept: Holding | LockedBlocks | Retirement | None, sign: int) -> None:
    """Mark where a place's blocks begin and end."""
    if kept is None:
        return
    changed = edges[vintage_id(programme=kept.programme, zone=kept.zone, period=kept.period)]
    for block in kept.blocks:
        changed[block.first] += sign
        changed[block.last + 1] -= sign


def _totals_off(changes: Changes) -> Iterator[str]:
    ended: defaultdict[tuple[RecordId, End], int] = defaultdict(int)
    for _, old, new in changes.of(Retirement):
        for retired, sign in ((old, -1), (new, 1)):
            if retired is not None:
                id = _vintage_of(retired)
                ended[id, retired.end] += sign * amount_of(retired.blocks)
    for id, old, new in changes.of(Vintage):
        for end in End:
            before = 0 if old is None else getattr(old, end.value)
            ended[id, end] -= getattr(new, end.value, 0) - before
        if new is None:
            yield f"vintage {id.hex()} vanished"
        elif new.issued < new.surrendered + new.cancelled + new.expired:
            yield f"of vintage {id.hex()} more has ended than was issued"
    for (id, end), difference in ended.items():
        if difference:
            yield f"vintage {id.hex()}: retirements are {difference} off what is {end.value}"


def _coverage_off(changes: Changes) -> Iterator[str]:
    covered: defaultdict[RecordId, int] = defaultdict(int)
    for _, old, new in changes.of(Retirement):
        for retired, sign in ((old, -1), (new, 1)):
            if retired is not None and retired.end is End.SURRENDERED:
                id = obligation_id(unit=retired.unit, period=retired.covers)
                covered[id] += sign * amount_of(retired.blocks)
    for id, old, new in changes.of(Obligation):
        covered[id] -= getattr(new, "surrendered", 0) - getattr(old, "surrendered", 0)
        if new is None or id != obligation_id(unit=new.unit, period=new.period):
            yield f"obligation {id.hex()} vanished, or stands under another's id"
        elif old is not None and old.closed_at not in (0, new.closed_at):
            yield f"obligation {id.hex()} was closed twice"
    for id, difference in covered.items():
        if difference:
            yield f"obligation {id.hex()}: {difference} surrendered allowances are told by one side"


def _misplaced(changes: Changes) -> Iterator[str]:
    for id, _, held in changes.of(Holding):
        if held is not None and id != holding_id(_vintage_of(held), held.owner):
            yield f"holding {id.hex()} stands under another's id"
    for id, _, locked in changes.of(LockedBlocks):
        if locked is not None and id != _id_of_lock(locked):
            yield f"lock {id.hex()} stands under another's id"
    for id, old, retired in changes.of(Retirement):
        if retired is None or (old is not None and old != retired):
            yield f"retirement {id.hex()} did not stay as it was"
    for id, old, vintage in changes.of(Vintage):
        if vintage is None:
            continue
        ids = {each for each, before, _ in changes.of(Retirement) if before is None}
        first = 0 if old is None else old.retirements
        for n in range(first, vintage.retirements):
            if retirement_id(vintage=id, n=n) not in ids:
                yield f"retirement {n} of vintage {id.hex()} is not there"
    for kind in _KEEPERS:
        for id, _, kept in changes.of(kind):
            blocks = () if kept is None else kept.blocks
            if kept is not None and not blocks:
                yield f"{id.hex()} keeps nothing"
            if any(each.first > each.last for each in blocks) or any(
                left.last + 1 >= right.first for left, right in pairwise(blocks)
            ):
                yield f"blocks of {id.hex()} are not in order"


def _one_sided(changes: Changes) -> Iterator[str]:
    pairs: set[tuple[RecordId, RecordId]] = set()
    for id, old, new in changes.of(Account):
        for account in (old, new):
            if account is not None and account.unit is not None:
                pairs ^= {(id, account.unit)}
        if new is None or (old is not None and _ACCOUNT_CONSTANTS(old) != _ACCOUNT_CONSTANTS(new)):
            yield f"account {id.hex()} vanished, or changed in what never changes"
    for id, old, new in changes.of(Unit):
        for unit in (old, new):
            if unit is not None and unit.status in _SERVED:
                of = account_id(programme=unit.programme, zone=unit.zone, key=unit.account)
                pairs ^= {(of, id)}
        if new is None or (old is not None and _UNIT_CONSTANTS(old) != _UNIT_CONSTANTS(new)):
            yield f"unit {id.hex()} vanished, or changed in what never changes"
    for account, unit in sorted(pairs):
        yield f"account {account.hex()} and unit {unit.hex()} do not tell of each other"


def _vintage_of(kept: Holding | LockedBlocks | Retirement) -> RecordId:
    """Return the id of the vintage of what is kept."""
    return vintage_id(programme=kept.programme, zone=kept.zone, period=kept.period)


def _id_of_lock(locked: LockedBlocks) -> RecordId:
    """Return the id under which a lock should stand."""
    holding = holding_id(_vintage_of(locked), locked.owner)
    return locked_id(holding=holding, holder=locked.holder, lock_id=locked.lock_id)


INVARIANTS = (
    Invariant(
        "each allowance that was issued is in exactly one place: held, locked, or retired",
        _lost_or_doubled,
    ),
    Invariant(
        "what was issued of a vintage is held, surrendered, cancelled or expired, and its totals "
        "are those of its retirements",
        _totals_off,
    ),
    Invariant(
        "what covers a unit's emissions was surrendered for them, and a period is closed once",
        _coverage_off,
    ),
    Invariant(
        "blocks are in order under the id of their owner and vintage, and a retirement is for good",
        _misplaced,
    ),
    Invariant(
        "accounts and units keep what they are, and tell of each other",
        _one_sided,
    ),
)
