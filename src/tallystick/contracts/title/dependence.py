"""What another ledger says of a title, checked before a rule relies on it."""

from tallystick.base.identifiers import LedgerId, LockId, PublicKey, RecordId
from tallystick.contracts.exchange.model import CONTRACT_NAME as EXCHANGE
from tallystick.contracts.exchange.model import Decision, change_id, decision_id
from tallystick.contracts.identity.views import foreign
from tallystick.core.context import Context
from tallystick.core.foreign import ForeignProof
from tallystick.core.holding import in_force

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
from .model import (
    CONTRACT_NAME,
    Dependence,
    NamedState,
    Standing,
    Title,
    TitleParameters,
    standing,
)


def proven(
    context: Context,
    proof: ForeignProof,
    *,
    ledger: LedgerId,
    named: RecordId,
    since: int,
    field: str = "proof",
    ledger_field: str = "title",
) -> tuple[Dependence, Title | None]:
    """
    Return what a proof says of a title of another ledger, and the title itself if there is one.

    What depends on it is its owner's `since` then. [ms since the epoch, UTC]

    The proof must show the title that is named, by what this ledger recognises of the other, and be
    neither older nor further ahead than the parameters allow. Reasons name the `field` with the
    proof, and the one that says which ledger.
    """
    if proof.id != named:
        raise ProofOfAnotherTitle(proof.id, named, field=field)
    found, as_of = foreign(
        context, proof, ledger=ledger, kind=Title, field=field, ledger_field=ledger_field
    )
    parameters = context.parameters(TitleParameters)
    if as_of > context.time + parameters.clock_skew_max:
        raise ProofIsAhead(as_of, context.time, field=field)
    if as_of < context.time - parameters.proof_age_max:
        raise ProofIsStale(as_of, context.time, field=field)
    state = _state_of(found)
    owner = found.owner if found is not None and state is NamedState.STANDS else None
    return Dependence(ledger, named, state, owner, as_of, since, 0), found


def check_news(found: Dependence, known: Dependence | None, *, field: str = "proof") -> None:
    """Refuse what was before that which is known of the same title already."""
    same = known is not None and (found.ledger, found.title) == (known.ledger, known.title)
    if known is not None and same and found.as_of < known.as_of:
        raise ProofIsOlder(found.as_of, known.as_of, field=field)


def lapsed_since(context: Context, title: Title, found: Dependence, named: Title | None) -> int:
    """
    Return since when a title has been lapsed, given the news of what it depends on; 0 if it is not.

    Two titles that change hands together do so on two ledgers, one after the other. So what was
    seen before this one came to its owner says nothing against him, however the clocks differ, nor
    does a title that `exchange` holds: it may be on its way to him. [ms since the epoch, UTC]
    """
    stands = found.state is NamedState.STANDS
    if stands and found.owner == title.owner:
        return 0
    if title.depends_on is not None and standing(title) is Standing.LAPSED:
        return title.depends_on.lapsed_since
    settled = found.insured_since + context.parameters(TitleParameters).clock_skew_max
    if stands and (found.as_of <= settled or _is_in_exchange(named, as_of=found.as_of)):
        return 0
    return context.time


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
    since = context.time if known is None else known.insured_since
    found, title = proven(
        context,
        named.proof,
        ledger=named.ledger,
        named=named.title,
        since=since,
        field="depends_on.proof",
        ledger_field="depends_on.ledger",
    )
    check_news(found, known, field="depends_on.proof")
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
    return lock is not None and lock.lock_id == change and _is_in_exchange(title, as_of=as_of)


def _is_in_exchange(title: Title | None, *, as_of: int) -> bool:
    """Tell whether `exchange` held a title, for whatever. [ms since the epoch, UTC]"""
    lock = None if title is None else title.lock
    return lock is not None and lock.holder == EXCHANGE and in_force(lock, time=as_of)


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
