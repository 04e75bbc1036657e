"""What people see of how a ledger is ruled."""

import pytest

from tallystick.base.encoding import encode
from tallystick.contracts.governance.errors import ContractNotInForce, ProposalNotFound
from tallystick.contracts.governance.model import (
    GovernanceParameters,
    SetVersion,
    Status,
    proposal_id,
)
from tallystick.contracts.governance.views import (
    PlanView,
    ProposalView,
    SettingView,
    ShowPlan,
    ShowProposal,
    ShowQuestion,
)
from tallystick.core.genesis import parameters_id
from tallystick.core.release import ParametersPlan, Release, Setting
from tallystick.testing.tables import Trial
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
    id = proposal_id(command.ballot, 0)
    expected = ProposalView(
        proposal=id,
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
    assert expected == trial.ask(ShowProposal(id))
    assert expected == trial.ask(ShowQuestion(command.ballot, 0))
    trial.move_to(what.expiry)
    shown = trial.ask(ShowProposal(id))
    assert isinstance(shown, ProposalView)
    assert Status.LAPSED is shown.status


def _setting(height: int, fee: int) -> SettingView:
    """Return how parameters of the till are shown."""
    parameters = encode(TillParameters(fee))
    return SettingView("till", height, f"['till-parameters', {fee}]", parameters)


def _plan(trial: Trial) -> PlanView:
    """Return what is planned of the till."""
    plan = trial.ask(ShowPlan("till"))
    assert isinstance(plan, PlanView)
    assert "till" == plan.contract
    return plan


def test_a_plan_is_shown_with_its_past() -> None:
    """Versions all, parameters as far as they still matter, and what they say."""
    trial = found()
    empty = "no other parameters than those of genesis were ever planned"
    assert PlanView("till", empty, (Release(0, "till", 1),), ()) == _plan(trial)
    enacted(trial, resolution(SetVersion("till", 2), fee_of(NEW_FEE)))
    entry = _setting(HEIGHT, NEW_FEE)
    plan = _plan(trial)
    assert (Release(0, "till", 1), Release(HEIGHT, "till", 2)) == plan.releases
    assert ((entry,), f"parameters from block {HEIGHT} on") == (plan.settings, plan.summary)
    go_to(trial, HEIGHT + 1)
    later = _setting(HEIGHT + 4, 1)
    enacted(trial, resolution(fee_of(1), height=HEIGHT + 4))
    plan = _plan(trial)
    assert (entry, later) == plan.settings
    assert f"parameters from block {HEIGHT}, {HEIGHT + 4} on" == plan.summary
    go_to(trial, HEIGHT + 5)
    last = _setting(HEIGHT + 9, 2)
    enacted(trial, resolution(fee_of(2), height=HEIGHT + 9))
    assert (later, last) == _plan(trial).settings


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        (encode(GovernanceParameters(body="a'b")), """['governance-parameters', "a'b", 100, """),
        (encode(Setting(1, "till", b"\x01")), "['setting-entry/1', 1, 'till', 01]"),
        (b"\xc1", ""),
    ],
)
def test_parameters_are_shown_as_text(parameters: bytes, expected: str) -> None:
    """Whosever they are, in the order of their fields; what nobody can read is not shown."""
    trial = found()
    plan = ParametersPlan((Setting(9, "till", parameters),))
    trial.candidate.overlay.write(parameters_id("till"), plan)
    (shown,) = _plan(trial).settings
    assert parameters == shown.parameters
    assert expected == shown.values[: len(expected) or None]


def test_what_is_not_there_is_said() -> None:
    """A proposal that nobody made, a question of it, a contract that is not on the ledger."""
    trial = found()
    with pytest.raises(ProposalNotFound):
        trial.ask(ShowQuestion(UNKNOWN, 0))
    with pytest.raises(ProposalNotFound):
        trial.ask(ShowProposal(UNKNOWN))
    with pytest.raises(ContractNotInForce):
        trial.ask(ShowPlan("safe"))
