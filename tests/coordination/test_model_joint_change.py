"""Every course that a joint change can take, on two and three ledgers, with the real rules."""

from collections.abc import Container, Sequence

import pytest
from _pytest.mark import ParameterSet

from tallystick.base.encoding import Record
from tallystick.contracts.exchange.commands import Abort, Commit, Finish, Prepare
from tallystick.contracts.exchange.model import Outcome
from tallystick.core.contract import Rule
from tallystick.testing.explore import Counterexample, Explored, explore
from tests.coordination.model_change import CLOCK, NOBODY, PARTY, RELAY, Stage, World
from tests.coordination.model_coordinator import Coordinator, Crew
from tests.coordination.model_founding import BUYER, RIVAL, Wish
from tests.coordination.model_laws import LAWS
from tests.coordination.model_mistakes import (
    abort_by_parties_only,
    abort_what_was_committed,
    commit_at_the_deadline,
    commit_what_is_not_held,
    commit_what_was_aborted,
    finish_by_its_own_clock,
    finish_on_absence,
    finish_on_any_decision,
    finish_on_error,
    prepare_until_the_deadline,
)
from tests.coordination.model_report import PAGE, Size, measure, row

STATES_MAX = 2_000_000
QUICK_STATES_MAX = 250_000
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
    "a car that is only held": (CARS, HELD),
    "two rivals": (CARS, RIVALS),
    "two rivals, each deciding at his end": (CARS, OPPOSITE),
    "a third ledger decides": (("title", "asset", ""), (ELSEWHERE[0],)),
    "a third ledger decides between rivals": (("title", "asset", ""), ELSEWHERE),
    "three parts": (("title", "asset", "title"), ONE),
    "three parts, two rivals": (("title", "asset", "asset"), RIVALS),
}
"""What the seller has on each ledger, and which changes are wanted; parties may do anything."""

SIZES_ANYBODY = {
    "a car and an insurance": Size(1719, 3978, 11),
    "a title and money": Size(981, 2406, 11),
    "a car that is only held": Size(1773, 4107, 11),
    "two rivals": Size(19434, 47222, 16),
    "two rivals, each deciding at his end": Size(18275, 43802, 16),
    "a third ledger decides": Size(2943, 9225, 13),
    "a third ledger decides between rivals": Size(40500, 132366, 18),
    "three parts": Size(24111, 86310, 16),
    "three parts, two rivals": Size(376110, 1472418, 23),
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
    "one coordinator": Size(1665, 6144, 19),
    "one coordinator, started twice": Size(18627, 102616, 25),
    "two coordinators": Size(181845, 1032447, 30),
    "two coordinators, each deciding at his end": Size(209515, 1166333, 34),
    "two coordinators, about money": Size(170775, 969945, 30),
}

HALF_DONE, UNHELD, LATE = LAWS[0][0], LAWS[3][0], LAWS[4][0]
FREED = "strangers can free what is held"

PREPARED_0 = "party: prepare part 0 of change 0, on ledger 0"
PREPARED_1 = "party: prepare part 1 of change 0, on ledger 1"
COMMITTED = "relay: commit change 0 on a proof that part 1 of change 0 is prepared, on ledger 0"
ABORTED = "party: abort change 0, on ledger 0"
CLOCK_0, CLOCK_1 = "clock: ledger 0 is at the deadline", "clock: ledger 1 is at the deadline"
FINISHED_0 = "relay: finish part 0 of change 0, on ledger 0"
FINISHED_1 = "relay: finish part 1 of change 0 on a proof that "

Mistake = tuple[type[Record], Rule, Sequence[Wish], str, list[str]]

MISTAKES: list[Mistake] = [
    (
        Finish,
        finish_by_its_own_clock,
        ONE,
        HALF_DONE,
        [
            PREPARED_0,
            PREPARED_1,
            COMMITTED,
            CLOCK_0,
            FINISHED_0,
            FINISHED_1 + "the decision on change 0 is: committed, on ledger 1",
        ],
    ),
    (
        Finish,
        finish_on_absence,
        ONE,
        HALF_DONE,
        [
            PREPARED_0,
            PREPARED_1,
            COMMITTED,
            FINISHED_0,
            CLOCK_1,
            FINISHED_1 + "there is no decision on change 0, on ledger 1",
        ],
    ),
    (
        Finish,
        finish_on_any_decision,
        RIVALS,
        HALF_DONE,
        [
            PREPARED_0,
            "party: abort change 1, on ledger 0",
            PREPARED_1,
            COMMITTED,
            FINISHED_0,
            FINISHED_1 + "the decision on change 1 is: aborted, on ledger 1",
        ],
    ),
    (
        Finish,
        finish_on_error,
        ONE,
        HALF_DONE,
        [
            PREPARED_0,
            PREPARED_1,
            COMMITTED,
            FINISHED_0,
            "party: finish part 1 of change 0, on ledger 1",
        ],
    ),
    (Commit, commit_at_the_deadline, ONE, LATE, [PREPARED_0, CLOCK_0, PREPARED_1, COMMITTED]),
    (
        Commit,
        commit_what_was_aborted,
        ONE,
        HALF_DONE,
        [
            PREPARED_0,
            ABORTED,
            PREPARED_1,
            COMMITTED,
            FINISHED_0,
            FINISHED_1 + "the decision on change 0 is: aborted, on ledger 1",
        ],
    ),
    (
        Commit,
        commit_what_is_not_held,
        ONE,
        UNHELD,
        ["relay: commit change 0 on a proof that there is no part 1 of change 0, on ledger 0"],
    ),
    (
        Abort,
        abort_what_was_committed,
        ONE,
        HALF_DONE,
        [
            PREPARED_0,
            PREPARED_1,
            COMMITTED,
            FINISHED_0,
            ABORTED,
            FINISHED_1 + "the decision on change 0 is: aborted, on ledger 1",
        ],
    ),
    (Abort, abort_by_parties_only, ONE, FREED, [PREPARED_0]),
    (
        Prepare,
        prepare_until_the_deadline,
        ONE,
        FREED,
        [PREPARED_0, CLOCK_0, "party: sell, on ledger 0"],
    ),
]
"""A rule with a mistake, which changes are wanted, what no longer holds, and the shortest way."""


