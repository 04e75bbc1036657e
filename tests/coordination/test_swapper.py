"""Two things change places, or each is where it was, whoever goes away."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from msgspec.structs import replace

from tallystick.base.identifiers import LedgerId
from tallystick.client.foreign import CannotCosign, trust_of
from tallystick.client.ledger import Ledger
from tallystick.contracts.asset.errors import NotEnough
from tallystick.coordination.belief import NobodyTrusted
from tallystick.coordination.coordinator import LedgerNotAtHand
from tallystick.coordination.diary import Diary
from tallystick.coordination.entries import Leg, SwapBegun, Terms
from tallystick.coordination.signing import Secrets
from tallystick.coordination.swap import (
    Assumptions,
    DeadlinesOutOfOrder,
    Role,
    Side,
    SwapOutcome,
    lock_command,
    lock_nonce,
    propose,
)
from tallystick.coordination.swapper import PreimageDiffers, Swapper
from tallystick.coordination.watchtower import Watchtower
from tallystick.core.holding import holding_id
from tallystick.testing.keys import key
from tests.coordination.doom import Crash, Doom, DoomedBook, doomed_ledgers
from tests.coordination.world import ANNA, BERT, MINUTE, PLENTY, World, secrets_of, world

ASSUMED = Assumptions(finality_lead=1_000, finality_follow=1_000, clock_skew=2_000, claim=10_000)


def leg(place: World, n: int, owner: int, beneficiary: int, amount: int = 10) -> Leg:
    """Return what somebody gives on the n-th ledger."""
    ledger = place.list[n]
    return Leg(
        ledger=ledger.id,
        contract="asset",
        holding=holding_id(place.units[ledger.id], key(owner)),
        amount=amount,
        owner=key(owner),
        beneficiary=key(beneficiary),
        until=0,
    )


def terms_of(place: World) -> tuple[Terms, bytes]:
    """Return terms by which Anna leads on the first ledger, and Bert follows on the second."""
    return propose(
        leg(place, 0, ANNA, BERT),
        leg(place, 1, BERT, ANNA),
        now=place.clock(),
        lasting=MINUTE,
        assumptions=ASSUMED,
    )


def swapper(place: World, who: int, name: str = "") -> Swapper:
    """Return a party's swapper, with a diary if it has a name."""
    trusts = {ledger.id: trust_of(ledger) for ledger in place.list}
    book = Diary.open(place.folder / name, b"k" * 32, work_bits=1) if name else None
    return Swapper(place.ledgers, trusts, Secrets(secrets_of(who)), book, assumptions=ASSUMED)


def test_both_are_paid(tmp_path: Path) -> None:
    """When both parties are there, each gets what the other gave."""
    with world(tmp_path) as place:
        terms, preimage = terms_of(place)
        anna, bert = swapper(place, ANNA), swapper(place, BERT)
        swap = anna.lead(terms, preimage)
        assert swap == bert.follow(terms)
        while anna.open or bert.open:
            anna.step()
            bert.step()
        assert SwapOutcome.SWAPPED is anna.ended[swap].outcome
        assert SwapOutcome.SWAPPED is bert.ended[swap].outcome
        assert [PLENTY - 10, PLENTY + 10] == place.spendable(ANNA)
        assert [PLENTY + 10, PLENTY - 10] == place.spendable(BERT)


def doomed(place: World, doom: Doom, name: str, role: Role, swap: tuple[Terms, bytes]) -> Swapper:
    """Return a party's swapper in a process that may end."""
    who = ANNA if role is Role.LEADER else BERT
    trusts = {ledger.id: trust_of(ledger) for ledger in place.list}
    book = Diary.open(place.folder / name, b"k" * 32, work_bits=1)
    made = Swapper(
        doomed_ledgers(place, doom),
        trusts,
        Secrets(secrets_of(who)),
        DoomedBook(book, doom),
        assumptions=ASSUMED,
    )
    terms, preimage = swap
    made.begin_all([(terms, preimage if role is Role.LEADER else b"")])
    return made


def until_crash(doomed_one: Swapper, other: Swapper) -> None:
    """Let two parties act in turn until nothing is left to do, or one of them ends."""
    while doomed_one.open or other.open:
        got_on = doomed_one.step() | other.step()
        if not got_on and not doomed_one.open:
            return


