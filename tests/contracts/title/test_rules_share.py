"""A roof that belongs to many: who shares it, and how its income reaches everybody."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.base.apportion import apportion
from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts.asset.commands import Burn, Define, Mint, Transfer
from tallystick.contracts.asset.errors import AssetNotFound, MintingHasEnded, NotEnough
from tallystick.contracts.asset.events import AssetDefined
from tallystick.contracts.asset.model import Balance, Burners, Kind
from tallystick.contracts.title.commands import Distribute, Retire, Share
from tallystick.contracts.title.errors import (
    AmountIsZero,
    HoldersAreNotAll,
    HoldersNotAscending,
    NobodyToPay,
    OwnerHasNotSigned,
    OwnerIsNotIssuer,
    PayerHasNotSigned,
    ShareClassIsSerial,
    ShareClassNotFound,
    SharesAreOut,
    SupplyIsNotFixed,
    TitleIsLocked,
    TitleIsNotShared,
    TitleIsRetired,
    TitleIsShared,
    TitleNotFound,
)
from tallystick.contracts.title.model import HOLDERS_MAX, TitleShare, title_id
from tallystick.core.errors import UnknownCommand
from tallystick.core.holding import Lock, holding_id, vault
from tallystick.testing.foreign import Neighbour
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.title.cases import (
    ALICE,
    BOB,
    CAROL,
    CLERK,
    FIRST,
    INSURER,
    ISSUER,
    LOCK,
    NOW,
    SECOND,
    STRANGER,
    UNKNOWN,
    WRECK,
    car,
    cast,
    do,
    locked,
    shares,
    title_of,
)

ROOF = title_id("roof", "R-1")
VAULT = vault("market", LOCK)
Case = Callable[[Neighbour], Record]


def money(trial: Neighbour, owner: int = INSURER, amount: int = 1_000) -> RecordId:
    """Define money, give somebody some, and return its id."""
    define = Define("crown", "CZK", 2, Kind.FUNGIBLE, (key(ISSUER),), 0, 0, True, Burners.ISSUER)  # noqa: FBT003
    (event,) = do(trial, define, ISSUER)
    assert isinstance(event, AssetDefined)
    do(trial, Mint(event.asset, key(owner), amount, "", "", 0, None), ISSUER)
    return event.asset


class Roof:
    """A roof of Alice's, shared: she has 50, Bob 30 (of which 10 are locked), Carol 20."""

    def __init__(self) -> None:
        self.trial = cast()
        do(self.trial, car("R-1", ALICE, (), kind="roof"), CLERK, ALICE)
        self.shares = shares(self.trial)
        do(self.trial, Share(ROOF, self.shares), ALICE)
        for owner, amount in ((BOB, 30), (CAROL, 20)):
            do(self.trial, Transfer(self.shares, key(ALICE), key(owner), amount), ALICE)
        lock = Lock("asset", holding_id(self.shares, key(BOB)), LOCK, 0, 10)
        assert accepted == self.trial.execute(lock, signers=[BOB], caller="market")
        self.money = money(self.trial)

    def distribute(
        self, *holders: int | PublicKey, amount: int = 100, title: RecordId = ROOF
    ) -> Distribute:
        """Return a distribution that is accepted from INSURER, who uses the roof."""
        everybody = holders or (ALICE, BOB, CAROL)
        keys = sorted(key(each) if isinstance(each, int) else each for each in everybody)
        return Distribute(title, self.money, key(INSURER), amount, tuple(keys))

    def paid(self) -> list[int]:
        """Return what Alice, Bob and Carol have of the money."""
        accounts = [
            self.trial.read(Balance, holding_id(self.money, key(owner)))
            for owner in (ALICE, BOB, CAROL)
        ]
        return [0 if each is None else each.spendable for each in accounts]


