"""How blocks are cut: by count, by bytes, and around transactions that break an invariant."""

import pytest

from tallystick.core.errors import BugInRule
from tallystick.core.receipt import Receipt
from tests.core.toy import Break, Make, signed
from tests.runtime.node import House


@pytest.mark.parametrize(
    ("settings", "largest"),
    [
        ({"block_transactions_max": 10, "batch_transactions": 5}, 10),
        ({"block_bytes_max": 1, "batch_transactions": 3}, 3),
    ],
)
def test_blocks_are_bounded(settings: dict[str, int], largest: int) -> None:
    """No block holds more than its bound, and together they hold everything in order."""
    house = House(**settings)  # type: ignore[arg-type]  # Settings only.
    batch = [signed(house.state.ledger, Make(amount=1), nonce=n) for n in range(40)]
    with house.node as node:
        answers = node.submit_all(batch).result(20)
    assert all(isinstance(each, Receipt) and each.accepted for each in answers)
    sizes = [len(block.transactions) for block in house.journal.list]
    assert max(sizes) <= largest
    assert [raw for block in house.journal.list for raw in block.transactions] == batch


def test_every_guilty_transaction_is_found() -> None:
    """Several that break an invariant in one block are all set aside, and nobody else."""
    house = House(block_delay_milliseconds=50)
    guilty = {3, 11, 12}
    batch = [
        signed(house.state.ledger, Break(how="leak") if n in guilty else Make(amount=1), nonce=n)
        for n in range(16)
    ]
    with house.node as node:
        answers = node.submit_all(batch).result(20)
    assert {n for n, each in enumerate(answers) if isinstance(each, BugInRule)} == guilty
    assert [raw for raw, _ in house.set_aside] == [batch[n] for n in sorted(guilty)]
