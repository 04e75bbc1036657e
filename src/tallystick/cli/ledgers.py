"""`tally init`, `status`, `audit` and `snapshot`: a ledger as a whole."""

import re
from pathlib import Path
from typing import Any

import click

from tallystick import compose
from tallystick.base.identifiers import format_ledger_id, parse_ledger_id
from tallystick.base.plain import field_hints, to_plain
from tallystick.contracts.measurement.model import HOUR_SECONDS, SectorName
from tallystick.core.genesis import Genesis

from .errors import CheckFailed
from .founding import first_parameters, founding_options, seeded_like
from .keys import ROLE_NAMES
from .output import progress_bar, show
from .places import FolderPath, existing, with_ledger
from .strict import Strict
from .wording import check_text

NAME_CHARACTERS_MAX = 64
"""How long a name that is taken from a folder gets; longer ones may not be given either."""


@click.command("init", cls=Strict)
@click.argument("folder", type=FolderPath(path_type=Path))
@click.option("--name", help="A short name for people; by default the folder's.")
@click.option(
    "--sector",
    "sectors",
    multiple=True,
    default=("village",),
    show_default=True,
    help="An area; may be given several times.",
)
@click.option(
    "--interval-seconds",
    "intervals",
    type=click.IntRange(60, 3_600),
    multiple=True,
    default=(900,),
    show_default=True,
    help="A permitted length of measured intervals; may be given several times.",
)
@founding_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def init(
    folder: Path,
    name: str | None,
    sectors: tuple[str, ...],
    intervals: tuple[int, ...],
    seed_of: Path | None,
    notice_blocks: int | None,
    *,
    as_json: bool,
) -> None:
    """Make a ledger, and a wallet with a key for each role."""
    if (folder / "genesis").exists():
        raise FileExistsError(f"there is a ledger in {folder} already: choose another folder")
    chosen = _name_of(folder) if name is None else name
    check_text(chosen, field_hints(Genesis)["name"], "--name")
    for sector in sectors:
        check_text(sector, SectorName, "--sector")
    for option, values in (("--sector", sectors), ("--interval-seconds", intervals)):
        if len(set(values)) < len(values):
            raise ValueError(f"{option}: one is given twice")
    for seconds in intervals:
        if HOUR_SECONDS % seconds:
            raise ValueError(f"--interval-seconds: {seconds} s does not divide an hour")
    with (
        seeded_like(seed_of, folder),
        compose.create_ledger(
            folder,
            name=chosen,
            sectors=sectors,
            interval_seconds=intervals,
            parameters=first_parameters(notice_blocks),
        ) as ledger,
    ):
        status = ledger.status()
    show(
        {
            "folder": str(folder),
            "name": status.name,
            "ledger": format_ledger_id(status.ledger),
            "checkpoint_key": status.checkpoint_key,
            "signers": list(ROLE_NAMES),
        },
        as_json=as_json,
    )


@click.command("status", cls=Strict)
@with_ledger
def status(ledger: Path, *, as_json: bool) -> None:
    """Say where a ledger stands."""
    with existing(ledger) as opened:
        plain = to_plain(opened.status())
        checkpoint = opened.node.checkpoint().decode()
    show({**plain, "checkpoint": checkpoint} if as_json else plain, as_json=as_json)
    if not as_json:
        click.echo(f"\n{checkpoint}", nl=False)


@click.command("audit", cls=Strict)
@with_ledger
def audit(ledger: Path, *, as_json: bool) -> None:
    """Execute everything again from genesis and hold it to every root, signature and invariant."""
    with progress_bar("audit", 1) as advance:
        report = compose.audit(ledger, progress=compose.steps(advance))
    plain: dict[str, Any] = to_plain(report)
    plain["seconds"] = round(report.seconds, 1)
    show({"passed": report.passed, **plain}, as_json=as_json)
    if not report.passed:
        raise CheckFailed(
            f"the audit found problems ({len(report.problems)}): {report.problems[0]}"
        )


@click.group("snapshot")
def snapshot() -> None:
    """Write the state to files, check such files, or begin a ledger from them."""


@snapshot.command("write", cls=Strict)
@click.argument("target", type=FolderPath(path_type=Path))
@with_ledger
def write(target: Path, ledger: Path, *, as_json: bool) -> None:
    """Write a snapshot of a ledger into the new folder TARGET."""
    manifest = compose.write_ledger_snapshot(ledger, target)
    header = manifest.header
    show(
        {
            "folder": str(target),
            "height": header.height,
            "leaves": manifest.leaves,
            "state_root": header.state_root.hex(),
        },
        as_json=as_json,
    )


@snapshot.command("verify", cls=Strict)
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@click.option("--id", "ledger_text", required=True, help="The ledger's id.")
@click.option("--state-root", required=True, help="The state root that you trust, in hexadecimal.")
@click.option("--log-root", help="The log's root that you trust: proves height and log too.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def verify(
    source: Path, ledger_text: str, state_root: str, log_root: str | None, *, as_json: bool
) -> None:
    """Hold a snapshot against a state root that you trust."""
    compose.verify_ledger_snapshot(
        source,
        ledger=parse_ledger_id(ledger_text),
        state_root=_root("--state-root", state_root),
        log_root=None if log_root is None else _root("--log-root", log_root),
    )
    show({"folder": str(source), "verified": True}, as_json=as_json)


@snapshot.command("restore", cls=Strict)
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@click.argument("target", type=FolderPath(path_type=Path))
@click.option("--id", "ledger_text", required=True, help="The ledger's id.")
@click.option("--state-root", required=True, help="The state root that you trust, in hexadecimal.")
@click.option("--log-root", help="The log's root that you trust: proves height and log too.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def restore(
    source: Path,
    target: Path,
    ledger_text: str,
    state_root: str,
    log_root: str | None,
    *,
    as_json: bool,
) -> None:
    """Begin a ledger in the new folder TARGET from a snapshot that you trust."""
    compose.restore_ledger_snapshot(
        source,
        target,
        ledger=parse_ledger_id(ledger_text),
        state_root=_root("--state-root", state_root),
        log_root=None if log_root is None else _root("--log-root", log_root),
    )
    show({"folder": str(target), "restored": True}, as_json=as_json)


def _name_of(folder: Path) -> str:
    """Return a folder's name as a ledger's name may be: in small letters, digits, dots, hyphens."""
    plain = re.sub(r"[^a-z0-9.]+", "-", folder.absolute().name.lower()).strip("-.")
    return plain[:NAME_CHARACTERS_MAX].rstrip("-.") or "ledger"


def _root(option: str, text: str) -> bytes:
    """Read a root in hexadecimal."""
    try:
        root = bytes.fromhex(text)
    except ValueError as error:
        raise ValueError(f"{option}: {text!r} is not hexadecimal") from error
    if len(root) != 32:  # noqa: PLR2004 - SHA-256.
        raise ValueError(f"{option}: 64 hexadecimal digits are needed, {len(text)} given")
    return root
