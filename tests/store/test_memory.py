"""The state in memory. What it shares with other stores is tested in test_port.py."""

from tallystick.base.identifiers import RecordId
from tallystick.store.memory import MemoryStore

A, B = RecordId(b"a" * 32), RecordId(b"b" * 32)


def test_nothing_is_durable() -> None:
    """Its height stays -1, so every opening replays the journal."""
    store = MemoryStore()
    store.write({RecordId(bytes(32)): b"leaf"}, height=5, leaf_hashes=b"")
    store.flush()
    assert -1 == store.height
    store.abandon()
    store.close()


def test_read_returns_what_was_written_last() -> None:
    """A write replaces, nothing deletes, and items come in order of id."""
    store = MemoryStore()
    store.write({B: b"2", A: b"1"}, height=0, leaf_hashes=b"")
    assert [(A, b"1"), (B, b"2")] == list(store.items())
    store.write({A: b"3", B: None}, height=1, leaf_hashes=b"")
    assert (b"3", None, 1) == (store.read(A), store.read(B), len(store))
    store.write({B: None}, height=2, leaf_hashes=b"")
    assert [(A, b"3")] == list(store.items())
