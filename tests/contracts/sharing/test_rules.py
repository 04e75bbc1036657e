"""Who agrees, pays in, withdraws and shares, and what comes of it."""

import ast
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts import sharing
from tallystick.contracts.asset.errors import NotEnough
from tallystick.contracts.asset.views import BalanceView, ShowBalance
from tallystick.contracts.certificate.commands import Correct
from tallystick.contracts.certificate.model import CORRECT, Certificate, Settlement, child_id
from tallystick.contracts.measurement.model import Kind, Quality, measurement_id
from tallystick.contracts.sharing import errors
from tallystick.contracts.sharing.commands import Agree, PayIn, Withdraw
from tallystick.contracts.sharing.errors import (
    AmountIsZero,
    IncomesAreNoWhole,
    KeyNotFound,
    NamedTwice,
    NotAMember,
    NothingDeposited,
    NotPledged,
    NotShared,
    PartyHasNotSigned,
    ReadingNotFound,
    ReadingUsedTwice,
    SharedBefore,
    SharesExceedWhole,
    SignerIsNotOperator,
    TooEarly,
    WrongCount,
    WrongReading,
)
from tallystick.contracts.sharing.events import MemberNotCovered
from tallystick.contracts.sharing.model import Method, Shared
from tallystick.core.errors import UnknownCommand
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, Verdict, accepted
from tests.contracts.sharing.cases import (
    ANNA,
    BEGIN,
    BEN,
    CARL,
    CONSUMPTIONS,
    DEPOSIT,
    DORA,
    EMIL,
    END,
    EVERYBODY,
    ISSUING_BODY,
    KEY,
    MEMBERS,
    METERS,
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
    do,
    found,
    measured,
    money_of,
    pay_in,
    pledge,
    publish,
    sharing_of,
    till_of,
    with_money,
)

Row = tuple[Record, list[int], Verdict]
"""A command, the numbers of the keys that sign, and the verdict."""

ALL = list(EVERYBODY)
LONG, ELSEWHERE, UNPLEDGED = range(201, 204)
"""Numbers of the owner keys of further meters."""

OTHER = {meter: measurement_id(key(meter), BEGIN) for meter in (LONG, ELSEWHERE, UNPLEDGED)}

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

FIRST, SECOND, THIRD = CONSUMPTIONS
SHARE: list[Row] = [
    (sharing_of(KEY), [STRANGER], accepted),
    (sharing_of(KEY, consumptions=(None, SECOND, None)), [STRANGER], accepted),
    (sharing_of(KEY, consumptions=(None, None, None)), [STRANGER], accepted),
    (sharing_of(UNKNOWN), [STRANGER], KeyNotFound),
    (sharing_of(KEY, consumptions=CONSUMPTIONS[:2]), [STRANGER], WrongCount),
    (sharing_of(KEY, UNKNOWN), [STRANGER], ReadingNotFound),
    (sharing_of(KEY, consumptions=(UNKNOWN, SECOND, THIRD)), [STRANGER], ReadingNotFound),
    (sharing_of(KEY, FIRST), [STRANGER], WrongReading),
    (sharing_of(KEY, consumptions=(PRODUCTION, SECOND, THIRD)), [STRANGER], WrongReading),
    (sharing_of(KEY, consumptions=(OTHER[LONG], None, None)), [STRANGER], WrongReading),
    (sharing_of(KEY, consumptions=(OTHER[ELSEWHERE], None, None)), [STRANGER], WrongReading),
    (sharing_of(KEY, consumptions=(FIRST, FIRST, None)), [STRANGER], ReadingUsedTwice),
    (sharing_of(KEY, consumptions=(OTHER[UNPLEDGED], None, None)), [STRANGER], NotPledged),
]


@pytest.mark.parametrize(("command", "signers", "verdict"), [*AGREE, *DEPOSITS, *SHARE])
def test_each_command(command: Record, signers: list[int], verdict: Verdict) -> None:
    """Each is accepted from whom it should be, and refused for its own reason."""
    trial, _ = cast()
    for meter, length, sector in (
        (LONG, 2 * QUARTER, "village"),
        (ELSEWHERE, QUARTER, "valley"),
        (UNPLEDGED, QUARTER, "village"),
    ):
        reading = measured(meter, Kind.CONSUMPTION, 10, length=length, sector=sector)
        do(trial, reading, ISSUING_BODY)
    assert verdict == trial.execute(command, signers=signers)


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


def test_production_that_nobody_pledged_is_not_shared() -> None:
    """Its certificate is its owner's alone."""
    trial, id = cast()
    other = 300
    do(trial, measured(other, Kind.PRODUCTION, 10), ISSUING_BODY)
    production = measurement_id(key(other), BEGIN)
    assert NotPledged == trial.execute(sharing_of(id, production), signers=[STRANGER, other])


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
    pledge(trial, id, ROOF, *METERS)
    trial.move_to(END * 1_000)
    publish(trial, used_wh=used_wh)
    trial.move_to(NOW)
    return trial, id


def test_what_is_left_over_goes_back() -> None:
    """Free, and still the owner's."""
    trial, id = cast()
    do(trial, sharing_of(id, consumptions=(None, SECOND, None)), STRANGER)
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


CODES = {
    "KeyNotFound": 751,
    "NotShared": 752,
    "SignerIsNotOperator": 760,
    "PartyHasNotSigned": 761,
    "NotAMember": 762,
    "NamedTwice": 763,
    "SharesExceedWhole": 764,
    "IncomesAreNoWhole": 765,
    "AmountIsZero": 766,
    "NothingDeposited": 767,
    "WrongCount": 770,
    "SharedBefore": 771,
    "ReadingNotFound": 772,
    "WrongReading": 773,
    "ReadingUsedTwice": 774,
    "TooEarly": 775,
    "NotPledged": 776,
}
"""Part of consensus: a code is never given to another reason."""


def test_codes_are_as_published() -> None:
    """The contract lists every rejection once, lowest code first, and every one occurs."""
    listed = {kind.__name__: kind.code for kind in errors.REJECTIONS}
    assert list(CODES.items()) == list(listed.items())
    verdicts = {verdict for table in (AGREE, DEPOSITS, SHARE) for _, _, verdict in table}
    others = {accepted, UnknownCommand, NotEnough}
    assert set(errors.REJECTIONS) == verdicts - others | {TooEarly, SharedBefore, NotShared}


@pytest.mark.parametrize("module", ["rules", "readings", "claims"])
def test_rules_check_in_order_of_precedence(module: str) -> None:
    """In each function, what is raised first has the lower code."""
    tree = ast.parse((Path(str(sharing.__file__)).parent / f"{module}.py").read_text())
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            names = [
                name.id
                for node in sorted(_raises(function), key=lambda each: each.lineno)
                for name in [node.exc.func if isinstance(node.exc, ast.Call) else node.exc]
                if isinstance(name, ast.Name) and name.id in CODES
            ]
            codes = [CODES[name] for name in names]
            assert all(before <= after for before, after in pairwise(codes)), function.name


def _raises(function: ast.FunctionDef) -> list[ast.Raise]:
    """Return where a function raises."""
    return [node for node in ast.walk(function) if isinstance(node, ast.Raise)]
