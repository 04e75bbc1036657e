"""How benefits change hands: bought, refunded, given, swapped, and used."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts.asset.commands import Transfer as TransferTokens
from tallystick.contracts.asset.errors import NotEnough
from tallystick.contracts.benefit.commands import (
    Buy,
    List,
    Redeem,
    Refund,
    RemoveCompany,
    SetRate,
    Swap,
    Transfer,
)
from tallystick.contracts.benefit.errors import (
    BenefitIsNotOnOffer,
    BenefitIsNotOwned,
    BenefitIsReserved,
    BenefitNamedTwice,
    BenefitNotFound,
    BuyerHasNotSigned,
    BuyerIsOwner,
    ClearingKeyOwnsNothing,
    CompanyIsRemoved,
    CompanyNotFound,
    CredentialIsNotInForce,
    DecidedElsewhere,
    KeyIsNotEmployee,
    NothingToRefund,
    OthersHaveTheirTurn,
    OwnerHasNotSigned,
    OwnersAreTheSame,
    PartIsNotTheBenefit,
    PartNotFound,
    PaymentDiffers,
    ReservedTooLong,
    TooManyReservations,
)
from tallystick.contracts.benefit.model import (
    BenefitState,
    Credential,
    Rate,
    Treatment,
    credential_id,
)
from tallystick.contracts.benefit.model_debts import Debt, debt_id
from tallystick.contracts.benefit.terms import in_order
from tallystick.contracts.exchange.commands import Prepare
from tallystick.contracts.exchange.errors import DeadlineHasPassed
from tallystick.contracts.exchange.model import Change, Part
from tallystick.contracts.identity.commands import Appoint, Enrol, RotateKey
from tallystick.contracts.identity.model import Role
from tallystick.core.holding import holding_id
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, Verdict, accepted
from tests.contracts.benefit.cases import (
    ADMIN_A,
    ADMIN_B,
    ADMINS,
    AMOS,
    ANNA,
    BELLA,
    BEN,
    CARL,
    CLEARING_A,
    CLEARING_B,
    CLEARING_C,
    DAY,
    ELSEWHERE,
    GONE,
    GONE_OWNED,
    LEAVER,
    LEFT,
    LISTED,
    MINUTE,
    MONTH,
    OFFERED,
    OFFERED_B,
    OWNED,
    OWNED_B,
    REDEEMED,
    REMOVED,
    STRANGER,
    SYSTEM,
    TOKENS,
    UNITS,
    UNKNOWN,
    A,
    B,
    C,
    benefit_of,
    benefit_part,
    bought,
    buying,
    cast,
    changing,
    created,
    credential_of,
    dismiss,
    do,
    give_up,
    identity_of,
    reserved,
    settle,
    tokens_of,
)

Row = tuple[Record, list[int], Verdict]
"""A command, the numbers of the keys that sign, and the verdict."""

CASE = cast()
GOOD = buying(CASE, OFFERED, AMOS)
"""A purchase that is accepted from Amos."""


def with_change(**fields: object) -> Buy:
    """Return the purchase with some of its change said otherwise."""
    return replace(GOOD, change=replace(GOOD.change, **fields))


def with_parts(turn: Callable[[Part], Part | None]) -> Buy:
    """Return the purchase with its payment said otherwise."""
    turned = [part if part.contract == "benefit" else turn(part) for part in GOOD.change.parts]
    change = replace(GOOD.change, parts=tuple(part for part in turned if part is not None))
    return replace(GOOD, change=change, part=benefit_part(change))


def with_benefit(**fields: object) -> Buy:
    """Return the purchase with the benefit's own part said otherwise."""
    parts = tuple(
        replace(part, **fields) if part.contract == "benefit" else part
        for part in GOOD.change.parts
    )
    return replace(GOOD, change=replace(GOOD.change, parts=parts))


