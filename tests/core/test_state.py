"""The state between blocks: remembered ids, parameters and what stands in a leaf."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.base.encoding import Record, encode
from tallystick.base.identifiers import RecordId, TransactionId
from tallystick.core import transition
from tallystick.core.contract import Contract
from tallystick.core.genesis import parameters_id
from tallystick.core.overlay import leaf_bytes
from tallystick.core.release import ReleasePlan, releases_id
from tallystick.core.state import (
    RememberedIds,
    SeenIds,
    State,
    leaf_decoder,
    seen_digest,
    seen_id,
)
from tallystick.store.memory import MemoryStore
from tests.core.toy import (
    TIME,
    TOTAL_ID,
    TOY,
    Make,
    Token,
    Total,
    ToyParameters,
    advance,
    checked,
    key,
    signed,
    toy_genesis,
    toy_state,
)

HERE = RecordId(bytes([7]) * 32)


class OtherParameters(Record, tag="other-parameters"):
    """What no contract in force declares."""


def id_of(n: int) -> TransactionId:
    """Return a numbered transaction id."""
    return TransactionId(n.to_bytes(32, "big"))


# Each block: how long after the one before it was made [ms], and how many ids it used up.
BLOCKS = st.lists(st.tuples(st.integers(1, 50), st.integers(0, 4)), max_size=12)


def remembered(
    blocks: list[tuple[int, int]],
) -> tuple[RememberedIds, dict[int, list[TransactionId]]]:
    """Return ids remembered block by block, and the same as a plain table by time."""
    ids, table = RememberedIds(), {}
    time = number = 0
    for after, size in blocks:
        time += after
        table[time] = [id_of(number + n) for n in range(size)]
        number += size
        ids.remember(time, table[time])
    return ids, table


@given(BLOCKS, st.integers(-5, 700))
def test_lapsed_counts_and_names_what_forgetting_drops(
    blocks: list[tuple[int, int]], moment: int
) -> None:
    """Blocks at or before a moment lapse; `count` tells beforehand how many ids will be left."""
    ids, table = remembered(blocks)
    kept = {time: each for time, each in table.items() if time > moment}
    left = ids.count(after=moment)
    assert [time for time in table if time <= moment] == ids.lapsed(before=moment)
    assert sum(map(len, table.values())) == len(ids)
    ids.forget(before=moment)
    assert sum(map(len, kept.values())) == left == len(ids)
    assert list(kept.items()) == [(time, list(each)) for time, each in ids.blocks()]
    assert [] == ids.lapsed(before=moment)
    for time, each in table.items():
        assert [time in kept] * len(each) == [id in ids for id in each]


@given(BLOCKS, st.lists(st.integers(-5, 700), max_size=5))
def test_forgetting_step_by_step_is_forgetting_at_once(
    blocks: list[tuple[int, int]], moments: list[int]
) -> None:
    """Only the latest moment counts, in whatever order moments come."""
    gradually, _ = remembered(blocks)
    at_once, _ = remembered(blocks)
    for moment in moments:
        gradually.forget(before=moment)
    if moments:
        at_once.forget(before=max(moments))
    assert at_once.blocks() == gradually.blocks()
    assert len(at_once) == len(gradually)


def test_a_seen_record_commits_to_time_ids_and_order() -> None:
    """Each block has a place of its own for its ids, and another digest for other ids."""
    one, two = id_of(1), id_of(2)
    digests = {
        seen_digest(time, ids).digest
        for time, ids in ((1, [one, two]), (1, [two, one]), (1, [one]), (1, []), (2, [one, two]))
    }
    assert 5 == len(digests)
    assert seen_digest(1, (one, two)) == seen_digest(1, [one, two])
    assert seen_id(1) != seen_id(2)


def test_a_committed_block_leaves_its_ids_in_the_state() -> None:
    """What memory holds is what the record in the state commits to."""
    state = toy_state()
    raws = [signed(state.ledger, Make(amount=n), nonce=n) for n in (1, 2)]
    ids = [checked(state, raw).id for raw in raws]
    advance(state, *raws)
    assert seen_digest(state.time, ids) == state.read(SeenIds, seen_id(state.time))
    assert [(TIME, []), (TIME + 1, ids)] == [
        (time, list(each)) for time, each in state.remembered.blocks()
    ]


def test_before_genesis_there_is_nothing() -> None:
    """A state without a block stands just before its genesis."""
    state = State(toy_genesis(), (TOY,), MemoryStore())
    assert (-1, TIME - 1, None) == (state.height, state.time, state.head)
    assert {} == state.load(HERE)
    assert state.read(Total, TOTAL_ID) is None
    assert ["toy"] == list(state.rulebook(0).contracts)


def test_parameters_are_those_of_the_contract_in_force() -> None:
    """They are read by the kind that the contract declares; any other kind is our mistake."""
    state = toy_state()
    assert ToyParameters(amount_max=1_000) == state.parameters(ToyParameters)
    assert ToyParameters(amount_max=1_000) == state.read(ToyParameters, parameters_id("toy"))
    with pytest.raises(LookupError, match="no contract in force has parameters OtherParameters"):
        state.parameters(OtherParameters)


def test_parameters_change_with_the_block_after() -> None:
    """Within a block they are what they were when it began, and afterwards what was written."""
    state = toy_state()
    candidate = transition.begin(state, time=TIME + 1)
    candidate.overlay.write(parameters_id("toy"), ToyParameters(amount_max=5))
    outcome = transition.run(candidate, checked(state, signed(state.ledger, Make(amount=6))))
    assert 0 == outcome.code
    transition.seal(candidate)
    transition.commit(candidate)
    assert ToyParameters(amount_max=5) == state.parameters(ToyParameters)


def test_parameters_that_were_never_written_are_missed() -> None:
    """A state that has not executed its genesis has none."""
    state = State(toy_genesis(), (TOY,), MemoryStore())
    with pytest.raises(LookupError, match="ToyParameters"):
        state.parameters(ToyParameters)


def test_a_leaf_holds_several_records() -> None:
    """All records of one id come back by their kinds, in whatever order they were written."""
    state = toy_state()
    token, total = Token(owner=key(1), amount=2, moves=3), Total(amount=4)
    seen = seen_digest(TIME, [id_of(1)])
    expected = {Token: token, Total: total, SeenIds: seen}
    assert expected == state.decode(leaf_bytes({SeenIds: seen, Total: total, Token: token}))
    assert expected == state.decode(leaf_bytes({Token: token, SeenIds: seen, Total: total}))
    leaves: dict[RecordId, bytes | None] = {HERE: leaf_bytes({Token: token, Total: total})}
    state.tree.apply(leaves)
    state.store.write(leaves, height=1, leaf_hashes=b"")
    assert {Token: token, Total: total} == state.load(HERE)
    assert (token, total) == (state.read(Token, HERE), state.read(Total, HERE))
    assert state.read(SeenIds, HERE) is None


@given(st.integers(0, 2**53 - 1), st.integers(0, 2**53 - 1))
def test_decoding_a_leaf_inverts_encoding_it(amount: int, total: int) -> None:
    """Any records of different kinds survive."""
    records: dict[type[Record], Record] = {
        Token: Token(owner=key(1), amount=amount, moves=0),
        Total: Total(amount=total),
        ToyParameters: ToyParameters(amount_max=amount),
    }
    assert records == LEAF_STATE.decode(leaf_bytes(records))


def test_every_version_at_hand_can_be_decoded() -> None:
    """Two versions of a contract share their records, and each kind is known once."""
    newer: Contract = replace(TOY, version=2, records=(Token, Total, OtherParameters))
    decoder = leaf_decoder((TOY, newer))
    records = (OtherParameters(), ReleasePlan(releases=()), Total(amount=1))
    assert records == decoder.decode(encode(records))


def test_the_plan_of_releases_is_a_record_of_the_state() -> None:
    """Every node reads the same plan."""
    plan = toy_state().read(ReleasePlan, releases_id())
    assert plan is not None
    assert [(0, "toy", 1)] == [(each.height, each.contract, each.version) for each in plan.releases]


LEAF_STATE = toy_state()


def test_what_was_written_lately_is_kept_and_stays_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is read without the store, no reader's changes reach it, and the oldest of much goes."""
    monkeypatch.setattr("tallystick.core.state.RECENT_MAX", 2)
    state = toy_state()
    ids = [RecordId(bytes([n]) * 32) for n in range(3)]
    token = Token(owner=key(1), amount=1, moves=0)
    state.keep({id: {Token: token} for id in ids})
    assert [{}, {Token: token}, {Token: token}] == [state.load(id) for id in ids]
    state.load(ids[1]).clear()
    assert {Token: token} == state.load(ids[1])
    state.keep({ids[1]: None})
    assert {} == state.load(ids[1])
