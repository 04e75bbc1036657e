"""All parts of a joint change take effect or none, on proofs that each ledger checks itself."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from tallystick.base.identifiers import LockId, PublicKey, RecordId
from tallystick.contracts.asset.errors import AmountIsZero, NotEnough, SignerIsNotOwner
from tallystick.contracts.exchange.commands import Abort, Commit, Finish, Prepare
from tallystick.contracts.exchange.errors import (
    CannotBeMoved,
    ChangeIsDecided,
    ChangeIsNotDecided,
    ChangeNotFound,
    DeadlineHasPassed,
    DeadlineIsTooFar,
    DecidedElsewhere,
    HoldingIsReserved,
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
    TargetIsNoOwner,
)
from tallystick.contracts.exchange.model import (
    DAY_MILLISECONDS,
    Change,
    Outcome,
    PartState,
    change_id,
    decision_id,
    prepared_id,
)
from tallystick.contracts.exchange.views import ShowDecision, ShowPart
from tallystick.contracts.identity.commands import AnchorLedger, Disown, Recognise
from tallystick.contracts.identity.errors import (
    ForeignProofIsInvalid,
    LedgerForks,
    LedgerNotRecognised,
    TrustIsUnsound,
)
from tallystick.contracts.title.commands import Transfer
from tallystick.core.foreign import ForeignProof
from tallystick.core.holding import WHOLE
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted

from .sides import (
    ALICE,
    BEGIN,
    BOB,
    DEADLINE,
    FUNDS,
    NOWHERE,
    REGISTRAR,
    STRANGER,
    Sides,
)

Shape = Callable[[Sides, Change], Change]


def with_target(sides: Sides, change: Change) -> Change:
    """Return a change of which a part goes to nobody who could own it."""
    first = replace(change.parts[0], target=PublicKey(b"\x05" * 33))
    return replace(change, parts=(first, *change.parts[1:]))


def with_own_amount(sides: Sides, change: Change, amount: int) -> Change:
    """Return a change of which ledger one's part has another amount."""
    index = sides.index(sides.one)
    parts = list(change.parts)
    parts[index] = replace(parts[index], amount=amount)
    return replace(change, parts=tuple(parts))


def with_certificate(sides: Sides, change: Change) -> Change:
    """Return a change of something that its contract locks and cannot hand on."""
    index = sides.index(sides.one)
    parts = list(change.parts)
    parts[index] = replace(parts[index], contract="certificate")
    return replace(change, parts=tuple(parts))


def with_own_owner(sides: Sides, change: Change, owner: int) -> Change:
    """Return a change of which ledger one's part names another owner."""
    index = sides.index(sides.one)
    parts = list(change.parts)
    parts[index] = replace(parts[index], owner=key(owner))
    return replace(change, parts=tuple(parts))


@pytest.mark.parametrize(
    ("shape", "signer", "verdict"),
    [
        (lambda _, change: change, ALICE, accepted),
        (lambda _, change: change, BOB, OwnerHasNotSigned),
        (lambda sides, change: with_own_owner(sides, change, BOB), ALICE, OwnerHasNotSigned),
        (lambda sides, change: with_own_owner(sides, change, BOB), BOB, SignerIsNotOwner),
        (lambda _, change: replace(change, parts=change.parts[::-1]), ALICE, None),
        (lambda _, change: replace(change, parts=change.parts * 2), ALICE, PartsOutOfOrder),
        (with_target, ALICE, TargetIsNoOwner),
        (lambda _, change: replace(change, deadline=BEGIN), ALICE, DeadlineHasPassed),
        (
            lambda _, change: replace(change, deadline=BEGIN + 31 * DAY_MILLISECONDS),
            ALICE,
            DeadlineIsTooFar,
        ),
        (lambda _, change: replace(change, deciding=NOWHERE), ALICE, LedgerNotRecognised),
        (lambda sides, change: with_own_amount(sides, change, FUNDS + 1), ALICE, NotEnough),
        (lambda sides, change: with_own_amount(sides, change, WHOLE), ALICE, AmountIsZero),
        (with_certificate, ALICE, CannotBeMoved),
    ],
)
def test_prepare(shape: Shape, signer: int, verdict: Verdict | None) -> None:
    """A part is held with its owner's signature, if somebody can decide in time."""
    sides = Sides()
    change = shape(sides, sides.change())
    places = [each.ledger for each in change.parts]
    index = places.index(sides.one.state.ledger)
    found = sides.one.execute(Prepare(change, index), signers=[signer])
    assert (verdict or PartsOutOfOrder) == found
    held = FUNDS if verdict == accepted else 0
    assert (FUNDS - held, held) == sides.funds(sides.one, ALICE)


