"""
A ledger with a shared roof, on which tables of cases are tried.

ANNA and BEN own the roof, three to one; CARL, DORA and EMIL live below it and have deposits. In the
first quarter hour the roof made 1,000 Wh, and they used 600, 300 and 500 Wh.
"""

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts import asset, certificate, identity, measurement, sharing
from tallystick.contracts.asset.commands import Define, Mint
from tallystick.contracts.asset.events import AssetDefined
from tallystick.contracts.asset.model import AssetParameters, Balance, Burners
from tallystick.contracts.asset.model import Kind as AssetKind
from tallystick.contracts.certificate.commands import Issue
from tallystick.contracts.certificate.model import CertificateParameters
from tallystick.contracts.identity.model import EVERYWHERE, Founder, IdentityParameters, Role
from tallystick.contracts.measurement.commands import Publish
from tallystick.contracts.measurement.model import (
    Kind,
    MeasurementParameters,
    Quality,
    measurement_id,
)
from tallystick.contracts.sharing.commands import (
    Agree,
    Enrol,
    EnrolProduction,
    MeterKey,
    PayIn,
    Share,
)
from tallystick.contracts.sharing.events import KeyAgreed
from tallystick.contracts.sharing.model import (
    Income,
    Member,
    Method,
    SharingParameters,
    lock_id_of,
)
from tallystick.core.holding import holding_id, vault
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, accepted, genesis_of

REGISTRAR, ISSUING_BODY, OPERATOR, MINT, ANNA, BEN, CARL, DORA, EMIL, STRANGER = range(1, 11)
"""Numbers of the keys of the cast."""

ROOF, *METERS = range(101, 105)
"""Numbers of the owner keys of the meters: the roof's, and CARL's, DORA's and EMIL's."""

MEMBERS, OWNERS = (CARL, DORA, EMIL), (ANNA, BEN)
EVERYBODY = (OPERATOR, *MEMBERS, *OWNERS)
QUARTER = 900
BEGIN = 1_467_374_400
END = BEGIN + QUARTER
DELAY = 3_600
NOW = (END + DELAY) * 1_000
LATER = NOW + 30 * 86_400_000
PRODUCED_WH = 1_000
USED_WH = (600, 300, 500)
DEPOSIT = 1_000
SECTOR = "village"
NAME = "roof"
CONTRACTS = (
    identity.CONTRACT,
    measurement.CONTRACT,
    certificate.CONTRACT,
    asset.CONTRACT,
    sharing.CONTRACT,
)
UNKNOWN = RecordId(b"\xee" * 32)
PRODUCTION = measurement_id(key(ROOF), BEGIN)
CONSUMPTIONS = tuple(measurement_id(key(meter), BEGIN) for meter in METERS)


def do(trial: Trial, command: Record, *signers: int) -> list[Record]:
    """Insist that a command is accepted, and return what it reported."""
    before = len(trial.events)
    assert trial.execute(command, signers=signers) == accepted, trial.message
    return trial.events[before:]


def found(certificates: CertificateParameters | None = None) -> Trial:
    """Return a ledger without money or keys."""
    founders = (
        Founder(key(REGISTRAR), Role.REGISTRAR, EVERYWHERE),
        Founder(key(ISSUING_BODY), Role.ISSUING_BODY, EVERYWHERE),
        Founder(key(MINT), Role.ASSET_ISSUER, EVERYWHERE),
        Founder(key(OPERATOR), Role.MARKET_OPERATOR, NAME),
    )
    parameters = (
        IdentityParameters(founders),
        MeasurementParameters((SECTOR, "valley"), (QUARTER, 2 * QUARTER)),
        certificates or CertificateParameters(),
        AssetParameters(),
        SharingParameters(),
    )
    trial = Trial(CONTRACTS, genesis_of(CONTRACTS, parameters, time=BEGIN * 1_000 - 86_400_000))
    trial.move_to(BEGIN * 1_000 - 1)
    return trial


def defined(trial: Trial, **terms: Any) -> RecordId:
    """Define a fungible and transferable class, but for what is given; return its id."""
    define = Define(
        name="euro",
        unit="EUR",
        scale=6,
        kind=AssetKind.FUNGIBLE,
        issuers=(key(MINT),),
        supply_cap=0,
        last_mint_at=0,
        transferable=True,
        burners=Burners.ISSUER,
    )
    (event,) = do(trial, replace(define, **terms), MINT)
    assert isinstance(event, AssetDefined)
    return event.asset


def with_money(trial: Trial) -> RecordId:
    """Give members and the stranger money, and return its class."""
    money = defined(trial)
    for each in (*MEMBERS, STRANGER):
        do(trial, Mint(money, key(each), 10_000, "", "", 0, None), MINT)
    return money


