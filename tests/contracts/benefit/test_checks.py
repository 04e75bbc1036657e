"""What a refusal tells whoever is refused."""

import pytest

from tallystick.base.identifiers import format_lock_id
from tallystick.contracts.benefit.checks import check_attributes, check_free, check_owned
from tallystick.contracts.benefit.errors import AttributeNamedTwice, BenefitIsReserved
from tallystick.contracts.benefit.model import Attribute
from tallystick.contracts.exchange.model import change_id
from tallystick.core.holding import Lock
from tallystick.testing.tables import accepted
from tests.contracts.benefit.cases import (
    ANNA,
    OFFERED,
    OWNED,
    SOME_LOCK,
    benefit_of,
    buying,
    cast,
    reserved,
)


def test_who_reserved_it_and_until_when() -> None:
    """As exchange knows it."""
    trial, change = reserved()
    command = buying(cast(), OFFERED, ANNA)
    assert BenefitIsReserved == trial.execute(command, signers=[ANNA])
    id = format_lock_id(change_id(change))
    expected = (
        f"change.parts[{command.part}].holding: {id} has reserved it, "
        "to be decided by 2026-12-23T04:31:40.000Z; try again then"
    )
    assert expected == trial.message


def test_other_contracts_say_no_date() -> None:
    """Then only who holds it is told."""
    trial = cast()
    lock = Lock("benefit", OWNED, SOME_LOCK, 0)
    assert accepted == trial.execute(lock, signers=[ANNA], caller="market")
    with pytest.raises(BenefitIsReserved) as refused:
        check_free(trial, OWNED, benefit_of(trial, OWNED))
    said = f"benefit: {format_lock_id(SOME_LOCK)} has reserved it; try again once it is decided"
    assert said == str(refused.value)


def test_what_is_free_and_owned_is_let_pass() -> None:
    """Nothing is raised."""
    trial = cast()
    check_owned(trial, OWNED, benefit_of(trial, OWNED))  # type: ignore[arg-type]  # It reads.
    check_attributes((Attribute("a", "1"), Attribute("b", "1")))
    with pytest.raises(AttributeNamedTwice):
        check_attributes((Attribute("a", "1"), Attribute("b", "1"), Attribute("a", "2")))
