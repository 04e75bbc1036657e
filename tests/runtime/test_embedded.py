"""The node in one process: a receipt means durable, and nothing accepted is lost."""

import threading
from collections import Counter

import pytest

from tallystick.base.checkpoints import open_checkpoint
from tallystick.base.encoding import encode
from tallystick.base.identifiers import format_ledger_id
from tallystick.base.merkle import root_from_inclusion, verify_inclusion
from tallystick.base.notes import parse_verifier_key
from tallystick.core import block as blocks
from tallystick.core import errors
from tallystick.core.block import Block
from tallystick.core.receipt import Receipt
from tallystick.core.state_proof import verify_absence, verify_presence
from tests.core.test_transition import token_id
from tests.core.toy import (
    TIME,
    TOTAL_ID,
    Break,
    Made,
    Make,
    Move,
    ShowToken,
    Token,
    Total,
    key,
    signed,
    toy_genesis,
)
from tests.runtime.node import House, full_disk

WAIT = 20


def test_a_receipt_is_given_after_the_journal_has_the_block() -> None:
    """Whoever holds a receipt finds the transaction in a durable block."""
    house = House()
    with house.node as node:
        raw = signed(house.state.ledger, Make(amount=3))
        receipt = node.submit(raw).result(WAIT)
        assert receipt.accepted
        assert node.block(receipt.height).transactions[receipt.index] == raw
        assert node.block_at(receipt.time) == node.block(receipt.height)
        assert node.read(ShowToken(token=token_id(0))) == Token(owner=key(1), amount=3, moves=0)


def test_rejections_come_with_contract_code_and_reason() -> None:
    """What a rule refuses is on the ledger, with its reason."""
    house = House()
    with house.node as node:
        receipt = node.submit(signed(house.state.ledger, Make(amount=5_000))).result(WAIT)
        assert not receipt.accepted
        assert (receipt.outcome.contract, receipt.outcome.code) == ("toy", 1)
        assert receipt.message == "5000 is too much"
        assert node.status().height == 1


def test_refusals_leave_no_trace() -> None:
    """Bytes that are no transaction are refused, and no block is made for them."""
    house = House()
    with house.node as node:
        with pytest.raises(errors.Malformed):
            node.submit(b"noise").result(WAIT)
        with pytest.raises(errors.TransactionExpired):
            node.submit(signed(house.state.ledger, Make(amount=1), expiry=TIME)).result(WAIT)
        assert node.status().height == 0


def test_a_replay_is_refused() -> None:
    """The same bytes have effect once."""
    house = House()
    with house.node as node:
        raw = signed(house.state.ledger, Make(amount=1))
        node.submit(raw).result(WAIT)
        with pytest.raises(errors.AlreadyIncluded):
            node.submit(raw).result(WAIT)


def test_a_batch_is_answered_in_order() -> None:
    """Receipts, rejections and refusals come back in the order of submission."""
    house = House()
    ledger = house.state.ledger
    batch = [
        signed(ledger, Make(amount=1), nonce=1),
        b"noise",
        signed(ledger, Make(amount=1_001), nonce=2),
        signed(ledger, Move(token=token_id(1), owner=key(2)), nonce=3),
    ]
    with house.node as node:
        answers = node.submit_all(batch).result(WAIT)
    kinds = [each.outcome.code if isinstance(each, Receipt) else type(each) for each in answers]
    assert kinds == [0, errors.Malformed, 1, 0]
    read = house.state.read(Token, token_id(1))
    assert read == Token(owner=key(2), amount=1, moves=1)


@pytest.mark.parametrize("how", ["raise", "leak"])
def test_a_bug_is_set_aside_and_its_neighbours_go_on(how: str) -> None:
    """A transaction that meets a bug is never journaled; those beside it are, once."""
    house = House(block_delay_milliseconds=50)
    ledger = house.state.ledger
    bad = signed(ledger, Break(how=how), nonce=50)
    batch = [signed(ledger, Make(amount=1), nonce=n) for n in range(20)]
    with house.node as node:
        answers = node.submit_all([*batch[:10], bad, *batch[10:]]).result(WAIT)
        assert isinstance(answers[10], errors.BugInRule)
        assert all(
            isinstance(each, Receipt) and each.accepted for n, each in enumerate(answers) if n != 10
        )
        recorded = [raw for block in node.follow() for raw in block.transactions]
    assert recorded == batch
    assert [raw for raw, _ in house.set_aside] == [bad]
    trace = house.set_aside[0][1]
    assert ("ZeroDivisionError" if how == "raise" else "InvariantBroken") in trace
    total = house.state.read(Total, TOTAL_ID)
    assert total is not None
    assert total.amount == 20


def test_a_failing_journal_stops_the_node() -> None:
    """If a block cannot be made durable nobody gets a receipt, and the node takes nothing more."""
    house = House()
    house.journal.before_append = full_disk
    with house.node as node:
        with pytest.raises(errors.Unavailable, match="disk is full"):
            node.submit(signed(house.state.ledger, Make(amount=1))).result(WAIT)
        house.node._thread.join(WAIT)
        with pytest.raises(errors.Unavailable, match="stopped"):
            node.submit(signed(house.state.ledger, Make(amount=1), nonce=1))
    assert house.state.height == 0