def test_prepare_what_and_where() -> None:
    """A part that there isn't, or that is of another ledger, or held already, is refused."""
    sides = Sides()
    change = sides.change()
    own, other = sides.index(sides.one), sides.index(sides.two)
    assert PartNotFound == sides.one.execute(Prepare(change, 2), signers=[ALICE])
    assert PartIsElsewhere == sides.one.execute(Prepare(change, other), signers=[BOB])
    assert accepted == sides.one.execute(Prepare(change, own), signers=[ALICE])
    assert PreparedBefore == sides.one.execute(Prepare(change, own), signers=[ALICE])


def test_a_rival_is_told_who_holds_it_and_until_when() -> None:
    """The whole of a holding is prepared once; the rival learns the change and its deadline."""
    sides = Sides()
    mine, rival = sides.car_change(), sides.car_change(salt=b"r" * 16)
    assert accepted == sides.one.execute(Prepare(mine, 0), signers=[ALICE])
    assert HoldingIsReserved == sides.one.execute(Prepare(rival, 0), signers=[ALICE])
    assert "2023-11-14T22:14:20" in sides.one.message
    assert "lock_" in sides.one.message


def test_both_change() -> None:
    """With both parts held it is committed, and each ledger ends its part on the proof of that."""
    sides = Sides().prepared()
    assert accepted == sides.one.execute(sides.commit(), signers=[STRANGER])
    proof = sides.proof_of_decision()
    assert accepted == sides.one.execute(sides.finish(sides.one), signers=[STRANGER])
    assert accepted == sides.two.execute(sides.finish(sides.two, proof), signers=[STRANGER])
    for side, giver, taker in ((sides.one, ALICE, BOB), (sides.two, BOB, ALICE)):
        assert (0, 0) == sides.funds(side, giver)
        assert (FUNDS, 0) == sides.funds(side, taker)
        view = side.ask(ShowPart(sides.lock_id, sides.index(side)))
        assert PartState.CHANGED == view.state  # type: ignore[attr-defined]
    decided = sides.one.ask(ShowDecision(sides.lock_id))
    assert Outcome.COMMITTED == decided.outcome  # type: ignore[attr-defined]
    with pytest.raises(ChangeNotFound):
        sides.two.ask(ShowDecision(sides.lock_id))
    for side, given in ((sides.one, None), (sides.two, proof)):
        assert PartIsFinished == side.execute(sides.finish(side, given), signers=[ALICE])


@pytest.mark.parametrize("held_on", [1, 2])
def test_neither_changes(held_on: int) -> None:
    """After the deadline anybody aborts, and what was held is its owner's again."""
    sides = Sides()
    ends = sides.ends[:held_on]
    for side, owner in zip(ends, (ALICE, BOB), strict=False):
        assert accepted == side.execute(sides.prepare(side), signers=[owner])
    late = sides.one.execute(Abort(sides.change()), signers=[STRANGER], time=DEADLINE)
    assert accepted == late
    proof = sides.proof_of_decision()
    for side, given in zip(ends, (None, proof), strict=False):
        assert accepted == side.execute(sides.finish(side, given), signers=[STRANGER])
    assert (FUNDS, 0) == sides.funds(sides.one, ALICE)
    assert (FUNDS, 0) == sides.funds(sides.two, BOB)


@pytest.mark.parametrize(
    ("signer", "time", "verdict"),
    [
        (STRANGER, BEGIN + 5, SignerIsNoParty),
        (STRANGER, DEADLINE - 1, SignerIsNoParty),
        (STRANGER, DEADLINE, accepted),
        (ALICE, BEGIN + 5, accepted),
        (BOB, DEADLINE - 1, accepted),
    ],
)
def test_abort(signer: int, time: int, verdict: Verdict) -> None:
    """A party gives way at any time, anybody else from the deadline on."""
    sides = Sides().prepared()
    assert verdict == sides.one.execute(Abort(sides.change()), signers=[signer], time=time)


