"""What `tally init` can be told beyond the usual: a seed that exists, and another notice."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from tallystick import compose
from tallystick.base.encoding import Record
from tallystick.contracts.governance.model import NOTICE_BLOCKS_MAX, GovernanceParameters

from .places import wallet_of


def founding_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options `--seed-of` and `--notice-blocks`."""
    seed_of = click.option(
        "--seed-of",
        type=click.Path(path_type=Path),
        help="Another ledger's folder, with whose wallet this one's has its seed: "
        "roles and person/N are the same keys on both.",
    )
    notice = click.option(
        "--notice-blocks",
        type=click.IntRange(1, NOTICE_BLOCKS_MAX),
        help="Blocks between a decision of governance and its height, at least; 100 by default.",
    )
    return seed_of(notice(command))


@contextmanager
def seeded_like(other: Path | None, folder: Path) -> Iterator[None]:
    """Give a new ledger's folder a wallet with another's seed, and take it back on failure."""
    if other is None:
        yield
        return
    secret, path = compose.passphrase(), folder / compose.WALLET_FILE
    wallet = wallet_of(other, option="--seed-of")
    folder.mkdir(parents=True, exist_ok=True)
    wallet.sibling(path, secret.value, work_bits=secret.work_bits)
    try:
        yield
    except BaseException:
        if not (folder / "genesis").exists():
            path.unlink()
        raise


def first_parameters(notice_blocks: int | None) -> Mapping[str, Record]:
    """Return the parameters that a ledger is to begin with, where they are not the usual."""
    if notice_blocks is None:
        return {}
    return {"governance": GovernanceParameters(notice_blocks_min=notice_blocks)}
