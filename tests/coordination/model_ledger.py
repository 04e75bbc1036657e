"""
A ledger small enough to be in all of its states: the real rules over snapshots that never change.

A snapshot is what a ledger holds besides its clock, and what it ever showed. A command is run on a
snapshot at a time as every ledger runs it, by `transition.run` with the real contracts, and gives
another snapshot. Each is run once: rules are functions of the state, the time and the command, so
what came of it is remembered. Proofs are genuine, with a state tree, a log, a checkpoint and its
signatures; the rules that verify them are not spared anything.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple, TypeVar

from tallystick.base.encoding import Record, encode
from tallystick.base.identifiers import Hash, PublicKey, RecordId, TransactionId
from tallystick.base.merkle import EMPTY_ROOT
from tallystick.core import transition
from tallystick.core.block import BlockHeader, block_hash, log_entry
from tallystick.core.candidate import Candidate
from tallystick.core.check import Checked
from tallystick.core.foreign import ForeignProof
from tallystick.core.invariant import Changes
from tallystick.core.log import Log
from tallystick.core.overlay import LeafRecords, Overlay, leaf_bytes
from tallystick.core.transaction import NONCE_BYTES
from tallystick.core.tree import StateTree
from tallystick.testing.foreign import Neighbour

AnyRecord = TypeVar("AnyRecord", bound=Record)

GONE = b""
"""What stands for an id that was there at the beginning and is no more."""

ACCEPTED = ("", 0)
"""The answer to a command that took effect; of a rejection it is the contract and the code."""

Answer = tuple[str, int]


class Fact(NamedTuple):
    """What a ledger showed under an id at some moment, for ever after provable."""

    id: RecordId
    """The id."""

    records: bytes | None
    """Canonical bytes of its records; nothing if there were none."""


class Letter(NamedTuple):
    """A command and who signs it."""

    command: Record
    """The command."""

    signers: tuple[PublicKey, ...]
    """The keys; none if it needs no signature."""


class Snapshot(NamedTuple):
    """A ledger at one moment, without its clock."""

    leaves: frozenset[tuple[RecordId, bytes]]
    """Every id that differs from the beginning, with the canonical bytes of its records."""

    shown: frozenset[int]
    """Every fact that ever stood, by number: whoever kept a proof of one can bring it."""


class TinyLedger:
    """A ledger in memory, in all the snapshots that commands lead to; they go by number."""

    def __init__(
        self, neighbour: Neighbour, *, watched: Sequence[RecordId], is_strict: bool = True
    ) -> None:
        """
        Begin where a ledger in memory has come to.

        Of the ids that are watched every past is kept. A strict ledger stops at a contract's broken
        invariant, as every real one does; one that isn't shows what would come of it.
        """
        neighbour.close_block()
        self.state = neighbour.state
        self._neighbour = neighbour
        self._watched = tuple(watched)
        self._is_strict = is_strict
        self._snapshots: list[Snapshot] = []
        self._numbers: dict[Snapshot, int] = {}
        self._facts: list[Fact] = []
        self._fact_numbers: dict[Fact, int] = {}
        self._stood: list[frozenset[tuple[RecordId, bytes]]] = []
        self._proofs: dict[int, ForeignProof] = {}
        self._tried: dict[tuple[int, int, Hashable], tuple[int, Answer]] = {}
        self.start = self._number({}, frozenset())

    @property
    def snapshots(self) -> int:
        """Return in how many snapshots the ledger has been."""
        return len(self._snapshots)

    @property
    def tried(self) -> int:
        """Return how many times a rule was run."""
        return len(self._tried)

    @property
    def proofs(self) -> int:
        """Return how many proofs were made."""
        return len(self._proofs)

    def run(
        self, snapshot: int, name: Hashable, *, time: int, write: Callable[[], Letter]
    ) -> tuple[int, Answer]:
        """
        Run one transaction of one command, and return the snapshot that follows and the answer.

        The command is written out only when it is run for the first time: at the same moment in the
        same snapshot, the same name is the same command and is answered the same.
        """
        key = (snapshot, time, name)
        found = self._tried.get(key)
        if found is None:
            found = self._tried[key] = self._run(snapshot, write(), time)
        return found

    def read(self, snapshot: int, kind: type[AnyRecord], id: RecordId) -> AnyRecord | None:
        """Return one record as a snapshot has it, or nothing."""
        leaves = dict(self._snapshots[snapshot].leaves)
        found: AnyRecord | None = self._load(leaves, id).get(kind)  # type: ignore[assignment]
        return found

    def shown(self, snapshot: int) -> frozenset[int]:
        """Return every fact that stood at or before a snapshot, by number."""
        return self._snapshots[snapshot].shown

    def fact(self, number: int) -> Fact:
        """Return a fact by its number."""
        return self._facts[number]

    def standing(self, snapshot: int, id: RecordId) -> int:
        """Return the number of the fact that stands under a watched id now."""
        leaves = dict(self._snapshots[snapshot].leaves)
        return self._fact_numbers[Fact(id, self._bytes(leaves, id))]

    def proof(self, number: int) -> ForeignProof:
        """Return the genuine proof of a fact, as of the first snapshot in which it stood."""
        found = self._proofs.get(number)
        if found is None:
            found = self._proofs[number] = self._prove(number)
        return found

    def _run(self, snapshot: int, letter: Letter, time: int) -> tuple[int, Answer]:
        """Execute a transaction as a block with nothing else in it."""
        before = self._snapshots[snapshot]
        leaves = dict(before.leaves)
        candidate = Candidate(self.state, time=time)
        candidate.overlay = Overlay(lambda id: self._load(leaves, id))
        raw = encode(letter.command)
        checked = Checked(
            raw=raw,
            id=TransactionId(sha256(raw).digest()),
            leaf_hash=Hash(EMPTY_ROOT),
            signers=tuple(sorted(letter.signers)),
            nonce=bytes(NONCE_BYTES),
            expiry=time + 1,
            commands=(candidate.rulebook.command_decoder.decode(raw),),
        )
        outcome = transition.run(candidate, checked)
        changes = candidate.overlay.changes()
        if self._is_strict:
            self._hold_invariants(candidate, Changes(changes, time=time))
        for change in changes:
            leaves[change.id] = leaf_bytes(dict(change.after)) if change.after else GONE
        return self._number(leaves, before.shown), (outcome.contract, outcome.code)

    def _hold_invariants(self, candidate: Candidate, changes: Changes) -> None:
        """Stop at what no contract allows, as `transition.seal` does."""
        for contract in candidate.rulebook.contracts.values():
            for invariant in contract.invariants:
                for violation in invariant.violations(changes):
                    raise AssertionError(f"{contract.name}: {invariant.sentence}: {violation}")

    def _number(self, leaves: Mapping[RecordId, bytes], shown: frozenset[int]) -> int:
        """Return the number of a snapshot, and remember what it shows."""
        start = self.state.store
        changed = frozenset(
            (id, data) for id, data in leaves.items() if data != (start.read(id) or GONE)
        )
        facts = {
            self._fact_number(Fact(id, self._bytes(leaves, id)), changed) for id in self._watched
        }
        snapshot = Snapshot(changed, shown | facts)
        number = self._numbers.setdefault(snapshot, len(self._numbers))
        if number == len(self._snapshots):
            self._snapshots.append(snapshot)
        return number

    def _fact_number(self, fact: Fact, leaves: frozenset[tuple[RecordId, bytes]]) -> int:
        """Return the number of a fact, and remember where it was met first."""
        number = self._fact_numbers.setdefault(fact, len(self._facts))
        if number == len(self._facts):
            self._facts.append(fact)
            self._stood.append(leaves)
        return number

    def _bytes(self, leaves: Mapping[RecordId, bytes], id: RecordId) -> bytes | None:
        """Return what stands under an id, or nothing."""
        return leaves[id] or None if id in leaves else self.state.store.read(id)

    def _load(self, leaves: Mapping[RecordId, bytes], id: RecordId) -> LeafRecords:
        """Return the records that stand under an id."""
        data = self._bytes(leaves, id)
        return {} if data is None else self.state.decode(data)

    def _prove(self, number: int) -> ForeignProof:
        """Close a block with what stood where a fact was met first, and prove the fact by it."""
        fact, leaves = self._facts[number], dict(self._stood[number])
        there = {**dict(self.state.store.items()), **leaves}
        records = {id: data for id, data in there.items() if data}
        tree = StateTree.build(records.items())
        head = self.state.head
        if head is None:
            raise AssertionError("there is no block")
        log = Log.restore(self._neighbour.state.log.leaf_hashes(0, head.log_size))
        header = BlockHeader(
            height=head.height + 1,
            time=head.time + 1,
            parent=block_hash(head),
            transactions_root=Hash(EMPTY_ROOT),
            state_root=Hash(tree.root),
            receipts_root=Hash(EMPTY_ROOT),
            log_size=log.size + 1,
        )
        index = log.append(log_entry(header))
        return ForeignProof(
            checkpoint=self._neighbour.checkpoint(size=log.size, root=log.root()),
            header=header,
            index=index,
            inclusion=tuple(map(Hash, log.inclusion_proof(index))),
            id=fact.id,
            records=fact.records,
            proof=tree.prove(fact.id, records.get),
        )