def wrongly(id: RecordId, buyer: int, company: str = A) -> Buy:
    """Return a purchase of something that is not on offer, as it would be if it were."""
    parts = tuple(
        replace(part, holding=id, target=key(buyer)) if part.contract == "benefit" else part
        for part in GOOD.change.parts
    )
    return Buy(replace(GOOD.change, parts=parts), GOOD.part, company)


def more(part: Part) -> Part:
    """Return a payment with a token more."""
    return replace(part, amount=part.amount + 1)


def less(part: Part) -> Part:
    """Return a payment with a token less."""
    return replace(part, amount=part.amount - 1)


def to_stranger(part: Part) -> Part:
    """Return a payment to somebody else."""
    return replace(part, target=key(STRANGER))


def nothing(part: Part) -> None:
    """Leave a payment out."""


BUY: list[Row] = [
    (GOOD, [AMOS], accepted),
    (buying(CASE, LISTED, AMOS), [AMOS], accepted),
    (buying(CASE, LISTED, BEN), [BEN], accepted),
    (buying(CASE, OFFERED_B, AMOS), [AMOS], accepted),
    (replace(GOOD, company="delta"), [AMOS], CompanyNotFound),
    (replace(GOOD, part=2), [AMOS], PartNotFound),
    (wrongly(UNKNOWN, AMOS), [AMOS], BenefitNotFound),
    (replace(GOOD, part=1 - GOOD.part), [AMOS], BenefitNotFound),
    (GOOD, [ANNA], BuyerHasNotSigned),
    (GOOD, [ADMIN_A], BuyerHasNotSigned),
    (GOOD, [CLEARING_A], BuyerHasNotSigned),
    (buying(CASE, OFFERED, CARL), [CARL], CompanyIsRemoved),
    (buying(CASE, OFFERED, STRANGER, company=A), [STRANGER], KeyIsNotEmployee),
    (buying(CASE, OFFERED, LEAVER), [LEAVER], KeyIsNotEmployee),
    (replace(GOOD, company=B), [AMOS], KeyIsNotEmployee),
    (buying(CASE, OFFERED, CLEARING_A, company=A), [CLEARING_A], ClearingKeyOwnsNothing),
    (wrongly(OWNED, AMOS), [AMOS], BenefitIsNotOnOffer),
    (wrongly(LEFT, AMOS), [AMOS], BenefitIsNotOnOffer),
    (wrongly(REDEEMED, ANNA), [ANNA], BenefitIsNotOnOffer),
    (wrongly(REMOVED, AMOS), [AMOS], BenefitIsNotOnOffer),
    (wrongly(GONE, AMOS), [AMOS], BenefitIsNotOnOffer),
    (buying(CASE, LISTED, ANNA), [ANNA], BuyerIsOwner),
    (with_change(deciding=ELSEWHERE), [AMOS], DecidedElsewhere),
    (with_change(deadline=CASE.time + 11 * MINUTE), [AMOS], ReservedTooLong),
    (with_benefit(amount=1), [AMOS], PartIsNotTheBenefit),
    (with_benefit(owner=key(ANNA)), [AMOS], PartIsNotTheBenefit),
    (with_benefit(ledger=ELSEWHERE), [AMOS], PartIsNotTheBenefit),
    (with_benefit(contract="asset"), [AMOS], PartIsNotTheBenefit),
    (with_parts(less), [AMOS], PaymentDiffers),
    (with_parts(more), [AMOS], PaymentDiffers),
    (with_parts(to_stranger), [AMOS], PaymentDiffers),
    (with_parts(nothing), [AMOS], PaymentDiffers),
    (with_change(deadline=CASE.time), [AMOS], DeadlineHasPassed),
]

