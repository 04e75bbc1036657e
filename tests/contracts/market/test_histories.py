"""
Conservation over random histories of all contracts: nothing is created, lost or owed to nobody.

A failure names its seed; `Play(seed)` plays it again.
"""

from itertools import count

import pytest

from tests.contracts.market.histories import Play

SEEDS, STEPS = 24, 220
LONG = (3, 80)
"""Seeds that are played for longer: histories grow more entangled with time."""


@pytest.mark.parametrize("seed", range(SEEDS))
def test_everything_is_conserved_after_every_step(seed: int) -> None:
    """Money, goods and energy add up, and every lock, bill and clearing account is explained."""
    play = Play(seed)
    for n in range(STEPS):
        step = play.step()
        assert (n, step, []) == (n, step, list(play.problems()))
    assert [] == play.audit()


@pytest.mark.parametrize("seed", LONG)
def test_everything_comes_to_an_end(seed: int) -> None:
    """At last all is settled and billed: nothing is locked, and no clearing account holds money."""
    play = Play(seed)
    for _ in range(3 * STEPS):
        play.step()
    play.finish()
    assert [] == list(play.problems())
    assert [] == play.audit()
    assert [] == play.left_over()


def test_histories_do_everything() -> None:
    """Every command of the market is accepted at some time: the laws are put to the test."""
    accepted: set[str] = set()
    expected = {f"market.{name}" for name in COMMANDS}
    for seed in count():
        play = Play(seed)
        for _ in range(2 * STEPS):
            play.step()
        accepted |= {tag for tag, verdict in play.verdicts if verdict == "accepted"}
        if expected <= accepted or seed == SEEDS:
            break
    assert set() == expected - accepted


COMMANDS = (
    "place",
    "take",
    "cancel",
    "clear",
    "settle",
    "resettle",
    "close",
    "pay",
    "mandate",
    "produce",
    "end-mandate",
    "admit",
    "suspend",
)
