"""Who says what about devices, and until when."""

import ast
from itertools import pairwise
from pathlib import Path

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts import device
from tallystick.contracts.device import errors
from tallystick.contracts.device.commands import Register, Report, Retire
from tallystick.contracts.device.errors import (
    ControllerHasNotSigned,
    DeviceIsRetired,
    DeviceNotFound,
    IntervalHasBegun,
    IntervalIsEmpty,
    OutageIsOver,
    OwnerHasNotSigned,
    SectorsDiffer,
    SignerIsNotGridOperator,
    StoredAboveCapacity,
    TooManyOutages,
)
from tallystick.contracts.device.model import (
    OUTAGES_MAX,
    SETTLED_AFTER_SECONDS_MAX,
    Availability,
    Device,
    DeviceKind,
    DeviceState,
    availability_id,
)
from tallystick.contracts.device.views import in_outage
from tallystick.core.errors import UnknownCommand
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, Verdict, accepted
from tests.contracts.device.cases import (
    ANNA,
    BATTERY,
    BEGIN,
    CAPACITY_WH,
    CONTROLLER,
    END,
    GRID_OPERATOR,
    NOON,
    NOW,
    OTHER_OPERATOR,
    OTHER_SECTOR,
    QUARTER,
    RETIRED,
    ROOF,
    SECTOR,
    STRANGER,
    UNKNOWN,
    cast,
    do,
    outage,
    promise,
    registering,
)

Row = tuple[Record, list[int], Verdict]
"""A command, the numbers of the keys that sign, and the verdict."""


def report(device_id: RecordId = BATTERY, *, stored_wh: int = 0) -> Report:
    """Return a report."""
    return Report(device_id, on=True, connected=True, stored_wh=stored_wh)


REGISTER: list[Row] = [
    (registering(), [ANNA, CONTROLLER], accepted),
    (registering(DeviceKind.BATTERY, capacity_wh=5), [ANNA, CONTROLLER, STRANGER], accepted),
    (registering(), [CONTROLLER], OwnerHasNotSigned),
    (registering(), [ANNA], ControllerHasNotSigned),
    (registering(), [STRANGER], OwnerHasNotSigned),
    (
        Register(key(ANNA), key(CONTROLLER), DeviceKind.ROOF, "", 0),
        [ANNA, CONTROLLER],
        UnknownCommand,
    ),
]

REPORT: list[Row] = [
    (report(), [CONTROLLER], accepted),
    (report(stored_wh=CAPACITY_WH), [CONTROLLER], accepted),
    (report(ROOF), [CONTROLLER], accepted),
    (report(UNKNOWN), [CONTROLLER], DeviceNotFound),
    (report(), [ANNA], ControllerHasNotSigned),
    (report(), [STRANGER], ControllerHasNotSigned),
    (report(RETIRED), [CONTROLLER], DeviceIsRetired),
    (report(stored_wh=CAPACITY_WH + 1), [CONTROLLER], StoredAboveCapacity),
    (report(ROOF, stored_wh=1), [CONTROLLER], StoredAboveCapacity),
    (report(stored_wh=-1), [CONTROLLER], UnknownCommand),
]

DECLARE: list[Row] = [
    (promise(), [CONTROLLER], accepted),
    (promise(wh=0), [CONTROLLER], accepted),
    (promise(begin=NOON + 1), [CONTROLLER], accepted),
    (promise(UNKNOWN), [CONTROLLER], DeviceNotFound),
    (promise(), [ANNA], ControllerHasNotSigned),
    (promise(), [GRID_OPERATOR], ControllerHasNotSigned),
    (promise(RETIRED), [CONTROLLER], DeviceIsRetired),
    (promise(end=BEGIN), [CONTROLLER], IntervalIsEmpty),
    (promise(end=BEGIN - 1), [CONTROLLER], IntervalIsEmpty),
    (promise(begin=NOON), [CONTROLLER], IntervalHasBegun),
    (promise(begin=NOON - 1), [CONTROLLER], IntervalHasBegun),
]

OUTAGE: list[Row] = [
    (outage(), [GRID_OPERATOR], accepted),
    (outage(None), [GRID_OPERATOR], accepted),
    (outage(begin=NOON - 900), [GRID_OPERATOR], accepted),
    (outage(begin=NOON - 900, end=NOON + 1), [GRID_OPERATOR], accepted),
    (outage(maintenance=True), [GRID_OPERATOR], accepted),
    (outage(maintenance=True), [ANNA], accepted),
    (outage(UNKNOWN), [GRID_OPERATOR], DeviceNotFound),
    (outage(), [ANNA], SignerIsNotGridOperator),
    (outage(), [CONTROLLER], SignerIsNotGridOperator),
    (outage(), [OTHER_OPERATOR], SignerIsNotGridOperator),
    (outage(None, maintenance=True), [ANNA], SignerIsNotGridOperator),
    (outage(maintenance=True), [CONTROLLER], SignerIsNotGridOperator),
    (outage(RETIRED), [GRID_OPERATOR], DeviceIsRetired),
    (outage(sector=OTHER_SECTOR), [OTHER_OPERATOR], SectorsDiffer),
    (outage(end=BEGIN), [GRID_OPERATOR], IntervalIsEmpty),
    (outage(begin=NOON, maintenance=True), [ANNA], IntervalHasBegun),
    (outage(begin=NOON - 900, end=NOON), [GRID_OPERATOR], OutageIsOver),
]

RETIRE: list[Row] = [
    (Retire(ROOF), [ANNA], accepted),
    (Retire(UNKNOWN), [ANNA], DeviceNotFound),
    (Retire(ROOF), [CONTROLLER], OwnerHasNotSigned),
    (Retire(RETIRED), [ANNA], DeviceIsRetired),
]