TRANSFER: list[Row] = [
    (Transfer(OWNED, key(AMOS), A), [ANNA], accepted),
    (Transfer(OWNED, key(BEN), B), [ANNA], accepted),
    (Transfer(LISTED, key(BEN), B), [ANNA], accepted),
    (Transfer(GONE_OWNED, key(AMOS), A), [ANNA], accepted),
    (Transfer(LEFT, key(AMOS), A), [ADMIN_A], accepted),
    (Transfer(OWNED, key(AMOS), "delta"), [ANNA], CompanyNotFound),
    (Transfer(UNKNOWN, key(AMOS), A), [ANNA], BenefitNotFound),
    (Transfer(OWNED, key(AMOS), A), [AMOS], OwnerHasNotSigned),
    (Transfer(OWNED, key(AMOS), A), [ADMIN_A], OwnerHasNotSigned),
    (Transfer(LEFT, key(BEN), B), [ADMIN_B], OwnerHasNotSigned),
    (Transfer(OWNED, key(CARL), C), [ANNA], CompanyIsRemoved),
    (Transfer(OWNED, key(STRANGER), A), [ANNA], KeyIsNotEmployee),
    (Transfer(OWNED, key(BEN), A), [ANNA], KeyIsNotEmployee),
    (Transfer(OWNED, key(CLEARING_A), A), [ANNA], ClearingKeyOwnsNothing),
    (Transfer(OFFERED, key(AMOS), A), [CLEARING_A], BenefitIsNotOwned),
    (Transfer(REDEEMED, key(AMOS), A), [AMOS], BenefitIsNotOwned),
    (Transfer(LEFT, key(AMOS), A), [LEAVER], CredentialIsNotInForce),
]

SWAP: list[Row] = [
    (Swap(OWNED, OWNED_B), [ANNA, BEN], accepted),
    (Swap(OWNED_B, LISTED), [ANNA, BEN], accepted),
    (Swap(UNKNOWN, OWNED_B), [ANNA, BEN], BenefitNotFound),
    (Swap(OWNED, UNKNOWN), [ANNA, BEN], BenefitNotFound),
    (Swap(OWNED, OWNED_B), [ANNA], OwnerHasNotSigned),
    (Swap(OWNED, OWNED_B), [BEN], OwnerHasNotSigned),
    (Swap(OWNED, OWNED_B), [ADMIN_A, ADMIN_B], OwnerHasNotSigned),
    (Swap(OWNED, OFFERED_B), [ANNA, CLEARING_B], BenefitIsNotOwned),
    (Swap(REDEEMED, OWNED_B), [AMOS, BEN], BenefitIsNotOwned),
    (Swap(OWNED, LEFT), [ANNA, LEAVER], CredentialIsNotInForce),
    (Swap(OWNED, OWNED), [ANNA], BenefitNamedTwice),
    (Swap(OWNED, LISTED), [ANNA], OwnersAreTheSame),
]

REDEEM: list[Row] = [
    (Redeem(OWNED), [ANNA], accepted),
    (Redeem(LISTED), [ANNA], accepted),
    (Redeem(GONE_OWNED), [ANNA], accepted),
    (Redeem(UNKNOWN), [ANNA], BenefitNotFound),
    (Redeem(OWNED), [AMOS], OwnerHasNotSigned),
    (Redeem(OWNED), [ADMIN_A], OwnerHasNotSigned),
    (Redeem(OFFERED), [CLEARING_A], BenefitIsNotOwned),
    (Redeem(REDEEMED), [AMOS], BenefitIsNotOwned),
    (Redeem(LEFT), [LEAVER], CredentialIsNotInForce),
]

TABLES = (BUY, TRANSFER, SWAP, REDEEM)


@pytest.mark.parametrize(
    ("command", "signers", "verdict"), [row for table in TABLES for row in table]
)
def test_each_command(command: Record, signers: list[int], verdict: Verdict) -> None:
    """Each is accepted from whom it should be, and refused for its own reason."""
    assert verdict == cast().execute(command, signers=signers)


OF_TIME: set[Verdict] = {TooManyReservations, OthersHaveTheirTurn}
"""What only tests with a past meet."""

