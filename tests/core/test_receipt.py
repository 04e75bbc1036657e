"""Receipts say what became of a transaction, and why not."""

from tallystick.base.identifiers import TransactionId
from tallystick.core import transition
from tallystick.core.block import Outcome
from tallystick.core.receipt import Receipt
from tests.core.toy import TIME, Make, checked, signed, toy_state


def test_accepted_is_code_zero() -> None:
    """Any code is a rejection, also one of the kernel."""
    id = TransactionId(bytes(32))
    found = [
        Receipt(
            id, 1, 0, TIME, Outcome(transaction=id, contract=name, code=code, command=0)
        ).accepted
        for name, code in (("", 0), ("toy", 1), ("kernel", 1))
    ]
    assert [True, False, False] == found


def test_a_block_gives_one_receipt_for_each_transaction() -> None:
    """Each knows its place; only a rejected one has a message, and it is for people."""
    state = toy_state()
    candidate = transition.begin(state, time=TIME + 5)
    transactions = [
        checked(state, signed(state.ledger, Make(amount=amount), nonce=amount))
        for amount in (1, 5_000, 3)
    ]
    for transaction in transactions:
        transition.run(candidate, transaction)
    receipts = candidate.receipts()
    assert [each.id for each in transactions] == [each.transaction for each in receipts]
    assert [(1, n, TIME + 5) for n in range(3)] == [
        (each.height, each.index, each.time) for each in receipts
    ]
    assert [True, False, True] == [each.accepted for each in receipts]
    assert ["", "5000 is too much", ""] == [each.message for each in receipts]
