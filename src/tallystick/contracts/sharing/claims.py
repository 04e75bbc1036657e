"""What sharing does with certificates: cut the production's, claim the parts, release the rest."""

from collections.abc import Sequence

from tallystick.contracts.certificate.commands import Claim, Split, SplitPart
from tallystick.contracts.certificate.model import (
    SPLIT,
    Certificate,
    Pledge,
    Settlement,
    child_id,
    is_leaf,
)
from tallystick.core.context import Context
from tallystick.core.holding import Release, in_force

from .commands import Share
from .errors import NotPledged
from .model import lock_id_of

CERTIFICATE = "certificate"


def check_pledged(context: Context, command: Share) -> Certificate:
    """
    Return the production's certificate, or refuse what its owners have not handed to this key.

    The production's certificate must be there, whole and locked for the key; consumption must be
    open to its claims, and nothing may have been claimed for it yet. The certificate is less than
    what was measured if a correction has added to it: what is added is not the key's.
    """
    lock_id = lock_id_of(command.key)
    certificate = context.read(Certificate, command.production)
    if certificate is None:
        raise NotPledged(command.production, issued=False)
    held = certificate.lock
    if (
        held is None
        or not is_leaf(certificate)
        or certificate.next is not None
        or not in_force(held, time=context.time)
        or (held.holder, held.lock_id) != ("sharing", lock_id)
    ):
        raise NotPledged(command.production)
    for id in command.consumptions:
        if id is None:
            continue
        pledge = context.read(Pledge, id)
        if (
            pledge is None
            or context.time >= pledge.until
            or (pledge.holder, pledge.lock_id) != ("sharing", lock_id)
            or context.read(Settlement, id) is not None
        ):
            raise NotPledged(id)
    return certificate


def claim_parts(
    context: Context, command: Share, whole: Certificate, credited: Sequence[int]
) -> None:
    """Claim for each member a certificate of what it is credited with; give back the rest."""
    lock_id = lock_id_of(command.key)
    id = command.production
    wanted = [
        (consumption, energy_wh)
        for consumption, energy_wh in zip(command.consumptions, credited, strict=True)
        if consumption is not None and energy_wh
    ]
    rest_wh = whole.amount_wh - sum(energy_wh for _, energy_wh in wanted)
    if not wanted:
        context.call(Release(CERTIFICATE, id, lock_id))
        return
    if len(wanted) == 1 and not rest_wh:
        context.call(Claim(id, wanted[0][0], lock_id))
        return
    amounts = [energy_wh for _, energy_wh in wanted] + ([rest_wh] if rest_wh else [])
    parts = tuple(SplitPart(amount, whole.owner) for amount in amounts)
    context.call(Split(id, parts, lock_id))
    for n, (consumption, _) in enumerate(wanted):
        context.call(Claim(child_id(id, SPLIT, n), consumption, lock_id))
    if rest_wh:
        context.call(Release(CERTIFICATE, child_id(id, SPLIT, len(wanted)), lock_id))
