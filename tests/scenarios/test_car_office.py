"""How an office words the end of a sale."""

import pytest

from tallystick.base.identifiers import LedgerId, LockId, RecordId
from tallystick.contracts.exchange.model import Change, Outcome
from tallystick.coordination.errands import Ended
from tallystick.coordination.joint_change import Refusal
from tallystick.scenarios.car_office import Verdict, verdict_on
from tallystick.scenarios.car_parties import part_of
from tallystick.testing.keys import key

LEDGER, DEADLINE = LedgerId(b"\x01" * 32), 1_000
PART = part_of(LEDGER, RecordId(b"\x02" * 32), source=key(1), target=key(2))
CHANGE = Change(LEDGER, DEADLINE, (PART,), bytes(16))
HELD = Refusal(LEDGER, "exchange", 5, "held", LockId(b"\x03" * 32), 7)
NOT_MINE = Refusal(LEDGER, "title", 858, "not yours")


@pytest.mark.parametrize(
    ("outcome", "refusal", "time", "expected"),
    [
        (Outcome.COMMITTED, None, 0, Verdict.SOLD),
        (Outcome.COMMITTED, HELD, DEADLINE, Verdict.SOLD),
        (Outcome.ABORTED, HELD, 0, Verdict.HELD),
        (Outcome.ABORTED, NOT_MINE, 0, Verdict.REFUSED),
        (Outcome.ABORTED, None, DEADLINE, Verdict.LATE),
        (Outcome.ABORTED, None, DEADLINE - 1, Verdict.UNTOLD),
    ],
)
def test_verdicts(outcome: Outcome, refusal: Refusal | None, time: int, expected: Verdict) -> None:
    """Sold, held by another, the dealer's no more, too late, or for no reason at all."""
    ended = Ended(outcome, CHANGE, 1, refusal)
    assert expected is verdict_on(ended, time=time)
