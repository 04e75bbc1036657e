"""
The audit: execute everything again from genesis and compare every root.

It trusts the journal's bytes for nothing but being there: each signature is checked, each block
executed in a fresh state, each header met. What the running ledger keeps (its records, its log, its
last checkpoint) is then held against what came out.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, NamedTuple

import msgspec

from tallystick.base.identifiers import RecordId
from tallystick.core import transition
from tallystick.core.block import Block
from tallystick.core.check import Verified
from tallystick.core.contract import Contract
from tallystick.core.errors import Damaged, InvariantBroken, Refused
from tallystick.core.genesis import Genesis
from tallystick.core.invariant import Change, Changes
from tallystick.core.state import State

from .collection import collection_paused
from .journal import Journal
from .memory import MemoryStore
from .opening import Progress, load_base, replayed, unseen
from .snapshot import Snapshot

Verify = Callable[[Sequence[bytes]], list[Verified | Refused]]
"""Checks the signatures of many transactions: one answer for each, in order."""

BATCH_TRANSACTIONS: Final = 1_024
"""Transactions that are verified together; a batch ends with a block. [transactions]"""

BATCHES_AHEAD: Final = 2
PROBLEMS_MAX: Final = 20


class Batch(NamedTuple):
    """Blocks whose transactions are verified together."""

    blocks: list[Block]
    damaged: Damaged | None = None
    """Why there are no more."""


class LogRoot(msgspec.Struct, frozen=True):
    """What a signed checkpoint says about the log."""

    size: int
    """Entries of the log. [entries]"""

    root: bytes
    """The log's root at that size."""


class Audit(msgspec.Struct, frozen=True, kw_only=True):
    """What an audit did and what it found."""

    first_height: int
    """Height of the first block that was executed: above 0 only on a restored ledger."""

    height: int
    """Height of the last block that held."""

    blocks: int
    """Blocks executed."""

    transactions: int
    """Transactions executed."""

    signatures: int
    """Signatures checked."""

    records: int
    """Ids in the final state."""

    roots: int
    """Roots and records of the running ledger that were compared, and held."""

    invariants: tuple[str, ...]
    """The sentences that were tried on the whole ledger, each with its contract."""

    state_root: bytes
    """Root of the state that came out."""

    seconds: float
    """How long it took. [s]"""

    problems: tuple[str, ...]
    """What is wrong, each naming a height or an id; empty if the ledger is what it claims to be."""

    notices: tuple[str, ...] = ()
    """What opening the ledger had put right before, such as a stored state that was damaged."""

    @property
    def passed(self) -> bool:
        """Say whether nothing is wrong."""
        return not self.problems


class _Tally:
    """What an audit counts while it runs."""

    def __init__(self) -> None:
        self.blocks = self.transactions = self.signatures = self.roots = 0
        self.invariants: list[str] = []
        self.problems: list[str] = []
        self.left_out = 0

    def problem(self, text: str) -> None:
        """Note a problem, up to a bound."""
        if len(self.problems) < PROBLEMS_MAX:
            self.problems.append(text)
        else:
            self.left_out += 1

    def all_problems(self) -> tuple[str, ...]:
        """Return the problems, and how many more there are."""
        more = (f"and {self.left_out} more",) if self.left_out else ()
        return (*self.problems, *more)


def audit(  # noqa: PLR0913 - one per thing that is held against another.
    genesis: Genesis,
    journal: Journal,
    contracts: Sequence[Contract],
    *,
    verify: Verify,
    base: Snapshot | None = None,
    live: State | None = None,
    checkpoint: LogRoot | None = None,
    notices: Sequence[str] = (),
    progress: Progress = unseen,
) -> Audit:
    """
    Execute a journal again and say everything that is wrong with it or with what was made of it.

    `verify` checks signatures and runs beside the execution, so it should use another process.
    `live` is the running ledger's state, which must not move meanwhile; `checkpoint` what it last
    signed. A restored ledger is audited from its `base` on. `notices` are those of the opening: a
    damaged state is made again there, and the report must not hide it.
    """
    began, tally = time.monotonic(), _Tally()
    state = State(genesis, contracts, MemoryStore())
    first = journal.begin
    try:
        if base is not None:
            load_base(state, base)
        _execute_all(state, journal, verify, tally, progress)
    except Damaged as damaged:
        tally.problem(str(damaged))
    if state.height == journal.height:
        _compare_live(state, live, tally)
        _compare_log(state, checkpoint, tally)
    _hold_invariants(state, tally)
    return Audit(
        first_height=first,
        height=state.height,
        blocks=tally.blocks,
        transactions=tally.transactions,
        signatures=tally.signatures,
        records=len(state.store),
        roots=tally.roots,
        invariants=tuple(tally.invariants),
        state_root=state.tree.root,
        seconds=time.monotonic() - began,
        problems=tally.all_problems(),
        notices=tuple(notices),
    )


def _execute_all(
    state: State, journal: Journal, verify: Verify, tally: _Tally, progress: Progress
) -> None:
    """Execute every block, its signatures being checked while the ones before it run."""
    total = journal.height - state.height
    with ThreadPoolExecutor(1, thread_name_prefix="tallystick-audit") as pool:
        for block, answers in _verified(journal.blocks(state.height + 1), pool, verify):
            with collection_paused():
                holds = _execute(state, journal, block, answers, tally)
            if not holds:
                return
            tally.blocks += 1
            progress(tally.blocks, total)