def begin(place: World, role: Role, name: str, doom: Doom) -> tuple[Terms, bytes]:
    """Run a swap in which one party may crash; return what was agreed."""
    swap = terms_of(place)
    terms, preimage = swap
    other = swapper(place, BERT if role is Role.LEADER else ANNA, f"{name}-other")
    other.begin_all([(terms, b"" if role is Role.LEADER else preimage)])
    until_crash(doomed(place, doom, name, role, swap), other)
    return swap


def restarted(place: World, role: Role, name: str) -> Swapper:
    """Continue a party's diary."""
    return swapper(place, ANNA if role is Role.LEADER else BERT, name)


@pytest.mark.parametrize("role", list(Role))
def test_killed_at_any_moment_and_restarted(tmp_path: Path, role: Role) -> None:
    """Whichever party ends at any moment and is restarted, twice at once, both are paid."""
    with world(tmp_path) as place:
        doom = Doom()
        begin(place, role, "counted", doom)
        assert 8 <= doom.moments
        for moment in range(2, doom.moments):
            before = place.spendable(BERT)
            name = f"restarted-{moment}"
            with pytest.raises(Crash):
                begin(place, role, name, Doom(moment))
            other = Role.FOLLOWER if role is Role.LEADER else Role.LEADER
            parties = [restarted(place, role, name), restarted(place, role, name)]
            parties.append(restarted(place, other, f"{name}-other"))
            with ThreadPoolExecutor(3) as pool:
                ends = list(pool.map(Swapper.run, parties))
            outcomes = {end.outcome for each in ends for end in each.values()}
            assert {SwapOutcome.SWAPPED} == outcomes
            assert [before[0] + 10, before[1] - 10] == place.spendable(BERT)
            assert 0 == place.locked()


@pytest.mark.parametrize("role", list(Role))
def test_killed_at_any_moment_and_never_back(tmp_path: Path, role: Role) -> None:
    """A watchtower ends it: both are paid, or both have back what they gave."""
    with world(tmp_path) as place:
        doom = Doom()
        begin(place, role, "counted", doom)
        ends = set()
        for moment in range(2, doom.moments):
            before = place.spendable(BERT)
            name = f"gone-{moment}"
            with pytest.raises(Crash):
                begin(place, role, name, Doom(moment))
            other = Role.FOLLOWER if role is Role.LEADER else Role.LEADER
            survivor = restarted(place, other, f"{name}-other")
            tower = Watchtower(place.ledgers)
            for _ in range(10):
                survivor.step()
                tower.step()
                place.clock.move(10_000)
            while tower.step() or survivor.step():
                pass
            assert 0 == place.locked()
            after = place.spendable(BERT)
            moved = (after[0] - before[0], after[1] - before[1])
            assert moved in {(0, 0), (10, -10)}
            ends.add(moved)
        assert {(0, 0), (10, -10)} == ends


def test_nobody_is_paid_when_the_follower_never_locks(tmp_path: Path) -> None:
    """The leader has back what was given once its time has passed, and never shows the secret."""
    with world(tmp_path) as place:
        terms, preimage = terms_of(place)
        anna = swapper(place, ANNA)
        swap = anna.lead(terms, preimage)
        anna.step()
        anna.step()
        assert (PLENTY - 10, 10) == place.balance(0, ANNA)
        place.clock.move(terms.lead.until - place.clock() - 1)
        anna.step()
        assert (PLENTY - 10, 10) == place.balance(0, ANNA)
        place.clock.move(1)
        assert SwapOutcome.REFUNDED is anna.run()[swap].outcome
        assert (PLENTY, 0) == place.balance(0, ANNA)
        shown = b"".join(
            raw for ledger in place.list for b in ledger.follow(1) for raw in b.transactions
        )
        assert preimage not in shown


