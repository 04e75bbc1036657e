"""What a scenario is, and what it is handed: everything it needs from the house."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from rich.console import Console

from tallystick.client.ledger import Ledger
from tallystick.core.genesis import Genesis

Advance = Callable[[float], None]
"""Tells a progress bar how much more is done."""


class OpenLedger(Protocol):
    """Opens a ledger in a folder, or makes one."""

    def __call__(
        self, path: Path, *, genesis: Genesis | None = None, clock: Callable[[], int] | None = None
    ) -> Ledger:
        """Return the open ledger."""


AllRows = Callable[[str], Iterator[Mapping[str, Any]]]
"""Yields every row of a table of the read model."""


class AuditResult(Protocol):
    """What an audit found."""

    @property
    def problems(self) -> tuple[str, ...]:
        """Everything that is wrong; nothing if all is well."""


@dataclass(frozen=True)
class Stage:
    """Where a scenario plays."""

    folder: Path
    """Its own empty folder."""

    open_ledger: OpenLedger
    """Opens a ledger inside that folder."""

    audit: Callable[[Path], AuditResult]
    """Replays a closed ledger from genesis and holds it to every root and invariant."""

    read_model: Callable[[Ledger, Path], AllRows]
    """Builds the read model of an open ledger in a file beside it."""

    progress: Callable[[str, int], AbstractContextManager[Advance]]
    """Shows a bar with a label and a total while something long goes on."""

    console: Console
    """Where people read."""


@dataclass(frozen=True)
class Scenario:
    """One story of the requirements, runnable from beginning to end."""

    name: str
    """What `tally demo NAME` calls it."""

    summary: str
    """What it shows, in one line."""

    run: Callable[[Stage], dict[str, Any]]
    """Plays it; returns what `--json` prints."""
