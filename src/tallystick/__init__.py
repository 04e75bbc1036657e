"""
Tallystick: a verifiable ledger for things that are measured.

`open_ledger(path)` opens a ledger in a folder, or makes one with a wallet of its own, which
`open_wallet(path, ledger.id)` opens. The rest of what programs need is in `tallystick.client`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tallystick.compose import open_ledger, open_wallet

__all__ = ["open_ledger", "open_wallet"]


def __getattr__(name: str) -> Any:
    """Resolve what is exported when it is first asked for, so that importing us stays light."""
    if name in __all__:
        from tallystick import compose  # noqa: PLC0415 - light until it is needed.

        return getattr(compose, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
