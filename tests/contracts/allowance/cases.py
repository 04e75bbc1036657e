"""A programme to try rules in: two zones, three short periods, units, accounts and traders."""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import LockId, RecordId
from tallystick.contracts import allowance, identity, measurement
from tallystick.contracts.allowance.commands import (
    Allocate,
    Apply,
    CertifyRecord,
    ClosePeriod,
    Decide,
    OpenAccount,
    OpenProgramme,
    RegisterHolder,
    Report,
    SetBaseline,
    Surrender,
    Transfer,
)
from tallystick.contracts.allowance.events import (
    HolderRegistered,
    ProgrammeOpened,
    RecordCertified,
    UnitApplied,
)
from tallystick.contracts.allowance.formula import (
    ConditionFactor,
    Facts,
    Formula,
    PostcodeFactor,
    SizeFactor,
    TypeRate,
)
from tallystick.contracts.allowance.model import (
    Account,
    AccountKind,
    AllowanceParameters,
    Block,
    Fees,
    Holding,
    LockedBlocks,
    Obligation,
    Penalty,
    PeriodTimes,
    Terms,
    Unit,
    Vintage,
    account_id,
    amount_of,
    commitment,
    locked_id,
    obligation_id,
    vintage_id,
)
from tallystick.contracts.identity.model import EVERYWHERE, Role
from tallystick.contracts.measurement.model import Kind, Quality, measurement_id
from tallystick.core.context import derived_id
from tallystick.core.holding import holding_id, vault
from tallystick.core.invariant import Change, Changes
from tallystick.testing.factories import (
    BEGIN,
    ISSUING_BODY,
    PUBLISHER,
    QUARTER,
    REGISTRAR,
    STRANGER,
    VILLAGE,
    identity_parameters,
    measurement_parameters,
    publish,
)
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, accepted, genesis_of
from tests.contracts.allowance import bank, locker

DIRECTOR, OPERATOR, SOUTHERN_DIRECTOR, SOUTHERN_OPERATOR = 10, 11, 12, 13
NORTH, SOUTH = "north", "south"
PLANT, OTHER_PLANT, TRADER, BUYER = 30, 31, 32, 33
METER, GENERATOR, OTHER_METER, OTHER_GENERATOR = 40, 41, 42, 43
COLLECTOR, PAYER = 50, 51
FRESH = 60
HOUR = 3_600
LENGTH = 4 * HOUR
KG = 1_000
MWH = 1_000_000
LOCK, OTHER_LOCK = LockId(b"\x01" * 32), LockId(b"\x02" * 32)
UNKNOWN = RecordId(b"\xee" * 32)
SALT = b"\x05" * 32
VAULT = vault(locker.NAME, LOCK)

RULEBOOK = (
    identity.CONTRACT,
    measurement.CONTRACT,
    bank.CONTRACT,
    locker.CONTRACT,
    allowance.CONTRACT,
)

FOUNDERS = (
    (REGISTRAR, Role.REGISTRAR, EVERYWHERE),
    (ISSUING_BODY, Role.ISSUING_BODY, VILLAGE),
    (PUBLISHER, Role.PUBLISHER, VILLAGE),
    (DIRECTOR, Role.DIRECTOR, EVERYWHERE),
    (SOUTHERN_DIRECTOR, Role.DIRECTOR, SOUTH),
    (OPERATOR, Role.REGISTRY_OPERATOR, NORTH),
    (SOUTHERN_OPERATOR, Role.REGISTRY_OPERATOR, SOUTH),
)

PERIODS = tuple(
    PeriodTimes(
        begin=BEGIN + n * LENGTH,
        end=BEGIN + (n + 1) * LENGTH,
        deadline=BEGIN + (n + 1) * LENGTH + HOUR,
    )
    for n in range(3)
)
"""Years, each four hours long, with a deadline an hour later."""

FORMULA = Formula(
    types=(TypeRate("coal", 2_000), TypeRate("gas", 500)),
    sizes=(SizeFactor(100, 900_000), SizeFactor(1_000, 500_000)),
    postcodes=(PostcodeFactor("10", 800_000), PostcodeFactor("1012", 600_000)),
    conditions=(ConditionFactor("peaking", 1_500_000), ConditionFactor("catalyst", 250_000)),
)

