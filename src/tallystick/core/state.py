"""The state of a ledger at a height: records, their authenticated tree, the log, remembered ids."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from types import GenericAlias
from typing import Any, Final, Protocol, TypeVar, Union

from tallystick.base import hashing
from tallystick.base.encoding import Decoder, Record, decode
from tallystick.base.identifiers import Hash, LedgerId, RecordId, TransactionId

from .block import BlockHeader
from .contract import Contract, Rulebook
from .genesis import Genesis, ledger_id, parameters_id
from .log import Log
from .overlay import LeafRecords
from .release import (
    ParametersPlan,
    ReleasePlan,
    parameters_at,
    releases_id,
    rulebook_of,
    versions_at,
)
from .tree import StateTree

AnyRecord = TypeVar("AnyRecord", bound=Record)

RECENT_MAX: Final = 65_536
"""How many ids are kept as they were written last, so that reading them costs nothing."""


class SeenIds(Record, tag="seen-ids/1"):
    """The ids that one block used up, as a digest: they are remembered, not leaves of their own."""

    digest: Hash
    """Hash of the block's time and its transactions' ids, in order."""


class RecordStore(Protocol):
    """Where the leaves are kept: a cache of the journal that may lag behind it."""

    def read(self, id: RecordId) -> bytes | None:
        """Return the canonical bytes of an id's records, or nothing."""

    def write(
        self, changes: Mapping[RecordId, bytes | None], *, height: int, leaf_hashes: bytes
    ) -> None:
        """Take over one block's leaves and its part of the log; nothing means the id is gone."""

    def items(self) -> Iterator[tuple[RecordId, bytes]]:
        """Yield every id with its records' bytes, in order of id."""

    def __len__(self) -> int:
        """Return the number of ids."""


class RememberedIds:
    """The ids of the blocks whose transactions could still be replayed."""

    def __init__(self) -> None:
        self._blocks: deque[tuple[int, Sequence[TransactionId]]] = deque()
        self._ids: set[TransactionId] = set()

    def __contains__(self, id: TransactionId) -> bool:
        return id in self._ids

    def __len__(self) -> int:
        return len(self._ids)

    def count(self, *, after: int) -> int:
        """Return how many ids a block made `lifetime_max` after a moment still remembers."""
        lapsed = 0
        for time, ids in self._blocks:
            if time > after:
                break
            lapsed += len(ids)
        return len(self._ids) - lapsed

    def blocks(self) -> list[tuple[int, Sequence[TransactionId]]]:
        """Return time and ids of each remembered block, oldest first."""
        return list(self._blocks)

    def remember(self, time: int, ids: Sequence[TransactionId]) -> None:
        """Add one block's ids."""
        self._blocks.append((time, ids))
        self._ids.update(ids)

    def lapsed(self, *, before: int) -> list[int]:
        """Return the times of the blocks that were made at or before a moment."""
        times = []
        for time, _ in self._blocks:
            if time > before:
                break
            times.append(time)
        return times

    def forget(self, *, before: int) -> None:
        """Drop the blocks that were made at or before a moment."""
        while self._blocks and self._blocks[0][0] <= before:
            self._ids.difference_update(self._blocks.popleft()[1])


def seen_id(time: int) -> RecordId:
    """Return the id under which a block's used-up ids stand in the state."""
    return RecordId(hashing.tagged_hash(hashing.TAG_SEEN_IDS, time.to_bytes(8, "big")))


def seen_digest(time: int, ids: Sequence[TransactionId]) -> SeenIds:
    """Return the record that commits to a block's used-up ids."""
    return SeenIds(
        digest=hashing.tagged_hash(hashing.TAG_SEEN_IDS, time.to_bytes(8, "big"), b"".join(ids))
    )


