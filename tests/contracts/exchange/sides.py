"""Two ledgers that recognise each other, with money and a witness on each."""

from hashlib import sha256

from tallystick.base.encoding import Record
from tallystick.base.identifiers import Hash, LedgerId, LockId, PublicKey, RecordId
from tallystick.contracts import asset, exchange, identity, title
from tallystick.contracts.asset.commands import Define, Mint
from tallystick.contracts.asset.events import AssetDefined
from tallystick.contracts.asset.model import AssetParameters, Balance, Burners, Kind
from tallystick.contracts.exchange.commands import Commit, Finish, LockHash, Prepare
from tallystick.contracts.exchange.model import (
    Change,
    ExchangeParameters,
    Part,
    change_id,
    decision_id,
    prepared_id,
)
from tallystick.contracts.identity.commands import Recognise
from tallystick.contracts.identity.model import (
    EVERYWHERE,
    Founder,
    IdentityParameters,
    Role,
)
from tallystick.contracts.title.commands import Register
from tallystick.contracts.title.model import Title, TitleParameters, title_id
from tallystick.core.foreign import ForeignProof
from tallystick.core.holding import WHOLE, holding_id
from tallystick.testing.foreign import Neighbour
from tallystick.testing.keys import key
from tallystick.testing.tables import accepted, genesis_of

REGISTRAR, ISSUER, ALICE, BOB, STRANGER = 1, 2, 3, 4, 5
CONTRACTS = (identity.CONTRACT, asset.CONTRACT, exchange.CONTRACT, title.CONTRACT)
BEGIN = 1_700_000_000_000
DEADLINE = BEGIN + 60_000
FUNDS = 100
PREIMAGE = b"p" * 32
DIGEST = Hash(sha256(PREIMAGE).digest())
SALT = b"s" * 16
NOWHERE = LedgerId(b"\xee" * 32)


def parameters() -> tuple[Record, ...]:
    """Return the parameters of each ledger."""
    founders = (
        Founder(key(REGISTRAR), Role.REGISTRAR, EVERYWHERE),
        Founder(key(ISSUER), Role.ASSET_ISSUER, EVERYWHERE),
        Founder(key(ISSUER), Role.TITLE_REGISTRAR, EVERYWHERE),
    )
    return (
        IdentityParameters(founders),
        AssetParameters(),
        ExchangeParameters(),
        TitleParameters(),
    )


