"""
Tallystick: a verifiable ledger for things that are measured.

`open_ledger(path)` opens a ledger in a folder, or makes one; the rest is in `tallystick.client`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tallystick.compose import open_ledger

__all__ = ["open_ledger"]


def __getattr__(name: str) -> Any:
    """Resolve `open_ledger` when it is first asked for, so that importing us stays light."""
    if name == "open_ledger":
        from tallystick.compose import open_ledger  # noqa: PLC0415 - light until it is needed.

        return open_ledger
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
