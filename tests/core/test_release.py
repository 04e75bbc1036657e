"""Rules change at a height; what was made before replays under the rules of its time."""

from dataclasses import replace
from itertools import pairwise
from typing import Annotated

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.base.encoding import Record, encode
from tallystick.base.identifiers import RecordId
from tallystick.core import transition
from tallystick.core.block import Block
from tallystick.core.context import Context, derived_id
from tallystick.core.contract import Contract
from tallystick.core.genesis import Genesis, Section
from tallystick.core.release import (
    ParametersPlan,
    Release,
    ReleasePlan,
    Setting,
    first_plan,
    parameters_at,
    releases_id,
    rulebook_of,
    versions_at,
    with_releases,
    with_settings,
)
from tallystick.core.state import State
from tallystick.store.memory import MemoryStore
from tests.core.toy import (
    TIME,
    TOTAL_ID,
    TOY,
    Made,
    Make,
    Token,
    Total,
    ToyParameters,
    checked,
    key,
    make,
    signed,
)


class CouncilParameters(Record, tag="council-parameters"):
    """No settings."""


class Enact(Record, tag="council.enact"):
    """Let a version of a contract rule from a height on."""

    height: Annotated[int, msgspec.Meta(ge=0)]
    """From when."""
    contract: str
    """What."""
    version: int
    """Which."""


def enact(context: Context, command: Enact) -> None:
    """Add to the plan."""
    plan = context.read(ReleasePlan, releases_id()) or ReleasePlan(releases=())
    entry = Release(height=command.height, contract=command.contract, version=command.version)
    context.write(releases_id(), ReleasePlan(releases=(*plan.releases, entry)))


def make_double(context: Context, command: Make) -> None:
    """Make twice as much: the toy's second version."""
    total = context.read(Total, TOTAL_ID) or Total(amount=0)
    amount = 2 * command.amount
    id = context.derive_id()
    context.create(id, Token(owner=next(iter(context.signers)), amount=amount, moves=0))
    context.write(TOTAL_ID, Total(amount=total.amount + amount))
    context.emit(Made(token=id))


COUNCIL = Contract(
    name="council",
    records=(ReleasePlan,),
    commands={Enact: enact},
    parameters=CouncilParameters,
)
TOY_2 = replace(TOY, version=2, commands={**TOY.commands, Make: make_double})
GENESIS = Genesis(
    name="released",
    time=TIME,
    lifetime_max=120_000,
    ids_max=1_000,
    sections=(
        Section(contract="toy", version=1, parameters=encode(ToyParameters(amount_max=1_000))),
        Section(contract="council", version=1, parameters=encode(CouncilParameters())),
    ),
    salt=bytes(32),
)


def new_state(*contracts: Contract) -> State:
    """Return a founded state that runs with these contracts at hand."""
    state = State(GENESIS, contracts, MemoryStore())
    transition.found(state)
    return state


def put(state: State, *commands: Record) -> Block:
    """Put one transaction into a block of its own; the block's height is its nonce."""
    candidate = transition.begin(state, time=state.time + 1)
    raw = signed(state.ledger, *commands, nonce=candidate.height)
    assert transition.run(candidate, checked(state, raw)).code == 0
    block = transition.seal(candidate)
    transition.commit(candidate)
    return block


def token_id(height: int) -> RecordId:
    """Return the id of the token made in a block."""
    return derived_id("toy", (key(1),), nonce=height.to_bytes(16, "big"), ordinal=0, n=0)


def history(state: State) -> list[Block]:
    """Make five blocks, of which the second has version 2 rule from the fourth on."""
    return [
        put(state, Make(amount=10)),
        put(state, Enact(height=4, contract="toy", version=2)),
        put(state, Make(amount=10)),
        put(state, Make(amount=10)),
        put(state, Make(amount=10)),
    ]


def amounts(state: State) -> list[int]:
    """Return how much the tokens of blocks 1, 3, 4 and 5 hold."""
    tokens = [state.read(Token, token_id(height)) for height in (1, 3, 4, 5)]
    return [each.amount for each in tokens if each is not None]


def test_a_version_rules_from_its_height_on() -> None:
    """Enacting changes nothing before the height, and everything from it on."""
    state = new_state(TOY, TOY_2, COUNCIL)
    history(state)
    assert [10, 10, 20, 20] == amounts(state)
    assert Total(amount=60) == state.read(Total, TOTAL_ID)


@pytest.mark.parametrize(
    ("height", "rule"), [(1, make), (3, make), (4, make_double), (6, make_double)]
)
def test_the_state_knows_the_rules_of_each_height(height: int, rule: object) -> None:
    """A rulebook of the past is the one of its time, and is compiled once."""
    state = new_state(TOY, TOY_2, COUNCIL)
    history(state)
    assert rule is state.rulebook(height).rules[Make][1]
    assert state.rulebook(height) is state.rulebook(height)


def test_old_blocks_replay_under_their_old_rules() -> None:
    """Another node that knows both versions reaches the same roots from the blocks alone."""
    state, other = new_state(TOY, TOY_2, COUNCIL), new_state(TOY_2, COUNCIL, TOY)
    for block in history(state):
        transition.commit(transition.replay(other, block, signatures=True))
    assert state.head == other.head
    assert amounts(state) == amounts(other)


def test_a_change_of_an_old_rule_is_found() -> None:
    """Somebody who lets the new rule pass for the old one does not reach the same root."""
    state = new_state(TOY, TOY_2, COUNCIL)
    first = history(state)[0]
    other = new_state(replace(TOY_2, version=1), TOY_2, COUNCIL)
    with pytest.raises(transition.Diverged, match=r"header\.state_root"):
        transition.replay(other, first, signatures=False)


