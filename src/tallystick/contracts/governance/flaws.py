"""From what the kernel foresees to this contract's reasons."""

from tallystick.core.context import Context
from tallystick.core.foresight import Flaw, Problem

from .errors import (
    ContractMustBeSown,
    ContractNotInForce,
    GovernanceRejected,
    ParametersAreUnsound,
    ParametersDoNotFit,
    PlanIsFull,
    RequirementIsMissing,
)
from .model import Resolution, releases_of, settings_of


def insist_flawless(context: Context, resolution: Resolution, *, field: str) -> None:
    """
    Insist that a resolution's plans work at each height ahead, beside all other plans.

    A rejection names the field of the command that it came with.
    """
    flaw = context.foresee(releases_of(resolution), settings_of(resolution))
    if flaw is not None:
        raise _rejection(flaw, field)


def _rejection(flaw: Flaw, field: str) -> GovernanceRejected:
    """Return the reason for which a flaw is rejected."""
    match flaw:
        case Flaw(Problem.FULL):
            return PlanIsFull(flaw.detail, field=field)
        case Flaw(Problem.UNKNOWN):
            return ContractNotInForce(flaw.contract, field=field)
        case Flaw(Problem.REQUIREMENT):
            return RequirementIsMissing(
                flaw.contract, required=flaw.detail, height=flaw.height, field=field
            )
        case Flaw(Problem.SEED):
            return ContractMustBeSown(flaw.contract, field=field)
        case Flaw(Problem.UNSOUND):
            return ParametersAreUnsound(flaw.contract, problem=flaw.detail, field=field)
    return ParametersDoNotFit(flaw.contract, height=flaw.height, problem=flaw.detail, field=field)
