"""Whatever buyers, owners and companies do, in whatever order: one owner, and tokens conserved."""

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.base.identifiers import RecordId
from tallystick.contracts import benefit
from tallystick.contracts.asset.model import Balance
from tallystick.contracts.benefit.commands import Buy, List, Redeem, Swap, Transfer, Unlist
from tallystick.contracts.benefit.errors import (
    BenefitIsNotOnOffer,
    BenefitIsReserved,
    OthersHaveTheirTurn,
    TooManyReservations,
)
from tallystick.contracts.benefit.model import BenefitState
from tallystick.contracts.benefit.standing import is_employed
from tallystick.contracts.benefit.views import Quote, QuoteView
from tallystick.contracts.exchange.commands import Abort, Commit, Finish, Prepare
from tallystick.contracts.exchange.model import Change, change_id
from tallystick.core.errors import Rejected
from tallystick.core.holding import holding_id
from tallystick.core.invariant import Change as Changed
from tallystick.core.invariant import Changes, Leaf
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, Verdict, accepted
from tests.contracts.benefit.cases import (
    AMOS,
    ANNA,
    BELLA,
    BEN,
    CLEARING_A,
    CLEARING_B,
    COMPANY_OF,
    LISTED,
    MINUTE,
    OFFERED,
    OFFERED_B,
    OWNED,
    OWNED_B,
    STAFF,
    STRANGER,
    TOKENS,
    UNITS,
    A,
    B,
    benefit_of,
    buying,
    cast,
    dismiss,
    finish,
    number_of,
    pay,
    tokens_of,
)

PEOPLE = (ANNA, AMOS, BEN, BELLA)
THINGS = (OFFERED, LISTED, OWNED, OWNED_B, OFFERED_B)
ACTIONS = (
    "buy", "buy", "buy", "buy", "pay", "pay", "pay", "pay", "commit", "commit", "finish", "finish",
    "finish", "abort", "list", "list", "unlist", "transfer", "swap", "redeem", "wait", "seal",
    "dismiss",
)  # fmt: skip

Step = tuple[str, int, int]
"""What is tried, and two numbers that say with what."""

steps: st.SearchStrategy[list[Step]] = st.lists(
    st.tuples(st.sampled_from(ACTIONS), st.integers(0, 11), st.integers(0, 11)), max_size=40
)


@dataclass
class History:
    """What was begun so far."""

    trial: Trial = field(default_factory=cast)
    changes: list[Change] = field(default_factory=list)


def play(history: list[Step]) -> History:
    """Try one step after the other; the trial checks every law after each."""
    played = History()
    for action, first, second in history:
        act(played, action, first, second)
    return played


def act(played: History, action: str, first: int, second: int) -> None:
    """Try one step."""
    trial = played.trial
    person, other = PEOPLE[first % 4], PEOPLE[second % 4]
    thing, against = THINGS[first % 5], THINGS[second % 5]
    owner = benefit_of(trial, thing).owner
    change = played.changes[first % len(played.changes)] if played.changes else None
    match action:
        case "buy":
            reserve(played, other, thing)
        case "wait":
            trial.move_to(trial.time + second * MINUTE)
        case "seal":
            trial.close_block()
        case "dismiss" if second == 0 and is_employed(trial, key(person), COMPANY_OF[person]):
            dismiss(trial, person)
        case "pay" | "commit" | "finish" | "abort" if change is not None:
            carry(trial, action, change, second)
        case "list":
            trial.execute(List(thing, 5 + second), signers=[owner])
        case "unlist":
            trial.execute(Unlist(thing), signers=[owner])
        case "transfer":
            trial.execute(Transfer(thing, key(other), COMPANY_OF[other]), signers=[owner])
        case "swap":
            both = [owner, benefit_of(trial, against).owner]
            trial.execute(Swap(thing, against), signers=both)
        case "redeem" if second == 0:
            trial.execute(Redeem(thing), signers=[owner])


def reserve(played: History, buyer: int, id: RecordId) -> None:
    """Try to buy, which ends as the view foretells."""
    trial = played.trial
    foretold: set[Verdict] = {accepted}
    try:
        quote = trial.ask(Quote(id, key(buyer), COMPANY_OF[buyer]))
        assert isinstance(quote, QuoteView)
        if quote.wait:
            foretold = {TooManyReservations, OthersHaveTheirTurn}
    except Rejected as rejected:
        foretold = {type(rejected)}
    command = buying(trial, id, buyer, salt=1_000 + len(played.changes))
    verdict = trial.execute(command, signers=[buyer])
    assert verdict in foretold
    if verdict == accepted:
        played.changes.append(command.change)


