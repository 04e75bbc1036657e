"""
Who swaps: a generator with allowances of one zone, a trader with money on another ledger.

The zone's registry and the bank's ledger do not know each other. Each party pins the keys of both,
and of a witness who cosigns what they show. Companies are invented.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.base.notes import TYPE_COSIGNATURE, Signer
from tallystick.client.foreign import trust_of
from tallystick.client.genesis import usual_genesis
from tallystick.client.ledger import Ledger
from tallystick.contracts.allowance.commands import (
    Allocate,
    Apply,
    Decide,
    OpenAccount,
    OpenProgramme,
    RegisterHolder,
    SetBaseline,
)
from tallystick.contracts.allowance.errors import HoldingNotFound
from tallystick.contracts.allowance.events import HolderRegistered, ProgrammeOpened, UnitApplied
from tallystick.contracts.allowance.model import (
    AccountKind,
    AllowanceParameters,
    Facts,
    PeriodTimes,
    Terms,
    baseline_formula,
    commitment,
    vintage_id,
)
from tallystick.contracts.allowance.views import HoldingView, ShowHolding
from tallystick.contracts.asset.commands import Define, Mint
from tallystick.contracts.asset.events import AssetDefined
from tallystick.contracts.asset.model import AssetParameters, Burners, Kind
from tallystick.contracts.asset.views import BalanceView, ShowBalance
from tallystick.contracts.exchange.model import ExchangeParameters
from tallystick.contracts.identity.model import EVERYWHERE, Founder, Role
from tallystick.coordination.diary import Diary
from tallystick.coordination.entries import Leg
from tallystick.coordination.signing import Secrets
from tallystick.coordination.swap import Assumptions
from tallystick.coordination.swapper import Swapper
from tallystick.coordination.witness import Witness
from tallystick.core.genesis import Genesis
from tallystick.core.holding import holding_id

from .allowances_cast import Key
from .allowances_model import HOUR_SECONDS
from .allowances_terms import CENTS, FORMULA
from .scenario import Stage
from .village_weeks import DayClock

ZONE: Final = "north"
SELLER: Final = "Aldergrove Power"
BUYER: Final = "Harrow Trading"
FOUNDED: Final = datetime(2024, 1, 2, tzinfo=UTC)
TRADING: Final = datetime(2024, 5, 6, 10, tzinfo=UTC)
PERIOD: Final = PeriodTimes(
    int(datetime(2024, 1, 1, tzinfo=UTC).timestamp()),
    int(datetime(2025, 1, 1, tzinfo=UTC).timestamp()),
    int(datetime(2025, 4, 1, tzinfo=UTC).timestamp()),
)
PLANT: Final = Facts(350, "coal", "N3 100", ("catalyst",))
ALLOWANCE_GRAMS: Final = 10_000
EXPECTED_MWH: Final = 100_000
FUNDS: Final = 5_000_000 * CENTS
ASSUMED: Final = Assumptions(
    finality_lead=2_000, finality_follow=2_000, clock_skew=5_000, claim=60_000
)
REGISTRY_FOLDER: Final = "registry"
BANK_FOLDER: Final = "bank"

AnyEvent = TypeVar("AnyEvent", bound=Record)


@dataclass
class Place:
    """Both ledgers, and the two who swap."""

    diaries: Path
    """Where the parties keep their diaries."""
    registry: Ledger
    """The zone's ledger."""
    bank: Ledger
    """The ledger with the money."""
    clock: DayClock
    """The time of both."""
    witness: Witness
    """Cosigns for both."""
    seller: Key
    """Has allowances."""
    buyer: Key
    """Has money."""
    programme: RecordId
    """Under which allowances are issued."""
    money: RecordId
    """What it is paid with."""
    passphrase: bytes
    """What opens the diaries."""

    def legs(self, allowances: int, cents: int) -> tuple[Leg, Leg]:
        """Return what the seller gives, who leads, and what the buyer gives, who follows."""
        seller, buyer = self.seller.public, self.buyer.public
        lead = Leg(
            ledger=self.registry.id,
            contract="allowance",
            holding=holding_id(vintage_id(programme=self.programme, zone=ZONE, period=0), seller),
            amount=allowances,
            owner=seller,
            beneficiary=buyer,
            until=0,
        )
        follow = Leg(
            ledger=self.bank.id,
            contract="asset",
            holding=holding_id(self.money, buyer),
            amount=cents,
            owner=buyer,
            beneficiary=seller,
            until=0,
        )
        return lead, follow

    def allowances(self, party: Key) -> int:
        """Return how many allowances a party may dispose of."""
        question = ShowHolding(self.programme, ZONE, 0, party.public)
        try:
            found = self.registry.ask(question)
        except HoldingNotFound:
            return 0
        return found.amount if isinstance(found, HoldingView) else 0

    def cents(self, party: Key) -> int:
        """Return how much money a party may dispose of."""
        found = self.bank.ask(ShowBalance(self.money, party.public))
        return found.spendable if isinstance(found, BalanceView) else 0

    def swapper(self, party: Key, diary: Diary) -> Swapper:
        """Return what swaps for a party, as its diary says."""
        ledgers = {ledger.id: ledger for ledger in (self.registry, self.bank)}
        trusts = {id: trust_of(ledger) for id, ledger in ledgers.items()}
        return Swapper(ledgers, trusts, Secrets([party.secret]), diary, assumptions=ASSUMED)

    def diary(self, party: Key, deal: str) -> Diary:
        """Open a party's diary of a deal."""
        name = f"{'seller' if party is self.seller else 'buyer'}.{deal}"
        return Diary.open(self.diaries / name, self.passphrase, work_bits=1)


