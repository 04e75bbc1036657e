"""Genesis: its hash names the ledger, so whatever is changed in it makes another ledger."""

import msgspec
import pytest
from hypothesis import given

from tallystick.base.encoding import Malformed, decode, encode
from tallystick.base.identifiers import LedgerId
from tallystick.core.genesis import CONTRACTS_MAX, Genesis, Section, ledger_id, parameters_id
from tallystick.core.release import releases_id
from tallystick.testing.strategies import records
from tests.core.toy import toy_genesis

GENESIS = toy_genesis()
SECTION = GENESIS.sections[0]
GOLDEN_ID = "70007332f5e4d8d805a361e62a70d0d19c2bcd26d24c49f894694c5ef0b49001"


def changed(**changes: object) -> Genesis:
    """Return the toy's genesis with something else in it."""
    return msgspec.structs.replace(GENESIS, **changes)


def with_section(**changes: object) -> Genesis:
    """Return the toy's genesis with something else in its section."""
    return changed(sections=(msgspec.structs.replace(SECTION, **changes),))


OTHERS = [
    changed(name="toy2"),
    changed(time=GENESIS.time + 1),
    changed(lifetime_max=GENESIS.lifetime_max + 1),
    changed(ids_max=GENESIS.ids_max + 1),
    changed(sections=(SECTION, SECTION)),
    with_section(contract="toys"),
    with_section(version=2),
    with_section(parameters=SECTION.parameters + b"\x00"),
    changed(salt=bytes(31) + b"\x01"),
]


def test_every_field_changes_the_ledgers_id() -> None:
    """Two ledgers that differ anywhere, if only in their salt, have different ids."""
    ids = {ledger_id(each) for each in (GENESIS, *OTHERS)}
    assert len(OTHERS) + 1 == len(ids)
    touched = {
        field
        for other in OTHERS
        for field in Genesis.__struct_fields__
        if getattr(other, field) != getattr(GENESIS, field)
    }
    assert set(Genesis.__struct_fields__) == touched


@given(records(Genesis), records(Genesis))
def test_the_id_is_one_of_the_content(one: Genesis, other: Genesis) -> None:
    """Equal geneses have one id, different ones two."""
    assert (one == other) == (ledger_id(one) == ledger_id(other))
    assert ledger_id(one) == ledger_id(decode(encode(one), Genesis))


def test_the_id_is_what_other_implementations_compute() -> None:
    """The encoding of a genesis and its hash never change."""
    assert LedgerId(bytes.fromhex(GOLDEN_ID)) == ledger_id(GENESIS)


def test_parameters_stand_where_nothing_else_does() -> None:
    """Each contract has an id of its own for its parameters, and so have the releases."""
    names = ["identity", "measurement", "certificate", "a", "aa", ""]
    ids = {parameters_id(name) for name in names} | {releases_id()}
    assert len(names) + 1 == len(ids)


@pytest.mark.parametrize(
    ("genesis", "field"),
    [
        (changed(name=""), "Genesis.name"),
        (changed(name="a" * 65), "Genesis.name"),
        (changed(name="Toy"), "Genesis.name"),
        (changed(name=".toy"), "Genesis.name"),
        (changed(name="toy\n"), "Genesis.name"),
        (changed(time=-1), "Genesis.time"),
        (changed(lifetime_max=999), "Genesis.lifetime_max"),
        (changed(lifetime_max=3_600_001), "Genesis.lifetime_max"),
        (changed(ids_max=0), "Genesis.ids_max"),
        (changed(ids_max=4_000_001), "Genesis.ids_max"),
        (changed(sections=()), "Genesis.sections"),
        (changed(sections=(SECTION,) * (CONTRACTS_MAX + 1)), "Genesis.sections"),
        (with_section(contract="Toy"), "Genesis.sections[0].contract"),
        (with_section(version=0), "Genesis.sections[0].version"),
        (with_section(version=65_536), "Genesis.sections[0].version"),
        (with_section(parameters=bytes(65_537)), "Genesis.sections[0].parameters"),
        (changed(salt=bytes(31)), "Genesis.salt"),
        (changed(salt=bytes(33)), "Genesis.salt"),
    ],
)
def test_bounds(genesis: Genesis, field: str) -> None:
    """A genesis from a file is held to its bounds, and the field is named."""
    with pytest.raises(Malformed) as caught:
        decode(encode(genesis), Genesis)
    assert field == caught.value.field


@pytest.mark.parametrize(
    "genesis",
    [
        changed(name="a"),
        changed(name="a" * 64),
        changed(name="dk1.2016-energy"),
        changed(name="0"),
        changed(lifetime_max=1_000),
        changed(lifetime_max=3_600_000),
        changed(ids_max=1),
        changed(ids_max=4_000_000),
        changed(sections=(SECTION,) * CONTRACTS_MAX),
        changed(sections=(Section(contract="a", version=65_535, parameters=b""),)),
    ],
)
def test_what_is_within_bounds(genesis: Genesis) -> None:
    """At its bounds a genesis decodes to itself."""
    assert genesis == decode(encode(genesis), Genesis)
