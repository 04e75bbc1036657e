"""The state in memory. What it shares with other stores is tested in test_port.py."""

from tallystick.base.identifiers import RecordId
from tallystick.store.memory import MemoryStore


def test_nothing_is_durable() -> None:
    """Its height stays -1, so every opening replays the journal."""
    store = MemoryStore()
    store.write({RecordId(bytes(32)): b"leaf"}, height=5, leaf_hashes=b"")
    store.flush()
    assert -1 == store.height
    store.abandon()
    store.close()
