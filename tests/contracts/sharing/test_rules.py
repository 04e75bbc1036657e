"""Who agrees, pays in, withdraws and shares, and what comes of it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tallystick.base.amounts import AMOUNT_MAX
from tallystick.base.encoding import Record, decode, encode
from tallystick.base.identifiers import RecordId
from tallystick.contracts.asset.commands import Mint
from tallystick.contracts.asset.errors import NotEnough
from tallystick.contracts.asset.model import Kind as AssetKind
from tallystick.contracts.asset.views import BalanceView, ShowBalance
from tallystick.contracts.certificate.commands import Correct, Issue, Transfer
from tallystick.contracts.certificate.model import (
    CORRECT,
    Certificate,
    CertificateParameters,
    Settlement,
    child_id,
)
from tallystick.contracts.measurement.model import HOUR_SECONDS, Kind, Quality
from tallystick.contracts.sharing.commands import Agree, PayIn, Withdraw
from tallystick.contracts.sharing.errors import (
    AmountIsZero,
    IncomesAreNoWhole,
    KeyNotFound,
    MoneyIsUnfit,
    NamedTwice,
    NotAMember,
    NotEnrolled,
    NothingDeposited,
    NotPledged,
    PartyHasNotSigned,
    ReadingNotFound,
    SharedBefore,
    SharesExceedWhole,
    SignerIsNotOperator,
    TooEarly,
    TooManyMembers,
    WrongReading,
)
from tallystick.contracts.sharing.events import MemberNotCovered
from tallystick.contracts.sharing.model import SHARING_SECONDS_MAX, WH_PER_MWH, Method, Shared
from tallystick.core.errors import UnknownCommand
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, Verdict, accepted
from tests.contracts.sharing.cases import (
    ANNA,
    BEGIN,
    BEN,
    CARL,
    CONSUMPTIONS,
    DELAY,
    DEPOSIT,
    DORA,
    EMIL,
    END,
    EVERYBODY,
    ISSUING_BODY,
    KEY,
    MEMBERS,
    MINT,
    MONEY,
    NOW,
    OPERATOR,
    OWNERS,
    PRODUCED_WH,
    PRODUCTION,
    QUARTER,
    ROOF,
    STRANGER,
    UNKNOWN,
    agreed,
    agreement,
    cast,
    defined,
    do,
    enrol,
    found,
    measured,
    money_of,
    pay_in,
    publish,
    sharing_of,
    till_of,
    with_money,
)

Row = tuple[Record, list[int], Verdict]
"""A command, the numbers of the keys that sign, and the verdict."""

ALL = list(EVERYBODY)
AGREE: list[Row] = [
    *((agreement(method), ALL, accepted) for method in Method),
    (agreement(shares=(0, 0, 0)), ALL, accepted),
    (agreement(owners=(CARL, BEN)), ALL, accepted),
    (agreement(), [each for each in ALL if each != OPERATOR], SignerIsNotOperator),
    (agreement(name="barn"), ALL, SignerIsNotOperator),
    *(
        (agreement(), [each for each in ALL if each != absent], PartyHasNotSigned)
        for absent in (*MEMBERS, *OWNERS)
    ),
    (agreement(members=(CARL, DORA, CARL)), ALL, NamedTwice),
    (agreement(owners=(ANNA, ANNA)), ALL, NamedTwice),
    (agreement(shares=(500_000, 500_000, 1)), ALL, SharesExceedWhole),
    (agreement(incomes=(500_000, 499_999)), ALL, IncomesAreNoWhole),
    (agreement(incomes=(500_000, 500_001)), ALL, IncomesAreNoWhole),
    (replace(agreement(), money=UNKNOWN), ALL, MoneyIsUnfit),
    (agreement(members=(), shares=()), ALL, UnknownCommand),
    (agreement(shares=(1_000_001, 0, 0)), ALL, UnknownCommand),
]

DEPOSITS: list[Row] = [
    (PayIn(KEY, key(CARL), 5), [CARL], accepted),
    (PayIn(KEY, key(CARL), 9_000), [CARL], accepted),
    (PayIn(UNKNOWN, key(CARL), 5), [CARL], KeyNotFound),
    (PayIn(KEY, key(CARL), 5), [DORA], PartyHasNotSigned),
    (PayIn(KEY, key(STRANGER), 5), [STRANGER], NotAMember),
    (PayIn(KEY, key(CARL), 0), [CARL], AmountIsZero),
    (PayIn(KEY, key(CARL), 9_001), [CARL], NotEnough),
    (Withdraw(KEY, key(CARL)), [CARL], accepted),
    (Withdraw(UNKNOWN, key(CARL)), [CARL], KeyNotFound),
    (Withdraw(KEY, key(CARL)), [DORA], PartyHasNotSigned),
    (Withdraw(KEY, key(STRANGER)), [STRANGER], NothingDeposited),
]

SHARE: list[Row] = [
    (sharing_of(KEY), [STRANGER], accepted),
    (sharing_of(KEY), [ANNA], accepted),
    (sharing_of(UNKNOWN), [STRANGER], KeyNotFound),
    (sharing_of(KEY, BEGIN + QUARTER), [STRANGER], NotEnrolled),
    (sharing_of(KEY, BEGIN + 1), [STRANGER], NotEnrolled),
]


@pytest.mark.parametrize("terms", [{"kind": AssetKind.SERIAL}, {"transferable": False}])
def test_money_is_all_alike_and_moves(terms: dict[str, Any]) -> None:
    """What can be told apart, or stays where it is, pays for nothing."""
    trial, _ = cast()
    money = defined(trial, name="points", **terms)
    assert MoneyIsUnfit == trial.execute(replace(agreement(), money=money), signers=ALL)


@pytest.mark.parametrize(("command", "signers", "verdict"), [*AGREE, *DEPOSITS, *SHARE])
def test_each_command(command: Record, signers: list[int], verdict: Verdict) -> None:
    """Each is accepted from whom it should be, and refused for its own reason."""
    trial, _ = cast()
    assert verdict == trial.execute(command, signers=signers)


LARGE: list[tuple[int, Verdict]] = [(4, accepted), (3, TooManyMembers)]
"""How many parts a certificate may have, and whether three members are too many."""


@pytest.mark.parametrize(("parts_max", "verdict"), LARGE)
def test_a_key_has_no_more_members_than_a_certificate_has_parts(
    parts_max: int, verdict: Verdict
) -> None:
    """One for each member and a rest, so that a division never fails for it."""
    trial = found(CertificateParameters(split_parts_max=parts_max))
    with_money(trial)
    assert verdict == trial.execute(agreement(Method.DYNAMIC), signers=ALL)
    if verdict == accepted:
        pay_in(trial, KEY, *MEMBERS)
        enrol(trial, KEY, *MEMBERS)
        trial.move_to(END * 1_000)
        publish(trial, used_wh=(1, 1, 1))
        trial.move_to(NOW)
        do(trial, sharing_of(KEY), STRANGER)


PRODUCTIONS: list[tuple[str, Kind | None, str, bool, Verdict]] = [
    ("as it should be", Kind.PRODUCTION, "village", True, accepted),
    ("not there yet", None, "village", False, ReadingNotFound),
    ("elsewhere", Kind.PRODUCTION, "valley", True, WrongReading),
    ("consumption", Kind.CONSUMPTION, "village", False, WrongReading),
    ("without its certificate", Kind.PRODUCTION, "village", False, NotPledged),
]


@pytest.mark.parametrize(("label", "kind", "sector", "issued", "verdict"), PRODUCTIONS)
def test_production_is_what_it_was_enrolled_as(
    label: str, kind: Kind | None, sector: str, *, issued: bool, verdict: Verdict
) -> None:
    """It is shared once it is there with its certificate; anything else is refused, not written."""
    trial = found()
    with_money(trial)
    id = agreed(trial, agreement())
    enrol(trial, id)
    trial.move_to(NOW)
    if kind is not None:
        do(trial, measured(ROOF, kind, 10, sector=sector), ISSUING_BODY)
    if issued:
        do(trial, Issue(PRODUCTION, "T010000", "F01040100"), ISSUING_BODY)
    assert verdict == trial.execute(sharing_of(id), signers=[STRANGER]), label


def test_a_lock_that_has_lapsed_is_not_used() -> None:
    """Whoever waits too long finds the production in its owner's hands again."""
    trial, id = cast()
    due = BEGIN + HOUR_SECONDS + DELAY
    trial.move_to((due + SHARING_SECONDS_MAX) * 1_000)
    assert NotPledged == trial.execute(sharing_of(id), signers=[STRANGER])
    do(trial, Transfer(PRODUCTION, key(STRANGER), None), ROOF)


