"""
Opening a ledger: journal, state and log brought to the same height, every root met on the way.

The stored state is a cache. If it is what it was, only the blocks behind it are replayed; if it is
not, it is put aside, that is said, and the journal makes it again.
"""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from tallystick.base import merkle
from tallystick.base.identifiers import TransactionId
from tallystick.core import transition
from tallystick.core.block import Block, BlockHeader, log_entry
from tallystick.core.candidate import Candidate
from tallystick.core.check import identify
from tallystick.core.contract import Contract
from tallystick.core.errors import Damaged, Refused
from tallystick.core.log import Log
from tallystick.core.state import State
from tallystick.core.transition import Diverged
from tallystick.core.tree import StateTree

from .collection import collection_paused
from .errors import StateDamaged
from .folder import Folder
from .journal import Journal, open_journal
from .lmdb import LmdbStore
from .memory import MemoryStore
from .pending import Limits
from .port import StateStore
from .snapshot import LeavesChunk, LogChunk, SeenChunk, Snapshot, open_base, split_ids

Kind = Literal["lmdb", "memory"]
Progress = Callable[[int, int], None]
"""Told how many blocks have been replayed, of how many."""

PROGRESS_BLOCKS: Final = 16


def unseen(done: int, total: int) -> None:
    """Report progress to nobody."""
    del done, total


@dataclass(frozen=True)
class Opened:
    """A ledger's durable parts, all at one height."""

    state: State
    """What the next block is executed against."""

    journal: Journal
    """Where it becomes durable."""

    store: StateStore
    """Where the state is cached."""

    notices: tuple[str, ...]
    """What was put right on opening, for people to read; empty if nothing was."""

    def close(self) -> None:
        """Flush the state and close everything but the folder."""
        try:
            self.store.close()
        finally:
            self.journal.close()


def open_state(
    folder: Folder,
    contracts: Sequence[Contract],
    *,
    kind: Kind = "lmdb",
    reached: int = -1,
    limits: Limits | None = None,
    progress: Progress = unseen,
) -> Opened:
    """
    Open what a held folder stores, and bring it to the height of the journal.

    `reached` is the greatest height that a signed checkpoint or anything else outside knows of.
    Raises `Damaged`, naming the height, if the journal is not whole.
    """
    store, notices = _open_store(folder, kind, limits)
    try:
        base = open_base(folder)
        begin = 0 if base is None else base.header.height + 1
        journal = open_journal(
            folder.journal_path,
            ledger=folder.ledger,
            begin=begin,
            reached=max(reached, store.height),
            files=folder.files,
        )
    except BaseException:
        store.abandon()
        raise
    try:
        state = State(folder.genesis, contracts, store)
        try:
            _load(state, store, journal, base)
        except StateDamaged as damaged:
            store.abandon()
            store = _replace_store(folder, kind, limits)
            notices = (*notices, _said(damaged))
            state = State(folder.genesis, contracts, store)
            _load(state, store, journal, base)
        store.trust()
        replay_rest(state, journal, progress=progress)
    except BaseException:
        store.abandon()
        journal.close()
        raise
    return Opened(state, journal, store, (*journal.notices, *notices))


def replay_rest(state: State, journal: Journal, *, progress: Progress = unseen) -> None:
    """Replay the blocks that a state has not seen; each must lead where its header says."""
    first, last = state.height + 1, journal.height
    for block in journal.blocks(first):
        with collection_paused():
            transition.commit(replayed(state, journal, block))
        done = block.header.height - first + 1
        if done % PROGRESS_BLOCKS == 0 or block.header.height == last:
            progress(done, last - first + 1)


def replayed(state: State, journal: Journal, block: Block) -> Candidate:
    """Execute a block of the journal; what goes wrong names its height."""
    height = block.header.height
    place = f"block {height}: offset {journal.offset_of(height)}"
    try:
        return transition.replay(state, block, signatures=False)
    except Refused as refused:
        raise Diverged(f"{place}: a transaction may not stand there: {refused}") from refused
    except Damaged as damaged:
        problem = str(damaged).removeprefix(f"block {height}: ")
        raise Diverged(f"{place}: {problem}") from damaged
    except Exception as error:
        # A replay that raises stops the node; whoever reads the trace wants to know where.
        error.add_note(f"while replaying {place}")
        raise


def found_ledger(state: State, journal: Journal) -> None:
    """Execute genesis, and journal its block if that was not done before."""
    if journal.height < 0:
        # The block must be durable before the state is, so it is made in a state for that purpose.
        trial = State(state.genesis, state.contracts, MemoryStore())
        journal.append(transition.found(trial))
    block = transition.found(state)
    if block != journal.read(0):
        raise Diverged(
            "block 0: the genesis and the contracts here lead to another block than the journal "
            "holds: put the genesis file back, or install the release that made the ledger"
        )