SHARE: list[tuple[str, Case, list[int], Verdict]] = [
    ("ended and capped", lambda trial: Share(FIRST, shares(trial)), [ALICE], accepted),
    (
        "ended with this block",
        lambda trial: Share(FIRST, shares(trial, cap=0, last_mint_at=NOW + 10)),
        [ALICE],
        accepted,
    ),
    ("no title", lambda trial: Share(UNKNOWN, shares(trial)), [ALICE], TitleNotFound),
    ("no class", lambda _: Share(FIRST, UNKNOWN), [ALICE], ShareClassNotFound),
    ("wrong signer", lambda trial: Share(FIRST, shares(trial)), [BOB], OwnerHasNotSigned),
    ("retired", lambda trial: Share(WRECK, shares(trial)), [ALICE], TitleIsRetired),
    ("locked", lambda trial: Share(SECOND, shares(trial)), [ALICE], TitleIsLocked),
    (
        "another's class",
        lambda trial: Share(FIRST, shares(trial, issuer=BOB)),
        [ALICE],
        OwnerIsNotIssuer,
    ),
    (
        "serial",
        lambda trial: Share(FIRST, shares(trial, kind=Kind.SERIAL)),
        [ALICE],
        ShareClassIsSerial,
    ),
    (
        "open",
        lambda trial: Share(FIRST, shares(trial, cap=0, last_mint_at=0)),
        [ALICE],
        SupplyIsNotFixed,
    ),
    (
        "only capped",
        lambda trial: Share(FIRST, shares(trial, last_mint_at=0)),
        [ALICE],
        SupplyIsNotFixed,
    ),
    ("empty", lambda trial: Share(FIRST, shares(trial, minted=0)), [ALICE], SupplyIsNotFixed),
    (
        "not yet ended",
        lambda trial: Share(FIRST, shares(trial, cap=0, last_mint_at=NOW + 11)),
        [ALICE],
        SupplyIsNotFixed,
    ),
    (
        "burned by issuers",
        lambda trial: Share(FIRST, shares(trial, burners=Burners.EITHER)),
        [ALICE],
        SupplyIsNotFixed,
    ),
]


@pytest.mark.parametrize(
    ("case", "signers", "verdict"), [row[1:] for row in SHARE], ids=[row[0] for row in SHARE]
)
def test_share(case: Case, signers: list[int], verdict: Verdict) -> None:
    """Nobody can make more shares, or take those of others away."""
    trial = cast()
    locked(trial, SECOND)
    command = case(trial)
    trial.move_to(NOW + 10)
    assert verdict == trial.execute(command, signers=signers), trial.message


def test_a_title_is_shared_once_and_a_class_is_of_one_title() -> None:
    """Neither a second class of the one nor a second title of the other."""
    trial = cast()
    one, other = shares(trial), shares(trial)
    do(trial, Share(FIRST, one), ALICE)
    for command in (Share(FIRST, one), Share(FIRST, other), Share(SECOND, one)):
        assert TitleIsShared == trial.execute(command, signers=[ALICE])
    do(trial, Share(SECOND, other), ALICE)


DISTRIBUTE: list[tuple[str, Callable[[Roof], Record], list[int], Verdict]] = [
    ("honest", lambda roof: roof.distribute(), [INSURER], accepted),
    ("all there is", lambda roof: roof.distribute(amount=1_000), [INSURER], accepted),
    ("less than there are", lambda roof: roof.distribute(amount=1), [INSURER], accepted),
    (
        "one who has none",
        lambda roof: roof.distribute(ALICE, BOB, CAROL, STRANGER),
        [INSURER],
        accepted,
    ),
    ("no title", lambda roof: roof.distribute(title=UNKNOWN), [INSURER], TitleNotFound),
    ("not shared", lambda roof: roof.distribute(title=FIRST), [INSURER], TitleIsNotShared),
    ("wrong signer", lambda roof: roof.distribute(), [ALICE], PayerHasNotSigned),
    ("nothing", lambda roof: roof.distribute(amount=0), [INSURER], AmountIsZero),
    (
        "twice the same",
        lambda roof: roof.distribute(ALICE, BOB, BOB, CAROL),
        [INSURER],
        HoldersNotAscending,
    ),
    (
        "out of order",
        lambda roof: Distribute(
            ROOF,
            roof.money,
            key(INSURER),
            1,
            tuple(sorted((key(ALICE), key(BOB), key(CAROL)), reverse=True)),
        ),
        [INSURER],
        HoldersNotAscending,
    ),
    ("one left out", lambda roof: roof.distribute(ALICE, BOB), [INSURER], HoldersAreNotAll),
    (
        "a stranger for one",
        lambda roof: roof.distribute(ALICE, BOB, STRANGER),
        [INSURER],
        HoldersAreNotAll,
    ),
    ("too much", lambda roof: roof.distribute(amount=1_001), [INSURER], NotEnough),
    (
        "no such money",
        lambda roof: Distribute(ROOF, UNKNOWN, key(INSURER), 5, roof.distribute().holders),
        [INSURER],
        AssetNotFound,
    ),
    (
        "too many",
        lambda roof: Distribute(
            ROOF, roof.money, key(INSURER), 5, (key(ALICE),) * (HOLDERS_MAX + 1)
        ),
        [INSURER],
        UnknownCommand,
    ),
]


