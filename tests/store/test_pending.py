"""Blocks on their way to the disk."""

from tallystick.base.identifiers import RecordId
from tallystick.store.pending import Limits, Pending, merged


def test_blocks_gather() -> None:
    """Later leaves replace earlier ones, the log goes on, and everything is counted."""
    pending = Pending(log_begin=5)
    a, b = RecordId(bytes(32)), RecordId(b"b" * 32)
    pending.add({a: b"1", b: b"22"}, height=7, hashes=bytes(64))
    pending.add({a: None}, height=8, hashes=bytes(32))
    assert ({a: None, b: b"22"}, 5, 8) == (pending.leaves, pending.log_begin, pending.log_end)
    assert (8, 2, 3 * 400 + 3 + 96) == (pending.height, pending.blocks, pending.bytes)


def test_blocks_are_due_by_number_or_by_size() -> None:
    """Whichever limit is nearer counts."""
    pending = Pending(log_begin=0)
    pending.add({RecordId(bytes(32)): bytes(600)}, height=0, hashes=b"")
    for limits, expected in (
        (Limits(pending_blocks_max=2, pending_bytes_max=10_000), 0.5),
        (Limits(pending_blocks_max=100, pending_bytes_max=500), 2.0),
    ):
        assert expected == pending.fullness(limits)


def test_pending_items_take_their_places() -> None:
    """Pending leaves replace, remove, precede and follow stored ones."""
    a, b, c, d = (RecordId(bytes([n]) * 32) for n in range(4))
    cases: list[tuple[list[tuple[RecordId, bytes]], list[tuple[RecordId, bytes | None]]]] = [
        ([], []),
        ([(b, b"1")], []),
        ([], [(b, b"1"), (c, None)]),
        ([(a, b"1"), (c, b"1")], [(a, None), (b, b"2"), (c, b"2"), (d, b"2")]),
        ([(b, b"1"), (d, b"1")], [(a, b"2"), (c, None)]),
    ]
    for stored, pending in cases:
        expected = {id: data for id, data in {**dict(stored), **dict(pending)}.items() if data}
        assert sorted(expected.items()) == list(merged(iter(stored), pending))