def _load(state: State, store: StateStore, journal: Journal, base: Snapshot | None) -> None:
    """Bring a new state to where its store is durable, or to where the journal begins."""
    if store.height < 0:
        if len(store):
            raise StateDamaged("the state was being filled when that was cut off")
        if base is None:
            found_ledger(state, journal)
        else:
            load_base(state, base)
        return
    if store.height < journal.begin - 1:
        raise StateDamaged(f"the state is at block {store.height}, before the journal begins")
    header = _header_of(store.height, journal, base)
    _load_tree(state, header)
    _load_log(state, store.leaf_hashes(), header)
    _remember(state, header, journal, base)
    state.head = header


def _load_tree(state: State, header: BlockHeader) -> None:
    """Hash every record again: the root says whether all of them are what they were."""
    try:
        state.tree = StateTree.build(state.store.items())
    except ValueError as error:
        raise StateDamaged(f"block {header.height}: an id of the state is none: {error}") from error
    if state.tree.root != header.state_root:
        raise StateDamaged(
            f"block {header.height}: the stored records have the root {state.tree.root.hex()}, "
            f"the block says {header.state_root.hex()}"
        )


def _load_log(state: State, leaf_hashes: bytes, header: BlockHeader) -> None:
    """Take over the log; it must end with the block."""
    log = Log.restore(leaf_hashes)
    if log.size != header.log_size or log.leaf_hash(log.size - 1) != merkle.leaf_hash(
        log_entry(header)
    ):
        raise StateDamaged(f"block {header.height}: the stored log does not end with this block")
    state.log = log


def load_base(state: State, base: Snapshot) -> None:
    """Fill an empty store from a snapshot; the store gets its height with the last of it."""
    leaf_hashes = bytearray()
    for chunk in base.chunks():
        if isinstance(chunk, LeavesChunk):
            leaves = {leaf.id: leaf.records for leaf in chunk.leaves}
            state.store.write(leaves, height=-1, leaf_hashes=b"")
        elif isinstance(chunk, LogChunk):
            leaf_hashes += chunk.hashes
    header = base.header
    state.store.write({}, height=header.height, leaf_hashes=bytes(leaf_hashes))
    _load_tree(state, header)
    _load_log(state, bytes(leaf_hashes), header)
    _remember_base(state, header, base)
    state.head = header


def _remember(state: State, header: BlockHeader, journal: Journal, base: Snapshot | None) -> None:
    """Collect the ids that may not be used again, from blocks that are recent enough."""
    if base is not None:
        _remember_base(state, header, base)
    first = journal.first_after(header.time - state.genesis.lifetime_max)
    for height in range(first, header.height + 1):
        block = journal.read(height)
        state.remembered.remember(block.header.time, _ids(block))


def _remember_base(state: State, header: BlockHeader, base: Snapshot) -> None:
    """Collect the ids that a snapshot carries and that a block still remembers."""
    for chunk in base.chunks():
        if not isinstance(chunk, SeenChunk):
            return
        for block in chunk.blocks:
            if block.time > header.time - state.genesis.lifetime_max:
                state.remembered.remember(block.time, split_ids(block))


def _ids(block: Block) -> list[TransactionId]:
    """Return the ids of a block's transactions, in order."""
    return [identify(raw).id for raw in block.transactions]


def _header_of(height: int, journal: Journal, base: Snapshot | None) -> BlockHeader:
    """Return a block's header, from the journal or from the snapshot below it."""
    if base is not None and height == base.header.height:
        return base.header
    return journal.read(height).header


def _open_store(
    folder: Folder, kind: Kind, limits: Limits | None
) -> tuple[StateStore, tuple[str, ...]]:
    """Open the store, or a new one in place of what can't be read."""
    if kind == "memory":
        return MemoryStore(), ()
    try:
        return LmdbStore(folder.state_path, ledger=folder.ledger, limits=limits), ()
    except StateDamaged as damaged:
        return _replace_store(folder, kind, limits), (_said(damaged),)


def _replace_store(folder: Folder, kind: Kind, limits: Limits | None) -> StateStore:
    """Put a damaged state aside, in place of the one before, and begin a new one."""
    if kind == "memory":
        return MemoryStore()
    aside = _aside(folder.state_path)
    shutil.rmtree(aside, ignore_errors=True)
    folder.files.replace(folder.state_path, aside)
    return LmdbStore(folder.state_path, ledger=folder.ledger, limits=limits)


def _aside(path: Path) -> Path:
    """Return where a damaged state is kept for a look at it."""
    return path.with_name(f"{path.name}.damaged")


def _said(damaged: StateDamaged) -> str:
    """Say what was put right."""
    return f"the state is made again from the journal: {damaged}"
