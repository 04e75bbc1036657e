"""`tally governance hash` and `show-parameters`: what to put to the vote, and what rules now."""

from pathlib import Path
from typing import Any

import click

from tallystick.base.encoding import decode
from tallystick.base.plain import to_plain
from tallystick.client.ledger import Ledger
from tallystick.contracts.governance.model import Resolution, resolution_hash
from tallystick.contracts.governance.views import PlanView, ShowPlan

from .output import show
from .parameters import kind_of
from .places import existing, with_ledger
from .records import read_record
from .sending import key_text
from .strict import Strict


@click.command("hash", cls=Strict)
@click.option(
    "--resolution", required=True, metavar="JSON|@FILE", help="What is put to the vote, as a whole."
)
@with_ledger
def hash_(resolution: str, ledger: Path, *, as_json: bool) -> None:
    """
    Compute what a ballot's question names as its `document`, to decide a resolution of this ledger.

    The resolution is the one that `governance propose --resolution` takes.
    """
    found: Resolution = read_record(
        resolution, Resolution, "--resolution", key_text({"ledger": ledger})
    )
    with existing(ledger) as opened:
        hashed = resolution_hash(opened.id, found)
    show({"document": hashed.hex()}, as_json=as_json)


@click.command("show-parameters", cls=Strict)
@click.argument("contract")
@with_ledger
def show_parameters(contract: str, ledger: Path, *, as_json: bool) -> None:
    """
    Show the parameters of CONTRACT that rule the next block, and those that are planned.

    In this form they stand in a resolution, in a change of the kind governance.set-parameters.
    """
    if kind_of(contract) is None:
        raise ValueError(f"CONTRACT: there is none that is called {contract[:40]!r}")
    with existing(ledger) as opened:
        plain = _parameters(opened, contract)
    show(plain, as_json=as_json)


def _parameters(ledger: Ledger, contract: str) -> dict[str, Any]:
    """Return what rules, from which height, and what will."""
    plan = ledger.ask(ShowPlan(contract))
    if not isinstance(plan, PlanView):
        raise TypeError(f"ShowPlan is answered with a {type(plan).__name__}")
    next_height = ledger.status().height + 1
    sections = ledger.node.genesis.sections
    first = [(0, each.parameters) for each in sections if each.contract == contract]
    settings = [*first, *((each.height, each.parameters) for each in plan.settings)]
    ruling = [each for each in settings if each[0] <= next_height][-1:]
    ahead = [each for each in settings if each[0] > next_height]
    return {
        "contract": contract,
        "parameters": _plain(contract, ruling[0][1]) if ruling else None,
        "since_height": ruling[0][0] if ruling else None,
        "planned": [
            {"from_height": height, "parameters": _plain(contract, raw)} for height, raw in ahead
        ],
    }


def _plain(contract: str, raw: bytes) -> Any:
    """Return parameters by their names."""
    kind = kind_of(contract)
    if kind is None:
        raise AssertionError(f"{contract} was there before")
    return to_plain(decode(raw, kind))