def test_software_without_the_new_version_stops_at_its_height() -> None:
    """It replays what it knows, and then says what is missing instead of guessing."""
    blocks = history(new_state(TOY, TOY_2, COUNCIL))
    old = new_state(TOY, COUNCIL)
    for block in blocks[:3]:
        transition.commit(transition.replay(old, block, signatures=False))
    with pytest.raises(ValueError, match="needs contract toy version 2, which this release"):
        transition.replay(old, blocks[3], signatures=False)
    with pytest.raises(ValueError, match="install one that does"):
        transition.begin(old, time=old.time + 1)
    assert 3 == old.height


def test_software_without_the_old_version_cannot_even_begin() -> None:
    """A ledger needs every version that ever ruled it."""
    with pytest.raises(ValueError, match="needs contract toy version 1, which this release"):
        new_state(TOY_2, COUNCIL)


def test_a_new_version_that_requires_an_absent_contract_is_refused() -> None:
    """What a version requires must rule at its height as well."""
    state = new_state(TOY, replace(TOY_2, requires=("market",)), COUNCIL)
    with pytest.raises(ValueError, match="contract toy requires market, which is absent"):
        history(state)


def test_genesis_names_a_contract_once() -> None:
    """Two sections of one contract would be two seeds and two settings."""
    twice = msgspec.structs.replace(GENESIS, sections=GENESIS.sections * 2)
    with pytest.raises(ValueError, match="genesis names contract toy twice"):
        transition.found(State(twice, (TOY, COUNCIL), MemoryStore()))


def test_the_first_plan_is_genesis() -> None:
    """A ledger is born with the versions that its genesis names, and keeps them as a record."""
    plan = ReleasePlan(
        releases=(
            Release(height=0, contract="toy", version=1),
            Release(height=0, contract="council", version=1),
        )
    )
    assert plan == first_plan(GENESIS)
    assert plan == new_state(TOY, COUNCIL).read(ReleasePlan, releases_id())


PLAN = ReleasePlan(
    releases=(
        Release(height=0, contract="a", version=1),
        Release(height=0, contract="b", version=3),
        Release(height=5, contract="a", version=2),
        Release(height=5, contract="c", version=1),
        Release(height=9, contract="a", version=1),
    )
)


@pytest.mark.parametrize(
    ("height", "expected"),
    [
        (0, (("a", 1), ("b", 3))),
        (4, (("a", 1), ("b", 3))),
        (5, (("a", 2), ("b", 3), ("c", 1))),
        (8, (("a", 2), ("b", 3), ("c", 1))),
        (9, (("a", 1), ("b", 3), ("c", 1))),
        (2**53 - 1, (("a", 1), ("b", 3), ("c", 1))),
    ],
)
def test_versions_at_a_height(height: int, expected: tuple[tuple[str, int], ...]) -> None:
    """A version holds from its height on until another one does, also an older one."""
    assert expected == versions_at(PLAN, height=height)


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from("abc"), st.integers(1, 3))))
def test_a_later_height_never_loses_a_contract(entries: list[tuple[int, str, int]]) -> None:
    """What has once been released stays, in the order in which it came."""
    releases = tuple(
        Release(height=height, contract=name, version=version)
        for height, name, version in sorted(entries, key=lambda entry: entry[0])
    )
    plan = ReleasePlan(releases=releases)
    names = [[name for name, _ in versions_at(plan, height=height)] for height in range(11)]
    for earlier, later in pairwise(names):
        assert earlier == later[: len(earlier)]


def test_a_rulebook_holds_what_was_chosen() -> None:
    """Of several versions at hand only the named one rules."""
    rulebook = rulebook_of([("council", 1), ("toy", 2)], (TOY, TOY_2, COUNCIL))
    assert {"council": COUNCIL, "toy": TOY_2} == rulebook.contracts


@pytest.mark.parametrize(
    ("height", "expected"), [(0, None), (4, None), (5, b"b"), (8, b"b"), (9, b"c"), (2**53, b"c")]
)
def test_parameters_at_a_height(height: int, expected: bytes | None) -> None:
    """Before the first entry those of genesis rule; of two for one height the later written."""
    plan = ParametersPlan((Setting(5, "a", b"a"), Setting(5, "a", b"b"), Setting(9, "a", b"c")))
    assert expected == parameters_at(plan, height=height)
    assert parameters_at(None, height=height) is None


def test_a_release_is_put_in_its_place() -> None:
    """In order of height, after what is there for the same height."""
    plan = with_releases(PLAN, [Release(5, "a", 9), Release(7, "b", 1)])
    entries = [(each.height, each.contract, each.version) for each in plan.releases]
    assert [
        (0, "a", 1),
        (0, "b", 3),
        (5, "a", 2),
        (5, "c", 1),
        (5, "a", 9),
        (7, "b", 1),
        (9, "a", 1),
    ] == entries
    assert ("a", 9) in versions_at(plan, height=5)


@given(
    st.lists(st.integers(0, 20), max_size=6),
    st.lists(st.integers(11, 20), max_size=6),
    st.integers(10, 22),
)
def test_what_is_forgotten_rules_no_more(before: list[int], added: list[int], asked: int) -> None:
    """From the present block on, a plan that forgot its past says what one that did not says."""
    old = [Setting(height, "a", b"old %d" % height) for height in sorted(before)]
    new = [Setting(height, "a", b"new %d" % n) for n, height in enumerate(added)]
    whole = ParametersPlan(tuple(sorted([*old, *new], key=lambda each: each.height)))
    plan = with_settings(ParametersPlan(tuple(old)) if old else None, new, height=10)
    assert parameters_at(whole, height=asked) == parameters_at(plan, height=asked)
    assert sum(each.height <= 10 for each in plan.settings) <= 1
