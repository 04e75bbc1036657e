"""Applications, decisions and baselines: each as a table."""

from typing import Any

import pytest

from tallystick.base.amounts import AMOUNT_MAX
from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts.allowance.commands import CloseAccount, Decide, SetBaseline
from tallystick.contracts.allowance.errors import (
    AccountIsClosed,
    AccountIsNotCompliance,
    AccountNotFound,
    AccountServesUnit,
    AlreadyDecided,
    AmountTooLarge,
    BaselineFixed,
    BaselineNeedsReason,
    BaselineTooFarOff,
    ConditionUnknown,
    DeadlineHasPassed,
    MeterHasNotSigned,
    MeterTaken,
    PayerHasNotSigned,
    PeriodBeforeUnit,
    PeriodUnknown,
    ProgrammeNotFound,
    SignerIsNotDirector,
    SignerIsNotOwner,
    UnitNotAdmitted,
    UnitNotFound,
    UnitTypeUnknown,
    ZoneUnknown,
)
from tallystick.contracts.allowance.formula import Facts
from tallystick.contracts.allowance.model import (
    AccountKind,
    Baseline,
    MeterBinding,
    UnitStatus,
    account_id,
    baseline_id,
    meter_id,
)
from tallystick.core.errors import UnknownCommand
from tallystick.testing.factories import STRANGER
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, Verdict, accepted
from tests.contracts.allowance.cases import (
    COLLECTOR,
    DIRECTOR,
    FACTS,
    FEES,
    FRESH,
    GENERATOR,
    METER,
    NORTH,
    OPERATOR,
    OTHER_GENERATOR,
    OTHER_METER,
    OTHER_PLANT,
    PAYER,
    PLANT,
    PROGRAMME,
    SOUTH,
    SOUTHERN_DIRECTOR,
    TRADER,
    UNIT,
    UNKNOWN,
    account,
    account_of,
    admitted,
    applied,
    applying,
    do,
    market,
    money,
    opened,
    pass_deadline,
    terms,
    unit_of,
)

COMPLIANCE = AccountKind.COMPLIANCE
CLOSED = 35
OWN = {"emission": (OTHER_METER,), "production": (OTHER_GENERATOR,)}
SIGNERS = [OTHER_PLANT, OTHER_METER, OTHER_GENERATOR]
WAITING = [PLANT, METER, GENERATOR]


def own(owner: int = OTHER_PLANT, **changed: Any) -> Record:
    """Return the application of a unit with meters of its own."""
    given: dict[str, Any] = {**OWN, **changed}
    return applying(given.pop("programme", PROGRAMME), owner, **given)


APPLICATIONS: list[tuple[Record, list[int], Verdict]] = [
    (own(), SIGNERS, accepted),
    (own(facts=Facts(900, "gas", "1012 AB", ("peaking", "catalyst"))), SIGNERS, accepted),
    (own(programme=UNKNOWN), SIGNERS, ProgrammeNotFound),
    (own(zone="east"), SIGNERS, ZoneUnknown),
    (own(FRESH), [FRESH, OTHER_METER, OTHER_GENERATOR], AccountNotFound),
    (own(zone=SOUTH), SIGNERS, AccountNotFound),
    (own(), [STRANGER, OTHER_METER, OTHER_GENERATOR], SignerIsNotOwner),
    (own(), [OTHER_PLANT, OTHER_GENERATOR], MeterHasNotSigned),
    (own(), [OTHER_PLANT, OTHER_METER], MeterHasNotSigned),
    (own(CLOSED), [CLOSED, OTHER_METER, OTHER_GENERATOR], AccountIsClosed),
    (own(TRADER), [TRADER, OTHER_METER, OTHER_GENERATOR], AccountIsNotCompliance),
    (own(PLANT), [PLANT, OTHER_METER, OTHER_GENERATOR], AccountServesUnit),
    (own(facts=Facts(50, "wind", "2000")), SIGNERS, UnitTypeUnknown),
    (own(facts=Facts(50, "coal", "2000", ("wet",))), SIGNERS, ConditionUnknown),
    (own(facts=Facts(50, "coal", "2000", ("peaking", "peaking"))), SIGNERS, ConditionUnknown),
    (own(emission=(METER,)), [*SIGNERS, METER], MeterTaken),
    (own(emission=(GENERATOR,)), [*SIGNERS, GENERATOR], MeterTaken),
    (own(emission=(OTHER_METER, OTHER_METER)), SIGNERS, MeterTaken),
    (own(production=(OTHER_METER,)), SIGNERS, MeterTaken),
    (own(emission=()), SIGNERS, UnknownCommand),
    (own(facts=Facts(0, "coal", "2000")), SIGNERS, UnknownCommand),
]


