"""A village on a node in memory, for what clients do: every submission is a block of its own."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future

from tallystick.base.encoding import Record, encode
from tallystick.base.identifiers import LedgerId, RecordId
from tallystick.base.notes import VerifierKey, parse_verifier_key
from tallystick.client.genesis import usual_genesis
from tallystick.client.ledger import Ledger
from tallystick.contracts import CONTRACTS
from tallystick.contracts.certificate.commands import Claim, Issue, Split, SplitPart, Transfer
from tallystick.contracts.certificate.model import SPLIT, TRANSFER, child_id
from tallystick.contracts.measurement.commands import Publish
from tallystick.contracts.measurement.model import Kind, Quality, measurement_id
from tallystick.core import transition
from tallystick.core.block import Block
from tallystick.core.check import check
from tallystick.core.errors import Refused, Unavailable
from tallystick.core.genesis import Genesis
from tallystick.core.node import Answer, Evidence, Status
from tallystick.core.receipt import Receipt
from tallystick.core.state import State
from tallystick.core.transaction import build_transaction
from tallystick.runtime import proving
from tallystick.runtime.signing import LogSigner
from tallystick.store.memory import MemoryStore
from tallystick.testing.keys import key, secret

BEGIN = 1_467_374_400
QUARTER = 900
NOON = (BEGIN + 43_200) * 1_000
SECTOR = "village"
SOLAR = ("T010000", "F01040100")
LOG_SECRET = bytes(range(32))
LOG_NAME = "village.example/log"

REGISTRAR, ISSUER, PUBLISHER, PRODUCER, NEIGHBOUR, CONSUMER, STRANGER = range(1, 8)
"""Numbers of everybody's key."""


class MemoryNode:
    """The simplest thing that keeps the `Node` protocol: blocks are made while the caller waits."""

    def __init__(self, genesis: Genesis, *, log_secret: bytes = LOG_SECRET) -> None:
        self.state = State(genesis, CONTRACTS, MemoryStore())
        self.blocks: list[Block] = [transition.found(self.state)]
        self.now = NOON
        self.closed = False
        self._signer = LogSigner(log_secret, name=LOG_NAME)

    @property
    def genesis(self) -> Genesis:
        """What the ledger is."""
        return self.state.genesis

    def submit(self, raw: bytes) -> Future[Receipt]:
        """Make a block of one transaction."""
        future: Future[Receipt] = Future()
        answer = self.submit_all([raw]).result()[0]
        if isinstance(answer, Refused | Unavailable):
            future.set_exception(answer)
        else:
            future.set_result(answer)
        return future

    def submit_all(self, batch: Sequence[bytes]) -> Future[list[Answer]]:
        """Make one block of all transactions that are any."""
        self.now += 1
        candidate = transition.begin(self.state, time=max(self.now, self.state.time + 1))
        answers: list[Answer] = []
        places: list[int] = []
        for raw in batch:
            try:
                checked = check(raw, self.state.ledger, candidate.rulebook)
                transition.admit(candidate, checked)
            except Refused as refused:
                answers.append(refused)
                continue
            transition.run(candidate, checked)
            places.append(len(answers))
            answers.append(Refused("not sealed"))
        self.blocks.append(transition.seal(candidate))
        transition.commit(candidate)
        for place, receipt in zip(places, candidate.receipts(), strict=True):
            answers[place] = receipt
        future: Future[list[Answer]] = Future()
        future.set_result(answers)
        return future

    def read(self, question: Record) -> object:
        """Answer a view."""
        rulebook = self.state.rulebook(self.state.height + 1)
        return rulebook.views[type(question)](self.state, question)

    def prove(
        self,
        ids: tuple[RecordId, ...],
        places: tuple[tuple[int, int], ...],
        since: tuple[int, ...] = (),
    ) -> Evidence:
        """Prove records, transactions and growth at one checkpoint."""
        return proving.prove(self.state, self.block, self._signer, ids, places, since)

    def checkpoint(self) -> bytes:
        """Sign the log."""
        return self._signer.sign(self.state)

    def block(self, height: int) -> Block:
        """Return a block."""
        return self.blocks[height]

    def block_at(self, time: int) -> Block:
        """Return the block with exactly this time."""
        return next(block for block in self.blocks if block.header.time == time)

    def follow(self, height: int = 0) -> Iterator[Block]:
        """Yield the blocks from a height on."""
        return iter(self.blocks[height:])

    def status(self) -> Status:
        """Say where the node stands."""
        state = self.state
        return Status(
            ledger=state.ledger,
            name=state.genesis.name,
            height=state.height,
            time=state.time,
            state_root=state.tree.root,
            records=len(state.store),
            log_size=state.log.size,
            waiting=0,
            checkpoint_key=self._signer.verifier_key,
        )

    def close(self) -> None:
        """Remember that this was called."""
        self.closed = True


