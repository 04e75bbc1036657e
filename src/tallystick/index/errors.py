"""What can be wrong with an index, and what to do about it."""

from tallystick.core.errors import Unavailable


class IndexUnavailable(Unavailable):
    """The database cannot be used now."""


class AnotherLedger(IndexUnavailable):
    """The database belongs to an index of another ledger."""


class OtherTables(IndexUnavailable):
    """The database was built by a release whose contracts declare other tables."""


class OtherBlocks(IndexUnavailable):
    """The blocks that are offered do not follow those that the index was built from."""


class Overtaken(IndexUnavailable):
    """Somebody else brought the same database further meanwhile; nothing was written twice."""


class ProjectionBroken(Exception):
    """
    A projection asks for a change that its rows do not allow: a bug of ours, so stop.

    It inserts a row that is there, or changes or deletes one that is not.
    """