RESERVED: list[Row] = [
    (buying(CASE, OFFERED, ANNA), [ANNA], BenefitIsReserved),
    (buying(CASE, OFFERED, BEN), [BEN], BenefitIsReserved),
    (Transfer(OFFERED, key(AMOS), A), [CLEARING_A], BenefitIsReserved),
    (Swap(OFFERED, OWNED_B), [CLEARING_A, BEN], BenefitIsReserved),
    (Redeem(OFFERED), [CLEARING_A], BenefitIsReserved),
]
"""While Amos's purchase is being decided."""


@pytest.mark.parametrize(("command", "signers", "verdict"), RESERVED)
def test_what_is_reserved_is_nobody_elses(
    command: Record, signers: list[int], verdict: Verdict
) -> None:
    """Whoever comes second is told for which change, and until when."""
    trial, change = reserved()
    assert verdict == trial.execute(command, signers=signers)
    assert "to be decided by 2026-12-23T04:31:40.000Z" in trial.message
    assert trial.time + 5 * MINUTE == change.deadline


PURCHASES = [
    # What, who, at A's 2 tokens and B's third of a token a unit: what moves, and what is owed.
    (OFFERED, AMOS, {(A, AMOS): -20, (A, CLEARING_A): 20}, None),
    (LISTED, AMOS, {(A, AMOS): -60, (A, ANNA): 60}, None),
    (OFFERED, BEN, {(B, BEN): -4, (B, CLEARING_B): 4}, (B, A, 10)),
    (OFFERED_B, ANNA, {(A, ANNA): -20, (A, CLEARING_A): 20}, (A, B, 10)),
    (
        LISTED,
        BELLA,
        {(B, BELLA): -10, (B, CLEARING_B): 10, (A, CLEARING_A): -60, (A, ANNA): 60},
        (B, A, 30),
    ),
]


@pytest.mark.parametrize(("id", "buyer", "moves", "owed"), PURCHASES)
def test_a_purchase(
    id: RecordId,
    buyer: int,
    moves: dict[tuple[str, int], int],
    owed: tuple[str, str, int] | None,
) -> None:
    """The buyer owns it, with a credential of its own; tokens and debt are as the table says."""
    trial = cast()
    before = {place: tokens_of(trial, *place) for place in moves}
    old = benefit_of(trial, id)
    debts = _owed(trial, owed)
    change = bought(trial, id, buyer, salt=50)
    bene = benefit_of(trial, id)
    company = A if buyer in (ANNA, AMOS) else B
    assert (key(buyer), company, BenefitState.OWNED) == (bene.owner, bene.employer, bene.state)
    assert {place: before[place] + by for place, by in moves.items()} == {
        place: tokens_of(trial, *place) for place in moves
    }
    assert 0 == sum(by for (name, _), by in moves.items() if name == A)
    assert _owed(trial, owed) - debts == (owed[2] if owed else 0)
    credential = credential_of(trial, id)
    assert (id, key(buyer), 0) == (credential.benefit, credential.holder, credential.revoked_at)
    if old.credential is not None:
        revoked = trial.read(Credential, credential_id(old.credential))
        assert revoked is not None
        assert trial.time == revoked.revoked_at
    assert change.deciding == trial.state.ledger


def _owed(trial: Trial, owed: tuple[str, str, int] | None) -> int:
    """Return what is owed between the two of a row."""
    if owed is None:
        return 0
    found = trial.read(Debt, debt_id(MONTH, debtor=owed[0], creditor=owed[1]))
    return 0 if found is None else found.total


@pytest.mark.parametrize("id", [OFFERED, LISTED])
def test_a_purchase_that_is_given_up_leaves_everything(id: RecordId) -> None:
    """It is on offer as before, at the same price, and the next buyer gets it."""
    trial = cast()
    before, tokens = benefit_of(trial, id), tokens_of(trial, B, BEN)
    command = buying(trial, id, BEN, salt=50)
    do(trial, command, BEN)
    assert BenefitState.RESERVED is benefit_of(trial, id).state
    give_up(trial, command.change, BEN)
    assert before == benefit_of(trial, id)
    assert tokens == tokens_of(trial, B, BEN)
    bought(trial, id, AMOS, salt=51)
    assert key(AMOS) == benefit_of(trial, id).owner


