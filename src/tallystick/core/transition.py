"""
The deterministic state transition: read this page first.

`check` (in its own module) says whether bytes are a transaction at all. `begin`, `run` and `seal`
execute a block against a candidate state, `commit` makes the candidate the state, `discard` forgets
it. `replay` does all of it for a block that somebody else made, and insists on the same result.
Every runtime calls these functions and no others, so all of them reach the same roots.
"""

from collections.abc import Sequence
from typing import TypeVar

from msgspec import DecodeError

from tallystick.base import encoding, merkle
from tallystick.base.encoding import Record, encode
from tallystick.base.identifiers import Hash, RecordId

from . import errors
from .block import TRANSACTIONS_MAX, Block, BlockHeader, Outcome, block_hash, log_entry
from .candidate import Candidate
from .check import Checked, check, identify, understand
from .context import Context
from .contract import Rulebook
from .errors import Refused, Rejected
from .genesis import parameters_id
from .invariant import Change, Changes
from .overlay import LeafRecords, leaf_bytes
from .release import first_plan, releases_id
from .state import SeenIds, State, seen_digest, seen_id

AnyRecord = TypeVar("AnyRecord", bound=Record)


class Diverged(errors.Damaged):
    """A replayed block does not lead where its header says: rules or data have changed since."""


def begin(state: State, *, time: int) -> Candidate:
    """Open a block on top of the state; its time must lie after the latest block's."""
    if time <= state.time:
        raise ValueError(f"block time {time} is not after {state.time}")
    return Candidate(state, time=time)


def admit(candidate: Candidate, transaction: Checked) -> None:
    """Refuse a transaction that may not stand in this block: expired, too early, or seen before."""
    lifetime_max = candidate.state.genesis.lifetime_max
    if transaction.expiry <= candidate.time:
        raise errors.TransactionExpired(
            f"header.expiry: {transaction.expiry} has passed, it is {candidate.time}"
        )
    if transaction.expiry > candidate.time + lifetime_max:
        raise errors.ExpiryTooFar(
            f"header.expiry: {transaction.expiry} lies more than {lifetime_max} ms "
            f"ahead of {candidate.time}"
        )
    if transaction.id in candidate.state.remembered or transaction.id in candidate.ids:
        raise errors.AlreadyIncluded(f"transaction {transaction.id.hex()} is on the ledger already")


def run(candidate: Candidate, transaction: Checked) -> Outcome:
    """
    Execute one admitted transaction: all of its commands take effect, or none.

    Only `Rejected` is recorded. What only this software cannot do is `Refused` and leaves nothing
    behind. Whatever else is raised is a bug of ours: the caller discards the whole candidate and
    sets the transaction aside.
    """
    overlay = candidate.overlay
    mark, events = overlay.mark(), len(candidate.events)
    ordinal, signed = 0, dict.fromkeys(transaction.signers)
    try:
        for ordinal, command in enumerate(transaction.commands):
            contract, rule = candidate.rulebook.rule_for(command)
            context = Context(
                candidate,
                contract,
                signers=transaction.signers,
                nonce=transaction.nonce,
                ordinal=ordinal,
                signed=signed,
            )
            rule(context, command)
        outcome = Outcome(transaction=transaction.id, contract="", code=0, command=0)
    except Rejected as rejected:
        overlay.rollback(mark)
        del candidate.events[events:]
        candidate.messages[len(candidate.outcomes)] = str(rejected)
        outcome = Outcome(
            transaction=transaction.id,
            contract=rejected.contract,
            code=rejected.code,
            command=ordinal,
        )
    except Refused:
        overlay.rollback(mark)
        del candidate.events[events:]
        raise
    candidate.transactions.append(transaction)
    candidate.ids.add(transaction.id)
    candidate.outcomes.append(outcome)
    return outcome


def seal(candidate: Candidate) -> Block:
    """
    Close a block: remember its ids, hold it to every invariant and compute its roots.

    The state's tree moves on with it, so a sealed candidate is either committed or discarded.
    """
    _remember_ids(candidate)
    changes = candidate.overlay.changes()
    _hold_invariants(candidate.rulebook, changes, time=candidate.time)
    candidate.leaves = {
        change.id: leaf_bytes(change.after) if change.after else None  # type: ignore[arg-type]
        for change in changes
    }
    candidate.written = _read_back(candidate)
    events = _reported(candidate)
    tree, count = candidate.state.tree, candidate.state.tree.count
    candidate.inverse = tree.apply(candidate.leaves)
    if tree.count - count != _growth(changes):
        discard(candidate)
        raise errors.InvariantBroken("an id was created that stood in the state already")
    head = candidate.state.head
    candidate.header = BlockHeader(
        height=candidate.height,
        time=candidate.time,
        parent=Hash(candidate.state.ledger) if head is None else block_hash(head),
        transactions_root=Hash(
            merkle.root_of_leaves([each.leaf_hash for each in candidate.transactions])
        ),
        state_root=Hash(tree.root),
        receipts_root=receipts_root(candidate.outcomes),
        log_size=candidate.state.log.size + len(candidate.transactions) + 1,
    )
    return Block(
        header=candidate.header,
        transactions=tuple(each.raw for each in candidate.transactions),
        rejections=tuple(outcome for outcome in candidate.outcomes if outcome.code),
        events=events,
    )


