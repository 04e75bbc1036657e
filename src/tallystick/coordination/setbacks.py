"""
What keeps one piece of work from being done now, and must not keep the others.

A change or a swap may have been thought up by somebody else: it may name a ledger that isn't there,
a key that nobody here has, or what no ledger takes. Such work is set back and tried again later; a
mistake of our own, an assertion, still ends the program.
"""

from typing import Final

from tallystick.base.identifiers import LedgerId
from tallystick.client.foreign import CannotCosign
from tallystick.core.errors import Rejected, Unavailable

from .joint_change import Refusal

SETBACKS: Final = (
    CannotCosign,
    LookupError,
    OSError,
    Rejected,
    TypeError,
    Unavailable,
    ValueError,
)
"""What the world, or whoever thought up the work, may have caused."""


def refusal_of(ledger: LedgerId, error: Exception) -> Refusal:
    """Return what set work back as a reason that is told with its end."""
    return Refusal(ledger, "", 0, f"{type(error).__name__}: {error}")