def test_tokens_short() -> None:
    """Who cannot pay is refused where the tokens lie, and gives the benefit free again."""
    trial, change = reserved()
    payment = next(n for n, part in enumerate(change.parts) if part.contract == "asset")
    rest = tokens_of(trial, A, AMOS) - 19
    assert 20 == change.parts[payment].amount
    do(trial, TransferTokens(UNITS[A], key(AMOS), key(ANNA), rest), AMOS)
    assert NotEnough == trial.execute(Prepare(change, payment), signers=[AMOS])
    give_up(trial, change, AMOS)
    assert BenefitState.OFFERED is benefit_of(trial, OFFERED).state


def test_after_the_deadline_anybody_frees_it() -> None:
    """Somebody who never comes back blocks nothing for longer than was said."""
    trial, change = reserved()
    trial.move_to(change.deadline)
    give_up(trial, change, STRANGER)
    bought(trial, OFFERED, ANNA, salt=51)
    assert key(ANNA) == benefit_of(trial, OFFERED).owner


def test_what_was_reserved_keeps_its_terms() -> None:
    """A new rate, a dismissal and a company's leaving come too late for it."""
    trial, change = reserved()
    do(trial, SetRate(A, Rate(1, 1_000)), ADMIN_A)
    dismiss(trial, AMOS)
    do(trial, RemoveCompany(A), SYSTEM)
    settle(trial, change)
    assert key(AMOS) == benefit_of(trial, OFFERED).owner
    assert TOKENS - 40 == tokens_of(trial, A, AMOS)


def test_listings_fall_with_who_made_them() -> None:
    """A dismissed employee's, and a removed company's; nobody wrote anything on them."""
    for leaves in (
        lambda trial: dismiss(trial, ANNA),
        lambda trial: do(trial, RemoveCompany(A), SYSTEM),
    ):
        trial = cast()
        command = buying(trial, LISTED, BEN, salt=50)
        leaves(trial)
        assert BenefitIsNotOnOffer == trial.execute(command, signers=[BEN])
        assert BenefitState.LISTED is benefit_of(trial, LISTED).state


def test_recovered_from_who_left() -> None:
    """The administrator hands it on, and the leaver's credential is revoked for good."""
    trial = cast()
    index = benefit_of(trial, LEFT).credential
    assert index is not None
    do(trial, Transfer(LEFT, key(AMOS), A), ADMIN_A)
    revoked = trial.read(Credential, credential_id(index))
    assert revoked is not None
    assert trial.time == revoked.revoked_at
    do(trial, Redeem(LEFT), AMOS)


def test_a_swap_changes_both() -> None:
    """Owners, employers and credentials; what each was sold for stays with it."""
    trial = cast()
    do(trial, Swap(OWNED, OWNED_B), ANNA, BEN)
    one, other = benefit_of(trial, OWNED), benefit_of(trial, OWNED_B)
    assert (key(BEN), B, 10) == (one.owner, one.employer, one.sold_for)
    assert (key(ANNA), A, 10) == (other.owner, other.employer, other.sold_for)
    assert (key(BEN), key(ANNA)) == (
        credential_of(trial, OWNED).holder,
        credential_of(trial, OWNED_B).holder,
    )


def test_a_rotated_key_still_owns() -> None:
    """Whoever the owning key belonged to acts by the present one, and only by that."""
    trial = cast()
    do(trial, RotateKey(identity_of(trial, ANNA), key(20)), ANNA, 20)
    assert OwnerHasNotSigned == trial.execute(Redeem(OWNED), signers=[ANNA])
    do(trial, Redeem(OWNED), 20)