def test_a_full_waiting_room_says_later_and_loses_nothing() -> None:
    """Beyond its bound the room says when to come again; all that it took is answered."""
    house = House(waiting_max=10, batch_transactions=5)
    gate = threading.Event()

    def wait_at_the_gate(_: Block) -> None:
        gate.wait(WAIT)

    house.journal.before_append = wait_at_the_gate
    ledger = house.state.ledger
    futures, refused = [], 0
    with house.node as node:
        for nonce in range(100):
            try:
                futures.append(node.submit(signed(ledger, Make(amount=1), nonce=nonce)))
            except errors.Later as later:
                refused += 1
                assert later.retry_after_milliseconds > 0
                assert "submit again in" in str(later)
        gate.set()
        assert all(future.result(WAIT).accepted for future in futures)
    assert refused + len(futures) == 100
    assert refused > 0
    assert sum(len(each.transactions) for each in house.journal.list) == len(futures)


def test_a_hundred_submitters() -> None:
    """Everybody gets a receipt of their own, and blocks are shared."""
    house = House()
    ledger = house.state.ledger
    receipts: list[Receipt] = []

    def submit(n: int) -> None:
        receipts.append(
            house.node.submit(signed(ledger, Make(amount=1), by=(n,), nonce=n)).result(WAIT)
        )

    threads = [threading.Thread(target=submit, args=(n,)) for n in range(1, 101)]
    with house.node:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(WAIT)
    places = Counter((each.height, each.index) for each in receipts)
    assert (len(receipts), max(places.values())) == (100, 1)
    assert house.state.height < 100


def test_the_clock_may_step_back() -> None:
    """Block times go on strictly upwards whatever the clock says."""
    readings = iter([TIME + 5, TIME + 5, TIME - 1_000_000, TIME - 1_000_000] * 20)
    house = House(clock=lambda: next(readings))
    with house.node as node:
        times = [
            node.submit(signed(house.state.ledger, Make(amount=1), nonce=n)).result(WAIT).time
            for n in range(6)
        ]
    assert times == sorted(set(times))


def test_full_memory_of_ids_makes_submissions_wait() -> None:
    """When as many ids are remembered as may be, blocks wait until the oldest lapse."""
    now = [TIME + 1]
    house = House(genesis=toy_genesis(ids_max=3), clock=lambda: now[0])
    ledger = house.state.ledger
    with house.node as node:
        for nonce in range(3):
            assert node.submit(signed(ledger, Make(amount=1), nonce=nonce)).result(WAIT).accepted
        waiting = node.submit(signed(ledger, Make(amount=1), nonce=3, expiry=TIME + 200_000))
        with pytest.raises(TimeoutError):
            waiting.result(0.3)
        now[0] = TIME + 130_000
        assert waiting.result(WAIT).accepted


def test_follow_gives_blocks_with_events() -> None:
    """Whoever builds a read model gets every block with its events."""
    house = House()
    with house.node as node:
        node.submit(signed(house.state.ledger, Make(amount=1))).result(WAIT)
        found = [event for block in node.follow(1) for event in block.events]
    assert found == [(0, encode(Made(token=token_id(0))))]


def test_evidence_holds_together() -> None:
    """Presence, absence, transaction, outcome and block are all bound to one checkpoint."""
    house = House()
    with house.node as node:
        receipts = [
            node.submit(signed(house.state.ledger, Make(amount=n), nonce=n)).result(WAIT)
            for n in range(5)
        ]
        nobody = token_id(99)
        place = receipts[1].height, receipts[1].index
        evidence = node.prove((token_id(1), nobody), (place,))
        status = node.status()
    state, proven = evidence.state, evidence.transactions[0]
    checkpoint = open_checkpoint(
        state.checkpoint,
        [parse_verifier_key(status.checkpoint_key)],
        origin=format_ledger_id(status.ledger),
    )
    assert checkpoint.size == state.index + 1 == status.log_size
    assert verify_inclusion(
        blocks.log_entry(state.header),
        state.index,
        checkpoint.size,
        state.inclusion,
        checkpoint.root,
    )
    there, absent = state.leaves
    assert there.records is not None
    assert verify_presence(state.header.state_root, there.id, there.records, there.proof)
    assert verify_absence(state.header.state_root, absent.id, absent.proof)
    assert (absent.records, proven.outcome) == (None, receipts[1].outcome)
    leaf = house.state.log.leaf_hash(proven.entry)
    assert (
        root_from_inclusion(leaf, proven.entry, checkpoint.size, proven.inclusion)
        == checkpoint.root
    )
    assert verify_inclusion(
        encode(proven.outcome),
        place[1],
        1,
        proven.receipt_inclusion,
        proven.header.receipts_root,
    )


def test_closing_finishes_what_was_accepted() -> None:
    """Close waits for the room to empty, and works twice."""
    house = House()
    future = house.node.submit_all(
        [signed(house.state.ledger, Make(amount=1), nonce=n) for n in range(300)]
    )
    house.node.close()
    house.node.close()
    assert all(isinstance(each, Receipt) for each in future.result(0))
    assert house.closed == 1
    with pytest.raises(errors.Unavailable, match="closed"):
        house.node.submit(b"")


def test_an_unknown_question_is_refused() -> None:
    """A view that no contract in force declares is an error that names it."""
    house = House()
    with house.node as node, pytest.raises(LookupError, match="Make"):
        node.read(Make(amount=1))
