"""Random histories: what people, issuers and a contract might do, rightly and wrongly."""

from collections.abc import Sequence

from hypothesis import strategies as st

from tallystick.base.encoding import Record
from tallystick.base.identifiers import LockId, PublicKey, RecordId
from tallystick.contracts.asset.commands import Burn, Claim, Mint, Reclaim, Transfer
from tallystick.contracts.asset.model import claim_of, series_id
from tallystick.core.holding import holding_id, vault
from tallystick.core.invariant import Leaf
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial
from tests.contracts.asset import locker
from tests.contracts.asset.cases import (
    ANNA,
    BEN,
    ISSUER,
    LOCK,
    MONEY,
    OTHER_LOCK,
    PROOF,
    R1,
    R2,
    SHORT,
    STAMP,
    TOKEN,
    cast,
)
from tests.contracts.asset.locker import Free, Keep, Pay

CLASSES = (MONEY, TOKEN, STAMP, SHORT)
READINGS = ("E1", "E2")
SERIES = (R1, R2, *(series_id(asset, each) for asset in CLASSES for each in READINGS))
UNITS = (MONEY, R1, MONEY, R2, STAMP, SHORT, series_id(TOKEN, "E1"), series_id(TOKEN, "E2"))
LOCKS: tuple[LockId, ...] = (LOCK, OTHER_LOCK)
OWNERS: tuple[PublicKey, ...] = (key(ANNA), key(BEN), vault(locker.NAME, LOCK))
KEPT = (MONEY, MONEY, R1, SHORT)
"""What is locked: few things, so that a lock often meets what ends it."""

HOLDERS: tuple[PublicKey, ...] = (key(ANNA), key(ANNA), key(BEN), vault(locker.NAME, LOCK))
MORE = ((locker.CONTRACT, locker.LockerParameters()),)
STEPS_MAX = 40

Step = tuple[str, int, int, int]
"""What is tried, and three numbers that say with what."""

ACTIONS = (
    "mint",
    "await",
    "claim",
    "burn",
    "transfer",
    "transfer",
    "keep",
    "keep",
    "free",
    "pay",
    "pay",
    "reclaim",
    "wait",
    "seal",
)

steps: st.SearchStrategy[list[Step]] = st.lists(
    st.tuples(st.sampled_from(ACTIONS), st.integers(0, 23), st.integers(0, 23), st.integers(0, 40)),
    max_size=STEPS_MAX,
)


def played(history: Sequence[Step]) -> Trial:
    """Return the cast's ledger after a history; the trial checks every law after every step."""
    trial = cast(MORE)
    for action, first, second, number in history:
        if action == "wait":
            trial.move_to(trial.time + number)
        elif action == "seal":
            trial.close_block()
        else:
            command = _command(action, first, second, number, time=trial.time)
            trial.execute(command, signers=[ANNA, BEN, ISSUER])
    return trial


def leaves(trial: Trial) -> dict[RecordId, Leaf]:
    """Return everything that stands on the ledger, by id."""
    everything: dict[RecordId, Leaf] = {
        id: trial.state.decode(data) for id, data in trial.state.store.items()
    }
    everything |= {change.id: change.after for change in trial.candidate.overlay.changes()}
    return everything


def _command(action: str, first: int, second: int, number: int, *, time: int) -> Record:
    """Return what a step tries."""
    unit, owner = UNITS[first % len(UNITS)], OWNERS[second % len(OWNERS)]
    lock_id, target = LOCKS[number % len(LOCKS)], OWNERS[(first + second) % len(OWNERS)]
    kept, holder = KEPT[first % len(KEPT)], HOLDERS[second % len(HOLDERS)]
    holding, until = holding_id(kept, holder), time + number + 1 if number % 2 else 0
    asset, evidence = CLASSES[first % len(CLASSES)], ("", *READINGS)[second % 3]
    commands: dict[str, Record] = {
        "mint": Mint(asset, owner, number, evidence, "", number, None),
        "await": Mint(asset, None, number, evidence, "", number, claim_of(key(BEN), PROOF)),
        "claim": Claim(SERIES[number % len(SERIES)], key(BEN), PROOF),
        "burn": Burn(unit, owner, number, "spent"),
        "transfer": Transfer(unit, owner, target, number),
        "keep": Keep(holding, lock_id, until, number % 12),
        "free": Free(holding, lock_id, number % 6),
        "pay": Pay(holding, lock_id, number % 6, target),
        "reclaim": Reclaim(kept, holder, locker.NAME, lock_id),
    }
    return commands[action]