def deciding(
    unit: RecordId = UNIT, *, admit: bool = True, period: int = 0, reason: str = "sound"
) -> Decide:
    """Return a decision."""
    return Decide(unit, admitted=admit, first_period=period, reason=reason)


PLACES: list[tuple[Record, list[int], str]] = [
    (own(), [OTHER_PLANT, OTHER_GENERATOR], "emission_keys[0]"),
    (own(), [OTHER_PLANT, OTHER_METER], "production_keys[0]"),
    (own(emission=(OTHER_METER, OTHER_METER)), SIGNERS, "emission_keys[1]"),
    (own(emission=(OTHER_METER, METER)), [*SIGNERS, METER], "emission_keys[1]"),
    (own(production=(OTHER_GENERATOR, OTHER_METER)), SIGNERS, "production_keys[1]"),
    (own(facts=Facts(50, "coal", "2000", ("peaking", "wet"))), SIGNERS, "facts.conditions[1]"),
    (own(facts=Facts(50, "coal", "2000", ("peaking",) * 2)), SIGNERS, "facts.conditions[1]"),
]
"""What is refused of an application with several meters or conditions, and where it stands."""


DECISIONS: list[tuple[Record, int, Verdict]] = [
    (deciding(), DIRECTOR, accepted),
    (deciding(period=2), DIRECTOR, accepted),
    (deciding(admit=False), DIRECTOR, accepted),
    (deciding(UNKNOWN), DIRECTOR, UnitNotFound),
    (deciding(period=3), DIRECTOR, PeriodUnknown),
    (deciding(), STRANGER, SignerIsNotDirector),
    (deciding(), OPERATOR, SignerIsNotDirector),
    (deciding(), SOUTHERN_DIRECTOR, SignerIsNotDirector),
    (deciding(), PLANT, SignerIsNotDirector),
    (deciding(period=64), DIRECTOR, UnknownCommand),
]


def baseline(
    unit: RecordId = UNIT,
    *,
    period: int = 1,
    rate: int = 2_000,
    expected_mwh: int = 100,
    reason: str = "",
) -> SetBaseline:
    """Return a baseline that is the formula's."""
    return SetBaseline(unit, period, rate, expected_mwh, reason)


BASELINES: list[tuple[Record, int, Verdict]] = [
    (baseline(), DIRECTOR, accepted),
    (baseline(reason="as the formula says"), DIRECTOR, accepted),
    (baseline(rate=1_800, reason="old boiler"), DIRECTOR, accepted),
    (baseline(rate=2_200, reason="old boiler"), DIRECTOR, accepted),
    (baseline(UNKNOWN), DIRECTOR, UnitNotFound),
    (baseline(period=3), DIRECTOR, PeriodUnknown),
    (baseline(), STRANGER, SignerIsNotDirector),
    (baseline(), OPERATOR, SignerIsNotDirector),
    (baseline(), SOUTHERN_DIRECTOR, SignerIsNotDirector),
    (baseline(period=0), DIRECTOR, BaselineFixed),
    (baseline(rate=1_999), DIRECTOR, BaselineNeedsReason),
    (baseline(rate=1_799, reason="old boiler"), DIRECTOR, BaselineTooFarOff),
    (baseline(rate=2_201, reason="old boiler"), DIRECTOR, BaselineTooFarOff),
    (baseline(expected_mwh=AMOUNT_MAX), DIRECTOR, AmountTooLarge),
    (baseline(expected_mwh=AMOUNT_MAX + 1), DIRECTOR, UnknownCommand),
]


def applicants() -> Trial:
    """Return a market with accounts for other units."""
    trial, programme, _ = market()
    for owner in (OTHER_PLANT, CLOSED):
        account(trial, programme, owner, COMPLIANCE)
    id = account_id(programme=programme, zone=NORTH, key=key(CLOSED))
    do(trial, CloseAccount(id), OPERATOR)
    return trial


@pytest.mark.parametrize(("command", "signers", "verdict"), APPLICATIONS)
def test_apply(command: Record, signers: list[int], verdict: Verdict) -> None:
    """A unit applies with a free compliance account and meters that agree."""
    assert verdict == applicants().execute(command, signers=signers)


