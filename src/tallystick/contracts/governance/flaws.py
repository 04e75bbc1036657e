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


def insist_flawless(context: Context, resolution: Resolution) -> None:
    """Insist that a resolution's plans work at each height ahead, beside all other plans."""
    flaw = context.foresee(releases_of(resolution), settings_of(resolution))
    if flaw is not None:
        raise _rejection(flaw)


def _rejection(flaw: Flaw) -> GovernanceRejected:
    """Return the reason for which a flaw is rejected."""
    match flaw:
        case Flaw(Problem.FULL):
            return PlanIsFull(flaw.detail)
        case Flaw(Problem.UNKNOWN):
            return ContractNotInForce(flaw.contract)
        case Flaw(Problem.REQUIREMENT):
            return RequirementIsMissing(flaw.contract, required=flaw.detail, height=flaw.height)
        case Flaw(Problem.SEED):
            return ContractMustBeSown(flaw.contract)
        case Flaw(Problem.UNSOUND):
            return ParametersAreUnsound(flaw.contract, problem=flaw.detail)
    return ParametersDoNotFit(flaw.contract, height=flaw.height, problem=flaw.detail)
