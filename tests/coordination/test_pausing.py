"""Pauses double, are bounded, and end when something is accepted."""

from tallystick.coordination.pausing import STEPS_MAX, Pause


def length(pause: Pause) -> int:
    """Return for how many steps nothing is tried."""
    steps = 0
    while not pause.is_over():
        steps += 1
    return steps


def test_each_pause_is_longer_up_to_a_bound() -> None:
    """What is always refused is asked for ever more seldom."""
    pause, found = Pause(), []
    for _ in range(12):
        found.append(length(pause))
        pause.lengthen()
    assert [0, 1, 3, 7, 15, 31, 63, 127, 255, STEPS_MAX, STEPS_MAX, STEPS_MAX] == found
    pause.end()
    assert 0 == length(pause)
    pause.lengthen()
    assert 1 == length(pause)


def test_a_pause_is_over_by_half_of_the_time_that_is_left() -> None:
    """However many steps are missing; a deadline that has passed bounds nothing."""
    pause = Pause()
    for _ in range(12):
        pause.lengthen(now=100, until=200)
    assert [False, False, True, True] == [pause.is_over(now) for now in (100, 149, 150, 150)]
    pause.lengthen(now=150, until=200)
    assert [False, True] == [pause.is_over(now) for now in (174, 175)]
    pause.lengthen(now=200, until=200)
    assert not pause.is_over(10**15)