def is_anything(world: World) -> bool:
    """Say yes to every world."""
    return bool(world)


def is_early(world: World) -> bool:
    """Tell whether the deadline has come nowhere."""
    return not any(world[1])


def marked(sizes: dict[str, Size]) -> list[ParameterSet]:
    """Return the names of worlds, the large ones marked as slow."""
    return [
        pytest.param(name, marks=[SLOW] if size.states > QUICK_STATES_MAX else [], id=name)
        for name, size in sizes.items()
    ]


@pytest.mark.parametrize("name", marked(SIZES_ANYBODY))
def test_whatever_anybody_does(name: str) -> None:
    """Every law holds, and strangers alone can always free what is held."""
    things, wishes = ANYBODY[name]
    stage = Stage(things, wishes)
    explored = explore(stage.start, stage.moves, stage.laws, states_max=STATES_MAX)
    explored.insist_reachable(FREED, stage.is_free, by=NOBODY)
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
    explored.insist_reachable(FREED, stage.is_free, by=NOBODY)
    explored.insist_inevitable(
        "from the deadline on strangers free what is held, in whatever order they act",
        stage.is_free,
        by={RELAY},
        since=stage.is_late,
    )
    # A coordinator that is started twice may leave something to strangers, see below.
    insist_on_one(explored, stage, by=crew.names if max(processes) == 1 else {*crew.names, RELAY})
    assert SIZES_COORDINATED[name] == measure(name, explored, stage.ledgers)


def test_a_stale_reader_leaves_nothing_to_strangers() -> None:
    """
    Of two processes of one coordinator, one may have read a part before the other prepared it.

    It knows all the same that what was committed is held, and ends it.
    """
    stage = Stage(CARS, ONE)
    crew = Crew(stage, [Coordinator(0, 2)])
    explored = explore(crew.start, crew.moves, stage.laws, states_max=STATES_MAX)
    insist_on_one(explored, stage, by=crew.names)


def test_coordinators_do_nothing_that_nobody_else_could() -> None:
    """What coordinators bring ledgers to is a part of what anybody can bring them to."""
    stage = Stage(CARS, ONE)
    anybody = explore(stage.start, stage.moves, states_max=STATES_MAX)
    crew = Crew(stage, [Coordinator(0, 2)])
    coordinated = explore(crew.start, crew.moves, states_max=STATES_MAX)
    assert {world[:2] for world in coordinated.states} < {world[:2] for world in anybody.states}


@pytest.mark.parametrize(
    ("command", "rule", "wishes", "sentence", "steps"),
    MISTAKES,
    ids=[rule.__name__ for _, rule, *_ in MISTAKES],
)
def test_mistakes_are_found(
    command: type[Record], rule: Rule, wishes: Sequence[Wish], sentence: str, steps: list[str]
) -> None:
    """Rules with one mistake break a law, or leave something held; the way there is a shortest."""
    stage = Stage(CARS, wishes, rules={command: rule})
    laws = [law for law in stage.laws if law.sentence == sentence]
    with pytest.raises(Counterexample, match=sentence) as caught:
        explore(stage.start, stage.moves, laws, states_max=STATES_MAX).insist_reachable(
            FREED, stage.is_free, by=NOBODY
        )
    assert steps == said(caught.value)


def test_the_page_says_how_many() -> None:
    """The documentation has a line for each world, with its size."""
    page = PAGE.read_text(encoding="utf-8")
    sizes = {**SIZES_ANYBODY, **SIZES_COORDINATED}
    assert [] == [line for line in map(row, sizes, sizes.values()) if line not in page]


def insist_on_one(explored: Explored[World], stage: Stage, *, by: Container[str]) -> None:
    """Insist that a change is brought about before the deadline, whoever was killed on the way."""
    explored.insist_inevitable(
        "before the deadline coordinators that go on bring one change about, and free the rest",
        lambda world: (
            stage.is_free(world) and any(stage.is_done(world, n) for n in range(len(stage.changes)))
        ),
        by=by,
        since=is_early,
    )


def said(counterexample: Counterexample) -> list[str]:
    """Return a way in words."""
    return [f"{step.actor}: {step.deed}" for step in counterexample.steps]