def carry(trial: Trial, action: str, change: Change, second: int) -> None:
    """Try to get a change on."""
    part = second % len(change.parts)
    if action == "pay":
        owner = change.parts[part].owner
        trial.execute(Prepare(change, part), signers=[owner])
    elif action == "commit":
        trial.execute(Commit(change, ()), signers=[STRANGER])
    elif action == "finish":
        trial.execute(Finish(change_id(change), part, None), signers=[STRANGER])
    else:
        trial.execute(Abort(change), signers=[number_of(change.parts[0].owner)])


@settings(max_examples=60, deadline=None)
@given(history=steps)
def test_no_token_is_made_or_lost(history: list[Step]) -> None:
    """Of each company, what was minted is what its employees and its account hold."""
    trial = play(history).trial
    for name, clearing in ((A, CLEARING_A), (B, CLEARING_B)):
        held = 0
        for number in (*STAFF[name], clearing):
            found = trial.read(Balance, holding_id(UNITS[name], key(number)))
            assert found is not None
            held += found.spendable + found.locked
        assert held == TOKENS * (len(STAFF[name]) + 1)


@settings(max_examples=40, deadline=None)
@given(history=steps)
def test_an_audit_finds_nothing(history: list[Step]) -> None:
    """The laws hold on everything that stands, not only on what the last block changed."""
    trial = play(history).trial
    everything: dict[RecordId, Leaf] = {
        id: trial.state.decode(data) for id, data in trial.state.store.items()
    }
    everything |= {each.id: each.after for each in trial.candidate.overlay.changes()}
    changes = Changes((Changed(id, {}, leaf) for id, leaf in everything.items()), time=trial.time)
    laws = benefit.CONTRACT.invariants
    assert [] == [each for law in laws for each in law.violations(changes)]


RIVALS = (AMOS, BEN, BELLA)


@settings(max_examples=120, deadline=None)
@given(
    order=st.permutations([0, 1, 2] * 4),
    quits=st.tuples(st.booleans(), st.booleans(), st.booleans()),
    thing=st.sampled_from([OFFERED, LISTED]),
)
def test_rivals_have_at_most_one_winner(
    order: list[int], quits: tuple[bool, bool, bool], thing: RecordId
) -> None:
    """
    Whatever the interleaving: who reserves first wins, unless it gives up, and then another may.

    Everybody else has what it had, and was refused before a token of it was touched.
    """
    trial = cast()
    before = [tokens_of(trial, COMPANY_OF[person], person) for person in RIVALS]
    wanted = [buying(trial, thing, person, salt=n) for n, person in enumerate(RIVALS)]
    steps_done, refused = [0, 0, 0], [False, False, False]
    for n in order:
        if not refused[n]:
            refused[n] = not rival_step(trial, wanted[n], RIVALS[n], steps_done[n], quits=quits[n])
            steps_done[n] += 1
    won = [not refused[n] and not quits[n] for n in range(3)]
    owner = benefit_of(trial, thing).owner
    assert [owner == key(person) for person in RIVALS] == won
    assert sum(won) == 1 or all(refused[n] or quits[n] for n in range(3))
    for n, person in enumerate(RIVALS):
        paid = before[n] - tokens_of(trial, COMPANY_OF[person], person)
        price = next(each.amount for each in wanted[n].change.parts if each.owner == key(person))
        assert paid == (price if won[n] else 0)
    if not any(won):
        state = BenefitState.OFFERED if thing == OFFERED else BenefitState.LISTED
        assert state is benefit_of(trial, thing).state


def rival_step(trial: Trial, wanted: Buy, person: int, step: int, *, quits: bool) -> bool:
    """Do the next of a rival's four steps; tell whether it goes on."""
    change = wanted.change
    match step:
        case 0:
            verdict = trial.execute(wanted, signers=[person])
            assert verdict in (accepted, BenefitIsReserved, BenefitIsNotOnOffer)
            return verdict == accepted
        case 1:
            pay(trial, change)
        case 2:
            command = Abort(change) if quits else Commit(change, ())
            assert accepted == trial.execute(command, signers=[person])
        case _:
            finish(trial, change)
    return True
