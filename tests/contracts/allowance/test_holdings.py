"""How much blocks hold."""

from tallystick.contracts.allowance.holdings import Block, amount_of


def test_amount() -> None:
    """Both ends of a block belong to it."""
    assert 0 == amount_of(())
    assert 1 == amount_of((Block(7, 7),))
    assert 13 == amount_of((Block(1, 3), Block(11, 20)))
