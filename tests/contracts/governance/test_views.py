"""What people see of how a ledger is ruled."""

import pytest

from tallystick.base.encoding import encode
from tallystick.contracts.governance.errors import ContractNotInForce, ProposalNotFound
from tallystick.contracts.governance.model import SetVersion, Status, proposal_id
from tallystick.contracts.governance.views import (
    PlanView,
    ProposalView,
    ShowPlan,
    ShowProposal,
)
from tallystick.core.release import Release, Setting
from tests.contracts.governance.cases import (
    HEIGHT,
    NEW_FEE,
    UNKNOWN,
    enacted,
    fee_of,
    found,
    go_to,
    proposed,
    resolution,
)
from tests.contracts.governance.till import TillParameters


def test_a_proposal_is_shown_as_it_stands() -> None:
    """With what it changes, for those who are to vote on it."""
    trial = found()
    command = proposed(trial)
    what = resolution()
    expected = ProposalView(
        title=what.title,
        ballot=command.ballot,
        question=0,
        status=Status.PROPOSED,
        height=HEIGHT,
        expiry=what.expiry,
        changes=what.changes,
        proposed_height=1,
        enacted_height=0,
        applied_height=0,
    )
    assert expected == trial.ask(ShowProposal(proposal_id(command.ballot, 0)))
    trial.move_to(what.expiry)
    shown = trial.ask(ShowProposal(proposal_id(command.ballot, 0)))
    assert isinstance(shown, ProposalView)
    assert Status.LAPSED is shown.status


def test_a_plan_is_shown_with_its_past() -> None:
    """Versions all, parameters as far as they still matter."""
    trial = found()
    assert PlanView((Release(0, "till", 1),), ()) == trial.ask(ShowPlan("till"))
    enacted(trial, resolution(SetVersion("till", 2), fee_of(NEW_FEE)))
    entry = Setting(HEIGHT, "till", encode(TillParameters(NEW_FEE)))
    releases = (Release(0, "till", 1), Release(HEIGHT, "till", 2))
    assert PlanView(releases, (entry,)) == trial.ask(ShowPlan("till"))
    go_to(trial, HEIGHT + 1)
    later = Setting(HEIGHT + 4, "till", encode(TillParameters(1)))
    enacted(trial, resolution(fee_of(1), height=HEIGHT + 4))
    assert PlanView(releases, (entry, later)) == trial.ask(ShowPlan("till"))
    go_to(trial, HEIGHT + 5)
    last = Setting(HEIGHT + 9, "till", encode(TillParameters(2)))
    enacted(trial, resolution(fee_of(2), height=HEIGHT + 9))
    assert PlanView(releases, (later, last)) == trial.ask(ShowPlan("till"))


def test_what_is_not_there_is_said() -> None:
    """A proposal that nobody made, a contract that is not on the ledger."""
    trial = found()
    with pytest.raises(ProposalNotFound):
        trial.ask(ShowProposal(UNKNOWN))
    with pytest.raises(ContractNotInForce):
        trial.ask(ShowPlan("safe"))
