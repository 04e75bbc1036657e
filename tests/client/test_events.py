"""Every contract's events come back from a block's bytes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.base.encoding import Record, encode
from tallystick.client.events import decode_event
from tallystick.contracts import CONTRACTS
from tallystick.testing.strategies import records

KINDS = [kind for contract in CONTRACTS for kind in contract.events]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.__struct_config__.tag))
@settings(max_examples=5)
@given(data=st.data())
def test_events_come_back(kind: type[Record], data: st.DataObject) -> None:
    """Whatever the contract, its tag says which event it is."""
    event = data.draw(records(kind))
    assert event == decode_event(encode(event))