MONEY = with_money(found())


def agreement(
    method: Method = Method.STATIC,
    *,
    shares: Sequence[int] = (500_000, 300_000, 200_000),
    incomes: Sequence[int] = (750_000, 250_000),
    members: Sequence[int] = MEMBERS,
    owners: Sequence[int] = OWNERS,
    name: str = NAME,
) -> Agree:
    """Return an agreement that is accepted from EVERYBODY; a kWh costs 1,000 minor units."""
    return Agree(
        name=name,
        sector=SECTOR,
        method=method,
        members=tuple(Member(key(n), ppm) for n, ppm in zip(members, shares, strict=True)),
        incomes=tuple(Income(key(n), ppm) for n, ppm in zip(owners, incomes, strict=True)),
        money=MONEY,
        price_per_mwh=1_000_000,
        delay=DELAY,
    )


def agreed(trial: Trial, command: Agree) -> RecordId:
    """Agree on a key, and return its id."""
    (event,) = do(trial, command, *EVERYBODY)
    assert isinstance(event, KeyAgreed)
    return event.key


def enrolment(id: RecordId, member: int, *meters: int, begin: int = BEGIN) -> Enrol:
    """Return what binds one meter after the other to a member, in intervals that follow."""
    return Enrol(id, key(member), _meter_keys(meters, begin))


def plant(id: RecordId, owner: int, *meters: int, begin: int = BEGIN) -> EnrolProduction:
    """Return what binds one meter after the other as the plant, in intervals that follow."""
    return EnrolProduction(id, key(owner), _meter_keys(meters, begin))


def enrol(trial: Trial, id: RecordId, *members: int, begin: int = BEGIN) -> None:
    """Bind the roof, and the meters of members, to a key for an interval."""
    do(trial, plant(id, ANNA, ROOF, begin=begin), ANNA, ROOF)
    for member in members:
        meter = METERS[MEMBERS.index(member)]
        do(trial, enrolment(id, member, meter, begin=begin), member, meter)


def _meter_keys(meters: Sequence[int], begin: int) -> tuple[MeterKey, ...]:
    """Name measurements that follow each other."""
    return tuple(MeterKey(key(meter), begin + n * QUARTER) for n, meter in enumerate(meters))


def measured(
    meter: int,
    kind: Kind,
    amount: int,
    *,
    begin: int = BEGIN,
    length: int = QUARTER,
    sector: str = SECTOR,
) -> Publish:
    """Return a reading."""
    return Publish(key(meter), begin, begin + length, sector, kind, amount, Quality.MEASURED)


def publish(trial: Trial, *, made_wh: int = PRODUCED_WH, used_wh: Sequence[int] = USED_WH) -> None:
    """Publish the roof's reading with its certificate, and those of the members."""
    do(trial, measured(ROOF, Kind.PRODUCTION, made_wh), ISSUING_BODY)
    do(trial, Issue(PRODUCTION, "T010000", "F01040100"), ISSUING_BODY)
    for meter, amount in zip(METERS, used_wh, strict=True):
        do(trial, measured(meter, Kind.CONSUMPTION, amount), ISSUING_BODY)


def pay_in(trial: Trial, id: RecordId, *members: int, amount: int = DEPOSIT) -> None:
    """Let members deposit."""
    for member in members:
        do(trial, PayIn(id, key(member), amount), member)


def _key() -> RecordId:
    """Return the id of the key of every cast by the static method."""
    trial = found()
    with_money(trial)
    return agreed(trial, agreement())


KEY = _key()


def cast(
    method: Method = Method.STATIC, *, time: int = NOW, members: Sequence[int] = MEMBERS
) -> tuple[Trial, RecordId]:
    """Return the ledger of the cases, where some have enrolled: it is ready to be shared."""
    trial = found()
    with_money(trial)
    id = agreed(trial, agreement(method))
    pay_in(trial, id, *MEMBERS)
    enrol(trial, id, *members)
    trial.move_to(END * 1_000)
    publish(trial)
    trial.move_to(time)
    return trial, id


def sharing_of(id: RecordId, begin: int = BEGIN) -> Share:
    """Return the command that shares the roof's production."""
    return Share(id, begin)


def money_of(trial: Trial, *owners: int) -> list[int]:
    """Return what each has, locked or not."""
    found = [trial.read(Balance, holding_id(MONEY, key(owner))) for owner in owners]
    return [0 if each is None else each.spendable + each.locked for each in found]


def till_of(trial: Trial, id: RecordId) -> int:
    """Return what lies in a key's vault."""
    till = trial.read(Balance, holding_id(MONEY, vault("sharing", lock_id_of(id))))
    return 0 if till is None else till.spendable
