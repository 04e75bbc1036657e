"""Rules that somebody could have written, each with one mistake that the models must find."""

import msgspec

from tallystick.contracts.exchange.commands import (
    Abort,
    Commit,
    Finish,
    Prepare,
    Redeem,
    Refund,
)
from tallystick.contracts.exchange.errors import SignerIsNoParty
from tallystick.contracts.exchange.model import (
    Change,
    Decision,
    HashLock,
    Outcome,
    PartState,
    Prepared,
    Reservation,
    change_id,
    decision_id,
    prepared_id,
    reservation_id,
)
from tallystick.contracts.exchange.rules_change import abort, commit, finish, prepare
from tallystick.contracts.exchange.rules_swap import redeem, refund
from tallystick.contracts.identity.views import foreign
from tallystick.core.context import Context
from tallystick.core.holding import WHOLE, Lock, Move, Release


def finish_by_its_own_clock(context: Context, command: Finish) -> None:
    """Give a part back when its own ledger's clock says that the deadline has come."""
    found = _waiting(context, command)
    if found is not None and command.proof is None and context.time >= found.deadline:
        _end(context, found, Outcome.ABORTED)
    else:
        finish(context, command)


def finish_on_absence(context: Context, command: Finish) -> None:
    """Take a proof that nothing is decided for an abort, once the deadline has come here."""
    found = _waiting(context, command)
    if found is not None and command.proof is not None and context.time >= found.deadline:
        proof = command.proof
        decision, _ = foreign(context, proof, ledger=found.deciding, kind=Decision)
        if decision is None and proof.id == decision_id(command.change):
            _end(context, found, Outcome.ABORTED)
            return
    finish(context, command)


def finish_on_any_decision(context: Context, command: Finish) -> None:
    """Take a decision without asking which change it is about."""
    found = _waiting(context, command)
    if found is not None and command.proof is not None and found.deciding != context.ledger:
        decision, _ = foreign(context, command.proof, ledger=found.deciding, kind=Decision)
        if decision is not None:
            _end(context, found, decision.outcome)
            return
    finish(context, command)


def finish_on_error(context: Context, command: Finish) -> None:
    """Let a party give a part back when something went wrong, as a coordinator that unlocks all."""
    found = _waiting(context, command)
    if found is not None and command.proof is None and found.part.owner in context.signers:
        _end(context, found, Outcome.ABORTED)
    else:
        finish(context, command)


def commit_at_the_deadline(context: Context, command: Commit) -> None:
    """Commit until the deadline and not before it: by one millisecond too late."""
    is_now = context.time == command.change.deadline
    context.time -= is_now
    commit(context, command)
    id = decision_id(change_id(command.change))
    decision = context.read(Decision, id)
    if is_now and decision is not None:
        context.write(id, msgspec.structs.replace(decision, decided_at=context.time + is_now))


def commit_what_was_aborted(context: Context, command: Commit) -> None:
    """Forget that the change was given up."""
    _forget_decision(context, command.change)
    commit(context, command)


def commit_what_is_not_held(context: Context, command: Commit) -> None:
    """Ask that the proofs are genuine, and not what they say."""
    change, lock_id = command.change, change_id(command.change)
    elsewhere = [part.ledger for part in change.parts if part.ledger != context.ledger]
    if (
        change.deciding != context.ledger
        or context.time >= change.deadline
        or context.read(Decision, decision_id(lock_id)) is not None
        or len(command.proofs) != len(elsewhere)
    ):
        commit(context, command)
    for proof, ledger in zip(command.proofs, elsewhere, strict=True):
        foreign(context, proof, ledger=ledger, kind=Prepared)
    decision = Decision(lock_id, Outcome.COMMITTED, change.deadline, context.time)
    context.write(decision_id(lock_id), decision)


def abort_what_was_committed(context: Context, command: Abort) -> None:
    """Let whoever gives up have the last word."""
    _forget_decision(context, command.change)
    abort(context, command)


def abort_by_parties_only(context: Context, command: Abort) -> None:
    """Never let strangers give up what parties left behind."""
    if not context.signers:
        raise SignerIsNoParty(command.change.deadline)
    abort(context, command)


def prepare_until_the_deadline(context: Context, command: Prepare) -> None:
    """Hold a part only until the deadline, so that it lapses by itself."""
    prepare(context, command)
    part, lock_id = command.change.parts[command.part], change_id(command.change)
    context.call(Release(part.contract, part.holding, lock_id, amount=part.amount))
    context.call(
        Lock(part.contract, part.holding, lock_id, command.change.deadline, amount=part.amount)
    )


def redeem_at_the_deadline(context: Context, command: Redeem) -> None:
    """Pay out until the deadline and not before it: by one millisecond too late."""
    found = context.read(HashLock, command.lock)
    if found is not None and context.time == found.until:
        context.time -= 1
    redeem(context, command)


def refund_before_the_deadline(context: Context, command: Refund) -> None:
    """Give back one millisecond too early."""
    found = context.read(HashLock, command.lock)
    if found is not None and context.time == found.until - 1:
        context.time += 1
    refund(context, command)


def refund_on_error(context: Context, command: Refund) -> None:
    """Give back at once when something went wrong, as a coordinator that unlocks both sides."""
    found = context.read(HashLock, command.lock)
    if found is not None and context.signers:
        context.time = max(context.time, found.until)
    refund(context, command)


def _waiting(context: Context, command: Finish) -> Prepared | None:
    """Return a part that waits for its decision."""
    found = context.read(Prepared, prepared_id(command.change, command.part))
    return found if found is not None and found.state is PartState.PREPARED else None


def _end(context: Context, found: Prepared, outcome: Outcome) -> None:
    """End a part as an outcome says, wherever that comes from."""
    part, id = found.part, prepared_id(found.change, found.index)
    if outcome is Outcome.COMMITTED:
        context.call(Move(part.contract, part.holding, found.change, part.amount, part.target))
        state = PartState.CHANGED
    else:
        context.call(Release(part.contract, part.holding, found.change, amount=part.amount))
        state = PartState.UNCHANGED
    context.write(id, msgspec.structs.replace(found, state=state))
    if part.amount == WHOLE:
        context.delete(Reservation, reservation_id(part.contract, part.holding))


def _forget_decision(context: Context, change: Change) -> None:
    """Take a decision away, if there is one here."""
    id = decision_id(change_id(change))
    if context.read(Decision, id) is not None:
        context.delete(Decision, id)