@pytest.mark.parametrize(
    ("time", "verdict"), [(DEADLINE - 1, accepted), (DEADLINE, DeadlineHasPassed)]
)
def test_commit_comes_before_the_deadline(time: int, verdict: Verdict) -> None:
    """At the deadline itself it is too late, by the deciding ledger's clock."""
    sides = Sides().prepared()
    proof = sides.proof_of_part()
    assert verdict == sides.one.execute(sides.commit(proof), signers=[STRANGER], time=time)


def test_it_is_decided_once_and_in_one_place() -> None:
    """What is committed is not aborted, nor the other way round; no other ledger decides."""
    sides = Sides().prepared()
    change, proof = sides.change(), sides.proof_of_part()
    commit, abort = Commit(change, (proof,)), Abort(change)
    for elsewhere in (Commit(change, ()), abort):
        assert DecidedElsewhere == sides.two.execute(elsewhere, signers=[ALICE, BOB])
    assert accepted == sides.one.execute(commit, signers=[STRANGER])
    assert ChangeIsDecided == sides.one.execute(abort, signers=[ALICE])
    assert ChangeIsDecided == sides.one.execute(abort, signers=[STRANGER], time=DEADLINE)
    assert ChangeIsDecided == sides.one.execute(commit, signers=[STRANGER])
    aborted = Sides().prepared()
    proof = aborted.proof_of_part()
    assert accepted == aborted.one.execute(Abort(change), signers=[BOB])
    assert ChangeIsDecided == aborted.one.execute(aborted.commit(proof), signers=[STRANGER])
    assert PreparedBefore == aborted.one.execute(aborted.prepare(aborted.one), signers=[ALICE])


def test_nothing_is_prepared_once_it_is_decided() -> None:
    """On the deciding ledger a part is not held for a change that was aborted before."""
    sides = Sides()
    assert accepted == sides.one.execute(Abort(sides.change()), signers=[BOB])
    assert ChangeIsDecided == sides.one.execute(sides.prepare(sides.one), signers=[ALICE])


def test_commit_needs_every_part() -> None:
    """Each part must be proven held; nothing less, nothing else."""
    sides = Sides()
    empty = sides.proof_of_part()
    assert accepted == sides.one.execute(sides.prepare(sides.one), signers=[ALICE])
    change = sides.change()
    assert ProofIsMissing == sides.one.execute(Commit(change, ()), signers=[ALICE])
    assert ProofIsMissing == sides.one.execute(sides.commit(empty, empty), signers=[ALICE])
    assert PartIsNotPrepared == sides.one.execute(sides.commit(empty), signers=[ALICE])
    assert accepted == sides.two.execute(sides.prepare(sides.two), signers=[BOB])
    full = sides.proof_of_part()
    other = sides.two.prove(prepared_id(sides.lock_id, sides.index(sides.one)))
    assert ProofIsOfAnother == sides.one.execute(sides.commit(other), signers=[ALICE])
    assert accepted == sides.one.execute(sides.commit(full), signers=[ALICE])


def test_commit_needs_our_own_part() -> None:
    """The deciding ledger's own part is looked up, whatever is proven of others."""
    sides = Sides()
    assert accepted == sides.two.execute(sides.prepare(sides.two), signers=[BOB])
    assert PartIsNotPrepared == sides.one.execute(sides.commit(), signers=[ALICE])


def test_a_proof_for_another_change_is_refused() -> None:
    """Bob's part of a change with another salt, deadline or target serves no other."""
    sides = Sides()
    other = replace(sides.change(), salt=b"o" * 16)
    assert accepted == sides.one.execute(sides.prepare(sides.one), signers=[ALICE])
    assert accepted == sides.two.execute(sides.prepare(sides.two, change=other), signers=[BOB])
    proof = sides.proof_of_part(other)
    assert ProofIsOfAnother == sides.one.execute(sides.commit(proof), signers=[ALICE])
    renamed = replace(proof, id=prepared_id(sides.lock_id, sides.index(sides.two)))
    assert ForeignProofIsInvalid == sides.one.execute(sides.commit(renamed), signers=[ALICE])


