"""Programmes, holders and certified records: each command as a table."""

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import Record, encode
from tallystick.base.identifiers import RecordId
from tallystick.contracts.allowance.commands import CertifyRecord, OpenProgramme, RegisterHolder
from tallystick.contracts.allowance.errors import (
    CoefficientsNotInOrder,
    CollectorIsNoOwner,
    MoneyNotNamed,
    PeriodsNotInOrder,
    ProgrammeNotFound,
    RecordNotFound,
    SignerIsNotDirector,
    SignerIsNotOperator,
    ZoneNamedTwice,
    ZoneUnknown,
)
from tallystick.contracts.allowance.formula import (
    ConditionFactor,
    PostcodeFactor,
    SizeFactor,
    TypeRate,
)
from tallystick.contracts.allowance.model import (
    CertifiedRecord,
    Fees,
    Holder,
    Penalty,
    PeriodTimes,
    Programme,
    Terms,
    record_digest,
)
from tallystick.core.errors import UnknownCommand
from tallystick.testing.factories import STRANGER, identity_of
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.allowance.cases import (
    BUYER,
    DIRECTOR,
    FORMULA,
    NORTH,
    OPERATOR,
    PERIODS,
    PROGRAMME,
    SOUTH,
    SOUTHERN_DIRECTOR,
    SOUTHERN_OPERATOR,
    TERMS,
    UNIT,
    UNKNOWN,
    audit,
    certify,
    do,
    founded,
    market,
    measured,
    opened,
    register,
    terms,
    unit_of,
)

FIRST, SECOND, THIRD = PERIODS


def factors(**changed: object) -> Terms:
    """Return terms with another formula."""
    return terms(formula=replace(FORMULA, **changed))


def spaced(*periods: PeriodTimes) -> Terms:
    """Return terms with other periods."""
    return terms(periods=periods)


PROGRAMMES: list[tuple[Terms, list[int], Verdict]] = [
    (TERMS, [DIRECTOR], accepted),
    (terms(zones=(SOUTH,)), [SOUTHERN_DIRECTOR], accepted),
    (terms(money=None, collector=None, penalty=Penalty()), [DIRECTOR], accepted),
    (spaced(FIRST, THIRD), [DIRECTOR], accepted),
    (spaced(replace(FIRST, deadline=FIRST.end)), [DIRECTOR], accepted),
    (TERMS, [STRANGER], SignerIsNotDirector),
    (TERMS, [OPERATOR], SignerIsNotDirector),
    (TERMS, [SOUTHERN_DIRECTOR], SignerIsNotDirector),
    (terms(zones=(NORTH, NORTH)), [STRANGER], SignerIsNotDirector),
    (terms(zones=(NORTH, NORTH)), [DIRECTOR], ZoneNamedTwice),
    (spaced(SECOND, FIRST), [DIRECTOR], PeriodsNotInOrder),
    (spaced(FIRST, FIRST), [DIRECTOR], PeriodsNotInOrder),
    (spaced(replace(FIRST, end=FIRST.begin)), [DIRECTOR], PeriodsNotInOrder),
    (spaced(replace(FIRST, deadline=FIRST.end - 1)), [DIRECTOR], PeriodsNotInOrder),
    (spaced(replace(FIRST, deadline=SECOND.deadline), SECOND), [DIRECTOR], PeriodsNotInOrder),
    (factors(types=(*FORMULA.types, TypeRate("gas", 1))), [DIRECTOR], CoefficientsNotInOrder),
    (
        factors(sizes=(SizeFactor(9, 1), SizeFactor(9, 2))),
        [DIRECTOR],
        CoefficientsNotInOrder,
    ),
    (
        factors(postcodes=(PostcodeFactor("1", 1), PostcodeFactor("1", 2))),
        [DIRECTOR],
        CoefficientsNotInOrder,
    ),
    (
        factors(conditions=(ConditionFactor("wet", 1), ConditionFactor("wet", 1))),
        [DIRECTOR],
        CoefficientsNotInOrder,
    ),
    (terms(money=None), [DIRECTOR], MoneyNotNamed),
    (terms(collector=None), [DIRECTOR], MoneyNotNamed),
    (terms(collector=b"\x05" * 33), [DIRECTOR], CollectorIsNoOwner),
    (terms(collector=b"\x02" + bytes(32)), [DIRECTOR], CollectorIsNoOwner),
    (
        terms(collector=None, penalty=Penalty(), fees=Fees(transfer=1)),
        [DIRECTOR],
        MoneyNotNamed,
    ),
    (terms(unit_grams=0), [DIRECTOR], UnknownCommand),
    (terms(zones=()), [DIRECTOR], UnknownCommand),
    (terms(zones=("*",)), [DIRECTOR], UnknownCommand),
    (terms(periods=()), [DIRECTOR], UnknownCommand),
    (terms(banking_ppm=1_000_001), [DIRECTOR], UnknownCommand),
]