def test_redeemed_until_the_date() -> None:
    """What a company sold that left is good until then, and not a millisecond longer."""
    trial = cast()
    until = trial.time + 30 * DAY
    trial.move_to(until - 1)
    assert accepted == trial.execute([Redeem(GONE_OWNED)], signers=[ANNA])
    trial = cast()
    trial.move_to(until)
    assert CredentialIsNotInForce == trial.execute(Redeem(GONE_OWNED), signers=[ANNA])


def refunding(trial: Trial, id: RecordId = GONE_OWNED, *, amount: int = 20) -> Refund:
    """Return a refund to Anna by her own company."""
    ledger = trial.state.ledger
    holding = holding_id(UNITS[A], key(CLEARING_A))
    parts = in_order(
        (
            Part(ledger, "benefit", id, key(ANNA), 0, key(CLEARING_C)),
            Part(ledger, "asset", holding, key(CLEARING_A), amount, key(ANNA)),
        )
    )
    change: Change = changing(trial, parts, salt=60)
    return Refund(change, benefit_part(change))


def test_refunded_what_the_company_got() -> None:
    """The holder's company pays it in its own tokens, and the one that left owes it as much."""
    trial = cast(Treatment.REFUNDED)
    before = tokens_of(trial, A, ANNA), tokens_of(trial, A, CLEARING_A)
    assert CredentialIsNotInForce == trial.execute(Redeem(GONE_OWNED), signers=[ANNA])
    command = refunding(trial)
    do(trial, command, ANNA)
    assert BenefitIsReserved == trial.execute(refunding(trial), signers=[ANNA])
    settle(trial, command.change)
    assert (before[0] + 20, before[1] - 20) == (
        tokens_of(trial, A, ANNA),
        tokens_of(trial, A, CLEARING_A),
    )
    assert BenefitState.REFUNDED is benefit_of(trial, GONE_OWNED).state
    found = trial.read(Debt, debt_id(MONTH, debtor=C, creditor=A))
    assert Debt(MONTH, C, A, 10) == found


REFUND: list[tuple[Treatment, RecordId, int, int, Verdict]] = [
    # The treatment, what, the tokens, who signs, and the verdict.
    (Treatment.REFUNDED, GONE_OWNED, 20, ANNA, accepted),
    (Treatment.REFUNDED, UNKNOWN, 20, ANNA, BenefitNotFound),
    (Treatment.REFUNDED, GONE_OWNED, 20, AMOS, OwnerHasNotSigned),
    (Treatment.REFUNDED, GONE_OWNED, 20, CLEARING_C, OwnerHasNotSigned),
    (Treatment.REFUNDED, GONE, 20, CLEARING_C, BenefitIsNotOwned),
    (Treatment.REDEEMABLE, GONE_OWNED, 20, ANNA, NothingToRefund),
    (Treatment.REFUNDED, OWNED, 20, ANNA, NothingToRefund),
    (Treatment.REFUNDED, GONE_OWNED, 21, ANNA, PaymentDiffers),
]


@pytest.mark.parametrize(("treatment", "id", "amount", "signer", "verdict"), REFUND)
def test_each_refund(
    treatment: Treatment, id: RecordId, amount: int, signer: int, verdict: Verdict
) -> None:
    """It is for holders of what a company sold that left, where the marketplace refunds."""
    trial = cast(treatment)
    assert verdict == trial.execute(refunding(trial, id, amount=amount), signers=[signer])


def test_refunds_end() -> None:
    """At the date that the removal set; before, only who is employed is refunded."""
    trial = cast(Treatment.REFUNDED)
    dismiss(trial, ANNA)
    assert NothingToRefund == trial.execute(refunding(trial), signers=[ANNA])
    trial = cast(Treatment.REFUNDED)
    trial.move_to(trial.time + 30 * DAY)
    assert NothingToRefund == trial.execute(refunding(trial), signers=[ANNA])