def test_it_is_shared_once_and_not_too_early() -> None:
    """At the end of the delay, and never again."""
    trial, id = cast(time=NOW - 1)
    assert TooEarly == trial.execute(sharing_of(id), signers=[STRANGER])
    trial.move_to(NOW)
    do(trial, sharing_of(id), STRANGER)
    assert SharedBefore == trial.execute(sharing_of(id), signers=[STRANGER])


@pytest.mark.parametrize(
    ("measurement", "amount_wh", "credited", "rest_wh"),
    [
        (PRODUCTION, 900, (450, 270, 180), 0),
        (PRODUCTION, 1_100, (500, 300, 200), 100),
        (CONSUMPTIONS[0], 100, (100, 300, 200), 400),
        (CONSUMPTIONS[0], 0, (0, 300, 200), 500),
        (CONSUMPTIONS[2], 900, (500, 300, 200), 0),
    ],
)
def test_what_is_corrected_within_the_delay_is_shared(
    measurement: RecordId, amount_wh: int, credited: tuple[int, ...], rest_wh: int
) -> None:
    """By the corrected readings; what is added to the production is its owner's at once."""
    trial, id = cast(time=END * 1_000)
    leaves = (PRODUCTION,) if measurement == PRODUCTION else ()
    do(trial, Correct(measurement, amount_wh, Quality.MEASURED, leaves), ISSUING_BODY)
    trial.move_to(NOW)
    do(trial, sharing_of(id), OPERATOR)
    shared = trial.read(Shared, PRODUCTION)
    assert shared is not None
    assert (credited, rest_wh) == (shared.credited_wh, shared.produced_wh - sum(credited))
    settled = [trial.read(Settlement, each) for each in CONSUMPTIONS]
    assert list(credited) == [0 if each is None else each.total_wh for each in settled]
    added = trial.read(Certificate, child_id(PRODUCTION, CORRECT, 1))
    assert (100 if amount_wh == 1_100 else None) == (added and added.amount_wh)
    assert not list(trial.violations())


