"""
The rule by which a measurement is corrected together with everything that hangs on it.

Late and corrected readings are everyday life. One command of the current issuing body changes the
measurement and the amounts of the certificates that stand for it, so that at no moment more is
certified than was measured, or more is claimed than was consumed.
"""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from tallystick.base.identifiers import RecordId
from tallystick.contracts.identity.model import Role
from tallystick.contracts.identity.views import authorised
from tallystick.contracts.measurement import commands as measurement_commands
from tallystick.contracts.measurement.model import Kind, Measurement
from tallystick.core.context import Context

from .commands import Correct
from .errors import (
    LeafNamedTwice,
    LeafNotFound,
    LeafOfAnotherMeasurement,
    LeavesDoNotSumToMeasurement,
    LeavesNotExpected,
    MeasurementNotFound,
    NotALeaf,
    NotElectricity,
    NotIssued,
    QualityNotAllowed,
    SignerIsNotIssuingBody,
    TooManyLeaves,
)
from .events import ClaimBroken, LeafCorrected, ProductionCorrected
from .model import (
    BREAK,
    CORRECT,
    Action,
    Certificate,
    CertificateParameters,
    Next,
    Settlement,
    Status,
    child_id,
    is_leaf,
    status_at,
)
from .rules import descendant
from .rules_claim import certificate_of, consumption_of, leave_settlement, settlement_of
from .settlements import with_less
from .shares import Leaf, Rank, shares_of


def correct(context: Context, command: Correct) -> None:
    """
    Correct a production or consumption measurement with its certificates and claims.

    Who answers for it is the issuing body of today, whoever published the reading.
    """
    # READ
    measurement = context.read(Measurement, command.measurement)
    # CHECK
    if measurement is None:
        raise MeasurementNotFound(command.measurement)
    if not authorised(context, Role.ISSUING_BODY, measurement.sector):
        raise SignerIsNotIssuingBody(measurement.sector)
    if measurement.kind is Kind.EMISSION:
        raise NotElectricity(measurement.kind)
    # WRITE
    if measurement.kind is Kind.PRODUCTION:
        correct_production(context, command, measurement)
    else:
        correct_consumption(context, command, measurement)


def correct_production(context: Context, command: Correct, measurement: Measurement) -> None:
    """
    Spread the difference over the leaves of the certificate's tree.

    A decrease is borne by the leaves as `shares` says. An increase belongs to the measurement's
    owner.
    """
    # READ
    root_id, new_wh = command.measurement, command.amount_wh
    root = context.read(Certificate, root_id)
    parameters = context.parameters(CertificateParameters)
    # CHECK
    if root is None:
        raise NotIssued(root_id)
    if new_wh > measurement.amount and command.quality not in parameters.qualities:
        raise QualityNotAllowed(command.quality, parameters.qualities, field="quality")
    if len(command.leaves) > parameters.leaves_max:
        raise TooManyLeaves(len(command.leaves), parameters.leaves_max)
    leaves = _named_leaves(context, command, measurement)
    # COMPUTE
    old_wh, revision = measurement.amount, measurement.revision + 1
    decrease_wh, increase_wh = max(0, old_wh - new_wh), max(0, new_wh - old_wh)
    shares = shares_of([_as_share(*leaf, measurement) for leaf in leaves], decrease_wh)
    increased = _leaf_to_increase(context, leaves, measurement) if increase_wh else None
    added_wh = increase_wh if increased is None else 0
    # WRITE
    changed = _take(context, leaves, shares, revision=revision)
    if increased is not None:
        changed.append(_increase(context, *increased, increase_wh, revision=revision))
    if added_wh:
        _add(context, root, measurement, added_wh, revision=revision)
    context.call(measurement_commands.Correct(root_id, new_wh, command.quality))
    context.emit(
        ProductionCorrected(
            measurement=root_id,
            revision=revision,
            begin=root.begin,
            end=root.end,
            sector=root.sector,
            technology=root.technology,
            fuel=root.fuel,
            owner=measurement.owner,
            old_wh=old_wh,
            new_wh=new_wh,
            added_wh=added_wh,
            taken_from_withdrawn_wh=sum(shares.get(id, 0) for id, leaf in leaves if leaf.withdrawn),
            leaves=tuple(changed),
        )
    )


