"""Every course that a joint change can take, on two and three ledgers, with the real rules."""


import pytest

from tallystick.contracts.exchange.model import Outcome
from tallystick.testing.explore import explore
from tests.coordination.model_change import (
    BUYER,
    CLOCK,
    NOBODY,
    PARTY,
    RELAY,
    RIVAL,
    Stage,
    Wish,
    World,
)
from tests.coordination.model_coordinator import Coordinator, Crew
from tests.coordination.model_report import Size, measure

STATES_MAX = 2_000_000
QUICK_STATES_MAX = 200_000
SLOW = pytest.mark.slow

CARS = ("title", "title")
ONE = (Wish(BUYER),)
RIVALS = (Wish(BUYER), Wish(RIVAL))
OPPOSITE = (Wish(BUYER), Wish(RIVAL, deciding=1))
ELSEWHERE = (Wish(BUYER, deciding=2), Wish(RIVAL, deciding=2))
HELD = (Wish(BUYER, only_held=frozenset({0})),)

ANYBODY = {
    "a car and an insurance": (CARS, ONE),
    "a title and money": (("title", "asset"), ONE),
    "a whole purse and money": (("purse", "asset"), ONE),
    "a car that is only held": (CARS, HELD),
    "two rivals": (CARS, RIVALS),
    "two rivals for a purse": (("purse", "title"), RIVALS),
    "two rivals, each deciding at his end": (CARS, OPPOSITE),
    "a third ledger decides": (("title", "asset", ""), (ELSEWHERE[0],)),
    "a third ledger decides between rivals": (("title", "asset", ""), ELSEWHERE),
    "three parts": (("title", "asset", "title"), ONE),
    "three parts, two rivals": (("title", "asset", "asset"), RIVALS),
}
"""What the seller has on each ledger, and which changes are wanted; parties may do anything."""

SIZES_ANYBODY = {
}

COORDINATED = {
    "one coordinator": (CARS, ONE, (1,)),
    "one coordinator, started twice": (CARS, ONE, (2,)),
    "two coordinators": (CARS, RIVALS, (1, 1)),
    "two coordinators, each deciding at his end": (CARS, OPPOSITE, (1, 1)),
    "two coordinators, about money": (("asset", "asset"), RIVALS, (1, 1)),
}
"""The same with coordinators, and how many processes work from the diary of each."""

SIZES_COORDINATED = {
}


def is_anything(world: World) -> bool:
    """Say yes to every world."""
    return bool(world)


def is_early(world: World) -> bool:
    """Tell whether the deadline has come nowhere."""
    return not any(world[1])


def marked(names: dict[str, Size]) -> list[object]:
    """Return the names of worlds, the large ones marked as slow."""
    return [
        pytest.param(name, marks=[SLOW] if size.states > QUICK_STATES_MAX else [], id=name)
        for name, size in names.items()
    ]


@pytest.mark.parametrize("name", marked(SIZES_ANYBODY))
def test_whatever_anybody_does(name: str) -> None:
    """Every law holds, and strangers alone can always free what is held."""
    things, wishes = ANYBODY[name]
    stage = Stage(things, wishes)
    explored = explore(stage.start, stage.moves, stage.laws, states_max=STATES_MAX)
    explored.insist_reachable("strangers can free what is held", stage.is_free, by=NOBODY)
    explored.insist_inevitable(
        "from the deadline on strangers free what is held, in whatever order they act",
        stage.is_free,
        by={RELAY},
        since=stage.is_late,
    )
    explored.insist_inevitable(
        "in the end nothing is held, whatever anybody does",
        stage.is_free,
        by={CLOCK, RELAY, PARTY},
        since=is_anything,
    )
    outcomes = {stage.outcomes(world) for world in explored.states}
    assert 1 == max(each.count(Outcome.COMMITTED) for each in outcomes)
    for n in range(len(wishes)):
        assert {None, Outcome.COMMITTED, Outcome.ABORTED} == {each[n] for each in outcomes}
        assert any(stage.is_done(world, n) for world in explored.states)
    assert SIZES_ANYBODY[name] == measure(name, explored, stage.ledgers)


@pytest.mark.parametrize("name", marked(SIZES_COORDINATED))
def test_whatever_becomes_of_coordinators(name: str) -> None:
    """The same while they die, start again and start twice; and they need no clock to end."""
    things, wishes, processes = COORDINATED[name]
    stage = Stage(things, wishes)
    crew = Crew(stage, [Coordinator(n, each) for n, each in enumerate(processes)])
    explored = explore(crew.start, crew.moves, stage.laws, states_max=STATES_MAX)
    explored.insist_reachable("strangers can free what is held", stage.is_free, by=NOBODY)
    explored.insist_inevitable(
        "from the deadline on strangers free what is held, in whatever order they act",
        stage.is_free,
        by={RELAY},
        since=stage.is_late,
    )
    explored.insist_inevitable(
        "before the deadline coordinators that go on bring one change about, and free the rest",
        lambda world: stage.is_free(world) and any(map(stage.is_done, [world] * len(wishes), range(len(wishes)))),
        by=crew.names,
        since=is_early,
    )
    assert SIZES_COORDINATED[name] == measure(name, explored, stage.ledgers)


def test_coordinators_do_nothing_that_nobody_else_could() -> None:
    """What coordinators bring ledgers to is a part of what anybody can bring them to."""
    stage = Stage(CARS, RIVALS)
    anybody = explore(stage.start, stage.moves, states_max=STATES_MAX)
    crew = Crew(stage, [Coordinator(0), Coordinator(1)])
    coordinated = explore(crew.start, crew.moves, states_max=STATES_MAX)
    assert {world[:2] for world in coordinated.states} < {world[:2] for world in anybody.states}
