"""What a rule may do through its context, and what it may not."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.base.encoding import Record, encode
from tallystick.base.identifiers import LockId, PublicKey, RecordId
from tallystick.core import transition
from tallystick.core.block import Outcome
from tallystick.core.candidate import Candidate
from tallystick.core.context import CALL_DEPTH_MAX, DERIVED_IDS_MAX, Context, derived_id
from tallystick.core.contract import Contract
from tallystick.core.errors import InvariantBroken, KeepsNoHoldings, NonceUsedBefore, Rejected
from tallystick.core.genesis import Genesis, Section, parameters_id
from tallystick.core.holding import Lock, LockedFor
from tallystick.core.holding import Release as Unlock
from tallystick.core.release import (
    ParametersPlan,
    Release,
    ReleasePlan,
    Setting,
    releases_id,
)
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
    NotYours,
    Token,
    Total,
    ToyParameters,
    checked,
    key,
    signed,
    toy_state,
)

HERE = RecordId(bytes([7]) * 32)
LOCK_ID = LockId(bytes([8]) * 32)

Script = Callable[[Context], None]


class Note(Record, tag="note"):
    """Something that the scripted contract keeps."""

    text: str
    """What it says."""


class Noted(Record, tag="noted"):
    """Something happened in the scripted contract."""

    text: str
    """What."""


class Act(Record, tag="script.act"):
    """Do what the test says."""

    depth: int
    """How deep the test is in calls of calls."""


class Empty(Record, tag="empty"):
    """No settings."""


class VaultEmpty(Record, tag="vault-empty"):
    """No settings either."""


def lock(context: Context, command: Lock) -> None:
    """Keep who locked what."""
    context.write(
        command.holding,
        LockedFor(holder=context.caller, lock_id=command.lock_id, until=command.until),
    )


def release(context: Context, command: Unlock) -> None:
    """Forget it."""
    context.delete(LockedFor, command.holding)


VAULT = Contract(
    name="vault",
    records=(LockedFor,),
    commands={Lock: lock, Unlock: release},
    parameters=VaultEmpty,
)


def scripted(
    script: Script, *, requires: tuple[str, ...] = ("toy",), governs: bool = False
) -> State:
    """Return a ledger with the toy, a vault and a contract whose only rule is the test's."""

    def act(context: Context, command: Act) -> None:
        script(context)

    contract = Contract(
        name="script",
        requires=requires,
        records=(Note,),
        commands={Act: act},
        events=(Noted,),
        parameters=Empty,
        governs=governs,
    )
    contracts = (TOY, VAULT, contract)
    settings = (ToyParameters(amount_max=1_000), VaultEmpty(), Empty())
    genesis = Genesis(
        name="script",
        time=TIME,
        lifetime_max=120_000,
        ids_max=100,
        sections=tuple(
            Section(contract=each.name, version=1, parameters=encode(its))
            for each, its in zip(contracts, settings, strict=True)
        ),
        salt=bytes(32),
    )
    state = State(genesis, contracts, MemoryStore())
    transition.found(state)
    return state


def tried(
    script: Script,
    *,
    requires: tuple[str, ...] = ("toy",),
    by: tuple[int, ...] = (1,),
    governs: bool = False,
) -> tuple[Candidate, Outcome]:
    """Run a transaction whose only command does what the script says."""
    state = scripted(script, requires=requires, governs=governs)
    candidate = transition.begin(state, time=TIME + 1)
    raw = signed(state.ledger, Act(depth=0), by=by)
    return candidate, transition.run(candidate, checked(state, raw))


def test_a_rule_reads_everything_and_writes_its_own() -> None:
    """Its own records can be created, replaced and taken away."""

    def script(context: Context) -> None:
        assert context.read(Token, HERE) is None
        assert ToyParameters(amount_max=1_000) == context.parameters(ToyParameters)
        context.create(HERE, Note(text="one"))
        context.write(HERE, Note(text="two"))
        context.create(TOTAL_ID, Note(text="three"))
        context.delete(Note, TOTAL_ID)
        context.emit(Noted(text="done"))

    candidate, outcome = tried(script)
    assert 0 == outcome.code
    assert Note(text="two") == candidate.overlay.read(Note, HERE)
    assert candidate.overlay.read(Note, TOTAL_ID) is None
    assert [(0, Noted(text="done"))] == candidate.events


