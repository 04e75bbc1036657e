"""Where the command line finds a ledger, and options that many commands share."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from tallystick import compose
from tallystick.client.ledger import Ledger
from tallystick.client.wallet import Wallet
from tallystick.core.errors import Unavailable

LEDGER_VARIABLE = "TALLYSTICK_LEDGER"
LEDGER_USUAL = "ledger"


class FolderPath(click.Path):
    """The path of a folder, which has a name: an empty one would be the present folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Refuse what is empty, such as a variable that is not set."""
        if value == "":
            self.fail("it is empty: give a folder, such as . for this one", param, ctx)
        return super().convert(value, param, ctx)


def ledger_option() -> click.Option:
    """Return the option that names a ledger's folder."""
    return click.Option(
        ["--ledger"],
        type=FolderPath(path_type=Path),
        envvar=LEDGER_VARIABLE,
        default=LEDGER_USUAL,
        show_default=True,
        help=f"The ledger's folder; {LEDGER_VARIABLE} may name it too.",
    )


def json_option() -> click.Option:
    """Return the option that asks for JSON."""
    return click.Option(
        ["--json", "as_json"], is_flag=True, help="Print one JSON object and nothing else."
    )


def with_ledger(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options `--ledger` and `--json`."""
    for option in (json_option(), ledger_option()):
        command.__click_params__ = [*getattr(command, "__click_params__", []), option]  # type: ignore[attr-defined]  # How click collects parameters.
    return command


@contextmanager
def existing(path: Path, *, option: str = "--ledger") -> Iterator[Ledger]:
    """Open a ledger that must be there; `option` named it."""
    if not (path / "genesis").exists():
        raise Unavailable(
            f"there is no ledger in {path}: make one with `tally init`, "
            f"or name another with {option}"
        )
    with compose.open_ledger(path) as ledger:
        yield ledger


def wallet_of(path: Path, *, option: str = "--ledger") -> Wallet:
    """Return the wallet of a ledger that must be there; the ledger is closed again."""
    with existing(path, option=option) as ledger:
        return compose.open_wallet(path, ledger.id)
