"""
A ledger as a program sees it: send commands, ask questions, get proofs, follow what happens.

It wraps any node, wherever that runs. It draws the nonce and sets the expiry, which the pure layers
can not, and turns a rejection into an exception, because a rejection that nobody looked at is the
mistake that costs most.
"""

import secrets as randomness
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from types import TracebackType
from typing import TYPE_CHECKING, Final, Protocol, Self

from tallystick.base.encoding import Record, encode
from tallystick.base.identifiers import LedgerId, PublicKey, RecordId
from tallystick.core.block import Block
from tallystick.core.errors import Later
from tallystick.core.genesis import ledger_id
from tallystick.core.node import Answer, Node, Status
from tallystick.core.receipt import Receipt
from tallystick.core.transaction import NONCE_BYTES, build_transaction

if TYPE_CHECKING:
    from .foreign import Cosigner

PATIENCE_SECONDS: Final = 30.0
"""How long `submit` keeps trying while the node says `Later`. [s]"""


class TransactionRejected(Exception):
    """A rule of a contract said no; the transaction is recorded as rejected and its id used up."""

    def __init__(self, receipt: Receipt) -> None:
        """Say which contract refused which command, and why."""
        outcome = receipt.outcome
        super().__init__(
            f"{outcome.contract} rejected command {outcome.command} "
            f"with code {outcome.code}: {receipt.message or 'no message was kept'}"
        )
        self.receipt = receipt
        self.contract = outcome.contract
        self.code = outcome.code
        self.message = receipt.message


class Keyring(Protocol):
    """Something that signs with keys that it does not show, such as a wallet."""

    def sign(self, commands: Sequence[Record], keys: Sequence[PublicKey], *, expiry: int) -> bytes:
        """Return a signed transaction."""


