"""
The rules of joint changes, for things that move the same way.

Every ledger holds its parts and decides nothing by itself. One ledger decides, once. Each part then
ends as that decision says, on a proof that its own ledger checks, whoever carries it.
"""

from collections.abc import Sequence
from itertools import pairwise

from tallystick.base.identifiers import LedgerId, LockId, RecordId
from tallystick.contracts.identity.views import foreign, recognised
from tallystick.core.context import Context
from tallystick.core.foreign import ForeignProof
from tallystick.core.holding import WHOLE, Lock, Move, Release

from .checks import check_deadline, check_free, check_movable, check_target, reserve
from .commands import Abort, Commit, Finish, Prepare
from .errors import (
    ChangeIsDecided,
    ChangeIsNotDecided,
    DeadlineHasPassed,
    DecidedElsewhere,
    NothingPrepared,
    OwnerHasNotSigned,
    PartIsElsewhere,
    PartIsFinished,
    PartIsNotPrepared,
    PartNotFound,
    PartsOutOfOrder,
    PreparedBefore,
    ProofIsMissing,
    ProofIsOfAnother,
    SignerIsNoParty,
)
from .events import ChangeDecided, PartFinished, PartPrepared
from .model import (
    Change,
    Decision,
    Outcome,
    Part,
    PartState,
    Prepared,
    Reservation,
    change_id,
    decision_id,
    prepared_id,
    reservation_id,
)


def prepare(context: Context, command: Prepare) -> None:
    """
    Hold one part of a joint change until its decision is proven.

    Whom the part names as owner signs, because others rely on it: a part whose target is its owner
    goes nowhere. The contract that keeps the holding insists on its true owner's signature; one
    that prepares what it keeps itself answers for both. The deciding ledger must be recognised here
    now, or nobody could ever prove its decision.
    """
    # READ
    change, index = command.change, command.part
    change_lock = change_id(change)
    id = prepared_id(change_lock, index)
    # CHECK
    if index >= len(change.parts):
        raise PartNotFound(index, len(change.parts))
    part = change.parts[index]
    if part.ledger != context.ledger:
        raise PartIsElsewhere(part.ledger)
    if part.owner not in context.signers and context.caller != part.contract:
        raise OwnerHasNotSigned(part.owner, part=index)
    check_movable(context, part.contract, field=f"change.parts[{index}].contract")
    _check_parts(change.parts)
    check_deadline(context, change.deadline, field="change.deadline")
    if context.read(Prepared, id) is not None:
        raise PreparedBefore(change_lock, index)
    check_free(context, part.contract, part.holding, field=f"change.parts[{index}].holding")
    if change.deciding != context.ledger:
        recognised(context, change.deciding, field="change.deciding")
    elif (decision := context.read(Decision, decision_id(change_lock))) is not None:
        raise ChangeIsDecided(change_lock, decision.outcome.value)
    # WRITE
    context.call(Lock(part.contract, part.holding, change_lock, until=0, amount=part.amount))
    context.write(
        id,
        Prepared(
            change=change_lock,
            deciding=change.deciding,
            deadline=change.deadline,
            index=index,
            part=part,
            state=PartState.PREPARED,
            prepared_at=context.time,
        ),
    )
    if part.amount == WHOLE:
        reserve(context, part.contract, part.holding, change_lock, until=change.deadline)
    context.emit(PartPrepared(change_lock, index, part, change.deciding, change.deadline))


def commit(context: Context, command: Commit) -> None:
    """
    Record on the deciding ledger, before the deadline, that every part takes effect.

    Whoever brings the proofs may: the owners agreed when they prepared. A part that was once held
    is still held, because nothing but a decision ends it, and there is none.
    """
    # READ
    change = command.change
    change_lock = change_id(change)
    id = decision_id(change_lock)
    # CHECK
    _check_undecided(context, change, change_lock)
    if context.time >= change.deadline:
        raise DeadlineHasPassed(change.deadline, context.time, field="change.deadline")
    _check_all_prepared(context, change, change_lock, command.proofs)
    # WRITE
    context.write(id, Decision(change_lock, Outcome.COMMITTED, change.deadline, context.time))
    context.emit(ChangeDecided(change_lock, Outcome.COMMITTED))


def abort(context: Context, command: Abort) -> None:
    """
    Record on the deciding ledger that no part takes effect.

    From the deadline on anybody may, so that nothing stays held because somebody went away. A party
    may at any time before the decision, so that whoever was refused elsewhere gives way at once.
    """
    # READ
    change = command.change
    change_lock = change_id(change)
    id = decision_id(change_lock)
    # CHECK
    _check_undecided(context, change, change_lock)
    if context.time < change.deadline and not _is_party(context, change):
        raise SignerIsNoParty(change.deadline)
    # WRITE
    context.write(id, Decision(change_lock, Outcome.ABORTED, change.deadline, context.time))
    context.emit(ChangeDecided(change_lock, Outcome.ABORTED))


