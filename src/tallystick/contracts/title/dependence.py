"""What another ledger says of a title, checked before a rule relies on it."""

from tallystick.base.identifiers import LedgerId, LockId, PublicKey, RecordId
from tallystick.contracts.exchange.model import CONTRACT_NAME as EXCHANGE
from tallystick.contracts.exchange.model import Decision, change_id, decision_id
from tallystick.contracts.identity.views import foreign
from tallystick.core.context import Context
from tallystick.core.foreign import ForeignProof

from .commands import Named
from .errors import (
    ChangeWasDecided,
    HeldForAnotherLedger,
    NamedTitleIsAnothers,
    NamedTitleIsGone,
    NamedTitleIsNotHeld,
    ProofIsAhead,
    ProofIsOlder,
    ProofIsStale,
    ProofOfAnotherTitle,
)
from .model import CONTRACT_NAME, Dependence, NamedState, Title, TitleParameters, is_locked


def proven(
    context: Context,
    proof: ForeignProof,
    *,
    ledger: LedgerId,
    named: RecordId,
    insured: PublicKey,
) -> tuple[Dependence, Title | None]:
    """
    Return what a proof says of a title of another ledger, and the title itself if there is one.

    The proof must show the title that is named, by what this ledger recognises of the other, and be
    neither older nor further ahead than the parameters allow.
    """
    if proof.id != named:
        raise ProofOfAnotherTitle(proof.id, named)
    found, as_of = foreign(context, proof, ledger=ledger, kind=Title)
    parameters = context.parameters(TitleParameters)
    if as_of > context.time + parameters.clock_skew_max:
        raise ProofIsAhead(as_of, context.time)
    if as_of < context.time - parameters.proof_age_max:
        raise ProofIsStale(as_of, context.time)
    state = _state_of(found)
    owner = found.owner if found is not None and state is NamedState.STANDS else None
    return Dependence(ledger, named, state, owner, insured, as_of), found


def check_news(found: Dependence, known: Dependence | None) -> None:
    """Refuse what was before that which is known of the same title already."""
    same = known is not None and (found.ledger, found.title) == (known.ledger, known.title)
    if known is not None and same and found.as_of < known.as_of:
        raise ProofIsOlder(found.as_of, known.as_of)


def bound(
    context: Context, named: Named, insured: PublicKey, *, known: Dependence | None = None
) -> Dependence:
    """
    Return what a title is to depend on: it is the insured's, and stays so until this is written.

    The named title is held on its ledger for a joint change that this ledger decides, and has not
    decided before this block. The other ledger lets go of the title only on a proof of the
    decision, so nothing can have happened to it since the proof, however old that is. All the same
    it is not older than what is `known` of the same title: news never goes back.
    """
    found, title = proven(
        context, named.proof, ledger=named.ledger, named=named.title, insured=insured
    )
    check_news(found, known)
    if title is None or found.state is not NamedState.STANDS:
        raise NamedTitleIsGone(named.title, found.state.value)
    if title.owner != insured:
        raise NamedTitleIsAnothers(named.title, title.owner)
    change = change_id(named.change)
    if not _is_held(title, change, as_of=found.as_of) or not _stays(named, insured):
        raise NamedTitleIsNotHeld(named.title, change)
    if named.change.deciding != context.ledger:
        raise HeldForAnotherLedger(change)
    decision = context.read(Decision, decision_id(change))
    if decision is not None and decision.decided_at != context.time:
        raise ChangeWasDecided(change, decision.decided_at)
    return found


def _is_held(title: Title, change: LockId, *, as_of: int) -> bool:
    """Tell whether a title was held for a joint change. [ms since the epoch, UTC]"""
    lock = title.lock
    return (
        lock is not None
        and lock.holder == EXCHANGE
        and lock.lock_id == change
        and is_locked(title, time=as_of)
    )


def _stays(named: Named, insured: PublicKey) -> bool:
    """Tell whether a joint change leaves the title that it holds to the insured."""
    here = named.ledger, CONTRACT_NAME, named.title
    return any(
        (part.ledger, part.contract, part.holding) == here and part.target == insured
        for part in named.change.parts
    )


def _state_of(title: Title | None) -> NamedState:
    """Return how a title stands on its ledger."""
    if title is None:
        return NamedState.ABSENT
    return NamedState.RETIRED if title.retired_at else NamedState.STANDS
