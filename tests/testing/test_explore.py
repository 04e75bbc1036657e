"""Everything that can happen is met once, by a shortest way, and what breaks a law is found."""

from collections.abc import Iterator

import pytest

from tallystick.testing.explore import (
    Counterexample,
    Explored,
    Law,
    Step,
    TooManyStates,
    explore,
)

UP, DOUBLE, BACK = Step("climber", "one up"), Step("jumper", "twice as high"), Step("fate", "fall")


def ladder(height: int) -> Iterator[tuple[Step, int]]:
    """Climb or jump up to ten; from the top there is nowhere to go but, by fate, to the bottom."""
    if height < 10:
        yield UP, height + 1
    if 2 * height <= 10:
        yield DOUBLE, 2 * height
    if height == 10:
        yield BACK, 0


def climb(states_max: int = 20) -> Explored[int]:
    """Return all that can be reached on the ladder."""
    return explore(0, ladder, states_max=states_max)


def test_every_state_is_met_once() -> None:
    """States, transitions and the longest of the shortest ways are counted."""
    explored = climb()
    assert list(range(11)) == sorted(explored.states)
    # Ten rungs up, one fall, and jumps from 1 to 5; jumping from the ground changes nothing.
    assert 10 + 1 + 5 == explored.transitions
    assert 5 == explored.depth


def test_a_way_is_a_shortest_one() -> None:
    """9 is 2 · 2 · 2 + 1; other ways of that length were met later."""
    explored = climb()
    assert (UP, UP, DOUBLE, DOUBLE, UP) == explored.trace(explored.states.index(9))
    assert () == explored.trace(0)


def test_a_broken_law_is_told_with_the_fewest_steps() -> None:
    """The nearest breach is reported with its way, in words."""
    law: Law[int] = Law(
        "nobody climbs above six", lambda height: f"he is at {height}" if height > 6 else ""
    )
    with pytest.raises(Counterexample) as caught:
        explore(0, ladder, [law], states_max=20)
    assert ("nobody climbs above six", "he is at 8") == (
        caught.value.sentence,
        caught.value.problem,
    )
    assert (UP, UP, DOUBLE, DOUBLE) == caught.value.steps
    assert str(caught.value) == (
        "nobody climbs above six: he is at 8, after 4 steps\n"
        "  1. climber: one up\n"
        "  2. climber: one up\n"
        "  3. jumper: twice as high\n"
        "  4. jumper: twice as high"
    )


def test_the_start_is_held_to_the_laws() -> None:
    """A world that begins wrong needs no step to be wrong."""
    law: Law[int] = Law("nobody stands low", lambda height: "" if height else "he does")
    with pytest.raises(Counterexample) as caught:
        explore(0, ladder, [law], states_max=20)
    assert () == caught.value.steps


def test_a_world_that_is_too_large_is_refused() -> None:
    """The bound is exact, and nothing runs for ever."""
    assert 11 == len(climb(11).states)
    with pytest.raises(TooManyStates, match="more than 10 states"):
        climb(10)


def test_a_goal_can_be_out_of_reach() -> None:
    """Whoever only jumps never leaves the ground; whoever only climbs passes seven, or is above."""
    explored = climb()
    explored.insist_reachable("ten", lambda height: height == 10, by={"climber"})
    with pytest.raises(Counterexample) as jumping:
        explored.insist_reachable("ten", lambda height: height == 10, by={"jumper"})
    assert () == jumping.value.steps
    with pytest.raises(Counterexample) as climbing:
        explored.insist_reachable("seven", lambda height: height == 7, by={"climber", "jumper"})
    assert (UP, UP, DOUBLE, DOUBLE) == climbing.value.steps
    explored.insist_reachable("seven", lambda height: height == 7, by={"climber", "fate"})


def test_a_goal_can_be_avoided() -> None:
    """Climbers reach the top in the end; seven may be jumped over, for good or again and again."""
    explored = climb()
    explored.insist_inevitable(
        "top", lambda height: height == 10, by={"climber"}, since=lambda _: True
    )
    with pytest.raises(Counterexample) as resting:
        explored.insist_inevitable(
            "seven", lambda height: height == 7, by={"climber", "jumper"}, since=lambda _: True
        )
    assert "nothing is left to do" == resting.value.problem
    assert (UP, UP, UP, UP, UP, DOUBLE) == resting.value.steps
    with pytest.raises(Counterexample) as circling:
        explored.insist_inevitable(
            "seven",
            lambda height: height == 7,
            by={"climber", "jumper", "fate"},
            since=lambda height: height == 8,
        )
    assert "it goes round in circles" == circling.value.problem
    assert BACK in circling.value.steps


def test_what_is_inevitable_is_asked_only_since() -> None:
    """Above five nobody can jump, so from there nine is inevitable."""
    explored = climb()
    explored.insist_inevitable(
        "nine",
        lambda height: height == 9,
        by={"climber", "jumper"},
        since=lambda height: 5 < height < 10,
    )
