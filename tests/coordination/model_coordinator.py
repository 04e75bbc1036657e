"""
Coordinators in all their courses: the real `next_step`, and death between any two things they do.

A process reads one ledger after the other, so what it knows may be stale before it is used; asks
`next_step` what to do; sends that one command; and keeps of the answer what the real one keeps. It
is killed anywhere, and what it kept is gone. What lasts is the diary, which says only whether the
change is over. Several processes may work from one diary, as when a coordinator is started twice.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final, NamedTuple

from tallystick.base.identifiers import RecordId
from tallystick.contracts.exchange.errors import HoldingIsReserved
from tallystick.contracts.exchange.model import (
    Outcome,
    PartState,
    Reservation,
    decision_id,
    prepared_id,
    reservation_id,
)
from tallystick.coordination.errands import OVERTAKEN
from tallystick.coordination.joint_change import (
    Decide,
    FinishParts,
    Over,
    PrepareParts,
    Refusal,
    Seen,
    Wait,
    next_step,
)
from tallystick.coordination.joint_change import Step as Plan
from tallystick.testing.explore import Step
from tests.coordination.model_change import PARTY, RELAY, Deed, Stage, World, put
from tests.coordination.model_founding import DEADLINE
from tests.coordination.model_ledger import ACCEPTED, Answer

CRASH: Final = "crash"

STATES: Final = (None, *PartState)

Held = tuple[int, int]
"""The ledger that refused, and the change that holds what was wanted there."""

UNHINDERED: Final[Held] = (-1, -1)
"""Nothing was refused."""

NOBODY_HOLDS: Final = -1
"""The change that holds, if something else is the reason."""


class Process(NamedTuple):
    """A coordinator while it runs: all that is gone when it is killed."""

    read: tuple[int, ...]
    """The deciding ledger's clock, and how far the parts are, as far as it has read."""

    doing: tuple[int, ...]
    """The step that it is about to take, and its arguments; nothing while it reads."""

    refusal: Held
    """Why it could not prepare when it asked last."""

    apart: bool
    """Whether it commits without finishing the deciding ledger's parts along with it."""


FRESH: Final = Process((), (), UNHINDERED, apart=False)

PREPARE, COMMIT, ABORT, FINISH, WAIT, END = range(6)

Processes = tuple[Process | None, ...]
"""Each, or nothing in place of one that is dead."""

OPEN, OVER = range(2)
"""What a diary says of a change."""

Diary = tuple[int, Processes]
"""What it says, and who works from it."""


class Coordinator(NamedTuple):
    """Who brings a change about."""

    change: int
    """Which change."""

    processes: int = 1
    """How many may be running at once."""

    @property
    def name(self) -> str:
        """Return how it is called in a trace."""
        return f"coordinator {self.change}"


Course = tuple[Step, tuple[int, ...], int, Process | None]
"""What a process does, the ledgers after it, what the diary says, and what becomes of it."""


