"""A ledger with a roof and a battery of Anna's, on which tables of cases are tried."""

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts import device, identity
from tallystick.contracts.device.commands import Declare, DeclareOutage, Register, Retire
from tallystick.contracts.device.events import DeviceRegistered
from tallystick.contracts.device.model import DeviceKind, DeviceParameters
from tallystick.contracts.identity.model import EVERYWHERE, Founder, IdentityParameters, Role
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, accepted, genesis_of

REGISTRAR, GRID_OPERATOR, OTHER_OPERATOR, ANNA, CONTROLLER, STRANGER = range(1, 7)
"""Numbers of the keys of the cast."""

QUARTER = 900
NOON = 1_467_374_400
"""2016-07-01, noon. [s since the epoch, UTC]"""
NOW = NOON * 1_000
BEGIN, END = NOON + 4 * QUARTER, NOON + 5 * QUARTER
CAPACITY_WH = 10_000
SECTOR, OTHER_SECTOR = "village", "valley"
UNKNOWN = RecordId(b"\xee" * 32)
CONTRACTS = (identity.CONTRACT, device.CONTRACT)


def registering(kind: DeviceKind = DeviceKind.ROOF, *, capacity_wh: int = 0) -> Register:
    """Return a registration by Anna and her controller."""
    return Register(key(ANNA), key(CONTROLLER), kind, SECTOR, capacity_wh)


def do(trial: Trial, command: Record, *signers: int) -> list[Record]:
    """Insist that a command is accepted, and return what it reported."""
    before = len(trial.events)
    assert trial.execute(command, signers=signers) == accepted, trial.message
    return trial.events[before:]


def registered(trial: Trial, command: Register) -> RecordId:
    """Register a device and return its id."""
    (event,) = do(trial, command, ANNA, CONTROLLER)
    assert isinstance(event, DeviceRegistered)
    return event.device


def found() -> Trial:
    """Return a ledger without devices."""
    founders = (
        Founder(key(REGISTRAR), Role.REGISTRAR, EVERYWHERE),
        Founder(key(GRID_OPERATOR), Role.GRID_OPERATOR, SECTOR),
        Founder(key(OTHER_OPERATOR), Role.GRID_OPERATOR, OTHER_SECTOR),
    )
    parameters = (IdentityParameters(founders), DeviceParameters())
    trial = Trial(CONTRACTS, genesis_of(CONTRACTS, parameters, time=NOW - 1_000))
    trial.move_to(NOW)
    return trial


def _register_all(trial: Trial) -> tuple[RecordId, RecordId, RecordId]:
    """Register a roof, a battery and what will be retired."""
    return (
        registered(trial, registering()),
        registered(trial, registering(DeviceKind.BATTERY, capacity_wh=CAPACITY_WH)),
        registered(trial, registering(DeviceKind.OTHER)),
    )


ROOF, BATTERY, RETIRED = _register_all(found())


def cast() -> Trial:
    """Return the ledger of the cases."""
    trial = found()
    assert (ROOF, BATTERY, RETIRED) == _register_all(trial)
    do(trial, Retire(RETIRED), ANNA)
    return trial


def promise(
    device_id: RecordId = ROOF, *, begin: int = BEGIN, end: int = END, wh: int = 500
) -> Declare:
    """Return a promise that is accepted from the controller."""
    return Declare(device_id, begin, end, wh)


def outage(
    device_id: RecordId | None = ROOF,
    *,
    sector: str = SECTOR,
    begin: int = BEGIN,
    end: int = END,
    maintenance: bool = False,
) -> DeclareOutage:
    """Return an outage that is accepted from the grid operator."""
    return DeclareOutage(device_id, sector, begin, end, maintenance)
