"""Events: what happened, in the past tense, for those who build read models."""

from tallystick.base.encoding import Record


class Event(Record):
    """
    Base of every contract's events.

    An event is derived from a command that took effect; it authorises nothing and is no leaf.
    """
