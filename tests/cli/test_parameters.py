"""Parameters that are written as an object become the bytes that a ledger keeps."""

import pytest

from tallystick.base.encoding import Malformed, encode
from tallystick.base.plain import to_plain
from tallystick.cli.parameters import kind_of, parameters_hex, parameters_kind
from tallystick.compose import CONTRACTS
from tallystick.contracts.governance.model import GovernanceParameters

SET = "governance.set-parameters"
USUAL = to_plain(GovernanceParameters())


def test_every_contract_has_a_kind() -> None:
    """Its own; who is no contract has none."""
    assert all(kind_of(each.name) is each.parameters for each in CONTRACTS)
    assert kind_of("none") is None


@pytest.mark.parametrize(
    ("plain", "known"),
    [
        ({"kind": SET, "contract": "governance", "parameters": {}}, True),
        ({"kind": SET, "contract": "governance", "parameters": "90"}, False),
        ({"kind": SET, "contract": "none", "parameters": {}}, False),
        ({"kind": "governance.set-version", "contract": "governance", "parameters": {}}, False),
        ({"parameters": {}}, False),
    ],
)
def test_only_an_object_of_a_contract_is_encoded(plain: dict[str, object], known: bool) -> None:  # noqa: FBT001 - a table's column.
    """Bytes stay bytes, and what is wrong is for the reader of the whole to say."""
    assert known is (parameters_kind(plain) is not None)


def test_objects_become_canonical_bytes() -> None:
    """The same as the contract itself would write."""
    expected = encode(GovernanceParameters()).hex()
    assert expected == parameters_hex(USUAL, GovernanceParameters, "--resolution.parameters")


@pytest.mark.parametrize(
    ("plain", "says"),
    [
        ({}, "--p.body: missing; all are set at once: "),
        ({**USUAL, "notice_blocks_min": 0}, "--p"),
        ({**USUAL, "more": 1}, "--p: unknown field 'more'"),
    ],
)
def test_what_is_wrong_names_the_field(plain: dict[str, object], says: str) -> None:
    """Nothing takes what a new ledger would begin with in silence."""
    with pytest.raises(Malformed) as caught:
        parameters_hex(plain, GovernanceParameters, "--p")
    assert str(caught.value).startswith(says)