def test_the_follower_has_back_what_the_leader_left(tmp_path: Path) -> None:
    """A leader that locks and vanishes costs the follower nothing but time."""
    with world(tmp_path) as place:
        terms, preimage = terms_of(place)
        anna, bert = swapper(place, ANNA), swapper(place, BERT)
        anna.lead(terms, preimage)
        swap = bert.follow(terms)
        anna.step()
        bert.step()
        assert (PLENTY - 10, 10) == place.balance(1, BERT)
        place.clock.move(terms.follow.until - place.clock())
        assert SwapOutcome.REFUNDED is bert.run()[swap].outcome
        assert (PLENTY, 0) == place.balance(1, BERT)


def test_the_secret_is_not_shown_when_time_is_short(tmp_path: Path) -> None:
    """Closer to the follower's deadline than was assumed, the leader keeps the preimage."""
    with world(tmp_path) as place:
        terms, preimage = terms_of(place)
        anna, bert = swapper(place, ANNA), swapper(place, BERT)
        swap = anna.lead(terms, preimage)
        bert.follow(terms)
        anna.step()
        bert.step()
        place.clock.move(terms.follow.until - ASSUMED.reveal - place.clock() + 1)
        for _ in range(3):
            anna.step()
        place.clock.move(MINUTE)
        assert SwapOutcome.REFUNDED is anna.run()[swap].outcome
        assert SwapOutcome.REFUNDED is bert.run()[swap].outcome
        assert [PLENTY, PLENTY] == place.spendable(ANNA)


def test_a_lock_that_was_not_agreed_is_none(tmp_path: Path) -> None:
    """A leader that locks less than was agreed gets nothing for it."""
    with world(tmp_path) as place:
        terms, preimage = terms_of(place)
        bert = swapper(place, BERT)
        swap = bert.follow(terms)
        less = replace(lock_command(terms, Side.LEAD), amount=1)
        raw = Secrets(secrets_of(ANNA)).sign(
            place.list[0], [less], [key(ANNA)], nonce=lock_nonce(terms, Side.LEAD)
        )
        assert place.list[0].submit(raw).accepted
        assert 1 == place.balance(0, ANNA)[1]
        for _ in range(3):
            bert.step()
        place.clock.move(MINUTE)
        assert SwapOutcome.NOTHING is bert.run()[swap].outcome
        assert [PLENTY, PLENTY] == place.spendable(BERT)
        assert len(preimage) == 32


def test_nothing_is_locked_or_shown_without_enough_signatures(tmp_path: Path) -> None:
    """A party that pinned more keys than have signed does not act, and says why."""
    with world(tmp_path) as place:
        terms, preimage = terms_of(place)
        anna, bert = swapper(place, ANNA), swapper(place, BERT)
        anna.lead(terms, preimage)
        swap = bert.follow(terms)
        place.list[0].witnesses = ()
        for _ in range(4):
            anna.step()
            bert.step()
        assert (PLENTY, 0) == place.balance(1, BERT)
        place.clock.move(2 * MINUTE)
        end = bert.run()[swap]
        assert SwapOutcome.NOTHING is end.outcome
        assert end.refusal is not None
        assert "1 of the recognised keys signed, 2 must" in end.refusal.message


def test_a_swap_is_not_over_before_that_is_proven(tmp_path: Path) -> None:
    """While a party's own ledger proves nothing, it stays, and says why; then it ends."""
    with world(tmp_path) as place:
        terms, _ = terms_of(place)
        bert = swapper(place, BERT)
        swap = bert.follow(terms)
        (witness,) = place.witnesses
        cosign = witness.cosign

        def refuse(*_: object, **__: object) -> bytes:
            raise CannotCosign("it is away")

        witness.cosign = refuse  # type: ignore[method-assign]
        place.clock.move(2 * MINUTE)
        for _ in range(4):
            bert.step()
        assert 1 == bert.open
        witness.cosign = cosign  # type: ignore[method-assign]
        end = bert.run()[swap]
        assert SwapOutcome.NOTHING is end.outcome
        assert end.refusal is not None
        assert "1 of the recognised keys signed, 2 must" in end.refusal.message


def test_what_is_short_is_never_locked(tmp_path: Path) -> None:
    """A leader that doesn't have what it offers is told so, and nothing happens."""
    with world(tmp_path) as place:
        terms, preimage = propose(
            leg(place, 0, ANNA, BERT, PLENTY + 1),
            leg(place, 1, BERT, ANNA),
            now=place.clock(),
            lasting=MINUTE,
            assumptions=ASSUMED,
        )
        anna = swapper(place, ANNA)
        swap = anna.lead(terms, preimage)
        end = anna.run()[swap]
        assert SwapOutcome.NOTHING is end.outcome
        assert end.refusal is not None
        assert ("asset", NotEnough.code) == (end.refusal.contract, end.refusal.code)