def correct_consumption(context: Context, command: Correct, measurement: Measurement) -> None:
    """
    Break the latest claims, whole, until no more is claimed than was consumed.

    What they had retired is reborn in full to its owners: it was produced, and nobody has consumed
    it. A part whose certificate had been withdrawn leaves, and nothing is reborn.
    """
    # READ
    consumption = command.measurement
    settlement = context.read(Settlement, consumption)
    # CHECK
    if command.leaves:
        raise LeavesNotExpected(len(command.leaves))
    # COMPUTE
    revision = measurement.revision + 1
    broken = _latest_parts(settlement, command.amount_wh) if settlement is not None else []
    # WRITE
    for id in broken:
        certificate = certificate_of(context, id)
        if certificate.withdrawn:
            leave_settlement(context, id, certificate, corrected=revision)
        else:
            reborn = child_id(id, BREAK, revision)
            reborn_wh = certificate.amount_wh
            _break_claim(context, id, certificate, reborn, reborn_wh=reborn_wh, revision=revision)
    context.call(measurement_commands.Correct(consumption, command.amount_wh, command.quality))


def _latest_parts(settlement: Settlement, amount_wh: int) -> list[RecordId]:
    """Return the certificates to take out, the latest first, so that the rest fits. [Wh]"""
    excess_wh = settlement.total_wh - amount_wh
    latest = []
    for part in reversed(settlement.parts):
        if excess_wh <= 0:
            break
        latest.append(part.certificate)
        excess_wh -= part.amount_wh
    return latest


def _named_leaves(
    context: Context, command: Correct, measurement: Measurement
) -> list[tuple[RecordId, Certificate]]:
    """Return the leaves that a command names, or refuse them unless they are all there are."""
    seen: set[RecordId] = set()
    leaves: list[tuple[RecordId, Certificate]] = []
    for n, id in enumerate(command.leaves):
        if id in seen:
            raise LeafNamedTwice(id, n=n)
        seen.add(id)
    for n, id in enumerate(command.leaves):
        leaf = context.read(Certificate, id)
        if leaf is None:
            raise LeafNotFound(id, n=n)
        leaves.append((id, leaf))
    for n, (id, leaf) in enumerate(leaves):
        if leaf.measurement != command.measurement:
            raise LeafOfAnotherMeasurement(id, n=n)
    for n, (id, leaf) in enumerate(leaves):
        if not is_leaf(leaf):
            raise NotALeaf(id, status_at(leaf, time=context.time, expiry_seconds=0), n=n)
    total_wh = sum(leaf.amount_wh for _, leaf in leaves)
    if total_wh != measurement.amount:
        raise LeavesDoNotSumToMeasurement(measurement.amount, total_wh)
    return leaves


def _as_share(id: RecordId, leaf: Certificate, measurement: Measurement) -> Leaf:
    """Return what the arithmetic has to know of a leaf."""
    if leaf.withdrawn:
        return Leaf(id, leaf.amount_wh, Rank.WITHDRAWN)
    if leaf.next is not None:
        return Leaf(id, leaf.amount_wh, Rank.CLAIMED, leaf.next.time)
    own = leaf.owner == measurement.owner
    return Leaf(id, leaf.amount_wh, Rank.OWN if own else Rank.HELD)


def _leaf_to_increase(
    context: Context, leaves: Sequence[tuple[RecordId, Certificate]], measurement: Measurement
) -> tuple[RecordId, Certificate] | None:
    """Return the first named active leaf under the measurement's own key, or nothing."""
    expiry_seconds = context.parameters(CertificateParameters).expiry_seconds
    for id, leaf in leaves:
        status = status_at(leaf, time=context.time, expiry_seconds=expiry_seconds)
        if leaf.owner == measurement.owner and status is Status.ACTIVE:
            return id, leaf
    return None


