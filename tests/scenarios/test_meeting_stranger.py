"""What a stranger makes of the votes: the same, unless the record was touched."""

from tallystick.contracts.ballot.views import agrees, recount
from tallystick.scenarios.meeting_stranger import forgeries
from tests.scenarios.mill import played


def test_a_stranger_finds_what_the_minutes_say() -> None:
    """And that the checkpoint proves them."""
    for held in (played().sitting, played().rollam):
        checked = held.checked
        assert (True, True, True) == (
            checked.agrees,
            checked.is_forgery_noticed,
            checked.is_proven,
        )
        assert () == checked.counted.problems
        assert checked.minutes.results == checked.counted.results


def test_forgeries_are_two() -> None:
    """One vote turned round, and one left out; neither agrees."""
    for held in (played().sitting, played().rollam):
        turned, shorter = forgeries(played().events, held.assembly)
        assert (len(played().events), len(played().events) - 1) == (len(turned), len(shorter))
        assert 1 == sum(one != other for one, other in zip(turned, played().events, strict=True))
        for forged in (turned, shorter):
            assert not agrees(recount(held.assembly.ballot, forged), held.minutes)
