"""Attacks on a node in one process: what callers and clocks may not do to others."""

import os
import signal
import threading
import time
from concurrent.futures import Future
from typing import Any

import pytest

from tallystick.core.block import Block
from tallystick.core.errors import AlreadyIncluded, Refused, Unavailable
from tests.core.toy import TIME, Make, signed, toy_genesis
from tests.runtime.node import House

SECONDS_MAX = 2.0
YEAR_MILLISECONDS = 365 * 86_400_000


def make(house: House, nonce: int, *, expiry: int = TIME + 60_000) -> bytes:
    """Return a transaction that the toy accepts."""
    return signed(house.state.ledger, Make(amount=1), nonce=nonce, expiry=expiry)


def is_alive(house: House) -> bool:
    """Tell whether a node still takes transactions."""
    try:
        return house.node.submit(make(house, 999)).result(SECONDS_MAX).accepted
    except (Unavailable, TimeoutError):
        return False


def test_a_caller_that_loses_patience_stops_nobody_else() -> None:
    """`asyncio.wait_for` cancels the future it waits for: the node goes on."""
    house = House(block_delay_milliseconds=200)
    future = house.node.submit_all([make(house, 1)])
    assert True is future.cancel()
    time.sleep(0.3)
    assert (True, []) == (is_alive(house), house.set_aside)
    house.node.close()


def test_nobody_waits_for_ever_when_the_node_stops_in_the_middle_of_a_block() -> None:
    """Whoever was being served is told as well, not only those who stand in the waiting room."""
    house = House(block_delay_milliseconds=50)

    def too_many_bytes(_: Block) -> None:
        raise ValueError("the block is too large for a journal")

    house.journal.before_append = too_many_bytes
    futures = [house.node.submit(make(house, n)) for n in range(3)]
    answers = []
    for future in futures:
        try:
            answers.append(future.exception(SECONDS_MAX))
        except TimeoutError as error:
            answers.append(error)
    assert [Unavailable] * 3 == [type(answer) for answer in answers]
    house.node.close()


@pytest.mark.parametrize("junk", ["text", None, 12])
def test_a_submission_that_is_not_bytes_stops_nobody_else(junk: Any) -> None:
    """It is refused to its sender, where it is handed in or as an answer."""
    house = House()
    refused = False
    try:
        house.node.submit(junk).result(SECONDS_MAX)
    except (TypeError, Refused):
        refused = True
    except (TimeoutError, Unavailable):
        refused = False
    assert (True, True) == (refused, is_alive(house))
    house.node.close()


def test_an_empty_batch_is_answered() -> None:
    """There is nothing to wait for."""
    house = House()
    assert [] == house.node.submit_all([]).result(SECONDS_MAX)
    house.node.close()


def test_the_same_bytes_from_many_at_once_count_once() -> None:
    """One is accepted, all others learn that it is there already."""
    house = House()
    raw = make(house, 7)
    futures = [house.node.submit(raw) for _ in range(50)]
    errors = [future.exception(SECONDS_MAX) for future in futures]
    assert 1 == errors.count(None)
    assert {AlreadyIncluded} == {type(error) for error in errors if error is not None}
    house.node.close()


def test_killing_the_verifier_over_and_over_loses_nothing() -> None:
    """What it had in hand is checked by the node itself."""
    house = House(
        genesis=toy_genesis(ids_max=10_000),
        verifier_processes=1,
        verifier_threshold=1,
        batch_transactions=8,
        block_open_milliseconds_max=5,
    )
    done = threading.Event()

    def kill() -> None:
        while not done.wait(0.03):
            for verifier in list(house.node._builder._verifiers):
                os.kill(verifier.pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    futures = [house.node.submit(make(house, n)) for n in range(400)]
    accepted = [future.result(30).accepted for future in futures]
    done.set()
    killer.join()
    assert [True] * 400 == accepted
    house.node.close()


def test_closing_while_others_submit_answers_everybody() -> None:
    """Each submission is refused at the door or gets a receipt."""
    for _ in range(5):
        house = House()
        futures: list[Future[Any]] = []
        raws = [make(house, n) for n in range(40)]
        thread = threading.Thread(target=submit_until_closed, args=(house, raws, futures))
        thread.start()
        house.node.close()
        thread.join()
        receipts = [future.result(SECONDS_MAX) for future in futures]
        assert [True] * len(futures) == [receipt.accepted for receipt in receipts]


def submit_until_closed(house: House, raws: list[bytes], futures: list[Future[Any]]) -> None:
    """Hand in one transaction after the other until the node takes no more."""
    for raw in raws:
        try:
            futures.append(house.node.submit(raw))
        except Unavailable:
            return


def test_a_clock_that_jumps_keeps_time_increasing() -> None:
    """Ten years ahead and back again: block times never fall, and old transactions have expired."""
    now = [TIME + 1]
    house = House(clock=lambda: now[0])
    first = house.node.submit(make(house, 1)).result(SECONDS_MAX)
    now[0] += 10 * YEAR_MILLISECONDS
    later = house.node.submit(make(house, 2, expiry=now[0] + 1_000)).result(SECONDS_MAX)
    now[0] = TIME + 2
    with pytest.raises(Refused, match="has passed"):
        house.node.submit(make(house, 3)).result(SECONDS_MAX)
    assert True is (first.time < later.time <= house.state.time)
    house.node.close()