FACTS = Facts(size_mw=50, type="coal", postcode="2000")
"""The formula gives it 2,000 g/MWh: 2 allowances for each."""

TERMS = Terms(
    name="NOx",
    pollutant="NOx",
    unit_grams=KG,
    zones=(NORTH, SOUTH),
    periods=PERIODS,
    formula=FORMULA,
    adjustment_ppm=100_000,
    penalty=Penalty(amount=50, deduction_ppm=1_500_000),
    money=bank.MONEY,
    collector=key(COLLECTOR),
)

FEES = Fees(application=7, account=5, transfer=3)


PROGRAMME = derived_id("allowance", (key(DIRECTOR),), nonce=(1).to_bytes(16, "big"), ordinal=0, n=0)
"""The programme of `opened`, which is the first thing to happen there."""

UNIT = derived_id(
    "allowance",
    tuple(sorted(key(each) for each in (PLANT, METER, GENERATOR, PAYER))),
    nonce=(4).to_bytes(16, "big"),
    ordinal=0,
    n=0,
)
"""The unit of `market`, the fourth thing to happen there."""


def terms(**changed: Any) -> Terms:
    """Return the standard terms with something changed."""
    return replace(TERMS, **changed)


def founded() -> Trial:
    """Return a ledger an hour before the first period."""
    parameters = (
        identity_parameters(FOUNDERS),
        measurement_parameters(),
        bank.BankParameters(),
        locker.LockerParameters(),
        AllowanceParameters(),
    )
    return Trial(RULEBOOK, genesis_of(RULEBOOK, parameters, time=(BEGIN - HOUR) * 1000))


def do(trial: Trial, commands: Record | list[Record], *signers: int) -> None:
    """Execute a transaction that must be accepted."""
    verdict = trial.execute(commands, signers=signers)
    assert verdict == accepted, f"{verdict}: {trial.message}"


def opened(given: Terms = TERMS) -> tuple[Trial, RecordId]:
    """Return a ledger with a programme, and its id."""
    trial = founded()
    do(trial, OpenProgramme(given), DIRECTOR)
    return trial, latest(trial, ProgrammeOpened).programme


def latest(trial: Trial, kind: Any) -> Any:
    """Return the latest event of a kind."""
    return next(each for each in reversed(trial.events) if isinstance(each, kind))


def opening(
    programme: RecordId,
    owner: int,
    kind: AccountKind = AccountKind.TRADING,
    *,
    zone: str = NORTH,
    payer: int | None = None,
) -> OpenAccount:
    """Return the opening of an account."""
    return OpenAccount(
        programme=programme,
        zone=zone,
        key=key(owner),
        kind=kind,
        commitment=commitment(holder=UNKNOWN, key=key(owner), salt=SALT),
        payer=None if payer is None else key(payer),
    )


def account(
    trial: Trial,
    programme: RecordId,
    owner: int,
    kind: AccountKind = AccountKind.TRADING,
    *,
    zone: str = NORTH,
) -> None:
    """Open an account."""
    operator = OPERATOR if zone == NORTH else SOUTHERN_OPERATOR
    do(trial, opening(programme, owner, kind, zone=zone, payer=PAYER), operator, owner, PAYER)


def applying(
    programme: RecordId,
    owner: int = PLANT,
    *,
    emission: Sequence[int] = (METER,),
    production: Sequence[int] = (GENERATOR,),
    facts: Facts = FACTS,
    zone: str = NORTH,
    payer: int | None = None,
) -> Apply:
    """Return an application."""
    return Apply(
        programme=programme,
        zone=zone,
        account=key(owner),
        facts=facts,
        emission_keys=tuple(key(each) for each in emission),
        production_keys=tuple(key(each) for each in production),
        payer=None if payer is None else key(payer),
    )


