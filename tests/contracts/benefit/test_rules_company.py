"""Who admits and removes companies, sets rates, and nets a month."""

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import LedgerId, PublicKey
from tallystick.contracts.benefit.commands import (
    AdmitCompany,
    Create,
    List,
    Net,
    RemoveCompany,
    SetRate,
)
from tallystick.contracts.benefit.errors import (
    ClearingKeyIsNoKey,
    CompanyIsRemoved,
    CompanyNameIsTaken,
    CompanyNotFound,
    MonthIsNetted,
    MonthIsNotOver,
    NothingToNet,
    SignerIsNotCompanyAdministrator,
    SignerIsNotSystemAdministrator,
    TooManyCompanies,
)
from tallystick.contracts.benefit.events import RateSet
from tallystick.contracts.benefit.model import (
    COMPANIES_MAX,
    MONTH_MAX,
    Company,
    Marketplace,
    NetPosition,
    Rate,
    RateChange,
    Removal,
    Treatment,
    company_id,
    marketplace_id,
)
from tallystick.contracts.benefit.model_buyers import ClearingAccount, clearing_id
from tallystick.contracts.benefit.model_debts import Netting, netting_id
from tallystick.contracts.benefit.months import month_end
from tallystick.contracts.benefit.standing import rate_at
from tallystick.contracts.identity.errors import LedgerNotRecognised
from tallystick.core.errors import UnknownCommand
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.benefit.cases import (
    ADMIN_A,
    ADMIN_B,
    AMOS,
    ANNA,
    BELLA,
    BEN,
    CLEARING_A,
    DAY,
    ELSEWHERE,
    LISTED,
    MONTH,
    NOW,
    OFFERED,
    OFFERED_B,
    OWNED_B,
    REGISTRAR,
    STRANGER,
    SYSTEM,
    UNITS,
    A,
    B,
    C,
    admitting,
    bought,
    cast,
    creating,
    do,
    found,
    marketplace,
)

Row = tuple[Record, list[int], Verdict]
"""A command, the numbers of the keys that sign, and the verdict."""

LEDGER: LedgerId = found().state.ledger


def admission(name: str = "delta", **fields: object) -> AdmitCompany:
    """Return an admission that the system administrator may sign."""
    return replace(admitting(found(), name), **fields)


ADMIT: list[Row] = [
    (admission(), [SYSTEM], accepted),
    (admission(), [REGISTRAR], SignerIsNotSystemAdministrator),
    (admission(), [ADMIN_A], SignerIsNotSystemAdministrator),
    (admission(A), [STRANGER], SignerIsNotSystemAdministrator),
    (admission(A), [SYSTEM], CompanyNameIsTaken),
    (admission(C), [SYSTEM], CompanyNameIsTaken),
    (admission(clearing=PublicKey(bytes(33))), [SYSTEM], ClearingKeyIsNoKey),
    (admission(clearing=PublicKey(b"\x02" + b"\xff" * 32)), [SYSTEM], ClearingKeyIsNoKey),
    (admission(ledger=ELSEWHERE), [SYSTEM], LedgerNotRecognised),
    (admission("*"), [SYSTEM], UnknownCommand),
    (admission(rate=Rate(0, 1)), [SYSTEM], UnknownCommand),
    (admission(rate=Rate(1, 0)), [SYSTEM], UnknownCommand),
]

REMOVE: list[Row] = [
    (RemoveCompany(A), [SYSTEM], accepted),
    (RemoveCompany("delta"), [SYSTEM], CompanyNotFound),
    (RemoveCompany(A), [ADMIN_A], SignerIsNotSystemAdministrator),
    (RemoveCompany(C), [STRANGER], SignerIsNotSystemAdministrator),
    (RemoveCompany(C), [SYSTEM], CompanyIsRemoved),
]

RATE: list[Row] = [
    (SetRate(A, Rate(7, 3)), [ADMIN_A], accepted),
    (SetRate("delta", Rate(7, 3)), [ADMIN_A], CompanyNotFound),
    (SetRate(A, Rate(7, 3)), [ADMIN_B], SignerIsNotCompanyAdministrator),
    (SetRate(A, Rate(7, 3)), [SYSTEM], SignerIsNotCompanyAdministrator),
    (SetRate(A, Rate(7, 3)), [ANNA], SignerIsNotCompanyAdministrator),
    (SetRate(C, Rate(7, 3)), [5], CompanyIsRemoved),
]

NET: list[Row] = [
    (Net(MONTH), [STRANGER], MonthIsNotOver),
    (Net(MONTH + 5), [STRANGER], MonthIsNotOver),
    (Net(MONTH_MAX), [STRANGER], MonthIsNotOver),
    (Net(MONTH_MAX + 1), [STRANGER], UnknownCommand),
    (Net(MONTH - 1), [STRANGER], NothingToNet),
    (Net(-1), [STRANGER], UnknownCommand),
]

OF_TIME: set[Verdict] = {TooManyCompanies, MonthIsNetted}
"""What only tests with a past meet."""

TABLES = (ADMIT, REMOVE, RATE, NET)


