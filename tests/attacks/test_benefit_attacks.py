"""
Attacks on the marketplace of benefits.

Nobody is refunded for nothing, keeps things from others, or sets what a colleague is paid.
"""

from hashlib import sha256

from msgspec.structs import replace

from tallystick.base.identifiers import Hash, RecordId
from tallystick.contracts.benefit.commands import (
    Refund,
    RemoveCompany,
    SetRate,
    Transfer,
    Unlist,
)
from tallystick.contracts.benefit.errors import (
    BenefitIsReserved,
    ClearingKeyOwnsNothing,
    NothingToRefund,
    OthersHaveTheirTurn,
    PaymentDiffers,
    TooManyReservations,
)
from tallystick.contracts.benefit.model import Company, Rate, Treatment, company_id
from tallystick.contracts.benefit.model_buyers import ClearingAccount, clearing_id
from tallystick.contracts.benefit.terms import refund_parts
from tallystick.contracts.exchange.commands import Abort, Finish, LockHash
from tallystick.contracts.exchange.commands import Redeem as Show
from tallystick.contracts.exchange.events import HashLocked
from tallystick.contracts.exchange.model import change_id
from tallystick.contracts.identity.commands import Appoint, Enrol
from tallystick.contracts.identity.model import Role
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, accepted
from tests.contracts.benefit.cases import (
    ADMIN_A,
    ADMIN_B,
    AMOS,
    ANNA,
    CLEARING_C,
    DAY,
    LISTED,
    MINUTE,
    RATES,
    SYSTEM,
    A,
    B,
    C,
    benefit_of,
    benefit_part,
    bought,
    buy_of,
    buying,
    cast,
    changing,
    created,
    do,
    identity_of,
    marketplace,
    quote,
    settle,
    tokens_of,
)


def employed(trial: Trial) -> None:
    """Let company B employ the account of company C, which is about to leave."""
    do(trial, Enrol(key(CLEARING_C), B), ADMIN_B)
    do(trial, Appoint(identity_of(trial, CLEARING_C), Role.EMPLOYEE, B, 0, 0), ADMIN_B)


def refunding(trial: Trial, id: RecordId) -> Refund:
    """Return a refund by company B as its terms say."""
    issuer, home = (trial.read(Company, company_id(name)) for name in (C, B))
    assert issuer is not None
    assert home is not None
    parts = refund_parts(
        trial.state.ledger, id, benefit_of(trial, id), issuer=issuer, home=home, time=trial.time
    )
    change = changing(trial, parts, salt=90)
    return Refund(change, benefit_part(change))


def test_the_account_of_who_left_is_refunded_nothing() -> None:
    """
    A refund takes the benefit from its owner to that account: if both are one, it takes nothing.

    The account cannot get a benefit, and one that had it before it was an account is not paid.
    """
    trial = marketplace(Treatment.REFUNDED)
    id = created(trial, C, price=100)
    bought(trial, id, ANNA)
    employed(trial)
    give = Transfer(id, key(CLEARING_C), B)
    assert ClearingKeyOwnsNothing == trial.execute(give, signers=[ANNA])
    place = clearing_id(key(CLEARING_C))
    account = trial.read(ClearingAccount, place)
    assert account is not None
    trial.candidate.overlay.delete(ClearingAccount, place)
    do(trial, give, ANNA)
    trial.plant(place, account)
    do(trial, RemoveCompany(C), SYSTEM)
    before = tokens_of(trial, B, CLEARING_C)
    assert NothingToRefund == trial.execute(refunding(trial, id), signers=[CLEARING_C])
    assert before == tokens_of(trial, B, CLEARING_C)


def test_an_account_that_gets_a_benefit_by_an_exchange_says_nothing_of_it() -> None:
    """It is nobody's employee for this benefit, so neither refund nor anything else is due."""
    trial = marketplace(Treatment.REFUNDED)
    id = created(trial, C, price=100)
    bought(trial, id, ANNA)
    employed(trial)
    preimage = b"\x09" * 32
    digest = Hash(sha256(preimage).digest())
    until = trial.time + MINUTE
    events = do(trial, LockHash("benefit", id, 0, digest, key(CLEARING_C), until), ANNA)
    (lock,) = [each.lock for each in events if isinstance(each, HashLocked)]
    do(trial, Show(lock, preimage), ANNA)
    claim = Transfer(id, key(CLEARING_C), B)
    assert ClearingKeyOwnsNothing == trial.execute(claim, signers=[CLEARING_C])
    do(trial, RemoveCompany(C), SYSTEM)
    assert NothingToRefund == trial.execute(refunding(trial, id), signers=[CLEARING_C])


def test_nobody_keeps_everything_from_others() -> None:
    """Who reserves and never pays has three at most, and not those three again at once."""
    trial = marketplace()
    ids = [created(trial, A) for _ in range(5)]
    commands = [
        buy_of(changing(trial, quote(trial, id, AMOS), salt=n, minutes=10), A)
        for n, id in enumerate(ids)
    ]
    verdicts = [trial.execute(command, signers=[AMOS]) for command in commands]
    assert [accepted] * 3 + [TooManyReservations] * 2 == verdicts
    assert BenefitIsReserved == trial.execute(buy_of(commands[0].change, A), signers=[AMOS])
    trial.move_to(trial.time + 10 * MINUTE)
    freeing = [
        each
        for command in commands[:3]
        for each in (
            Abort(command.change),
            Finish(change_id(command.change), command.part, None),
        )
    ]
    assert accepted == trial.execute(freeing, signers=[AMOS])
    for n, id in enumerate(ids[:3]):
        again = buying(trial, id, AMOS, salt=50 + n)
        assert OthersHaveTheirTurn == trial.execute(again, signers=[AMOS])
        bought(trial, id, ANNA, salt=60 + n)


def test_nobody_sets_the_rate_at_which_a_colleague_sells() -> None:
    """A rate is told a day before, and until then a purchase pays as when it was listed."""
    trial = cast()
    fair = quote(trial, LISTED, AMOS)
    do(trial, SetRate(A, Rate(10**6, 1)), ADMIN_A)
    assert fair == quote(trial, LISTED, AMOS)
    for time in (trial.time, trial.time + DAY - 1):
        trial.move_to(time)
        cheap = tuple(
            replace(part, amount=1) if part.contract == "asset" else part for part in fair
        )
        wanted = buy_of(changing(trial, cheap, salt=50), A)
        assert PaymentDiffers == trial.execute(wanted, signers=[AMOS])
    do(trial, SetRate(A, RATES[A]), ADMIN_A)
    before = tokens_of(trial, A, ANNA)
    command = buying(trial, LISTED, AMOS, salt=51)
    do(trial, command, AMOS)
    settle(trial, command.change)
    assert 60 == tokens_of(trial, A, ANNA) - before


def test_who_does_not_like_a_rate_takes_the_listing_down() -> None:
    """In the day before it holds; what stays listed is sold at it from then on."""
    trial = cast()
    do(trial, SetRate(A, Rate(10**6, 1)), ADMIN_A)
    trial.move_to(trial.time + DAY)
    assert [1] == [part.amount for part in quote(trial, LISTED, AMOS) if part.contract == "asset"]
    do(trial, Unlist(LISTED), ANNA)
