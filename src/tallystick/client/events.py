"""Events of every contract, from bytes to records."""

from functools import cache

from tallystick.base.encoding import Decoder, Record
from tallystick.contracts import CONTRACTS
from tallystick.core.state import event_decoder


def decode_event(data: bytes) -> Record:
    """Return the event that a block keeps; the ledger has judged its form when it was made."""
    return _decoder().decode_trusted(data)


@cache
def _decoder() -> Decoder[Record]:
    """Return what reads the events of every contract."""
    return event_decoder(CONTRACTS)