class Ledger:
    """One ledger, through one node."""

    def __init__(self, node: Node, *, clock: Callable[[], int] | None = None) -> None:
        self.node = node
        """What keeps the ledger; for all that this class does not offer."""

        self.id: LedgerId = ledger_id(node.genesis)
        """The ledger's id."""

        self.witnesses: tuple[Cosigner, ...] = ()
        """Who cosigns its checkpoints for other ledgers; see `foreign.py`."""

        self.cosigned = b"", b""
        """The checkpoint that was cosigned last, without and with the cosignatures."""

        self.cosigning = threading.Lock()
        """Held while witnesses are asked, so that they see the log only grow."""

        self._clock = clock or _wall_clock

    def submit(self, raw: bytes) -> Receipt:
        """
        Hand in a signed transaction and wait until it is durable.

        Raises `Refused` if it is none. A node that is too busy is asked again for a while; then its
        `Later` is raised. The receipt may be a rejection: see `require_accepted`.
        """
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return self.node.submit(raw).result()
            except Later as later:
                wait_seconds = later.retry_after_milliseconds / 1_000
                if time.monotonic() + wait_seconds > give_up_at:
                    raise
                time.sleep(wait_seconds)

    def submit_all(self, batch: Sequence[bytes]) -> list[Receipt]:
        """
        Hand in many signed transactions, wait until they are durable, and insist on all of them.

        They are executed in this order, and what comes after one that fails is executed too. Then
        the first failure is raised: `TransactionRejected`, or why it was refused.
        """
        return require_all_accepted(self.node.submit_all(batch).result())

    def submit_later(self, raw: bytes) -> Future[Receipt]:
        """
        Hand in a signed transaction and return at once with the promise of its receipt.

        So many can be under way together. Raises `Later` at once if the node is too busy.
        """
        return self.node.submit(raw)

    def send(
        self,
        commands: Record | Sequence[Record],
        secrets: Sequence[bytes] = (),
        *,
        wallet: Keyring | None = None,
        keys: Sequence[PublicKey] = (),
    ) -> Receipt:
        """
        Sign commands as one transaction, wait until it is durable, and insist that it is accepted.

        Sign either with secrets or with keys of a wallet. Raises `TransactionRejected` if a rule
        says no: then none of the commands took effect.
        """
        raw = self.transaction(commands, secrets, wallet=wallet, keys=keys)
        return require_accepted(self.submit(raw))

    def send_later(
        self,
        commands: Record | Sequence[Record],
        secrets: Sequence[bytes] = (),
        *,
        wallet: Keyring | None = None,
        keys: Sequence[PublicKey] = (),
    ) -> Future[Receipt]:
        """Sign commands as one transaction and return at once with the promise of its receipt."""
        return self.submit_later(self.transaction(commands, secrets, wallet=wallet, keys=keys))

    def transaction(
        self,
        commands: Record | Sequence[Record],
        secrets: Sequence[bytes] = (),
        *,
        wallet: Keyring | None = None,
        keys: Sequence[PublicKey] = (),
    ) -> bytes:
        """Sign commands as one transaction for this ledger, with a fresh nonce, and return it."""
        items = [commands] if isinstance(commands, Record) else list(commands)
        if wallet is not None:
            if secrets:
                raise ValueError("secrets: sign with secrets or with a wallet, not with both")
            return wallet.sign(items, keys, expiry=self.expiry())
        if keys or not secrets:
            raise ValueError("keys: a wallet is needed to sign with them, or give secrets")
        return build_transaction(
            ledger=self.id,
            expiry=self.expiry(),
            nonce=randomness.token_bytes(NONCE_BYTES),
            commands=[encode(item) for item in items],
            secrets=secrets,
        )

    def expiry(self) -> int:
        """
        Return when a transaction that is signed now should expire. [ms since the epoch, UTC]

        It is half of what the ledger allows after now, so that clocks may differ by the other half.
        The ledger's time stands still while nothing happens and may also be ahead of our clock:
        what counts is whichever is later.
        """
        return self.now() + self.node.genesis.lifetime_max // 2

    def ask(self, question: Record) -> object:
        """Answer a contract's view from the latest durable block."""
        return self.node.read(question)

    def events(self, receipt: Receipt) -> list[Record]:
        """
        Return what an accepted transaction brought about, in order.

        This is where a program learns the ids of what it made.
        """
        from .events import decode_event  # noqa: PLC0415 - it loads every contract.

        happened = self.node.block(receipt.height).events
        return [decode_event(event) for index, event in happened if index == receipt.index]

    def prove(self, certificate: RecordId) -> bytes:
        """
        Return the proof file of a certificate's claim, for people who trust only the checkpoint.

        Raises `proving.CannotProve` if there is no claim.
        """
        from .proving import prove_claim  # noqa: PLC0415 - most programs never prove anything.

        return prove_claim(self.node, certificate)

    def now(self) -> int:
        """Return the time by the ledger's clock, or its own if that is later. [ms, UTC]"""
        return max(self._clock(), self.node.status().time)

    def follow(self, height: int = 0) -> Iterator[Block]:
        """Yield every durable block from a height up to the latest, and return."""
        return self.node.follow(height)

    def status(self) -> Status:
        """Say where the ledger stands."""
        return self.node.status()

    def close(self) -> None:
        """Finish what was accepted, then stop the node."""
        self.node.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def require_accepted(receipt: Receipt) -> Receipt:
    """Return a receipt if its transaction was accepted, else raise `TransactionRejected`."""
    if not receipt.accepted:
        raise TransactionRejected(receipt)
    return receipt


def require_all_accepted(answers: Sequence[Answer]) -> list[Receipt]:
    """Return the receipts if all transactions were accepted, else raise the first failure."""
    receipts = []
    for answer in answers:
        if not isinstance(answer, Receipt):
            raise answer
        receipts.append(require_accepted(answer))
    return receipts


def _wall_clock() -> int:
    """Return the time. [ms since the epoch, UTC]"""
    return time.time_ns() // 1_000_000
