"""What can be seen: benefits as they stand now, credentials that count, and debts."""

import pytest

from tallystick.base.dids import did_of_key, did_of_record
from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts.benefit.commands import Redeem
from tallystick.contracts.benefit.errors import (
    BenefitIsNotOnOffer,
    BenefitIsReserved,
    BenefitNotFound,
    BuyerIsOwner,
    ClearingKeyOwnsNothing,
    CompanyNotFound,
    CredentialNotFound,
    KeyIsNotEmployee,
)
from tallystick.contracts.benefit.model import (
    Attribute,
    BenefitState,
    Rate,
    Removal,
    Treatment,
)
from tallystick.contracts.benefit.views import (
    BenefitsView,
    BenefitView,
    Browse,
    CompanyView,
    CredentialView,
    Quote,
    QuoteView,
    ShowBenefit,
    ShowCompany,
    ShowCredential,
)
from tallystick.contracts.exchange.model import change_id
from tallystick.contracts.identity.model import contract_issuer
from tallystick.contracts.identity.views import ShowStatus, StatusView
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, Verdict
from tests.contracts.benefit.cases import (
    AMOS,
    ANNA,
    CLEARING_A,
    CLEARING_C,
    DAY,
    GONE,
    GONE_OWNED,
    LEFT,
    LISTED,
    NOW,
    OFFERED,
    OWNED,
    REDEEMED,
    REMOVED,
    STRANGER,
    UNITS,
    UNKNOWN,
    A,
    B,
    C,
    buying,
    cast,
    created,
    dismiss,
    do,
    give_up,
    marketplace,
    quote,
    reserved,
)

ABSENT: list[tuple[Record, Verdict]] = [
    (Browse("delta", 0), CompanyNotFound),
    (ShowBenefit(UNKNOWN), BenefitNotFound),
    (Quote(OFFERED, key(ANNA), "delta"), CompanyNotFound),
    (Quote(UNKNOWN, key(ANNA), A), BenefitNotFound),
    (Quote(OWNED, key(AMOS), A), BenefitIsNotOnOffer),
    (Quote(GONE, key(AMOS), A), BenefitIsNotOnOffer),
    (Quote(OFFERED, key(STRANGER), A), KeyIsNotEmployee),
    (Quote(OFFERED, key(AMOS), B), KeyIsNotEmployee),
    (Quote(OFFERED, key(CLEARING_A), A), ClearingKeyOwnsNothing),
    (Quote(LISTED, key(ANNA), A), BuyerIsOwner),
    (ShowCompany("delta"), CompanyNotFound),
    (ShowCredential(77), CredentialNotFound),
]


@pytest.mark.parametrize(("question", "expected"), ABSENT)
def test_what_is_not_there_is_rejected(question: Record, expected: type[Exception]) -> None:
    """By the reason that says what is missing."""
    trial = cast()
    with pytest.raises(expected):
        trial.ask(question)


def test_a_quote_says_what_a_purchase_must_say() -> None:
    """To whoever may buy, at the price that is asked."""
    trial = cast()
    expected = QuoteView(10, quote(trial, OFFERED, AMOS), wait="")
    assert expected == trial.ask(Quote(OFFERED, key(AMOS), A))


def test_a_quote_says_who_has_it_and_whose_turn_it_is() -> None:
    """As `benefit.buy` would, before anybody signs: what is reserved, and for a while after."""
    trial, change = reserved()
    with pytest.raises(BenefitIsReserved, match=r"benefit: lock_.* try again then"):
        trial.ask(Quote(OFFERED, key(ANNA), A))
    give_up(trial, change, AMOS)
    assert "" == _wait(trial, ANNA)
    assert "again at 2026-12-23T04:36" in _wait(trial, AMOS)


def test_a_quote_says_that_enough_is_reserved() -> None:
    """Whoever has reserved three pays for one of them first."""
    trial = cast()
    for n in range(3):
        do(trial, buying(trial, created(trial), AMOS, salt=n), AMOS)
    assert _wait(trial, AMOS).startswith("buyer: 3 benefits are reserved")


def _wait(trial: Trial, buyer: int) -> str:
    """Return what a quote says of waiting."""
    found = trial.ask(Quote(OFFERED, key(buyer), A))
    assert isinstance(found, QuoteView)
    return found.wait


