"""Each thing that the kernel foresees has a reason of its own for people."""

import pytest

from tallystick.contracts.governance.errors import (
    ContractMustBeSown,
    ContractNotInForce,
    GovernanceRejected,
    ParametersAreUnsound,
    ParametersDoNotFit,
    PlanIsFull,
    RequirementIsMissing,
)
from tallystick.contracts.governance.flaws import insist_flawless
from tallystick.core.context import Context
from tallystick.core.foresight import Flaw, Problem
from tests.contracts.governance.cases import resolution

REASONS = {
    Problem.FULL: PlanIsFull,
    Problem.UNKNOWN: ContractNotInForce,
    Problem.REQUIREMENT: RequirementIsMissing,
    Problem.SEED: ContractMustBeSown,
    Problem.MISSING: ParametersDoNotFit,
    Problem.MALFORMED: ParametersDoNotFit,
    Problem.UNSOUND: ParametersAreUnsound,
}


class Foreseeing(Context):
    """A context that foresees what the test says."""

    def __init__(self, flaw: Flaw | None) -> None:
        self.flaw = flaw

    def foresee(self, *_: object) -> Flaw | None:
        """Say so."""
        return self.flaw


@pytest.mark.parametrize("problem", list(Problem))
def test_every_problem_is_rejected(problem: Problem) -> None:
    """None is passed over."""
    flaw = Flaw(problem, 7, "till", "safe")
    with pytest.raises(GovernanceRejected) as raised:
        insist_flawless(Foreseeing(flaw), resolution(), field="proposal")
    assert REASONS[problem] is type(raised.value)
    assert "till" in str(raised.value) or problem is Problem.FULL
    assert str(raised.value).startswith("proposal: ")


def test_nothing_is_rejected_without_a_flaw() -> None:
    """What works passes."""
    context = Foreseeing(None)
    insist_flawless(context, resolution(), field="proposal")
    assert context.flaw is None