def test_a_preimage_of_other_terms_is_refused(tmp_path: Path) -> None:
    """Nobody can lead with a secret that doesn't open the lock."""
    with world(tmp_path, witnesses=0) as place:
        terms, _ = terms_of(place)
        with pytest.raises(PreimageDiffers):
            swapper(place, ANNA).lead(terms, bytes(32))


def test_deadlines_out_of_order_are_refused(tmp_path: Path) -> None:
    """Neither party takes part in a swap whose leader could be refunded too early."""
    with world(tmp_path, witnesses=0) as place:
        terms, preimage = terms_of(place)
        early = replace(terms, lead=replace(terms.lead, until=terms.lead.until - 1))
        with pytest.raises(DeadlinesOutOfOrder):
            swapper(place, ANNA).lead(early, preimage)
        with pytest.raises(DeadlinesOutOfOrder):
            swapper(place, BERT).follow(early)


def test_a_swap_with_another_ledger_is_refused_before_it_is_written(tmp_path: Path) -> None:
    """A party that can't see both ledgers can't be safe."""
    with world(tmp_path, witnesses=0) as place:
        terms, _ = terms_of(place)
        away = replace(terms, follow=replace(terms.follow, ledger=LedgerId(bytes(32))))
        bert = swapper(place, BERT)
        with pytest.raises(LedgerNotAtHand):
            bert.follow(away)
        assert 0 == bert.open


@pytest.mark.parametrize("pinned", [0, 1])
def test_a_party_that_believes_one_ledger_only_does_not_begin(tmp_path: Path, pinned: int) -> None:
    """Without keys of both it could not know that a swap is over, and would wait for ever."""
    with world(tmp_path, witnesses=0) as place:
        terms, _ = terms_of(place)
        trust = trust_of(place.list[pinned])
        signer = Secrets(secrets_of(BERT))
        bert = Swapper(place.ledgers, {trust.ledger: trust}, signer, assumptions=ASSUMED)
        with pytest.raises(NobodyTrusted, match="no keys are pinned for ledger"):
            bert.follow(terms)
        assert 0 == bert.open


def test_a_party_whose_clock_runs_ahead_loses_nothing(tmp_path: Path) -> None:
    """It asks for its refund too early and is refused, until the ledger agrees."""
    with world(tmp_path) as place:
        terms, preimage = terms_of(place)
        anna, bert = swapper(place, ANNA), swapper(place, BERT)
        swap = anna.lead(terms, preimage)
        bert.follow(terms)
        anna.step()
        bert.step()
        place.clock.move(20_000)
        ahead = {}
        for id, ledger in place.ledgers.items():
            ahead[id] = Ledger(ledger.node, clock=lambda: place.clock() + 50_000)
            ahead[id].witnesses = ledger.witnesses
        trusts = {ledger.id: trust_of(ledger) for ledger in place.list}
        hasty = Swapper(ahead, trusts, Secrets(secrets_of(BERT)), assumptions=ASSUMED)
        hasty.follow(terms)
        hasty.step()
        assert (PLENTY - 10, 10) == place.balance(1, BERT)
        anna.step()
        assert SwapOutcome.SWAPPED is hasty.run()[swap].outcome
        assert SwapOutcome.SWAPPED is bert.run()[swap].outcome


def test_the_preimage_is_at_rest_only_under_the_passphrase(tmp_path: Path) -> None:
    """Neither the diary's bytes nor what is printed of a swap shows it."""
    with world(tmp_path, witnesses=0) as place:
        terms, preimage = terms_of(place)
        anna = swapper(place, ANNA, "diary")
        anna.lead(terms, preimage)
        assert preimage not in (place.folder / "diary").read_bytes()
        begun = SwapBegun(terms, preimage)
        assert preimage.hex() not in repr(begun)
        assert str(preimage) not in repr(begun) + repr(anna._open) + repr(begun.__rich_repr__())
