"""Outcomes follow from a block, and growth from the log."""

import pytest

from tallystick.base import merkle
from tallystick.base.checkpoints import parse_checkpoint
from tallystick.base.notes import parse_note
from tallystick.core import transition
from tallystick.runtime.proving import outcomes
from tests.core.toy import TIME, Make, checked, signed, toy_state
from tests.runtime.node import House


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


def test_growth_is_proven_since_every_size_the_log_had() -> None:
    """Each path leads from what the log was to what it is; a size that it never had is refused."""
    house = House()
    try:
        roots = [(house.state.log.size, house.state.log.root())]
        for n in range(5):
            raw = signed(house.state.ledger, Make(amount=1 + n), nonce=n)
            house.node.submit(raw).result()
            roots.append((house.state.log.size, house.state.log.root()))
        since = tuple(size for size, _ in roots)
        state = house.node.prove((), (), since).state
        checkpoint = parse_checkpoint(parse_note(state.checkpoint).text)
        held = [
            merkle.verify_consistency(size, checkpoint.size, root, checkpoint.root, path)
            for (size, root), path in zip(roots, state.consistency, strict=True)
        ]
        assert [True] * 6 == held
        assert () == house.node.prove((), ()).state.consistency
        with pytest.raises(ValueError, match="old size"):
            house.node.prove((), (), (checkpoint.size + 1,))
    finally:
        house.node.close()
