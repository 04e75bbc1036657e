"""Sending a contract's command and asking a contract's view, for the derived subcommands."""

from pathlib import Path
from typing import Any

import click

from tallystick import compose
from tallystick.base.encoding import Record
from tallystick.base.plain import to_plain

from .derived import Face
from .keys import named_key
from .output import show
from .places import existing, json_option, ledger_option


def send(command: Record, given: dict[str, Any]) -> None:
    """Sign a command with keys of the wallet, wait until it is durable, and show the receipt."""
    path: Path = given["ledger"]
    if not given["signers"]:
        raise click.UsageError(
            "--sign: somebody has to sign; name a key that `tally keys list` shows"
        )
    with existing(path) as ledger:
        wallet = compose.open_wallet(path, ledger.id)
        keys = [named_key(wallet, name) for name in given["signers"]]
        receipt = ledger.send(command, wallet=wallet, keys=keys)
    show(to_plain(receipt), as_json=given["as_json"])


def ask(question: Record, given: dict[str, Any]) -> None:
    """Ask a view and show the answer."""
    with existing(given["ledger"]) as ledger:
        answer = ledger.ask(question)
    show(to_plain(answer), as_json=given["as_json"])


SIGN = click.Option(
    ["--sign", "signers"],
    multiple=True,
    metavar="KEY",
    help="Who signs, by a name that `tally keys list` shows; may be given several times.",
)
SEND = Face(send, (SIGN, ledger_option(), json_option()))
ASK = Face(ask, (ledger_option(), json_option()))
