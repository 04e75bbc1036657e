"""
Two ledgers, one of cars and one of insurances, that recognise each other.

Alice has the cars FIRST and SECOND, Bob has THIRD; WRECK is retired. On the other ledger Alice's
policy P-1 insures FIRST. Both ledgers run the same contracts, so either also has assets.
"""

from collections.abc import Iterable

from tallystick.base.encoding import Record
from tallystick.base.identifiers import LedgerId, LockId, PublicKey, RecordId
from tallystick.contracts import asset, exchange, identity, title
from tallystick.contracts.asset.commands import Define, Mint
from tallystick.contracts.asset.events import AssetDefined
from tallystick.contracts.asset.model import AssetParameters, Burners, Kind
from tallystick.contracts.exchange.commands import Commit, Finish, Prepare
from tallystick.contracts.exchange.model import (
    Change,
    ExchangeParameters,
    Part,
    change_id,
    decision_id,
    prepared_id,
)
from tallystick.contracts.identity.commands import Recognise
from tallystick.contracts.identity.model import EVERYWHERE, Founder, IdentityParameters, Role
from tallystick.contracts.title.commands import Named, Register, Retire
from tallystick.contracts.title.model import Attribute, Title, TitleParameters, title_id
from tallystick.core.block import Block
from tallystick.core.foreign import ForeignProof
from tallystick.core.genesis import Genesis
from tallystick.core.holding import Lock
from tallystick.testing.foreign import Neighbour
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, accepted, genesis_of

REGISTRAR, CLERK, INSURER, ISSUER, ALICE, BOB, CAROL, STRANGER = range(1, 9)
"""Numbers of the keys of the cast."""

NOW = 1_700_000_000_000
DEADLINE = NOW + 60_000
AGE_MAX, SKEW_MAX = 30_000, 2_000
CONTRACTS = (identity.CONTRACT, asset.CONTRACT, exchange.CONTRACT, title.CONTRACT)
FIRST, SECOND, THIRD, WRECK = (title_id("car", f"VIN-{n}") for n in range(1, 5))
POLICY, FRESH = title_id("insurance", "P-1"), title_id("insurance", "P-2")
UNKNOWN = RecordId(b"\xee" * 32)
LOCK, OTHER_LOCK = LockId(b"\x01" * 32), LockId(b"\x02" * 32)
NOWHERE = LedgerId(b"\xdd" * 32)
BAD_KEY = PublicKey(b"\x05" + bytes(32))
RED = (Attribute("colour", "red"), Attribute("seats", "4"))
BLUE = (Attribute("colour", "blue"),)


def parameters(titles: TitleParameters | None = None) -> list[Record]:
    """Return the parameters of each ledger."""
    founders = (
        Founder(key(REGISTRAR), Role.REGISTRAR, EVERYWHERE),
        Founder(key(CLERK), Role.TITLE_REGISTRAR, "car"),
        Founder(key(CLERK), Role.TITLE_REGISTRAR, "roof"),
        Founder(key(INSURER), Role.TITLE_REGISTRAR, "insurance"),
        Founder(key(ISSUER), Role.ASSET_ISSUER, EVERYWHERE),
    )
    return [
        IdentityParameters(founders),
        AssetParameters(),
        ExchangeParameters(),
        titles or TitleParameters(proof_age_max=AGE_MAX, clock_skew_max=SKEW_MAX),
    ]


class Kept(Neighbour):
    """A ledger in memory that remembers its blocks, for who reads them."""

    def __init__(self, genesis: Genesis) -> None:
        super().__init__(CONTRACTS, genesis)
        self.blocks = [self.founding]

    def close_block(self) -> Block:
        """Seal the block in the making, and remember it."""
        self.blocks.append(super().close_block())
        return self.blocks[-1]


def founded(name: str = "cars", titles: TitleParameters | None = None) -> Kept:
    """Return a ledger with nothing on it but what its parameters seed."""
    genesis = genesis_of(CONTRACTS, parameters(titles), time=NOW - 1_000, name=name)
    trial = Kept(genesis)
    trial.move_to(NOW)
    return trial


def car(
    name: str = "VIN-9",
    owner: int = ALICE,
    attributes: tuple[Attribute, ...] = RED,
    *,
    kind: str = "car",
) -> Register:
    """Return a registration that is accepted from CLERK and the owner."""
    return Register(kind, name, key(owner), attributes, None)


def do(trial: Trial, commands: Record | Iterable[Record], *signers: int) -> list[Record]:
    """Insist that commands are accepted, and return what they reported."""
    before = len(trial.events)
    assert trial.execute(commands, signers=signers) == accepted, trial.message
    return trial.events[before:]


