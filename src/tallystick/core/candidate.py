"""A block in the making."""

from typing import Any, TypeVar

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId, TransactionId

from .block import BlockHeader, Outcome
from .check import Checked
from .contract import Rulebook
from .overlay import LeafRecords, Overlay
from .receipt import Receipt
from .state import State, read_parameters
from .tree import Inverse

AnyRecord = TypeVar("AnyRecord", bound=Record)


class Candidate:
    """A block in the making: what it would change, and what it answers to each transaction."""

    def __init__(self, state: State, *, time: int) -> None:
        self.state = state
        self.time = time
        self.height = state.height + 1
        self.rulebook: Rulebook = state.rulebook(self.height)
        self.overlay = Overlay(state.load)
        self.transactions: list[Checked] = []
        self.outcomes: list[Outcome] = []
        self.messages: dict[int, str] = {}
        self.events: list[tuple[int, Record]] = []
        self.ids: set[TransactionId] = set()
        self.header: BlockHeader | None = None
        self.leaves: dict[RecordId, bytes | None] = {}
        self.written: dict[RecordId, LeafRecords | None] = {}
        self.inverse: Inverse | None = None
        self._parameters: dict[type[Record], Any] = {}

    def parameters(self, kind: type[AnyRecord]) -> AnyRecord:
        """Return a contract's parameters as they were when the block began."""
        found: AnyRecord | None = self._parameters.get(kind)
        if found is None:
            read = self.state.read if self.height else self.overlay.read
            found = read_parameters(read, kind, self.rulebook, height=self.height)
            self._parameters[kind] = found
        return found

    def emit(self, event: Record) -> None:
        """Keep an event of the transaction that runs now."""
        self.events.append((len(self.outcomes), event))

    def receipts(self) -> list[Receipt]:
        """Return one receipt for each transaction, in order."""
        return [
            Receipt(
                outcome.transaction, self.height, n, self.time, outcome, self.messages.get(n, "")
            )
            for n, outcome in enumerate(self.outcomes)
        ]
