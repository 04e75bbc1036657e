"""What can be done about measurements."""

from tallystick.base.amounts import Amount, Seconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey, RecordId

from .model import Kind, Quality, Sector


class Publish(Record, tag="measurement.publish"):
    """
    Put a measurement on the ledger.

    Signed by a publisher or the issuing body of the sector, who thereby answers for it. The owner
    does not sign: the key is one that the owner alone can spend with, derived afresh for each
    interval.
    """

    owner: PublicKey
    """The key that may act on it."""

    begin: Seconds
    """The first second of the interval. [s since the epoch, UTC]"""

    end: Seconds
    """The first second after the interval. [s since the epoch, UTC]"""

    sector: Sector
    """Where on the grid."""

    kind: Kind
    """What was measured."""

    amount: Amount
    """How much. [Wh for energy, g for an emission]"""

    quality: Quality
    """How the figure came about."""


class Correct(Record, tag="measurement.correct"):
    """
    Replace a measurement's figure by a better one.

    Signed by the issuing body of the sector, whoever published it. Once a contract relies on the
    measurement, only that contract may call this, because it has to carry the consequences in the
    same act.
    """

    measurement: RecordId
    """Which."""

    amount: Amount
    """How much it really was. [Wh for energy, g for an emission]"""

    quality: Quality
    """How the new figure came about."""


class Rely(Record, tag="measurement.rely"):
    """
    Make every later correction go through the calling contract.

    Only a contract can call it, in the act by which it builds on the measurement. One contract can
    be relied on to correct, not two; others follow the measurement's revision.
    """

    measurement: RecordId
    """Which."""
