"""The rules by which other ledgers are believed, and status lists are kept."""

from tallystick.base.identifiers import LedgerId
from tallystick.base.notes import MalformedNote, parse_verifier_key
from tallystick.core.context import Context
from tallystick.core.foreign import (
    Anchor,
    HistoryForks,
    Trust,
    trusted_checkpoint,
    verify_growth,
)
from tallystick.core.proof import ProofInvalid

from .commands import AnchorLedger, Disown, PublishStatus, Recognise, ReportFork
from .errors import (
    AnchorIsOld,
    ForeignProofIsInvalid,
    LedgerForks,
    LedgerIsThisOne,
    NoFork,
    SignerIsNotStatusIssuer,
    SignerMayNotRecognise,
    TrustIsUnsound,
)
from .events import LedgerAnchored, LedgerDisowned, LedgerRecognised, StatusPublished
from .model import (
    ANCHOR_PAUSE_MILLISECONDS,
    ANCHORS_MAX,
    STATUS_PAGE_BYTES,
    Identity,
    Recognised,
    StatusPage,
    contract_issuer,
    recognised_id,
    status_id,
)
from .views import acting_registrar, recognised


def recognise(context: Context, command: Recognise) -> None:
    """
    Believe another ledger from now on if enough of these keys have signed.

    Whoever rotates its keys does not forget its past, unless he says so: keys that were stolen may
    have anchored what never was. A ledger that showed two faces begins anew in any case; which of
    them is its own is what the decision says.
    """
    # READ
    trust = command.trust
    decider = acting_registrar(context)
    before = context.read(Recognised, recognised_id(trust.ledger))
    # CHECK
    if decider is None:
        raise SignerMayNotRecognise(trust.ledger, field="trust.ledger")
    _check_trust(trust)
    if trust.ledger == context.ledger:
        raise LedgerIsThisOne
    # COMPUTE
    anew = before is None or before.forked or command.forgetting
    anchors = () if anew or before is None else before.anchors
    # WRITE
    context.write(
        recognised_id(trust.ledger),
        Recognised(
            trust,
            context.time,
            disowned_at=0,
            forked=False,
            anchors=anchors,
            anchored_at=0 if before is None else before.anchored_at,
        ),
    )
    context.emit(LedgerRecognised(trust, decider, replaces=before is not None))


def disown(context: Context, command: Disown) -> None:
    """Believe nothing any more that comes from another ledger."""
    # READ
    decider = acting_registrar(context)
    # CHECK
    if decider is None:
        raise SignerMayNotRecognise(command.ledger)
    found = recognised(context, command.ledger)
    # WRITE
    _disown(context, found, forked=False)


def anchor(context: Context, command: AnchorLedger) -> None:
    """
    Remember what another ledger's log is now.

    Proofs under way are linked to an anchor that stands still. So anchors that follow each other
    quickly take each other's place, and only then the oldest goes. The newest may be replaced at
    any moment. The one before it may not: seven others must come after it before it goes, the first
    of them at once, the rest a pause apart. That is how long a proof that is linked to it is good.
    """
    # READ
    found = recognised(context, command.ledger)
    # CHECK
    seen = _checkpoint(command.checkpoint, found.trust)
    if found.anchors:
        latest = found.anchors[-1]
        if seen.size < latest.size:
            raise AnchorIsOld(seen.size, latest.size)
        _check_growth(command.ledger, latest, seen, command.consistency)
        if seen.size == latest.size:
            raise AnchorIsOld(seen.size, latest.size)
    # COMPUTE
    settled = context.time >= found.anchored_at + ANCHOR_PAUSE_MILLISECONDS
    replaces = len(found.anchors) > 1 and not settled
    kept = found.anchors[:-1] if replaces else found.anchors
    # WRITE
    context.write(
        recognised_id(command.ledger),
        Recognised(
            found.trust,
            found.recognised_at,
            disowned_at=0,
            forked=False,
            anchors=(*kept, seen)[-ANCHORS_MAX:],
            anchored_at=found.anchored_at if replaces else context.time,
        ),
    )
    context.emit(LedgerAnchored(command.ledger, seen))


def report_fork(context: Context, command: ReportFork) -> None:
    """
    Disown a ledger that shows two faces.

    Whoever proves it needs no right to: it is the ledger's own keys that say so.
    """
    # READ
    found = recognised(context, command.ledger)
    # CHECK
    one = _checkpoint(command.checkpoint, found.trust)
    other = _checkpoint(command.other, found.trust, field="other")
    if one.size != other.size or one.root == other.root:
        raise NoFork
    # WRITE
    _disown(context, found, forked=True)


def publish_status(context: Context, command: PublishStatus) -> None:
    """
    Set entries of a status list.

    A contract that keeps credentials writes its own list; nobody's signature does.
    """
    # READ
    id = status_id(command.issuer, command.list, command.page)
    issuer = context.read(Identity, command.issuer)
    page = context.read(StatusPage, id)
    # CHECK
    by_contract = bool(context.caller) and command.issuer == contract_issuer(context.caller)
    if not by_contract and (issuer is None or issuer.key not in context.signers):
        raise SignerIsNotStatusIssuer(command.issuer)
    # COMPUTE
    bits = bytearray(STATUS_PAGE_BYTES if page is None else page.bits)
    for entry in command.entries:
        bits[entry >> 3] |= 0x80 >> (entry & 7)
    # WRITE
    context.write(id, StatusPage(bytes(bits)))
    context.emit(StatusPublished(command.issuer, command.list, command.page, command.entries))


def _disown(context: Context, found: Recognised, *, forked: bool) -> None:
    """Write that a ledger is believed no more."""
    ledger = found.trust.ledger
    context.write(
        recognised_id(ledger),
        Recognised(
            found.trust,
            found.recognised_at,
            disowned_at=context.time,
            forked=forked,
            anchors=found.anchors,
            anchored_at=found.anchored_at,
        ),
    )
    context.emit(LedgerDisowned(ledger, forked=forked))


def _check_trust(trust: Trust) -> None:
    """Refuse keys that could not be checked, or of whom fewer than must agree count."""
    try:
        keys = [parse_verifier_key(each) for each in trust.keys]
    except MalformedNote as error:
        raise TrustIsUnsound(str(error)) from error
    if len({key.public for key in keys}) < len(keys):
        raise TrustIsUnsound("a key stands there twice")
    if trust.threshold > len(keys):
        raise TrustIsUnsound(f"{trust.threshold} must agree, there are {len(keys)} keys")


def _checkpoint(note: bytes, trust: Trust, *, field: str = "checkpoint") -> Anchor:
    """Return what a note says of a log, or refuse it."""
    try:
        return trusted_checkpoint(note, trust)
    except ProofInvalid as error:
        raise ForeignProofIsInvalid(error.problem, field=field) from error


def _check_growth(
    ledger: LedgerId, latest: Anchor, seen: Anchor, consistency: tuple[bytes, ...]
) -> None:
    """Refuse a checkpoint that did not grow out of the latest anchor."""
    try:
        verify_growth(latest, seen, consistency)
    except HistoryForks as error:
        raise LedgerForks(ledger, str(error)) from error
    except ProofInvalid as error:
        raise ForeignProofIsInvalid(error.problem, field=error.step) from error
