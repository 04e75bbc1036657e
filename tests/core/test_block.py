"""What a block commits to, and that it commits to it in order."""

import msgspec
import pytest

from tallystick.base import merkle
from tallystick.base.encoding import decode, encode
from tallystick.base.identifiers import Hash, RecordId
from tallystick.core import transition
from tallystick.core.block import Block, BlockHeader, Outcome, block_hash, log_entry
from tallystick.core.check import identify
from tallystick.core.context import derived_id
from tallystick.core.state import State
from tests.core.toy import TIME, Made, Make, Move, checked, key, signed, toy_state

HEADER = BlockHeader(
    height=7,
    time=TIME,
    parent=Hash(bytes([1]) * 32),
    transactions_root=Hash(bytes([2]) * 32),
    state_root=Hash(bytes([3]) * 32),
    receipts_root=Hash(bytes([4]) * 32),
    log_size=9,
)


def token_id(nonce: int) -> RecordId:
    """Return the id of the token that the first key's transaction with a nonce makes."""
    return derived_id("toy", (key(1),), nonce=nonce.to_bytes(16, "big"), ordinal=0, n=0)


def put(state: State, *raws: bytes) -> Block:
    """Put transactions into one block and commit it."""
    candidate = transition.begin(state, time=state.time + 1)
    for raw in raws:
        transition.run(candidate, checked(state, raw))
    block = transition.seal(candidate)
    transition.commit(candidate)
    return block


@pytest.mark.parametrize("field", BlockHeader.__struct_fields__)
def test_the_hash_depends_on_every_field(field: str) -> None:
    """Whatever is changed in a header, its hash is another."""
    value = getattr(HEADER, field)
    other = value + 1 if isinstance(value, int) else bytes(32)
    assert block_hash(HEADER) != block_hash(msgspec.structs.replace(HEADER, **{field: other}))


def test_a_blocks_log_entry_cannot_be_taken_for_a_transactions() -> None:
    """Type 2 and the hash; a transaction's entry begins with type 1."""
    assert b"\x02" + block_hash(HEADER) == log_entry(HEADER)


GOLDEN_HASH = "ae57b2af9f4cc540e1850d3cc6ae723a65548bfd75b7ba2254dc19401fea40cc"


def test_the_hash_is_what_other_implementations_compute() -> None:
    """The encoding of a header and its hash never change."""
    assert GOLDEN_HASH == block_hash(HEADER).hex()


def test_blocks_form_a_chain_from_the_ledgers_id() -> None:
    """Genesis names the ledger as its parent, every other block the one before it."""
    state = toy_state()
    assert state.head is not None
    headers = [state.head]
    headers += [put(state, signed(state.ledger, Make(amount=n), nonce=n)).header for n in range(4)]
    parents = [Hash(state.ledger), *(block_hash(each) for each in headers[:-1])]
    assert parents == [each.parent for each in headers]
    assert list(range(5)) == [each.height for each in headers]


def test_roots_cover_transactions_and_outcomes_in_order() -> None:
    """Each transaction and each outcome has a path to the header at its own place."""
    state = toy_state()
    raws = [
        signed(state.ledger, Make(amount=amount), nonce=n)
        for n, amount in enumerate((1, 5_000, 3, 9_000))
    ]
    block = put(state, *raws)
    assert tuple(raws) == block.transactions
    leaves = [identify(raw).leaf_hash for raw in raws]
    assert block.header.transactions_root == merkle.root_of_leaves(leaves)
    assert block.header.transactions_root != merkle.root_of_leaves(leaves[::-1])
    rejected = {outcome.transaction: outcome for outcome in block.rejections}
    ids = [identify(raw).id for raw in raws]
    assert [ids[1], ids[3]] == [outcome.transaction for outcome in block.rejections]
    outcomes = [
        rejected.get(id, Outcome(transaction=id, contract="", code=0, command=0)) for id in ids
    ]
    data = [encode(outcome) for outcome in outcomes]
    root = block.header.receipts_root
    for place in range(4):
        path = merkle.inclusion_proof(data, place)
        assert merkle.verify_inclusion(data[place], place, 4, path, root)
        assert not merkle.verify_inclusion(data[place], (place + 1) % 4, 4, path, root)


def test_the_log_holds_transactions_in_order_and_then_their_block() -> None:
    """A block's entry is the last up to its log size, right behind its transactions'."""
    state = toy_state()
    raws = [signed(state.ledger, Make(amount=n), nonce=n) for n in (1, 2, 3)]
    header = put(state, *raws).header
    expected = [identify(raw).leaf_hash for raw in raws]
    expected.append(Hash(merkle.leaf_hash(log_entry(header))))
    first = header.log_size - len(expected)
    assert 1 == first
    for place, leaf in enumerate(expected, start=first):
        path = state.log.inclusion_proof(place)
        root = merkle.root_from_inclusion(leaf, place, header.log_size, path)
        assert state.log.root() == root


@pytest.mark.parametrize(
    ("order", "accepted"), [((0, 1, 2), [0, 0, 0]), ((0, 2, 1), [0, 2, 0]), ((1, 0, 2), [2, 0, 2])]
)
def test_transactions_take_effect_in_the_order_of_the_block(
    order: tuple[int, ...], accepted: list[int]
) -> None:
    """A token that is made, moved and moved on needs the block to say so in this order."""
    state = toy_state()
    raws = [
        signed(state.ledger, Make(amount=1), nonce=0),
        signed(state.ledger, Move(token=token_id(0), owner=key(2)), nonce=1),
        signed(state.ledger, Move(token=token_id(0), owner=key(3)), nonce=2, by=(2,)),
    ]
    candidate = transition.begin(state, time=TIME + 1)
    found = [transition.run(candidate, checked(state, raws[n])).code for n in order]
    assert accepted == found


def test_events_name_their_transaction() -> None:
    """Events stand in order with their transaction's ordinal; what was rejected has none."""
    state = toy_state()
    raws = [
        signed(state.ledger, Make(amount=1), nonce=0),
        signed(state.ledger, Make(amount=1), Make(amount=5_000), nonce=1),
        signed(state.ledger, Make(amount=1), nonce=2),
    ]
    events = [(index, decode(data, Made).token) for index, data in put(state, *raws).events]
    assert [(0, token_id(0)), (2, token_id(2))] == events


def test_a_block_survives_its_encoding() -> None:
    """What the journal writes decodes to the same block."""
    state = toy_state()
    block = put(
        state,
        signed(state.ledger, Make(amount=1), nonce=0),
        signed(state.ledger, Make(amount=5_000), nonce=1),
    )
    assert block == decode(encode(block), Block)
