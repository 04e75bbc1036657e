"""How things stand when somebody has left."""

from tallystick.contracts.benefit.commands import RemoveCompany
from tallystick.contracts.benefit.model import BenefitState, Treatment
from tallystick.contracts.benefit.standing import is_employed, state_at, why_not_in_force
from tallystick.contracts.identity.commands import Appoint, RotateKey
from tallystick.contracts.identity.model import Role
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial
from tests.contracts.benefit.cases import (
    ADMIN_A,
    ANNA,
    DAY,
    GONE_OWNED,
    LISTED,
    OFFERED,
    OWNED,
    STRANGER,
    SYSTEM,
    A,
    B,
    benefit_of,
    cast,
    dismiss,
    do,
    identity_of,
)


def reasons(trial: Trial) -> tuple[str, str, str]:
    """Return why the credentials of three benefits don't count; empty for those that do."""
    ids = (OWNED, LISTED, GONE_OWNED)
    one, two, three = (why_not_in_force(trial, benefit_of(trial, id)) for id in ids)
    return one, two, three


def test_an_employee_who_comes_back_has_everything_back() -> None:
    """Nothing was written when she left."""
    trial = cast()
    before = reasons(trial)
    assert ("", "", "") == before
    dismiss(trial, ANNA)
    assert 3 == sum(map(bool, reasons(trial)))
    assert BenefitState.OWNED is state_at(trial, benefit_of(trial, LISTED))
    do(trial, Appoint(identity_of(trial, ANNA), Role.EMPLOYEE, A, 0, 0), ADMIN_A)
    assert before == reasons(trial)
    assert BenefitState.LISTED is state_at(trial, benefit_of(trial, LISTED))


def test_an_employment_ends_by_itself() -> None:
    """At the end that was set, to the millisecond."""
    trial = cast()
    end = trial.time + DAY
    do(trial, Appoint(identity_of(trial, ANNA), Role.EMPLOYEE, A, 0, end), ADMIN_A)
    trial.move_to(end - 1)
    assert is_employed(trial, key(ANNA), A)
    trial.move_to(end)
    assert not is_employed(trial, key(ANNA), A)


def test_employees_of_who_left_count_until_the_date() -> None:
    """What they hold of others too; afterwards nothing does."""
    trial = cast()
    do(trial, RemoveCompany(A), SYSTEM)
    assert BenefitState.REMOVED is state_at(trial, benefit_of(trial, OFFERED))
    assert BenefitState.OWNED is state_at(trial, benefit_of(trial, LISTED))
    assert ("", "", "") == reasons(trial)
    trial.move_to(trial.time + 30 * DAY)
    assert 3 == sum("left, its benefits ended" in each for each in reasons(trial))


def test_where_refunds_are_given_nothing_of_who_left_counts() -> None:
    """From the removal on, with a word on what to do."""
    trial = cast(Treatment.REFUNDED)
    assert ("", "", "cozy left, ask for a refund") == reasons(trial)


def test_employees_are_of_one_company() -> None:
    """By whichever of their keys; nobody else is one."""
    trial = cast()
    assert [True, False, False] == [
        is_employed(trial, key(ANNA), A),
        is_employed(trial, key(ANNA), B),
        is_employed(trial, key(STRANGER), A),
    ]
    do(trial, RotateKey(identity_of(trial, ANNA), key(20)), ANNA, 20)
    assert is_employed(trial, key(ANNA), A)
    assert is_employed(trial, key(20), A)