def applied(
    trial: Trial,
    programme: RecordId,
    owner: int = PLANT,
    *,
    emission: int = METER,
    production: int = GENERATOR,
    facts: Facts = FACTS,
) -> RecordId:
    """Open a compliance account and apply with a unit; return its id."""
    account(trial, programme, owner, AccountKind.COMPLIANCE)
    command = applying(
        programme, owner, emission=(emission,), production=(production,), facts=facts, payer=PAYER
    )
    do(trial, command, owner, emission, production, PAYER)
    return RecordId(latest(trial, UnitApplied).unit)


def admitted(
    trial: Trial,
    programme: RecordId,
    owner: int = PLANT,
    *,
    emission: int = METER,
    production: int = GENERATOR,
    facts: Facts = FACTS,
    first_period: int = 0,
) -> RecordId:
    """Apply with a unit that is admitted; return its id."""
    unit = applied(trial, programme, owner, emission=emission, production=production, facts=facts)
    do(trial, Decide(unit, admitted=True, first_period=first_period, reason=""), DIRECTOR)
    return unit


def allocate(
    trial: Trial, unit: RecordId, period: int = 0, *, expected_mwh: int = 100, rate: int = 2_000
) -> None:
    """Set a baseline and allocate by it."""
    do(trial, SetBaseline(unit, period, rate, expected_mwh, ""), DIRECTOR)
    do(trial, Allocate(unit, period), DIRECTOR)


def market(given: Terms = TERMS) -> tuple[Trial, RecordId, RecordId]:
    """
    Return a ledger at the first period's begin, its programme and a unit.

    The unit has 200 allowances of the first vintage; a trader and a buyer have accounts.
    """
    trial, programme = opened(given)
    do(trial, bank.Mint(key(PAYER), 10_000), PAYER)
    unit = admitted(trial, programme)
    assert (PROGRAMME, UNIT) == (programme, unit)
    for owner in (TRADER, BUYER):
        account(trial, programme, owner)
    allocate(trial, unit)
    begin(trial, 0)
    return trial, programme, unit


def begin(trial: Trial, period: int) -> None:
    """Let a period begin."""
    trial.move_to(PERIODS[period].begin * 1000)


def end(trial: Trial, period: int) -> None:
    """Let a period end."""
    trial.move_to(PERIODS[period].end * 1000)


def pass_deadline(trial: Trial, period: int) -> None:
    """Let a period's deadline pass."""
    trial.move_to(PERIODS[period].deadline * 1000)


def measured(
    trial: Trial,
    amount: int,
    *,
    meter: int = METER,
    kind: Kind = Kind.EMISSION,
    at: int = 0,
    quality: Quality = Quality.MEASURED,
) -> RecordId:
    """Publish what a meter measured in the n-th quarter hour of all; return its id."""
    start = BEGIN + at * QUARTER
    trial.move_to(max(trial.time, (start + QUARTER) * 1000))
    command = publish(meter, begin=start, kind=kind, amount=amount, quality=quality)
    do(trial, command, PUBLISHER)
    return measurement_id(key(meter), start)


def emit(trial: Trial, unit: RecordId, kilograms: int, *, meter: int = METER, at: int = 0) -> None:
    """Publish and report an emission."""
    do(trial, Report(unit, (measured(trial, kilograms * KG, meter=meter, at=at),)), STRANGER)


def produce(trial: Trial, unit: RecordId, mwh: int, *, meter: int = GENERATOR, at: int = 0) -> None:
    """Publish and report output."""
    id = measured(trial, mwh * MWH, meter=meter, kind=Kind.PRODUCTION, at=at)
    do(trial, Report(unit, (id,)), STRANGER)


def close(trial: Trial, unit: RecordId, period: int = 0) -> None:
    """Let the deadline pass and close the period for a unit."""
    trial.move_to(max(trial.time, PERIODS[period].deadline * 1000))
    do(trial, ClosePeriod(unit, period), STRANGER)


def transferring(
    programme: RecordId,
    source: int,
    target: int,
    amount: int,
    *,
    period: int = 0,
    payer: int | None = None,
) -> Transfer:
    """Return a transfer in the north."""
    return Transfer(
        programme=programme,
        zone=NORTH,
        period=period,
        source=key(source),
        target=key(target),
        amount=amount,
        payer=None if payer is None else key(payer),
    )