class Sides:
    """Ledger `one` and ledger `two`; Alice has money on the one, Bob on the other."""

    def __init__(self) -> None:
        self.one, self.two = (
            Neighbour(CONTRACTS, genesis_of(CONTRACTS, parameters(), time=BEGIN, name=name))
            for name in ("one", "two")
        )
        self.ends = (self.one, self.two)
        recognise(self.one, self.two)
        recognise(self.two, self.one)
        self.unit_one = fund(self.one, ALICE)
        self.unit_two = fund(self.two, BOB)
        self.car = title_id("car", "beetle")
        register = Register("car", "beetle", key(ALICE), attributes=(), depends_on=None)
        assert accepted == self.one.execute(register, signers=[ISSUER, ALICE])

    def change(self, *, deciding: Neighbour | None = None, deadline: int = DEADLINE) -> Change:
        """Return a change by which Alice's and Bob's money change owner together."""
        parts = (
            part(self.one, self.unit_one, ALICE, BOB),
            part(self.two, self.unit_two, BOB, ALICE),
        )
        ledger = (deciding or self.one).state.ledger
        ordered = sorted(parts, key=lambda each: (each.ledger, each.contract, each.holding))
        return Change(ledger, deadline, tuple(ordered), SALT)

    def index(self, side: Neighbour) -> int:
        """Return which part of the change is a side's."""
        parts = self.change().parts
        return next(n for n, each in enumerate(parts) if each.ledger == side.state.ledger)

    def prepare(self, side: Neighbour, *, change: Change | None = None) -> Prepare:
        """Return the command by which a side prepares."""
        return Prepare(change or self.change(), self.index(side))

    def prepared(self) -> "Sides":
        """Prepare both parts."""
        for side, owner in zip(self.ends, (ALICE, BOB), strict=True):
            assert accepted == side.execute(self.prepare(side), signers=[owner])
        return self

    def commit(self, *proofs: ForeignProof) -> Commit:
        """Return the command by which ledger one commits, with the proof of ledger two's part."""
        return Commit(self.change(), proofs or (self.proof_of_part(),))

    def proof_of_part(self, change: Change | None = None) -> ForeignProof:
        """Prove that ledger two's part is prepared, or is not."""
        lock_id = change_id(change or self.change())
        return self.two.prove(prepared_id(lock_id, self.index(self.two)))

    def proof_of_decision(self, change: Change | None = None) -> ForeignProof:
        """Prove what ledger one has decided."""
        return self.one.prove(decision_id(change_id(change or self.change())))

    def finish(self, side: Neighbour, proof: ForeignProof | None = None) -> Finish:
        """Return the command by which a side's part ends."""
        return Finish(self.lock_id, self.index(side), proof)

    @property
    def lock_id(self) -> LockId:
        """Return the id of the change."""
        return change_id(self.change())

    def hash_lock(self, *, until: int = DEADLINE, amount: int = FUNDS) -> LockHash:
        """Return the command by which Alice locks money for Bob."""
        holding = holding_id(self.unit_one, key(ALICE))
        return LockHash("asset", holding, amount, DIGEST, key(BOB), until)

    def car_lock(self) -> LockHash:
        """Return the command by which Alice locks her car for Bob."""
        return LockHash("title", self.car, WHOLE, DIGEST, key(BOB), DEADLINE)

    def car_change(self, *, target: int = BOB, salt: bytes = SALT) -> Change:
        """Return a change on ledger one alone: Alice's car goes to somebody, or is only held."""
        car = Part(self.one.state.ledger, "title", self.car, key(ALICE), WHOLE, key(target))
        return Change(self.one.state.ledger, DEADLINE, (car,), salt)

    def car_owner(self) -> PublicKey:
        """Return whose the car is."""
        found = self.one.read(Title, self.car)
        assert found is not None
        return found.owner

    def funds(self, side: Neighbour, owner: int) -> tuple[int, int]:
        """Return what somebody has on a side, spendable and locked."""
        unit = self.unit_one if side is self.one else self.unit_two
        balance = side.read(Balance, holding_id(unit, key(owner)))
        return (0, 0) if balance is None else (balance.spendable, balance.locked)


def part(side: Neighbour, unit: RecordId, owner: int, target: int, *, amount: int = FUNDS) -> Part:
    """Return the part by which money goes from one to another."""
    holding = holding_id(unit, key(owner))
    return Part(side.state.ledger, "asset", holding, key(owner), amount, key(target))


def recognise(here: Neighbour, there: Neighbour, *, threshold: int = 2) -> None:
    """Let one ledger believe another."""
    command = Recognise(there.trust(threshold=threshold))
    assert accepted == here.execute(command, signers=[REGISTRAR])


def fund(side: Neighbour, owner: int) -> RecordId:
    """Define money, and give somebody some."""
    define = Define(
        name="crown",
        unit="CZK",
        scale=2,
        kind=Kind.FUNGIBLE,
        issuers=(key(ISSUER),),
        supply_cap=0,
        last_mint_at=0,
        transferable=True,
        burners=Burners.ISSUER,
    )
    assert accepted == side.execute(define, signers=[ISSUER])
    defined = side.events[-1]
    assert isinstance(defined, AssetDefined)
    unit = defined.asset
    mint = Mint(
        asset=unit,
        owner=key(owner),
        amount=FUNDS,
        evidence="",
        project="",
        nonce=0,
        claim=None,
    )
    assert accepted == side.execute(mint, signers=[ISSUER])
    return unit
