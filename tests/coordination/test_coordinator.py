"""Both change or neither does, whoever crashes when."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from tallystick.base.identifiers import LedgerId, LockId
from tallystick.client.ledger import Ledger
from tallystick.contracts.asset.errors import NotEnough
from tallystick.contracts.exchange.errors import HoldingIsReserved, PartsOutOfOrder
from tallystick.contracts.exchange.model import Outcome, Part, change_id
from tallystick.coordination.coordinator import (
    Coordinator,
    LedgerNotAtHand,
    StillOpen,
    change_together,
)
from tallystick.coordination.diary import Diary
from tallystick.coordination.entries import ChangeBegun, Intent, IntentId
from tallystick.coordination.errands import Ended
from tallystick.coordination.joint_change import plan
from tallystick.coordination.relay import Relay
from tallystick.coordination.signing import Secrets
from tallystick.coordination.transport import InProcess
from tallystick.coordination.watchtower import Watchtower
from tests.coordination.doom import Crash, Doom, DoomedBook, doomed_ledgers
from tests.coordination.world import (
    ANNA,
    BERT,
    CLARA,
    MINUTE,
    PLENTY,
    World,
    secrets_of,
    world,
)

PASSPHRASE = b"k" * 32


def parts(place: World, source: int = ANNA, target: int = BERT, amount: int = 10) -> list[Part]:
    """Return parts by which somebody gives on both ledgers."""
    return [place.part(n, source, target, amount) for n in (0, 1)]


def diary(place: World, name: str) -> Diary:
    """Open a diary that needs no stretching."""
    return Diary.open(place.folder / name, PASSPHRASE, work_bits=1)


def together(place: World, wanted: list[Part], *people: int, attempts_max: int = 1) -> Ended:
    """Change parts together, decided on the first ledger."""
    return change_together(
        place.ledgers,
        wanted,
        deciding=place.list[0].id,
        lasting=MINUTE,
        signer=Secrets(secrets_of(*people)),
        attempts_max=attempts_max,
    )


def doomed(place: World, doom: Doom, name: str) -> None:
    """Run a coordinator in a process that may end."""
    with diary(place, name) as book:
        ledgers = doomed_ledgers(place, doom)
        coordinator = Coordinator(ledgers, Secrets(secrets_of(ANNA)), DoomedBook(book, doom))
        coordinator.begin(parts(place, amount=1), deciding=place.list[0].id, lasting=MINUTE)
        coordinator.run()


def moments_of(place: World) -> int:
    """Return at how many moments a coordinator may end."""
    doom = Doom()
    doomed(place, doom, "counted")
    return doom.moments


def continued(place: World, name: str) -> Coordinator:
    """Restart a coordinator and let it run."""
    with diary(place, name) as book:
        coordinator = Coordinator(place.ledgers, Secrets(secrets_of(ANNA)), book)
        coordinator.run(seconds_max=20)
        return coordinator


def test_both_parts_change(tmp_path: Path) -> None:
    """A change of two parts is committed, and each ledger finishes its part."""
    with world(tmp_path) as place:
        place.anchor()
        ended = together(place, parts(place), ANNA)
        assert (Outcome.COMMITTED, 1, None) == (ended.outcome, ended.attempts, ended.refusal)
        assert [PLENTY - 10] * 2 == place.spendable(ANNA)
        assert [PLENTY + 10] * 2 == place.spendable(BERT)
        assert 0 == place.locked()


def test_three_ledgers_and_two_owners(tmp_path: Path) -> None:
    """Parts go in both directions, and any ledger may decide, even one without a part."""
    with world(tmp_path, count=3) as place:
        for deciding in place.list:
            ended = change_together(
                place.ledgers,
                [place.part(0, ANNA, BERT), place.part(2, BERT, ANNA)],
                deciding=deciding.id,
                lasting=MINUTE,
                signer=Secrets(secrets_of(ANNA, BERT)),
            )
            assert Outcome.COMMITTED is ended.outcome
        assert [PLENTY - 30, PLENTY, PLENTY + 30] == place.spendable(ANNA)


def test_what_is_short_changes_nothing(tmp_path: Path) -> None:
    """A part that its owner can't give aborts the change, and the reason is told."""
    with world(tmp_path) as place:
        wanted = [place.part(0, ANNA, BERT), place.part(1, ANNA, BERT, PLENTY + 1)]
        ended = together(place, wanted, ANNA, attempts_max=5)
        assert (Outcome.ABORTED, 1) == (ended.outcome, ended.attempts)
        assert ended.refusal is not None
        assert ("asset", NotEnough.code) == (ended.refusal.contract, ended.refusal.code)
        assert [PLENTY] * 2 == place.spendable(ANNA)
        assert 0 == place.locked()