class State:
    """Everything that the next block is executed against."""

    def __init__(
        self,
        genesis: Genesis,
        contracts: Sequence[Contract],
        store: RecordStore,
    ) -> None:
        self.genesis = genesis
        self.ledger: LedgerId = ledger_id(genesis)
        self.contracts = contracts
        self.store = store
        self.tree = StateTree()
        self.log = Log()
        self.remembered = RememberedIds()
        self.head: BlockHeader | None = None
        self.decode_event = event_decoder(contracts).decode_trusted
        """Returns the event in bytes that a contract of ours declares."""
        self._decode = leaf_decoder(contracts).decode_trusted
        self._recent: dict[RecordId, LeafRecords] = {}
        self._rulebooks: dict[tuple[tuple[str, int], ...], Rulebook] = {}

    @property
    def height(self) -> int:
        """Return the height of the latest block, -1 before genesis."""
        return -1 if self.head is None else self.head.height

    @property
    def time(self) -> int:
        """Return the time of the latest block. [ms since the epoch, UTC]"""
        return self.genesis.time - 1 if self.head is None else self.head.time

    def load(self, id: RecordId) -> LeafRecords:
        """Return all committed records of an id, by kind; they are the caller's to change."""
        recent = self._recent.get(id)
        if recent is not None:
            return recent.copy()
        if id not in self.tree:  # Quicker to ask than the store, and many ids are new.
            return {}
        data = self.store.read(id)
        return {} if data is None else self.decode(data)

    def keep(self, written: Mapping[RecordId, LeafRecords | None]) -> None:
        """Remember what a block wrote: what was written lately is what is read next."""
        recent = self._recent
        for id, records in written.items():
            recent.pop(id, None)
            if records is not None:
                recent[id] = records
        for id in list(islice(recent, max(0, len(recent) - RECENT_MAX))):
            del recent[id]

    def decode(self, data: bytes) -> LeafRecords:
        """Return the records in a leaf's bytes, by kind."""
        records = self._decode(data)
        if len(records) == 1:  # Nearly always, and a comprehension takes as long as the decoding.
            (record,) = records
            return {type(record): record}
        return {type(record): record for record in records}

    def read(self, kind: type[AnyRecord], id: RecordId) -> AnyRecord | None:
        """Return one committed record, or nothing."""
        record: Any = self.load(id).get(kind)
        return record  # type: ignore[no-any-return]  # A leaf maps each kind to its own instance.

    def parameters(self, kind: type[AnyRecord]) -> AnyRecord:
        """Return the parameters under which the next block will be made."""
        height = self.height + 1
        return read_parameters(self.read, kind, self.rulebook(height), height=height)

    def rulebook(self, height: int) -> Rulebook:
        """Return the rules of a height not above the next block's."""
        plan = self.read(ReleasePlan, releases_id())
        if plan is None:
            versions = tuple((each.contract, each.version) for each in self.genesis.sections)
        else:
            versions = versions_at(plan, height=height)
        if versions not in self._rulebooks:
            self._rulebooks[versions] = rulebook_of(versions, self.contracts)
        return self._rulebooks[versions]


def read_parameters(
    read: Callable[[type[Any], RecordId], Any],
    kind: type[AnyRecord],
    rulebook: Rulebook,
    *,
    height: int,
) -> AnyRecord:
    """Return what the parameters of the contract that declares `kind` are at a height."""
    for contract in rulebook.contracts.values():
        if contract.parameters is kind:
            id = parameters_id(contract.name)
            planned = parameters_at(read(ParametersPlan, id), height=height)
            if planned is not None:
                return decode(planned, kind)
            found: AnyRecord | None = read(kind, id)
            if found is not None:
                return found
    raise LookupError(f"no contract in force has parameters {kind.__name__}")


def leaf_decoder(contracts: Sequence[Contract]) -> Decoder[tuple[Record, ...]]:
    """Return the decoder of everything that a leaf may hold."""
    kinds: dict[type[Record], None] = dict.fromkeys([SeenIds, ReleasePlan, ParametersPlan])
    for contract in contracts:
        kinds |= dict.fromkeys([contract.parameters, *contract.records])
    return Decoder(GenericAlias(tuple, (Union[tuple(kinds)], ...)))  # noqa: UP007 - known only here.


def event_decoder(contracts: Sequence[Contract]) -> Decoder[Record]:
    """Return the decoder of everything that rules may report."""
    kinds: dict[type[Record], None] = {}
    for contract in contracts:
        kinds |= dict.fromkeys(contract.events)
    return Decoder(Union[tuple(kinds)])  # noqa: UP007 - known only here.
