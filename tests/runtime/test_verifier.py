"""Checking in another process gives the same answers, and its death costs nothing."""

import os
import signal

import pytest

from tallystick.core import errors
from tallystick.core.receipt import Receipt
from tallystick.runtime.verifier import VerifierProcess, verify_here
from tests.core.test_check import CASES
from tests.core.toy import Make, signed, toy_state
from tests.runtime.node import House

STATE = toy_state()


def test_both_give_the_same_answers() -> None:
    """Good and bad bytes get the same verdict here and there."""
    batch = [signed(STATE.ledger, Make(amount=n), nonce=n) for n in range(5)]
    batch += [make() for _, make, refusal, _ in CASES if refusal is not errors.UnknownCommand]
    here = verify_here(STATE.ledger, batch)
    process = VerifierProcess(STATE.ledger)
    try:
        process.send(batch)
        process.send(batch[:1])
        there, again = process.receive(), process.receive()
    finally:
        process.close()
    assert [(type(each), str(each)) for each in there] == [(type(each), str(each)) for each in here]
    assert again == here[:1]


def test_more_than_a_pipe_holds() -> None:
    """Batches larger than the pipes' buffers go through in both directions."""
    batch = [signed(STATE.ledger, Make(amount=1), nonce=n) for n in range(50)] * 40
    process = VerifierProcess(STATE.ledger)
    try:
        for _ in range(3):
            process.send(batch)
        answers = [process.receive() for _ in range(3)]
    finally:
        process.close()
    assert [len(each) for each in answers] == [len(batch)] * 3


def test_a_dead_process_is_noticed() -> None:
    """Receiving from a killed process ends in EOFError, not in waiting."""
    process = VerifierProcess(STATE.ledger)
    os.kill(process.pid, signal.SIGKILL)
    process.send([b"x"])
    with pytest.raises(EOFError):
        process.receive()
    process.close()


def test_killing_the_verifier_loses_nothing() -> None:
    """A node whose verifier is killed in the middle answers everything all the same."""
    house = House(verifier_processes=1, verifier_threshold=1, batch_transactions=50)
    ledger = house.state.ledger
    batch = [signed(ledger, Make(amount=1), nonce=n) for n in range(2_000)]
    genesis_ids_max = house.state.genesis.ids_max
    with house.node as node:
        first = node.submit_all(batch[: genesis_ids_max // 2])
        verifiers = node._builder._verifiers
        while not verifiers:
            pass
        os.kill(verifiers[0].pid, signal.SIGKILL)
        answers = first.result(30)
    assert all(isinstance(each, Receipt) and each.accepted for each in answers)