def test_the_loser_is_told_who_holds_it_and_until_when(tmp_path: Path) -> None:
    """Of two who want the whole of a thing, the second gives way and knows for whom."""
    with world(tmp_path) as place:
        first = plan(parts(place, amount=0), deciding=place.list[0].id, deadline=place.clock() + 9)
        holder = Coordinator(place.ledgers, Secrets(secrets_of(ANNA)))
        holder.join(first)
        holder.step()
        ended = together(place, parts(place, ANNA, CLARA, 0), ANNA)
        assert Outcome.ABORTED is ended.outcome
        assert ended.refusal is not None
        assert HoldingIsReserved.code == ended.refusal.code
        assert (change_id(first), first.deadline) == (ended.refusal.held_by, ended.refusal.until)
        assert Outcome.COMMITTED is holder.run()[first.salt].outcome
        assert [True, True] == place.owns(BERT)


def test_the_loser_tries_again_when_the_other_has_gone(tmp_path: Path) -> None:
    """Another attempt is made once the thing is free, under another change."""
    with world(tmp_path) as place:
        first = plan(parts(place, amount=0), deciding=place.list[0].id, deadline=place.clock() + 90)
        holder = Coordinator(place.ledgers, Secrets(secrets_of(ANNA)))
        holder.join(first)
        holder.step()
        loser = Coordinator(place.ledgers, Secrets(secrets_of(ANNA)))
        intent = loser.begin(
            parts(place, ANNA, CLARA, 0),
            deciding=place.list[0].id,
            lasting=MINUTE,
            attempts_max=3,
        )
        for _ in range(5):
            loser.step()
        assert 1 == loser.open
        place.clock.move(100)
        assert Outcome.ABORTED is holder.run()[first.salt].outcome
        ended = loser.run()[intent]
        assert (Outcome.COMMITTED, 2) == (ended.outcome, ended.attempts)
        assert [True, True] == place.owns(CLARA)


def test_two_from_opposite_ends_neither_block_nor_chase_each_other(tmp_path: Path) -> None:
    """Each decides on the ledger where the other comes second; one of them wins, then the other."""
    with world(tmp_path) as place:
        ends = [
            (Coordinator(place.ledgers, Secrets(secrets_of(ANNA))), place.list[0]),
            (Coordinator(place.ledgers, Secrets(secrets_of(ANNA))), place.list[1]),
        ]
        targets = (BERT, CLARA)
        intents: list[IntentId] = []
        for (coordinator, deciding), target in zip(ends, targets, strict=True):
            wanted = parts(place, ANNA, target, 0)
            intents.append(coordinator.begin(wanted, deciding=deciding.id, lasting=MINUTE))
        for coordinator, _ in ends:
            coordinator.step()  # Each now holds what the other wants next.
        for _ in range(20):
            for coordinator, _ in ends:
                coordinator.step()
        outcomes = [
            coordinator.ended[intent].outcome
            for (coordinator, _), intent in zip(ends, intents, strict=True)
        ]
        assert {Outcome.COMMITTED, Outcome.ABORTED} == set(outcomes)
        winner = targets[outcomes.index(Outcome.COMMITTED)]
        assert [True, True] == place.owns(winner)
        assert 0 == place.locked()