@pytest.mark.parametrize(
    ("command", "signers", "verdict"), [row for table in TABLES for row in table]
)
def test_each_command(command: Record, signers: list[int], verdict: Verdict) -> None:
    """Each is accepted from whom it should be, and refused for its own reason."""
    assert verdict == cast().execute(command, signers=signers)


def test_admitted_is_what_was_said() -> None:
    """The record, and the list through which netting goes."""
    trial = marketplace()
    command = admitting(trial, A, UNITS[A])
    expected = Company(
        A, LEDGER, UNITS[A], command.clearing, Rate(1, 2), None, 0, admitted_at=NOW, removal=None
    )
    assert expected == trial.read(Company, company_id(A))
    assert Marketplace(LEDGER, (A, B, C)) == trial.read(Marketplace, marketplace_id())
    account = trial.read(ClearingAccount, clearing_id(command.clearing))
    assert ClearingAccount(A) == account


def test_an_account_of_two_companies() -> None:
    """Is known as the first one's, and is an account either way."""
    trial = marketplace()
    do(trial, replace(admitting(trial, "delta"), clearing=key(CLEARING_A)), SYSTEM)
    assert ClearingAccount(A) == trial.read(ClearingAccount, clearing_id(key(CLEARING_A)))


def test_a_rate_holds_after_its_notice() -> None:
    """To the millisecond, and with whatever held before until then; what was due is replaced."""
    trial = marketplace()
    begin = trial.time
    do(trial, SetRate(A, Rate(7, 3)), ADMIN_A)
    found = trial.read(Company, company_id(A))
    assert found is not None
    assert [Rate(1, 2), Rate(1, 2), Rate(7, 3)] == [
        rate_at(found, time) for time in (begin, begin + DAY - 1, begin + DAY)
    ]
    trial.move_to(begin + DAY - 1)
    (event,) = do(trial, SetRate(A, Rate(9, 1)), ADMIN_A)
    assert RateSet(A, Rate(1, 2), Rate(9, 1), trial.time + DAY) == event
    trial.move_to(trial.time + DAY)
    (event,) = do(trial, SetRate(A, Rate(5, 1)), ADMIN_A)
    assert RateSet(A, Rate(9, 1), Rate(5, 1), trial.time + DAY) == event
    found = trial.read(Company, company_id(A))
    assert found is not None
    assert (Rate(9, 1), RateChange(Rate(5, 1), trial.time + DAY)) == (found.rate, found.next_rate)


def test_companies_are_few() -> None:
    """The list is bounded, also by those that left."""
    trial = found()
    names = tuple(f"company-{n}" for n in range(COMPANIES_MAX))
    trial.plant(marketplace_id(), Marketplace(LEDGER, names))
    assert TooManyCompanies == trial.execute(admission(), signers=[SYSTEM])


def test_removal_writes_one_record() -> None:
    """However much it offers; the date and the treatment are written with it."""
    trial = marketplace(Treatment.REFUNDED)
    for _ in range(5):
        do(trial, creating(), ADMIN_A)
    trial.close_block()
    do(trial, RemoveCompany(A), SYSTEM)
    changed = [each.id for each in trial.candidate.overlay.changes() if each.before != each.after]
    assert [company_id(A)] == changed
    company = trial.read(Company, company_id(A))
    assert company is not None
    until = trial.time + 30 * DAY
    assert Removal(trial.time, Treatment.REFUNDED, until) == company.removal


def test_who_left_creates_nothing() -> None:
    """And sets no rate."""
    trial = marketplace()
    do(trial, RemoveCompany(A), SYSTEM)
    command: Create = creating()
    assert CompanyIsRemoved == trial.execute(command, signers=[ADMIN_A])


def test_a_month_is_netted_once_and_sums_to_zero() -> None:
    """A's employees bought for 30 at B and C's for 10; B's bought for 30 from Anna of A."""
    trial = cast()
    bought(trial, OFFERED_B, ANNA, salt=20)
    bought(trial, LISTED, BEN, salt=21)
    bought(trial, OFFERED, BELLA, salt=22)
    do(trial, List(OWNED_B, 5), BEN)
    bought(trial, OWNED_B, AMOS, salt=23)
    assert MonthIsNotOver == trial.execute(Net(MONTH), signers=[STRANGER])
    trial.move_to(month_end(MONTH) - 1)
    assert MonthIsNotOver == trial.execute(Net(MONTH), signers=[STRANGER])
    trial.move_to(month_end(MONTH))
    do(trial, Net(MONTH), STRANGER)
    expected = (
        NetPosition(A, 30 + 10 - 10 - 5 - 10),
        NetPosition(B, 10 + 5 - 40),
        NetPosition(C, 10),
    )
    assert Netting(MONTH, expected, month_end(MONTH)) == trial.read(Netting, netting_id(MONTH))
    assert 0 == sum(each.net for each in expected)
    assert MonthIsNetted == trial.execute(Net(MONTH), signers=[STRANGER])
    assert NothingToNet == trial.execute(Net(MONTH - 12), signers=[STRANGER])
