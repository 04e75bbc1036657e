"""What can be done about how a ledger is ruled."""

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId

from .model import QuestionNumber, Resolution


class Propose(Record, tag="governance.propose"):
    """
    Put a resolution on the ledger before a ballot has decided it; anybody may.

    The ballot's question names its hash, so its administrator has agreed. Whatever could not work
    is rejected here, before anybody votes on it.
    """

    resolution: Resolution
    """What is to be different, and from which height on."""

    ballot: RecordId
    """The ballot that decides."""

    question: QuestionNumber
    """Which of its questions."""


class Enact(Record, tag="governance.enact"):
    """
    Enact what a ballot has carried, some blocks before its height; anybody may.

    From then on it is sure: at the height nobody is asked again.
    """

    proposal: RecordId
    """The proposal."""


class Apply(Record, tag="governance.apply"):
    """Let identity do what was enacted, from the height on; anybody may."""

    proposal: RecordId
    """The proposal."""