@pytest.mark.parametrize(
    ("case", "signers", "verdict"),
    [row[1:] for row in DISTRIBUTE],
    ids=[row[0] for row in DISTRIBUTE],
)
def test_distribute(case: Callable[[Roof], Record], signers: list[int], verdict: Verdict) -> None:
    """Everybody who has shares is paid, or nobody."""
    roof = Roof()
    assert verdict == roof.trial.execute(case(roof), signers=signers), roof.trial.message
    if verdict is not accepted:
        assert [0, 0, 0] == roof.paid()


def test_who_is_paid_what() -> None:
    """In proportion, to the last unit, also for what is locked; each time is counted."""
    roof = Roof()
    do(roof.trial, roof.distribute(amount=100), INSURER)
    assert [50, 30, 20] == roof.paid()
    do(roof.trial, roof.distribute(amount=7), INSURER)
    more = [after - before for before, after in zip([50, 30, 20], roof.paid(), strict=True)]
    assert [3, 2, 1] <= more <= [4, 3, 2]
    assert 107 == sum(roof.paid())
    assert TitleShare(roof.shares, NOW + 1, 2) == roof.trial.read(TitleShare, ROOF)


def test_an_owner_pays_himself_too() -> None:
    """Who pays and has shares ends with his part of what he paid."""
    roof = Roof()
    do(roof.trial, Transfer(roof.money, key(INSURER), key(ALICE), 100), INSURER)
    command = Distribute(ROOF, roof.money, key(ALICE), 100, roof.distribute().holders)
    do(roof.trial, command, ALICE)
    assert [50, 30, 20] == roof.paid()


def test_vaults_count_and_are_not_paid() -> None:
    """What lies there is nobody's for now: the others share the income, if there are any."""
    roof = Roof()
    do(roof.trial, Transfer(roof.shares, key(CAROL), VAULT, 20), CAROL)
    assert HoldersAreNotAll == roof.trial.execute(roof.distribute(), signers=[INSURER])
    do(roof.trial, roof.distribute(ALICE, BOB, VAULT, amount=80), INSURER)
    assert [50, 30, 0] == roof.paid()
    assert roof.trial.read(Balance, holding_id(roof.money, VAULT)) is None


def test_where_all_lies_in_vaults_nobody_is_paid() -> None:
    """The payer keeps it."""
    trial = cast()
    id = shares(trial)
    do(trial, Share(FIRST, id), ALICE)
    do(trial, Transfer(id, key(ALICE), VAULT, 100), ALICE)
    command = Distribute(FIRST, money(trial), key(INSURER), 10, (VAULT,))
    assert NobodyToPay == trial.execute(command, signers=[INSURER])


def test_a_share_that_moved_meanwhile_stops_the_payment() -> None:
    """Who pays names the holders again, and nobody was paid twice."""
    roof = Roof()
    command = roof.distribute()
    do(roof.trial, Transfer(roof.shares, key(CAROL), key(STRANGER), 5), CAROL)
    assert HoldersAreNotAll == roof.trial.execute(command, signers=[INSURER])
    do(roof.trial, roof.distribute(ALICE, BOB, CAROL, STRANGER), INSURER)
    assert [50, 30, 15] == roof.paid()


def test_what_was_burned_is_no_share() -> None:
    """Its owner gave it up to all others, and the issuer cannot mint it again."""
    roof = Roof()
    do(roof.trial, Burn(roof.shares, key(CAROL), 20, "a gift"), CAROL)
    mint = Mint(roof.shares, key(ALICE), 20, "", "", 0, None)
    assert MintingHasEnded == roof.trial.execute(mint, signers=[ALICE])
    do(roof.trial, roof.distribute(ALICE, BOB, amount=80), INSURER)
    assert [50, 30, 0] == roof.paid()


def test_a_shared_title_is_ended_by_whoever_has_all_of_it() -> None:
    """As long as others have shares, it stands; a transfer of the title changes nothing of that."""
    roof = Roof()
    assert SharesAreOut == roof.trial.execute(Retire(ROOF), signers=[ALICE])
    for owner, amount in ((BOB, 20), (CAROL, 20)):
        do(roof.trial, Transfer(roof.shares, key(owner), key(ALICE), amount), owner)
    assert SharesAreOut == roof.trial.execute(Retire(ROOF), signers=[ALICE])
    do(roof.trial, Burn(roof.shares, key(ALICE), 90, "done"), ALICE)
    assert SharesAreOut == roof.trial.execute(Retire(ROOF), signers=[ALICE])
    trial = cast()
    do(trial, Share(FIRST, shares(trial)), ALICE)
    do(trial, Retire(FIRST), ALICE)
    assert trial.time == title_of(trial, FIRST).retired_at


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.integers(1, 60), min_size=1, max_size=6),
    st.integers(1, 10_000),
)
def test_income_is_conserved(held: list[int], amount: int) -> None:
    """Whatever the shares, what is paid out is what was paid in, by largest remainder."""
    trial = cast()
    id = shares(trial, minted=sum(held), cap=sum(held))
    do(trial, Share(FIRST, id), ALICE)
    owners = sorted(key(50 + n) for n in range(len(held)))
    for owner, part in zip(owners, held, strict=True):
        do(trial, Transfer(id, key(ALICE), owner, part), ALICE)
    unit = money(trial, INSURER, amount)
    do(trial, Distribute(FIRST, unit, key(INSURER), amount, tuple(owners)), INSURER)
    accounts = [trial.read(Balance, holding_id(unit, owner)) for owner in owners]
    paid = [0 if each is None else each.spendable for each in accounts]
    assert apportion(held, amount) == paid
    assert amount == sum(paid)