def commit(candidate: Candidate) -> None:
    """Make a sealed candidate the state. Its block must be durable by now."""
    state, header = candidate.state, candidate.header
    if header is None:
        raise AssertionError("a candidate is sealed before it is committed")
    hashes = [each.leaf_hash for each in candidate.transactions]
    hashes.append(Hash(merkle.leaf_hash(log_entry(header))))
    state.store.write(candidate.leaves, height=header.height, leaf_hashes=b"".join(hashes))
    state.keep(candidate.written)
    state.log.extend_leaf_hashes(hashes)
    state.remembered.forget(before=header.time - state.genesis.lifetime_max)
    state.remembered.remember(header.time, [each.id for each in candidate.transactions])
    state.head = header


def discard(candidate: Candidate) -> None:
    """Forget a candidate and leave the state as it was."""
    if candidate.inverse is not None:
        candidate.state.tree.revert(candidate.inverse)
        candidate.inverse = None


def found(state: State) -> Block:
    """Execute genesis on an empty state: write the parameters, let every contract sow its seed."""
    genesis = state.genesis
    candidate = Candidate(state, time=genesis.time)
    candidate.overlay.write(releases_id(), first_plan(genesis))
    for section in genesis.sections:
        contract = candidate.rulebook.contracts[section.contract]
        settings = encoding.decode(section.parameters, contract.parameters)
        if problem := contract.check_parameters(settings):
            raise ValueError(f"parameters of contract {contract.name}: {problem}")
        candidate.overlay.write(parameters_id(contract.name), settings)
        if contract.seed is not None:
            context = Context(candidate, contract, signers=(), nonce=genesis.salt[:16], ordinal=0)
            contract.seed(context, settings)
    block = seal(candidate)
    commit(candidate)
    return block


def replay(state: State, block: Block, *, signatures: bool) -> Candidate:
    """
    Execute a block that exists already, and insist that it leads where its header says.

    Signatures are checked again if asked to: an audit does, a node that opens its own journal need
    not. Raises `Diverged`, and leaves the state as it was, if anything differs.
    """
    header = block.header
    if header.height != state.height + 1 or header.time <= state.time:
        raise Diverged(f"block {header.height}: it does not follow block {state.height}")
    if len(block.transactions) > TRANSACTIONS_MAX:
        raise Diverged(f"block {header.height}: more than {TRANSACTIONS_MAX} transactions")
    candidate = Candidate(state, time=header.time)
    for raw in block.transactions:
        if signatures:
            transaction = check(raw, state.ledger, candidate.rulebook)
        else:
            transaction = understand(raw, identify(raw), candidate.rulebook)
        admit(candidate, transaction)
        run(candidate, transaction)
    sealed = seal(candidate)
    if sealed != block:
        discard(candidate)
        raise Diverged(f"block {header.height}: {_difference(sealed, block)}")
    return candidate


def receipts_root(outcomes: Sequence[Outcome]) -> Hash:
    """Return the RFC 6962 root over the outcomes of a block."""
    return Hash(merkle.root([encode(outcome) for outcome in outcomes]))


def _remember_ids(candidate: Candidate) -> None:
    """Write the block's own ids as one record and drop the records whose time is over."""
    overlay, state = candidate.overlay, candidate.state
    for time in state.remembered.lapsed(before=candidate.time - state.genesis.lifetime_max):
        overlay.delete(SeenIds, seen_id(time))
    ids = [each.id for each in candidate.transactions]
    overlay.write(seen_id(candidate.time), seen_digest(candidate.time, ids))


def _hold_invariants(rulebook: Rulebook, changed: Sequence[Change], *, time: int) -> None:
    """Raise `InvariantBroken` with the first violation that any contract finds."""
    changes = Changes(changed, time=time)
    for contract in rulebook.contracts.values():
        for invariant in contract.invariants:
            for violation in invariant.violations(changes):
                raise errors.InvariantBroken(f"{contract.name}: {invariant.sentence}: {violation}")


def _read_back(candidate: Candidate) -> dict[RecordId, LeafRecords | None]:
    """
    Return what a block wrote as whoever comes next will read it.

    Structs don't judge what they are built from. A sum beyond its type's bounds would be encoded,
    and whoever reads it next would stumble: an id would be lost for ever. So it is read at once.
    Raises `InvariantBroken` if that fails.
    """
    decode = candidate.state.decode
    read: dict[RecordId, LeafRecords | None] = {}
    for id, data in candidate.leaves.items():
        try:
            read[id] = None if data is None else decode(data)
        except DecodeError as malformed:
            raise errors.InvariantBroken(
                f"what stands under {id.hex()} is malformed: {malformed}"
            ) from malformed
    return read


def _reported(candidate: Candidate) -> tuple[tuple[int, bytes], ...]:
    """
    Return a block's events, each with the index of its transaction.

    An event beyond its type's bounds would stop whoever follows events. Raises `InvariantBroken`.
    """
    events = tuple([(index, encode(event)) for index, event in candidate.events])
    decode = candidate.state.decode_event
    try:
        for _, data in events:
            decode(data)
    except DecodeError as malformed:
        raise errors.InvariantBroken(f"an event is malformed: {malformed}") from malformed
    return events


def _growth(changes: Sequence[Change]) -> int:
    """Return by how many ids the state grows."""
    born = [before for _, before, _ in changes].count({})
    return born - [after for _, _, after in changes].count({})


def _difference(made: Block, given: Block) -> str:
    """Name the first field in which two blocks differ."""
    for field in BlockHeader.__struct_fields__:
        ours, theirs = getattr(made.header, field), getattr(given.header, field)
        if ours != theirs:
            return f"header.{field} is {theirs!r}, replay gives {ours!r}"
    return "its rejections or events differ from what replay gives"