def test_many_from_both_ends_all_get_through(tmp_path: Path) -> None:
    """However the ids fall, all that give way win in the end, one after the other."""
    with world(tmp_path, witnesses=0) as place:
        ledgers = place.list
        runs = []
        for n in range(6):
            coordinator = Coordinator(place.ledgers, Secrets(secrets_of(ANNA, BERT)))
            source, target = (ANNA, BERT) if n % 2 else (BERT, ANNA)
            # Whatever the owner has at the moment is moved as a whole.
            intent = coordinator.begin(
                parts(place, source, target, 0),
                deciding=ledgers[n % 2].id,
                lasting=MINUTE,
                attempts_max=50,
            )
            runs.append((coordinator, intent))
        for _ in range(400):
            for coordinator, _ in runs:
                coordinator.step()
            if not any(coordinator.open for coordinator, _ in runs):
                break
        assert [0] * 6 == [coordinator.open for coordinator, _ in runs]
        assert 0 == place.locked()


def test_killed_at_any_moment_and_restarted(tmp_path: Path) -> None:
    """A coordinator that ends before or after any write or submission carries on where it was."""
    with world(tmp_path) as place:
        moments = moments_of(place)
        assert 12 == moments
        for moment in range(moments):
            before = place.spendable(BERT)
            name = f"restarted-{moment}"
            with pytest.raises(Crash):
                doomed(place, Doom(moment), name)
            coordinator = continued(place, name)
            outcomes = [each.outcome for each in coordinator.ended.values()]
            # At the first moment nothing was written yet, and nothing is wanted.
            assert ([] if moment == 0 else [Outcome.COMMITTED]) == outcomes
            assert [each + len(outcomes) for each in before] == place.spendable(BERT)
            assert 0 == place.locked()


def test_killed_at_any_moment_and_restarted_twice_at_once(tmp_path: Path) -> None:
    """Two that continue one diary beside each other come to one end, and move things once."""
    with world(tmp_path) as place:
        for moment in range(1, moments_of(place)):
            before = place.spendable(BERT)
            name = f"twice-{moment}"
            with pytest.raises(Crash):
                doomed(place, Doom(moment), name)
            with ThreadPoolExecutor(2) as pool:
                found = list(pool.map(partial(continued, place), [name, name]))
            outcomes = [each.outcome for twin in found for each in twin.ended.values()]
            assert [Outcome.COMMITTED] * 2 == outcomes
            assert [each + 1 for each in before] == place.spendable(BERT)
            assert 0 == place.locked()


def test_killed_at_any_moment_and_never_back(tmp_path: Path) -> None:
    """Relays and a watchtower end it: both parts have changed, or neither has."""
    with world(tmp_path) as place:
        ends = set()
        for moment in range(moments_of(place)):
            before = place.spendable(BERT)
            with pytest.raises(Crash):
                doomed(place, Doom(moment), f"gone-{moment}")
            transport = InProcess()
            relays = [Relay(each, transport, again_seconds=0) for each in place.list]
            for _ in range(4):
                for relay in relays:
                    relay.step()
            place.clock.move(2 * MINUTE)
            tower = Watchtower(place.ledgers)
            while tower.step():
                pass
            assert 0 == place.locked()
            moved = {after - b for after, b in zip(place.spendable(BERT), before, strict=True)}
            assert 1 == len(moved)
            ends |= moved
        assert {0, 1} == ends


def test_a_diary_that_was_cut_off_anywhere_is_continued(tmp_path: Path) -> None:
    """What was begun and is cut out of the diary was never sent; what stands is carried on."""
    with world(tmp_path, witnesses=0) as place:
        with diary(place, "whole") as book:
            coordinator = Coordinator(place.ledgers, Secrets(secrets_of(ANNA)), book)
            coordinator.begin(parts(place), deciding=place.list[0].id, lasting=MINUTE)
            coordinator.run()
        whole = (place.folder / "whole").read_bytes()
        for length in range(0, len(whole), 37):
            (place.folder / "cut").write_bytes(whole[:length])
            assert 0 == continued(place, "cut").open
        assert [PLENTY + 10] * 2 == place.spendable(BERT)