Step = tuple[str, int, int, int]
"""What is done in between: a verb, who, to whom, and how many."""

OWNERS = (*sorted(key(50 + n) for n in range(4)), VAULT)
"""Four people and a vault, which has no signature."""

steps: st.SearchStrategy[list[Step]] = st.lists(
    st.tuples(
        st.sampled_from(["give", "give", "burn", "pay", "pay"]),
        st.integers(0, 3),
        st.integers(0, 4),
        st.integers(1, 40),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(held=st.lists(st.integers(0, 60), min_size=4, max_size=4), locked=st.integers(0, 60),
       history=steps)  # fmt: skip
def test_whatever_moves_between_payments(held: list[int], locked: int, history: list[Step]) -> None:
    """
    Shares that move within one transaction are paid once for each payment, wherever they are then.

    Nobody is paid for shares that he had before or after, vaults never, locked shares always; and
    the payer pays each time exactly what was said.
    """
    trial, supply = cast(), sum(held) + 1
    id = shares(trial, minted=supply, cap=supply)
    do(trial, Share(FIRST, id), ALICE)
    have = dict(zip(OWNERS, [*held, 1], strict=True))
    for owner, amount in have.items():
        if amount:
            do(trial, Transfer(id, key(ALICE), owner, amount), ALICE)
    stuck = min(locked, held[0])
    if stuck:
        lock = Lock("asset", holding_id(id, OWNERS[0]), LOCK, 0, stuck)
        assert accepted == trial.execute(lock, signers=[OWNERS[0]], caller="market")
    unit, due = money(trial, INSURER, 1_000), dict.fromkeys(OWNERS, 0)
    commands: list[Record] = []
    for verb, who, whom, amount in history:
        source, target = OWNERS[who], OWNERS[whom]
        possible = min(amount, have[source] - (stuck if who == 0 else 0))
        if verb == "pay" and any(have[each] for each in OWNERS[:4]):
            commands.append(Distribute(FIRST, unit, key(INSURER), amount, holders_of(have)))
            people = [each for each in OWNERS[:4] if have[each]]
            parts = apportion([have[each] for each in people], amount)
            due = {each: due[each] + dict(zip(people, parts, strict=True)).get(each, 0)
                   for each in OWNERS}  # fmt: skip
        elif verb == "give" and possible:
            commands.append(Transfer(id, source, target, possible))
            have[source] -= possible
            have[target] += possible
        elif verb == "burn" and possible:
            commands.append(Burn(id, source, possible, "a gift"))
            have[source] -= possible
    if commands:
        assert accepted == trial.execute(commands, signers=[INSURER, *OWNERS[:4]]), trial.message
    assert due == {each: balance_of(trial, unit, each) for each in OWNERS}
    assert 1_000 == balance_of(trial, unit, key(INSURER)) + sum(due.values())
    assert have == {each: balance_of(trial, id, each) for each in OWNERS}


def holders_of(have: dict[PublicKey, int]) -> tuple[PublicKey, ...]:
    """Return who has shares, ascending."""
    return tuple(sorted(owner for owner, amount in have.items() if amount))


def balance_of(trial: Neighbour, unit: RecordId, owner: PublicKey) -> int:
    """Return what somebody has, free or locked."""
    found = trial.read(Balance, holding_id(unit, owner))
    return 0 if found is None else found.spendable + found.locked


def test_income_paid_in_the_very_shares() -> None:
    """Is counted as they were before the first of it was paid."""
    roof = Roof()
    command = Distribute(ROOF, roof.shares, key(ALICE), 10, roof.distribute().holders)
    do(roof.trial, command, ALICE)
    have = [balance_of(roof.trial, roof.shares, key(each)) for each in (ALICE, BOB, CAROL)]
    assert [50 - 10 + 5, 30 + 3, 20 + 2] == have
