"""
Foresight: whether what is planned can work, asked before it is written.

A plan comes into force without anybody's doing, at a height at which nobody can refuse it any more.
So everything ahead is tried beforehand, as a whole: what two decisions plan may fit neither alone
nor in this order.
"""

from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from typing import Any, NamedTuple

from tallystick.base.encoding import Malformed, decode
from tallystick.base.identifiers import RecordId

from .contract import Contract
from .errors import VersionIsLacking
from .genesis import CONTRACTS_MAX, parameters_id
from .release import (
    RELEASES_MAX,
    SETTINGS_MAX,
    ParametersPlan,
    Release,
    ReleasePlan,
    Setting,
    parameters_at,
    releases_id,
    versions_at,
    with_releases,
    with_settings,
)

Read = Callable[[type[Any], RecordId], Any]


class Problem(Enum):
    """What keeps a plan from working."""

    FULL = "full"
    """More is planned than a plan holds."""

    UNKNOWN = "unknown"
    """Parameters are set of a contract that is not in force."""

    REQUIREMENT = "requirement"
    """A contract requires another that is not in force."""

    SEED = "seed"
    """A contract that sows a seed can begin only with the ledger."""

    MISSING = "missing"
    """A version takes other parameters than those that there are."""

    MALFORMED = "malformed"
    """Parameters are not what the version in force takes."""

    UNSOUND = "unsound"
    """Parameters make no sense to the contract."""


class Flaw(NamedTuple):
    """The first thing that would go wrong."""

    problem: Problem
    """What."""

    height: int
    """In which block."""

    contract: str
    """With which contract."""

    detail: str
    """More about it, for people."""


class Plans(NamedTuple):
    """Everything that is planned on a ledger, by what stands in its state."""

    releases: ReleasePlan
    """Which version of each contract rules from which height."""

    settings: dict[str, ParametersPlan]
    """Which parameters do, for each contract for which any are planned."""


def plans_with(
    read: Read, releases: Sequence[Release], settings: Sequence[Setting], *, height: int
) -> Plans:
    """Return all plans of a ledger at a height, with what is to be added to them."""
    before: ReleasePlan = read(ReleasePlan, releases_id()) or ReleasePlan(releases=())
    planned = with_releases(before, releases)
    named = dict.fromkeys([each.contract for each in planned.releases])
    named |= dict.fromkeys([each.contract for each in settings])
    found: dict[str, ParametersPlan] = {}
    for name in named:
        plan: ParametersPlan | None = read(ParametersPlan, parameters_id(name))
        added = [each for each in settings if each.contract == name]
        if added:
            found[name] = with_settings(plan, added, height=height)
        elif plan is not None:
            found[name] = plan
    return Plans(planned, found)


def first_flaw(
    read: Read, plans: Plans, available: Iterable[Contract], *, height: int
) -> Flaw | None:
    """
    Try every block after a height in which anything changes, and return what goes wrong first.

    Raises `VersionIsLacking` if this software cannot say.
    """
    if len(plans.releases.releases) > RELEASES_MAX:
        return Flaw(Problem.FULL, height, "", f"{RELEASES_MAX} releases")
    for name, plan in plans.settings.items():
        if len(plan.settings) > SETTINGS_MAX:
            return Flaw(Problem.FULL, height, name, f"{SETTINGS_MAX} settings")
    known = {(contract.name, contract.version): contract for contract in available}
    moments = {each.height for each in plans.releases.releases}
    moments |= {each.height for plan in plans.settings.values() for each in plan.settings}
    present = dict(versions_at(plans.releases, height=height))
    for moment in sorted(each for each in moments if each > height):
        in_force = _in_force(plans, known, height=moment)
        flaw = _flaw_in_rules(in_force, present, plans, height=moment)
        flaw = flaw or _flaw_in_parameters(read, in_force, plans, height=moment)
        if flaw is not None:
            return flaw
    return None


def _in_force(
    plans: Plans, known: dict[tuple[str, int], Contract], *, height: int
) -> dict[str, Contract]:
    """Return the contracts that rule a height together."""
    contracts = {}
    for name, version in versions_at(plans.releases, height=height):
        contract = known.get((name, version))
        if contract is None:
            raise VersionIsLacking(name, version)
        contracts[name] = contract
    return contracts


def _flaw_in_rules(
    in_force: dict[str, Contract], present: dict[str, int], plans: Plans, *, height: int
) -> Flaw | None:
    """Find contracts that cannot rule together, or not yet."""
    if len(in_force) > CONTRACTS_MAX:
        return Flaw(Problem.FULL, height, "", f"{CONTRACTS_MAX} contracts")
    for name, plan in plans.settings.items():
        if name not in in_force and any(each.height <= height for each in plan.settings):
            return Flaw(Problem.UNKNOWN, height, name, "")
    for contract in in_force.values():
        for required in contract.requires:
            if required not in in_force:
                return Flaw(Problem.REQUIREMENT, height, contract.name, required)
        if contract.seed is not None and contract.name not in present:
            return Flaw(Problem.SEED, height, contract.name, "")
    return None


def _flaw_in_parameters(
    read: Read, in_force: dict[str, Contract], plans: Plans, *, height: int
) -> Flaw | None:
    """Find parameters that are not what the contracts in force take."""
    for name, contract in in_force.items():
        planned = parameters_at(plans.settings.get(name), height=height)
        if planned is None:
            if read(contract.parameters, parameters_id(name)) is None:
                return Flaw(Problem.MISSING, height, name, contract.parameters.__name__)
            continue
        try:
            parameters = decode(planned, contract.parameters)
        except Malformed as malformed:
            return Flaw(Problem.MALFORMED, height, name, str(malformed))
        if problem := contract.check_parameters(parameters):
            return Flaw(Problem.UNSOUND, height, name, problem)
    return None