class Crew:
    """A stage with coordinators, usually among strangers who carry proofs."""

    def __init__(
        self,
        stage: Stage,
        coordinators: Sequence[Coordinator],
        others: tuple[str, ...] = (RELAY,),
    ) -> None:
        self.stage = stage
        self.others = others
        self.coordinators = tuple(coordinators)
        self.courses = cache(self._courses)

    @property
    def names(self) -> frozenset[str]:
        """Return the coordinators as actors."""
        return frozenset(each.name for each in self.coordinators)

    @property
    def start(self) -> World:
        """Return the world before any coordinator was started."""
        snapshots, clocks, _ = self.stage.start
        idle = tuple((OPEN, (None,) * each.processes) for each in self.coordinators)
        return snapshots, clocks, idle

    def moves(self, world: World) -> Iterator[tuple[Step, World]]:
        """Yield what time, strangers and coordinators can do."""
        yield from self.stage.moves(world, self.others)
        _, clocks, memory = world
        for n, each in enumerate(self.coordinators):
            written, processes = memory[n]
            for place, process in enumerate(processes):
                rest = (*processes[:place], *processes[place + 1 :])
                if process is not None:
                    diary = (written, _crowd(rest, None))
                    step = Step(CRASH, f"{each.name} is killed")
                    yield step, (world[0], clocks, put(memory, n, diary))
                for step, after, over, now in self.courses(n, world[0], clocks, written, process):
                    diary = (over, _crowd(rest, now))
                    yield step, (after, clocks, put(memory, n, diary))

    def _courses(
        self,
        n: int,
        snapshots: tuple[int, ...],
        clocks: tuple[int, ...],
        written: int,
        process: Process | None,
    ) -> list[Course]:
        """Return what a process may do next; of others it knows what the ledgers say."""
        each, world = self.coordinators[n], (snapshots, clocks, ())
        if process is None:
            return (
                []
                if written == OVER
                else [(Step(each.name, "is started"), snapshots, written, FRESH)]
            )
        if not process.doing:
            return self._read(each, world, written, process)
        if process.doing[0] == END:
            return [(Step(each.name, "writes down that all is over"), snapshots, OVER, None)]
        if process.doing[0] == WAIT:
            return self._wait(each, world, written, process)
        return [self._send(each, world, written, process)]

    def _read(
        self, each: Coordinator, world: World, written: int, process: Process
    ) -> list[Course]:
        """
        Read the diary first, then one part after the other, at last the decision; and decide.

        From the deadline on the deciding ledger may or may not have made a block yet.
        """
        if written == OVER and not process.read:
            return [(Step(each.name, "reads that all is over"), world[0], written, None)]
        change = self.stage.changes[each.change]
        clock = world[1][self.stage.deciding(each.change)]
        read = process.read or (clock,)
        read = (*read, self._part(each, world, len(read) - 1))
        step = Step(each.name, f"reads part {len(read) - 2}")
        if len(read) <= len(change.parts):
            return [(step, world[0], written, process._replace(read=read))]
        step = Step(each.name, f"reads part {len(read) - 2} and the decision")
        plans = {
            self._plan(each, world, read, process.refusal, closed=closed)
            for closed in range(1 + (read[0] > 0))
        }
        return [
            (step, world[0], written, process._replace(read=(), doing=doing))
            for doing in sorted(plans)
        ]

    def _part(self, each: Coordinator, world: World, part: int) -> int:
        """Return how far a part has come on its ledger."""
        ledger = self.stage.numbers[self.stage.changes[each.change].parts[part].ledger]
        found = self.stage.seen(ledger, world[0][ledger]).parts[each.change][part]
        return STATES.index(None if found is None else found.state)

    def _plan(
        self, each: Coordinator, world: World, read: tuple[int, ...], held: Held, *, closed: int = 0
    ) -> tuple[int, ...]:
        """Ask the real coordinator what to do, given what was read and the decision as it is."""
        clock, *parts = read
        change = self.stage.changes[each.change]
        seen = Seen(
            parts=tuple(STATES[state] for state in parts),
            outcome=self.stage.outcomes(world)[each.change],
            time=DEADLINE - 1 + clock,
            closed=bool(closed),
        )
        return _short(next_step(change, seen, range(len(parts)), self._refusal(held)))

    def _refusal(self, held: Held) -> Refusal | None:
        """Return why the last attempt to prepare was refused."""
        ledger, holder = held
        if held == UNHINDERED:
            return None
        held_by = None if holder == NOBODY_HOLDS else self.stage.ids[holder]
        return Refusal(self.stage.changes[0].deciding, "", ledger, "", held_by, DEADLINE)

    def _wait(
        self, each: Coordinator, world: World, written: int, process: Process
    ) -> list[Course]:
        """
        Return that a process wakes up, once there is reason to.

        One that would only read the same again and wait on is left to sleep.
        """
        ledger, holder = process.refusal
        is_free = process.refusal == UNHINDERED or self._holder(each, world, ledger) != holder
        refusal = UNHINDERED if is_free else process.refusal
        change = self.stage.changes[each.change]
        clock = world[1][self.stage.deciding(each.change)]
        read = (clock, *(self._part(each, world, n) for n in range(len(change.parts))))
        if self._plan(each, world, read, refusal) == process.doing:
            return []
        now = process._replace(doing=(), refusal=refusal)
        return [(Step(each.name, "wakes up"), world[0], written, now)]

    def _holder(self, each: Coordinator, world: World, ledger: int) -> int:
        """Return which change holds the whole of what one wants on a ledger."""
        stage = self.stage
        for part in stage.changes[each.change].parts:
            if stage.numbers[part.ledger] == ledger:
                id = reservation_id(part.contract, part.holding)
                found = stage.ledgers[ledger].read(world[0][ledger], Reservation, id)
                return NOBODY_HOLDS if found is None else stage.ids.index(found.lock_id)
        raise AssertionError("a ledger refused a change that has no part there")

    def _send(self, each: Coordinator, world: World, written: int, process: Process) -> Course:
        """Send the command that is next, and take in the answer."""
        snapshots, clocks, _ = world
        ledger, deed = self._deed(each, process, snapshots)
        after, answer = self.stage.send(snapshots[ledger], clocks[ledger], ledger, deed)
        now = self._take_in(each, world, ledger, process, answer)
        text = f"{self.stage.say(deed)}, on ledger {ledger}: {answer[1] or 'accepted'}"
        return Step(each.name, text), put(snapshots, ledger, after), written, now

    def _take_in(
        self, each: Coordinator, world: World, ledger: int, process: Process, answer: Answer
    ) -> Process:
        """Return what a process keeps of an answer, as `errands` does."""
        kind, *arguments = process.doing
        if kind == PREPARE:
            refusal = self._hindrance(each, world, ledger, answer)
            return process._replace(doing=(), refusal=refusal)
        if kind == FINISH:
            rest = tuple(arguments[1:])
            return process._replace(doing=(FINISH, *rest) if rest else ())
        return process._replace(doing=(), apart=answer != ACCEPTED)

    def _hindrance(self, each: Coordinator, world: World, ledger: int, answer: Answer) -> Held:
        """Return why a part could not be prepared, unless the ledger only knew more than we."""
        contract, code = answer
        if answer == ACCEPTED or (contract == "exchange" and code in OVERTAKEN):
            return UNHINDERED
        holder = self._holder(each, world, ledger)
        if holder in {NOBODY_HOLDS, each.change} and code == HoldingIsReserved.code:
            return UNHINDERED
        return ledger, NOBODY_HOLDS if holder == each.change else holder

    def _deed(
        self, each: Coordinator, process: Process, snapshots: tuple[int, ...]
    ) -> tuple[int, Deed]:
        """Return the command that is next, and the ledger for which it is."""
        n, stage = each.change, self.stage
        change = stage.changes[n]
        deciding = stage.deciding(n)
        kind, *parts = process.doing
        if kind == ABORT:
            return deciding, Deed(PARTY, "abort", (n,))
        if kind == COMMIT:
            ids = [
                (stage.numbers[part.ledger], prepared_id(stage.ids[n], index))
                for index, part in enumerate(change.parts)
                if part.ledger != change.deciding
            ]
            return deciding, Deed(RELAY, "commit", (n,), self._stands(snapshots, ids))
        ledger = stage.numbers[change.parts[parts[0]].ledger]
        if kind == PREPARE:
            return ledger, Deed(PARTY, "prepare", (n, parts[0]))
        ids = [] if ledger == deciding else [(deciding, decision_id(stage.ids[n]))]
        return ledger, Deed(RELAY, "finish", (n, parts[0]), self._stands(snapshots, ids))

    def _stands(
        self, snapshots: tuple[int, ...], ids: Sequence[tuple[int, RecordId]]
    ) -> tuple[tuple[int, int], ...]:
        """Return what ledgers show of some ids now."""
        tiny = self.stage.ledgers
        return tuple((ledger, tiny[ledger].standing(snapshots[ledger], id)) for ledger, id in ids)


def _short(plan: Plan) -> tuple[int, ...]:
    """Return a step of the real coordinator as numbers."""
    match plan:
        case PrepareParts(_, parts):
            return PREPARE, *parts
        case Decide(outcome):
            return (COMMIT,) if outcome is Outcome.COMMITTED else (ABORT,)
        case FinishParts(parts):
            return FINISH, *parts
        case Wait():
            return (WAIT,)
        case Over():
            return (END,)
    raise AssertionError(f"{plan} is no step")


def _crowd(rest: Processes, process: Process | None) -> Processes:
    """Return all processes of a diary; they are told apart only by what they do."""
    return tuple(sorted((*rest, process), key=lambda each: each or ()))
