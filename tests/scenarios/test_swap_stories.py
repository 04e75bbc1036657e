"""Each story ends as its title says, and chance is drawn by a seed."""

from pathlib import Path

from tallystick.coordination.swap import SwapOutcome
from tallystick.coordination.watchtower import Watchtower
from tallystick.scenarios.swap_parties import found
from tallystick.scenarios.swap_stories import STORIES, Deal, Told, chance, play_deal
from tests.scenarios.small import stage_in

REFUNDED, SWAPPED = SwapOutcome.REFUNDED, SwapOutcome.SWAPPED


def test_each_story_ends_as_it_is_told(tmp_path: Path) -> None:
    """The honest end, a vanished buyer, a vanished seller, the watchtower, and a restart."""
    place = found(stage_in(tmp_path))
    try:
        ledgers = {ledger.id: ledger for ledger in (place.registry, place.bank)}
        tower = Watchtower(ledgers)
        told = [play_deal(place, tower, deal) for deal in STORIES]
    finally:
        place.registry.close()
        place.bank.close()
        place.witness.close()
    assert [SWAPPED, REFUNDED, REFUNDED, SWAPPED, SWAPPED] == [each.outcome for each in told]
    assert [0] * 5 == [each.locks_open for each in told]
    assert [0, 0, 1, 1, 0] == [each.by_tower for each in told]


def test_chance_is_drawn_by_a_seed() -> None:
    """The same seed gives the same deals."""
    assert chance(20, seed=1) == chance(20, seed=1)
    assert chance(20, seed=1) != chance(20, seed=2)


def test_halves_are_told_apart() -> None:
    """If only one side was paid, a deal has no outcome; its secret is never printed."""
    deal = Deal("", 3, 5)
    ends = [
        Told(deal, a, b, 0, 0, 0, b"secret") for a, b in ((3, 5), (0, 0), (3, 0), (0, 5), (1, 5))
    ]
    assert [SWAPPED, REFUNDED, None, None, None] == [each.outcome for each in ends]
    assert "secret" not in repr(ends)