@pytest.mark.parametrize(
    ("script", "message"),
    [
        (lambda c: c.write(HERE, Total(amount=1)), "script may not write Total"),
        (lambda c: c.create(HERE, Total(amount=1)), "script may not write Total"),
        (lambda c: c.delete(Total, TOTAL_ID), "script may not delete Total"),
        (lambda c: c.write(HERE, ToyParameters(amount_max=1)), "may not write ToyParameters"),
        (lambda c: c.write(HERE, Empty()), "script may not write Empty"),
        (lambda c: [c.create(HERE, Note(text="")) for _ in range(2)], "is in use already"),
        (lambda c: c.derive_id(DERIVED_IDS_MAX), "may derive 65536 ids, not id 65536"),
        (lambda c: c.call(Note(text="no command")), "Note is not in force"),
    ],
)
def test_what_a_rule_must_not_do_is_a_bug_of_ours(script: Script, message: str) -> None:
    """Another contract's record is never written, and nothing is caught that is not a rejection."""
    with pytest.raises(AssertionError, match=message):
        tried(script)


def setting(amount_max: int, height: int = 3) -> Setting:
    """Return other parameters of the toy, to hold from a height on."""
    return Setting(height, "toy", encode(ToyParameters(amount_max=amount_max)))


@pytest.mark.parametrize(
    ("governs", "settings", "message"),
    [
        (False, (setting(1),), "script does not govern"),
        (True, (setting(1, height=1),), "nothing is planned for block 1 or before"),
        (True, (setting(1, height=0),), "nothing is planned for block 1 or before"),
        (True, (setting(-1),), "what is planned cannot work"),
        (True, (Setting(3, "moon", b""),), "what is planned cannot work"),
    ],
)
def test_who_plans_governs_and_plans_what_works(
    *, governs: bool, settings: tuple[Setting, ...], message: str
) -> None:
    """A plan that could stop the ledger is never written."""
    with pytest.raises(AssertionError, match=message):
        tried(lambda context: context.plan(settings=settings), governs=governs)


def test_what_is_planned_stands_in_the_state() -> None:
    """Versions under one id, parameters beside those of genesis, which stay."""
    releases, settings = (Release(4, "toy", 1),), (setting(5), setting(6, height=9))

    def script(context: Context) -> None:
        assert context.foresee(releases, settings) is None
        assert context.foresee(releases, (setting(-1),)) is not None
        assert context.read(ParametersPlan, parameters_id("toy")) is None
        context.plan(releases, settings)
        context.plan()

    candidate, outcome = tried(script, governs=True)
    assert 0 == outcome.code
    plan = candidate.overlay.read(ReleasePlan, releases_id())
    assert plan is not None
    assert releases[0] == plan.releases[-1]
    assert ParametersPlan(settings) == candidate.overlay.read(ParametersPlan, parameters_id("toy"))
    assert ToyParameters(1_000) == candidate.overlay.read(ToyParameters, parameters_id("toy"))
    assert ToyParameters(1_000) == candidate.parameters(ToyParameters)


def test_an_id_that_stands_in_the_state_cannot_be_created_again() -> None:
    """Creating asks no store; sealing finds that the tree did not grow, and leaves it as it was."""
    state = scripted(lambda context: context.create(HERE, Note(text="one")))
    for nonce in (0, 1):
        candidate = transition.begin(state, time=state.time + 1)
        raw = signed(state.ledger, Act(depth=0), nonce=nonce)
        assert 0 == transition.run(candidate, checked(state, raw)).code
        if nonce == 0:
            transition.seal(candidate)
            transition.commit(candidate)
    root, count = state.tree.root, state.tree.count
    with pytest.raises(InvariantBroken, match="stood in the state already"):
        transition.seal(candidate)
    assert (root, count) == (state.tree.root, state.tree.count)


def test_only_what_is_required_can_be_called() -> None:
    """A contract that does not name another in `requires` has no way into it."""
    with pytest.raises(AssertionError, match="script does not require toy"):
        tried(lambda context: context.call(Make(amount=1)), requires=())


def test_what_is_called_has_the_same_signers_and_its_own_rights() -> None:
    """A called command writes its own contract's records, for the signers of the transaction."""
    candidate, outcome = tried(lambda context: context.call(Make(amount=5)), by=(2,))
    id = derived_id("toy", (key(2),), nonce=bytes(16), ordinal=0, n=DERIVED_IDS_MAX)
    assert 0 == outcome.code
    assert Total(amount=5) == candidate.overlay.read(Total, TOTAL_ID)
    assert Token(owner=key(2), amount=5, moves=0) == candidate.overlay.read(Token, id)