def test_two_owners_each_run_their_own(tmp_path: Path) -> None:
    """A part of somebody else is waited for, and whoever comes last commits."""
    with world(tmp_path) as place:
        wanted = [place.part(0, ANNA, BERT), place.part(1, BERT, ANNA)]
        change = plan(wanted, deciding=place.list[1].id, deadline=place.clock() + MINUTE)
        anna = Coordinator(place.ledgers, Secrets(secrets_of(ANNA)))
        bert = Coordinator(place.ledgers, Secrets(secrets_of(BERT)))
        anna.join(change)
        with pytest.raises(StillOpen):
            anna.run(seconds_max=0.05)
        bert.join(change)
        bert.step()
        assert Outcome.COMMITTED is anna.run()[change.salt].outcome
        assert Outcome.COMMITTED is bert.run()[change.salt].outcome
        assert [PLENTY - 10, PLENTY + 10] == place.spendable(ANNA)


def test_a_participant_whose_clock_runs_ahead_changes_nothing_halfway(tmp_path: Path) -> None:
    """It thinks that the deadline has passed, and aborts what the ledger would still commit."""
    with world(tmp_path) as place:
        ahead = {}
        for id, ledger in place.ledgers.items():
            ahead[id] = Ledger(ledger.node, clock=lambda: place.clock() + 50_000)
            ahead[id].witnesses = ledger.witnesses
        change = plan(parts(place), deciding=place.list[0].id, deadline=place.clock() + 30_000)
        honest = Coordinator(place.ledgers, Secrets(secrets_of(ANNA)))
        honest.join(change)
        honest.step()
        hasty = Coordinator(ahead, Secrets(secrets_of(BERT)))
        hasty.join(change)
        assert Outcome.ABORTED is hasty.run()[change.salt].outcome
        assert Outcome.ABORTED is honest.run()[change.salt].outcome
        assert [PLENTY] * 2 == place.spendable(ANNA)
        assert 0 == place.locked()


def test_what_takes_another_ledger_is_refused_before_it_is_written(tmp_path: Path) -> None:
    """Neither planned nor joined: a diary with such an entry could never be closed."""
    with world(tmp_path, witnesses=0) as place:
        stranger = replace(place.part(0, ANNA, BERT), ledger=LedgerId(bytes(32)))
        coordinator = Coordinator(place.ledgers, Secrets())
        with pytest.raises(LedgerNotAtHand):
            coordinator.begin([stranger], deciding=place.list[0].id, lasting=MINUTE)
        with pytest.raises(LedgerNotAtHand):
            coordinator.begin([place.part(0, ANNA, BERT)], deciding=stranger.ledger, lasting=MINUTE)
        with pytest.raises(LedgerNotAtHand):
            coordinator.join(plan([stranger], deciding=place.list[0].id, deadline=1))
        assert 0 == coordinator.open


def test_a_change_that_no_ledger_takes_ends_with_its_deadline(tmp_path: Path) -> None:
    """An older release joined it with its parts out of order; even its abort is refused."""
    with world(tmp_path, witnesses=0) as place:
        made = plan(parts(place), deciding=place.list[0].id, deadline=place.clock() + MINUTE)
        unsound = replace(made, parts=made.parts[::-1])
        intent = Intent(made.salt, unsound.parts, made.deciding, MINUTE, 1)
        with diary(place, "old") as book, book.exclusive():
            book.add([ChangeBegun(intent, 1, unsound)])
        book = diary(place, "old")
        coordinator = Coordinator(place.ledgers, Secrets(secrets_of(ANNA)), book)
        for _ in range(20):
            coordinator.step()
        assert 1 == coordinator.open
        place.clock.move(MINUTE)
        ended = coordinator.run(seconds_max=20)[made.salt]
        assert Outcome.ABORTED is ended.outcome
        assert ended.refusal is not None
        assert PartsOutOfOrder.code == ended.refusal.code
        book.close()


def test_nothing_of_a_secret_is_shown() -> None:
    """What is printed of a signer holds no secret."""
    assert "Secrets(1 keys)" == repr(Secrets(secrets_of(ANNA)))
    assert LockId(bytes(32)).hex() not in repr(Secrets(secrets_of(ANNA)))