@pytest.mark.parametrize(("command", "signers", "place"), PLACES)
def test_places_in_an_application(command: Record, signers: list[int], place: str) -> None:
    """Of several meters and conditions, the one at fault is named."""
    trial = applicants()
    assert trial.execute(command, signers=signers) in {
        MeterHasNotSigned,
        MeterTaken,
        ConditionUnknown,
    }
    assert place == trial.message.partition(": ")[0]


@pytest.mark.parametrize(("command", "signer", "verdict"), DECISIONS)
def test_decide(command: Record, signer: int, verdict: Verdict) -> None:
    """The zone's Director decides."""
    trial, programme = opened()
    # In a market the fourth transaction applies, and so it has to be here.
    account(trial, programme, FRESH)
    assert UNIT == applied(trial, programme)
    assert verdict == trial.execute(command, signers=[signer])


@pytest.mark.parametrize(("command", "signer", "verdict"), BASELINES)
def test_set_baseline(command: Record, signer: int, verdict: Verdict) -> None:
    """The Director sets the formula's rate, or one near to it for a reason."""
    trial, _, _ = market()
    assert verdict == trial.execute(command, signers=[signer])


def test_application_fee() -> None:
    """The application fee goes to the collector, and has to be paid by somebody."""
    trial, programme, _ = market(terms(fees=FEES))
    account(trial, programme, OTHER_PLANT, COMPLIANCE)
    before = money(trial, COLLECTOR)
    assert PayerHasNotSigned == trial.execute(own(), signers=SIGNERS)
    do(trial, own(payer=PAYER), *SIGNERS, PAYER)
    assert before + FEES.application == money(trial, COLLECTOR)


def test_decided_once() -> None:
    """A decision stands, whatever it is."""
    trial, programme = opened()
    unit = admitted(trial, programme)
    for admit in (True, False):
        again = deciding(unit, admit=admit)
        assert AlreadyDecided == trial.execute(again, signers=[DIRECTOR])


def test_refused() -> None:
    """A refused unit leaves its account and its meters to another application."""
    trial, programme = opened()
    unit = applied(trial, programme)
    do(trial, deciding(unit, admit=False), DIRECTOR)
    assert UnitStatus.REFUSED is unit_of(trial, unit).status
    assert account_of(trial, programme, PLANT).unit is None
    assert trial.read(MeterBinding, meter_id(programme=programme, key=key(METER))) is None
    assert UnitNotAdmitted == trial.execute(baseline(unit), signers=[DIRECTOR])
    do(trial, applying(programme), *WAITING)


def test_not_for_the_past() -> None:
    """Nobody is admitted to, or gets a baseline for, a period whose deadline has passed."""
    trial, programme = opened()
    unit = applied(trial, programme)
    pass_deadline(trial, 0)
    assert DeadlineHasPassed == trial.execute(deciding(unit), signers=[DIRECTOR])
    do(trial, deciding(unit, period=2), DIRECTOR)
    early = baseline(unit, period=1)
    assert PeriodBeforeUnit == trial.execute(early, signers=[DIRECTOR])
    pass_deadline(trial, 2)
    late = baseline(unit, period=2)
    assert DeadlineHasPassed == trial.execute(late, signers=[DIRECTOR])


def test_what_a_unit_says() -> None:
    """It says what its baseline follows from and which account it uses, and names nobody."""
    trial, programme = opened()
    unit = applied(trial, programme)
    found = unit_of(trial, unit)
    assert (FACTS, UnitStatus.APPLIED, key(PLANT)) == (found.facts, found.status, found.account)
    assert unit == account_of(trial, programme, PLANT).unit
    binding = trial.read(MeterBinding, meter_id(programme=programme, key=key(METER)))
    assert MeterBinding(unit) == binding


def test_what_a_baseline_says() -> None:
    """It says the rate, the formula's, and why they differ."""
    trial, _, unit = market()
    do(trial, baseline(rate=1_900, reason="old boiler"), DIRECTOR)
    expected = Baseline(unit, 1, 1_900, 2_000, 100, "old boiler", trial.time)
    assert expected == trial.read(Baseline, baseline_id(unit=unit, period=1))
    do(trial, baseline(rate=2_000), DIRECTOR)
    changed = trial.read(Baseline, baseline_id(unit=unit, period=1))
    assert changed is not None
    assert 2_000 == changed.rate_g_per_mwh
