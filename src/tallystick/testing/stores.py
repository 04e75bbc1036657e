"""
The conformance suite of state stores: what every keeper of the state must do.

`CONFORMANCE` holds for all of them; `DURABLE_CONFORMANCE` for those that survive their process.
Each check is given how to open a store that is new at first; where it is durable, opening it again
finds it as it was.
"""

import random
from collections.abc import Callable
from hashlib import sha256

from tallystick.base.identifiers import RecordId
from tallystick.store.port import StateStore

Open = Callable[[], StateStore]
Check = Callable[[Open], None]
Content = dict[RecordId, bytes]

HASH_BYTES = 32
HISTORY_BLOCKS = 60
HISTORY_SEED = 20_160_701


def numbered_id(n: int) -> RecordId:
    """Return the n-th id of the suite; their order has nothing to do with n."""
    return RecordId(sha256(n.to_bytes(8, "big")).digest())


def starts_empty(open_store: Open) -> None:
    """Hold nothing, and have no height, when new."""
    store = open_store()
    assert (store.height, len(store)) == (-1, 0)
    assert list(store.items()) == []
    assert store.leaf_hashes() == b""
    assert store.read(numbered_id(0)) is None
    store.close()


def reads_what_was_written(open_store: Open) -> None:
    """See a write at once; a later one replaces it; nothing in place of bytes removes it."""
    store, id = open_store(), numbered_id(1)
    store.write({id: b"first"}, height=0, leaf_hashes=bytes(HASH_BYTES))
    assert (store.read(id), len(store)) == (b"first", 1)
    store.write({id: b"second"}, height=1, leaf_hashes=b"")
    assert (store.read(id), len(store)) == (b"second", 1)
    store.write({id: None, numbered_id(2): None}, height=2, leaf_hashes=b"")
    assert (store.read(id), len(store)) == (None, 0)
    store.close()


def keeps_a_long_history(open_store: Open) -> None:
    """Get content, order, count and log right after any history, with flushes anywhere."""
    generator = random.Random(HISTORY_SEED)
    store = open_store()
    content: Content = {}
    log = b""
    for height in range(HISTORY_BLOCKS):
        changes = _random_changes(generator)
        hashes = generator.randbytes(HASH_BYTES * generator.randrange(4))
        store.write(changes, height=height, leaf_hashes=hashes)
        _apply(content, changes)
        log += hashes
        if generator.randrange(5) == 0:
            store.flush()
        assert len(store) == len(content)
        assert store.leaf_hashes() == log
        for id in changes:
            assert store.read(id) == content.get(id)
    assert list(store.items()) == sorted(content.items())
    store.close()


def items_stand_still(open_store: Open) -> None:
    """Give the items of the call, whatever is written or flushed while they are read."""
    store = open_store()
    before = {numbered_id(n): b"before" for n in range(20)}
    store.write(before, height=0, leaf_hashes=b"")
    store.flush()
    store.write({numbered_id(20): b"pending"}, height=1, leaf_hashes=b"")
    items = store.items()
    changes: dict[RecordId, bytes | None] = {numbered_id(n): b"after" for n in range(10, 40)}
    store.write(changes | {numbered_id(0): None}, height=2, leaf_hashes=b"")
    store.flush()
    assert list(items) == sorted((before | {numbered_id(20): b"pending"}).items())
    store.close()


def survives_closing(open_store: Open) -> None:
    """Find what was closed: leaves, order, count, log and height."""
    store = open_store()
    content = {numbered_id(n): n.to_bytes(2, "big") for n in range(100)}
    store.write(content, height=0, leaf_hashes=b"a" * HASH_BYTES)
    store.write({numbered_id(0): None}, height=1, leaf_hashes=b"b" * 2 * HASH_BYTES)
    del content[numbered_id(0)]
    store.close()
    again = open_store()
    assert (again.height, len(again)) == (1, len(content))
    assert list(again.items()) == sorted(content.items())
    assert again.leaf_hashes() == b"a" * HASH_BYTES + b"b" * 2 * HASH_BYTES
    again.close()


def is_never_torn(open_store: Open) -> None:
    """Show leaves, log and height of one and the same block after a crash."""
    for crash_after in range(1, 12):
        store = open_store()
        height = store.height
        for _ in range(crash_after):
            height += 1
            leaf = height.to_bytes(HASH_BYTES, "big")
            changes: dict[RecordId, bytes | None] = {
                numbered_id(0): leaf,
                numbered_id(height + 1): leaf,
            }
            store.write(changes, height=height, leaf_hashes=leaf)
        store.abandon()
        found = open_store()
        top = found.height
        assert -1 <= top <= height
        assert len(found) == (top + 2 if top >= 0 else 0)
        assert len(found.leaf_hashes()) == HASH_BYTES * (top + 1)
        if top >= 0:
            assert found.read(numbered_id(0)) == top.to_bytes(HASH_BYTES, "big")
            assert found.leaf_hashes()[-HASH_BYTES:] == top.to_bytes(HASH_BYTES, "big")
        assert found.read(numbered_id(top + 2)) is None
        found.close()


CONFORMANCE: tuple[Check, ...] = (
    starts_empty,
    reads_what_was_written,
    keeps_a_long_history,
    items_stand_still,
)
"""What every store does."""

DURABLE_CONFORMANCE: tuple[Check, ...] = (survives_closing, is_never_torn)
"""What a store does besides, if it outlives its process."""


def _random_changes(generator: random.Random) -> dict[RecordId, bytes | None]:
    """Return some leaves to write and some to remove."""
    ids = [numbered_id(generator.randrange(200)) for _ in range(generator.randrange(30))]
    return {
        id: None
        if generator.randrange(4) == 0
        else generator.randbytes(generator.randrange(1, 300))
        for id in ids
    }


def _apply(content: Content, changes: dict[RecordId, bytes | None]) -> None:
    """Do to a dictionary what a store should do."""
    for id, data in changes.items():
        if data is None:
            content.pop(id, None)
        else:
            content[id] = data
