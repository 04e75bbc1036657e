"""All that a rule may see and do: typed reads and writes by id, and nothing else."""

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING, Final, TypeVar

from tallystick.base import hashing
from tallystick.base.encoding import Record
from tallystick.base.identifiers import LedgerId, PublicKey, RecordId

from .errors import KeepsNoHoldings, NonceUsedBefore, Rejected, UnknownCommand
from .foresight import Flaw, first_flaw, plans_with
from .genesis import parameters_id
from .holding import SHARED_COMMANDS
from .release import Release, Setting, releases_id

if TYPE_CHECKING:
    from _hashlib import HASH

    from .candidate import Candidate
    from .contract import Contract, Rule

AnyRecord = TypeVar("AnyRecord", bound=Record)
CALL_DEPTH_MAX = 8
DERIVED_IDS_MAX = 65_536
_FOUR: Final = (4).to_bytes(4, "big")
"""How long ordinals and numbers are, as `tagged_hash` lays it out."""


class Context:
    """
    One command's view of the ledger.

    A called command gets a context of its own: the same signers and time, the called contract's
    right to write, and the caller's name.
    """

    __slots__ = (
        "_call",
        "_calls",
        "_candidate",
        "_contract",
        "_depth",
        "_overlay",
        "_owned",
        "_signers",
        "caller",
        "nonce",
        "ordinal",
        "signers",
        "time",
    )

    def __init__(  # noqa: PLR0913 - one per fact that a rule may see, or that bounds it.
        self,
        candidate: "Candidate",
        contract: "Contract",
        *,
        signers: tuple[PublicKey, ...],
        nonce: bytes,
        ordinal: int,
        caller: str = "",
        depth: int = 0,
        call: int = 0,
        calls: Iterator[int] | None = None,
        signed: Collection[PublicKey] | None = None,
    ) -> None:
        self._candidate = candidate
        self._contract = contract
        self._overlay = candidate.overlay
        self._owned = candidate.rulebook.owned[contract.name]
        self._depth = depth
        self._call = call
        self._calls = count(1) if calls is None else calls
        self._signers = signers
        # In order, but quick to ask: there may be hundreds, and each command asks for its own.
        self.signers: Collection[PublicKey] = dict.fromkeys(signers) if signed is None else signed
        self.nonce = nonce
        self.ordinal = ordinal
        self.caller = caller
        self.time = candidate.time

    @property
    def ledger(self) -> LedgerId:
        """Return the id of this ledger."""
        return self._candidate.state.ledger

    @property
    def height(self) -> int:
        """Return the number of the block in the making."""
        return self._candidate.height

    def read(self, kind: type[AnyRecord], id: RecordId) -> AnyRecord | None:
        """Return one record, or nothing."""
        return self._overlay.read(kind, id)

    def understands(self, contract: str, command: type[Record]) -> bool:
        """Tell whether a contract in force keeps holdings for which there is a shared command."""
        return (contract, command) in self._candidate.rulebook.shared

    def parameters(self, kind: type[AnyRecord]) -> AnyRecord:
        """Return the parameters of the contract that declares this kind of them."""
        return self._candidate.parameters(kind)

    def create(self, id: RecordId, record: Record) -> None:
        """Write the first record of a new id; that anything stands there is a bug of the rule."""
        if type(record) not in self._owned:
            raise AssertionError(f"{self._contract.name} may not write {type(record).__name__}")
        self._overlay.create(id, record)

    def write(self, id: RecordId, record: Record) -> None:
        """Write a record of this contract, whether or not one was there."""
        if type(record) not in self._owned:
            raise AssertionError(f"{self._contract.name} may not write {type(record).__name__}")
        self._overlay.write(id, record)

    def delete(self, kind: type[Record], id: RecordId) -> None:
        """Take a record of this contract away."""
        if kind not in self._owned:
            raise AssertionError(f"{self._contract.name} may not delete {kind.__name__}")
        self._overlay.delete(kind, id)

    def emit(self, event: Record) -> None:
        """Report what happened."""
        self._candidate.emit(event)

    def derive_id(self, n: int = 0) -> RecordId:
        """
        Return the n-th id that this command may give away: nobody else can occupy it.

        Ask before writing there. Only the same signers with the same nonce come to the same id
        again, and are rejected. What is called has ids of its own, each time that it is called.
        """
        if n >= DERIVED_IDS_MAX:
            raise AssertionError(f"a command may derive {DERIVED_IDS_MAX} ids, not id {n}")
        id = derived_id(
            self._contract.name,
            self._signers,
            nonce=self.nonce,
            ordinal=self.ordinal,
            n=self._call * DERIVED_IDS_MAX + n,
        )
        if self._overlay.holds(id):
            raise NonceUsedBefore(id)
        return id

    def call(self, command: Record) -> None:
        """Run a command of another contract, with this contract as its caller."""
        contract, rule = self._rule_for(command)
        if self._depth == CALL_DEPTH_MAX:
            raise AssertionError(f"calls are nested deeper than {CALL_DEPTH_MAX}")
        called = Context(
            self._candidate,
            contract,
            signers=self._signers,
            nonce=self.nonce,
            ordinal=self.ordinal,
            caller=self._contract.name,
            depth=self._depth + 1,
            call=next(self._calls),
            calls=self._calls,
            signed=self.signers,
        )
        rule(called, command)

    def attempt(self, command: Record) -> Rejected | None:
        """
        Run a command of another contract; return why it was refused, and then nothing has happened.

        Only for what the other contract may rightly refuse, and this one has an answer to. A nonce
        that was used before is no answer of a rule, but the doing of whoever signs: nobody is to
        turn a refusal of the whole transaction into one of a part of it.
        """
        candidate, overlay = self._candidate, self._overlay
        mark, events = overlay.mark(), len(candidate.events)
        try:
            self.call(command)
        except NonceUsedBefore:
            raise
        except Rejected as refused:
            overlay.rollback(mark)
            del candidate.events[events:]
            return refused.with_traceback(None)
        return None

    def foresee(
        self, releases: Sequence[Release] = (), settings: Sequence[Setting] = ()
    ) -> Flaw | None:
        """
        Return what would go wrong if these were planned, beside all that is planned already.

        Raises `VersionIsLacking`, which is never recorded, if this software cannot say.
        """
        plans = plans_with(self.read, releases, settings, height=self.height)
        available = self._candidate.state.contracts
        return first_flaw(self.read, plans, available, height=self.height)

    def plan(self, releases: Sequence[Release] = (), settings: Sequence[Setting] = ()) -> None:
        """
        Let versions and parameters rule from later heights on.

        Only a contract that governs may, and only what it has found without a flaw: at its height
        nobody asks any more.
        """
        if not self._contract.governs:
            raise AssertionError(f"{self._contract.name} does not govern")
        heights = [each.height for each in releases] + [each.height for each in settings]
        if any(height <= self.height for height in heights):
            raise AssertionError(f"nothing is planned for block {self.height} or before")
        if flaw := self.foresee(releases, settings):
            raise AssertionError(f"what is planned cannot work: {flaw}")
        plans = plans_with(self.read, releases, settings, height=self.height)
        self._overlay.write(releases_id(), plans.releases)
        for name in dict.fromkeys([each.contract for each in settings]):
            self._overlay.write(parameters_id(name), plans.settings[name])

    def _rule_for(self, command: Record) -> "tuple[Contract, Rule]":
        """Return the contract and the rule of a command that this contract may call."""
        try:
            contract, rule = self._candidate.rulebook.rule_for(command)
        except UnknownCommand as unknown:
            if isinstance(command, SHARED_COMMANDS):
                raise KeepsNoHoldings(command.contract) from unknown
            raise AssertionError(f"{type(command).__name__} is not in force") from unknown
        if (
            not isinstance(command, SHARED_COMMANDS)
            and contract.name not in self._contract.requires
        ):
            raise AssertionError(f"{self._contract.name} does not require {contract.name}")
        return contract, rule


def derived_id(
    contract: str, signers: tuple[PublicKey, ...], *, nonce: bytes, ordinal: int, n: int
) -> RecordId:
    """
    Return H(contract, signers, nonce, the command's ordinal, n).

    For the k-th call within a command, n counts from k * DERIVED_IDS_MAX on.
    """
    hasher = _head_of_ids(contract, signers, nonce).copy()
    hasher.update(_FOUR + ordinal.to_bytes(4, "big") + _FOUR + n.to_bytes(4, "big"))
    return RecordId(hasher.digest())


@lru_cache(64)
def _head_of_ids(contract: str, signers: tuple[PublicKey, ...], nonce: bytes) -> "HASH":
    """Return what all ids of a transaction begin with; hundreds of signers are hashed once."""
    return hashing.tagged_head(hashing.TAG_DERIVED_ID, contract.encode(), b"".join(signers), nonce)
