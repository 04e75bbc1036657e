"""
Try commands on a ledger in memory, so that a test of a rule is a table with one line per case.

    @pytest.mark.parametrize(("command", "signers", "verdict"), [
        (publish(), [PUBLISHER], accepted),
        (publish(), [STRANGER], SignerMayNotPublish),
    ])
    def test_publish(command, signers, verdict):
        assert verdict == village(contracts=CONTRACTS).execute(command, signers=signers)

A command passes through its canonical bytes and `transition.run`, as on a real ledger; only
signatures and the journal are left out. After every step each contract's invariants are checked.
"""

from collections.abc import Iterable, Sequence
from typing import Final, Literal, TypeVar

from tallystick.base import merkle
from tallystick.base.encoding import Malformed, Record, decode, encode
from tallystick.base.identifiers import Hash, PublicKey, RecordId
from tallystick.core import transition
from tallystick.core.block import Block
from tallystick.core.check import Checked, identify, understand
from tallystick.core.context import Context
from tallystick.core.contract import Contract
from tallystick.core.errors import KeepsNoHoldings, NonceUsedBefore, Refused, Rejected
from tallystick.core.genesis import Genesis, Section
from tallystick.core.invariant import Changes
from tallystick.core.state import State
from tallystick.core.transaction import NONCE_BYTES, Header, Transaction
from tallystick.store.memory import MemoryStore

from .keys import key

AnyRecord = TypeVar("AnyRecord", bound=Record)

accepted: Final = "accepted"
"""The verdict on a transaction whose commands all took effect."""

Verdict = Literal["accepted"] | type[Rejected] | type[Refused]
"""Accepted, the rejection of a rule, or the refusal of bytes that are no command."""

Signer = int | PublicKey
"""A key, or the number from which `keys.key` makes it."""

KERNEL_REJECTIONS: Final[tuple[type[Exception], ...]] = (NonceUsedBefore, KeepsNoHoldings)

LIFETIME_MILLISECONDS_MAX: Final = 120_000


