"""What those who are away left open is ended for them, whenever the watchtower looks."""

import threading
import time
from pathlib import Path

from tallystick.contracts.exchange.model import Outcome, change_id
from tallystick.coordination.coordinator import Coordinator
from tallystick.coordination.joint_change import plan
from tallystick.coordination.sight import decision
from tallystick.coordination.signing import Secrets
from tallystick.coordination.watchtower import Watchtower
from tests.coordination.test_swapper import swapper, terms_of
from tests.coordination.world import (
    ANNA,
    BERT,
    MINUTE,
    PLENTY,
    secrets_of,
    world,
)


def test_a_change_left_half_prepared_is_aborted_after_its_deadline(tmp_path: Path) -> None:
    """Not a moment earlier: until then its owners may still come back."""
    with world(tmp_path) as place:
        parts = [place.part(n, ANNA, BERT) for n in (0, 1)]
        change = plan(parts, deciding=place.list[1].id, deadline=place.clock() + MINUTE)
        coordinator = Coordinator(place.ledgers, Secrets(secrets_of(ANNA)))
        coordinator.join(change)
        coordinator.step()
        tower = Watchtower(place.ledgers)
        assert 0 == tower.step()
        place.clock.move(MINUTE - 1)
        assert 0 == tower.step()
        place.clock.move(1)
        while tower.step():
            pass
        assert Outcome.ABORTED is decision(place.list[1], change_id(change))
        assert 0 == place.locked()
        assert 0 == tower.step()


def test_a_change_that_is_committed_is_finished(tmp_path: Path) -> None:
    """A watchtower that starts only then reads everything from the blocks."""
    with world(tmp_path) as place:
        parts = [place.part(n, ANNA, BERT) for n in (0, 1)]
        coordinator = Coordinator(place.ledgers, Secrets(secrets_of(ANNA)))
        coordinator.begin(parts, deciding=place.list[0].id, lasting=MINUTE)
        for _ in range(3):
            coordinator.step()
        assert 10 == place.locked()
        assert 1 == Watchtower(place.ledgers).step()
        assert [PLENTY + 10] * 2 == place.spendable(BERT)


def test_the_follower_is_paid_while_away(tmp_path: Path) -> None:
    """The preimage that the leader showed on one ledger is shown on the other."""
    with world(tmp_path) as place:
        terms, preimage = terms_of(place)
        anna, bert = swapper(place, ANNA), swapper(place, BERT)
        anna.lead(terms, preimage)
        bert.follow(terms)
        anna.step()
        bert.step()
        anna.step()
        assert [PLENTY - 10, PLENTY + 10] == place.spendable(ANNA)
        tower = Watchtower(place.ledgers)
        assert 1 == tower.step()
        assert [PLENTY + 10, PLENTY - 10] == place.spendable(BERT)
        assert 0 == tower.step()


def test_both_are_refunded_while_away(tmp_path: Path) -> None:
    """Each lock is given back from its own deadline on."""
    with world(tmp_path) as place:
        terms, preimage = terms_of(place)
        anna, bert = swapper(place, ANNA), swapper(place, BERT)
        anna.lead(terms, preimage)
        bert.follow(terms)
        anna.step()
        bert.step()
        tower = Watchtower(place.ledgers)
        assert 0 == tower.step()
        place.clock.move(terms.follow.until - place.clock())
        assert 1 == tower.step()
        assert [PLENTY - 10, PLENTY] == place.spendable(ANNA)
        place.clock.move(terms.lead.until - place.clock())
        assert 1 == tower.step()
        assert [PLENTY, PLENTY] == place.spendable(ANNA)


def test_it_watches_until_it_is_told_to_stop(tmp_path: Path) -> None:
    """It runs beside everything else."""
    with world(tmp_path, witnesses=0) as place:
        stopped = threading.Event()
        tower = Watchtower(place.ledgers)
        thread = threading.Thread(
            target=tower.run, args=(stopped,), kwargs={"interval_seconds": 0.01}
        )
        thread.start()
        terms, preimage = terms_of(place)
        anna = swapper(place, ANNA)
        anna.lead(terms, preimage)
        anna.step()
        place.clock.move(2 * MINUTE)
        give_up_at = time.monotonic() + 10
        while place.locked() and time.monotonic() < give_up_at:
            time.sleep(0.01)
        stopped.set()
        thread.join(10)
        assert 0 == place.locked()


def test_two_watchtowers_do_it_once(tmp_path: Path) -> None:
    """The second finds nothing left to do."""
    with world(tmp_path, witnesses=0) as place:
        terms, preimage = terms_of(place)
        anna = swapper(place, ANNA)
        anna.lead(terms, preimage)
        anna.step()
        place.clock.move(2 * MINUTE)
        one, other = Watchtower(place.ledgers), Watchtower(place.ledgers)
        assert [1, 0] == [one.step(), other.step()]
