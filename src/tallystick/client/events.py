"""Events of every contract, from bytes to records."""

from functools import cache
from typing import Any, Union

from tallystick.base.encoding import Decoder, Record
from tallystick.contracts import CONTRACTS


def decode_event(data: bytes) -> Record:
    """Return the event that a block keeps; the ledger has judged its form when it was made."""
    event: Record = _decoder().decode_trusted(data)
    return event


@cache
def _decoder() -> Decoder[Any]:
    """Return what reads the events of every contract."""
    kinds = tuple(kind for contract in CONTRACTS for kind in contract.events)
    return Decoder(Union[kinds])  # noqa: UP007 - known only here.
