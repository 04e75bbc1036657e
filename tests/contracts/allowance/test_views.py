"""What is asked is answered, and what is not there is refused."""

import pytest

from tallystick.base.encoding import Record
from tallystick.contracts import allowance
from tallystick.contracts.allowance.commands import SetBaseline
from tallystick.contracts.allowance.errors import (
    AccountNotFound,
    BaselineNotSet,
    HoldingNotFound,
    PeriodUnknown,
    ProgrammeNotFound,
    RecordNotFound,
    UnitNotFound,
    ZoneUnknown,
)
from tallystick.contracts.allowance.model import (
    AccountKind,
    Block,
    CertifiedRecord,
    UnitStatus,
    account_id,
    vintage_id,
)
from tallystick.contracts.allowance.views import (
    CONFIDENTIAL,
    AccountView,
    BaselineView,
    Forecast,
    ForecastView,
    HoldingView,
    ObligationView,
    ProgrammeView,
    ShowAccount,
    ShowBaseline,
    ShowCertified,
    ShowHolding,
    ShowObligation,
    ShowProgramme,
    ShowUnit,
    ShowVintage,
    UnitView,
    VintageView,
    kilograms,
)
from tallystick.testing.keys import key
from tests.contracts.allowance.cases import (
    BUYER,
    DIRECTOR,
    FACTS,
    FRESH,
    KG,
    MWH,
    NORTH,
    PLANT,
    PROGRAMME,
    TERMS,
    TRADER,
    UNIT,
    UNKNOWN,
    account_of,
    certify,
    close,
    do,
    emit,
    market,
    place,
    produce,
    surrender,
    transfer,
)

ABSENT: list[tuple[Record, type[Exception]]] = [
    (ShowProgramme(UNKNOWN), ProgrammeNotFound),
    (ShowUnit(UNKNOWN), UnitNotFound),
    (ShowObligation(UNKNOWN, 0), UnitNotFound),
    (ShowObligation(UNIT, 3), PeriodUnknown),
    (ShowVintage(UNKNOWN, NORTH, 0), ProgrammeNotFound),
    (ShowVintage(PROGRAMME, "nowhere", 0), ZoneUnknown),
    (ShowVintage(PROGRAMME, NORTH, 3), PeriodUnknown),
    (Forecast(UNKNOWN, 0), UnitNotFound),
    (Forecast(UNIT, 3), RecordNotFound),
    (ShowBaseline(UNIT, 1), BaselineNotSet),
    (ShowAccount(PROGRAMME, NORTH, key(FRESH)), AccountNotFound),
    (ShowHolding(PROGRAMME, NORTH, 0, key(TRADER)), HoldingNotFound),
    (ShowCertified(UNKNOWN), RecordNotFound),
]


@pytest.mark.parametrize(("question", "expected"), ABSENT)
def test_absent(question: Record, expected: type[Exception]) -> None:
    """Asking for what is not there is refused as a rule would."""
    trial, _, _ = market()
    with pytest.raises(expected):
        trial.ask(question)


def test_public_views() -> None:
    """Terms, units, baselines and totals are shown to anybody, and name no key."""
    trial, programme, unit = market()
    opened_at = trial.state.time
    found = trial.ask(ShowProgramme(programme))
    assert isinstance(found, ProgrammeView)
    assert TERMS == found.terms
    assert opened_at < found.opened_at
    expected = UnitView(unit, programme, NORTH, FACTS, UnitStatus.ADMITTED, 0)
    assert expected == trial.ask(ShowUnit(unit))
    baseline = BaselineView(unit, 0, 2_000, "2", 2_000, 100, "")
    assert baseline == trial.ask(ShowBaseline(unit, 0))
    surrender(trial, unit, 20)
    id = vintage_id(programme=programme, zone=NORTH, period=0)
    vintage = VintageView(id, 200, 180, 20, 0, 0)
    assert vintage == trial.ask(ShowVintage(programme, NORTH, 0))
    empty = trial.ask(ShowVintage(programme, NORTH, 1))
    assert isinstance(empty, VintageView)
    assert (0, 0) == (empty.issued, empty.held)