def test_finish_needs_the_decision() -> None:
    """A part ends by no clock, and on no proof but of this very decision."""
    sides = Sides().prepared()
    end = sides.finish(sides.two)
    absent = sides.proof_of_decision()
    assert ProofIsMissing == sides.two.execute(end, signers=[BOB], time=DEADLINE * 2)
    finish = replace(end, proof=absent)
    assert ChangeIsNotDecided == sides.two.execute(finish, signers=[BOB])
    own = sides.finish(sides.one)
    assert ChangeIsNotDecided == sides.one.execute(own, signers=[BOB], time=DEADLINE)
    assert accepted == sides.one.execute(Abort(sides.change()), signers=[BOB])
    other = replace(sides.change(), salt=b"o" * 16)
    assert accepted == sides.one.execute(Abort(other), signers=[BOB])
    wrong = sides.proof_of_decision(other)
    assert ProofIsOfAnother == sides.two.execute(replace(end, proof=wrong), signers=[BOB])
    assert (0, FUNDS) == sides.funds(sides.two, BOB)
    unknown = Finish(LockId(b"\x01" * 32), 0, None)
    assert NothingPrepared == sides.one.execute(unknown, signers=[BOB])
    with pytest.raises(NothingPrepared):
        sides.one.ask(ShowPart(LockId(b"\x01" * 32), 0))


@pytest.mark.parametrize(("target", "owner"), [(ALICE, ALICE), (BOB, BOB)])
def test_one_of_a_kind(target: int, owner: int) -> None:
    """A car goes to its target; if that is its owner, it was only held, and is free again."""
    sides = Sides()
    change = sides.car_change(target=target)
    assert accepted == sides.one.execute(Prepare(change, 0), signers=[ALICE])
    handing = Transfer(sides.car, key(BOB))
    assert accepted != sides.one.execute(handing, signers=[ALICE])
    assert accepted == sides.one.execute(Commit(change, ()), signers=[STRANGER])
    assert key(ALICE) == sides.car_owner()
    assert accepted == sides.one.execute(Finish(change_id(change), 0, None), signers=[STRANGER])
    assert key(owner) == sides.car_owner()
    assert accepted == sides.one.execute(Transfer(sides.car, key(STRANGER)), signers=[owner])


# --- A hostile coordinator ---


def forged(proof: ForeignProof) -> dict[str, ForeignProof]:
    """Return what somebody who lies makes of a proof."""
    records = proof.records or b""
    return {
        "another record": replace(proof, records=records[:-1] + bytes([records[-1] ^ 1])),
        "no record": replace(proof, records=None),
        "another block": replace(proof, header=replace(proof.header, time=proof.header.time + 1)),
        "another place": replace(proof, index=proof.index - 1),
        "no path": replace(proof, inclusion=()),
        "no signature": replace(
            proof, checkpoint=proof.checkpoint[: proof.checkpoint.index("— ".encode())]
        ),
        "not a note": replace(proof, checkpoint=b"checkpoint"),
    }


@pytest.mark.parametrize("lie", sorted(forged(Sides().prepared().proof_of_part())))
def test_a_forged_proof_commits_nothing(lie: str) -> None:
    """Whatever is altered in a proof, the deciding ledger records nothing."""
    sides = Sides().prepared()
    proof = forged(sides.proof_of_part())[lie]
    assert ForeignProofIsInvalid == sides.one.execute(sides.commit(proof), signers=[STRANGER])
    with pytest.raises(ChangeNotFound):
        sides.one.ask(ShowDecision(sides.lock_id))


@pytest.mark.parametrize("lie", sorted(forged(Sides().prepared().proof_of_part())))
def test_a_forged_decision_ends_nothing(lie: str) -> None:
    """Whatever is altered in a decision's proof, the part stays as it is."""
    sides = Sides().prepared()
    assert accepted == sides.one.execute(sides.commit(), signers=[STRANGER])
    proof = forged(sides.proof_of_decision())[lie]
    command = sides.finish(sides.two, proof)
    assert ForeignProofIsInvalid == sides.two.execute(command, signers=[STRANGER])
    assert (0, FUNDS) == sides.funds(sides.two, BOB)


