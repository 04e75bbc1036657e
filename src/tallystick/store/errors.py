"""What the world can do to stored bytes. Each message says what to do next."""

from tallystick.core.errors import Damaged, Unavailable


class LedgerInUse(Unavailable):
    """Another process, or another part of this one, has the ledger open."""


class NoLedger(Unavailable):
    """There is no ledger in this folder."""


class LedgerExists(Unavailable):
    """There is a ledger in this folder already, or what is left of one."""


class DiskFull(Unavailable):
    """The disk has no room for the block; nothing of it was kept and nothing else was lost."""


class JournalFailed(Unavailable):
    """A write or a sync of the journal failed, so nobody knows what the disk holds: stop."""


class StateFailed(Unavailable):
    """The state could not be written; the journal has every block, so opening again rebuilds it."""


class StateDamaged(Damaged):
    """The stored state is not what was written. It is a cache: the journal can make it again."""


class SnapshotDamaged(Damaged):
    """A snapshot's bytes are not those that its maker wrote, or not those of the trusted state."""