def test_the_called_rule_learns_who_called() -> None:
    """A lock is for the contract that called, and needs no `requires`; a signer calls as nobody."""
    until = TIME + 5

    def script(context: Context) -> None:
        assert ("", 0) == (context.caller, context.ordinal)
        context.call(Lock(contract="vault", holding=HERE, lock_id=LOCK_ID, until=until))

    candidate, outcome = tried(script, requires=())
    assert 0 == outcome.code
    expected = LockedFor(holder="script", lock_id=LOCK_ID, until=until)
    assert expected == candidate.overlay.read(LockedFor, HERE)


def test_a_release_reaches_the_contract_that_is_named() -> None:
    """Locking and releasing leave nothing behind."""

    def script(context: Context) -> None:
        context.call(Lock(contract="vault", holding=HERE, lock_id=LOCK_ID, until=0))
        context.call(Unlock(contract="vault", holding=HERE, lock_id=LOCK_ID))

    candidate, outcome = tried(script, requires=())
    assert 0 == outcome.code
    assert candidate.overlay.read(LockedFor, HERE) is None


@pytest.mark.parametrize("name", ["toy", "script", "nobody"])
def test_a_lock_on_what_nobody_keeps_is_rejected_and_undone(name: str) -> None:
    """The name may come from a user, so it is no bug of ours, and nothing of it stays."""

    def script(context: Context) -> None:
        context.create(HERE, Note(text="before"))
        context.call(Lock(contract=name, holding=HERE, lock_id=LOCK_ID, until=0))

    candidate, outcome = tried(script)
    assert ("kernel", KeepsNoHoldings.code) == (outcome.contract, outcome.code)
    assert name in candidate.messages[0]
    assert candidate.overlay.read(Note, HERE) is None


def test_a_rejection_in_a_called_command_undoes_the_caller_too() -> None:
    """Whatever was written, emitted or called before is gone; the receipt names who refused."""

    def script(context: Context) -> None:
        context.create(HERE, Note(text="before"))
        context.emit(Noted(text="before"))
        context.call(Make(amount=1))
        context.call(Move(token=HERE, owner=key(2)))

    candidate, outcome = tried(script)
    assert ("toy", 2, 0) == (outcome.contract, outcome.code, outcome.command)
    assert [] == candidate.overlay.changes()
    assert [] == candidate.events


def test_what_is_attempted_and_refused_has_not_happened() -> None:
    """Nothing of it stays; what was done before and after it does, and the caller learns why."""
    heard: list[Rejected | None] = []

    def script(context: Context) -> None:
        context.create(HERE, Note(text="before"))
        context.emit(Noted(text="before"))
        heard.append(context.attempt(Make(amount=1)))
        heard.append(context.attempt(Move(token=HERE, owner=key(2))))
        heard.append(context.attempt(Make(amount=1_001)))
        context.emit(Noted(text="after"))

    candidate, outcome = tried(script)
    assert 0 == outcome.code
    assert [None, 2, 1] == [each and each.code for each in heard]
    assert Total(amount=1) == candidate.overlay.read(Total, TOTAL_ID)
    assert Note(text="before") == candidate.overlay.read(Note, HERE)
    made = derived_id("toy", (key(1),), nonce=bytes(16), ordinal=0, n=DERIVED_IDS_MAX)
    expected = [Noted(text="before"), Made(token=made), Noted(text="after")]
    assert expected == [event for _, event in candidate.events]


def test_an_attempt_undoes_what_was_written_before_it_was_refused() -> None:
    """Also what is called in turn: writes, events, and the notes of attempts within attempts."""

    def script(context: Context) -> None:
        if context.caller:
            context.write(HERE, Note(text="within"))
            context.emit(Noted(text="within"))
            assert context.attempt(Make(amount=3)) is None
            assert context.attempt(Make(amount=1_001)) is not None
            context.call(Move(token=HERE, owner=key(2)))
        else:
            refused = context.attempt(Act(depth=1))
            assert isinstance(refused, NotYours)
            assert refused.__traceback__ is None

    candidate, outcome = tried(script, requires=("toy", "script"))
    assert 0 == outcome.code
    assert [] == candidate.overlay.changes()
    assert [] == candidate.events


def test_an_attempt_is_refused_by_rules_alone() -> None:
    """A nonce that was used before refuses everything, and a bug of ours is nobody's answer."""
    state = scripted(lambda context: _expect_nothing(context.attempt(Make(amount=1))))
    for code in (0, NonceUsedBefore.code):
        candidate = transition.begin(state, time=state.time + 1)
        raw = signed(state.ledger, Act(depth=0), expiry=TIME + 60_000 + code)
        assert code == transition.run(candidate, checked(state, raw)).code
        transition.seal(candidate)
        transition.commit(candidate)
    with pytest.raises(ZeroDivisionError):
        tried(lambda context: _expect_nothing(context.attempt(Break(how="raise"))))


