"""Who plays: companies of one size, and prices within bounds."""

import random

from tallystick.base.encoding import decode
from tallystick.contracts.identity.model import IdentityParameters, Role
from tallystick.scenarios.loyalty_parties import (
    PRICE_UNITS_MAX,
    PRICE_UNITS_MIN,
    Cast,
    prices,
)


def test_a_cast() -> None:
    """Three companies of as many people, no two with one key, and no secret shown."""
    cast = Cast(60)
    assert [20, 20, 20] == [len(each.people) for each in cast.companies]
    assert 60 == len(cast.names) == len({person.name for person in cast.people})
    assert 63 == len(set(cast.secrets()))
    shown = repr(cast.companies)
    assert not any(secret.hex() in shown or repr(secret) in shown for secret in cast.secrets())


def test_genesis_names_roles() -> None:
    """One system administrator, and an administrator for each company."""
    cast = Cast(3)
    genesis = cast.shared_genesis(1)
    parameters = decode(genesis.sections[0].parameters, IdentityParameters)
    roles = [(each.role, each.scope) for each in parameters.authorities]
    assert (Role.SYSTEM_ADMINISTRATOR, "*") in roles
    for company in cast.companies:
        assert (Role.COMPANY_ADMINISTRATOR, company.name) in roles
        assert company.name == cast.company_genesis(company, 1).name


def test_prices_are_within_bounds() -> None:
    """And the same for the same seed."""
    found = prices(50, random.Random(1))
    assert found == prices(50, random.Random(1))
    assert all(PRICE_UNITS_MIN <= price <= PRICE_UNITS_MAX for _, price in found)