def _execute(
    state: State,
    journal: Journal,
    block: Block,
    answers: Sequence[Verified | Refused],
    tally: _Tally,
) -> bool:
    """Execute one block and count it; a block that does not hold is a problem, and the last."""
    height = block.header.height
    place = f"block {height}: offset {journal.offset_of(height)}"
    for index, answer in enumerate(answers):
        if isinstance(answer, Refused):
            tally.problem(f"{place}: transaction {index}: {answer}")
            return False
    try:
        if height == 0:
            problem = "" if transition.found(state) == block else "it is not what genesis leads to"
        else:
            problem = ""
            candidate = replayed(state, journal, block)
            transition.commit(candidate)
            tally.transactions += len(candidate.transactions)
            tally.signatures += sum(len(each.signers) for each in candidate.transactions)
    except InvariantBroken as broken:
        problem = str(broken)
    except msgspec.DecodeError as malformed:
        problem = f"a record that it needs cannot be read: {malformed}"
    if problem:
        tally.problem(f"{place}: {problem}")
        return False
    tally.roots += 3
    return True


def _verified(
    blocks: Iterable[Block], pool: ThreadPoolExecutor, verify: Verify
) -> Iterator[tuple[Block, Sequence[Verified | Refused]]]:
    """Yield each block with the answers about its transactions, asking some batches ahead."""
    ahead: deque[tuple[Batch, Future[list[Verified | Refused]]]] = deque()
    for batch in _batches(blocks):
        raws = [raw for block in batch.blocks for raw in block.transactions]
        ahead.append((batch, pool.submit(verify, raws)))
        if len(ahead) > BATCHES_AHEAD:
            yield from _answered(*ahead.popleft())
    while ahead:
        yield from _answered(*ahead.popleft())


def _batches(blocks: Iterable[Block]) -> Iterator[Batch]:
    """Gather blocks until they have enough transactions to be worth a message."""
    batch: list[Block] = []
    count = 0
    try:
        for block in blocks:
            batch.append(block)
            count += len(block.transactions)
            if count >= BATCH_TRANSACTIONS:
                yield Batch(batch)
                batch, count = [], 0
    except Damaged as damaged:
        yield Batch(batch, damaged)
        return
    yield Batch(batch)


def _answered(
    batch: Batch, future: Future[list[Verified | Refused]]
) -> Iterator[tuple[Block, Sequence[Verified | Refused]]]:
    """Part the answers to a batch among its blocks, then raise what ended it."""
    answers, at = future.result(), 0
    for block in batch.blocks:
        end = at + len(block.transactions)
        yield block, answers[at:end]
        at = end
    if batch.damaged is not None:
        raise batch.damaged


def _compare_live(state: State, live: State | None, tally: _Tally) -> None:
    """Hold the running ledger's root, log and every stored record against ours."""
    if live is None:
        return
    if live.height != state.height:
        tally.problem(f"block {state.height}: the running ledger is at block {live.height}")
        return
    for name, theirs, ours in (
        ("state root", live.tree.root, state.tree.root),
        ("log root", live.log.root(), state.log.root()),
    ):
        if theirs == ours:
            tally.roots += 1
        else:
            tally.problem(
                f"block {state.height}: the running ledger's {name} is {theirs.hex()}, "
                f"executing everything gives {ours.hex()}"
            )
    differing = list(_differences(live.store.items(), state.store.items()))
    for id in differing:
        tally.problem(
            f"block {state.height}: the stored records of {id.hex()} are not what they were"
        )
    tally.roots += not differing


def _differences(
    theirs: Iterator[tuple[RecordId, bytes]], ours: Iterator[tuple[RecordId, bytes]]
) -> Iterator[RecordId]:
    """Yield every id whose records differ between two states in order of id."""
    mine, other = next(ours, None), next(theirs, None)
    while mine is not None or other is not None:
        if mine == other:
            mine, other = next(ours, None), next(theirs, None)
        elif other is None or (mine is not None and mine[0] < other[0]):
            assert mine is not None
            yield mine[0]
            mine = next(ours, None)
        else:
            yield other[0]
            if mine is not None and mine[0] == other[0]:
                mine = next(ours, None)
            other = next(theirs, None)


def _compare_log(state: State, checkpoint: LogRoot | None, tally: _Tally) -> None:
    """Hold the last signed checkpoint against the log that came out."""
    if checkpoint is None:
        return
    if checkpoint.size > state.log.size:
        tally.problem(
            f"block {state.height}: the log has {state.log.size} entries, but a checkpoint over "
            f"{checkpoint.size} was signed: blocks are missing"
        )
    elif state.log.root(checkpoint.size) != checkpoint.root:
        tally.problem(
            f"the log's first {checkpoint.size} entries have the root "
            f"{state.log.root(checkpoint.size).hex()}, {checkpoint.root.hex()} was signed"
        )
    else:
        tally.roots += 1


def _readable(state: State, tally: _Tally) -> Iterator[Change]:
    """Yield all records as if they were new; those that nobody can read any more are a problem."""
    for id, data in state.store.items():
        try:
            yield Change(id, {}, state.decode(data))
        except msgspec.DecodeError as malformed:
            tally.problem(
                f"block {state.height}: what stands under {id.hex()} cannot be read: {malformed}"
            )


def _hold_invariants(state: State, tally: _Tally) -> None:
    """Try every invariant on the whole ledger, as if one block had made all of it."""
    if state.head is None:
        return
    changes = Changes(list(_readable(state, tally)), time=state.time)
    for contract in state.rulebook(state.height + 1).contracts.values():
        for invariant in contract.invariants:
            sentence = f"{contract.name}: {invariant.sentence}"
            tally.invariants.append(sentence)
            for violation in invariant.violations(changes):
                tally.problem(f"block {state.height}: {sentence}: {violation}")
