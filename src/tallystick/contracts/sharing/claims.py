"""What sharing does with certificates: cut the production's, claim the parts, release the rest."""

from collections.abc import Sequence

from tallystick.base.identifiers import RecordId
from tallystick.contracts.certificate.commands import Claim, Split, SplitPart
from tallystick.contracts.certificate.model import (
    SPLIT,
    Certificate,
    CertificateParameters,
    child_id,
    is_leaf,
)
from tallystick.core.context import Context
from tallystick.core.holding import Release, in_force

from .errors import NotPledged
from .model import lock_id_of

CERTIFICATE = "certificate"


def check_pledged(context: Context, key: RecordId, production: RecordId) -> Certificate:
    """
    Return the production's certificate, or refuse what is not in this key's hands.

    It must be there, whole and locked for the key. It is less than what was measured if a
    correction has added to it: what is added is not the key's.
    """
    certificate = context.read(Certificate, production)
    if certificate is None:
        raise NotPledged(production, issued=False)
    held = certificate.lock
    if (
        held is None
        or not is_leaf(certificate)
        or certificate.next is not None
        or not in_force(held, time=context.time)
        or (held.holder, held.lock_id) != ("sharing", lock_id_of(key))
    ):
        raise NotPledged(production)
    return certificate


def claim_parts(
    context: Context,
    key: RecordId,
    whole: Certificate,
    wanted: Sequence[tuple[RecordId, int]],
) -> None:
    """
    Claim for each consumption a certificate of so many Wh; give back the rest.

    A split makes no more parts than the ledger allows today. That may be fewer than when the key
    was agreed, so what one split leaves over is split again.
    """
    lock_id, id, rest_wh = lock_id_of(key), whole.measurement, whole.amount_wh
    parts_max = context.parameters(CertificateParameters).split_parts_max
    size = max(1, parts_max - 1)
    for begin in range(0, len(wanted), size):
        batch = wanted[begin : begin + size]
        rest_wh -= sum(energy_wh for _, energy_wh in batch)
        if len(batch) == 1 and not rest_wh:
            context.call(Claim(id, batch[0][0], lock_id))
            return
        amounts = [energy_wh for _, energy_wh in batch] + ([rest_wh] if rest_wh else [])
        parts = tuple(SplitPart(amount, whole.owner) for amount in amounts)
        context.call(Split(id, parts, lock_id))
        for n, (consumption, _) in enumerate(batch):
            context.call(Claim(child_id(id, SPLIT, n), consumption, lock_id))
        id = child_id(id, SPLIT, len(batch))
    if rest_wh:
        context.call(Release(CERTIFICATE, id, lock_id))