def locked(trial: Trial, id: RecordId = FIRST, *, owner: int = ALICE, until: int = 0) -> None:
    """Let a market hold a title."""
    lock = Lock("title", id, LOCK, until)
    assert accepted == trial.execute(lock, signers=[owner], caller="market"), trial.message


def cast() -> Kept:
    """Return the ledger of the cars."""
    trial = founded()
    for number, owner in ((1, ALICE), (2, ALICE), (3, BOB), (4, ALICE)):
        do(trial, car(f"VIN-{number}", owner), CLERK, owner)
    do(trial, Retire(WRECK), ALICE)
    return trial


def title_of(trial: Trial, id: RecordId) -> Title:
    """Return a title that is there."""
    found = trial.read(Title, id)
    assert found is not None
    return found


class Town:
    """The ledger of the cars and that of the insurances."""

    def __init__(self) -> None:
        self.cars, self.policies = cast(), founded("policies")
        for here, there in ((self.cars, self.policies), (self.policies, self.cars)):
            do(here, Recognise(there.trust()), REGISTRAR)

    def wait(self, milliseconds: int = SKEW_MAX + 1) -> None:
        """Let time go by on both ledgers, so that news are of after whatever happened."""
        time = max(self.cars.time, self.policies.time) + milliseconds
        for trial in (self.cars, self.policies):
            trial.move_to(time)

    def holding(
        self,
        car: RecordId = FIRST,
        owner: int = ALICE,
        target: int = 0,
        salt: int = 0,
        deciding: LedgerId | None = None,
    ) -> Change:
        """Return the change of one part that holds a car until the insurers' ledger decides."""
        part = Part(self.cars.state.ledger, "title", car, key(owner), 0, key(target or owner))
        ledger = deciding or self.policies.state.ledger
        return Change(ledger, DEADLINE, (part,), bytes([salt]) * 16)

    def held(self, change: Change, owner: int = ALICE, *, index: int = 0) -> Change:
        """Let the cars' ledger hold a car."""
        do(self.cars, Prepare(change, index), owner)
        return change

    def commit(self, change: Change, *, index: int = 0) -> Commit:
        """Return the decision, with the proof that the car is held."""
        return Commit(change, (self.cars.prove(prepared_id(change_id(change), index)),))

    def named(
        self, change: Change, car: RecordId = FIRST, proof: ForeignProof | None = None
    ) -> Named:
        """Return a car as what depends on it names it."""
        return Named(self.cars.state.ledger, car, change, proof or self.cars.prove(car))

    def finish(self, change: Change, *, index: int = 0) -> None:
        """Let the cars' ledger let go of a car."""
        proof = self.policies.prove(decision_id(change_id(change)))
        do(self.cars, Finish(change_id(change), index, proof), STRANGER)

    def insure(self, name: str = "P-1", car: RecordId = FIRST, owner: int = ALICE) -> Change:
        """Insure a car, from holding it to letting go of it."""
        change = self.held(self.holding(car, owner, salt=len(name)), owner)
        registration = insurance(self.named(change, car), name, owner)
        do(self.policies, [self.commit(change), registration], INSURER, owner)
        self.finish(change)
        return change


def insurance(named: Named | None, name: str = "P-2", owner: int = ALICE) -> Register:
    """Return a registration that is accepted from INSURER and the owner."""
    return Register("insurance", name, key(owner), (), named)


def insured() -> Town:
    """Return the two ledgers when P-1 insures FIRST, and the car is free again."""
    town = Town()
    town.insure()
    return town


def shares(
    trial: Trial,
    *,
    issuer: int = ALICE,
    minted: int = 100,
    cap: int = 100,
    last_mint_at: int | None = None,
    burners: Burners = Burners.OWNER,
    kind: Kind = Kind.FUNGIBLE,
) -> RecordId:
    """Define a class of assets, mint it to its issuer, let minting end, and return its id."""
    end = trial.time + 1 if last_mint_at is None else last_mint_at
    define = Define(
        name="roof-1",
        unit="share",
        scale=0,
        kind=kind,
        issuers=(key(issuer),),
        supply_cap=cap,
        last_mint_at=end,
        transferable=True,
        burners=burners,
    )
    (event,) = do(trial, define, ISSUER)
    assert isinstance(event, AssetDefined)
    if minted:
        evidence = "" if kind is Kind.FUNGIBLE else "R1"
        mint = Mint(event.asset, key(issuer), minted, evidence, "", 0, None)
        do(trial, mint, issuer)
    if last_mint_at is None:
        trial.move_to(end)
    return event.asset