def found(stage: Stage) -> Place:
    """Found both ledgers and give each party what it will offer."""
    clock = DayClock(milliseconds(FOUNDED))
    diaries = stage.folder / "diaries"
    diaries.mkdir()
    seller, buyer, office = Key(), Key(), Key()
    registry = stage.open_ledger(
        stage.folder / REGISTRY_FOLDER,
        genesis=_genesis("registry", office, {"allowance": AllowanceParameters()}),
        clock=clock,
    )
    bank = stage.open_ledger(
        stage.folder / BANK_FOLDER, genesis=_genesis("bank", office, {}), clock=clock
    )
    clock.milliseconds = milliseconds(TRADING)
    signer = Signer("witness", os.urandom(32), TYPE_COSIGNATURE)
    witness = Witness(stage.folder / "witness", signer, clock=lambda: clock.milliseconds // 1_000)
    for ledger in (registry, bank):
        witness.watch(ledger.id, ledger.status().checkpoint_key)
        ledger.witnesses = (witness,)
    return Place(
        diaries=diaries,
        registry=registry,
        bank=bank,
        clock=clock,
        witness=witness,
        seller=seller,
        buyer=buyer,
        programme=_allocate(registry, office, seller, buyer),
        money=_mint(bank, office, buyer),
        passphrase=os.urandom(32),
    )


def milliseconds(moment: datetime) -> int:
    """Return a moment as ledgers count time. [ms since the epoch, UTC]"""
    return int(moment.timestamp()) * 1_000


def _genesis(name: str, office: Key, more: dict[str, Record]) -> Genesis:
    """Return a genesis in which one office holds every role: here it plays no part."""
    roles = ((Role.ASSET_ISSUER, EVERYWHERE), (Role.DIRECTOR, ZONE), (Role.REGISTRY_OPERATOR, ZONE))
    return usual_genesis(
        name,
        time=milliseconds(FOUNDED),
        salt=os.urandom(32),
        registrar=office.public,
        issuing_body=office.public,
        publisher=office.public,
        sectors=(ZONE,),
        interval_seconds=(HOUR_SECONDS,),
        founders=[Founder(office.public, role, scope) for role, scope in roles],
        more={"asset": AssetParameters(), **more, "exchange": ExchangeParameters()},
    )


def _allocate(registry: Ledger, office: Key, seller: Key, buyer: Key) -> RecordId:
    """Open a programme with two accounts and allocate to the seller; return the programme."""
    terms = Terms(
        name=f"NOx {ZONE}",
        pollutant="NOx",
        unit_grams=ALLOWANCE_GRAMS,
        zones=(ZONE,),
        periods=(PERIOD,),
        formula=FORMULA,
    )
    programme = _event(registry, OpenProgramme(terms), ProgrammeOpened, office).programme
    _open_account(registry, programme, office, seller, SELLER, AccountKind.COMPLIANCE)
    _open_account(registry, programme, office, buyer, BUYER, AccountKind.TRADING)
    stack, generator = Key(), Key()
    apply = Apply(
        programme=programme,
        zone=ZONE,
        account=seller.public,
        facts=PLANT,
        emission_keys=(stack.public,),
        production_keys=(generator.public,),
    )
    unit = _event(registry, apply, UnitApplied, seller, stack, generator).unit
    rate = baseline_formula(FORMULA, PLANT)
    commands: list[Record] = [
        Decide(unit, admitted=True, first_period=0, reason="meters are sealed"),
        SetBaseline(unit, 0, rate, EXPECTED_MWH, ""),
        Allocate(unit, 0),
    ]
    registry.send(commands, [office.secret])
    return programme


def _open_account(
    registry: Ledger, programme: RecordId, office: Key, key: Key, name: str, kind: AccountKind
) -> None:
    """Enter a holder, and open its account."""
    holder = _event(
        registry, RegisterHolder(programme, ZONE, name), HolderRegistered, office
    ).holder
    sealed = commitment(holder=holder, key=key.public, salt=os.urandom(32))
    command = OpenAccount(programme, ZONE, key.public, kind, sealed)
    registry.send(command, [office.secret, key.secret])


def _mint(bank: Ledger, office: Key, buyer: Key) -> RecordId:
    """Define money and give the buyer some; return its class."""
    define = Define(
        name="euro",
        unit="EUR",
        scale=2,
        kind=Kind.FUNGIBLE,
        issuers=(office.public,),
        supply_cap=0,
        last_mint_at=0,
        transferable=True,
        burners=Burners.ISSUER,
    )
    money = _event(bank, define, AssetDefined, office).asset
    bank.send(Mint(money, buyer.public, FUNDS, "", "", 0, None), [office.secret])
    return money


def _event(ledger: Ledger, command: Record, kind: type[AnyEvent], *keys: Key) -> AnyEvent:
    """Send a command and return its event of a kind."""
    happened = ledger.events(ledger.send(command, [key.secret for key in keys]))
    return next(each for each in happened if isinstance(each, kind))