TABLES = (REGISTER, REPORT, DECLARE, OUTAGE, RETIRE)


@pytest.mark.parametrize(
    ("command", "signers", "verdict"), [row for table in TABLES for row in table]
)
def test_each_command(command: Record, signers: list[int], verdict: Verdict) -> None:
    """Each is accepted from whom it should be, and refused for its own reason."""
    assert verdict == cast().execute(command, signers=signers)


def oldest_outage_of(trial: Trial) -> int:
    """Return when the outage begins that was declared first of those remembered."""
    found = trial.read(Device, ROOF)
    assert found is not None
    return found.outages[0].begin


def outages_of(trial: Trial) -> int:
    """Return how many outages of the roof are remembered."""
    found = trial.read(Device, ROOF)
    assert found is not None
    return len(found.outages)


@pytest.mark.parametrize("by_owner", [False, True])
def test_an_outage_is_remembered_until_nobody_settles_by_it(*, by_owner: bool) -> None:
    """The list is bounded; what a settlement may still ask for makes no room."""
    trial = cast()
    signer = ANNA if by_owner else GRID_OPERATOR
    for n in range(OUTAGES_MAX):
        begin = NOON + 1 + n
        do(trial, outage(begin=begin, end=begin + 1, maintenance=by_owner), signer)
    forgotten = (NOON + 2 + SETTLED_AFTER_SECONDS_MAX) * 1_000
    for time in (NOW, NOW + OUTAGES_MAX * 1_000, forgotten - 1):
        trial.move_to(time)
        later = time // 1_000 + 900
        more = outage(begin=later, end=later + 1, maintenance=by_owner)
        assert TooManyOutages == trial.execute(more, signers=[signer])
    assert NOON + 1 == oldest_outage_of(trial)
    trial.move_to(forgotten)
    do(trial, replace(more, begin=more.begin + 1, end=more.end + 1), signer)
    assert OUTAGES_MAX == outages_of(trial)
    assert NOON + 2 == oldest_outage_of(trial)


def test_a_full_list_of_a_device_does_not_fill_its_sectors() -> None:
    """Whoever announces much maintenance keeps nobody else's outages out."""
    trial = cast()
    for n in range(OUTAGES_MAX):
        do(trial, outage(begin=BEGIN + n, end=BEGIN + n + 1, maintenance=True), ANNA)
    do(trial, outage(None), GRID_OPERATOR)


def test_the_last_word_counts() -> None:
    """A controller may change its mind until the interval begins."""
    trial = cast()
    for wh in (500, 300):
        do(trial, promise(wh=wh), CONTROLLER)
    found = trial.read(Availability, availability_id(ROOF, BEGIN))
    assert Availability(ROOF, BEGIN, END, 300, NOW) == found
    trial.move_to(BEGIN * 1_000)
    assert IntervalHasBegun == trial.execute(promise(wh=0), signers=[CONTROLLER])
    for stored_wh in (7, 9):
        do(trial, report(stored_wh=stored_wh), CONTROLLER)
    expected = DeviceState(on=True, connected=True, stored_wh=9, reported_at=BEGIN * 1_000)
    assert expected == trial.read(DeviceState, BATTERY)


@pytest.mark.parametrize("whole_sector", [False, True])
def test_outages_touch_what_overlaps(*, whole_sector: bool) -> None:
    """The device's own, and its sector's; ends and begins that meet do not overlap."""
    trial = cast()
    do(trial, outage(None if whole_sector else ROOF), GRID_OPERATOR)
    roof, battery = trial.read(Device, ROOF), trial.read(Device, BATTERY)
    assert roof is not None
    assert battery is not None
    touched = [
        in_outage(trial, roof, begin, begin + QUARTER)
        for begin in (BEGIN - QUARTER, BEGIN - 1, BEGIN, END - 1, END)
    ]
    assert [False, True, True, True, False] == touched
    assert whole_sector == in_outage(trial, battery, BEGIN, END)
    assert SECTOR == roof.sector


CODES = {
    "DeviceNotFound": 701,
    "OwnerHasNotSigned": 710,
    "ControllerHasNotSigned": 711,
    "SignerIsNotGridOperator": 712,
    "DeviceIsRetired": 720,
    "SectorsDiffer": 721,
    "StoredAboveCapacity": 730,
    "IntervalIsEmpty": 731,
    "IntervalHasBegun": 732,
    "OutageIsOver": 733,
    "TooManyOutages": 734,
}
"""Part of consensus: a code is never given to another reason."""


def test_codes_are_as_published() -> None:
    """The contract lists every rejection once, lowest code first, and every one occurs."""
    listed = {kind.__name__: kind.code for kind in errors.REJECTIONS}
    assert list(CODES.items()) == list(listed.items())
    verdicts = {verdict for table in TABLES for _, _, verdict in table} | {TooManyOutages}
    assert set(errors.REJECTIONS) == verdicts - {accepted, UnknownCommand}


def test_rules_check_in_order_of_precedence() -> None:
    """In each rule, what is raised first has the lower code."""
    tree = ast.parse((Path(str(device.__file__)).parent / "rules.py").read_text())
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            raised = [
                node.exc.func.id
                for node in ast.walk(function)
                if isinstance(node, ast.Raise)
                and isinstance(node.exc, ast.Call)
                and isinstance(node.exc.func, ast.Name)
            ]
            codes = [CODES[name] for name in raised]
            assert all(before <= after for before, after in pairwise(codes)), function.name
