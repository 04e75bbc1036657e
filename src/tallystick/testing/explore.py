"""
Explore everything that can happen in a small world, and insist that it is as it should be.

    explored = explore(start, moves, [Law("nobody owes more than he has", overdrawn)])
    explored.insist_reachable("nobody is stuck", is_over, by={"relay"})

A world is a hashable state and a function that yields each step possible in it with the state that
follows. Breadth first, every state is met once, by a shortest way: what breaks a law is reported
with the fewest steps that lead there. Nothing is sampled; what is left out is left out by `moves`,
so that function is the place to argue about.
"""

from array import array
from collections import deque
from collections.abc import Callable, Container, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, NamedTuple, TypeVar

State = TypeVar("State", bound=Hashable)

NOWHERE = -1


class Step(NamedTuple):
    """One thing that happens."""

    actor: str
    """Who does it; questions about who needs whom are asked by this."""

    deed: str
    """What it is, for people."""


Moves = Callable[[State], Iterable[tuple[Step, State]]]
"""Yields what can happen in a state, and what comes of it."""


@dataclass(frozen=True)
class Law(Generic[State]):
    """A sentence and the check that says how a state breaks it."""

    sentence: str
    """What always holds, for people."""

    breach: Callable[[State], str]
    """Says what is wrong with a state; nothing if the law holds."""


class Counterexample(AssertionError):
    """A way, none shorter, to where a sentence doesn't hold."""

    def __init__(self, sentence: str, problem: str, steps: Sequence[Step]) -> None:
        way = [f"  {n}. {step.actor}: {step.deed}" for n, step in enumerate(steps, start=1)]
        super().__init__("\n".join((f"{sentence}: {problem}, after {len(steps)} steps", *way)))
        self.sentence = sentence
        self.problem = problem
        self.steps = tuple(steps)


class TooManyStates(AssertionError):
    """The world is larger than its explorer was told."""

    def __init__(self, states_max: int) -> None:
        super().__init__(f"there are more than {states_max} states")