@pytest.mark.parametrize(
    ("method", "credited"),
    [
        (Method.STATIC, (500, 300, 200)),
        (Method.DYNAMIC, (429, 214, 357)),
        (Method.HYBRID, (500, 300, 200)),
        (Method.PRIORITY, (600, 300, 100)),
    ],
)
def test_money_and_certificates_move_together(method: Method, credited: tuple[int, ...]) -> None:
    """To the watt-hour and to the minor unit, by each key."""
    trial, id = cast(method)
    before = money_of(trial, *MEMBERS, *OWNERS)
    do(trial, sharing_of(id), STRANGER)
    settled = [trial.read(Settlement, each) for each in CONSUMPTIONS]
    assert list(credited) == [0 if each is None else each.total_wh for each in settled]
    total = sum(credited)
    incomes = [total - total // 4, total // 4] if total % 4 == 0 else None
    after = money_of(trial, *MEMBERS, *OWNERS)
    assert sum(before) == sum(after)
    assert [old - paid for old, paid in zip(before, credited, strict=False)] == after[:3]
    assert incomes is None or incomes == after[3:]
    assert 0 == till_of(trial, id)
    shared = trial.read(Shared, PRODUCTION)
    assert shared is not None
    assert (credited, credited, PRODUCED_WH) == (
        shared.credited_wh,
        shared.paid,
        shared.produced_wh,
    )


AMOUNTS_WH = st.integers(0, 3_000)
DEPOSITS_LEFT = st.integers(1, 3_000)


@settings(max_examples=60, deadline=None)
@given(
    method=st.sampled_from(Method),
    used_wh=st.tuples(AMOUNTS_WH, AMOUNTS_WH, AMOUNTS_WH),
    deposits=st.tuples(DEPOSITS_LEFT, DEPOSITS_LEFT, DEPOSITS_LEFT),
    price=st.integers(0, 3_000_000),
)
def test_neither_money_nor_energy_is_made_or_lost(
    method: Method, used_wh: tuple[int, int, int], deposits: tuple[int, int, int], price: int
) -> None:
    """What members pay is what owners get; nobody is credited with more than it used or can pay."""
    trial, id = prepared(replace(agreement(method), price_per_mwh=price), deposits, used_wh)
    before = money_of(trial, *MEMBERS, *OWNERS)
    do(trial, sharing_of(id), OPERATOR)
    after = money_of(trial, *MEMBERS, *OWNERS)
    shared = trial.read(Shared, PRODUCTION)
    assert shared is not None
    assert sum(before) == sum(after)
    assert 0 == till_of(trial, id)
    changes = [new - old for old, new in zip(before, after, strict=True)]
    assert [-each for each in shared.paid] + list(shared.received) == changes
    assert all(got <= used for got, used in zip(shared.credited_wh, used_wh, strict=True))
    assert all(paid <= left for paid, left in zip(shared.paid, deposits, strict=True))
    assert tuple(wh * price // 1_000_000 for wh in shared.credited_wh) == shared.paid
    assert sum(shared.credited_wh) <= PRODUCED_WH
    assert not list(trial.violations())


def prepared(
    command: Agree, deposits: tuple[int, int, int], used_wh: tuple[int, int, int]
) -> tuple[Trial, RecordId]:
    """Return a ledger on which a production can be shared by any agreement of the cast."""
    trial = found()
    with_money(trial)
    id = agreed(trial, command)
    for member, amount in zip(MEMBERS, deposits, strict=True):
        pay_in(trial, id, member, amount=amount)
    enrol(trial, id, *MEMBERS)
    trial.move_to(END * 1_000)
    publish(trial, used_wh=used_wh)
    trial.move_to(NOW)
    return trial, id


EXTREMES = st.one_of(
    st.integers(0, AMOUNT_MAX),
    st.sampled_from([0, 1, 999_999, 1_000_000, 1_000_001, AMOUNT_MAX - 1, AMOUNT_MAX]),
)
RICHES = AMOUNT_MAX - 50_000


@settings(max_examples=60, deadline=None)
@given(
    method=st.sampled_from(Method),
    made_wh=EXTREMES.filter(bool),
    used_wh=st.tuples(EXTREMES, EXTREMES, EXTREMES),
    deposit=st.one_of(st.integers(1, RICHES), st.just(RICHES)),
    price=EXTREMES,
)
def test_every_amount_that_is_told_is_an_amount(
    method: Method, made_wh: int, used_wh: tuple[int, int, int], deposit: int, price: int
) -> None:
    """However much was measured, and whatever it costs, every event can be read again."""
    trial = found()
    with_money(trial)
    do(trial, Mint(MONEY, key(CARL), RICHES, "", "", 0, None), MINT)
    id = agreed(trial, replace(agreement(method), price_per_mwh=price))
    pay_in(trial, id, CARL, amount=deposit)
    pay_in(trial, id, DORA, EMIL)
    enrol(trial, id, *MEMBERS)
    trial.move_to(END * 1_000)
    publish(trial, made_wh=made_wh, used_wh=used_wh)
    trial.move_to(NOW)
    told = do(trial, sharing_of(id), STRANGER)
    assert told == [decode(encode(each), type(each)) for each in told]
    left_out = {each.member: each for each in told if isinstance(each, MemberNotCovered)}
    for member, used in zip(MEMBERS, used_wh, strict=True):
        cost, left = used * price // WH_PER_MWH, deposit if member == CARL else DEPOSIT
        assert (cost > left) == (key(member) in left_out)
        if cost > left:
            assert min(cost, AMOUNT_MAX) == left_out[key(member)].cost
    assert not list(trial.violations())


def test_what_is_left_over_goes_back() -> None:
    """Free, and still the owner's."""
    trial, id = cast(members=(DORA,))
    do(trial, sharing_of(id), STRANGER)
    rest = [
        record
        for _, _, after in trial.candidate.overlay.changes()
        for record in after.values()
        if isinstance(record, Certificate) and record.next is None
    ]
    assert [(700, key(ROOF), None)] == [(each.amount_wh, each.owner, each.lock) for each in rest]


def test_who_cannot_pay_is_credited_nothing_and_stops_nobody() -> None:
    """A deposit that is taken back counts as no consumption."""
    trial, id = cast(Method.DYNAMIC)
    do(trial, Withdraw(id, key(EMIL)), EMIL)
    do(trial, sharing_of(id), STRANGER)
    shared = trial.read(Shared, PRODUCTION)
    assert shared is not None
    assert (600, 300, 0) == shared.credited_wh
    assert [10_000] == money_of(trial, EMIL)
    (told,) = [each for each in trial.events if isinstance(each, MemberNotCovered)]
    assert (key(EMIL), 0) == (told.member, told.left)
    assert told.cost > 0


def test_a_deposit_is_the_members_until_it_is_used() -> None:
    """Everything that was not paid comes back, once."""
    trial, id = cast()
    pay_in(trial, id, CARL, amount=7)
    do(trial, sharing_of(id), STRANGER)
    do(trial, Withdraw(id, key(CARL)), CARL)
    assert NothingDeposited == trial.execute(Withdraw(id, key(CARL)), signers=[CARL])
    found = trial.ask(ShowBalance(MONEY, key(CARL)))
    assert isinstance(found, BalanceView)
    assert (10_000 - 500, 0) == (found.spendable, found.locked)
    assert DEPOSIT > 500