def shown(trial: Trial, question: ShowBenefit) -> BenefitView:
    """Return a benefit as it is shown."""
    found = trial.ask(question)
    assert isinstance(found, BenefitView)
    return found


def credential(trial: Trial, index: int) -> CredentialView:
    """Return a credential as it is shown."""
    found = trial.ask(ShowCredential(index))
    assert isinstance(found, CredentialView)
    return found


STATES = [
    (OFFERED, BenefitState.OFFERED, False),
    (OWNED, BenefitState.OWNED, True),
    (LISTED, BenefitState.LISTED, True),
    (REDEEMED, BenefitState.REDEEMED, False),
    (REMOVED, BenefitState.REMOVED, False),
    (LEFT, BenefitState.OWNED, False),
    (GONE, BenefitState.REMOVED, False),
    (GONE_OWNED, BenefitState.OWNED, True),
]


@pytest.mark.parametrize(("id", "state", "in_force"), STATES)
def test_each_state(id: RecordId, state: BenefitState, *, in_force: bool) -> None:
    """As it stands now: who left offers nothing, and has nothing that counts."""
    found = shown(cast(), ShowBenefit(id))
    assert (state, in_force) == (found.state, found.in_force)


def test_a_benefit_is_shown_whole() -> None:
    """With its identifier, its owner and what has reserved it."""
    trial, change = reserved()
    expected = BenefitView(
        benefit=OFFERED,
        did=did_of_record(trial.state.ledger, OFFERED),
        company=A,
        title="theatre",
        attributes=(Attribute("seats", "2"),),
        price=10,
        state=BenefitState.RESERVED,
        owner=key(CLEARING_A),
        employer=A,
        credential=None,
        in_force=False,
        reserved_for=change_id(change),
    )
    assert expected == trial.ask(ShowBenefit(OFFERED))


def test_browsing_shows_a_page() -> None:
    """All that a company created, in order; the next page is empty."""
    trial = cast()
    page = trial.ask(Browse(C, 0))
    assert isinstance(page, BenefitsView)
    assert [GONE, GONE_OWNED] == [each.benefit for each in page.benefits]
    assert BenefitsView(()) == trial.ask(Browse(C, 1))


def test_a_company_is_shown_whole() -> None:
    """Also once it left, with the date until which its benefits are good."""
    trial = cast()
    expected = CompanyView(
        company=C,
        ledger=trial.state.ledger,
        unit=UNITS[C],
        clearing=key(CLEARING_C),
        rate=Rate(1, 1),
        next_rate=None,
        benefits=2,
        pages=1,
        admitted_at=NOW,
        removal=Removal(NOW, Treatment.REDEEMABLE, NOW + 30 * DAY),
    )
    assert expected == trial.ask(ShowCompany(C))


def test_a_credential_is_shown_whole() -> None:
    """Its place in the status list is where a stranger finds whether it was revoked."""
    trial = cast()
    expected = CredentialView(
        credential=0,
        benefit=did_of_record(trial.state.ledger, OWNED),
        holder=did_of_key(key(ANNA)),
        employer=A,
        issued_at=NOW,
        revoked_at=0,
        issuer=contract_issuer("benefit"),
        status_list=0,
        status_page=0,
        status_entry=0,
        in_force=True,
        reason="",
    )
    assert expected == credential(trial, 0)
    status = ShowStatus(expected.issuer, 0, 0)
    assert StatusView(is_set=False) == trial.ask(status)
    do(trial, Redeem(OWNED), ANNA)
    assert StatusView(is_set=True) == trial.ask(status)
    found = credential(trial, 0)
    assert (False, "it was revoked") == (found.in_force, found.reason)


def test_dismissal_ends_credentials_and_says_why() -> None:
    """No bit is set: whoever is appointed again has them again."""
    trial = cast()
    dismiss(trial, ANNA)
    found = credential(trial, 0)
    assert (False, 0) == (found.in_force, found.revoked_at)
    assert f"its holder is no employee of {A}" == found.reason


def test_a_company_without_benefits_has_no_pages() -> None:
    """It counts from nothing on."""
    trial = marketplace()
    found = trial.ask(ShowCompany(B))
    assert isinstance(found, CompanyView)
    assert (0, 0) == (found.benefits, found.pages)
