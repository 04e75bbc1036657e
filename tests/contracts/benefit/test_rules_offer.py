"""What companies and owners put on the market, and take off it."""

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts.benefit.commands import Create, List, Remove, Unlist, Update
from tallystick.contracts.benefit.errors import (
    AttributeNamedTwice,
    BenefitIsNotListed,
    BenefitIsNotOffered,
    BenefitIsNotOwned,
    BenefitIsReserved,
    BenefitNotFound,
    CompanyIsRemoved,
    CompanyNotFound,
    CredentialIsNotInForce,
    OwnerHasNotSigned,
    SignerIsNotCompanyAdministrator,
    TooManyBenefits,
)
from tallystick.contracts.benefit.events import BenefitCreated
from tallystick.contracts.benefit.model import (
    BENEFITS_MAX,
    BENEFITS_PER_PAGE,
    PRICE_MAX,
    Attribute,
    Benefit,
    BenefitPage,
    BenefitState,
    Company,
    company_id,
    page_id,
)
from tallystick.core.errors import UnknownCommand
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.benefit.cases import (
    ADMIN_A,
    ADMIN_B,
    ADMIN_C,
    ADMINS,
    AMOS,
    ANNA,
    BEN,
    CLEARING_A,
    GONE,
    GONE_OWNED,
    LEAVER,
    LEFT,
    LISTED,
    NOW,
    OFFERED,
    OWNED,
    OWNED_B,
    REDEEMED,
    REMOVED,
    STRANGER,
    SYSTEM,
    UNKNOWN,
    A,
    B,
    benefit_of,
    cast,
    creating,
    do,
    marketplace,
    reserved,
)

Row = tuple[Record, list[int], Verdict]
"""A command, the numbers of the keys that sign, and the verdict."""

TWICE = (Attribute("seats", "2"), Attribute("seats", "3"))
OTHER = (Attribute("place", "opera"),)


def updating(id: RecordId = OFFERED, *, attributes: tuple[Attribute, ...] = OTHER) -> Update:
    """Return an update."""
    return Update(id, "opera", attributes, 12)


CREATE: list[Row] = [
    (creating(), [ADMIN_A], accepted),
    (creating(price=PRICE_MAX), [ADMIN_A, STRANGER], accepted),
    (creating(B), [ADMIN_B], accepted),
    (creating("delta"), [ADMIN_A], CompanyNotFound),
    (creating(), [ADMIN_B], SignerIsNotCompanyAdministrator),
    (creating(), [ANNA], SignerIsNotCompanyAdministrator),
    (creating(), [CLEARING_A], SignerIsNotCompanyAdministrator),
    (creating(), [SYSTEM], SignerIsNotCompanyAdministrator),
    (creating("cozy"), [ADMIN_C], CompanyIsRemoved),
    (replace(creating(), attributes=TWICE), [ADMIN_A], AttributeNamedTwice),
    (creating(price=0), [ADMIN_A], UnknownCommand),
    (creating(price=PRICE_MAX + 1), [ADMIN_A], UnknownCommand),
    (creating(title=""), [ADMIN_A], UnknownCommand),
]

UPDATE: list[Row] = [
    (updating(), [ADMIN_A], accepted),
    (updating(UNKNOWN), [ADMIN_A], BenefitNotFound),
    (updating(), [ADMIN_B], SignerIsNotCompanyAdministrator),
    (updating(OWNED), [ANNA], SignerIsNotCompanyAdministrator),
    (updating(OWNED), [ADMIN_A], BenefitIsNotOffered),
    (updating(LISTED), [ADMIN_A], BenefitIsNotOffered),
    (updating(REMOVED), [ADMIN_A], BenefitIsNotOffered),
    (updating(REDEEMED), [ADMIN_A], BenefitIsNotOffered),
    (updating(GONE), [ADMIN_C], BenefitIsNotOffered),
    (updating(attributes=TWICE), [ADMIN_A], AttributeNamedTwice),
]

REMOVE: list[Row] = [
    (Remove(OFFERED), [ADMIN_A], accepted),
    (Remove(UNKNOWN), [ADMIN_A], BenefitNotFound),
    (Remove(OFFERED), [ADMIN_B], SignerIsNotCompanyAdministrator),
    (Remove(OFFERED), [SYSTEM], SignerIsNotCompanyAdministrator),
    (Remove(OWNED), [ADMIN_A], BenefitIsNotOffered),
    (Remove(LISTED), [ADMIN_A], BenefitIsNotOffered),
    (Remove(REMOVED), [ADMIN_A], BenefitIsNotOffered),
    (Remove(GONE), [ADMIN_C], BenefitIsNotOffered),
]

