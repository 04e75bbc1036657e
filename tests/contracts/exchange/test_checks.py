"""What both kinds of rules insist on."""

import pytest

from tallystick.base.identifiers import LockId, PublicKey, RecordId
from tallystick.contracts import exchange
from tallystick.contracts.exchange.checks import (
    check_deadline,
    check_free,
    check_target,
    reserve,
)
from tallystick.contracts.exchange.errors import (
    DeadlineHasPassed,
    DeadlineIsTooFar,
    HoldingIsReserved,
    TargetIsNoOwner,
)
from tallystick.contracts.exchange.model import DAY_MILLISECONDS
from tallystick.core.context import Context
from tallystick.core.holding import vault
from tallystick.testing.keys import key

from .sides import ALICE, Sides

THING = RecordId(b"\x07" * 32)
LOCK = LockId(b"\x08" * 32)
HORIZON = 30 * DAY_MILLISECONDS


def context() -> Context:
    """Return a context of the contract's own."""
    candidate = Sides().one.candidate
    return Context(candidate, exchange.CONTRACT, signers=(), nonce=bytes(16), ordinal=0)


def test_whoever_signs_is_a_target() -> None:
    """A key that signs is; what is no point of the curve is not, nor a contract's vault."""
    check_target(key(ALICE), field="beneficiary")
    for target in (vault("market", LOCK), *(bytes([head]) + bytes(32) for head in (1, 2, 4, 255))):
        with pytest.raises(TargetIsNoOwner):
            check_target(PublicKey(target), field="beneficiary")


def test_deadlines_lie_ahead_and_not_too_far() -> None:
    """From the next millisecond to the horizon."""
    here = context()
    check_deadline(here, here.time + 1, field="until")
    check_deadline(here, here.time + HORIZON, field="until")
    with pytest.raises(DeadlineHasPassed):
        check_deadline(here, here.time, field="until")
    with pytest.raises(DeadlineIsTooFar):
        check_deadline(here, here.time + HORIZON + 1, field="until")


def test_what_is_reserved_is_not_free() -> None:
    """Of that contract; another's holding under the same id is another thing."""
    here = context()
    check_free(here, "title", THING, field="holding")
    reserve(here, "title", THING, LOCK, until=here.time + 1)
    check_free(here, "asset", THING, field="holding")
    with pytest.raises(HoldingIsReserved, match=LOCK.hex()):
        check_free(here, "title", THING, field="holding")