def transfer(
    trial: Trial, programme: RecordId, source: int, target: int, amount: int, *, period: int = 0
) -> None:
    """Transfer allowances in the north."""
    command = transferring(programme, source, target, amount, period=period, payer=PAYER)
    do(trial, command, source, PAYER)


def surrender(trial: Trial, unit: RecordId, amount: int, *, period: int = 0) -> None:
    """Surrender allowances, as the first plant."""
    do(trial, Surrender(unit, period, amount), PLANT)


def place(programme: RecordId, owner: int | bytes, *, period: int = 0) -> RecordId:
    """Return the id of a holding in the north."""
    holder: Any = key(owner) if isinstance(owner, int) else owner
    return holding_id(vintage_id(programme=programme, zone=NORTH, period=period), holder)


def held(trial: Trial, programme: RecordId, owner: int | bytes, *, period: int = 0) -> int:
    """Return how much somebody may dispose of."""
    found = trial.read(Holding, place(programme, owner, period=period))
    return 0 if found is None else amount_of(found.blocks)


def blocks(
    trial: Trial, programme: RecordId, owner: int | bytes, *, period: int = 0
) -> list[tuple[int, int]]:
    """Return the blocks that somebody may dispose of."""
    found = trial.read(Holding, place(programme, owner, period=period))
    return [] if found is None else spans(found.blocks)


def spans(given: Iterable[Block]) -> list[tuple[int, int]]:
    """Return blocks as pairs."""
    return [(each.first, each.last) for each in given]


def locked(
    trial: Trial, programme: RecordId, owner: int, *, lock_id: LockId = LOCK, period: int = 0
) -> int:
    """Return how much somebody has locked for the locker."""
    id = locked_id(
        holding=place(programme, owner, period=period), holder=locker.NAME, lock_id=lock_id
    )
    found = trial.read(LockedBlocks, id)
    return 0 if found is None else amount_of(found.blocks)


def vintage(trial: Trial, programme: RecordId, period: int = 0) -> tuple[int, int, int, int]:
    """Return what was issued, surrendered, cancelled and has expired in the north."""
    found = trial.read(Vintage, vintage_id(programme=programme, zone=NORTH, period=period))
    if found is None:
        return 0, 0, 0, 0
    return found.issued, found.surrendered, found.cancelled, found.expired


def unit_of(trial: Trial, unit: RecordId) -> Unit:
    """Return a unit that is there."""
    found = trial.read(Unit, unit)
    assert found is not None
    return found


def obligation(trial: Trial, unit: RecordId, period: int = 0) -> Obligation:
    """Return what a unit owes for a period."""
    found = trial.read(Obligation, obligation_id(unit=unit, period=period))
    assert found is not None
    return found


def account_of(trial: Trial, programme: RecordId, owner: int) -> Account:
    """Return an account that is there."""
    id = account_id(programme=programme, zone=NORTH, key=key(owner))
    found = trial.read(Account, id)
    assert found is not None
    return found


def money(trial: Trial, owner: int) -> int:
    """Return how much money somebody has."""
    found = trial.read(bank.Purse, holding_id(bank.MONEY, key(owner)))
    return 0 if found is None else found.amount


def register(trial: Trial, programme: RecordId, name: str) -> RecordId:
    """Register a holder; return its id."""
    do(trial, RegisterHolder(programme, NORTH, name), OPERATOR)
    return RecordId(latest(trial, HolderRegistered).holder)


def certify(trial: Trial, programme: RecordId, subject: RecordId) -> RecordId:
    """Certify a record; return the certificate's id."""
    do(trial, CertifyRecord(programme, NORTH, subject, "audit"), DIRECTOR, OPERATOR)
    return RecordId(latest(trial, RecordCertified).certificate)


def audit(trial: Trial) -> list[str]:
    """Close the block and return what is wrong with the whole ledger."""
    trial.close_block()
    state = trial.state
    whole = [Change(id, {}, state.decode(data)) for id, data in state.store.items()]
    changes = Changes(whole, time=state.time)
    return [
        violation
        for contract in state.contracts
        for invariant in contract.invariants
        for violation in invariant.violations(changes)
    ]