LIST: list[Row] = [
    (List(OWNED, 7), [ANNA], accepted),
    (List(LISTED, 7), [ANNA], accepted),
    (List(OWNED_B, 7), [BEN], accepted),
    (List(UNKNOWN, 7), [ANNA], BenefitNotFound),
    (List(OWNED, 7), [AMOS], OwnerHasNotSigned),
    (List(OWNED, 7), [ADMIN_A], OwnerHasNotSigned),
    (List(GONE_OWNED, 7), [ANNA], CompanyIsRemoved),
    (List(OFFERED, 7), [CLEARING_A], BenefitIsNotOwned),
    (List(REDEEMED, 7), [AMOS], BenefitIsNotOwned),
    (List(LEFT, 7), [LEAVER], CredentialIsNotInForce),
    (List(OWNED, 0), [ANNA], UnknownCommand),
]

UNLIST: list[Row] = [
    (Unlist(LISTED), [ANNA], accepted),
    (Unlist(UNKNOWN), [ANNA], BenefitNotFound),
    (Unlist(LISTED), [ADMIN_A], OwnerHasNotSigned),
    (Unlist(LISTED), [STRANGER], OwnerHasNotSigned),
    (Unlist(OWNED), [ANNA], BenefitIsNotListed),
    (Unlist(REDEEMED), [AMOS], BenefitIsNotListed),
]

RESERVED: list[Row] = [
    (updating(), [ADMIN_A], BenefitIsReserved),
    (Remove(OFFERED), [ADMIN_A], BenefitIsReserved),
    (List(OFFERED, 7), [CLEARING_A], BenefitIsReserved),
    (Unlist(OFFERED), [CLEARING_A], BenefitIsReserved),
]
"""While somebody's purchase is being decided."""

OF_TIME: set[Verdict] = {TooManyBenefits}
"""What only tests with a past meet."""

TABLES = (CREATE, UPDATE, REMOVE, LIST, UNLIST)


@pytest.mark.parametrize(
    ("command", "signers", "verdict"), [row for table in TABLES for row in table]
)
def test_each_command(command: Record, signers: list[int], verdict: Verdict) -> None:
    """Each is accepted from whom it should be, and refused for its own reason."""
    assert verdict == cast().execute(command, signers=signers)


@pytest.mark.parametrize(("command", "signers", "verdict"), RESERVED)
def test_what_is_reserved_stays_as_it_is(
    command: Record, signers: list[int], verdict: Verdict
) -> None:
    """Neither its company nor its owner changes it before that is decided."""
    trial, _ = reserved()
    assert verdict == trial.execute(command, signers=signers)


def test_created_is_what_was_said() -> None:
    """It is its company's, under an id that is a decentralised identifier."""
    trial = marketplace()
    (event,) = do(trial, creating(), ADMIN_A)
    assert isinstance(event, BenefitCreated)
    assert f"did:tally:{trial.state.ledger.hex()}:{event.benefit.hex()}" == event.did
    expected = Benefit(
        company=A,
        title="theatre",
        attributes=(Attribute("seats", "2"),),
        price=10,
        sold_for=0,
        owner=key(CLEARING_A),
        employer=A,
        state=BenefitState.OFFERED,
        credential=None,
        hold=None,
        created_at=NOW,
    )
    assert expected == benefit_of(trial, event.benefit)


def test_updated_is_what_was_said() -> None:
    """And nothing else changes."""
    trial = cast()
    before = benefit_of(trial, OFFERED)
    do(trial, updating(), ADMIN_A)
    expected = replace(before, title="opera", attributes=OTHER, price=12)
    assert expected == benefit_of(trial, OFFERED)


def test_listed_at_a_price_and_back() -> None:
    """The last price counts; off the list it is owned as before."""
    trial = cast()
    do(trial, List(OWNED, 7), ANNA)
    assert (BenefitState.LISTED, 7) == (
        benefit_of(trial, OWNED).state,
        benefit_of(trial, OWNED).price,
    )
    do(trial, Unlist(OWNED), ANNA)
    assert BenefitState.OWNED is benefit_of(trial, OWNED).state


def test_pages_hold_what_was_created() -> None:
    """The page after a full one begins with the next benefit."""
    trial = marketplace()
    ids = []
    for n in range(BENEFITS_PER_PAGE + 2):
        (event,) = do(trial, creating(B, price=n + 1), ADMINS[B])
        assert isinstance(event, BenefitCreated)
        ids.append(event.benefit)
    pages = [trial.read(BenefitPage, page_id(B, n)) for n in range(3)]
    expected = [
        BenefitPage(tuple(ids[:BENEFITS_PER_PAGE])),
        BenefitPage(tuple(ids[BENEFITS_PER_PAGE:])),
        None,
    ]
    assert expected == pages


def test_benefits_are_bounded() -> None:
    """A company that has created as many as there are places creates no more."""
    trial = marketplace()
    company = trial.read(Company, company_id(A))
    assert company is not None
    trial.close_block()
    trial.plant(company_id(A), replace(company, benefits=BENEFITS_MAX))
    command: Create = creating()
    trial.candidate.rulebook.contracts.clear()  # What was planted breaks laws on purpose.
    assert TooManyBenefits == trial.execute(command, signers=[ADMIN_A])