HOLDERS: list[tuple[RegisterHolder, list[int], Verdict]] = [
    (RegisterHolder(PROGRAMME, NORTH, "Acme Power"), [OPERATOR], accepted),
    (RegisterHolder(PROGRAMME, SOUTH, "Acme Power"), [SOUTHERN_OPERATOR], accepted),
    (RegisterHolder(UNKNOWN, NORTH, "Acme Power"), [OPERATOR], ProgrammeNotFound),
    (RegisterHolder(PROGRAMME, "east", "Acme Power"), [OPERATOR], ZoneUnknown),
    (RegisterHolder(PROGRAMME, NORTH, "Acme Power"), [STRANGER], SignerIsNotOperator),
    (RegisterHolder(PROGRAMME, SOUTH, "Acme Power"), [OPERATOR], SignerIsNotOperator),
    (RegisterHolder(PROGRAMME, NORTH, "Acme Power"), [DIRECTOR], SignerIsNotOperator),
    (RegisterHolder(PROGRAMME, NORTH, ""), [OPERATOR], UnknownCommand),
]


def certifying(
    subject: RecordId = UNIT, *, programme: RecordId = PROGRAMME, zone: str = NORTH
) -> CertifyRecord:
    """Return a request for a certificate."""
    return CertifyRecord(programme, zone, subject, "for the court")


CERTIFICATES: list[tuple[CertifyRecord, list[int], Verdict]] = [
    (certifying(), [DIRECTOR, OPERATOR], accepted),
    (certifying(PROGRAMME), [DIRECTOR, OPERATOR], accepted),
    (certifying(zone=SOUTH), [SOUTHERN_DIRECTOR, SOUTHERN_OPERATOR], accepted),
    (certifying(programme=UNKNOWN), [DIRECTOR, OPERATOR], ProgrammeNotFound),
    (certifying(zone="east"), [DIRECTOR, OPERATOR], ZoneUnknown),
    (certifying(UNKNOWN), [DIRECTOR, OPERATOR], RecordNotFound),
    (certifying(), [OPERATOR], SignerIsNotDirector),
    (certifying(), [STRANGER], SignerIsNotDirector),
    (certifying(), [SOUTHERN_DIRECTOR, OPERATOR], SignerIsNotDirector),
    (certifying(), [DIRECTOR], SignerIsNotOperator),
    (certifying(), [DIRECTOR, SOUTHERN_OPERATOR], SignerIsNotOperator),
    (certifying(), [DIRECTOR, BUYER], SignerIsNotOperator),
]


@pytest.mark.parametrize(("given", "signers", "verdict"), PROGRAMMES)
def test_open_programme(given: Terms, signers: list[int], verdict: Verdict) -> None:
    """The Director of each zone opens a programme, under terms that make sense."""
    assert verdict == founded().execute(OpenProgramme(given), signers=signers)


@pytest.mark.parametrize(("command", "signers", "verdict"), HOLDERS)
def test_register_holder(command: Record, signers: list[int], verdict: Verdict) -> None:
    """The zone's operator keeps the list of holders."""
    trial, _ = opened()
    assert verdict == trial.execute(command, signers=signers)


@pytest.mark.parametrize(("command", "signers", "verdict"), CERTIFICATES)
def test_certify_record(command: Record, signers: list[int], verdict: Verdict) -> None:
    """The Director asks, and the operator certifies: both sign."""
    trial, _, _ = market()
    assert verdict == trial.execute(command, signers=signers)


def test_what_a_programme_says() -> None:
    """The terms stand as they were stated."""
    trial, programme = opened()
    assert Programme(TERMS, trial.time) == trial.read(Programme, programme)


def test_what_a_holder_says() -> None:
    """A holder is a name in a zone, and no key."""
    trial, programme = opened()
    holder = register(trial, programme, "Acme Power")
    assert Holder(programme, NORTH, "Acme Power", trial.time) == trial.read(Holder, holder)


def test_what_a_certificate_says() -> None:
    """It holds the digest of what stood there, and who asked and signed."""
    trial, programme, unit = market()
    certificate = certify(trial, programme, unit)
    expected = CertifiedRecord(
        programme=programme,
        zone=NORTH,
        subject=unit,
        digest=record_digest(encode(unit_of(trial, unit))),
        reason="audit",
        requested_by=identity_of(trial, DIRECTOR),
        certified_by=identity_of(trial, OPERATOR),
        certified_at=trial.time,
    )
    assert expected == trial.read(CertifiedRecord, certificate)
    assert [] == audit(trial)


def test_a_measurement_can_be_certified() -> None:
    """Evidence from other contracts is certified as well, and so is a certificate."""
    trial, programme, _ = market()
    certificate = certify(trial, programme, measured(trial, 1_000))
    assert certificate != certify(trial, programme, certificate)


def test_later_changes_show() -> None:
    """A record that changed since has another digest."""
    trial, programme, unit = market()
    before = trial.read(CertifiedRecord, certify(trial, programme, unit))
    do(trial, certifying(PROGRAMME), DIRECTOR, OPERATOR)
    same = trial.read(CertifiedRecord, certify(trial, programme, unit))
    trial.plant(unit, replace(unit_of(trial, unit), debt=1))
    changed = trial.read(CertifiedRecord, certify(trial, programme, unit))
    assert before is not None
    assert same is not None
    assert changed is not None
    assert before.digest == same.digest
    assert before.digest != changed.digest