def finish(context: Context, command: Finish) -> None:
    """
    End a prepared part as the deciding ledger has decided.

    There is no deadline for it: a part that could end by its own clock might end otherwise than the
    others. The proof may be as old as it likes, because a decision never changes.
    """
    # READ
    id = prepared_id(command.change, command.part)
    prepared = context.read(Prepared, id)
    # CHECK
    if prepared is None:
        raise NothingPrepared(command.change, command.part)
    decision = _decision(context, prepared, command.proof)
    if prepared.state is not PartState.PREPARED:
        raise PartIsFinished(command.part, prepared.state.value)
    # COMPUTE
    committed = decision.outcome is Outcome.COMMITTED
    part, state = prepared.part, PartState.CHANGED if committed else PartState.UNCHANGED
    # WRITE
    if committed and part.target != part.owner:
        context.call(
            Move(
                part.contract,
                part.holding,
                command.change,
                amount=part.amount,
                target=part.target,
            )
        )
    else:
        context.call(Release(part.contract, part.holding, command.change, amount=part.amount))
    context.write(
        id,
        Prepared(
            change=prepared.change,
            deciding=prepared.deciding,
            deadline=prepared.deadline,
            index=prepared.index,
            part=part,
            state=state,
            prepared_at=prepared.prepared_at,
        ),
    )
    if part.amount == WHOLE:
        context.delete(Reservation, reservation_id(part.contract, part.holding))
    context.emit(PartFinished(command.change, command.part, state))


def _check_parts(parts: Sequence[Part]) -> None:
    """Refuse parts out of order, or for a receiver that could own nothing."""
    places = [(each.ledger, each.contract, each.holding) for each in parts]
    for n, (before, after) in enumerate(pairwise(places), start=1):
        if before >= after:
            raise PartsOutOfOrder(n)
    for n, part in enumerate(parts):
        check_target(part.target, field=f"change.parts[{n}].target")


def _check_undecided(context: Context, change: Change, change_lock: LockId) -> None:
    """Refuse a change that is decided elsewhere, or was decided here."""
    if change.deciding != context.ledger:
        raise DecidedElsewhere(change.deciding)
    _check_parts(change.parts)
    found = context.read(Decision, decision_id(change_lock))
    if found is not None:
        raise ChangeIsDecided(change_lock, found.outcome.value)


def _check_all_prepared(
    context: Context, change: Change, change_lock: LockId, proofs: Sequence[ForeignProof]
) -> None:
    """Refuse a change of which a part is not held: here by our own record, elsewhere by a proof."""
    needed = sum(part.ledger != context.ledger for part in change.parts)
    if len(proofs) != needed:
        raise ProofIsMissing(len(proofs), needed, field="proofs")
    unused = iter(enumerate(proofs))
    for index, part in enumerate(change.parts):
        id = prepared_id(change_lock, index)
        if part.ledger == context.ledger:
            found = context.read(Prepared, id)
        else:
            n, proof = next(unused)
            found = _proven(context, proof, id, part.ledger, n=n, part=index)
        if found is None or found.state is not PartState.PREPARED:
            raise PartIsNotPrepared(index)


def _proven(
    context: Context, proof: ForeignProof, id: RecordId, ledger: LedgerId, *, n: int, part: int
) -> Prepared | None:
    """Return the part that the n-th proof shows on another ledger."""
    field, ledger_field = f"proofs[{n}]", f"change.parts[{part}].ledger"
    if proof.id != id:
        raise ProofIsOfAnother(id, proof.id, field=field)
    found, _ = foreign(
        context, proof, ledger=ledger, kind=Prepared, field=field, ledger_field=ledger_field
    )
    return found


def _decision(context: Context, prepared: Prepared, proof: ForeignProof | None) -> Decision:
    """Return the decision that ends a part: our own, or one that is proven."""
    id = decision_id(prepared.change)
    if prepared.deciding == context.ledger:
        found = context.read(Decision, id)
    elif proof is None:
        raise ProofIsMissing(0, 1, field="proof")
    elif proof.id != id:
        raise ProofIsOfAnother(id, proof.id, field="proof")
    else:
        ledger = prepared.deciding
        found, _ = foreign(
            context, proof, ledger=ledger, kind=Decision, field="proof", ledger_field="change"
        )
    if found is None:
        raise ChangeIsNotDecided(prepared.change)
    return found


def _is_party(context: Context, change: Change) -> bool:
    """Tell whether a signer is owner or target of a part."""
    parties = {key for part in change.parts for key in (part.owner, part.target)}
    return not parties.isdisjoint(context.signers)
