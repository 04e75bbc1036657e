"""What a block in the making answers, and under which settings it runs."""

from tallystick.base.encoding import encode
from tallystick.core import transition
from tallystick.core.genesis import parameters_id
from tallystick.core.release import ParametersPlan, Setting
from tests.core.toy import TIME, Make, ToyParameters, checked, signed, toy_state


def test_each_transaction_gets_a_receipt_in_order() -> None:
    """Receipts carry height, place and time, and the message of those that were rejected."""
    state = toy_state()
    candidate = transition.begin(state, time=TIME + 1)
    for n, amount in enumerate((1, 1_001, 2)):
        transition.run(
            candidate, checked(state, signed(state.ledger, Make(amount=amount), nonce=n))
        )
    found = [(each.height, each.index, each.time, each.accepted) for each in candidate.receipts()]
    assert found == [(1, 0, TIME + 1, True), (1, 1, TIME + 1, False), (1, 2, TIME + 1, True)]
    assert [each.message for each in candidate.receipts()] == ["", "1001 is too much", ""]


def test_parameters_are_those_from_before_the_block() -> None:
    """What a block writes about parameters rules from the next block on."""
    state = toy_state()
    candidate = transition.begin(state, time=TIME + 1)
    candidate.overlay.write(parameters_id("toy"), ToyParameters(amount_max=1))
    assert candidate.parameters(ToyParameters) == ToyParameters(amount_max=1_000)


def test_planned_parameters_rule_from_their_height_on() -> None:
    """Candidates and views are of the same mind about the next block."""
    state = toy_state()
    planned = Setting(3, "toy", encode(ToyParameters(amount_max=7)))
    candidate = transition.begin(state, time=TIME + 1)
    candidate.overlay.write(parameters_id("toy"), ParametersPlan((planned,)))
    seen = []
    for _ in range(4):
        transition.seal(candidate)
        transition.commit(candidate)
        candidate = transition.begin(state, time=state.time + 1)
        found = candidate.parameters(ToyParameters)
        assert found == state.parameters(ToyParameters)
        assert found is candidate.parameters(ToyParameters)
        seen.append((candidate.height, found.amount_max))
    assert [(2, 1_000), (3, 7), (4, 7), (5, 7)] == seen
