"""Rivals, crashes, restarts and bad mail at once: what ends, ends in the same way everywhere."""

import random
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from tallystick.base.identifiers import LockId
from tallystick.client.events import decode_event
from tallystick.contracts.exchange.events import ChangeDecided, PartFinished, PartPrepared
from tallystick.contracts.exchange.model import Outcome, Part, PartState
from tallystick.coordination.coordinator import Coordinator, StillOpen
from tallystick.coordination.diary import Diary
from tallystick.coordination.relay import Relay
from tallystick.coordination.signing import Secrets
from tallystick.coordination.transport import InProcess
from tallystick.coordination.watchtower import Watchtower
from tests.coordination.doom import Crash, Doom, DoomedBook, doomed_ledgers
from tests.coordination.faulty import Faulty
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

PEOPLE = (ANNA, BERT, CLARA)
WISHES = 24
AT_ONCE = 4
MOMENTS = 16


def wish(place: World, drawn: random.Random) -> list[Part]:
    """Return what somebody wants: parts on two or three ledgers, sometimes the whole of things."""
    found = []
    for n in drawn.sample(range(3), drawn.choice((2, 3))):
        source, target = drawn.sample(PEOPLE, 2)
        found.append(place.part(n, source, target, drawn.choice((0, 1, 5, 50))))
    return found


def live(place: World, number: int, seed: int) -> None:
    """Run a coordinator that may die at some moment, and perhaps restart it, once or twice."""
    drawn = random.Random(f"{seed}/{number}")
    path = place.folder / f"diary-{number}"
    doom = Doom(drawn.choice((-1, *range(MOMENTS))))
    with suppress(Crash, StillOpen), Diary.open(path, b"k" * 32, work_bits=1) as diary:
        coordinator = Coordinator(
            doomed_ledgers(place, doom), Secrets(secrets_of(*PEOPLE)), DoomedBook(diary, doom)
        )
        coordinator.begin(
            wish(place, drawn),
            deciding=drawn.choice(place.list).id,
            lasting=MINUTE,
            attempts_max=drawn.choice((1, 4)),
        )
        coordinator.run(seconds_max=1)
    for _ in range(drawn.choice((0, 1, 2))):
        with suppress(StillOpen), Diary.open(path, b"k" * 32, work_bits=1) as diary:
            Coordinator(place.ledgers, Secrets(secrets_of(*PEOPLE)), diary).run(seconds_max=0.5)


def ends(place: World) -> dict[LockId, tuple[set[Outcome], list[PartState]]]:
    """Return, for each change, what was decided, and how the parts that were held ended."""
    outcomes: dict[LockId, set[Outcome]] = defaultdict(set)
    states: dict[LockId, list[PartState]] = defaultdict(list)
    for ledger in place.list:
        for block in ledger.follow(1):
            for _, data in block.events:
                event = decode_event(data)
                if isinstance(event, ChangeDecided):
                    outcomes[event.change].add(event.outcome)
                elif isinstance(event, PartPrepared):
                    states[event.change].append(PartState.PREPARED)
                elif isinstance(event, PartFinished):
                    states[event.change].remove(PartState.PREPARED)
                    states[event.change].append(event.state)
    return {change: (outcomes[change], found) for change, found in states.items()}


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_ends_whole(tmp_path: Path, seed: int) -> None:
    """Nothing stays held, nothing is half done, nothing is made or lost."""
    with world(tmp_path, count=3) as place:
        transport = Faulty(InProcess(), seed=seed)
        relays = [Relay(ledger, transport, again_seconds=0) for ledger in place.list]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            lives = [pool.submit(live, place, n, seed) for n in range(WISHES)]
            while not all(each.done() for each in lives):
                for relay in relays:
                    relay.step()
            for each in lives:
                each.result()
        place.clock.move(2 * MINUTE)
        tower = Watchtower(place.ledgers)
        while tower.step():
            pass
        found = ends(place)
        assert len(found) > WISHES / 2
        wanted = {Outcome.COMMITTED: PartState.CHANGED, Outcome.ABORTED: PartState.UNCHANGED}
        for outcomes, states in found.values():
            (outcome,) = outcomes
            assert {wanted[outcome]} == set(states)
        assert {frozenset({Outcome.COMMITTED}), frozenset({Outcome.ABORTED})} == {
            frozenset(outcomes) for outcomes, _ in found.values()
        }
        assert 0 == place.locked()
        held = [sum(place.balance(n, who)[0] for who in PEOPLE) for n in range(3)]
        assert [len(PEOPLE) * PLENTY] * 3 == held
