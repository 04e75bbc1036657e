"""Found four ledgers, let them recognise each other, and fill the marketplace."""

import os
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tallystick.base.encoding import Record
from tallystick.base.identifiers import LedgerId, RecordId
from tallystick.base.notes import TYPE_COSIGNATURE, Signer
from tallystick.base.signatures import public_key
from tallystick.client.foreign import trust_of
from tallystick.client.ledger import Ledger
from tallystick.contracts.asset.commands import Define, Mint, Transfer
from tallystick.contracts.asset.events import AssetDefined
from tallystick.contracts.asset.model import Burners, Kind
from tallystick.contracts.benefit.commands import AdmitCompany, Create
from tallystick.contracts.benefit.events import BenefitCreated
from tallystick.contracts.benefit.model import Attribute
from tallystick.contracts.identity.commands import Appoint, Enrol, Recognise
from tallystick.contracts.identity.events import IdentityEnrolled
from tallystick.contracts.identity.model import Role
from tallystick.coordination.witness import Witness
from tallystick.core.genesis import Genesis

from .loyalty_parties import SHARED, Cast, CompanyCast, prices
from .scenario import Stage
from .village_weeks import DayClock

BATCH_MAX = 25
ALLOWANCE_UNITS = 3_000
"""What each employee gets of tokens, in common units; the companies keep as much again."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A company with its own ledger."""

    cast: CompanyCast
    """The company."""
    ledger: Ledger
    """Its ledger."""
    unit: RecordId
    """Its tokens there."""
    minted: int
    """How many there are."""


@dataclass(frozen=True, slots=True)
class House:
    """Four ledgers in one process."""

    cast: Cast
    """Everybody."""
    shared: Ledger
    """The marketplace."""
    branches: Mapping[str, Branch]
    """Companies by name."""
    witness: Witness
    """It cosigns all four."""
    clock: DayClock
    """All four go by it."""
    benefits: Mapping[str, Sequence[RecordId]]
    """What each company offers at the beginning."""

    @property
    def ledgers(self) -> dict[LedgerId, Ledger]:
        """Return all ledgers by id."""
        return {
            each.id: each for each in (self.shared, *(b.ledger for b in self.branches.values()))
        }

    def close(self) -> None:
        """Close the ledgers."""
        for ledger in self.ledgers.values():
            ledger.close()
        self.witness.close()


def found(stage: Stage, cast: Cast, clock: DayClock, *, benefits: int) -> House:
    """Open the ledgers, and admit companies with their people, tokens and benefits."""
    signer = Signer("auditor", os.urandom(32), TYPE_COSIGNATURE)
    witness = Witness(stage.folder / "witness", signer)
    genesis = cast.shared_genesis(clock())
    shared = _open(stage, stage.folder / SHARED, genesis, clock, witness)
    branches, offered = {}, {}
    for number, company in enumerate(cast.companies):
        own = cast.company_genesis(company, clock())
        ledger = _open(stage, stage.folder / company.name, own, clock, witness)
        ledger.send(Recognise(trust_of(shared)), [company.administrator])
        shared.send(Recognise(trust_of(ledger)), [cast.registrar])
        branches[company.name] = _fund(company, ledger)
        admit(shared, cast, branches[company.name])
        offered[company.name] = offer(
            shared, company, _share(benefits, len(cast.companies), number)
        )
    return House(cast, shared, branches, witness, clock, offered)


def admit(shared: Ledger, cast: Cast, branch: Branch) -> None:
    """Admit a company, as the system administrator, and its people, as its own administrator."""
    company = branch.cast
    clearing = public_key(company.clearing)
    command = AdmitCompany(company.name, branch.ledger.id, branch.unit, clearing, company.rate)
    shared.send(command, [cast.system])
    enrolling = [Enrol(person.key, company.name) for person in company.people]
    receipt = shared.send(enrolling, [company.administrator])
    enrolled = [each for each in shared.events(receipt) if isinstance(each, IdentityEnrolled)]
    appointing = [Appoint(each.identity, Role.EMPLOYEE, company.name, 0, 0) for each in enrolled]
    shared.send(appointing, [company.administrator])


def offer(shared: Ledger, company: CompanyCast, count: int) -> list[RecordId]:
    """Create so many benefits of a company, as its administrator; return their ids."""
    chance = random.Random(company.name)  # noqa: S311 - prices need to be nobody's secret.
    commands = [
        Create(company.name, title, (Attribute("place", company.name),), price)
        for title, price in prices(count, chance)
    ]
    ids = []
    for batch in batches(commands):
        receipt = shared.send(batch, [company.administrator])
        events = shared.events(receipt)
        ids += [each.benefit for each in events if isinstance(each, BenefitCreated)]
    return ids


def batches(commands: Sequence[Record]) -> list[Sequence[Record]]:
    """Return commands in the order in which they stand, as many at a time as go together."""
    return [commands[start : start + BATCH_MAX] for start in range(0, len(commands), BATCH_MAX)]


def _share(benefits: int, companies: int, number: int) -> int:
    """Return how many of all benefits a company offers; the first ones offer what is left over."""
    return benefits // companies + (number < benefits % companies)


def _fund(company: CompanyCast, ledger: Ledger) -> Branch:
    """Create a company's tokens in its own account, and hand them to its employees."""
    define = Define(
        name=f"{company.name}-points",
        unit="point",
        scale=0,
        kind=Kind.FUNGIBLE,
        issuers=(public_key(company.administrator),),
        supply_cap=0,
        last_mint_at=0,
        transferable=True,
        burners=Burners.ISSUER,
    )
    receipt = ledger.send(define, [company.administrator])
    (unit,) = (each.asset for each in ledger.events(receipt) if isinstance(each, AssetDefined))
    each_gets = ALLOWANCE_UNITS * company.rate.tokens // company.rate.units
    minted = 2 * each_gets * len(company.people)
    clearing = public_key(company.clearing)
    ledger.send(Mint(unit, clearing, minted, "", "", 0, None), [company.administrator])
    handed = [Transfer(unit, clearing, person.key, each_gets) for person in company.people]
    for batch in batches(handed):
        ledger.send(batch, [company.clearing])
    return Branch(company, ledger, unit, minted)


def _open(stage: Stage, path: Path, genesis: Genesis, clock: DayClock, witness: Witness) -> Ledger:
    """Open a ledger that the witness cosigns."""
    ledger = stage.open_ledger(path, genesis=genesis, clock=clock)
    witness.watch(ledger.id, ledger.status().checkpoint_key)
    ledger.witnesses = (witness,)
    return ledger