def test_a_rush_has_one_winner() -> None:
    """Everybody else is refused before a token is touched, and has what it had."""
    trial = cast()
    rivals = [(n, number) for n, number in enumerate((BEN, AMOS, ANNA, BELLA))]
    commands = [buying(trial, OFFERED, number, salt=70 + n) for n, number in rivals]
    verdicts = [
        trial.execute(command, signers=[number])
        for command, (_, number) in zip(commands, rivals, strict=True)
    ]
    assert [accepted, *[BenefitIsReserved] * 3] == verdicts
    settle(trial, commands[0].change)
    assert key(BEN) == benefit_of(trial, OFFERED).owner


def test_resold_at_another_price() -> None:
    """The seller gets what it asked, in the own company's tokens."""
    trial = cast()
    do(trial, List(OWNED_B, 7), BEN)
    change = bought(trial, OWNED_B, ANNA, salt=80)
    paid = {part.target: part.amount for part in change.parts if part.contract == "asset"}
    assert {key(CLEARING_A): 14, key(BEN): 3} == paid


def test_a_buyer_reserves_three_at_once() -> None:
    """Whatever key signs; whoever pays for one, or gives one up, may reserve another."""
    trial = cast()
    ids = [created(trial) for _ in range(5)]
    changes = []
    for n, id in enumerate(ids[:3]):
        command = buying(trial, id, AMOS, salt=100 + n)
        do(trial, command, AMOS)
        changes.append(command.change)
    wanted = buying(trial, ids[3], AMOS, salt=103)
    assert TooManyReservations == trial.execute(wanted, signers=[AMOS])
    assert "3 benefits are reserved" in trial.message
    settle(trial, changes[0])
    do(trial, wanted, AMOS)
    wanted = buying(trial, ids[4], AMOS, salt=104)
    assert TooManyReservations == trial.execute(wanted, signers=[AMOS])
    give_up(trial, changes[1], AMOS)
    do(trial, RotateKey(identity_of(trial, AMOS), key(20)), AMOS, 20)
    do(trial, wanted, 20)
    again = buying(trial, OFFERED, 20, salt=105, company=A)
    assert TooManyReservations == trial.execute(again, signers=[20])
    do(trial, buying(trial, OFFERED, ANNA, salt=106), ANNA)


@pytest.mark.parametrize("late", [False, True])
def test_who_gave_it_up_lets_others_have_it(late: bool) -> None:  # noqa: FBT001  # A table of two.
    """Ten minutes long, counted from when it is free again; everything else may be bought."""
    trial, change = reserved()
    if late:
        trial.move_to(change.deadline)
    give_up(trial, change, STRANGER if late else AMOS)
    free = trial.time
    assert OthersHaveTheirTurn == trial.execute(buying(trial, OFFERED, AMOS), signers=[AMOS])
    bought(trial, OFFERED_B, AMOS, salt=101)
    trial.move_to(free + 10 * MINUTE - 1)
    assert OthersHaveTheirTurn == trial.execute(buying(trial, OFFERED, AMOS), signers=[AMOS])
    trial.move_to(free + 10 * MINUTE)
    bought(trial, OFFERED, AMOS, salt=102)
    assert key(AMOS) == benefit_of(trial, OFFERED).owner


def test_no_companys_account_is_given_anything() -> None:
    """Though another company employs it, and after its own has left."""
    for clearing in (CLEARING_B, CLEARING_C):
        trial = cast()
        enrol(trial, clearing, A)
        give = Transfer(OWNED, key(clearing), A)
        assert ClearingKeyOwnsNothing == trial.execute(give, signers=[ANNA])
        buy = buying(trial, OFFERED, clearing, company=A)
        assert ClearingKeyOwnsNothing == trial.execute(buy, signers=[clearing])


def enrol(trial: Trial, number: int, company: str) -> None:
    """Let a company employ a key."""
    do(trial, Enrol(key(number), company), ADMINS[company])
    appoint = Appoint(identity_of(trial, number), Role.EMPLOYEE, company, 0, 0)
    do(trial, appoint, ADMINS[company])
