"""All that a rule may see and do: typed reads and writes by id, and nothing else."""

from typing import TYPE_CHECKING, TypeVar

from tallystick.base import hashing
from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey, RecordId

from .holding import Lock, Release

if TYPE_CHECKING:
    from .contract import Contract
    from .transition import Candidate

AnyRecord = TypeVar("AnyRecord", bound=Record)
CALL_DEPTH_MAX = 8


class Context:
    """
    One command's view of the ledger.

    A called command gets a context of its own: the same signers and time, the called contract's
    right to write, and the caller's name.
    """

    __slots__ = ("_candidate", "_contract", "_depth", "caller", "nonce", "ordinal", "signers", "time")

    def __init__(  # noqa: PLR0913 - one per fact that a rule may see.
        self,
        candidate: "Candidate",
        contract: "Contract",
        *,
        signers: tuple[PublicKey, ...],
        nonce: bytes,
        ordinal: int,
        caller: str = "",
        depth: int = 0,
    ) -> None:
        self._candidate = candidate
        self._contract = contract
        self._depth = depth
        self.signers = signers
        self.nonce = nonce
        self.ordinal = ordinal
        self.caller = caller
        self.time = candidate.time

    def read(self, kind: type[AnyRecord], id: RecordId) -> AnyRecord | None:
        """Return one record, or nothing."""
        return self._candidate.overlay.read(kind, id)

    def parameters(self, kind: type[AnyRecord]) -> AnyRecord:
        """Return the parameters of the contract that declares this kind of them."""
        return self._candidate.parameters(kind)

    def create(self, id: RecordId, record: Record) -> None:
        """Write a record that was not there; that it is there already is a bug of the rule."""
        if self._candidate.overlay.read(type(record), id) is not None:
            raise AssertionError(f"{type(record).__name__} {id.hex()} exists already")
        self.write(id, record)

    def write(self, id: RecordId, record: Record) -> None:
        """Write a record of this contract, whether or not one was there."""
        if type(record) not in self._candidate.owned(self._contract.name):
            raise AssertionError(f"{self._contract.name} may not write {type(record).__name__}")
        self._candidate.overlay.write(id, record)

    def delete(self, kind: type[Record], id: RecordId) -> None:
        """Take a record of this contract away."""
        if kind not in self._candidate.owned(self._contract.name):
            raise AssertionError(f"{self._contract.name} may not delete {kind.__name__}")
        self._candidate.overlay.delete(kind, id)

    def emit(self, event: Record) -> None:
        """Report what happened."""
        self._candidate.emit(event)

    def derive_id(self, n: int = 0) -> RecordId:
        """Return the n-th id that this command may give away: nobody else can occupy it."""
        return derived_id(
            self._contract.name, self.signers, nonce=self.nonce, ordinal=self.ordinal, n=n
        )

    def call(self, command: Record) -> None:
        """Run a command of another contract, with this contract as its caller."""
        contract, rule = self._candidate.rulebook.rule_for(command)
        if not isinstance(command, Lock | Release) and contract.name not in self._contract.requires:
            raise AssertionError(f"{self._contract.name} does not require {contract.name}")
        if self._depth == CALL_DEPTH_MAX:
            raise AssertionError(f"calls are nested deeper than {CALL_DEPTH_MAX}")
        called = Context(
            self._candidate,
            contract,
            signers=self.signers,
            nonce=self.nonce,
            ordinal=self.ordinal,
            caller=self._contract.name,
            depth=self._depth + 1,
        )
        rule(called, command)


def derived_id(
    contract: str, signers: tuple[PublicKey, ...], *, nonce: bytes, ordinal: int, n: int
) -> RecordId:
    """Return H(contract, signers, nonce, the command's ordinal, n)."""
    return RecordId(
        hashing.tagged_hash(
            hashing.TAG_DERIVED_ID,
            contract.encode(),
            b"".join(signers),
            nonce,
            ordinal.to_bytes(4, "big"),
            n.to_bytes(4, "big"),
        )
    )