def test_confidential_views() -> None:
    """Accounts, holdings and obligations are shown to those who may ask."""
    trial, programme, unit = market()
    emit(trial, unit, 60)
    produce(trial, unit, 90, at=1)
    transfer(trial, programme, PLANT, TRADER, 50)
    surrender(trial, unit, 20)
    id = account_id(programme=programme, zone=NORTH, key=key(PLANT))
    sealed = account_of(trial, programme, PLANT).commitment
    account = AccountView(id, AccountKind.COMPLIANCE, sealed, unit, 0)
    assert account == trial.ask(ShowAccount(programme, NORTH, key(PLANT)))
    holding = HoldingView(place(programme, TRADER), 50, (Block(1, 50),), 0)
    assert holding == trial.ask(ShowHolding(programme, NORTH, 0, key(TRADER)))
    obligation = ObligationView(
        unit=unit,
        period=0,
        emitted_g=60 * KG,
        carried_g=0,
        produced_wh=90 * MWH,
        due=60,
        granted=200,
        deduction=0,
        surrendered=20,
        missing=0,
        debt=0,
        closed_at=0,
    )
    assert obligation == trial.ask(ShowObligation(unit, 0))
    assert {ShowAccount, ShowHolding, ShowObligation, Forecast} == set(CONFIDENTIAL)
    assert set(CONFIDENTIAL) < set(allowance.CONTRACT.views)


def test_certified_view() -> None:
    """A certificate is shown as it is."""
    trial, programme, unit = market()
    found = trial.ask(ShowCertified(certify(trial, programme, unit)))
    assert isinstance(found, CertifiedRecord)
    assert unit == found.subject


@pytest.mark.parametrize(
    ("kilograms_emitted", "at", "sold", "expected_g", "needed", "shortfall"),
    [
        (10, 0, 0, 160 * KG, 160, 0),
        (10, 0, 100, 160 * KG, 160, 60),
        (10, 3, 0, 40 * KG, 40, 0),
        (60, 3, 100, 240 * KG, 240, 140),
        (7, 2, 190, 37_334, 38, 28),
        (7, 15, 193, 7 * KG, 7, 0),
    ],
)
def test_forecast(
    kilograms_emitted: int, at: int, sold: int, expected_g: int, needed: int, shortfall: int
) -> None:
    """Emissions go on as they were measured so far, and what is held covers them."""
    trial, programme, unit = market()
    if sold:
        transfer(trial, programme, PLANT, BUYER, sold)
    emit(trial, unit, kilograms_emitted, at=at)
    expected = ForecastView(
        unit=unit,
        period=0,
        emitted_g=kilograms_emitted * KG,
        expected_g=expected_g,
        needed=needed,
        covered=200 - sold,
        shortfall=shortfall,
    )
    assert expected == trial.ask(Forecast(unit, 0))


def test_forecast_without_measurements() -> None:
    """Nothing measured, nothing foreseen; what was carried over from a closed period counts."""
    trial, _, unit = market()
    empty = trial.ask(Forecast(unit, 0))
    assert isinstance(empty, ForecastView)
    assert (0, 0, 200) == (empty.expected_g, empty.shortfall, empty.covered)
    close(trial, unit)
    emit(trial, unit, 3, at=1)
    later = trial.ask(Forecast(unit, 1))
    assert isinstance(later, ForecastView)
    assert (3 * KG, 3) == (later.expected_g, later.shortfall)


@pytest.mark.parametrize(
    ("grams", "text"),
    [(0, "0"), (1, "0.001"), (1_000, "1"), (1_500, "1.5"), (2_040, "2.04"), (12_000, "12")],
)
def test_kilograms(grams: int, text: str) -> None:
    """Rates are shown as the regulation writes them, exactly."""
    assert text == kilograms(grams)


def test_baseline_in_kilograms() -> None:
    """A baseline says both, and the reason for departing from the formula."""
    trial, _, unit = market()
    do(trial, SetBaseline(unit, 1, 1_950, 80, "new burner"), DIRECTOR)
    expected = BaselineView(unit, 1, 1_950, "1.95", 2_000, 80, "new burner")
    assert expected == trial.ask(ShowBaseline(unit, 1))
