"""What happened about how a ledger is ruled."""

from tallystick.base.identifiers import Hash, RecordId
from tallystick.core.event import Event
from tallystick.core.release import Height

from .model import QuestionNumber, Resolution


class ChangeProposed(Event, tag="governance-change-proposed"):
    """A resolution waits for its ballot."""

    proposal: RecordId
    """Its id."""

    ballot: RecordId
    """The ballot that decides."""

    question: QuestionNumber
    """Which of its questions."""

    document: Hash
    """Hash of the resolution, as the ballot's question names it."""

    resolution: Resolution
    """What is to be different."""


class ChangeEnacted(Event, tag="governance-change-enacted"):
    """A resolution was carried, and is sure to hold."""

    proposal: RecordId
    """The proposal."""

    height: Height
    """From which block on."""


class ChangeApplied(Event, tag="governance-change-applied"):
    """Identity has done what a resolution told it."""

    proposal: RecordId
    """The proposal."""
