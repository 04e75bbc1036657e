"""The smallest contract that has everything: tokens that are made, moved and sometimes break."""

from collections.abc import Iterator
from typing import Annotated

import msgspec

from tallystick.base import hashing
from tallystick.base.amounts import Amount
from tallystick.base.encoding import Record, encode
from tallystick.base.identifiers import Hash, LedgerId, PublicKey, RecordId
from tallystick.base.signatures import public_key
from tallystick.core import transition
from tallystick.core.check import Checked, check
from tallystick.core.context import Context
from tallystick.core.contract import Contract, Reader
from tallystick.core.errors import Rejected
from tallystick.core.genesis import Genesis, Section
from tallystick.core.invariant import Changes, Invariant
from tallystick.core.state import State
from tallystick.core.transaction import build_transaction
from tallystick.store.memory import MemoryStore

TIME = 1_460_000_000_000


class ToyParameters(Record, tag="toy-parameters"):
    """What the toy is told at genesis."""

    amount_max: Amount
    """The most that one token may hold. [pieces]"""


class Token(Record, tag="token"):
    """Some pieces that somebody holds."""

    owner: PublicKey
    """Who may move it."""
    amount: Amount
    """How much there is. [pieces]"""
    moves: Annotated[int, msgspec.Meta(ge=0)]
    """How often it was moved."""


class Total(Record, tag="total"):
    """Everything that was ever made."""

    amount: Amount
    """The sum. [pieces]"""


class Make(Record, tag="toy.make"):
    """Make a token."""

    amount: Amount
    """How much. [pieces]"""


class Move(Record, tag="toy.move"):
    """Hand a token over."""

    token: RecordId
    """Which."""
    owner: PublicKey
    """To whom."""


class Break(Record, tag="toy.break"):
    """Meet one of our bugs: `raise` raises, `leak` makes a token from nothing."""

    how: str
    """Which bug."""


class ShowToken(Record, tag="toy.show"):
    """Show a token."""

    token: RecordId
    """Which."""


class Made(Record, tag="toy-made"):
    """A token was made."""

    token: RecordId
    """Which."""


class ToyRejected(Rejected):
    """The toy says no."""

    contract = "toy"


class TooMuch(ToyRejected):
    """A token holds at most what genesis says."""

    code = 1


class NotYours(ToyRejected):
    """Only its owner moves a token."""

    code = 2


def make(context: Context, command: Make) -> None:
    """Make a token for the first signer."""
    # READ
    total = context.read(Total, TOTAL_ID) or Total(amount=0)
    # CHECK
    if command.amount > context.parameters(ToyParameters).amount_max:
        raise TooMuch(f"{command.amount} is too much")
    # WRITE
    id = context.derive_id()
    context.create(id, Token(owner=next(iter(context.signers)), amount=command.amount, moves=0))
    context.write(TOTAL_ID, Total(amount=total.amount + command.amount))
    context.emit(Made(token=id))


def move(context: Context, command: Move) -> None:
    """Hand a token over."""
    # READ
    token = context.read(Token, command.token)
    # CHECK
    if token is None or token.owner not in context.signers:
        raise NotYours("the token is not yours")
    # WRITE
    context.write(
        command.token, Token(owner=command.owner, amount=token.amount, moves=token.moves + 1)
    )


def break_(context: Context, command: Break) -> None:
    """Behave like a rule with a bug."""
    # CHECK
    if command.how == "raise":
        raise ZeroDivisionError("a bug")
    # WRITE
    context.create(context.derive_id(), Token(owner=next(iter(context.signers)), amount=1, moves=0))


def show(reader: Reader, question: ShowToken) -> Token | None:
    """Return a token."""
    return reader.read(Token, question.token)


def conserved(changes: Changes) -> Iterator[str]:
    """Yield a violation if tokens and total change differently."""
    tokens = sum(
        (new.amount if new else 0) - (old.amount if old else 0) for _, old, new in changes.of(Token)
    )
    total = sum(new.amount - (old.amount if old else 0) for _, old, new in changes.of(Total))
    if tokens != total:
        yield f"tokens change by {tokens}, the total by {total}"


TOTAL_ID = RecordId(hashing.tagged_hash(b"toy/total"))
TOY = Contract(
    name="toy",
    records=(Token, Total),
    commands={Make: make, Move: move, Break: break_},
    views={ShowToken: show},
    events=(Made,),
    rejections=(TooMuch, NotYours),
    parameters=ToyParameters,
    invariants=(Invariant("tokens add up to what was made", conserved),),
)


def secret(n: int) -> bytes:
    """Return the n-th secret key of the tests."""
    return hashing.tagged_hash(b"test secret", n.to_bytes(4, "big"))


def key(n: int) -> PublicKey:
    """Return the n-th public key of the tests."""
    return public_key(secret(n))


def toy_genesis(*, ids_max: int = 1_000) -> Genesis:
    """Return the genesis of a ledger that knows the toy alone."""
    return Genesis(
        name="toy",
        time=TIME,
        lifetime_max=120_000,
        ids_max=ids_max,
        sections=(
            Section(contract="toy", version=1, parameters=encode(ToyParameters(amount_max=1_000))),
        ),
        salt=bytes(32),
    )


def toy_state(genesis: Genesis | None = None) -> State:
    """Return a state that has executed its genesis."""
    state = State(genesis or toy_genesis(), (TOY,), MemoryStore())
    transition.found(state)
    return state


def signed(
    ledger: LedgerId,
    *commands: Record,
    by: tuple[int, ...] = (1,),
    nonce: int = 0,
    expiry: int = TIME + 60_000,
) -> bytes:
    """Return commands signed by numbered keys."""
    return build_transaction(
        ledger=ledger,
        expiry=expiry,
        nonce=nonce.to_bytes(16, "big"),
        commands=[encode(command) for command in commands],
        secrets=[secret(n) for n in by],
    )


def checked(state: State, raw: bytes) -> Checked:
    """Check bytes against the rules of the next block."""
    return check(raw, state.ledger, state.rulebook(state.height + 1))


def advance(state: State, *raws: bytes, time: int | None = None) -> Hash:
    """Put transactions into one block, commit it, and return the state root."""
    candidate = transition.begin(state, time=time or state.time + 1)
    for raw in raws:
        transaction = checked(state, raw)
        transition.admit(candidate, transaction)
        transition.run(candidate, transaction)
    block = transition.seal(candidate)
    transition.commit(candidate)
    return block.header.state_root
