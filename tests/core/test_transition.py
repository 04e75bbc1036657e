"""Blocks: what takes effect, what is refused, and that replay gives the same."""

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.base.amounts import AMOUNT_MAX
from tallystick.base.encoding import encode
from tallystick.base.identifiers import Hash, RecordId
from tallystick.core import errors, transition
from tallystick.core.block import Block, Outcome, block_hash
from tallystick.core.context import Context, derived_id
from tallystick.core.state import State
from tallystick.store.memory import MemoryStore
from tests.core.toy import (
    TIME,
    TOTAL_ID,
    TOY,
    Break,
    Made,
    Make,
    Move,
    Token,
    Total,
    advance,
    checked,
    key,
    signed,
    toy_genesis,
    toy_state,
)


def token_id(nonce: int, *, by: int = 1, ordinal: int = 0) -> RecordId:
    """Return the id of a token that a numbered transaction makes."""
    return derived_id("toy", (key(by),), nonce=nonce.to_bytes(16, "big"), ordinal=ordinal, n=0)


def outcome_of(state: State, raw: bytes) -> Outcome:
    """Put one transaction into a block of its own, commit it, and return what became of it."""
    candidate = transition.begin(state, time=state.time + 1)
    transaction = checked(state, raw)
    transition.admit(candidate, transaction)
    outcome = transition.run(candidate, transaction)
    transition.seal(candidate)
    transition.commit(candidate)
    return outcome


def test_genesis_is_block_zero() -> None:
    """Genesis is a block like any other, whose parent is the ledger itself."""
    state = toy_state()
    assert state.head is not None
    assert (state.height, state.time, state.log.size) == (0, TIME, 1)
    assert state.head.parent == Hash(state.ledger)
    assert state.head.state_root == state.tree.root


def test_all_commands_or_none() -> None:
    """If the third command is rejected, the first two leave no trace but the used-up id."""
    state = toy_state()
    outcome = outcome_of(
        state, signed(state.ledger, Make(amount=1), Make(amount=2), Make(amount=1_001))
    )
    assert (outcome.contract, outcome.code, outcome.command) == ("toy", 1, 2)
    assert state.read(Total, TOTAL_ID) is None
    assert state.read(Token, token_id(0)) is None


def test_commands_see_each_other() -> None:
    """A command sees what those before it in the same transaction wrote."""
    state = toy_state()
    outcome = outcome_of(
        state, signed(state.ledger, Make(amount=5), Move(token=token_id(0), owner=key(2)))
    )
    assert outcome.code == 0
    assert state.read(Token, token_id(0)) == Token(owner=key(2), amount=5, moves=1)


def test_a_rejected_transaction_uses_up_its_id() -> None:
    """It is recorded, and cannot be tried again."""
    state = toy_state()
    raw = signed(state.ledger, Make(amount=1_001))
    assert outcome_of(state, raw).code == 1
    with pytest.raises(errors.AlreadyIncluded):
        outcome_of(state, raw)


@pytest.mark.parametrize(
    ("expiry", "refusal"),
    [
        (TIME + 1, errors.TransactionExpired),
        (TIME, errors.TransactionExpired),
        (TIME + 120_002, errors.ExpiryTooFar),
        (TIME + 2, None),
        (TIME + 120_001, None),
    ],
)
def test_expiry_boundaries(expiry: int, refusal: type[errors.Refused] | None) -> None:
    """A transaction is valid iff time < expiry ≤ time + lifetime_max, to the millisecond."""
    state = toy_state()
    raw = signed(state.ledger, Make(amount=1), expiry=expiry)
    if refusal is None:
        assert outcome_of(state, raw).code == 0
    else:
        with pytest.raises(refusal, match=str(expiry)):
            outcome_of(state, raw)


def test_the_same_id_twice_in_one_block() -> None:
    """A block takes an id once."""
    state = toy_state()
    transaction = checked(state, signed(state.ledger, Make(amount=1)))
    candidate = transition.begin(state, time=TIME + 1)
    transition.admit(candidate, transaction)
    transition.run(candidate, transaction)
    with pytest.raises(errors.AlreadyIncluded):
        transition.admit(candidate, transaction)


