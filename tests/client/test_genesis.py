"""The usual genesis founds a ledger on which the usual work can be done."""

from msgspec.structs import replace

from tallystick.base.encoding import decode, encode
from tallystick.client.genesis import genesis_of, usual_genesis, with_parameters
from tallystick.contracts import CONTRACTS
from tallystick.contracts.certificate.commands import Issue
from tallystick.contracts.governance.model import GovernanceParameters
from tallystick.contracts.identity.commands import Enrol
from tallystick.contracts.identity.model import EVERYWHERE, IdentityParameters, Role
from tallystick.contracts.measurement.model import Kind, measurement_id
from tallystick.core import transition
from tallystick.core.genesis import ledger_id
from tallystick.core.state import State
from tallystick.store.memory import MemoryStore
from tallystick.testing.keys import key
from tests.client.village import (
    BEGIN,
    CONSUMER,
    ISSUER,
    PUBLISHER,
    REGISTRAR,
    SECTOR,
    SOLAR,
    Village,
    measured,
)


def test_the_usual_genesis_can_be_worked_with() -> None:
    """Registrar, issuing body and publisher of each sector may do what they are there for."""
    village = Village()
    for sector in (SECTOR, "valley"):
        reading = measured(CONSUMER, Kind.PRODUCTION, 5, begin=BEGIN, sector=sector)
        village.must(replace(reading, owner=key(ord(sector[-1]))), PUBLISHER)
        id = measurement_id(key(ord(sector[-1])), BEGIN)
        village.must(Issue(id, *SOLAR), ISSUER)
    village.must(Enrol(key=key(CONSUMER), scope=EVERYWHERE), REGISTRAR)


def test_equal_settings_make_two_ledgers() -> None:
    """The salt tells them apart."""
    one, two = (
        usual_genesis(
            "village",
            time=0,
            salt=bytes([n]) * 32,
            registrar=key(1),
            issuing_body=key(2),
            publisher=key(3),
            sectors=("DK1",),
        )
        for n in (1, 2)
    )
    assert ledger_id(one) != ledger_id(two)
    state = State(one, CONTRACTS, MemoryStore())
    transition.found(state)
    assert ledger_id(one) == state.ledger


def test_a_ledger_of_ones_own_has_every_contract_and_role() -> None:
    """Whoever founds a ledger alone may try everything on it at once."""
    roles = {role: key(n) for n, role in enumerate(Role, start=1)}
    genesis = genesis_of(
        roles.__getitem__,
        name="village",
        time=0,
        salt=bytes(32),
        sectors=("DK1", "DK2"),
        interval_seconds=(900,),
        contracts=CONTRACTS,
    )
    state = State(genesis, CONTRACTS, MemoryStore())
    transition.found(state)
    assert {each.name for each in CONTRACTS} == {each.contract for each in genesis.sections}
    founders = decode(genesis.sections[0].parameters, IdentityParameters).authorities
    assert roles == {each.role: each.key for each in founders}


def test_some_contracts_may_begin_with_other_parameters() -> None:
    """Only those; the rest of a genesis stays as it was."""
    genesis = genesis_of(
        {role: key(n) for n, role in enumerate(Role, start=1)}.__getitem__,
        name="village",
        time=0,
        salt=bytes(32),
        sectors=("DK1",),
        interval_seconds=(900,),
        contracts=CONTRACTS,
    )
    other = GovernanceParameters(notice_blocks_min=2)
    changed = with_parameters(genesis, {"governance": other})
    pairs = list(zip(genesis.sections, changed.sections, strict=True))
    differ = [after for before, after in pairs if before != after]
    assert [("governance", encode(other))] == [(s.contract, s.parameters) for s in differ]
    assert genesis == with_parameters(genesis, {})
