"""What is open on a ledger, from its blocks: parts of joint changes, and hash-time locks."""

from collections import OrderedDict
from hashlib import sha256
from typing import Final

from msgspec import Struct

from tallystick.base.encoding import Malformed, decode
from tallystick.base.identifiers import Hash, LockId, RecordId
from tallystick.client.events import decode_event
from tallystick.client.ledger import Ledger
from tallystick.contracts.exchange.commands import Prepare
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
PREPARE_HEAD: Final = b"exchange.prepare"
HEAD_BYTES: Final = 24
REMEMBERED_MAX: Final = 100_000


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
        """Changes of which a part was prepared here, the latest."""

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
        prepared = False
        for _, data in block.events:
            if EVENT_HEAD in data[:HEAD_BYTES]:
                event = decode_event(data)
                prepared |= isinstance(event, PartPrepared)
                self._take(event, block.header.time)
        if prepared:
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
        """Take over whole changes, which only the commands say."""
        for raw in block.transactions:
            for item in parse(raw).commands:
                if PREPARE_HEAD not in item[:HEAD_BYTES]:
                    continue
                try:
                    change = decode(item, Prepare).change
                except Malformed:
                    continue
                _remember(self.changes, change_id(change), change)


def _remember(memory: OrderedDict, key: object, value: object) -> None:  # type: ignore[type-arg]
    """Keep the latest."""
    memory[key] = value
    memory.move_to_end(key)
    if len(memory) > REMEMBERED_MAX:
        memory.popitem(last=False)