def test_ids_are_forgotten_after_their_lifetime() -> None:
    """Once nothing in a block can be replayed any more, its ids leave memory and state."""
    state = toy_state()
    advance(state, signed(state.ledger, Make(amount=1)))
    first = len(state.store)
    advance(state, time=TIME + 120_000)
    assert len(state.remembered) == 1
    advance(state, time=TIME + 120_001)
    assert len(state.remembered) == 0
    # Genesis's own record and the first block's went, those of the two empty blocks came.
    assert len(state.store) == first


def test_time_never_steps_back() -> None:
    """A block's time lies after its parent's."""
    state = toy_state()
    with pytest.raises(ValueError, match="not after"):
        transition.begin(state, time=TIME)


def test_only_rejections_are_caught() -> None:
    """A rule with a bug is not mistaken for a refusal."""
    state = toy_state()
    candidate = transition.begin(state, time=TIME + 1)
    with pytest.raises(ZeroDivisionError):
        transition.run(candidate, checked(state, signed(state.ledger, Break(how="raise"))))
    transition.discard(candidate)
    assert state.height == 0


def test_what_this_software_cannot_do_is_not_recorded() -> None:
    """A rule may refuse for what differs from machine to machine; nothing of it is left."""

    def leave(context: Context, command: Break) -> None:
        del command
        raise errors.VersionIsLacking("toy", context.height)

    unable = replace(TOY, commands={**TOY.commands, Break: leave})
    state = State(toy_genesis(), (unable,), MemoryStore())
    transition.found(state)
    candidate = transition.begin(state, time=TIME + 1)
    raw = signed(state.ledger, Make(amount=1), Break(how=""))
    with pytest.raises(errors.VersionIsLacking, match="toy version 1: this release"):
        transition.run(candidate, checked(state, raw))
    assert ([], [], []) == (candidate.transactions, candidate.outcomes, candidate.events)
    assert [] == candidate.overlay.changes()
    assert 0 == transition.run(candidate, checked(state, signed(state.ledger, Make(amount=1)))).code


def test_parameters_that_make_no_sense_found_no_ledger() -> None:
    """What a contract finds wrong with its settings is said before there is a block."""
    strict = replace(TOY, check_parameters=lambda each: f"amount_max: {each.amount_max} is no good")
    state = State(toy_genesis(), (strict,), MemoryStore())
    with pytest.raises(ValueError, match="parameters of contract toy: amount_max: 1000 is no good"):
        transition.found(state)


def test_a_broken_invariant_stops_the_block() -> None:
    """A token from nothing is found when the block is sealed, and the state stays as it was."""
    state = toy_state()
    root = state.tree.root
    candidate = transition.begin(state, time=TIME + 1)
    transition.run(candidate, checked(state, signed(state.ledger, Break(how="leak"))))
    with pytest.raises(errors.InvariantBroken, match="tokens change by 1, the total by 0"):
        transition.seal(candidate)
    assert state.tree.root == root


def test_a_record_that_could_not_be_read_again_stops_the_block() -> None:
    """A field beyond its bounds is found before anybody stumbles over it."""
    state = toy_state()
    root = state.tree.root
    candidate = transition.begin(state, time=TIME + 1)
    total = candidate.overlay.read(Total, TOTAL_ID)
    before = 0 if total is None else total.amount
    candidate.overlay.write(TOTAL_ID, Total(amount=before + AMOUNT_MAX + 1))
    candidate.overlay.write(token_id(1), Token(owner=key(1), amount=AMOUNT_MAX + 1, moves=0))
    with pytest.raises(errors.InvariantBroken, match="is malformed"):
        transition.seal(candidate)
    assert state.tree.root == root


def test_discard_restores_the_tree() -> None:
    """A sealed candidate that is discarded leaves no trace in the state's root."""
    state = toy_state()
    root = state.tree.root
    candidate = transition.begin(state, time=TIME + 1)
    transition.run(candidate, checked(state, signed(state.ledger, Make(amount=1))))
    transition.seal(candidate)
    assert state.tree.root != root
    transition.discard(candidate)
    assert state.tree.root == root


def made_block(state: State, *raws: bytes) -> Block:
    """Make a block on a state and commit it."""
    candidate = transition.begin(state, time=state.time + 1)
    for raw in raws:
        transition.run(candidate, checked(state, raw))
    block = transition.seal(candidate)
    transition.commit(candidate)
    return block


