"""
Why a command on markets is rejected, in order of precedence.

When several reasons apply, the one with the lowest code is given. Codes are never reused; the gaps
leave room for reasons to come. The reasons are declared beside this file, by what they are about.
"""

from typing import Final

from . import (
    errors_clearing,
    errors_mandates,
    errors_orders,
    errors_settlement,
    errors_sources,
)
from .rejected import MarketRejected

REJECTIONS: Final[tuple[type[MarketRejected], ...]] = (
    *errors_orders.REJECTIONS,
    *errors_sources.REJECTIONS,
    *errors_clearing.REJECTIONS,
    *errors_settlement.REJECTIONS,
    *errors_mandates.REJECTIONS,
)
"""Every reason, lowest code first."""

__all__ = ["REJECTIONS", "MarketRejected"]
