"""
What is open on a ledger, from its blocks: parts of joint changes, and hash-time locks.

Blocks are believed as the node shows them. One that shows false ones can have something overlooked,
until another watch, or this one when it is started again, reads the true ones; it moves nothing.
"""

from collections import OrderedDict
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from typing import Final

from msgspec import DecodeError, Struct, msgpack

from tallystick.base.encoding import Malformed, decode, encode
from tallystick.base.identifiers import Hash, LockId, RecordId
from tallystick.client.events import decode_event
from tallystick.client.ledger import Ledger
from tallystick.contracts.exchange.events import (
    ChangeDecided,
    HashLocked,
    HashLockRedeemed,
    HashLockRefunded,
    PartFinished,
    PartPrepared,
)
from tallystick.contracts.exchange.model import Change, change_id
from tallystick.core.block import Block
from tallystick.core.check import parse

EVENT_HEAD: Final = b"exchange-"
CHANGE_TAG: Final = str(Change.__struct_config__.tag)
HEAD_BYTES: Final = 24
REMEMBERED_MAX: Final = 100_000
ELDEST_MAX: Final = 16
"""How many of the eldest changes are looked at for one that may be forgotten."""


class OpenPart(Struct, frozen=True):
    """A part that a ledger holds."""

    prepared: PartPrepared
    """What the ledger said."""

    time: int
    """When it did. [ms since the epoch, UTC]"""


class Watch:
    """Follows one ledger; whoever uses it reads what is open after `catch_up`."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.parts: dict[tuple[LockId, int], OpenPart] = {}
        """Parts that wait for their decision, by change and index."""

        self.changes: OrderedDict[LockId, Change] = OrderedDict()
        """Changes that commands here named, the latest; those with an open part before all."""

        self.locks: dict[RecordId, HashLocked] = {}
        """Hash-time locks that wait."""

        self.preimages: OrderedDict[Hash, bytes] = OrderedDict()
        """What was shown here, by digest, the latest."""

        self._height = 0

    def catch_up(self) -> bool:
        """Read the blocks that were made since; tell if there were any."""
        before = self._height
        for block in self.ledger.follow(before + 1):
            self._learn(block)
            self._height = block.header.height
        return self._height > before

    def _learn(self, block: Block) -> None:
        """Take over what a block says."""
        for _, data in block.events:
            if EVENT_HEAD in data[:HEAD_BYTES]:
                self._take(decode_event(data), block.header.time)
        self._learn_changes(block)

    def _take(self, event: object, time: int) -> None:
        """Take over one event."""
        match event:
            case PartPrepared(change, index):
                self.parts[change, index] = OpenPart(event, time)
            case PartFinished(change, index):
                self.parts.pop((change, index), None)
            case HashLocked(lock):
                self.locks[lock] = event
            case HashLockRedeemed(lock, preimage):
                self.locks.pop(lock, None)
                _remember(self.preimages, Hash(sha256(preimage).digest()), preimage)
            case HashLockRefunded(lock):
                self.locks.pop(lock, None)
            case ChangeDecided():
                pass  # It is asked for when a part waits for it.

    def _learn_changes(self, block: Block) -> None:
        """
        Take over whole changes, which only the commands say.

        Whichever command it is: a contract may have its own things prepared by one of its own.
        """
        for n in sorted({n for n, _ in block.events}):  # What was rejected reports nothing.
            raw = block.transactions[n]
            if CHANGE_TAG.encode() in raw:
                for item in parse(raw).commands:
                    for change in _changes_in(item):
                        self._remember_change(change)

    def _remember_change(self, change: Change) -> None:
        """Keep a change; what makes room for it is an elder one of which nothing is open here."""
        self.changes[change_id(change)] = change
        self.changes.move_to_end(change_id(change))
        if len(self.changes) <= REMEMBERED_MAX:
            return
        for id, elder in list(islice(self.changes.items(), ELDEST_MAX)):
            if not any((id, n) in self.parts for n in range(len(elder.parts))):
                del self.changes[id]
                return
            self.changes.move_to_end(id)


def _changes_in(command: bytes) -> Iterator[Change]:
    """Yield the changes that a command carries in any of its fields."""
    if CHANGE_TAG.encode() not in command:
        return
    try:
        waiting = [msgpack.decode(command)]
    except (DecodeError, UnicodeDecodeError):
        return
    while waiting:
        value = waiting.pop()
        if not isinstance(value, list):
            continue
        if value and value[0] == CHANGE_TAG:
            try:
                yield decode(encode(value), Change)
            except Malformed:
                continue
        else:
            waiting.extend(value)


def _remember(memory: OrderedDict, key: object, value: object) -> None:  # type: ignore[type-arg]
    """Keep the latest."""
    memory[key] = value
    memory.move_to_end(key)
    if len(memory) > REMEMBERED_MAX:
        memory.popitem(last=False)
