"""Entries of a diary come back as they were, and show no secret."""

import pytest

from tallystick.base.encoding import Malformed, decode, encode
from tallystick.base.identifiers import Hash, LedgerId, RecordId
from tallystick.contracts.exchange.model import Outcome
from tallystick.coordination.entries import ChangeEnded, Leg, SwapBegun, SwapEnded, Terms
from tallystick.testing.keys import key

LEG = Leg(LedgerId(bytes(32)), "asset", RecordId(bytes(32)), 5, key(1), key(2), 9)
BEGUN = SwapBegun(Terms(Hash(bytes(32)), LEG, LEG), b"\xabsecret" * 4 + b"\xab" * 4)


def test_entries_come_back() -> None:
    """What is encoded is decoded."""
    ended = ChangeEnded(bytes(16), 3, Outcome.ABORTED, final=False)
    assert ended == decode(encode(ended), ChangeEnded)
    assert BEGUN == decode(encode(BEGUN), SwapBegun)
    over = SwapEnded(Hash(bytes(32)), "swapped")
    assert over == decode(encode(over), SwapEnded)
    with pytest.raises(Malformed):
        decode(encode(SwapEnded(Hash(bytes(32)), "x" * 33)), SwapEnded)


def test_a_preimage_is_never_shown() -> None:
    """Neither in a trace nor on a screen."""
    shown = repr(BEGUN) + repr(BEGUN.__rich_repr__())
    assert "secret" not in shown
    assert BEGUN.preimage.hex() not in shown