def test_below_the_threshold_nothing_is_believed() -> None:
    """When more keys must agree than have signed, a proof that was good is none."""
    sides = Sides().prepared()
    proof = sides.proof_of_part()
    strict = sides.two.trust(threshold=3)
    stranger = sides.one.trust(threshold=3)
    assert accepted == sides.one.execute(Recognise(strict), signers=[REGISTRAR])
    keys = (*strict.keys[:2], "stranger+" + stranger.keys[0].split("+", 1)[1])
    with_stranger = replace(strict, keys=keys)
    verdict = sides.one.execute(Recognise(with_stranger), signers=[REGISTRAR])
    assert TrustIsUnsound == verdict
    assert accepted == sides.one.execute(sides.commit(proof), signers=[STRANGER])


def test_a_disowned_ledger_is_not_believed() -> None:
    """Once it is disowned its proofs count no more, until it is recognised again."""
    sides = Sides().prepared()
    proof = sides.proof_of_part()
    assert accepted == sides.one.execute(Disown(sides.two.state.ledger), signers=[REGISTRAR])
    assert LedgerNotRecognised == sides.one.execute(sides.commit(proof), signers=[STRANGER])
    again = Recognise(sides.two.trust())
    assert accepted == sides.one.execute(again, signers=[REGISTRAR])
    assert accepted == sides.one.execute(sides.commit(proof), signers=[STRANGER])


def test_a_fork_is_refused_by_what_was_anchored() -> None:
    """Two histories of one ledger, each signed by all its keys: the one not anchored is refused."""
    sides = Sides()
    twin = Sides()
    assert sides.two.state.ledger == twin.two.state.ledger
    assert accepted == twin.two.execute(twin.prepare(twin.two), signers=[BOB])
    lie = twin.proof_of_part()
    sides.two.close_block()
    anchor = AnchorLedger(sides.two.state.ledger, sides.two.checkpoint(), ())
    assert accepted == sides.one.execute(anchor, signers=[STRANGER])
    assert accepted == sides.one.execute(sides.prepare(sides.one), signers=[ALICE])
    known = sides.two.anchor()
    for proof in (
        lie,
        replace(lie, anchor=known.size),
        replace(lie, anchor=known.size, consistency=twin.two.growth(known.size)),
    ):
        verdict = sides.one.execute(sides.commit(proof), signers=[STRANGER])
        assert verdict in (LedgerForks, ForeignProofIsInvalid)
    assert accepted == sides.two.execute(sides.prepare(sides.two), signers=[BOB])
    id = prepared_id(sides.lock_id, sides.index(sides.two))
    true = sides.two.prove(id, since=known)
    assert accepted == sides.one.execute(sides.commit(true), signers=[STRANGER])


def test_an_old_checkpoint_shows_what_was_not_yet() -> None:
    """A proof from before a part was held, or before a decision, is no proof of either."""
    sides = Sides()
    before = sides.proof_of_part()
    undecided = sides.proof_of_decision()
    sides.prepared()
    assert PartIsNotPrepared == sides.one.execute(sides.commit(before), signers=[STRANGER])
    assert accepted == sides.one.execute(sides.commit(), signers=[STRANGER])
    stale = sides.finish(sides.two, undecided)
    assert ChangeIsNotDecided == sides.two.execute(stale, signers=[STRANGER])


def test_a_clock_that_runs_ahead_ends_nothing() -> None:
    """Ledger two's clock is past the deadline by days: its part still waits for the decision."""
    sides = Sides().prepared()
    late = DEADLINE + 3 * DAY_MILLISECONDS
    waiting = sides.finish(sides.two)
    assert ProofIsMissing == sides.two.execute(waiting, signers=[BOB], time=late)
    proof = sides.proof_of_part()
    assert accepted == sides.one.execute(sides.commit(proof), signers=[STRANGER])
    done = sides.finish(sides.two, sides.proof_of_decision())
    assert accepted == sides.two.execute(done, signers=[STRANGER])
    assert (FUNDS, 0) == sides.funds(sides.two, ALICE)


def test_ids_of_parts_and_decisions_are_their_own() -> None:
    """No part's id is another's or a decision's."""
    lock_id = Sides().lock_id
    ids: set[RecordId] = {decision_id(lock_id), *(prepared_id(lock_id, n) for n in range(16))}
    assert 17 == len(ids)
