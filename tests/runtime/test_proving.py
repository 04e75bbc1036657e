"""Outcomes of a block follow from its transactions and its rejections."""

from tallystick.core import transition
from tallystick.runtime.proving import outcomes
from tests.core.toy import TIME, Make, checked, signed, toy_state


def test_outcomes_are_rebuilt_from_the_block() -> None:
    """All were accepted but the rejected, in the order of the block."""
    state = toy_state()
    candidate = transition.begin(state, time=TIME + 1)
    for n, amount in enumerate((1, 1_001, 2, 5_000)):
        transition.run(
            candidate, checked(state, signed(state.ledger, Make(amount=amount), nonce=n))
        )
    block = transition.seal(candidate)
    assert outcomes(block) == candidate.outcomes
    assert [each.code for each in outcomes(block)] == [0, 1, 0, 1]