class Trial:
    """
    A ledger in memory on which transactions are tried one after the other.

    They share one block until `close_block` is called; block time can be moved on between them,
    which no real ledger allows, because a table should not need a block per line.
    """

    def __init__(self, contracts: Sequence[Contract], genesis: Genesis) -> None:
        self.state = State(genesis, contracts, MemoryStore())
        self.founding: Block = transition.found(self.state)
        self.candidate = transition.begin(self.state, time=genesis.time + 1)
        self.message = ""
        """What the latest rejection or refusal said."""
        self._executed = 0

    @property
    def time(self) -> int:
        """Return the time of the block in the making, in ms since the epoch, UTC."""
        return self.candidate.time

    @property
    def events(self) -> list[Record]:
        """Return the events of the block in the making."""
        return [event for _, event in self.candidate.events]

    def execute(
        self,
        commands: Record | Iterable[Record],
        *,
        signers: Iterable[Signer],
        time: int | None = None,
        caller: str = "",
    ) -> Verdict:
        """
        Try one transaction, and say what became of it.

        With a `caller` the commands are run as if the contract of that name had called them.
        """
        if time is not None:
            self.move_to(time)
        items = [commands] if isinstance(commands, Record) else list(commands)
        try:
            transaction = self._understand(items, signers)
        except Refused as refused:
            self.message = str(refused)
            return type(refused)
        told = len(self.events)
        verdict = self._called(transaction, caller) if caller else self._run(transaction)
        broken = [*self.violations(), *_malformed(self.events[told:])]
        if broken:
            raise AssertionError(f"after {items}: {broken}")
        return verdict

    def move_to(self, time: int) -> None:
        """Let it be later: block time is set to this many ms since the epoch, UTC."""
        if time < self.candidate.time:
            raise ValueError(f"block time {time} lies before {self.candidate.time}")
        self.candidate.time = time

    def close_block(self) -> Block:
        """Seal and commit the block in the making, and begin the next a millisecond later."""
        block = transition.seal(self.candidate)
        transition.commit(self.candidate)
        self.candidate = transition.begin(self.state, time=block.header.time + 1)
        return block

    def read(self, kind: type[AnyRecord], id: RecordId) -> AnyRecord | None:
        """Return one record as the block in the making has it, or nothing."""
        return self.candidate.overlay.read(kind, id)

    def plant(self, id: RecordId, record: Record) -> None:
        """Write a record past all rules, to test what no command could bring about in time."""
        self.candidate.overlay.write(id, record)

    def parameters(self, kind: type[AnyRecord]) -> AnyRecord:
        """Return the parameters of the contract that declares this kind of them."""
        return self.candidate.parameters(kind)

    def ask(self, question: Record) -> object:
        """Answer a contract's view from the block in the making."""
        return self.candidate.rulebook.views[type(question)](self, question)

    def violations(self) -> Iterable[str]:
        """
        Yield what is wrong with the block in the making.

        Every record can be read again, and each contract's invariants hold.
        """
        changed = self.candidate.overlay.changes()
        for change in changed:
            yield from _malformed(change.after.values())
        changes = Changes(changed, time=self.time)
        for contract in self.candidate.rulebook.contracts.values():
            for invariant in contract.invariants:
                yield from invariant.violations(changes)

    def _understand(self, items: Sequence[Record], signers: Iterable[Signer]) -> Checked:
        """Return a transaction as `check` would, from canonical bytes that carry no signatures."""
        self._executed += 1
        commands = tuple(encode(item) for item in items)
        header = Header(
            ledger=self.state.ledger,
            expiry=self.time + LIFETIME_MILLISECONDS_MAX,
            nonce=self._executed.to_bytes(NONCE_BYTES, "big"),
            signers=tuple(sorted({_public_key(signer) for signer in signers})),
            commands_root=Hash(merkle.root(commands)),
        )
        raw = encode(Transaction(header=header, commands=commands, signatures=()))
        return understand(raw, identify(raw), self.candidate.rulebook)

    def _run(self, transaction: Checked) -> Verdict:
        """Run a transaction as every ledger does."""
        outcome = transition.run(self.candidate, transaction)
        if not outcome.code:
            return accepted
        self.message = self.candidate.messages[len(self.candidate.outcomes) - 1]
        return rejection(self.state.contracts, outcome.contract, outcome.code)

    def _called(self, transaction: Checked, caller: str) -> Verdict:
        """Run a transaction's commands as if a contract had called them."""
        candidate = self.candidate
        mark, events = candidate.overlay.mark(), len(candidate.events)
        try:
            for ordinal, command in enumerate(transaction.commands):
                contract, rule = candidate.rulebook.rule_for(command)
                context = Context(
                    candidate,
                    contract,
                    signers=transaction.signers,
                    nonce=transaction.nonce,
                    ordinal=ordinal,
                    caller=caller,
                    depth=1,
                )
                rule(context, command)
        except Rejected as rejected:
            candidate.overlay.rollback(mark)
            del candidate.events[events:]
            self.message = str(rejected)
            return rejection(self.state.contracts, rejected.contract, rejected.code)
        return accepted


def _malformed(records: Iterable[Record]) -> Iterable[str]:
    """Yield which records could not be read again, because a field is beyond its type's bounds."""
    for record in records:
        try:
            decode(encode(record), type(record))
        except Malformed as malformed:
            yield f"{type(record).__name__} cannot be read again: {malformed}"


def rejection(contracts: Iterable[Contract], name: str, code: int) -> type[Rejected]:
    """Return the class of a contract's rejection by its code; that it lists none is a bug of it."""
    kinds = KERNEL_REJECTIONS + tuple(
        kind for contract in contracts if contract.name == name for kind in contract.rejections
    )
    for kind in kinds:
        if issubclass(kind, Rejected) and (kind.contract, kind.code) == (name, code):
            return kind
    raise AssertionError(f"contract {name!r} does not list rejection {code}")


def genesis_of(
    contracts: Iterable[Contract],
    parameters: Iterable[Record],
    *,
    time: int,
    name: str = "trial",
) -> Genesis:
    """Return a genesis of those contracts for which there are parameters."""
    by_kind = {type(each): each for each in parameters}
    return Genesis(
        name=name,
        time=time,
        lifetime_max=LIFETIME_MILLISECONDS_MAX,
        ids_max=4_000_000,
        sections=tuple(
            Section(
                contract=each.name,
                version=each.version,
                parameters=encode(by_kind[each.parameters]),
            )
            for each in contracts
            if each.parameters in by_kind
        ),
        salt=bytes(32),
    )


def _public_key(signer: Signer) -> PublicKey:
    """Return a signer's key."""
    return key(signer) if isinstance(signer, int) else signer
