"""Rationing gives out exactly what there is, by time or in proportion."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.contracts.market.model import Tie as LedgerTie
from tallystick.contracts.market.ration import Tie, ration

QUEUES = st.lists(st.integers(0, 9) | st.integers(0, 2**53 - 1), max_size=30)


@given(lots=QUEUES, tie=st.sampled_from(Tie), data=st.data())
def test_a_volume_is_given_exactly(lots: list[int], tie: Tie, data: st.DataObject) -> None:
    """The parts sum to the volume, and nobody gets more than was asked for."""
    volume = data.draw(st.integers(0, sum(lots)))
    parts = ration(lots, volume, tie)
    assert volume == sum(parts)
    assert len(lots) == len(parts)
    assert all(0 <= part <= asked for part, asked in zip(parts, lots, strict=True))


@given(lots=QUEUES, data=st.data())
def test_by_time_one_at_most_is_served_in_part(lots: list[int], data: st.DataObject) -> None:
    """Everybody before is served in full, everybody after gets nothing."""
    volume = data.draw(st.integers(0, sum(lots)))
    parts = ration(lots, volume, Tie.TIME)
    served = next((n for n, part in enumerate(parts) if part < lots[n]), len(lots))
    assert lots[:served] == parts[:served]
    assert not any(parts[served + 1 :])


@pytest.mark.parametrize(
    ("lots", "volume", "tie", "expected"),
    [
        ([], 0, Tie.TIME, []),
        ([], 0, Tie.PRO_RATA, []),
        ([5], 0, Tie.PRO_RATA, [0]),
        ([5, 5], 10, Tie.PRO_RATA, [5, 5]),
        ([5, 5], 7, Tie.TIME, [5, 2]),
        ([5, 5], 7, Tie.PRO_RATA, [4, 3]),
        ([1, 1, 1], 1, Tie.PRO_RATA, [1, 0, 0]),
        ([1, 1, 1], 2, Tie.PRO_RATA, [1, 1, 0]),
        ([10, 20, 70], 7, Tie.PRO_RATA, [1, 1, 5]),
        # Remainders 6, 5 and 4 of 10: only the first is rounded up.
        ([3, 5, 2], 2, Tie.PRO_RATA, [1, 1, 0]),
        ([0, 4, 0, 4], 4, Tie.TIME, [0, 4, 0, 0]),
        ([0, 4, 0, 4], 4, Tie.PRO_RATA, [0, 2, 0, 2]),
    ],
)
def test_known_parts(lots: list[int], volume: int, tie: Tie, expected: list[int]) -> None:
    """Ties of the remainder go to whoever came first."""
    assert expected == ration(lots, volume, tie)


@pytest.mark.parametrize("volume", [-1, 6])
@pytest.mark.parametrize("tie", Tie)
def test_more_than_was_asked_for_is_refused(volume: int, tie: Tie) -> None:
    """There is nobody to give it to."""
    with pytest.raises(ValueError, match="lots for orders of 5 lots"):
        ration([2, 3], volume, tie)


def test_the_ledger_knows_the_same_rules() -> None:
    """The names of the rules are those that a market states."""
    assert [each.value for each in LedgerTie] == [each.value for each in Tie]