def _take(
    context: Context,
    leaves: Sequence[tuple[RecordId, Certificate]],
    shares: Mapping[RecordId, int],
    *,
    revision: int,
) -> list[LeafCorrected]:
    """Take from each leaf its share, and return those that were changed in place."""
    changed = []
    for id, leaf in leaves:
        taken_wh = shares.get(id, 0)
        if not taken_wh:
            continue
        kept_wh = leaf.amount_wh - taken_wh
        if leaf.next is None or leaf.withdrawn:
            changed.append(_reduce(context, id, leaf, kept_wh, revision=revision))
        else:
            reborn = child_id(id, CORRECT, revision)
            _break_claim(context, id, leaf, reborn, reborn_wh=kept_wh, revision=revision)
    return changed


def _add(
    context: Context, root: Certificate, measurement: Measurement, added_wh: int, *, revision: int
) -> None:
    """Give the measurement's owner a new certificate beside those of the tree."""
    added = descendant(
        root,
        root.measurement,
        amount_wh=added_wh,
        owner=measurement.owner,
        time=context.time,
        corrected=revision,
    )
    context.create(child_id(root.measurement, CORRECT, revision), added)


def _increase(
    context: Context, id: RecordId, leaf: Certificate, increase_wh: int, *, revision: int
) -> LeafCorrected:
    """Add to a leaf in place."""
    amount_wh = leaf.amount_wh + increase_wh
    context.write(id, replace(leaf, amount_wh=amount_wh, corrected=revision))
    return LeafCorrected(certificate=id, amount_wh=amount_wh, consumption=None)


def _reduce(
    context: Context, id: RecordId, leaf: Certificate, amount_wh: int, *, revision: int
) -> LeafCorrected:
    """
    Take from a leaf in place; at zero it is withdrawn.

    One that was claimed, then withdrawn, takes its part of the settlement along.
    """
    emptied = not amount_wh
    settled = leaf.next is not None and leaf.next.action is Action.RETIRE and not leaf.unclaimed
    consumption = consumption_of(leaf) if settled else None
    if consumption is not None:
        settlement = settlement_of(context, consumption)
        context.write(consumption, with_less(settlement, id, amount_wh))
    reduced = replace(
        leaf,
        amount_wh=amount_wh,
        next=Next(Action.WITHDRAW, (), context.time) if emptied and not leaf.next else leaf.next,
        withdrawn=leaf.withdrawn or emptied,
        unclaimed=leaf.unclaimed or (settled and emptied),
        corrected=revision,
    )
    context.write(id, reduced)
    return LeafCorrected(certificate=id, amount_wh=amount_wh, consumption=consumption)


def _break_claim(
    context: Context,
    id: RecordId,
    retired: Certificate,
    reborn: RecordId,
    *,
    reborn_wh: int,
    revision: int,
) -> None:
    """Undo a claim: its part goes, and what it keeps is reborn to the same owner."""
    consumption = consumption_of(retired)
    settlement = settlement_of(context, consumption)
    context.write(consumption, with_less(settlement, id, 0))
    context.write(id, replace(retired, broken=True, corrected=revision))
    if reborn_wh:
        child = descendant(
            retired,
            id,
            amount_wh=reborn_wh,
            owner=retired.owner,
            time=context.time,
            corrected=revision,
        )
        context.create(reborn, child)
    context.emit(
        ClaimBroken(
            certificate=id,
            consumption=consumption,
            measurement=retired.measurement,
            begin=retired.begin,
            end=retired.end,
            sector=retired.sector,
            technology=retired.technology,
            fuel=retired.fuel,
            owner=retired.owner,
            amount_wh=retired.amount_wh,
            reborn_wh=reborn_wh,
            reborn=reborn,
        )
    )