class Village:
    """A ledger with what is needed to bring a claim about, one step at a time."""

    def __init__(self, *, salt: bytes = bytes(32), log_secret: bytes = LOG_SECRET) -> None:
        genesis = usual_genesis(
            "village",
            time=BEGIN * 1_000,
            salt=salt,
            registrar=key(REGISTRAR),
            issuing_body=key(ISSUER),
            publisher=key(PUBLISHER),
            sectors=(SECTOR, "valley"),
        )
        self.node = MemoryNode(genesis, log_secret=log_secret)
        self.ledger = Ledger(self.node, clock=lambda: self.node.now)
        self._nonce = 0

    @property
    def id(self) -> LedgerId:
        """The ledger's id."""
        return self.ledger.id

    @property
    def keys(self) -> list[VerifierKey]:
        """Whom to trust for checkpoints."""
        return [parse_verifier_key(self.node.status().checkpoint_key)]

    def signed(self, commands: Record | Sequence[Record], *signers: int) -> bytes:
        """Return a transaction that is the same in every run."""
        self._nonce += 1
        items = [commands] if isinstance(commands, Record) else list(commands)
        return build_transaction(
            ledger=self.id,
            expiry=self.ledger.expiry(),
            nonce=self._nonce.to_bytes(16, "big"),
            commands=[encode(item) for item in items],
            secrets=[secret(signer) for signer in signers],
        )

    def put(self, commands: Record | Sequence[Record], *signers: int) -> Receipt:
        """Put commands on the ledger in a block of their own, whatever becomes of them."""
        return self.ledger.submit(self.signed(commands, *signers))

    def must(self, commands: Record | Sequence[Record], *signers: int) -> None:
        """Put commands on the ledger; they are accepted."""
        receipt = self.put(commands, *signers)
        assert (True, "") == (receipt.accepted, receipt.message)

    def publish(self, owner: int, kind: Kind, amount: int) -> RecordId:
        """Publish a measurement of the standard quarter hour and return its id."""
        self.must(measured(owner, kind, amount), PUBLISHER)
        return measurement_id(key(owner), BEGIN)

    def issue(self, owner: int = PRODUCER, amount: int = 1_000) -> RecordId:
        """Publish production and issue its certificate, whose id is returned."""
        id = self.publish(owner, Kind.PRODUCTION, amount)
        self.must(Issue(id, *SOLAR), ISSUER)
        return id

    def split(self, certificate: RecordId, owner: int, *parts: tuple[int, int]) -> list[RecordId]:
        """Split a certificate into parts of an amount and an owner; return their ids."""
        pieces = tuple(SplitPart(amount_wh, key(number)) for amount_wh, number in parts)
        self.must(Split(certificate, pieces, None), owner)
        return [child_id(certificate, SPLIT, n) for n in range(len(parts))]

    def transfer(self, certificate: RecordId, source: int, target: int) -> RecordId:
        """Hand a certificate over; return the id of what follows it."""
        self.must(Transfer(certificate, key(target), None), source)
        return child_id(certificate, TRANSFER, 0)

    def claimed(self) -> tuple[RecordId, RecordId]:
        """Bring a claim about through split and transfer; return certificate and consumption."""
        consumption = self.publish(CONSUMER, Kind.CONSUMPTION, 900)
        issued = self.issue()
        other, part = self.split(issued, PRODUCER, (400, PRODUCER), (600, NEIGHBOUR))
        certificate = self.transfer(part, NEIGHBOUR, CONSUMER)
        self.transfer(other, PRODUCER, STRANGER)
        self.must(
            [Claim(certificate, consumption, None), measured(STRANGER, Kind.CONSUMPTION, 5)],
            CONSUMER,
            PUBLISHER,
        )
        return certificate, consumption


def measured(
    owner: int, kind: Kind, amount: int, *, begin: int = BEGIN, sector: str = SECTOR
) -> Publish:
    """Return the publication of a measured quarter hour."""
    return Publish(
        owner=key(owner),
        begin=begin,
        end=begin + QUARTER,
        sector=sector,
        kind=kind,
        amount=amount,
        quality=Quality.MEASURED,
    )
