"""What the world causes sets work back; what we cause ends the program."""

import pytest

from tallystick.base.identifiers import LedgerId
from tallystick.client.foreign import CannotCosign
from tallystick.contracts.exchange.errors import NothingPrepared
from tallystick.coordination.coordinator import LedgerNotAtHand
from tallystick.coordination.joint_change import Refusal, UnsoundParts
from tallystick.coordination.setbacks import SETBACKS, refusal_of
from tallystick.core.errors import Later, Malformed, Rejected
from tallystick.core.proof import ProofInvalid


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (CannotCosign, True),
        (ConnectionError, True),
        (KeyError, True),
        (Later, True),
        (LedgerNotAtHand, True),
        (Malformed, True),
        (NothingPrepared, True),
        (ProofInvalid, True),
        (Rejected, True),
        (UnsoundParts, True),
        (AssertionError, False),
        (KeyboardInterrupt, False),
        (MemoryError, False),
    ],
)
def test_which_errors_set_work_back(kind: type[BaseException], *, expected: bool) -> None:
    """Not our own assertions, nor what the machine says."""
    assert expected is issubclass(kind, SETBACKS)


def test_the_reason_is_kept() -> None:
    """It names the error, because the message of some is only a key."""
    ledger = LedgerId(bytes(32))
    assert Refusal(ledger, "", 0, "KeyError: 'x'") == refusal_of(ledger, KeyError("x"))