def _expect_nothing(refused: Rejected | None) -> None:
    """Insist that nothing was refused."""
    assert refused is None


def nesting(levels: int) -> State:
    """Return a ledger whose contract calls itself so many times, and notes how deep it came."""

    def script(context: Context) -> None:
        depth = context.read(Note, HERE)
        reached = 0 if depth is None else int(depth.text)
        context.write(HERE, Note(text=str(reached + 1)))
        if reached < levels:
            context.call(Act(depth=reached))

    return scripted(script, requires=("script",))


def test_calls_nest_up_to_the_bound() -> None:
    """As many calls within calls as the bound says are made, one more is a bug of ours."""
    state = nesting(CALL_DEPTH_MAX)
    candidate = transition.begin(state, time=TIME + 1)
    transition.run(candidate, checked(state, signed(state.ledger, Act(depth=0))))
    assert Note(text=str(CALL_DEPTH_MAX + 1)) == candidate.overlay.read(Note, HERE)
    state = nesting(CALL_DEPTH_MAX + 1)
    candidate = transition.begin(state, time=TIME + 1)
    with pytest.raises(AssertionError, match="nested deeper than 8"):
        transition.run(candidate, checked(state, signed(state.ledger, Act(depth=0))))


def test_each_call_has_ids_of_its_own() -> None:
    """One command that makes several tokens through another contract gives each another id."""

    def script(context: Context) -> None:
        for amount in (1, 2, 3):
            context.call(Make(amount=amount))

    candidate, outcome = tried(script)
    assert 0 == outcome.code
    made = [change.after[Token] for change in candidate.overlay.changes() if Token in change.after]
    assert [1, 2, 3] == [each.amount for each in made if isinstance(each, Token)]


def test_a_called_command_cannot_take_the_callers_ids() -> None:
    """Not even a contract that calls itself comes to an id that it gave away before."""
    ids: list[RecordId] = []

    def script(context: Context) -> None:
        ids.extend(context.derive_id(n) for n in range(3))
        if len(ids) < 9:
            context.call(Act(depth=1))

    tried(script, requires=("script",))
    assert (9, 9) == (len(ids), len(set(ids)))


def test_a_nonce_used_again_is_rejected() -> None:
    """The same signers with the same nonce would make the same id: that is their mistake."""
    state = toy_state()
    candidate = transition.begin(state, time=TIME + 1)
    outcomes = [
        transition.run(candidate, checked(state, signed(state.ledger, Make(amount=n), nonce=4)))
        for n in (1, 2)
    ]
    assert [0, NonceUsedBefore.code] == [each.code for each in outcomes]
    assert "kernel" == outcomes[1].contract
    assert "draw another" in candidate.messages[1]
    assert Total(amount=1) == candidate.overlay.read(Total, TOTAL_ID)


def test_nobody_else_comes_to_the_same_id() -> None:
    """Another signer with the same nonce makes another token."""
    state = toy_state()
    candidate = transition.begin(state, time=TIME + 1)
    for who in ((1,), (2,), (1, 2)):
        raw = signed(state.ledger, Make(amount=1), nonce=4, by=who)
        assert 0 == transition.run(candidate, checked(state, raw)).code
    assert Total(amount=3) == candidate.overlay.read(Total, TOTAL_ID)


Given = tuple[str, tuple[PublicKey, ...], bytes, int, int]
GIVEN = st.tuples(
    st.sampled_from(["toy", "to", "script"]),
    st.sampled_from([(key(1),), (key(2),), (key(1), key(2)), ()]),
    st.binary(min_size=16, max_size=16),
    st.integers(0, 2),
    st.integers(0, 2),
)


@given(GIVEN, GIVEN)
def test_derived_ids_are_equal_only_if_everything_is(one: Given, other: Given) -> None:
    """Contract, signers, nonce, ordinal and n are all bound, and cannot be shifted about."""
    ids = [
        derived_id(each[0], each[1], nonce=each[2], ordinal=each[3], n=each[4])
        for each in (one, other)
    ]
    assert (one == other) == (ids[0] == ids[1])


def test_the_context_shows_the_blocks_time_and_the_signers() -> None:
    """A rule learns when it runs, for whom, and nothing about the machine."""

    def script(context: Context) -> None:
        expected = (TIME + 1, 1, sorted((key(1), key(2))), bytes(16))
        signers = list(context.signers)
        assert expected == (context.time, context.height, signers, context.nonce)

    assert 0 == tried(script, by=(1, 2))[1].code
