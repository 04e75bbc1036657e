"""The store in memory keeps what it is given."""

from tallystick.base.identifiers import RecordId
from tallystick.testing.memory import DictStore

A, B = RecordId(b"a" * 32), RecordId(b"b" * 32)


def test_read_returns_what_was_written_last() -> None:
    """A write replaces, nothing deletes, and items come in order of id."""
    store = DictStore()
    store.write({B: b"2", A: b"1"}, height=0, leaf_hashes=b"")
    assert [(A, b"1"), (B, b"2")] == list(store.items())
    store.write({A: b"3", B: None}, height=1, leaf_hashes=b"")
    assert (b"3", None, 1) == (store.read(A), store.read(B), len(store))
    store.write({B: None}, height=2, leaf_hashes=b"")
    assert [(A, b"3")] == list(store.items())
