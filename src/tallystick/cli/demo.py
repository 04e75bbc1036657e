"""`tally demo`: play a story from beginning to end."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import click
from rich.console import Console

from tallystick import compose
from tallystick.scenarios.scenario import Stage

from .errors import CheckFailed
from .output import print_json, progress_bar, show
from .strict import Strict

MARK = ".tallystick-demo"
"""Says that a folder was made by a demo, and may be made again."""


@click.command("demo", cls=Strict)
@click.argument("name", required=False)
@click.option("--list", "lists", is_flag=True, help="Name the stories there are.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    help="Where to play; by default ./tallystick-demo/NAME.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def demo(name: str | None, folder: Path | None, *, lists: bool, as_json: bool) -> None:
    """Play a story from beginning to end; without NAME, the village."""
    from tallystick.scenarios.registry import SCENARIOS, USUAL  # noqa: PLC0415 - takes a while.

    name = name or USUAL
    if lists:
        rows = [{"name": each.name, "summary": each.summary} for each in SCENARIOS.values()]
        show({"scenarios": rows} if as_json else rows, as_json=as_json)
        return
    if name not in SCENARIOS:
        raise click.BadParameter(f"no story {name!r}: there are {', '.join(SCENARIOS)}")
    place = (folder or Path("tallystick-demo") / name).absolute()
    _clear(place)
    console = Console(stderr=True, quiet=True) if as_json else Console()
    stage = Stage(
        folder=place,
        open_ledger=compose.open_ledger,
        audit=_audit,
        read_model=compose.read_model,
        progress=progress_bar,
        console=console,
    )
    outcome = SCENARIOS[name].run(stage)
    if as_json:  # Each claim stands there under its own name too, and once is enough.
        print_json({key: value for key, value in outcome.items() if not _is_claims(key, value)})
    failed = [key for key, value in outcome.items() if value is False]
    if failed:
        raise CheckFailed(f"the story did not prove what it claims: {', '.join(failed)} is false")


def _is_claims(key: str, value: object) -> bool:
    """Tell whether something holds all claims of a story once more."""
    return key == "proved" and isinstance(value, Mapping)


def _audit(path: Path) -> compose.AuditReport:
    """Audit with a progress bar."""
    with progress_bar("audit", 1) as advance:
        return compose.audit(path, progress=compose.steps(advance))


def _clear(place: Path) -> None:
    """Make a demo's folder empty, but never remove what is not a demo's."""
    if place.exists() and any(place.iterdir()):
        if not (place / MARK).exists():
            raise FileExistsError(
                f"{place} is not empty and was not made by a demo: choose another --folder"
            )
        shutil.rmtree(place)
    place.mkdir(parents=True, exist_ok=True)
    (place / MARK).touch()