class Explored(Generic[State]):
    """
    Every state that can be reached, every step between two of them, and how each was met first.

    Steps that change nothing are not kept. States are numbered in the order in which they were met,
    so a smaller number is never further from the start.
    """

    def __init__(
        self, start: State, moves: Moves[State], laws: Sequence[Law[State]], *, states_max: int
    ) -> None:
        self.states: list[State] = [start]
        self._steps: list[Step] = []
        self._begins = array("q")
        self._taken = array("q")
        self._targets = array("q")
        self._parents = array("q", [NOWHERE])
        self._first_taken = array("q", [NOWHERE])
        self._explore(moves, laws, states_max)

    @property
    def transitions(self) -> int:
        """Return the number of steps between two states; two deeds that do the same are two."""
        return len(self._targets)

    @property
    def depth(self) -> int:
        """Return how far from the start the farthest state is. [steps]"""
        return len(self.trace(len(self.states) - 1))

    def trace(self, number: int) -> tuple[Step, ...]:
        """Return the shortest way to a state, the first of those that are equally short."""
        steps: list[Step] = []
        while self._parents[number] != NOWHERE:
            steps.append(self._steps[self._first_taken[number]])
            number = self._parents[number]
        return tuple(reversed(steps))

    def insist_reachable(
        self, sentence: str, goal: Callable[[State], bool], *, by: Container[str]
    ) -> None:
        """
        Insist that from every state these actors alone can bring about the goal.

        Raises `Counterexample` with the way to the nearest state from which they can't.
        """
        reached = bytearray(map(goal, self.states))
        before = _Backwards(self._begins, self._targets, self._allowed(by))
        waiting = deque(number for number, is_goal in enumerate(reached) if is_goal)
        while waiting:
            for source in before.of(waiting.popleft()):
                if not reached[source]:
                    reached[source] = 1
                    waiting.append(source)
        lost = reached.find(0)
        if lost != NOWHERE:
            raise Counterexample(sentence, "no way leads on", self.trace(lost))

    def insist_inevitable(
        self,
        sentence: str,
        goal: Callable[[State], bool],
        *,
        by: Container[str],
        since: Callable[[State], bool],
    ) -> None:
        """
        Insist that these actors, as long as they go on, bring about the goal whatever they choose.

        It is asked of every state in which `since` holds. Raises `Counterexample` with the way to
        where nothing is left to do, or to where they have been before.
        """
        allowed = self._allowed(by)
        settled = self._settled(goal, allowed)
        for number, state in enumerate(self.states):
            if not settled[number] and since(state):
                raise self._endless(sentence, number, settled, allowed)

    def _explore(self, moves: Moves[State], laws: Sequence[Law[State]], states_max: int) -> None:
        """Meet every state, nearest first."""
        numbers = {state: number for number, state in enumerate(self.states)}
        names: dict[Step, int] = {}
        self._hold(laws)
        for number, state in enumerate(self.states):
            self._begins.append(len(self._targets))
            for step, after in moves(state):
                if after == state:
                    continue
                taken = names.setdefault(step, len(names))
                if taken == len(self._steps):
                    self._steps.append(step)
                target = numbers.get(after)
                if target is None:
                    target = numbers[after] = len(numbers)
                    self.states.append(after)
                    self._parents.append(number)
                    self._first_taken.append(taken)
                    self._hold(laws)
                    if len(numbers) > states_max:
                        raise TooManyStates(states_max)
                self._taken.append(taken)
                self._targets.append(target)
        self._begins.append(len(self._targets))

    def _hold(self, laws: Sequence[Law[State]]) -> None:
        """Hold the state that was met last to every law."""
        for law in laws:
            problem = law.breach(self.states[-1])
            if problem:
                way = self.trace(len(self.states) - 1)
                raise Counterexample(law.sentence, problem, way)

    def _allowed(self, by: Container[str]) -> list[bool]:
        """Return for each transition whether it is a step of these actors."""
        allowed = [step.actor in by for step in self._steps]
        return [allowed[taken] for taken in self._taken]

    def _settled(self, goal: Callable[[State], bool], allowed: Sequence[bool]) -> bytearray:
        """Return for each state whether all ways on from it lead to the goal."""
        settled = bytearray(map(goal, self.states))
        before = _Backwards(self._begins, self._targets, allowed)
        choices = [sum(allowed[begin:end]) for begin, end in pairwise(self._begins)]
        waiting = deque(number for number, is_goal in enumerate(settled) if is_goal)
        while waiting:
            for source in before.of(waiting.popleft()):
                choices[source] -= 1
                if not choices[source] and not settled[source]:
                    settled[source] = 1
                    waiting.append(source)
        return settled

    def _endless(
        self, sentence: str, number: int, settled: bytearray, allowed: Sequence[bool]
    ) -> Counterexample:
        """Return the way through a state to where the goal is missed for good."""
        steps = list(self.trace(number))
        seen: set[int] = set()
        while number not in seen:
            seen.add(number)
            for n in range(self._begins[number], self._begins[number + 1]):
                if allowed[n] and not settled[self._targets[n]]:
                    steps.append(self._steps[self._taken[n]])
                    number = self._targets[n]
                    break
            else:
                return Counterexample(sentence, "nothing is left to do", steps)
        return Counterexample(sentence, "it goes round in circles", steps)


class _Backwards:
    """For each state those from which an allowed transition leads to it, laid out in one array."""

    def __init__(
        self, begins: Sequence[int], targets: Sequence[int], allowed: Sequence[bool]
    ) -> None:
        self._ends = array("q", bytes(8 * len(begins)))
        for target, is_allowed in zip(targets, allowed, strict=True):
            self._ends[target + 1] += is_allowed
        for number in range(1, len(begins)):
            self._ends[number] += self._ends[number - 1]
        free = self._ends[:]
        self._sources = array("q", bytes(8 * self._ends[-1]))
        for source, (begin, end) in enumerate(pairwise(begins)):
            for n in range(begin, end):
                if allowed[n]:
                    self._sources[free[targets[n]]] = source
                    free[targets[n]] += 1

    def of(self, number: int) -> Sequence[int]:
        """Return the states from which a transition leads here, one for each such transition."""
        return self._sources[self._ends[number] : self._ends[number + 1]]


def explore(
    start: State, moves: Moves[State], laws: Sequence[Law[State]] = (), *, states_max: int
) -> Explored[State]:
    """
    Return everything that can be reached from a state.

    Raises `Counterexample` at the first state, in order of distance, that breaks a law, and
    `TooManyStates` rather than running for ever.
    """
    return Explored(start, moves, laws, states_max=states_max)
