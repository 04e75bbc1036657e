"""Each of the contract's invariants sees the damage that it is there for."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts.benefit.commands import Net
from tallystick.contracts.benefit.model import (
    Benefit,
    BenefitPage,
    BenefitState,
    Company,
    Credential,
    Hold,
    NetPosition,
    company_id,
    credential_id,
    page_id,
)
from tallystick.contracts.benefit.model_buyers import Buyer, buyer_id
from tallystick.contracts.benefit.model_debts import (
    Debt,
    Netting,
    Position,
    debt_id,
    netting_id,
    position_id,
)
from tallystick.contracts.benefit.months import month_end
from tallystick.contracts.identity.model import StatusPage, contract_issuer, status_id
from tallystick.core.invariant import Change, Changes
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial
from tests.contracts.benefit.cases import (
    AMOS,
    CONTRACTS,
    LISTED,
    MONTH,
    OFFERED,
    OWNED,
    REDEEMED,
    REMOVED,
    SOME_LOCK,
    STRANGER,
    UNKNOWN,
    A,
    B,
    C,
    benefit_of,
    cast,
    do,
    identity_of,
    reserved,
)

Damage = Callable[[Trial], tuple[RecordId, Record]]


def settled() -> Trial:
    """Return a ledger in which everything has happened once, its block closed."""
    trial, _ = reserved()
    trial.move_to(month_end(MONTH))
    do(trial, Net(MONTH), STRANGER)
    trial.close_block()
    return trial


def of_benefit(id: RecordId, **fields: object) -> Damage:
    """Return damage to some fields of a benefit."""
    return lambda trial: (id, replace(benefit_of(trial, id), **fields))


def of(kind: type[Record], id: RecordId, **fields: object) -> Damage:
    """Return damage to some fields of another record."""

    def damage(trial: Trial) -> tuple[RecordId, Record]:
        found = trial.read(kind, id)
        assert found is not None
        return id, replace(found, **fields)

    return damage


def new(id: RecordId, record: Record) -> Damage:
    """Return a record that nobody wrote."""
    return lambda _: (id, record)


OF_AMOS = buyer_id(identity_of(cast(), AMOS))
HOLD = Hold("exchange", SOME_LOCK, held=True, before=BenefitState.OWNED, deal=None)

DAMAGES: list[tuple[str, Damage, str]] = [
    ("no hold", of_benefit(OWNED, state=BenefitState.RESERVED), "its hold does not say so"),
    ("a hold", of_benefit(OWNED, hold=HOLD), "its hold does not say so"),
    (
        "half held",
        of_benefit(OWNED, state=BenefitState.RESERVED, hold=replace(HOLD, held=False)),
        "nobody has taken hold",
    ),
    ("another owner", of_benefit(OWNED, owner=key(STRANGER)), "without a new credential"),
    ("another employer", of_benefit(OWNED, employer=B), "without a new credential"),
    ("an offer with one", of_benefit(OFFERED, credential=0), "with credential 0"),
    ("owned without one", of_benefit(LISTED, credential=None), "with credential None"),
    ("another's credential", of_benefit(OWNED, credential=2), "says something else"),
    ("revoked alone", of(Credential, credential_id(0), revoked_at=1), "differ about who owns"),
    ("revoked, no bit", of(Credential, credential_id(0), revoked_at=1), "in the status list"),
    ("un-revoked", of(Credential, credential_id(3), revoked_at=0), "came back"),
    ("another holder", of(Credential, credential_id(0), holder=key(STRANGER)), "was rewritten"),
    (
        "a credential elsewhere",
        new(UNKNOWN, Credential(9, OWNED, key(STRANGER), A, 0, 0)),
        "where nobody would look",
    ),
    ("used again", of_benefit(REDEEMED, state=BenefitState.OWNED), "came back"),
    ("offered again", of_benefit(REMOVED, state=BenefitState.OFFERED), "came back"),
    ("another company's", of_benefit(OFFERED, company=B), "was rewritten"),
    ("another account", of(Company, company_id(A), clearing=key(STRANGER)), "was rewritten"),
    ("a company back", of(Company, company_id(C), removal=None), "was rewritten"),
    (
        "netted again",
        of(Netting, netting_id(MONTH), positions=()),
        "was rewritten",
    ),
    (
        "netted wrongly",
        new(netting_id(1), Netting(1, (NetPosition(A, 1),), 0)),
        "does not sum to zero",
    ),
    ("off the page", new(page_id(B, 3), BenefitPage((UNKNOWN,))), "the pages of their companies"),
    ("counted wrongly", of(Company, company_id(A), benefits=77), "new benefits"),
    ("a debt more", of(Debt, debt_id(MONTH, debtor=A, creditor=C), total=11), "off by"),
    ("a debt less", of(Debt, debt_id(MONTH, debtor=A, creditor=C), total=9), "shrank"),
    (
        "a debt to oneself",
        new(debt_id(MONTH, debtor=A, creditor=A), Debt(MONTH, A, A, 1)),
        "owed to the debtor",
    ),
    ("reserved for nobody", of(Buyer, OF_AMOS, reservations=0), "are off by 1"),
    ("a buyer elsewhere", new(UNKNOWN, Buyer(UNKNOWN, 0)), "where nobody would look"),
    ("a claim more", of(Position, position_id(MONTH, A), claims=1), "off by"),
]


@pytest.mark.parametrize(("name", "damage", "message"), DAMAGES, ids=[row[0] for row in DAMAGES])
def test_damage_is_seen(name: str, damage: Damage, message: str) -> None:
    """In the block that does it."""
    trial = settled()
    assert [] == list(trial.violations())
    trial.plant(*damage(trial))
    assert any(message in each for each in trial.violations()), name


def test_a_new_benefit_that_nobody_lists() -> None:
    """Is found by the count and by the page."""
    trial = settled()
    trial.plant(UNKNOWN, replace(benefit_of(trial, OFFERED), company="delta", hold=None,
                                 state=BenefitState.OFFERED))  # fmt: skip
    found = list(trial.violations())
    assert any("company delta counts none" in each for each in found)
    assert any("1 new benefits and the pages" in each for each in found)


def test_a_vanished_benefit() -> None:
    """Is one too many gone."""
    trial = settled()
    trial.candidate.overlay.delete(Benefit, OFFERED)
    assert any("vanished" in each for each in trial.violations())


def test_a_bit_that_nobody_set() -> None:
    """Is seen once its credential changes; until then identity's own law keeps it."""
    trial = settled()
    place = status_id(contract_issuer("benefit"), 0, 0)
    trial.plant(place, StatusPage(bytes(256)))
    found = list(trial.violations())
    assert any("status" in each for each in found)


def test_an_audit_of_the_whole_finds_nothing() -> None:
    """The laws hold on everything that stands, with nothing before it."""
    trial, _ = reserved()
    changes = Changes(
        (Change(each.id, {}, each.after) for each in trial.candidate.overlay.changes()),
        time=trial.time,
    )
    (contract,) = (each for each in CONTRACTS if each.name == "benefit")
    assert [] == [each for law in contract.invariants for each in law.violations(changes)]