def test_replay_reaches_the_same_roots() -> None:
    """A second state that replays the blocks ends with the same root, log and head."""
    genesis = toy_genesis()
    state, other = toy_state(genesis), toy_state(genesis)
    blocks = [
        made_block(state, signed(state.ledger, Make(amount=n), nonce=n)) for n in (1, 2_000, 3)
    ]
    for block in blocks:
        transition.commit(transition.replay(other, block, signatures=True))
    assert (other.head, other.tree.root, other.log.root()) == (
        state.head,
        state.tree.root,
        state.log.root(),
    )


@pytest.mark.parametrize("field", ["parent", "transactions_root", "state_root", "receipts_root"])
def test_replay_names_what_differs(field: str) -> None:
    """A header that says something else than what replay gives is refused by name."""
    genesis = toy_genesis()
    state, other = toy_state(genesis), toy_state(genesis)
    block = made_block(state, signed(state.ledger, Make(amount=1)))
    forged = msgspec.structs.replace(
        block, header=msgspec.structs.replace(block.header, **{field: bytes(32)})
    )
    with pytest.raises(transition.Diverged, match=f"header.{field}"):
        transition.replay(other, forged, signatures=False)
    assert other.tree.root == toy_state(genesis).tree.root


def test_replay_checks_rejections_and_order() -> None:
    """Rejections that replay does not give, or a block out of turn, are refused."""
    genesis = toy_genesis()
    state, other = toy_state(genesis), toy_state(genesis)
    block = made_block(state, signed(state.ledger, Make(amount=1)))
    lied = msgspec.structs.replace(
        block,
        rejections=(Outcome(transaction=bytes(32), contract="toy", code=1, command=0),),  # type: ignore[arg-type]
    )
    with pytest.raises(transition.Diverged, match="rejections"):
        transition.replay(other, lied, signatures=False)
    later = made_block(state, signed(state.ledger, Make(amount=1), nonce=9))
    with pytest.raises(transition.Diverged, match="does not follow"):
        transition.replay(other, later, signatures=False)


def test_blocks_are_chained() -> None:
    """Each header names the hash of the one before."""
    state = toy_state()
    first = made_block(state, signed(state.ledger, Make(amount=1)))
    second = made_block(state)
    assert second.header.parent == block_hash(first.header)
    assert second.header.log_size == first.header.log_size + 1 == state.log.size


Step = tuple[int, int, int]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.lists(
            st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 1_100)), max_size=4
        ),
        max_size=6,
    )
)
def test_random_histories_conserve_and_replay(history: list[list[Step]]) -> None:
    """Tokens add up after every block, and replay reaches the same root, whatever people send."""
    genesis = toy_genesis()
    state, other = toy_state(genesis), toy_state(genesis)
    nonce = 0
    for steps in history:
        raws = []
        for kind, who, amount in steps:
            nonce += 1
            command = (
                Make(amount=amount)
                if kind
                else Move(token=token_id(amount % 8, by=who + 1), owner=key(who + 1))
            )
            raws.append(signed(state.ledger, command, by=(who + 1,), nonce=nonce))
        block = made_block(state, *raws)
        transition.commit(transition.replay(other, block, signatures=False))
    total = state.read(Total, TOTAL_ID)
    held = [record for id, _ in state.store.items() if (record := state.read(Token, id))]
    assert sum(each.amount for each in held) == (total.amount if total else 0)
    assert other.tree.root == state.tree.root


def test_order_inside_a_block_matters_only_through_the_rules() -> None:
    """Independent transactions reach the same records in any order; the header tells the order."""
    genesis = toy_genesis()
    one, other = toy_state(genesis), toy_state(genesis)
    raws = [signed(one.ledger, Make(amount=n), by=(n,), nonce=n) for n in (1, 2, 3)]
    there, back = made_block(one, *raws), made_block(other, *raws[::-1])
    for n in (1, 2, 3):
        assert one.read(Token, token_id(n, by=n)) == other.read(Token, token_id(n, by=n))
    assert there.header.transactions_root != back.header.transactions_root
    assert encode(there) != encode(back)


@pytest.mark.parametrize("token", [b"short", b"long" * 20])
def test_an_event_that_could_not_be_read_stops_the_block(token: bytes) -> None:
    """What is reported is read before it is promised, or nobody could follow the ledger."""
    state = toy_state()
    root = state.tree.root
    candidate = transition.begin(state, time=TIME + 1)
    candidate.emit(Made(token=RecordId(token)))
    with pytest.raises(errors.InvariantBroken, match="an event is malformed"):
        transition.seal(candidate)
    assert root == state.tree.root
